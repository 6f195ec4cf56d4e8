"""Hints: three for each exercise, a question, a pointer, nearly the line. A check offers them, and never the answer."""

from course_lib.checks import find
from course_lib.feedback.shown import Shown

IN_A_CELL = 'hint("{name}", {stage})'
IN_A_TERMINAL = "course hint {name} --stage {stage}"


def hint_on(name, stage=1, lesson=None, ask=IN_A_CELL):
    """Return the Shown of one hint, or of a sentence on an unknown name; `ask` is how to ask for another one here."""
    try:
        exercise = find(str(name), lesson)
    except LookupError as problem:
        return Shown((str(problem),), "hint")
    many = len(exercise.hints)
    if stage not in range(1, many + 1):
        return Shown((f"{name} has hints 1 to {many}: {ask.format(name=name, stage=1)} shows the first.",), "hint")
    last = "That was the last one."
    more = last if stage == many else f"The next one: {ask.format(name=name, stage=stage + 1)}."
    return Shown((f"{exercise.name}, hint {stage} of {many}", exercise.hints[stage - 1], more), "hint")


def offer(name, failures):
    """Return the line under a failed check: it points to the hints after the first, and offers them after the third."""
    if failures == 1:
        return f'hint("{name}") helps with a question.'
    if failures == 3:
        return f'Stuck? hint("{name}") is a question, hint("{name}", 2) a pointer, hint("{name}", 3) nearly the line.'
    return None
