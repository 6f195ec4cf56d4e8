"""Start the course with nothing but Python 3.11 or newer.

    python start.py lab [--no-browser] [--port N]    open the lessons in JupyterLab
    python start.py test [--skip-browser-tests]      prove that the course works on this machine
    python start.py course                           list the commands for learners, presenters and authors
    python start.py check 03_scaling                 one of them: what a message calls `course check 03_scaling`

The first start makes the folder .venv and installs what a lock names; later ones install only after a lock changed.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
BASE = getattr(sys, "_base_executable", "") or sys.executable  # start.py may be run by .venv's own Python
MARKER = VENV / "course.json"  # what is installed; its digest stays empty until an install has come to its end
LOG = VENV / "install.log"
LEARNER, DEVELOPER = "requirements.lock", "requirements-dev.lock"  # the second holds all of the first

OLD = "The course needs Python 3.11 or newer and this is {}: install a newer one from python.org and start with that."
NO_PIP = "This Python has neither pip nor ensurepip: install them (on Debian: apt install python3-venv) and try again."
NO_NETWORK = "The packages could not be fetched: check the network (and the proxy, if there is one) and try again."
FULL = "The disk is full: the course needs 1 GB in its folder and in that for temporary files. Make room and try again."
LOCKED = f"{VENV} cannot be written: close what uses it, or move the course to a folder of your own, and try again."
FORGED = "A download is not the file that the lock names: try again, and on another network if it stays so."
KEPT = "The lock changed but the packages could not be fetched: going on with those of the last install."
STOPPED = "\nStopped. Run the same command to go on: a half-made install is made anew."
SIGNS = {  # how each trouble looks in the log of an installer or in an OSError
    FULL: ("no space left", "os error 28", "not enough space", "error 112", "quota exceeded"),
    FORGED: ("hash mismatch", "do not match the hashes"),
    NO_NETWORK: ("error sending request", "dns error", "connection broken", "failed to fetch", "timed out"),
    LOCKED: ("permission denied", "access is denied", "read-only file system"),
}


class Stop(Exception):
    """Something that the person in front can mend. The text is a sentence that says how."""


def main(words):
    try:
        if sys.version_info < (3, 11):  # noqa: UP036
            raise Stop(OLD.format(".".join(map(str, sys.version_info[:3]))))
        sys.stdout.reconfigure(errors="replace")  # a folder's accents may be missing from a console's alphabet
        sys.stderr.reconfigure(errors="replace")
        if words[:1] == ["course"]:  # as our messages write a command
            words = words[1:] or ["--help"]
        elif not words or words[0] in ("-h", "--help"):
            print(__doc__.strip())
            return 0
        prepare(developer=words[0] in ("test", "build"))
        return hand_over(words)
    except Stop as stop:
        print(stop, file=sys.stderr)
    except OSError as error:
        print(explain(str(error)), file=sys.stderr)
    except KeyboardInterrupt:
        print(STOPPED, file=sys.stderr)
    return 1


def prepare(developer):
    """Leave .venv with the packages of the wanted lock, and untouched if it has them already."""
    old = read_marker()
    lock = DEVELOPER if developer or old.get("lock") == DEVELOPER else LEARNER
    digest = hashlib.sha256((ROOT / lock).read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    new = {"folder": str(VENV), "lock": lock, "digest": digest}
    if not usable(old):
        old = {}
        make_venv()
    if old == new:
        return
    MARKER.write_text(json.dumps({**new, "digest": ""}), "utf-8")
    try:
        install(lock)
    except Stop as stop:
        if str(stop) != NO_NETWORK or old.get("lock") != lock:
            raise
        print(KEPT)  # installers fetch everything before they change anything
        new = old
    MARKER.write_text(json.dumps(new), "utf-8")


def read_marker():
    """Return what stands in .venv: {} if nothing does or its owner made it by hand, no digest if it is half made."""
    try:
        return json.loads(MARKER.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:  # a full disk left it empty
        return {"digest": ""}


def usable(marker):
    """True if .venv belongs to this very folder, its last install came to its end and its Python still runs.

    Scripts hold absolute paths, so a moved folder needs a new .venv. One without a marker was made by hand: it is kept.
    """
    if marker and not (marker["digest"] and marker["folder"] == str(VENV)):
        return False
    test = [PYTHON, "-Ic", "import sys; sys.exit(sys.version_info < (3, 11))"]
    try:
        return subprocess.run(test, capture_output=True).returncode == 0
    except OSError:
        return False


def make_venv():
    """Empty .venv and make it anew, the marker first: whatever stops this, the next run sees that it is half made."""
    VENV.mkdir(exist_ok=True)
    MARKER.write_text('{"digest": ""}', "utf-8")
    for path in VENV.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path != MARKER:
            path.unlink()
    done, log = step("Making .venv", BASE, "-m", "venv", "--without-pip", VENV)
    if not done:
        raise Stop(NO_PIP if "No module named" in log else explain(log))


def install(lock):
    """Install what the lock names, by hash, then the course itself, by the first of the ways that succeeds."""
    trouble = NO_PIP
    for way in ways():
        way = [*way, "--no-deps"]  # the lock is complete; pip would not find jsonschema[format-nongpl] in it
        done, log = step("Installing JupyterLab, NumPy and the rest", *way, "--require-hashes", "-r", ROOT / lock)
        if done:
            done, log = step("Installing the course", *way, "--no-build-isolation", "-e", ROOT)
        if done:
            return
        trouble = explain(log)
        if trouble == FULL:
            break
    raise Stop(trouble)


def ways():
    """Yield the installers at hand, the fastest first: a uv that is here, a uv that pip fetches into .venv, pip."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(SCRIPTS))
    pip = None if uv else find_pip()
    if pip:
        done, log = step("Fetching the installer", *pip, "--only-binary=:all:", "uv")
        if not done and explain(log) == NO_NETWORK:
            raise Stop(NO_NETWORK)
        uv = shutil.which("uv", path=str(SCRIPTS))
    if uv:
        yield [uv, "pip", "install", "--python", PYTHON, "--compile-bytecode"]
    pip = pip or find_pip()
    if pip:
        yield pip


