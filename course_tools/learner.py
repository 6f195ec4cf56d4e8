"""`course hint`, `course progress` and `course solution`: what a learner asks for in a terminal."""

import sys

from rich.console import Console

from course_lib import feedback
from course_lib.checks.bench import source_of
from course_lib.checks.result import score
from course_lib.feedback.standing import bar
from course_lib.progress import best
from course_tools.answers import judged
from course_tools.check import recorded, silent
from course_tools.notebooks import Unusable
from course_tools.targets import exercise_named, notebook_of, work_folder

CLOSED = "{0} is not right yet, so its solution stays closed: `course hint {0}` helps, --anyway shows it."


def hint(name, stage=1):
    """Print a hint. Return 0; 2 for a name or a stage that does not exist."""
    try:
        exercise = exercise_named(name)
    except Unusable as problem:
        print(problem, file=sys.stderr)
        return 2
    said = feedback.hint_on(name, stage, exercise.lesson, ask=feedback.IN_A_TERMINAL)
    exists = stage in range(1, len(exercise.hints) + 1)
    print(said.terminal(sys.stdout.isatty()), file=sys.stdout if exists else sys.stderr)
    return 0 if exists else 2


def progress():
    """Print bars by lesson and what is next. Return 0; 2 where there is no learner's folder."""
    try:
        said = feedback.standing(work_folder())
    except Unusable as problem:
        print(problem, file=sys.stderr)
        return 2
    console = Console(highlight=False)
    if console.is_terminal:
        console.print(bars(said))
        console.print(said.last_line)
    else:
        print(said)
    return 0


def bars(said):
    """Return a Standing's rows as a table. (The empty bar of rich's own is a full black one on a white terminal.)"""
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    for row in said.rows:
        table.add_row(row.lesson, f"[green]{bar(row)}[/]", score(row.points, row.max_points))
    return table


def solution(name, anyway=False):
    """Print the course's answer. Return 0; 1 while the learner's own is not right, 2 for an unknown name."""
    try:
        exercise = exercise_named(name)
        if not anyway and not is_right(exercise):
            print(CLOSED.format(name), file=sys.stderr)
            return 1
    except Unusable as problem:
        print(problem, file=sys.stderr)
        return 2
    _print_code(source_of(exercise, exercise.reference))
    return 0


def is_right(exercise):
    """Was the learner's answer ever right, or is it now? Raises Unusable where there is no learner's folder."""
    if best(work_folder()).get((exercise.lesson, exercise.name), 0) == exercise.points:
        return True
    path = notebook_of(exercise.lesson)
    with silent():
        ((result, source),) = judged(path, (exercise,))
    return recorded(result, source, path).outcome == "correct"


def _print_code(text):
    from rich.syntax import Syntax

    console = Console()
    if console.is_terminal:
        console.print(Syntax(text.rstrip(), "python", theme="ansi_dark", background_color="default"))
    else:
        print(text.rstrip())
