"""Who handed in what: folders per learner, flat folders, zips of `course export`, exports of Canvas and Moodle."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from course_lib.checks import LESSONS
from course_tools.grading.archives import ENTRIES, LEFT_ALONE, files_in, raiser
from course_tools.grading.folders import listing
from course_tools.grading.reading import read_file

DEEPEST = 20  # folders in folders
LONGEST = 200  # characters of a name
# A folder a learner, or, where Moodle was asked for none, each file under this name and the learner's own behind it.
MOODLE = re.compile(r"(?P<learner>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+(_|$)")
CANVAS = re.compile(r"(?P<learner>[^_]+)(_LATE)?_(?P<id>\d+)_\d+_(?P<file>.+)$")
FLAT = re.compile(rf"(?P<learner>.+?)[ _-]+(?:{'|'.join(LESSONS)})")


@dataclass(frozen=True)
class File:
    """One file: whose, its name, when it was handed in (seconds, UTC), and `read()` for its bytes, which may raise."""

    learner: str
    name: str
    time: float
    read: Callable


def gather(folder):
    """Return {learner: [File, ...]}, learners in order of their names, oldest file first."""
    files, found = list(_files(Path(folder))), {}
    export = _is_export(files)
    for parts, times, read in files:
        learner = learner_of(parts[export:])
        # What a learner's own zip tells of times orders the files in it; they were handed in when it was.
        # Of a long name the end is kept: it tells what kind of file this is.
        file = File(learner, printable("/".join(parts)[-LONGEST:]), times[export], read)
        found.setdefault(learner, []).append((times[export], times, file.name, file))
    return {who: [file for *_, file in sorted(found[who], key=lambda line: line[:3])] for who in sorted(found)}


def _is_export(files):
    """Is all of it one zip, whose entries bear the names that Canvas or Moodle gives? Else a zip is its learner's own,
    who must not hand in for others by a name inside it.
    """
    inside = [printable(parts[1]) if parts[0].lower().endswith(".zip") and parts[1:] else "" for parts, _, _ in files]
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
    """Return a name without control characters, and of a decent length: it will stand in tables and terminals.

    A Mac writes ë as two characters, where others write one: Zoë is one learner all the same.
    """
    name = unicodedata.normalize("NFC", name[: 2 * LONGEST])  # cut first: marks without end take it the square of them
    return "".join(c if c.isprintable() else "�" for c in name)[:LONGEST] or "nobody"


def _files(root, parts=()):
    """Yield (parts, times, read) of every file under root/parts, those in zips too; hidden ones are left alone.

    Below the first level a folder is a None among them.
    """
    if len(parts) > DEEPEST:
        yield parts, (0.0,), raiser(f"lies more than {DEEPEST} folders deep")
        return
    try:
        # A class may be large; what one learner may fill with names is not read to its end.
        entries = listing(root, parts, ENTRIES + 1 if parts else None)
    except OSError as problem:
        yield parts, (0.0,), raiser(f"is a folder that cannot be opened: {problem.strerror}")
        return
    for name, kind, time in entries:
        if not name.startswith(".") and name not in LEFT_ALONE:
            found = _under(root, (*parts, name), kind, time)
            yield from found if parts else _not_too_many(found, name)


def _under(root, here, kind, time):
    if kind == "folder":
        yield None  # it counts, though it may hold nothing but further folders
        yield from _files(root, here)
    elif kind == "file" and here[-1].lower().endswith(".zip"):
        yield from files_in(root, here, time)
    else:
        yield here, (time,), lambda: read_file(root, here)


def _not_too_many(files, name):
    for i, file in enumerate(files):
        if i == ENTRIES:
            yield (name,), (0.0,), raiser(f"holds more than {ENTRIES:,} files: no further one is looked at")
            return
        if file is not None:
            yield file
