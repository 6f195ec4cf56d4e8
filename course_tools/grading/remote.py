"""A learner's function in the jail, with the face of a Runner: laws, mistakes and messages do not see the wall."""

import builtins
from types import SimpleNamespace

import numpy as np

from course_lib.checks import memory
from course_lib.checks.comparing import NARROW, read
from course_lib.checks.exercise import Seed
from course_lib.checks.running import Call, Stopped, fresh
from course_lib.checks.watch import TimeUp
from course_tools.grading import wire
from course_tools.grading.ward import Gone

ENTRIES = 1 << 17  # of an answer: no question asks for more
CROWD = 16_384  # tokens: not even their booleans, n x n, fit the jail
LUCK = 0.05  # how far two statistics of as many random draws may lie apart: six standard errors
KNOWN = {"AxisError": np.exceptions.AxisError, "LinAlgError": np.linalg.LinAlgError}


class Ended(Exception):
    """The child is no more, or made no sense."""


class _Said(str):
    """A KeyError shows the repr of what it is given."""

    __repr__ = str.__str__


class Remote:
    """Calls the function of a Child; what comes back are plain arrays, numbers and names.

    `right` is the course's own function, for what is too large for the loop spec.
    """

    def __init__(self, child, right):
        self.child, self.right, self.printed, self.lost = child, right, "", None
        self.watch = SimpleNamespace(expired=False)

    def run(self, args, kwargs=None):
        """Return the Call."""
        return self.each([(args, kwargs)])[0]

    def each(self, inputs):
        """Return the Call of each (args, kwargs): all are sent at once, so that neither side waits for the other."""
        task = {"do": "call", "each": [_packed(args, kwargs) for args, kwargs in inputs]}
        replies = self.child.ask_each(task, len(inputs))
        return [self._next(replies, args) for args, _ in inputs]  # none is left unread

    def _next(self, replies, args):
        """Return the Call that the next reply tells of; nothing more is heard of a child that was lost."""
        try:
            if self.lost is None:
                return self._call(next(replies), args)
        except Gone as gone:
            self._lose(gone)
        except Exception as problem:  # whatever is wrong with a reply, it is the child's and ends with it
            self._lose(Gone(f"its reply could not be used: {problem}"))
        return Call(error=self.lost)

    def _call(self, said, args):
        self.printed = "…" if self.printed or said["printed"] else ""
        changed = tuple((i, args[i], wire.decode(after, ENTRIES)) for i, after in said["changed"][: len(args)])
        if not all(_can_change(*pair) for pair in changed):
            raise ValueError("an argument that cannot change so")
        error = _error(*said["error"]) if "error" in said else None
        answer = wire.decode(said["answer"], ENTRIES) if error is None else None
        return Call(answer, error, self.printed, changed)

    def __call__(self, *args, **kwargs):
        """Return the answer; raise what the function raised, as an Exception."""
        call = self.run(args, kwargs)
        if call.error is not None:
            raise call.error if isinstance(call.error, Exception) else Stopped(type(call.error).__name__)
        return call.answer

    def end(self, correct):
        """Return the remarks that the child has when nothing more is asked."""
        said = self._ask("end", correct=correct)
        return last_words(said)[2] if self.lost is None else ()

    def growth(self, inputs):
        """Return what `memory.growth` does: no growth where CROWD tokens fit the jail, and the answer is the right one.

        A child's own figures can be forged: they only fill the words of the message.
        """
        args = inputs(CROWD)
        call = self.run(args)
        if call.error is None:
            near = LUCK if any(isinstance(a, Seed) for a in args) else NARROW
            return (0.0, 0) if _alike(call.answer, self.right(*fresh(args)), near) else (memory.QUADRATIC, 0)
        small, large = (self._bytes(inputs(n)) for n in (memory.SECOND, memory.THIRD))
        return max(large / small, memory.QUADRATIC), large

    def _bytes(self, args):
        said = (self._ask("measure", **_packed(args)) or {}).get("bytes")
        return float(said) if isinstance(said, int) and 0 < said < 2**48 else 1.0

    def _ask(self, do, **more):
        if self.lost is not None:
            return None
        try:
            return self.child.ask({"do": do} | more)
        except Gone as gone:
            return self._lose(gone)

    def _lose(self, gone):
        self.watch.expired = gone.late
        self.lost = TimeUp() if gone.late else Ended(str(gone))


def _packed(args, kwargs=None):
    kwargs = {name: wire.encode(value) for name, value in (kwargs or {}).items()}
    return {"args": ["tuple", [wire.encode(a) for a in args]], "kwargs": kwargs}


def _can_change(i, before, after):
    arrays = isinstance(before, (np.ndarray, list)) and isinstance(after, (np.ndarray, list))
    return arrays and type(i) is int and i >= 0 and read(after) is not None


def _alike(answer, wanted, near):
    got = read(answer)
    return got is not None and got.shape == np.shape(wanted) and np.allclose(got, wanted, near, near)


def last_words(said):
    """Return (outcome, message, remarks) of a child's last message, cut to a decent length; what is no text is none."""
    remarks = said.get("remarks")
    remarks = remarks[:20] if isinstance(remarks, list) else []
    words = (said.get("outcome"), said.get("message"), *remarks)
    outcome, message, *remarks = [word[: wire.TEXT] if isinstance(word, str) else "" for word in words]
    return outcome, message, tuple(filter(None, remarks))


def _error(name, text, where):
    """Return an exception of the name that the learner's had; nothing of theirs is in it but text."""
    kind = KNOWN.get(name) or getattr(builtins, str(name), None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)) or issubclass(kind, UnicodeError):
        kind = wire.named_type(str(name), Exception)
    error = kind(_Said(str(text)[: wire.TEXT]))
    error.where = str(where)[: wire.TEXT]
    return error
