"""A learner's side of the checks: cells that run as a notebook runs them, and notebooks as JSON."""

import itertools
import linecache

import numpy as np

from course_lib import given
from course_lib.checks.bench import source_of
from course_lib.checks.judge import judge

COUNT = itertools.count()


class Notebook:
    """One namespace, cell after cell; each cell is a file of its own, as in IPython."""

    def __init__(self, **names):
        self.names = {"__name__": "__main__", "np": np} | names

    def run(self, source):
        file = f"/tmp/ipykernel_test/{next(COUNT)}.py"
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        exec(compile(source, file, "exec"), self.names)
        return self


def given_to(exercise):
    return given.for_lesson(exercise.lesson, before=exercise.number)


def answer(exercise, body, **names):
    """The function that a cell with this body makes."""
    notebook = Notebook(**given_to(exercise), **names)
    return notebook.run(source_of(exercise, body)).names[exercise.name]


def verdict(exercise, body, **names):
    """The Result of an answer with this body."""
    return judge(exercise, answer(exercise, body, **names), given_to(exercise))


def code_cell(id, source):
    return {"cell_type": "code", "id": id, "metadata": {}, "execution_count": None, "outputs": [], "source": source}


def notebook(exercises, bodies=None, first=""):
    """The JSON of an exercise notebook in which every answer is the reference but for `bodies` (name -> body)."""
    head = f'import numpy as np\n{first}from course_lib.feedback import for_lesson\ncheck, hint = for_lesson("{{}}")'
    cells = [code_cell("first", head.format(exercises[0].lesson))]
    for exercise in exercises:
        source = source_of(exercise, (bodies or {}).get(exercise.name, exercise.reference))
        cells.append(code_cell(f"{exercise.name}-answer", source.splitlines(keepends=True)))
        cells.append(code_cell(f"{exercise.name}-check", f"check({exercise.name})"))
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
