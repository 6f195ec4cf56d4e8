"""start.py sets a course up from nothing, repairs what is broken, and says what to do about what it cannot mend."""

import ast
import contextlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from miniature import lock, make_course

START = Path(__file__).resolve().parents[1] / "start.py"
NOWHERE = "http://127.0.0.1:9/"  # nothing listens there, so this is what no network looks like
LINUX_ROOT = sys.platform == "linux" and os.geteuid() == 0


class Course:
    """A miniature course in a folder whose name has spaces and accents, and how start.py is run there."""

    def __init__(self, folder, uv):
        self.root, self.wheels, self.notes = folder / "un été à Zürich", folder / "wheels", folder / "uv.txt"
        make_course(self.root, self.wheels)
        self.env = {name: text for name, text in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
        (folder / "bin").mkdir()
        self.env |= {"PATH": str(folder / "bin"), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}
        self.env |= {"UV_NOTES": str(self.notes), "PYTHONDONTWRITEBYTECODE": "1"}
        if uv:
            shutil.copy(self.root / "miniature.py", folder / "uv.py")
            program, windows = f'"{sys.executable}" "{folder / "uv.py"}"', os.name == "nt"
            script = folder / "bin" / ("uv.bat" if windows else "uv")
            script.write_text(f"@{program} %*\n" if windows else f'#!/bin/sh\nexec {program} "$@"\n')
            script.chmod(0o755)

    @property
    def venv(self):
        return self.root / ".venv"

    @property
    def marker(self):
        return self.venv / "course.json"

    def command(self, *words):
        return [sys.executable, str(self.root / "start.py"), *words]

    def start(self, *words, **env):
        return subprocess.run(self.command(*words), env=self.env | env, capture_output=True, encoding="utf-8")

    def call(self, *words, **env):
        """Run start.py, demand that it handed over, and return what the course saw."""
        run = self.start(*words, **env)
        assert run.returncode == 0, run.stdout + run.stderr
        return json.loads(run.stdout.splitlines()[-1])

    def installs(self):
        """How often the stand-in for uv was asked to install something."""
        return len(self.notes.read_text(encoding="utf-8").splitlines()) if self.notes.exists() else 0

    def without_network(self):
        """Variables under which neither uv nor pip reaches anything."""
        return {"UV_FAILS": "error: error sending request", "PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "",
                "PIP_INDEX_URL": NOWHERE, "PIP_RETRIES": "1"}  # fmt: skip


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path, uv=True)


@pytest.fixture(scope="module")
def start():
    """start.py as a module, for what needs no run of its own."""
    spec = importlib.util.spec_from_file_location("start", START)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def one_sentence(run):
    """What a run that could not go on said: one line, no traceback."""
    assert run.returncode == 1, run.stdout + run.stderr
    assert len(run.stderr.strip().splitlines()) == 1, run.stderr
    return run.stderr.strip()


# From nothing


def test_plain_pip_sets_everything_up_where_no_uv_can_be_had(tmp_path):
    course = Course(tmp_path, uv=False)
    seen = course.call("lab", "--port", "9000")
    scripts = course.venv / ("Scripts" if os.name == "nt" else "bin")
    assert seen == {"words": ["lab", "--port", "9000"], "tiny": "1", "prefix": str(course.venv), "path": str(scripts)}


def test_plain_pip_refuses_a_package_that_the_lock_does_not_name(tmp_path, start):
    course = Course(tmp_path, uv=False)
    text = (course.root / "requirements.lock").read_text()
    (course.root / "requirements.lock").write_text(text.replace("sha256:", "sha256:0000")[:-5] + "\n")
    assert one_sentence(course.start("lab")) == start.FORGED


def test_uv_from_path_installs_by_hash_and_compiles(course):
    course.call("lab")
    from_lock, itself = (json.loads(line) for line in course.notes.read_text(encoding="utf-8").splitlines())
    assert "--compile-bytecode" in from_lock and from_lock[-4:-1] == ["--no-deps", "--require-hashes", "-r"]
    assert itself[-4:] == ["--no-deps", "--no-build-isolation", "-e", str(course.root)]


