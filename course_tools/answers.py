"""From an exercise notebook to the learner's functions: the answer's cell runs, and what it needs, nothing else."""

import ast
import json
import linecache
import re
from pathlib import Path

import numpy as np

from course_lib import given
from course_lib.checks import LESSONS
from course_lib.checks.judge import judge
from course_lib.checks.remarks import names_made
from course_lib.checks.result import not_attempted, refused
from course_lib.checks.running import quiet
from course_lib.checks.watch import TimeUp, Watch
from course_tools.borrowing import Cell, borrowed, statements

LARGEST = 20_000_000  # bytes; a notebook with every picture of the course stays far below
MAGIC = re.compile(r"^([ \t]*)[%!].*$|^([ \t]*)[\w.]+\?{1,2}[ \t]*$", re.M)


class Unusable(Exception):
    """A file that is no exercise notebook; the text says why."""


def read_cells(path):
    """Return the code cells of a notebook. Raises Unusable."""
    try:
        if Path(path).stat().st_size > LARGEST:
            raise Unusable(f"{path} is larger than any exercise of this course.")
        cells = json.loads(Path(path).read_text("utf-8"))["cells"]
        return [_cell(i, cell) for i, cell in enumerate(cells) if cell["cell_type"] == "code"]
    except OSError as problem:
        raise Unusable(f"{path} cannot be read: {problem.strerror}.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unusable(f"{path} is no notebook: course check reads .ipynb files.") from None


def _cell(i, cell):
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    file = f"<{cell.get('id') or f'cell {i}'}>"
    text = MAGIC.sub(lambda found: f"{found[1] or found[2] or ''}pass", source)
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)  # messages quote the line
    return Cell(str(cell.get("id", "")), text, file)


def lesson_of(cells, path):
    """Return the lesson that the first cell names, or else the file. Raises Unusable."""
    called = re.search(r"for_lesson\(\s*[\"']([\w/]+)[\"']", cells[0].text if cells else "")
    stem = called[1] if called and called[1] in LESSONS else Path(path).stem
    if stem not in LESSONS:
        raise Unusable(f"{path} names no lesson of this course: its first cell should call for_lesson.")
    return stem


def results(path):
    """Return the Result of every exercise of the notebook's lesson, in order. Raises Unusable."""
    cells = read_cells(path)
    return [judge_answer(cells, exercise) for exercise in LESSONS[lesson_of(cells, path)]]


def judge_answer(cells, exercise, judge=judge):
    """Return the Result of one exercise of the notebook. The grader's children hand in a `judge` of their own."""
    cell = answer_cell(cells, exercise)
    if cell is None:
        return not_attempted(exercise, f"{exercise.name} is missing: no cell of this notebook defines it.")
    earlier = given.for_lesson(exercise.lesson, before=exercise.number)
    scope = {"__name__": "__main__", "np": np} | earlier
    scope.pop(exercise.name, None)  # the attention of lesson 04 must not stand in for the one that 05 asks for
    _run_imports(cells[0], scope)
    others = [other for other in cells if other is not cell]
    for statement in borrowed(cell, others, scope):
        _run(statement.text, statement.file, scope)
    problem = _run(cell.text, cell.file, scope)
    if exercise.name not in names_made(cell.text) or exercise.name not in scope:
        return refused(exercise, f"The cell of {exercise.name} stopped before {exercise.name} was made: {problem}.")
    return judge(exercise, scope[exercise.name], earlier)


def answer_cell(cells, exercise):
    """Return the cell with the answer's id; where that is gone or still the stub, the last one that defines it."""
    marked = [cell for cell in cells if cell.id == f"{exercise.name}-answer"]
    written = [cell for cell in cells if f"def {exercise.name}(" in cell.text or exercise.name in cell.makes]
    if marked and (marked[0] in written and not _is_stub(marked[0].text, exercise.name)):
        return marked[0]
    return written[-1] if written else (marked or [None])[0]


def _is_stub(text, name):
    try:
        functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name == name]
    except SyntaxError:
        return False
    if not functions:
        return False
    body = functions[-1].body[1 if ast.get_docstring(functions[-1]) else 0 :]
    return bool(body) and all(isinstance(statement, ast.Raise) for statement in body)


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
    except SyntaxError as problem:
        line = (problem.text or "").strip()
        return f"line {problem.lineno} is no Python ({problem.msg}): {line}"
    except TimeUp:
        return "it did not end, and was stopped after a few seconds"
    except BaseException as problem:
        return f"{type(problem).__name__}: {problem}"
