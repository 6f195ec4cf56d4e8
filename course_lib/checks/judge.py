"""The verdict on a learner's function: plain data, the same in a notebook, on the command line and in a report."""

import inspect
import types

import numpy as np

from course_lib.checks.bench import bench
from course_lib.checks.comparing import compare
from course_lib.checks.evidence import evidence
from course_lib.checks.naming import name_mistake, recognised
from course_lib.checks.remarks import global_names, remarks_on
from course_lib.checks.result import not_attempted, refused, score, verdict_of
from course_lib.checks.running import Runner, quiet, standing_in
from course_lib.checks.watch import Watch
from course_lib.checks.wording import HEADLINES, QUESTIONS, fill, headline, split_question


def judge(exercise, function, given, seconds=None):
    """Return the Result of running `function` through the exercise's cases.

    `given`: name -> function, the course's own versions of earlier exercises; they stand in for the learner's while
    the check runs. Nothing but a KeyboardInterrupt is raised.
    """
    if str(getattr(function, "__module__", "")).startswith("course_lib."):
        return not_attempted(exercise, f"This {exercise.name} is the course's own: run the cell with yours first.")
    problem = wrong_signature(exercise, function) or lost_numpy(function)
    if problem:
        return refused(exercise, problem)
    laid_out = bench(exercise, given)
    with standing_in(function, given), Watch(seconds) as watch:
        runner = Runner(function, watch)
        return Trial(laid_out, runner, lambda: remarks_on(function, given, runner.printed)).result()


def wrong_signature(exercise, function):
    """Return a sentence when the function cannot be called as the exercise calls it, else None."""
    if not callable(function):
        return f"{exercise.name} is no function here: it should begin with def {exercise.signature}:"
    try:
        signature = inspect.signature(function)
        wanted = inspect.signature(exercise.spec).parameters.values()
        signature.bind(*(p.name for p in wanted))
        signature.bind(*(p.name for p in wanted if p.default is p.empty))
        signature.bind(
            *(p.name for p in wanted if p.default is p.empty), **{p.name: 0 for p in wanted if p.default is not p.empty}
        )
    except TypeError:
        return f"The arguments differ: the exercise calls {exercise.signature}, yours is {exercise.name}{signature}."
    except ValueError:  # some functions of C do not say what they take
        return None
    return None


def lost_numpy(function):
    """Return a sentence when the function says np and its notebook has given that name to something else, else None."""
    function = inspect.unwrap(function)
    mine = getattr(function, "__globals__", {}).get("np", np)
    code = getattr(function, "__code__", None)
    if isinstance(mine, types.ModuleType) or code is None or "np" not in global_names(code):
        return None
    return f"np is {mine!r:.40} here, not NumPy: call that something else, then run `import numpy as np` once more."


class Trial:
    """One judging: the calls made so far and what became of them.

    `runner` calls the function, here or in the grader's jail; `remarks()` returns what is said of its text.
    """

    def __init__(self, bench, runner, remarks):
        self.bench, self.exercise, self.runner, self.remarks = bench, bench.exercise, runner, remarks
        self.calls, self.verdicts = {}, {}

    def result(self):
        for kind, points in (("base", 0), ("property", self.exercise.points / 2)):
            for i in self._attempts(self.bench.places(kind)):
                if isinstance(self.calls[i].error, NotImplementedError) and len(self.calls) == 1:
                    return not_attempted(self.exercise)
                if self.verdicts[i].what == "time":
                    return self._not_yet(i, points, None)
            wrong = [i for i in self.bench.places(kind) if not self.verdicts[i].right]
            if wrong:
                return self._not_yet(wrong[0], points, self._mistake())
            law = next((law for law in self.exercise.laws if law.kind == kind and not self._holds(law)), None)
            if law:
                return self._unlawful(law, points)
        return self._correct()

    def every(self):
        """Go through all cases, also behind the first that is wrong."""
        list(self._attempts(range(len(self.bench.cases))))

    def _attempts(self, places):
        """Call the function on these cases, keep each Call and its Verdict, and yield its index."""
        cases = [self.bench.cases[i] for i in places]
        for i, case, call in zip(places, cases, self.runner.each([(c.args, c.kwargs) for c in cases]), strict=True):
            self.calls[i] = call
            self.verdicts[i] = compare(self.exercise, case, call, self.bench.wanted[i])
            yield i

    def _holds(self, law):
        try:
            with quiet():
                return law.holds(self.runner)
        except Exception:
            return False

    def _mistake(self):
        return name_mistake(self.bench, self.calls, self.verdicts, self.runner)

    def _not_yet(self, i, points, mistake):
        case, call, verdict = self.bench.cases[i], self.calls[i], self.verdicts[i]
        if verdict.what == "changed":
            points = 0
        words = fill(mistake, self.runner) if mistake else headline(self.exercise, case, call, verdict)
        words, asked = split_question(words)
        asked = asked or (mistake.question if mistake else self._question(case, verdict))
        lines = [words, evidence(self.exercise, case, call, verdict), asked]
        return verdict_of(
            self.exercise,
            points,
            message="\n".join(line for line in lines if line),
            mistake=mistake.id if mistake else None,
            case=case,
            got=call.answer,
            wanted=self.bench.wanted[i],
        )

    def _question(self, case, verdict):
        if verdict.what == "values":
            by_hand = "What should come out here, worked out by hand?"
            return "What is different about this input?" if case.kind == "property" else by_hand
        return QUESTIONS[verdict.what]

    def _unlawful(self, law, points):
        if self.runner.watch.expired:  # nothing was learned of the law
            return verdict_of(self.exercise, points, message=f"{HEADLINES['time']()}\n{QUESTIONS['time']}")
        mistake = next((m for m in self.exercise.mistakes if m.matches and recognised(m, self.runner)), None)
        words, asked = split_question(fill(mistake, self.runner) if mistake else law.says)
        asked = asked or (mistake.question if mistake else "")
        message = "\n".join(line for line in (words, asked) if line)
        return verdict_of(self.exercise, points, message=message, mistake=mistake.id if mistake else None)

    def _correct(self):
        said = dict.fromkeys(remark for verdict in self.verdicts.values() for remark in verdict.remarks)
        told = [caution.says for caution in self.exercise.cautions if recognised(caution, self.runner)]
        said = (*said, *told, *self.remarks())
        name, points = self.exercise.name, self.exercise.points
        return verdict_of(self.exercise, points, message=f"{name}: correct. {score(points, points)}.", remarks=said)
