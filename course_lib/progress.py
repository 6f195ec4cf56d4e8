"""The learner's record: one line of JSON per check in `work/progress.jsonl`, only ever added to."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

MARK = ".attention-course"  # `course lab` puts this file into the learner's folder
NAME = "progress.jsonl"


def work_dir(start=None):
    """Return the nearest folder, from `start` (default: here) upwards, that is a learner's; None if there is none."""
    try:
        here = Path(start or ".").resolve()
        return next((folder for folder in (here, *here.parents) if (folder / MARK).is_file()), None)
    except OSError:  # the folder we stand in was deleted
        return None


def record(result, folder=None):
    """Append the result of a check; outside a learner's folder, or where nothing can be written, do nothing."""
    folder = folder or work_dir()
    if folder is None:
        return
    kept = {k: v for k, v in result.record().items() if k not in ("message", "exercise")}
    try:
        _append(Path(folder) / NAME, {"time": datetime.now(UTC).isoformat(timespec="seconds")} | kept)
    except OSError:  # a full disk is no reason to lose a verdict
        pass


def _append(path, entry):
    line = (b"\n" if _is_torn(path) else b"") + json.dumps(entry, ensure_ascii=False).encode() + b"\n"
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, line)  # one write: two notebooks at once do not mix their lines
    finally:
        os.close(handle)


def _is_torn(path):
    """Does the file end in the middle of a line, because the machine stopped there?"""
    try:
        with open(path, "rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read() != b"\n"
    except OSError:  # no file yet, or an empty one
        return False


def entries(folder=None):
    """Return the list of dicts recorded so far; lines that a crash tore are left out."""
    folder = folder or work_dir()
    try:
        lines = (Path(folder) / NAME).read_text("utf-8", errors="replace").splitlines() if folder else []
    except OSError:
        return []
    return [entry for line in lines if (entry := _read(line)) is not None]


def best(folder=None):
    """Return {(lesson, function): most points ever reached}."""
    points = {}
    for entry in entries(folder):
        key = entry.get("lesson"), entry.get("function")
        points[key] = max(points.get(key, 0), entry.get("points") or 0)
    return points


def _read(line):
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