def test_the_exit_code_of_the_course_is_passed_on(course):
    assert course.start("fail").returncode == 7


def test_without_words_it_says_how_to_use_it_and_installs_nothing(course):
    assert "python start.py lab" in course.start().stdout
    assert not course.venv.exists()


def test_a_command_may_be_written_as_messages_write_it(course):
    assert course.call("course", "check", "03_scaling")["words"] == ["check", "03_scaling"]
    assert course.call("course")["words"] == ["--help"]


# A second time


def test_the_second_start_installs_nothing_and_needs_no_network(course):
    course.call("lab")
    assert course.call("lab", **course.without_network())["tiny"] == "1"
    assert course.installs() == 2


def test_a_changed_lock_is_installed(course):
    course.call("lab")
    lock(course.root, course.wheels, "2")
    assert course.call("lab")["tiny"] == "2"


def test_a_changed_lock_and_no_network_leave_the_last_install_in_use(course, start):
    course.call("lab")
    lock(course.root, course.wheels, "2")
    run = course.start("lab", **course.without_network())
    assert run.returncode == 0 and start.KEPT in run.stdout
    assert course.call("lab")["tiny"] == "2"  # it tries again as soon as it can


def test_tests_get_the_developers_lock_and_the_lab_is_content_with_it(course):
    course.call("lab")
    course.call("test")
    course.call("lab")
    locks = [Path(json.loads(line)[-1]).name for line in course.notes.read_text(encoding="utf-8").splitlines()]
    assert [name for name in locks if name.endswith("lock")] == ["requirements.lock", "requirements-dev.lock"]


# Repairs


@contextlib.contextmanager
def half_an_install(course):
    """Yield a start.py that is in the middle of installing, and stays there until the end of the block."""
    hang = course.wheels / "hang"
    hang.write_text("")
    env = course.env | {"UV_HANGS": str(hang)}
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    with subprocess.Popen(course.command("lab"), env=env, **pipes) as process:
        try:
            while not course.installs():
                assert process.poll() is None, process.stderr.read()
            yield process
        finally:
            hang.unlink()
    (course.venv / "left over").write_text("")


def assert_made_anew(course):
    assert course.call("lab")["tiny"] == "1"
    assert not (course.venv / "left over").exists()


def test_a_killed_install_is_made_anew_by_the_next_run(course):
    with half_an_install(course) as process:
        process.kill()
    assert_made_anew(course)


@pytest.mark.skipif(os.name == "nt", reason="Windows delivers Ctrl+C to a console, not to a process")
def test_ctrl_c_says_how_to_go_on(course, start):
    with half_an_install(course) as process:
        process.send_signal(signal.SIGINT)
        assert process.stderr.read().strip() == start.STOPPED.strip()
    assert_made_anew(course)


def test_a_moved_folder_gets_a_new_venv(course):
    course.call("lab")
    (course.venv / "left over").write_text("")
    course.root = course.root.rename(course.root.with_name("moved"))
    assert course.call("lab")["prefix"] == str(course.venv)
    assert not (course.venv / "left over").exists()


@pytest.mark.parametrize("python", [None, "no program"])
def test_a_venv_whose_python_no_longer_runs_is_made_anew(course, python):
    course.call("lab")
    program = course.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    program.unlink()
    if python:
        program.write_text(python)
        program.chmod(0o755)
    assert course.call("lab")["tiny"] == "1"


def test_a_venv_that_its_owner_made_by_hand_is_used_as_it_is(course):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", course.venv], check=True)
    (course.venv / "by hand").write_text("")
    assert course.call("lab")["tiny"] == "1"
    assert (course.venv / "by hand").exists()


# Sentences


