"""`check` and `hint`, as an exercise notebook has them."""

import inspect
import linecache
import sys
from collections import Counter
from dataclasses import replace

import numpy as np

from course_lib import given, progress
from course_lib.checks import EXERCISES, LESSONS, find
from course_lib.checks.judge import judge
from course_lib.feedback import kernel, latest
from course_lib.feedback.called import called
from course_lib.feedback.hints import hint_on, offer
from course_lib.feedback.pictures import draw
from course_lib.feedback.shown import NotYet, Shown, shown


def for_lesson(lesson):
    """Return (check, hint) for the exercises of one lesson, such as "03_scaling"."""
    failed = Counter()

    def check(function=None):
        exercise = _exercise_of(function, lesson, sys._getframe(1))
        left_over = latest.left_over(lesson, function)
        result, source = left_over or _judged(exercise, function)
        unkept = progress.record(result, source=source)
        if unkept:
            result = replace(result, remarks=(*result.remarks, unkept))
        if result.outcome == "correct":
            return shown(result)
        draw(exercise, result)
        raise NotYet(shown(result) if left_over else _with_offer(shown(result), exercise.name))

    def _judged(exercise, function):
        return judge(exercise, function, given.for_lesson(lesson, before=exercise.number)), source_of(function)

    def _with_offer(said, name):
        if said.tone != "not yet":  # an untouched gap is no failure
            return said
        failed[name] += 1
        more = offer(name, failed[name])
        return replace(said, lines=(*said.lines, more)) if more else said

    def hint(exercise="", stage=1):
        return hint_on(getattr(exercise, "__name__", exercise), stage, lesson)

    kernel.attend(lesson, {"check": check, "hint": hint, "np": np})
    return check, hint


def source_of(function):
    """Return the cell that a function was written in, magics and all; "" where that is not known."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    return "".join(linecache.getlines(code.co_filename)) if code else ""


def _exercise_of(function, lesson, cell):
    name = getattr(function, "__name__", None)
    if not callable(function) or name is None:
        said = called(lesson, cell.f_code.co_filename, cell.f_lineno) or _no_function(function, lesson)
        raise NotYet(Shown((said,), "not yet"))
    if name == "<lambda>":
        raise NotYet(Shown(("A lambda has no name to go by: write the answer with def.",), "not yet"))
    try:
        return find(name, lesson)
    except LookupError as problem:
        raise NotYet(Shown((str(problem),), "not yet")) from None


def _no_function(thing, lesson):
    names = [exercise.name for exercise in LESSONS.get(lesson, EXERCISES)]
    kind = "array" if isinstance(thing, np.ndarray) else type(thing).__name__
    without, name = (" without quotes,", thing) if isinstance(thing, str) else ("", "")
    example = f"as in check({name if name in names else names[0]})"
    given_one = "nothing" if thing is None else f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
    return f"check wants the function itself,{without} {example}; it was given {given_one}."
