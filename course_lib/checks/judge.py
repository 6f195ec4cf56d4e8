"""The verdict on a learner's function: plain data, the same in a notebook, on the command line and in a report."""

import inspect
from dataclasses import dataclass

from course_lib.checks.comparing import compare
from course_lib.checks.naming import bench, name_mistake, recognised
from course_lib.checks.remarks import remarks_on
from course_lib.checks.running import Runner, quiet, standing_in
from course_lib.checks.wording import QUESTIONS, evidence, fill, headline, split_question


@dataclass(frozen=True)
class Result:
    """What a check found. `message`: one to three lines; `case`, `got`, `wanted`: the failing call, for a picture."""

    lesson: str  # "03_scaling"
    exercise: str  # "3.2"
    function: str  # "scale"
    outcome: str  # "correct", "not yet" or "not attempted"
    points: float
    max_points: int
    message: str
    mistake: str | None = None  # the id of a known mistake
    remarks: tuple = ()
    case: object = None
    got: object = None
    wanted: object = None

    def record(self):
        """Return the plain dict that `course check --json` prints and progress keeps."""
        said = [*self.message.splitlines(), *(f"Remark: {remark}" for remark in self.remarks)]
        return {
            "lesson": self.lesson,
            "exercise": self.exercise,
            "function": self.function,
            "outcome": self.outcome,
            "mistake": self.mistake,
            "message": " ".join(said),
            "points": self.points,
            "max_points": self.max_points,
        }


def judge(exercise, function, given, seconds=None):
    """Return the Result of running `function` through the exercise's cases.

    `given`: name -> function, the course's own versions of earlier exercises; they stand in for the learner's while
    the check runs. Nothing but a KeyboardInterrupt is raised.
    """
    if str(getattr(function, "__module__", "")).startswith("course_lib."):
        return not_attempted(exercise, f"This {exercise.name} is the course's own: run the cell with yours first.")
    if not callable(function):
        return _result(exercise, 0, message=f"{exercise.name} is no function here: write def {exercise.signature}:")
    problem = wrong_signature(exercise, function)
    if problem:
        return _result(exercise, 0, message=problem)
    with standing_in(function, given):
        return _Trial(exercise, function, given, seconds).result()


def not_attempted(exercise, message=None):
    """Return the Result of a gap that nobody has touched."""
    message = message or f"{exercise.name} is not written yet: replace the line that raises."
    return Result(
        exercise.lesson, exercise.number, exercise.name, "not attempted", 0, exercise.points, message
    )


def wrong_signature(exercise, function):
    """Return a sentence when the function cannot be called as the exercise calls it, else None."""
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


def _result(exercise, points, **more):
    outcome = "correct" if points == exercise.points else "not yet"
    points = int(points) if points == int(points) else points
    return Result(exercise.lesson, exercise.number, exercise.name, outcome, points, exercise.points, **more)


class _Trial:
    """One judging: the calls made so far and what became of them."""

    def __init__(self, exercise, function, given, seconds):
        self.exercise, self.function = exercise, function
        self.bench = bench(exercise, given)
        self.runner = Runner(function, seconds)
        self.calls, self.verdicts = {}, {}

    def result(self):
        for kind, points in (("base", 0), ("property", self.exercise.points / 2)):
            for i in self.bench.places(kind):
                self._try(i)
                if isinstance(self.calls[i].error, NotImplementedError) and kind == "base":
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

    def _try(self, i):
        case = self.bench.cases[i]
        self.calls[i] = self.runner.run(case.args, case.kwargs)
        self.verdicts[i] = compare(self.exercise, case, self.calls[i], self.bench.wanted[i])

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
        return _result(
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
        mistake = next((m for m in self.exercise.mistakes if m.matches and recognised(m, self.runner)), None)
        words, asked = split_question(fill(mistake, self.runner) if mistake else law.says)
        asked = asked or (mistake.question if mistake else "")
        message = "\n".join(line for line in (words, asked) if line)
        return _result(self.exercise, points, message=message, mistake=mistake.id if mistake else None)

    def _correct(self):
        said = dict.fromkeys(remark for verdict in self.verdicts.values() for remark in verdict.remarks)
        said = (*said, *remarks_on(self.function, self.bench.given, self.runner.printed))
        name, points = self.exercise.name, self.exercise.points
        return _result(
            self.exercise, points, message=f"{name}: correct. {points} of {points} points.", remarks=said
        )