def find_pip():
    """Return what installs into .venv: this Python's pip if it is 22.3 or newer, else one from ensurepip, else None."""
    pip, own = [BASE, "-m", "pip", "--python", PYTHON], [PYTHON, "-m", "pip"]
    if step("Looking for pip", *pip, "--version")[0]:
        return [*pip, "install"]
    return [*own, "install"] if step("Unpacking pip", PYTHON, "-m", "ensurepip")[0] else None


def step(doing, *command):
    """Run a command and return (success, what it printed); once it has taken a second, say what it is doing."""
    terminal = sys.stdout.isatty()
    process = subprocess.Popen(command, cwd=ROOT, env=environment(), encoding="utf-8", errors="replace",
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
    for seconds in count(1):
        try:
            log = process.communicate(timeout=1)[0]
            break
        except subprocess.TimeoutExpired:
            if terminal or seconds % 10 == 1:
                print(f"{doing}: {seconds} s", end="\r" if terminal else "\n", flush=True)
        except KeyboardInterrupt:
            process.kill()
            raise
    if terminal and seconds > 1:
        print()
    if process.returncode:
        LOG.write_text(log, "utf-8")
    return process.returncode == 0, log


def explain(log):
    """Return what to do about a failure; where nobody knows, the line that says most and where the others stand."""
    for sentence, signs in SIGNS.items():
        if any(sign in log.lower() for sign in signs):
            return sentence
    lines = [line.strip() for line in log.splitlines() if line.strip()] or ["no word from the installer"]
    errors = [line for line in lines if line.lower().startswith("error")]
    return f"Installing failed: {(errors or lines)[-1]} (all of it: {LOG})"


def environment():
    """Return the environment for .venv: its scripts first on PATH, and no other Python's settings."""
    env = {"PIP_RETRIES": "2", **os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    for name in ("PYTHONHOME", "PYTHONPATH", "UV_REQUIRE_HASHES", "PIP_REQUIRE_HASHES"):
        env.pop(name, None)
    return {**env, "VIRTUAL_ENV": str(VENV), "PATH": f"{SCRIPTS}{os.pathsep}{os.environ.get('PATH', '')}"}


def hand_over(words):
    """Become `course WORDS`; on Windows, where a program cannot become another, run it and return its exit code."""
    command = [str(PYTHON), "-P", "-m", "course_tools", *words]  # -P: not the course_tools of the folder we are in
    sys.stdout.flush()
    if os.name != "nt":
        os.execve(PYTHON, command, environment())  # one process, so Ctrl+C reaches JupyterLab once
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the child, which ends in its own time
    return subprocess.call(command, env=environment())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
