"""Grading without a jail, in this very process: for one's own answers on a system that has none."""

import base64
from contextlib import nullcontext
from dataclasses import dataclass

from course_lib.checks.bench import Bench
from course_lib.checks.judge import Trial, lost_numpy, wrong_signature
from course_lib.checks.remarks import remarks_on
from course_lib.checks.result import refused
from course_lib.checks.running import Runner, standing_in
from course_lib.checks.watch import Watch
from course_tools.answers import judge_answer
from course_tools.check import silent
from course_tools.grading.inputs import NAMES, inputs_for
from course_tools.grading.learner import rows_of
from course_tools.grading.reading import read_notebook
from course_tools.notebooks import cells_of


class Trusting:
    """Reads and judges here: the hidden inputs are the jail's, and so are the marks of an honest answer."""

    def read(self, content, name):
        return read_notebook(base64.b64encode(content), name, NAMES)

    def sit(self, notebook, secret, sha256):
        return nullcontext(Sitting(notebook, secret, sha256))


@dataclass(frozen=True)
class Sitting:
    """One notebook before its judge."""

    notebook: dict
    secret: bytes
    sha256: str

    def ask(self, exercise):
        """Return (Result, None) of an exercise."""
        with silent():
            return judge_answer(cells_of(self.notebook["cells"]), exercise, judge=self._judged), None

    def _judged(self, exercise, function, earlier):
        problem = wrong_signature(exercise, function) or lost_numpy(function)
        if problem:
            return refused(exercise, problem)
        bench = Bench(exercise, earlier, inputs_for(self.secret, exercise, self.sha256))
        with standing_in(function, earlier), Watch() as watch:
            runner = Runner(function, watch)
            return Trial(bench, runner, lambda: remarks_on(function, earlier, runner.printed)).result()


def rows_here(tasks):
    """Yield (task, rows), one after another."""
    for task in tasks:
        yield task, rows_of(Trusting(), task)
