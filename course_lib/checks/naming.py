"""Which mistake is it? The one whose code gives the very answers that the learner's function gave."""

from dataclasses import dataclass

from course_lib.checks.running import Runner, quiet


def name_mistake(bench, calls, verdicts, runner):
    """Return the Mistake that explains the failing calls, or None.

    calls, verdicts: the learner's, by case index; the base cases, and the property cases when all base ones are right.
    A mistake explains them when it gives the learner's answer on all cases of the kind that failed. When several
    faults meet in one function, none does; then it is enough to give the learner's answer wherever it is wrong itself.
    """
    mistakes, base = bench.mistakes, bench.places("base")
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
    """Does the recogniser of a mistake (or of a caution) say yes? An answer that stops under its questions is a no."""
    try:
        with quiet():
            return bool(mistake.matches(runner))
    except Exception:
        return False
