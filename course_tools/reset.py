"""`course reset`: an exercise, or a lesson's exercises, back to the start; the notebook as it was is kept beside it."""

import json
import sys
from itertools import count

from course_lib import progress
from course_lib.checks import LESSONS
from course_lib.checks.unmade import defines
from course_lib.progress.kept import add_file, is_stub, keep
from course_tools.answers import source_in
from course_tools.notebooks import Unusable, read_cells
from course_tools.servers import is_open, open_places
from course_tools.targets import ROOT, exercise_named, lesson_named, notebook_of
from course_tools.work import write_atomically

RELOAD = "It is open in JupyterLab: choose File > Reload Notebook from Disk there."
STOPPED = "\nStopped. Your notebook is whole, either as it was or as it starts; run the command again to go on."


def main(word, root=ROOT):
    """Reset and say where the old answer is. Return 0; 1 where work/ cannot be written, 2 for an unknown word."""
    try:
        for line in reset(word, root):
            print(line)
    except KeyboardInterrupt:
        print(STOPPED, file=sys.stderr)
        return 130
    except Unusable as problem:
        print(problem, file=sys.stderr)
        return 2
    except OSError as problem:
        print(f"Nothing was reset: {problem.strerror or problem} ({problem.filename}).", file=sys.stderr)
        return 1
    return 0


def reset(word, root=ROOT):
    """Reset a lesson or an exercise and return sentences: what was done and where the old one is. Raises Unusable."""
    lesson = lesson_named(word)
    exercises = LESSONS[lesson] if lesson else (exercise_named(word),)
    return reset_in(notebook_of(exercises[0].lesson), exercises, root)


def reset_in(path, exercises, root=ROOT):
    """Reset one exercise, or all of a lesson, in this notebook; return sentences. Raises Unusable."""
    lesson = exercises[0].lesson
    word, shipped = exercises[0].name if len(exercises) == 1 else lesson, root / "exercises" / f"{lesson}.ipynb"
    if not shipped.is_file():
        raise Unusable(f"The course has no exercises of {lesson} yet.")
    path = path.resolve()  # or a link would give way to a file
    open_there = is_open(path, open_places(path.parent))
    old = path.read_bytes()
    new = shipped.read_bytes() if len(exercises) > 1 else with_stub(path, shipped, exercises[0])
    if _same(old, new):
        return [f"{word} is at its start already."]
    kept = [found for exercise in exercises if (found := _keep_answer(path, exercise))]
    copy = add_file(old, (path.with_name(f"{path.stem}.kept-{number}.ipynb") for number in count(1)))
    write_atomically(path, new)
    return _sentences(word, path, copy, kept) + [RELOAD] * open_there


def _same(old, new):
    try:
        return old == new or json.loads(old.decode("utf-8-sig")) == json.loads(new)
    except ValueError:
        return False


def with_stub(path, shipped, exercise):
    """Return the notebook's bytes with the exercise as it was shipped; a cell that was deleted is back in its place.

    Another cell that defines the function becomes a comment: nothing of it is lost, and it counts no longer.
    """
    read_cells(path)  # raises Unusable, which says what to do with a broken file
    book = json.loads(path.read_bytes().decode("utf-8-sig"))
    theirs = json.loads(shipped.read_text("utf-8"))["cells"]
    for cell in book["cells"]:
        if cell["cell_type"] == "code" and _counts(cell, exercise):
            cell["source"] = ["# " + line for line in "".join(cell["source"]).splitlines(keepends=True)]
    for wanted in [cell for cell in theirs if cell["id"].rsplit("-", 1)[0] == exercise.name]:
        place = next((i for i, cell in enumerate(book["cells"]) if cell.get("id") == wanted["id"]), None)
        if place is None:
            book["cells"].insert(_place(book["cells"], theirs, wanted), wanted)
        else:
            book["cells"][place] = wanted
    return (json.dumps(book, indent=1, ensure_ascii=False) + "\n").encode()


def _counts(cell, exercise):
    text = "".join(cell["source"])
    return defines(text, exercise.name) and not is_stub(text, exercise.name)


def _place(cells, shipped, wanted):
    """Return where a shipped cell that is gone belongs: after the nearest one before it that is still there."""
    there = {cell.get("id"): i for i, cell in enumerate(cells)}
    before = shipped[: shipped.index(wanted)]
    return next((there[cell["id"]] + 1 for cell in reversed(before) if cell["id"] in there), len(cells))


def _keep_answer(path, exercise):
    folder = progress.work_dir(path.parent)
    try:
        source = source_in(read_cells(path), exercise)
    except Unusable:
        return None  # the copy beside it holds every byte
    return folder and keep(source, exercise.lesson, exercise.name, folder)


def _sentences(word, path, copy, kept):
    said = [f"{word} is at its start again in {path.name}. Your notebook as it was: {copy}."]
    if len(kept) == 1:
        said.append(f"To bring the answer back, run {progress.load_line(kept[0], path.parent)} in an empty cell.")
    elif kept:
        said.append(f"Its answers one by one: {kept[0].parents[1]}.")
    return said
