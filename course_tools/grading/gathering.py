"""Who handed in what: folders per learner, flat folders, zips of `course export`, exports of Canvas and Moodle."""

import io
import os
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course_lib.checks import LESSONS
from course_tools.grading.reading import LARGEST, Unreadable, read_file

ZIP = 200_000_000  # bytes of a zip
ENTRIES = 20_000  # files in it
MOODLE = re.compile(r"(?P<learner>.+)_(?P<id>\d+)_assignsubmission_\w+$")
CANVAS = re.compile(r"(?P<learner>[^_]+)(_LATE)?_(?P<id>\d+)_\d+_(?P<file>.+)$")
FLAT = re.compile(rf"(?P<learner>.+?)[ _-]+(?:{'|'.join(LESSONS)})")
OURS = {"progress.jsonl", "predictions.json", "__MACOSX", "desktop.ini", "Thumbs.db"}  # not handed in, only left there


@dataclass(frozen=True)
class File:
    """One file: whose, its name, when it was saved (seconds, UTC), and `read()` for its bytes, which may raise."""

    learner: str
    name: str
    time: float
    read: Callable


def gather(folder):
    """Return {learner: [File, ...]}, learners in order of their names, oldest file first."""
    files, found = list(_files(Path(folder), (), 0)), {}
    for parts, time, read in files:
        learner = learner_of(parts[_is_export(files) :])
        found.setdefault(learner, []).append(File(learner, printable("/".join(parts)), time, read))
    return {who: sorted(found[who], key=lambda file: (file.time, file.name)) for who in sorted(found)}


def _is_export(files):
    """Is all of it one zip, whose entries bear the names that Canvas or Moodle gives? Else a zip is its learner's own,
    who must not hand in for others by a name inside it.
    """
    inside = [parts[1] if len(parts) > 1 and parts[0].lower().endswith(".zip") else "" for parts, _, _ in files]
    alone = len({parts[0] for parts, _, _ in files}) == 1
    return alone and all(MOODLE.match(name) or CANVAS.match(name) for name in inside)


def learner_of(parts):
    """Return whose file this is, from the names of the folders, zips and the file that lead to it.

    >>> learner_of(("anna", "04_softmax.ipynb")), learner_of(("anna_04_softmax.ipynb",)), learner_of(("ben.zip", "a"))
    ('anna', 'anna', 'ben')
    >>> learner_of(("Ito Ada_77_assignsubmission_file", "x.ipynb")), learner_of(("itoada_12_34_x.ipynb",))
    ('Ito Ada_77', 'itoada_12')
    """
    parts = [printable(part) for part in parts]
    known = MOODLE.match(parts[0]) or CANVAS.match(parts[0])
    if known:
        return f"{known['learner']}_{known['id']}"
    flat = FLAT.match(parts[0])
    if flat:
        return flat["learner"]
    named = parts[0].rpartition(".")[0] if len(parts) == 1 or parts[0].endswith(".zip") else ""
    return named or parts[0]


def printable(name):
    """Return a name without control characters, and of a decent length: it will stand in tables and terminals."""
    return "".join(c if c.isprintable() else "�" for c in name)[:200] or "nobody"


def _files(path, parts, depth):
    """Yield (parts, time, read) of every file under a folder, those in zips too; hidden ones are left alone."""
    for entry in sorted(os.scandir(path), key=lambda entry: entry.name):
        if entry.name.startswith(".") or entry.name in OURS:
            continue
        here = (*parts, entry.name)
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path, here, depth)
        elif entry.name.lower().endswith(".zip") and entry.is_file(follow_symlinks=False):
            yield from _zipped(lambda path=entry.path: read_file(path, ZIP), here, depth, _time(entry))
        else:
            yield here, _time(entry), lambda path=entry.path: read_file(path)


def _time(entry):
    return entry.stat(follow_symlinks=False).st_mtime


def _zipped(read, parts, depth, time):
    """Yield the files in a zip; nothing is ever unpacked to the disk, so a name in it leads nowhere."""
    try:
        with zipfile.ZipFile(io.BytesIO(read())) as archive:
            entries = archive.infolist()
    except (Unreadable, zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
        yield parts, time, _raiser(f"is no zip that can be read ({problem})")
        return
    if len(entries) > ENTRIES:
        yield parts, time, _raiser(f"holds more than {ENTRIES:,} files")
        return
    for info in entries:
        names = tuple(name for name in info.filename.split("/") if name not in ("", ".", ".."))
        if info.is_dir() or not names or any(name.startswith(".") or name in OURS for name in names):
            continue
        here, content = (*parts, *names), lambda info=info: _unzipped(read(), info.filename)
        if names[-1].lower().endswith(".zip") and depth == 0:
            yield from _zipped(content, here, depth + 1, max(time, _stamp(info)))
        else:
            yield here, _stamp(info) if info.date_time > (1980, 1, 1, 0, 0, 0) else time, content


def _stamp(info):
    try:
        return datetime(*info.date_time).timestamp()
    except ValueError:
        return 0.0


def _unzipped(content, name):
    """Return the bytes of a file in a zip, of at most LARGEST: what it claims of its size is not believed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(name) as file:
            found = file.read(LARGEST + 1)
    except Exception as problem:  # zlib, lzma, encryption: each has errors of its own
        raise Unreadable(f"cannot be taken from its zip: {problem}") from None
    if len(found) > LARGEST:
        raise Unreadable(f"is larger than {LARGEST / 1e6:g} MB")
    return found


def _raiser(text):
    def read():
        raise Unreadable(text)

    return read
