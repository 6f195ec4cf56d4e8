"""Which mistake is it? The one whose code gives the very answers the learner's function gave."""

import ast
import inspect
import textwrap
import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course_lib.checks.comparing import close, compare, measured, read, tolerance
from course_lib.checks.running import Runner, quiet


def function_from(exercise, body, given):
    """Return a function with the exercise's name and arguments and this body; np and `given` are in its scope."""
    scope = {"np": np} | given
    exec(compile(source_of(exercise, body), f"<{exercise.name}>", "exec"), scope)
    return scope[exercise.name]


def source_of(exercise, body):
    """Return `def NAME(arguments):` and the body; a last line that is a bare expression is returned."""
    last = ast.parse(f"def f():\n{textwrap.indent(body, ' ')}").body[0].body[-1]
    if isinstance(last, ast.Expr):
        lines = body.splitlines()
        lines[last.lineno - 2] = "return " + lines[last.lineno - 2]
        body = "\n".join(lines)
    return f"def {exercise.name}{inspect.signature(exercise.spec)}:\n{textwrap.indent(body, '    ')}\n"


class Bench:
    """An exercise laid out for one check after another: its cases, what is wanted, what each mistake gives."""

    def __init__(self, exercise, given):
        self.exercise, self.given = exercise, given
        rng = np.random.default_rng(zlib.crc32(exercise.key.encode()))
        self.cases = exercise.inputs(rng)
        self.wanted = [self._want(case) for case in self.cases]
        self.square = exercise.square(rng) if exercise.square else None
        self._outcomes = {}

    def _want(self, case):
        if case.wanted is not None and case.measure is None:
            return case.wanted
        return Runner(self.exercise.spec, seconds=60).run(case.args, case.kwargs).answer

    def places(self, kind):
        """Return the indices of the cases of this kind."""
        return [i for i, case in enumerate(self.cases) if case.kind == kind]

    def outcome(self, mistake, case_index):
        """Return (Call, Verdict) of the mistake's code on a case; the index -1 is the square probe."""
        key = mistake.id, case_index
        if key not in self._outcomes:
            case = self.square if case_index == -1 else self.cases[case_index]
            wanted = self._want(case) if case_index == -1 else self.wanted[case_index]
            call = Runner(function_from(self.exercise, mistake.code, self.given)).run(case.args, case.kwargs)
            self._outcomes[key] = call, compare(self.exercise, case, call, wanted)
        return self._outcomes[key]

    def same(self, mistake, case_index, call):
        """Did the learner's call end as the mistake's did: the same answer, or a stop of the same kind?"""
        theirs, _ = self.outcome(mistake, case_index)
        if call.error is not None or theirs.error is not None:
            return type(call.error) is type(theirs.error)
        if [c[0] for c in call.changed] != [c[0] for c in theirs.changed]:
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
    if a is None or b is None or a.shape != b.shape:
        return one is None and other is None
    if case.rtol is not None:
        a, b = _statistic(case, a), _statistic(case, b)
    return close(a, b, tolerance(exercise, case, a), case.rtol)


def _statistic(case, answer):
    value = measured(case, answer)
    unmeasured = (case.measure is None and answer.ndim) or np.isnan(value).any()
    return np.asarray(answer.std()) if unmeasured else value


def name_mistake(bench, calls, verdicts, runner):
    """Return the Mistake that explains the failing calls, or None.

    calls, verdicts: the learner's, by case index; the base cases, and the property cases when all base ones are right.
    A mistake explains them when it gives the learner's answer on all cases of the kind that failed. When several
    faults meet in one function, none does; then it is enough to give the learner's answer wherever it is wrong itself.
    """
    mistakes, base = bench.exercise.mistakes, bench.places("base")
    learner = _Learner(calls, verdicts, runner)
    if not all(verdicts[i].right for i in base):
        return _first(m for m in mistakes if _explains(bench, m, learner, base))
    mistakes = [m for m in mistakes if m.matches or all(bench.outcome(m, i)[1].right for i in base)]
    properties = bench.places("property")
    wrong = [i for i in properties if not verdicts[i].right]
    return _first(m for m in mistakes if _explains(bench, m, learner, properties)) or _first(
        m for m in mistakes if not m.matches and _explains_some(bench, m, learner, properties, wrong)
    )


@dataclass(frozen=True)
class _Learner:
    calls: dict
    verdicts: dict
    runner: Runner


def _first(found):
    return next(iter(found), None)


def _explains(bench, mistake, learner, places):
    if mistake.matches:
        return recognised(mistake, learner.runner)
    if not all(bench.same(mistake, i, learner.calls[i]) for i in places):
        return False
    if any(bench.shows(mistake, i) for i in places):
        return True
    crashed = any(learner.verdicts[i].what == "raised" for i in places)
    return crashed and _square_shows(bench, mistake, learner.runner)


def _explains_some(bench, mistake, learner, places, wrong):
    its_own = [i for i in places if not bench.outcome(mistake, i)[1].right]
    return bool(wrong) and wrong[0] in its_own and _explains(bench, mistake, learner, its_own)


def _square_shows(bench, mistake, runner):
    if bench.square is None or not bench.shows(mistake, -1):
        return False
    return bench.same(mistake, -1, runner.run(bench.square.args, bench.square.kwargs))


def recognised(mistake, runner):
    """Does the mistake's own recogniser say yes? An answer that stops under its questions is a no."""
    try:
        with quiet():
            return bool(mistake.matches(runner))
    except Exception:
        return False
