"""Which notebook, and which of its exercises, a word on the command line means."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from course_lib import progress
from course_lib.checks import EXERCISES, LESSONS, find
from course_lib.progress.kept import is_stub
from course_tools.answers import answer_cell
from course_tools.notebooks import Unusable, lesson_of, read_cells

ROOT = Path(__file__).resolve().parents[1]
SPARE = re.compile(r"\.(kept|new)(-\d+)?\.ipynb$")  # what `course reset` and `course update` put beside a notebook
NOWHERE = "There is no work/ here: `course lab` makes one. If you moved yours, go into it and run this again."


@dataclass(frozen=True)
class Target:
    """A notebook and those of its exercises that are meant."""

    path: Path
    exercises: tuple


def work_folder():
    """Return the learner's folder: the one we stand in, or work/ beside the course. Raises Unusable."""
    folder = progress.work_dir() or progress.work_dir(ROOT / "work")
    if folder is None:
        raise Unusable(NOWHERE)
    return folder


def targets(word=None):
    """Return the Targets that a file, a lesson (04_softmax or 04), an exercise or nothing (all of them) means.

    Raises Unusable.
    """
    if word is None:
        return [Target(notebook_of(lesson), LESSONS[lesson]) for lesson in lessons_there()]
    path, lesson = Path(word), lesson_named(str(word))
    if path.is_file() or (path.suffix == ".ipynb" and not lesson):
        return [Target(path, LESSONS[lesson_of(read_cells(path), path)])]
    if path.is_dir() and not lesson:
        raise Unusable(f"{word} is a folder: name a notebook in it, a lesson such as 04_softmax, or an exercise.")
    if lesson:
        return [Target(notebook_of(lesson), LESSONS[lesson])]
    exercise = exercise_named(str(word))
    return [Target(notebook_of(exercise.lesson), (exercise,))]


def lesson_named(word):
    """Return the stem of "04_softmax", "04_softmax.ipynb", "04" or "4"; None for any other word."""
    stem = word.removesuffix(".ipynb")
    number = stem.zfill(2) if stem.isdigit() else None
    return next((lesson for lesson in LESSONS if lesson == stem or lesson[:2] == number), None)


def exercise_named(word):
    """Return the Exercise called "scale", "3.2" or "03_scaling/scale". Raises Unusable."""
    meant = lesson_named(Path(word).name if word.endswith(".ipynb") else word)
    if meant:
        raise Unusable(f"{word} is a lesson: name one of its exercises, {', '.join(e.name for e in LESSONS[meant])}.")
    lesson, _, name = word.rpartition("/")
    names = [exercise.name for exercise in EXERCISES]
    if not lesson and name not in names and name not in [exercise.number for exercise in EXERCISES]:
        near = get_close_matches(name, [*names, *LESSONS], 1)
        ask = f"Did you mean {near[0]}?" if near else "Name one such as scale or 03_scaling, or a notebook."
        raise Unusable(f"There is no file, lesson or exercise called {word}. {ask}")
    try:
        return find(name, lesson_named(lesson) or lesson or None)
    except LookupError as problem:
        raise Unusable(str(problem)) from None


def lessons_there():
    """Return the lessons whose exercises are in the learner's folder. Raises Unusable where there are none."""
    folder = work_folder() / "exercises"
    lessons = [lesson for lesson in LESSONS if (folder / f"{lesson}.ipynb").is_file()]
    if not lessons:
        raise Unusable(f"There are no exercises in {folder}: `course update` puts them there.")
    return lessons


def notebook_of(lesson):
    """Return the learner's notebook of a lesson: by its name, or a renamed one where that is missing or untouched."""
    folder = work_folder() / "exercises"
    named = folder / f"{lesson}.ipynb"
    if named.is_file() and is_begun(named, lesson):
        return named
    others = [path for path in sorted(folder.glob("*.ipynb")) if path != named and not SPARE.search(path.name)]
    begun = [path for path in others if _names(path, lesson) and is_begun(path, lesson)]
    if not begun and not named.is_file():
        raise Unusable(f"There is no notebook of {lesson} in {folder}: `course update` puts it there.")
    return begun[0] if begun else named


def _names(path, lesson):
    try:
        return lesson_of(read_cells(path), path) == lesson
    except Unusable:
        return False


def is_begun(path, lesson):
    """Is anything written in an answer's cell? A file that cannot be read counts as begun: it is to be told of."""
    try:
        cells = read_cells(path)
    except Unusable:
        return True
    answers = [(answer_cell(cells, exercise), exercise.name) for exercise in LESSONS[lesson]]
    return any(cell and not is_stub(cell.text, name) for cell, name in answers)
