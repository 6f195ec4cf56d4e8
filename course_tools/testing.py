"""`course test`: find a browser, then run every test there is and every notebook against its stored outputs."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

from course_tools import lab

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_TESTS = "tests/browser"
SIDE_BY_SIDE = max(2, min(8, os.cpu_count() or 2))  # each may hold a browser or a kernel: more want too much memory
# A file's tests share a server or a kernel. Of itself xdist begins with the files of most tests, and so ends with the
# longest ones, which have few, while the other workers wait; tests/conftest.py knows which take long.
BY_FILE = ["-n", str(SIDE_BY_SIDE), "--dist", "loadfile", "--no-loadscope-reorder"]
RUNS = {
    "The tests": ["tests", *BY_FILE],
    "The notebooks against their stored outputs": ["--nbval", "notebooks", "solutions", *BY_FILE],
}


NONE_CHOSEN = 5  # pytest's exit code where -k left no test


def main(skip_browser_tests: bool = False, words: str | None = None, root: Path = ROOT) -> int:
    """Run all tests, or those whose names hold `words`, and close with one line of counts; 0 only if all passed."""
    chromium, extra = chromium_path(), ["-k", words] if words else []
    if chromium is None:
        extra.append(f"--ignore={BROWSER_TESTS}")
        print(_missing_browser(root), flush=True)
    counts, codes = Counter(), []
    with tempfile.TemporaryDirectory() as scratch:
        for number, (title, options) in enumerate(RUNS.items()):
            print(f"\n{title} ...", flush=True)
            report = Path(scratch, f"{number}.xml")
            command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *options, *extra]
            code = subprocess.run(command, cwd=root, env=environment(chromium, scratch)).returncode
            codes.append(0 if words and code == NONE_CHOSEN else code)
            counts += read_counts(report)
    print("\n{passed} passed, {failed} failed, {skipped} skipped".format_map(counts))
    return int(any(codes) or (chromium is None and not skip_browser_tests))


def environment(chromium: str | None, scratch: str) -> dict[str, str]:
    """Return the variables of a test run: .venv's programs first, none of the settings of whoever runs it."""
    scripts = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    private = {"IPYTHONDIR": str(without_history(scratch)), "JUPYTER_CONFIG_DIR": f"{scratch}/jupyter"}
    browser = {"COURSE_CHROMIUM": chromium} if chromium else {}
    return {**os.environ, **lab.environment(), **private, **browser, "PATH": scripts}


def without_history(scratch: str) -> Path:
    """Return a folder of settings by which kernels keep what they ran to themselves.

    They would share a file of it, and one that had to wait too long for the others would say so in a cell's output.
    """
    profile = Path(scratch, "ipython", "profile_default")
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_config.py").write_text('get_config().HistoryManager.hist_file = ":memory:"\n', "utf-8")
    return profile.parent


def read_counts(report: Path) -> Counter:
    """Return how many tests passed, failed and were skipped, from pytest's XML; a report never written counts none."""
    counts = Counter(passed=0, failed=0, skipped=0)
    with suppress(OSError, ElementTree.ParseError):
        for suite in ElementTree.parse(report).iter("testsuite"):
            tests, failures, errors, skipped = (int(suite.get(k)) for k in ("tests", "failures", "errors", "skipped"))
            counts.update(passed=tests - failures - errors - skipped, failed=failures + errors, skipped=skipped)
    return counts


def chromium_path() -> str | None:
    """Return a Chromium that runs: from PATH, else Playwright's own, else Debian's package; None if none can be had."""
    for source in (_on_path, _from_playwright, _fetched_by_playwright, _from_debian):
        path = source()
        if path and _runs(path):
            return path
    return None


def _on_path() -> str | None:
    return os.environ.get("COURSE_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def _from_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _fetched_by_playwright() -> str | None:
    print("Fetching Chromium ...", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], capture_output=True)
    return _from_playwright()


def _from_debian() -> str | None:
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return None
    print("Installing Debian's Chromium ...", flush=True)
    install = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]
    for command in (["apt-get", "update"], install):
        subprocess.run(command, capture_output=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    return _on_path()


def _runs(path: str) -> bool:
    """True unless the program cannot even say its version, as a browser without its libraries, or Ubuntu's stub."""
    if os.name == "nt":
        return True  # there it would open a window
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _missing_browser(root: Path) -> str:
    files = ", ".join(path.name for path in sorted((root / BROWSER_TESTS).glob("test_*.py")))
    return (
        f"No Chromium could be had, so these tests of {BROWSER_TESTS} do not run: {files}. "
        "Install Chromium or Google Chrome and try again, or accept it with --skip-browser-tests."
    )
