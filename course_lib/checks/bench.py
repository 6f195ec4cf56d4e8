"""An exercise laid out for judging: its cases, what is wanted on each, and what each known mistake gives there."""

import ast
import inspect
import textwrap
import zlib
from dataclasses import replace
from functools import lru_cache

import numpy as np

from course_lib.checks.comparing import close, compare, measured, read, tolerance
from course_lib.checks.running import Runner


def function_from(exercise, body, given):
    """Return a function with the exercise's name and arguments and this body; np and `given` are in its scope."""
    scope = {"np": np} | given
    exec(compile(source_of(exercise, body), f"<{exercise.name}>", "exec"), scope)
    return scope[exercise.name]


def source_of(exercise, body):
    """Return `def NAME(arguments):` and the body; a last line that is a bare expression is returned."""
    lines = body.splitlines()
    if not lines[-1].startswith("return"):  # the others need no parsing, and there are sixty to an exercise
        last = ast.parse(f"def f():\n{textwrap.indent(body, ' ')}").body[0].body[-1]
        if isinstance(last, ast.Expr):
            lines[last.lineno - 2] = "return " + lines[last.lineno - 2]
            body = "\n".join(lines)
    return f"{_head(exercise.spec)}\n{textwrap.indent(body, '    ')}\n"


@lru_cache(maxsize=256)
def _head(spec):
    return f"def {spec.__name__}{inspect.signature(spec)}:"


class Bench:
    """An exercise laid out for one check after another: its cases, what is wanted, what each mistake gives."""

    def __init__(self, exercise, given, rng=None):
        self.exercise, self.given = exercise, given
        rng = rng or np.random.default_rng(zlib.crc32(exercise.key.encode()))  # the grader's is a secret
        self.cases = exercise.inputs(rng)
        self.wanted = [self.want(case) for case in self.cases]
        self.square = exercise.square(rng) if exercise.square else None
        self.mistakes = [replace(m, code=code) for m in exercise.mistakes for code in (m.code, *m.variants)]
        self._outcomes = {}

    def want(self, case):
        """Return what is wanted on a case."""
        if case.wanted is not None and case.measure is None:
            return case.wanted
        if case.wanted is not None:  # only the shape of a draw is compared: the quick one will do
            quick = function_from(self.exercise, self.exercise.reference, self.given)
            return Runner(quick).run(case.args, case.kwargs).answer
        return Runner(self.exercise.spec).run(case.args, case.kwargs).answer

    def places(self, kind):
        """Return the indices of the cases of this kind."""
        return [i for i, case in enumerate(self.cases) if case.kind == kind]

    def outcome(self, mistake, case_index):
        """Return (Call, Verdict) of the mistake's code on a case; the index -1 is the square probe."""
        key = mistake.code, case_index
        if key not in self._outcomes:
            case = self.square if case_index == -1 else self.cases[case_index]
            wanted = self.want(case) if case_index == -1 else self.wanted[case_index]
            call = Runner(function_from(self.exercise, mistake.code, self.given)).run(case.args, case.kwargs)
            self._outcomes[key] = call, compare(self.exercise, case, call, wanted)
        return self._outcomes[key]

    def same(self, mistake, case_index, call):
        """Did the learner's call end as the mistake's did: the same answer, or a stop of the same kind?"""
        theirs, verdict = self.outcome(mistake, case_index)
        if call.error is not None or theirs.error is not None:
            return type(call.error) is type(theirs.error)
        if verdict.what == "changed" and [c[0] for c in call.changed] != [c[0] for c in theirs.changed]:
            return False
        case = self.square if case_index == -1 else self.cases[case_index]
        return same_answer(self.exercise, case, call.answer, theirs.answer)

    def shows(self, mistake, case_index):
        """Does this case tell the mistake from a right answer, by more than a stop?"""
        call, verdict = self.outcome(mistake, case_index)
        return call.error is None and not verdict.right


@lru_cache(maxsize=64)
def _bench(exercise, given):
    return Bench(exercise, dict(given))


def bench(exercise, given):
    """Return the exercise's Bench; made once for each set of given functions."""
    return _bench(exercise, frozenset((name, f) for name, f in given.items() if name != exercise.name))


def same_answer(exercise, case, one, other):
    """Are the two answers alike? Draws at random are, when they are as near as the case's `rtol` asks."""
    if isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)):
        return len(one) == len(other) and all(
            same_answer(exercise, case, a, b) for a, b in zip(one, other, strict=True)
        )
    a, b = read(one), read(other)
    if a is None or b is None or a.shape != b.shape or "c" in a.dtype.kind + b.dtype.kind:
        return one is None and other is None
    if case.rtol is not None:
        a, b = _statistic(case, a), _statistic(case, b)
    return close(a, b, tolerance(exercise, case, a), case.rtol)


def _statistic(case, answer):
    value = measured(case, answer)
    unmeasured = (case.measure is None and answer.ndim) or np.isnan(value).any()
    return np.asarray(answer.std()) if unmeasured else value
