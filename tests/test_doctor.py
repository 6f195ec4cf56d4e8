"""`course doctor`: each thing that can be wrong is found, with its cure; when all is well it says so and returns 0."""

import errno
import json
import os
import shutil
import socket
import sys
from collections import namedtuple
from pathlib import Path

import pytest
from test_lab import notebook

from course_tools import doctor, work
from course_tools.doctor import machine, software
from course_tools.doctor.finding import REINSTALL, Finding, listed

ROOT = doctor.ROOT
PIN = "{} \\\n    --hash=sha256:0\n"


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A course in a folder with spaces, nobody's learner's folder around it."""
    root = tmp_path / "my course"
    for name in ("notebooks", "exercises", "content"):
        (root / name).mkdir(parents=True)
    (root / "notebooks/03_scaling.ipynb").write_text(notebook())
    (root / "content/welcome.md").write_text("# Welcome\n\n{{ lessons }}\n")
    monkeypatch.chdir(root)
    return root


def project(root, python=">=3.11", needs=(), pins=()):
    lines = f"[project]\nrequires-python = {json.dumps(python)}\ndependencies = {json.dumps(list(needs))}\n"
    (root / "pyproject.toml").write_text(lines)
    (root / "requirements.lock").write_text("".join(PIN.format(pin) for pin in pins))
    return root


# The table and the exit code


def test_when_all_is_well_it_says_so_and_returns_0(monkeypatch, capsys):
    checks = {"Port": lambda root: Finding("fine", "8888 is free."), "Lessons": lambda root: Finding("note", "New.")}
    monkeypatch.setattr(doctor, "CHECKS", checks)
    assert doctor.main() == 0
    out = capsys.readouterr().out
    assert "8888 is free." in out and out.rstrip().endswith(doctor.WELL)


def test_one_thing_to_mend_returns_1_and_shows_its_cure(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "100")
    bad = Finding("mend", "Only 3 MB are free [in /tmp].", "Make room.")
    monkeypatch.setattr(doctor, "CHECKS", {"Disk": lambda root: bad, "Port": lambda root: Finding("fine", "Free.")})
    assert doctor.main() == 1
    out = capsys.readouterr().out
    (line,) = [line for line in out.splitlines() if line.strip().startswith("Disk")]
    assert line.split("  ", 1)[1].split() == "mend Only 3 MB are free [in /tmp]. Make room.".split()
    assert "One thing is to mend." in out


def test_a_check_that_stumbles_is_a_finding_and_the_others_still_run(monkeypatch, capsys):
    def broken(root):
        raise ImportError("libzmq.so: cannot open")

    monkeypatch.setattr(doctor, "CHECKS", {"Kernel": broken, "Port": lambda root: Finding("fine", "8888 is free.")})
    monkeypatch.setenv("COLUMNS", "200")
    assert doctor.main() == 1
    out = capsys.readouterr().out
    assert "ImportError: libzmq.so: cannot open" in out and REINSTALL in out and "8888 is free." in out


# Software


def test_a_python_that_is_too_old_is_told_what_the_course_needs(root):
    found = software.python(project(root, python=">=3.99"))
    assert found.state == "mend" and found.says.endswith("and the course needs >=3.99.") and "python.org" in found.cure
    assert software.python(project(root)).state == "fine"


@pytest.mark.parametrize(
    ("needs", "pins", "state", "says"),
    [
        (["numpy>=99"], [], "mend", "numpy {numpy} (needed: >=99)."),
        (["no-such-thing>=1"], [], "mend", "no-such-thing is missing (needed: >=1)."),
        (["numpy>=1"], ["numpy==1.0"], "note", "Not as in the lock: numpy {numpy} (lock: 1.0)."),
        (["numpy>=1"], ["no-such==1.0"], "note", "Not as in the lock: no-such is missing (lock: 1.0)."),
        (["numpy>=1"], ["no-such==1.0 ; sys_platform == 'none'"], "fine", "All 0 are those of the lock."),
        (["numpy>=1"], ["numpy=={numpy}"], "fine", "All 1 are those of the lock."),
    ],
)
def test_packages_are_held_against_what_the_course_needs_and_against_the_lock(root, needs, pins, state, says):
    numpy = software._installed("numpy")
    project(root, needs=needs, pins=[pin.format(numpy=numpy) for pin in pins])
    found = software.packages(root)
    assert (found.state, found.says) == (state, says.format(numpy=numpy))
    assert bool(found.cure) == (state != "fine")


def test_the_real_lock_is_read_to_its_last_pin():
    pins = software.PINS.findall((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert len(pins) == sum("==" in line and line[0] not in " #" for line in text.splitlines()) > 50


def kernel_that(folder, code, monkeypatch):
    """Let the kernel python3 be one that runs this code."""
    spec = {"argv": [sys.executable, "-c", code, "{connection_file}"], "display_name": "", "language": "python"}
    (folder / "kernels/python3").mkdir(parents=True)
    (folder / "kernels/python3/kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(folder))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(folder))


START = "import sys; from ipykernel.kernelapp import main; sys.argv = ['', '-f', sys.argv[1]]; {}; main()"


@pytest.mark.parametrize(
    ("code", "state", "says"),
    [
        ("0", "fine", "It starts and imports the course."),
        ("sys.prefix = '/elsewhere'", "mend", "Notebooks run in another Python: /elsewhere."),
        ("sys.modules['course_lib'] = None", "mend", "It starts and cannot import the course (ModuleNotFoundError: "),
    ],
    ids=["ours", "another Python", "without the course"],
)
def test_the_kernel_is_started_and_imports_the_course(root, tmp_path, monkeypatch, code, state, says):
    kernel_that(tmp_path / "jupyter", START.format(code), monkeypatch)
    found = software.kernel(root)
    assert found.state == state and found.says.startswith(says)


def test_a_kernel_that_does_not_start_is_a_finding(root, tmp_path, monkeypatch):
    kernel_that(tmp_path / "jupyter", "raise SystemExit", monkeypatch)
    found = doctor._run(software.kernel, root)
    assert found.state == "mend" and "Kernel died" in found.says and found.cure == REINSTALL


def test_the_extensions_of_this_python_are_there(root):
    assert software.extensions(root).state == "fine"


def test_a_missing_extension_is_named_with_its_use(root, tmp_path, monkeypatch):
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda *_: [str(tmp_path)])
    found = software.extensions(root)
    assert found.state == "mend" and found.cure == REINSTALL
    assert "anywidget (figures), jupyterlab-slideshow (course present)" in found.says


def test_an_extension_that_someone_switched_off_is_named_with_the_command_that_helps(root, tmp_path, monkeypatch):
    (tmp_path / "labconfig").mkdir()
    off = {"disabledExtensions": {"anywidget": True}}
    (tmp_path / "labconfig/page_config.json").write_text(json.dumps(off))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    found = software.extensions(root)
    assert (found.says, found.cure) == (
        "Switched off in JupyterLab: anywidget.",
        "Run `jupyter labextension enable anywidget`.",
    )


# The machine


def test_a_taken_port_is_no_trouble_while_another_is_free(root, monkeypatch):
    with socket.create_server(("localhost", 0)) as taken:
        first = taken.getsockname()[1]
        monkeypatch.setattr(machine, "PORTS", range(first, first + 40))
        found = machine.port(root)
        assert found.state == "fine" and found.says.startswith(f"{first} is taken; ")
        monkeypatch.setattr(machine, "PORTS", range(first, first + 1))
        found = machine.port(root)
        assert found.state == "mend" and found.says == (
            f"None from {first} to {first} is to be had ({os.strerror(errno.EADDRINUSE)})."
        )
        assert "course lab --port" in found.cure


@pytest.mark.parametrize(
    ("free", "state", "says"),
    [(3, "mend", "Only 3 MB are free in "), (500, "fine", "500 MB are free."), (4200, "fine", "4 GB are free.")],
)
def test_a_full_disk_is_found(root, monkeypatch, free, state, says):
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage(free * 10**6))
    found = machine.disk(root)
    assert found.state == state and found.says.startswith(says)


def test_a_folder_that_cannot_be_written_is_named(root, monkeypatch):
    work.fill(root, root / "work")
    assert machine.writing(root) == Finding("fine", f"{root / 'work'} can be written.")
    before = sorted(root.rglob("*"))

    def refuse(dir):
        if Path(dir).name == "notebooks":
            raise OSError(errno.EROFS, "Read-only file system")
        return open(os.devnull)

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    found = machine.writing(root)
    assert found.says == f"Nothing can be written in {root / 'work/notebooks'}." and "chmod u+rwx" in found.cure
    assert "Read-only file system" in found.cure and sorted(root.rglob("*")) == before


def test_a_notebook_that_cannot_be_saved_is_named(root, monkeypatch):
    work.fill(root, root / "work")
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "03_scaling.ipynb")
    found = machine.writing(root)
    assert found.says == f"In work/ these cannot be saved: {Path('notebooks', '03_scaling.ipynb')}."


def test_a_course_that_was_not_started_is_no_trouble(root):
    assert machine.lessons(root) == Finding("note", "You have not started yet.", "`course lab` makes work/.")


def test_a_newer_lesson_leads_to_update(root):
    work.fill(root, root / "work")
    assert machine.lessons(root).says == "work/ has all 2 that the course has."
    (root / "notebooks/03_scaling.ipynb").write_text(notebook("Newer"))
    (root / "notebooks/04_softmax.ipynb").write_text(notebook("04"))
    found = machine.lessons(root)
    assert (
        "notebooks/03_scaling.ipynb, notebooks/04_softmax.ipynb" in found.says and found.cure == "Run `course update`."
    )


def test_a_lesson_that_a_merge_broke_is_named(root):
    (root / "notebooks/03_scaling.ipynb").write_text("<<<<<<< HEAD")
    found = machine.lessons(root)
    assert found.state == "mend" and found.says.startswith("notebooks/03_scaling.ipynb of the course is no notebook")


def test_a_folder_that_was_moved_is_examined_where_one_stands(root, tmp_path, monkeypatch):
    work.fill(root, root / "work")
    (root / "work").rename(tmp_path / "moved")
    monkeypatch.chdir(tmp_path / "moved/notebooks")
    assert machine.writing(root).says == f"{tmp_path / 'moved'} can be written."


def test_a_long_list_is_cut_after_three():
    assert listed(["a", "b", "c"]) == "a, b, c." and listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more."
