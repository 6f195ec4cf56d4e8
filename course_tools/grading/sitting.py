"""The questions of one notebook: as few children as may be answer them, and none that could know too much."""

import re
from dataclasses import replace

from course_lib import given
from course_lib.checks.bench import Bench
from course_lib.checks.judge import Trial
from course_lib.checks.result import not_attempted, refused
from course_tools.answers import MISSING
from course_tools.grading.inputs import NAMES, inputs_for
from course_tools.grading.remote import Remote, last_words
from course_tools.grading.ward import Gone

STOPPED = "The cell of {0} stopped before {0} was made: {1}."
UNSPEAKABLE = "What {} gave could not be put into words ({}): look at it by hand."
SETTLED = ("correct", "not attempted")


class Sitting:
    """One notebook before its judge.

    A child whose answer was right is asked the next question, too: to start one costs more than most answers. What is
    not right there is asked again, in a child of its own, and that verdict counts, so that nothing that one answer
    leaves behind costs another its marks. It earns none either: a child knows no value that is wanted, and of the
    course only what came before the question that it was made for.
    """

    def __init__(self, nursery, notebook, secret, sha256):
        self.nursery, self.notebook, self.secret, self.sha256 = nursery, notebook, secret, sha256
        self.child, self.knows = None, set()

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self._dismiss()

    def ask(self, exercise, every=False):
        """Return (Result, Trial or None) of an exercise; each is asked once, in the order of the lesson.

        `every`: go through all cases, also behind the first that is wrong.
        """
        if exercise.name not in self.notebook["answers"]:
            return not_attempted(exercise, MISSING.format(exercise.name)), None  # it takes no child to see that
        if self.child is not None and not self._speaks_of(exercise, _earlier(exercise) - self.knows):
            result, trial = self._asked(exercise, every)
            if result.outcome in SETTLED:
                return result, trial
        shared = self._make_child(exercise)
        result, trial = self._asked(exercise, every)
        if not shared or result.outcome not in SETTLED:
            self._dismiss()
        return result, trial

    def _make_child(self, exercise):
        """Make a child for this question, and return whether it may be asked those that follow."""
        self._dismiss()
        names = NAMES[exercise.lesson]
        to_come = names[names.index(exercise.name) :]
        shared = not self._speaks_of(exercise, _earlier(exercise) & set(to_come))
        unknown = to_come if shared else [exercise.name]
        self.child = self.nursery.child(exercise.lesson, exercise.number, *unknown)
        self.knows = _earlier(exercise) - set(unknown)
        return shared

    def _dismiss(self):
        if self.child is not None:
            self.child.close()
        self.child = None

    def _speaks_of(self, exercise, names):
        """Whether the answer's text has one of these names. Others are not asked: a wrong guess costs time alone."""
        text = self.notebook["answers"][exercise.name]
        return not names.isdisjoint(re.findall(r"\w+", text))

    def _asked(self, exercise, every):
        task = {"do": "answer", "lesson": exercise.lesson, "number": exercise.number, "name": exercise.name}
        task |= {"signature": exercise.signature, "points": exercise.points, "cells": self.notebook["cells"]}
        try:
            said = self.child.ask_anew(task)
        except Gone as gone:
            late = "it did not end, and was stopped after a few seconds"
            why = late if gone.late else gone
            return refused(exercise, STOPPED.format(exercise.name, why)), None
        if said:  # its last words already: there is no function to call
            outcome, message, remarks = last_words(said)
            result = not_attempted(exercise, message) if outcome == "not attempted" else refused(exercise, message)
            return replace(result, remarks=remarks), None
        rng = inputs_for(self.secret, exercise, self.sha256)
        try:
            return _tried(Remote(self.child, given.EXERCISES[exercise.number]), exercise, rng, every)
        except Exception as problem:  # an answer that no message can be made of costs its question, not the batch
            return refused(exercise, UNSPEAKABLE.format(exercise.name, type(problem).__name__)), None


def _earlier(exercise):
    """Return the names of the earlier exercises, whose reference versions stand in, but for its own."""
    return set(given.for_lesson(exercise.lesson, before=exercise.number)) - {exercise.name}


def _tried(remote, exercise, rng, every):
    earlier = given.for_lesson(exercise.lesson, before=exercise.number)
    trial = Trial(Bench(exercise, earlier, rng), remote, lambda: ())
    result = trial.result()
    if every:
        trial.every()
    said = remote.end(result.outcome == "correct")
    return replace(result, remarks=(*result.remarks, *said)), trial
