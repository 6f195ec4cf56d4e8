"""Write over a file of a learner's folder without losing what stood there."""

from glob import escape
from itertools import count
from pathlib import Path

from course_lib.progress.kept import add_file
from course_tools.work import write_atomically


def write_keeping(path: Path, content: bytes) -> Path | None:
    """Write a file; where it held something else, keep that as NAME.kept-1.EXT. Return where it is kept, or None."""
    old = path.read_bytes() if path.exists() else None
    if old == content:
        return None
    kept = _kept(path, old) if old is not None else None
    write_atomically(path, content)
    return kept


def _kept(path: Path, content: bytes) -> Path:
    for there in path.parent.glob(f"{escape(path.stem)}.kept-*{path.suffix}"):
        if there.read_bytes() == content:
            return there
    return add_file(content, (path.with_name(f"{path.stem}.kept-{number}{path.suffix}") for number in count(1)))