def test_every_python_from_3_8_on_can_read_it():
    ast.parse(START.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_python_3_10_is_told_what_to_install(course):
    start = str(course.root / "start.py")
    code = "import runpy, sys; sys.version_info = (3, 10, 13); sys.argv[1:] = ['lab']; "
    code += f"runpy.run_path({start!r}, run_name='__main__')"
    run = subprocess.run([sys.executable, "-c", code], env=course.env, capture_output=True, encoding="utf-8")
    assert "needs Python 3.11 or newer and this is 3.10.13" in one_sentence(run)
    assert not course.venv.exists()


def test_no_network_at_the_first_start_is_one_sentence_and_the_next_run_succeeds(course, start):
    assert one_sentence(course.start("lab", **course.without_network())) == start.NO_NETWORK
    assert course.call("lab")["tiny"] == "1"


def test_neither_pip_nor_ensurepip_is_one_sentence(tmp_path, start):
    course = Course(tmp_path, uv=False)
    for name in ("pip", "ensurepip"):
        (course.root / f"{name}.py").write_text(f"raise ModuleNotFoundError(\"No module named '{name}'\")")
    assert one_sentence(course.start("lab")) == start.NO_PIP


@pytest.mark.skipif(not LINUX_ROOT, reason="only root on Linux can make a disk this small")
def test_a_full_disk_is_one_sentence_and_room_is_all_it_takes(tmp_path, start):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("this machine mounts nothing")
    try:
        course = Course(disk, uv=True)
        ballast = disk / "ballast"
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while file.write(b"x" * 512):
                pass
        assert one_sentence(course.start("lab")) == start.FULL
        assert one_sentence(course.start("lab")) == start.FULL  # what the first left behind changes nothing
        ballast.unlink()
        assert course.call("lab")["tiny"] == "1"
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize(
    ("log", "sentence"),
    [
        ("[Errno 28] No space left on device: '.venv'", "FULL"),
        ("cause: failed to copy file (os error 28)", "FULL"),
        ("[WinError 112] There is not enough space on the disk", "FULL"),
        ("error: Hash mismatch for `six==1.17.0`", "FORGED"),
        ("cause: error sending request for url\ncause: dns error", "NO_NETWORK"),
        ("Retrying (Retry(total=1)) after connection broken by 'ProxyError'", "NO_NETWORK"),
        ("[Errno 13] Permission denied: '.venv'", "LOCKED"),
        ("[WinError 5] Access is denied", "LOCKED"),
    ],
)
def test_each_trouble_is_known_by_what_installers_print(start, log, sentence):
    assert start.explain(log) == getattr(start, sentence)


def test_a_disk_that_fills_up_while_uv_installs_is_not_tried_again_with_pip(course, start):
    course.wheels.rename(course.wheels.with_name("gone"))  # pip would fail in other words, for want of these
    run = course.start("lab", UV_FAILS="error: failed to copy file\n  cause: No space left on device (os error 28)")
    assert one_sentence(run) == start.FULL


def test_an_unknown_trouble_is_shown_by_its_error_line_and_the_log_is_kept(course):
    wheel = course.wheels / "tiny-1-py3-none-any.whl"
    wheel.unlink()
    run = course.start("lab", UV_FAILS="error: the sky fell\n  hint: look up")
    sentence = one_sentence(run)
    assert "ERROR: No matching distribution found for tiny==1" in sentence  # pip had the last word
    log = course.venv / "install.log"
    assert str(log) in sentence and "No matching distribution" in log.read_text(encoding="utf-8")


def test_what_takes_longer_than_a_second_says_what_it_does(tmp_path, monkeypatch, start):
    said, flag = [], tmp_path / "said"

    def say(text, **_):
        said.append(text)
        flag.write_text("")

    monkeypatch.setattr(start, "print", say, raising=False)
    wait = f"import pathlib\nwhile not pathlib.Path({str(flag)!r}).exists(): pass"
    assert start.step("Waiting", sys.executable, "-c", wait)[0]
    assert said[0].startswith("Waiting: 1 s")
