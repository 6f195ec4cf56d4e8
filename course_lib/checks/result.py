"""What a check found, as plain data."""

from dataclasses import dataclass


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
    better: float = 0  # points of a better answer that was checked before, where there was one

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


def not_attempted(exercise, message=None):
    """Return the Result of a gap that nobody has touched."""
    message = message or f"{exercise.name} is not written yet: replace the line that raises."
    return Result(exercise.lesson, exercise.number, exercise.name, "not attempted", 0, exercise.points, message)


def score(points, max_points):
    """Return "1.5 of 3 points", "0 of 1 point"."""
    return f"{points:g} of {max_points} point{'s' * (max_points != 1)}"


def refused(exercise, message):
    """Return the Result of an answer that cannot even be called."""
    return verdict_of(exercise, 0, message=message)


def verdict_of(exercise, points, **more):
    outcome = "correct" if points == exercise.points else "not yet"
    points = int(points) if points == int(points) else points
    return Result(exercise.lesson, exercise.number, exercise.name, outcome, points, exercise.points, **more)
