"""The latest run of an answer's cell: where it stopped or lost the name, the function of an earlier run is left over.

A kernel goes on knowing `scale` after a SyntaxError in its cell, or when the cell says `def scaled`. To judge what
is left over would be to judge an answer that the learner no longer has before his eyes.
"""

from dataclasses import dataclass

from course_lib.checks import LESSONS, find
from course_lib.checks.result import refused
from course_lib.checks.unmade import defines, in_words, unmade

STILL = "So {name} is still the one of an earlier run, which is not judged: mend its cell and run it first."


@dataclass
class Answer:
    """What the kernel has under an exercise's name: the function, the id of the cell that made it (None where the
    notebook sends none), and, where it is left over, the text of the latest run and what stopped that, in words.
    """

    function: object = None
    home: str | None = None
    text: str | None = None
    problem: str | None = None


KNOWN = {}  # (lesson, name) -> Answer


def begin(lesson, names):
    """Take down what the kernel knows already: no cell has run before our eyes."""
    for exercise in LESSONS.get(lesson, ()):
        home = f"{exercise.name}-answer"  # so an exercise notebook names the cell, before it has made anything
        KNOWN.setdefault((lesson, exercise.name), Answer(names.get(exercise.name), home))


def note(run, names):
    """After a run: which answers did this cell make, and which one should it have made?

    run: IPython's ExecutionResult; names: the kernel's namespace.
    """
    text, home = run.info.raw_cell or "", getattr(run.info, "cell_id", None)
    problem = run.error_before_exec or run.error_in_exec
    for (lesson, name), known in KNOWN.items():
        if names.get(name) is not known.function:
            KNOWN[lesson, name] = Answer(names.get(name), home)
        elif (problem and defines(text, name)) or (home and home == known.home):
            known.text, known.problem = text, problem and in_words(problem)


def never_made(lesson, name):
    """Return a sentence on the latest run of a cell that should have made this name and did not, or ""."""
    known = KNOWN.get((lesson, name))
    if known is None or known.text is None:
        return ""
    return f"{unmade(find(name, lesson), known.text, known.problem)}\nMend it and run it first, then this one."


def left_over(lesson, function):
    """Return (Result, the text of the latest run) when the function is one of an earlier run, else None."""
    known = KNOWN.get((lesson, getattr(function, "__name__", None)))
    if known is None or known.text is None or known.function is not function:
        return None
    exercise = find(function.__name__, lesson)
    said = unmade(exercise, known.text, known.problem)
    return refused(exercise, f"{said}\n{STILL.format(name=exercise.name)}"), known.text
