"""A toy question, played before the first fork: what Python makes and learns at a first run, no child makes again."""

import base64
import json

import numpy as np

from course_lib.checks.exercise import Seed
from course_tools.answers import judge_answer
from course_tools.grading import child, frames, seccomp, wire
from course_tools.grading.reading import read_notebook
from course_tools.notebooks import cells_of

TIMES = 10  # the interpreter settles on a line after some eight runs of it
TEXT = '''
def toy(x, times=2):
    """Return x, so many times as large."""
    total = np.sum(x * times, axis=-1)
    return x / total
'''
CELLS = [
    "import numpy as np\nfrom course_lib.feedback import for_lesson\ncheck, hint = for_lesson('00_toy')",
    TEXT,
    "check(toy)",
    "print('a cell of a learner')",
]
ABOUT = {"lesson": "03_toy", "number": "3.1", "name": "toy", "signature": "toy(x, times=2)", "points": 1}


def rehearse():
    """Read a notebook and judge its answer as a child does, with nobody at the other end of the wire."""
    cells = [{"cell_type": "code", "id": f"{i}", "source": source} for i, source in enumerate(CELLS)]
    content = base64.b64encode(json.dumps({"cells": cells}).encode())
    seccomp.libc().prctl(0, 0, 0, 0, 0)  # refused, and known by its name from here on
    for _ in range(TIMES):
        read = read_notebook(content, "00_toy.ipynb", {"00_toy": ["toy"]})
        judge_answer(cells_of(read["cells"]), child.exercise_of(ABOUT), judge=_serve)


def _serve(exercise, function, earlier):
    problem = child.wrong_signature(exercise, function) or child.lost_numpy(function)
    asked = child.Asked(function, exercise.name)
    with child.standing_in(function, earlier):
        for args in ((np.ones((2, 3)), 2), ([1.0, 2.0],), (Seed(7),)):
            task = {"args": wire.encode(args), "kwargs": {}}
            task = frames.message(frames.frame(task)[8:])
            for reply in asked.call({"each": [task]}):
                frames.frame(reply)
    child.remarks_on(function, earlier, asked.runner.printed)
    return child.refused(exercise, str(problem))
