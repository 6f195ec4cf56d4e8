"""From an exercise notebook to the learner's functions: the answer's cell runs, and what it needs, nothing else."""

import ast
import linecache
from dataclasses import replace
from pathlib import Path

import numpy as np

from course_lib import given, progress
from course_lib.checks import LESSONS
from course_lib.checks.judge import judge
from course_lib.checks.remarks import names_made
from course_lib.checks.result import not_attempted, refused
from course_lib.checks.running import quiet
from course_lib.checks.unmade import defines, in_words, unmade
from course_lib.checks.watch import Watch
from course_lib.progress.kept import is_stub
from course_tools.borrowing import borrowed, statements
from course_tools.notebooks import lesson_of, read_cells

MISSING = "{} is missing: no cell of this notebook defines it."
TWICE = "{} is written in {} cells that differ: {} counts here, in the notebook the one that ran last."


def results(path):
    """Return the Result of every exercise of the notebook's lesson, in order. Raises Unusable."""
    return [result for result, _ in judged(path)]


def judged(path, exercises=None):
    """Return (Result, the answer's source) of these exercises, or of all of the notebook's lesson. Raises Unusable."""
    cells, folder = read_cells(path), progress.work_dir(Path(path).parent)
    exercises = exercises or LESSONS[lesson_of(cells, path)]
    return [(judge_answer(cells, exercise, folder), source_in(cells, exercise)) for exercise in exercises]


def source_in(cells, exercise):
    """Return the answer's cell as the learner wrote it, magics and all; "" where there is none."""
    cell = answer_cell(cells, exercise)
    return "".join(linecache.getlines(cell.file)) if cell else ""


def judge_answer(cells, exercise, folder=None, judge=judge):
    """Return the Result of one exercise of the notebook; `folder` is the learner's, where earlier answers are kept.

    The grader's children hand in a `judge` of their own.
    """
    cell = answer_cell(cells, exercise)
    if cell is None:
        back = progress.how_back(exercise.lesson, exercise.name, folder) if folder else ""
        return not_attempted(exercise, f"{MISSING.format(exercise.name)} {back}".rstrip())
    result = _judge_cell(cells, cell, exercise, judge)
    rivals = [other for other in _written(cells, exercise) if not is_stub(other.text, exercise.name)]
    if len({other.text for other in rivals}) > 1:
        which = "the exercise's own" if cell.id == f"{exercise.name}-answer" else "the last of them"
        return replace(result, remarks=(*result.remarks, TWICE.format(exercise.name, len(rivals), which)))
    return result


def _judge_cell(cells, cell, exercise, judge):
    earlier = given.for_lesson(exercise.lesson, before=exercise.number)
    scope = {"__name__": "__main__", "np": np} | earlier
    scope.pop(exercise.name, None)  # the attention of lesson 04 must not stand in for the one that 05 asks for
    _run_imports(cells[0], scope)
    others = [other for other in cells if other is not cell]
    for statement in borrowed(cell, others, scope):
        _run(statement.text, statement.file, scope)
    problem = _run(cell.text, cell.file, scope)
    if exercise.name not in names_made(cell.text) or exercise.name not in scope:
        return refused(exercise, unmade(exercise, cell.text, problem))
    return judge(exercise, scope[exercise.name], earlier)


def answer_cell(cells, exercise):
    """Return the cell with the answer's id; where that is gone or still the stub, the last one that defines it."""
    marked = [cell for cell in cells if cell.id == f"{exercise.name}-answer"]
    written = _written(cells, exercise)
    if marked and (marked[0] in written and not is_stub(marked[0].text, exercise.name)):
        return marked[0]
    return written[-1] if written else (marked or [None])[0]


def _written(cells, exercise):
    return [cell for cell in cells if defines(cell.text, exercise.name) or exercise.name in cell.makes]


def _run_imports(cell, scope):
    for node in statements(cell.text):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            _run(ast.get_source_segment(cell.text, node), cell.file, scope)


def _run(text, file, scope):
    """Run the text in the scope; return what stopped it in words, or None."""
    try:
        code = compile(text, file, "exec")
        with quiet(), Watch() as watch:
            watch.run(lambda: exec(code, scope))
    except KeyboardInterrupt:
        raise
    except BaseException as problem:
        return in_words(problem)
