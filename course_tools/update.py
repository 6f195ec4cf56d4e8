"""`course update`: what a new version of the course has for a learner's folder, and nothing of theirs touched."""

import sys
from pathlib import Path

from course_lib import progress
from course_tools.shipped import BrokenCourse
from course_tools.work import MARKER, Taken, take, trouble

ROOT = Path(__file__).resolve().parents[1]
NOWHERE = "There is no work/ here: `course lab` makes one. If you moved yours, name it: `course update FOLDER`."
STOPPED = "\nStopped. Every file is either the old one or the new one: run `course update` again to go on."


def main(folder: Path | None = None, root: Path = ROOT) -> int:
    """Bring a learner's folder up to the course. Return 0; 1 where it cannot be written, 2 where it is none."""
    work = folder or progress.work_dir() or root / "work"
    if not (work / MARKER).is_file() and (folder or not work.is_dir()):
        said = f"{folder} is no folder that `course lab` made: it holds no {MARKER}." if folder else NOWHERE
        print(said, file=sys.stderr)
        return 2
    work = work.resolve()
    try:
        taken = take(root, work)
    except KeyboardInterrupt:
        print(STOPPED, file=sys.stderr)
        return 130
    except OSError as error:
        print(trouble(error, f"{work.name}/"), file=sys.stderr)
        return 1
    except BrokenCourse as problem:
        print(problem, file=sys.stderr)
        return 1
    print(_words(taken, work))
    return 0


def _words(taken: Taken, work: Path) -> str:
    """Return a line per file that is new or has changed, and a last one that says how things stand."""
    lines = [f"New: {work.name}/{name}" for name in taken.new]
    lines += [f"Newer: {work.name}/{name} (you had not changed it)" for name in taken.followed]
    lines += taken.remarks(work)
    return "\n".join([*lines, f"{work.name}/ {'had' if not lines else 'now has'} all that the course has."])
