"""The marks of one notebook: a function of its bytes, the checks and the secret, and of nothing else."""

import base64
import hashlib
from contextlib import suppress

from course_lib.checks import LESSONS
from course_tools.grading.inputs import NAMES
from course_tools.grading.nursery import Nursery, Orphaned
from course_tools.grading.sitting import Sitting
from course_tools.grading.ward import Gone

MESSAGE, ANSWER = 3000, 20_000  # characters that are kept in a record


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

    def sit(self, notebook, secret, sha256):
        """Return a Sitting over a notebook that was read."""
        return Sitting(self.nursery, notebook, secret, sha256)

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


def marks(judge, notebook, secret, sha256):
    """Return {"status", "points", "max_points", "exercises": [records]} of a notebook that was read."""
    records = []
    with judge.sit(notebook, secret, sha256) as sitting:
        for exercise in LESSONS[notebook["lesson"]]:
            result, _ = sitting.ask(exercise)
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
