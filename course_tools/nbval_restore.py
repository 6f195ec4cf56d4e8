"""Put a learner's notebook together anew: everything from the shipped solution, the answers alone from the learner.

What a learner, or a friend of theirs, may have done to the rest of the file (deleted checks, tags that skip them,
outputs that say "correct", cells that change how other cells run) is then simply not there.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from course_lib.checks import find
from course_tools.answers import answer_cell
from course_tools.borrowing import Cell
from course_tools.build.exercises import stub
from course_tools.build.places import ROOT

SOLUTIONS = ROOT / "solutions"
SECONDS = 300  # for judging one notebook; each check has a limit of its own


def stem_of(path, notebook):
    """The stem of the exercise that a notebook is ("03_scaling"), or None for any other notebook.

    Known by its file name ("03_scaling.ipynb", "my 03_scaling (2).ipynb"), else by its answer and check cells and the
    functions it defines. A lesson bears the name of its exercise, too: its cells are named as a lesson's, nothing in it
    is an exercise's, and it does not lie among exercises.
    """
    stems = sorted(path.stem for path in SOLUTIONS.glob("*.ipynb"))
    likeness = {stem: _likeness(stem, notebook) for stem in stems}
    is_lesson = any(re.fullmatch(r"\d\d_\w+-\d+", cell.get("id", "")) for cell in notebook.cells)
    if is_lesson and not any(likeness.values()) and path.resolve().parent.name != "exercises":
        return None
    named = [stem for stem in stems if stem in path.stem]
    likely = [stem for stem in stems if likeness[stem]]
    return next(iter(named or sorted(likely, key=likeness.get, reverse=True)), None)


def _likeness(stem, notebook):
    """How many cells of a notebook are answers, checks or definitions of an exercise."""
    shipped = {cell.id for cell in load(stem).cells if role(cell)}
    functions = "|".join(sorted({cell_id.rsplit("-", 1)[0] for cell_id in shipped}))
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    defined = re.findall(rf"^(?:def ({functions})\b|check\(({functions})\))", code, re.M)
    return sum(cell.get("id") in shipped for cell in notebook.cells) + len(defined)


def load(stem):
    """The shipped solution of a stem."""
    return nbformat.read(SOLUTIONS / f"{stem}.ipynb", as_version=4)


def restored(notebook, stem):
    """The shipped solution, with the learner's answers in place of its own and a stub where there is none."""
    shipped = load(stem)
    for cell in shipped.cells:
        if role(cell) == "answer":
            name = function_of(cell)
            found = answer(notebook, stem, name)
            cell.source = stub(cell.source, name) if found is None else found
    return shipped


def role(cell):
    """ "answer", "check" or None: what nbgrader's metadata say of a shipped cell."""
    about = cell.metadata.get("nbgrader", {})
    return "answer" if about.get("solution") else "check" if about.get("grade") else None


def function_of(cell):
    """The function that a shipped answer or check cell is about."""
    return cell.id.rsplit("-", 1)[0]


def answer(notebook, stem, name):
    """The learner's cell for a function, found as `course check` finds it; None where there is none."""
    cells = [Cell(cell.get("id", ""), cell.source, "") for cell in notebook.cells if cell.cell_type == "code"]
    found = answer_cell(cells, find(name, stem))
    return found.text if found else None


def verdicts(notebook, stem):
    """{function: record} of `course check --json` on a restored notebook; {} where it gives none.

    An answer cell can change anything in the kernel it runs in, `check` and the reading of input included. Here it
    runs in a fresh process with no IPython, and what it prints does not reach the report. (Answers that attack the
    judge from inside are the grader's business, which never runs them in its own process.)
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{stem}.ipynb")
        nbformat.write(notebook, path)
        # -P: nothing beside the notebook can pass for the course.
        command = [sys.executable, "-P", "-m", "course_tools", "check", str(path), "--json"]
        try:
            said = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS).stdout
            return {record["function"]: record for record in json.loads(said)}
        except (subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
            return {}
