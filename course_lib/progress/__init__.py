"""The learner's record, in `work/`: one line of JSON per check, only ever added to, and every answer that was checked.

progress.jsonl    its order counts; its times are for the eye, since clocks jump
answers/          the answers, each text once; a line of progress.jsonl names its own
"""

import errno
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from course_lib.progress.kept import keep, kept

MARK = ".attention-course"  # `course lab` puts this file into the learner's folder
NAME = "progress.jsonl"


def work_dir(start=None):
    """Return the nearest folder, from `start` (default: here) upwards, that is a learner's; None if there is none."""
    try:
        here = Path(start or ".").resolve()
        return next((folder for folder in (here, *here.parents) if (folder / MARK).is_file()), None)
    except OSError:  # the folder we stand in was deleted
        return None


def record(result, folder=None, source=""):
    """Keep the answer's source and append the result; outside a learner's folder do nothing.

    Return None, or a sentence where something could not be written: that is no reason to lose a verdict.
    """
    folder = folder or work_dir()
    if folder is None:
        return None
    entry = {"time": datetime.now(UTC).isoformat(timespec="seconds")}
    entry |= {k: v for k, v in result.record().items() if k not in ("message", "exercise")}
    problem = None
    try:
        path = keep(source, result.lesson, result.function, folder)
        if path is None and result.outcome == "not attempted":
            return None  # nobody has tried yet
        entry |= {"answer": path.relative_to(folder).as_posix()} if path else {}
    except OSError as error:
        problem = error
    try:
        _append(Path(folder) / NAME, entry)
    except OSError as error:
        problem = error
    return problem and f"{_why(problem)}, so this check is not kept in {Path(folder).name}/: mend that and check again."


def _why(problem):
    if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "the disk is full"
    return f"{Path(problem.filename or 'it').name} cannot be written ({problem.strerror or type(problem).__name__})"


def _append(path, entry):
    line = (b"\n" if _is_torn(path) else b"") + json.dumps(entry, ensure_ascii=False).encode() + b"\n"
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        if os.write(handle, line) < len(line):  # one write: two notebooks at once do not mix their lines
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
    finally:
        os.close(handle)


def _is_torn(path):
    """Does the file end in the middle of a line, because the machine stopped there?"""
    try:
        with open(path, "rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"
    except OSError:  # no file yet, or an empty one
        return False


def entries(folder=None):
    """Return the list of dicts recorded so far; lines that a crash tore are left out."""
    folder = folder or work_dir()
    path = Path(folder or "", NAME)
    try:
        regular = folder and path.is_file()  # a device would be read for ever
        lines = path.read_text("utf-8", errors="replace").splitlines() if regular else []
    except OSError:
        return []
    return [entry for line in lines if (entry := _read(line)) is not None]


def _read(line):
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) else None


def best(folder=None):
    """Return {(lesson, function): most points ever reached}."""
    points = {}
    for entry in entries(folder):
        key, reached = (str(entry.get("lesson")), str(entry.get("function"))), entry.get("points")
        points[key] = max(points.get(key, 0), reached if isinstance(reached, (int, float)) else 0)
    return points


def last_kept(lesson, function, folder=None):
    """Return the path of the answer that was checked last, or None."""
    folder = folder or work_dir()
    if folder is None:
        return None
    ours = [e for e in entries(folder) if (e.get("lesson"), e.get("function")) == (lesson, function)]
    named = [Path(folder, e["answer"]) for e in ours if isinstance(e.get("answer"), str)]
    paths = [*kept(lesson, function, folder), *named]
    return next((path for path in reversed(paths) if path.is_file()), None)


def how_back(lesson, function, folder=None, start=None):
    """Return the sentence that brings the answer that was checked last back into a notebook; "" where there is none.

    `start` is the notebook's folder; without it, `exercises/`.
    """
    folder = folder or work_dir()
    path = last_kept(lesson, function, folder)
    if path is None:
        return ""
    return f"Your last checked answer is kept: run {load_line(path, start or folder / 'exercises')} in an empty cell."


def load_line(path, start):
    """Return `%load ../answers/03_scaling/scale/001.py`, which fills a cell of a notebook that lies in `start`."""
    return f"%load {Path(os.path.relpath(path, start)).as_posix()}"
