"""Fill work/, where a learner's notebooks live: copy what is missing, follow the course where nobody has edited."""

import errno
import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from itertools import count
from pathlib import Path

from course_tools.servers import is_open, open_places
from course_tools.shipped import WELCOME, course_files

MARKER = ".attention-course"  # tells course_lib.progress that this is a learner's folder, and us what we copied


@dataclass
class Taken:
    """What was done, in names relative to work/: `beside` says where the newer version of an edited file lies."""

    new: list[str] = field(default_factory=list)
    followed: list[str] = field(default_factory=list)  # the course's newer version stands where our older copy stood
    beside: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)  # open in JupyterLab: the next call will see to it

    def remarks(self, work: Path) -> list[str]:
        """Return a sentence for each file that is not what the course has now."""
        beside = "{0}/{1} is yours and stays; the course has a newer one, which lies beside it: {2}."
        left = "{0}/{1} is open in JupyterLab and stays as it is: choose File > Close and Shut Down Notebook there, "
        left += "then `course update`."
        return [beside.format(work.name, name, Path(new).name) for name, new in self.beside.items()] + [
            left.format(work.name, name) for name in self.left
        ]


def fill(root: Path, work: Path) -> list[str]:
    """Bring work/ up to the course in `root` and return remarks for the learner."""
    return take(root, work).remarks(work)


def take(root: Path, work: Path) -> Taken:
    """Bring work/ up to the course in `root` and return what was done; whatever stops it, the next call goes on.

    A file of the learner's is never written: it may be replaced only while its cells are what we copied, and while
    no JupyterLab has it open. The newer version of an edited file is put beside it, once. Raises BrokenCourse.
    """
    shipped, copied, taken = course_files(root), _read_marker(work), Taken()
    places = cache(lambda: open_places(work))  # asked when there is something to replace, which is seldom
    try:
        for name, content in shipped.items():
            _take_one(work, name, content, copied, taken, places)
    finally:
        _write_marker(work, copied)
    return taken


def _take_one(work: Path, name: str, content: bytes, copied: dict[str, str], taken: Taken, places: Callable) -> None:
    target, digest = work / name, digest_of(name, content)
    theirs = digest_of(name, target.read_bytes()) if target.exists() else None
    if theirs is None:
        write_atomically(target, content)
        taken.new.append(name)
    elif copied.get(name) not in (None, digest) and theirs != digest:
        if copied[name] != theirs:
            taken.beside[name] = _put_beside(work, name, content, copied, places)
        elif is_open(target, places()):
            taken.left.append(name)
            return  # and copied[name] stays, so that the next call finds it as this one did
        else:
            write_atomically(target, content)
            taken.followed.append(name)
    copied[name] = digest


def _put_beside(work: Path, name: str, content: bytes, copied: dict[str, str], places: Callable) -> str:
    """Write 03_scaling.new.ipynb beside 03_scaling.ipynb and return its name; new-2 where the first is begun, too."""
    stem, digest = name.removesuffix(".ipynb"), digest_of(name, content)
    for number in count(1):
        spare = f"{stem}.new{f'-{number}' * (number > 1)}.ipynb"
        theirs = digest_of(name, (work / spare).read_bytes()) if (work / spare).exists() else None
        if theirs in (None, digest) or (theirs == copied.get(spare) and not is_open(work / spare, places())):
            if theirs != digest:
                write_atomically(work / spare, content)
            copied[spare] = digest
            return spare


def is_behind(work: Path, shipped: dict[str, bytes]) -> list[str]:
    """Return the names of what `take` would see to."""
    copied = _read_marker(work)
    return [n for n, content in shipped.items() if copied.get(n) != digest_of(n, content) or not (work / n).exists()]


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that whoever reads it finds all of it or nothing, whatever stops us in between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except BaseException:
        with suppress(FileNotFoundError):  # Ctrl+C may come when it is in its place already
            os.unlink(draft)
        raise


def digest_of(name: str, content: bytes) -> str:
    """Return what tells an edited file from our copy: its cells, and of the welcome page only what they say.

    JupyterLab saves what was opened and only read, with metadata of its own; every start opens the welcome page.
    """
    if name.endswith(".ipynb"):
        with suppress(ValueError, LookupError, TypeError):
            cells = json.loads(content)["cells"]
            content = json.dumps(["".join(cell["source"]) for cell in cells] if name == WELCOME else cells).encode()
    return sha256(content).hexdigest()


def _read_marker(work: Path) -> dict[str, str]:
    try:
        return dict(json.loads((work / MARKER).read_text(encoding="utf-8"))["copied"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # a first start, or a marker that something broke: then every file counts as the learner's


def _write_marker(work: Path, copied: dict[str, str]) -> None:
    """Write what we copied, unless it stands there: a folder that lacks nothing may be read-only."""
    marker = {"course": "attention", "version": version("attention-course"), "copied": copied}
    content = json.dumps(marker, indent=1).encode()
    with suppress(OSError):
        if (work / MARKER).read_bytes() == content:
            return
    write_atomically(work / MARKER, content)


def trouble(error: OSError, work: str = "work/") -> str:
    """Return what to do where a learner's folder cannot be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full, so {work} cannot be filled: make room and try again."
    return f"{work} cannot be filled ({error.strerror}: {error.filename}): mend that and try again."
