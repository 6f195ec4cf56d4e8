"""The marks of one notebook: a function of its bytes, the checks and the secret, and of nothing else."""

import base64
import hashlib
import hmac
from contextlib import suppress
from dataclasses import replace

import numpy as np

from course_lib import given
from course_lib.checks import LESSONS
from course_lib.checks.bench import Bench
from course_lib.checks.judge import Trial
from course_lib.checks.result import not_attempted, refused
from course_tools.answers import MISSING
from course_tools.grading.nursery import Nursery, Orphaned
from course_tools.grading.remote import Remote, last_words
from course_tools.grading.ward import Gone

MESSAGE, ANSWER = 3000, 20_000  # characters that are kept in a record
STOPPED = "The cell of {0} stopped before {0} was made: {1}."
UNSPEAKABLE = "What {} gave could not be put into words ({}): look at it by hand."
NAMES = {stem: [exercise.name for exercise in exercises] for stem, exercises in LESSONS.items()}


def inputs_for(secret, exercise, sha256):
    """Return the generator of the hidden inputs: the same file always meets the same ones, and no other file does."""
    digest = hmac.new(secret, f"{exercise.key} {sha256}".encode(), hashlib.sha256).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))


class Jailed:
    """Reads and judges in children of a zygote."""

    def __init__(self, **limits):
        self.nursery, self.reader = Nursery(**limits), None

    def close(self):
        """End all processes."""
        with suppress(Orphaned):
            self._dismiss_reader()
        self.nursery.close()

    def read(self, content, name):
        """Return what `read_notebook` does; what a reader finds wrong is wrong once a fresh one has found it, too."""
        task = {"do": "read", "content": base64.b64encode(content).decode(), "name": name, "lessons": NAMES}
        found = self._read(task) if self.reader else {"problem": "was not read"}
        if "problem" in found:
            self._dismiss_reader()
            self.reader = self.nursery.child()
            found = self._read(task)
        return found

    def _read(self, task):
        try:
            return self.reader.ask_anew(task)
        except Gone as gone:
            return {"problem": f"cannot be read: {gone}"}

    def _dismiss_reader(self):
        """Its seconds may be used up by others' notebooks, and its memory in pieces."""
        if self.reader is not None:
            self.reader.close()
        self.reader = None

    def judge(self, notebook, exercise, secret, sha256, every=False):
        """Return (Result, Trial or None) of one exercise of a notebook that was read.

        `every`: go through all cases, also behind the first that is wrong.
        """
        if exercise.name not in notebook.get("answers", NAMES[exercise.lesson]):
            return not_attempted(exercise, MISSING.format(exercise.name)), None  # it takes no child to see that
        task = {"do": "answer", "lesson": exercise.lesson, "number": exercise.number, "name": exercise.name}
        task |= {"signature": exercise.signature, "points": exercise.points, "cells": notebook["cells"]}
        with self.nursery.child(exercise.lesson, exercise.number, exercise.name) as child:
            try:
                said = child.ask(task)
            except Gone as gone:
                late = "it did not end, and was stopped after a few seconds"
                why = late if gone.late else gone
                return refused(exercise, STOPPED.format(exercise.name, why)), None
            if said:  # its last words already: there is no function to call
                outcome, message, remarks = last_words(said)
                result = not_attempted(exercise, message) if outcome == "not attempted" else refused(exercise, message)
                return replace(result, remarks=remarks), None
            rng = inputs_for(secret, exercise, sha256)
            try:
                return _tried(Remote(child, given.EXERCISES[exercise.number]), exercise, rng, every)
            except Exception as problem:  # an answer that no message can be made of costs its question, not the batch
                return refused(exercise, UNSPEAKABLE.format(exercise.name, type(problem).__name__)), None


def _tried(remote, exercise, rng, every):
    earlier = given.for_lesson(exercise.lesson, before=exercise.number)
    trial = Trial(Bench(exercise, earlier, rng), remote, lambda: ())
    result = trial.result()
    if every:
        trial.every()
    said = remote.end(result.outcome == "correct")
    return replace(result, remarks=(*result.remarks, *said)), trial


def marks(judge, notebook, secret, sha256):
    """Return {"status", "points", "max_points", "exercises": [records]} of a notebook that was read."""
    records = []
    for exercise in LESSONS[notebook["lesson"]]:
        result, _ = judge.judge(notebook, exercise, secret, sha256)
        record = result.record() | {"answer": notebook["answers"].get(exercise.name, "")[:ANSWER]}
        shape = notebook["trees"].get(exercise.name, "")
        record |= {"message": record["message"][:MESSAGE], "tree": tree_digest(shape), "nodes": shape.count("(")}
        records.append(record)
    answered = any(record["outcome"] != "not attempted" for record in records)
    points, most = (sum(record[key] for record in records) for key in ("points", "max_points"))
    status = "graded" if answered else "no answers"
    return {"status": status, "points": points, "max_points": most, "exercises": records}


def tree_digest(tree):
    """Return a short name of a syntax tree: equal for answers that differ in names and remarks only."""
    return hashlib.sha256(tree.encode(errors="replace")).hexdigest()[:16] if tree else ""
