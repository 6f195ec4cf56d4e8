"""How far the learner is: points by lesson, of the exercises that exist, and what is next."""

import html
from dataclasses import dataclass

from course_lib.checks import LESSONS
from course_lib.checks.result import score
from course_lib.progress import best, entries, work_dir

WIDTH = 20  # characters of a bar in plain text
NOWHERE = "No progress is kept here: it is in the folder work/ of the course, which `course lab` makes."


@dataclass(frozen=True)
class Row:
    """One lesson: points reached and to be had, exercises done and all of them."""

    lesson: str
    points: float
    max_points: int
    done: int
    exercises: int


@dataclass(frozen=True)
class Standing:
    """Rows by lesson and the exercise that is next (None when all are right); `problem`: why there are none."""

    rows: tuple = ()
    next: object = None
    problem: str = ""

    @property
    def last_line(self):
        """`11 of 46 points. Next: 3.2 scale, 5 minutes, in exercises/03_scaling.ipynb.`"""
        if self.problem:
            return self.problem
        said = f"{score(sum(row.points for row in self.rows), sum(row.max_points for row in self.rows))}. "
        if self.next is None:
            return said + "Every exercise is right."
        minutes = f"{self.next.minutes} minute{'s' * (self.next.minutes != 1)}"
        return said + f"Next: {self.next.number} {self.next.name}, {minutes}, in exercises/{self.next.lesson}.ipynb."

    def __repr__(self):
        return "\n".join([*(_line(row) for row in self.rows), self.last_line])

    def _repr_html_(self):
        rows = "".join(
            f"<tr><td>{row.lesson}</td><td><progress max='{row.max_points}' value='{row.points:g}' "
            f"aria-label='{row.lesson}'></progress></td><td>{score(row.points, row.max_points)}</td></tr>"
            for row in self.rows
        )
        return f"<table>{rows}</table><p>{html.escape(self.last_line, quote=False)}</p>"


def _line(row):
    return f"{row.lesson:20}{bar(row)}  {score(row.points, row.max_points)}"


def bar(row):
    """Return a Row's bar in plain text, which says in two colours as in one how full it is."""
    full = int(WIDTH * row.points / row.max_points)
    return "█" * full + "░" * (WIDTH - full)


def standing(folder=None):
    """Return the Standing of a learner's folder; without one, of the folder we are in."""
    folder = folder or work_dir()
    if folder is None:
        return Standing(problem=NOWHERE)
    reached = best(folder)
    rows = [_row(lesson, reached) for lesson in LESSONS]
    rows = [row for row in rows if row.points or (folder / "exercises" / f"{row.lesson}.ipynb").is_file()]
    return Standing(tuple(rows), what_next([row.lesson for row in rows], reached, entries(folder)))


def _row(lesson, reached):
    exercises = LESSONS[lesson]
    points = [min(reached.get((lesson, exercise.name), 0), exercise.points) for exercise in exercises]
    done = sum(mine == exercise.points for mine, exercise in zip(points, exercises, strict=True))
    return Row(lesson, sum(points), sum(exercise.points for exercise in exercises), done, len(exercises))


def what_next(lessons, reached, checked):
    """Return the exercise to go on with: the last one checked, else the next after it; core ones come first."""
    exercises = [exercise for lesson in lessons for exercise in LESSONS[lesson]]
    at = {(exercise.lesson, exercise.name): i for i, exercise in enumerate(exercises)}
    checked = [key for entry in checked if (key := _key(entry)) in at]
    last = at[checked[-1]] if checked else 0
    ahead = [*exercises[last:], *exercises[:last]]
    todo = [e for e in ahead if reached.get((e.lesson, e.name), 0) < e.points]
    if todo and todo[0] is ahead[0] and checked:
        return todo[0]
    return next((e for e in todo if e.core), todo[0] if todo else None)


def _key(entry):
    return str(entry.get("lesson")), str(entry.get("function"))


def progress():
    """Show how far you are, lesson by lesson, and what is next."""
    return standing()
