"""The sentence that shows the learner's value beside the wanted one, on the smallest case that failed."""

import linecache
import re
import traceback

import numpy as np

from course_lib.checks.comparing import KINDS, tolerance
from course_lib.checks.showing import call_in_words, first_difference, shape_in_words, short

KIND_NAMES = {"bool": "True and False", "int": "whole numbers", "float": "numbers with a fraction"}


def evidence(exercise, case, call, verdict):
    """Return the sentence that shows the learner's value beside the wanted one on this case."""
    shown = call_in_words(exercise, case.args, case.kwargs)
    shown = f"{case.says[0].upper()}{case.says[1:]}, {shown}" if case.says else shown
    if verdict.what == "raised":
        return f"{shown} raised {_error(call.error)}{where(call.error, exercise.name)}."
    if verdict.what == "changed":
        return _changed(exercise, call)
    if verdict.what in ("nothing", "time", "unreadable", "parts"):
        return f"The call was {shown}."
    shown += f", {verdict.part}" if verdict.part else ""
    if verdict.what == "shape":
        mine = str(verdict.got.shape) if verdict.got.ndim else "no axes: it is one number"
        has = "has shape" if verdict.got.ndim else "has"
        return f"{shown} {has} {mine}, wanted {shape_in_words(verdict.wanted.shape, axes_of(exercise, verdict))}."
    if verdict.what == "kind":
        mine = KIND_NAMES.get(KINDS.get(verdict.got.dtype.kind), "complex numbers")
        wanted = KIND_NAMES[exercise.kind].removesuffix(" with a fraction")  # whole ones are welcome, too
        return f"{shown} holds {mine}, wanted {wanted}."
    return _values(exercise, case, verdict, shown)


def _values(exercise, case, verdict, shown):
    differ = ~np.isclose(verdict.got, verdict.wanted, *_room(exercise, case, verdict), equal_nan=True)
    place, mine, wanted = first_difference(verdict.got, verdict.wanted, axes_of(exercise, verdict), differ)
    place = _name_of(case.measure) if case.measure else place
    return f"{shown} gave {mine}{' for ' + place if place else ''}, wanted {wanted}."


def _room(exercise, case, verdict):
    room = tolerance(exercise, case, verdict.got)
    return (room, room) if case.rtol is None else (case.rtol, 0)


def _name_of(measure):
    return (measure.__doc__ or "what counts").strip().rstrip(".")


def axes_of(exercise, verdict):
    """Return the names of the answer's axes, or those of the part that failed."""
    if exercise.axes and isinstance(exercise.axes[0], tuple):
        return exercise.axes[exercise.parts.index(verdict.part)] if verdict.part in exercise.parts else ()
    return exercise.axes


MATMUL = re.compile(r"matmul: Input operand 1 has a mismatch .*\(size (\d+) is different from (\d+)\)")


def _error(error):
    text = (str(error).strip().splitlines() or [""])[-1][:200]
    text = MATMUL.sub(r"in @ the left one has \2 columns, the right one \1 rows", text).rstrip(".")
    return f"{type(error).__name__}{': ' if text else ''}{text}"


def where(error, name):
    """Return " (line 3: return e / e.sum(axis))": the innermost line that the learner wrote."""
    if error.__traceback__ is None:  # raised in the grader's jail, which sends the place along
        return getattr(error, "where", "")
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.name == name]
    if not frames:
        return ""
    mine = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == frames[0].filename][-1]
    line = linecache.getline(mine.filename, mine.lineno).strip()
    return f" (line {mine.lineno}: {line})" if line else f" (line {mine.lineno})"


def _changed(exercise, call):
    position, before, after = call.changed[0]
    name, before, after = exercise.arguments[position], np.asarray(before), np.asarray(after)
    if before.shape != after.shape:
        return f"{name} had shape {before.shape} before the call and has {after.shape} after it."
    spot = tuple(int(i) for i in np.argwhere(before != after)[0]) if (before != after).any() else ()
    old, new = short(before[spot]), short(after[spot])
    return f"{name}{list(spot)} was {old} before the call and is {new} after it."
