"""The texts of the exercises against their Exercise objects: promise, answer, order, and examples that run."""

import ast
import doctest
import re
import textwrap

import numpy as np
import pytest

from course_lib import given
from course_lib.checks import EXERCISES
from course_lib.checks.bench import function_from
from course_lib.feedback import progress
from course_tools.build import exercises as roles
from course_tools.build import source
from course_tools.build.places import Course

TEXTS = {stem: source.read(Course().source("exercises", stem)) for stem in dict.fromkeys(e.lesson for e in EXERCISES)}
each = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.key)


def cell(exercise, kind):
    """The text of an exercise's "task" or "answer"."""
    cells = TEXTS[exercise.lesson].in_notebook()
    (found,) = [cell.text for cell in cells if roles.role(cell) == (kind, exercise.name)]
    return found


@pytest.mark.parametrize("stem", TEXTS)
def test_the_first_cell_brings_check_hint_and_progress(stem):
    first = next(cell.text for cell in TEXTS[stem].in_notebook() if cell.kind == "code")
    made = {}
    exec(first, made)
    assert callable(made["check"]) and callable(made["hint"]) and made["progress"] is progress
    assert "progress() shows" in first


@each
def test_the_answer_is_the_reference(exercise):
    region = re.search(r"### BEGIN SOLUTION\n(.*?)^ *### END SOLUTION", cell(exercise, "answer"), re.S | re.M)
    assert textwrap.dedent(region[1]).strip() == exercise.reference.strip()


@each
def test_task_and_docstring_open_with_the_promise(exercise):
    heading, promise, *_ = cell(exercise, "task").split("\n\n")
    assert (heading, promise) == (f"## {{{{ {exercise.name} }}}}", exercise.promise)
    function = ast.parse(cell(exercise, "answer")).body[-1]
    assert ast.get_docstring(function).splitlines()[0] == exercise.promise


@each
def test_the_task_shows_the_signature(exercise):
    assert f"`{exercise.signature}`" in cell(exercise, "task")


@each
def test_the_worked_example_is_right(exercise):
    names = {"np": np} | given.for_lesson(exercise.lesson, before=exercise.number)
    names[exercise.name] = function_from(exercise, exercise.reference, names)
    text = cell(exercise, "task").replace("```", "\n")
    examples = doctest.DocTestParser().get_doctest(text, names, exercise.key, None, None)
    assert examples.examples
    failed, _ = doctest.DocTestRunner(verbose=False).run(examples)
    assert failed == 0


@pytest.mark.parametrize("stem", TEXTS)
def test_core_exercises_stand_before_the_cut_and_in_order(stem):
    cells = TEXTS[stem].in_notebook()
    (cut,) = [i for i, cell in enumerate(cells) if cell.meta.get("cut")]
    found = [(i > cut, roles.role(cell)[1]) for i, cell in enumerate(cells) if roles.role(cell)[0] == "task"]
    mine = sorted((e for e in EXERCISES if e.lesson == stem), key=lambda e: (not e.core, e.number))
    assert found == [(not e.core, e.name) for e in mine]


@pytest.mark.parametrize("stem", TEXTS)
def test_one_sentence_a_line(stem):
    for cell in TEXTS[stem].in_notebook():
        prose = re.sub(r"```.*?```", "", cell.text, flags=re.S) if cell.kind == "markdown" else ""
        assert "!" not in prose
        for line in prose.splitlines():
            assert not re.search(r"[a-z)`][.?] [A-Z`]", line), line
