"""Is this answer the wanted one? Shape first, then the kind of its entries, then the values."""

from dataclasses import dataclass

import numpy as np

from course_lib.checks.watch import TimeUp

KINDS = {"b": "bool", "i": "int", "u": "int", "f": "float"}
NARROW = 1e-5  # tolerance where float32 is involved


@dataclass(frozen=True)
class Verdict:
    """How one call did. `what`: "" when right, else raised, time, nothing, unreadable, parts, shape, kind, values
    or changed. `got` and `wanted` are plain arrays, those of the `part` that failed (measured, if the case measures).
    """

    what: str = ""
    got: object = None
    wanted: object = None
    part: str = ""
    remarks: tuple = ()

    @property
    def right(self):
        return not self.what


def compare(exercise, case, call, wanted):
    """Return the Verdict on a Call against the loop's answer."""
    if call.error is not None:
        return Verdict("time" if isinstance(call.error, TimeUp) else "raised", wanted=wanted)
    if call.answer is None:
        return Verdict("nothing", wanted=wanted)
    verdict = _compare_parts(exercise, case, call.answer, wanted)
    return Verdict("changed", verdict.got, verdict.wanted) if verdict.right and call.changed else verdict


def _compare_parts(exercise, case, answer, wanted):
    if not isinstance(wanted, tuple):
        return _compare_one(exercise, case, answer, wanted)
    if not isinstance(answer, (tuple, list, np.ndarray)) or len(answer) != len(wanted):
        return Verdict("parts", answer, wanted)
    if case.measure:
        return _compare_together(exercise, case, answer, wanted)
    for i, (got, right) in enumerate(zip(answer, wanted, strict=True)):
        verdict = _compare_one(exercise, case, got, right, part_name(exercise, i))
        if not verdict.right:
            return verdict
    return verdict


def _compare_together(exercise, case, answer, wanted):
    """Parts that are judged by what they do together: their sizes are the learner's own."""
    parts = [read(part) for part in answer]
    for i, (got, right) in enumerate(zip(parts, wanted, strict=True)):
        if got is None or not kind_fits(got, exercise.kind):
            what = "unreadable" if got is None else "kind"
            return Verdict(what, answer[i] if got is None else got, np.asarray(right), part_name(exercise, i))
    got, right = measured(case, parts), measured(case, wanted)
    return Verdict("" if close(got, right, tolerance(exercise, case, got), case.rtol) else "values", got, right)


def part_name(exercise, i):
    """Return "V", or "part 3" where the exercise gives its parts no names."""
    return exercise.parts[i] if exercise.parts else f"part {i + 1}"


def _compare_one(exercise, case, answer, wanted, part=""):
    got, right = read(answer), np.asarray(wanted)
    if got is None:
        return Verdict("unreadable", answer, right, part)
    if got.shape != right.shape:
        return Verdict("shape", got, right, part)
    if got.size and not kind_fits(got, exercise.kind):
        return Verdict("kind", got, right, part)
    if case.measure or case.wanted is not None:
        got, right = measured(case, got), measured(case, right) if case.wanted is None else np.asarray(case.wanted)
    if not close(got, right, tolerance(exercise, case, got), case.rtol):
        return Verdict("values", got, right, part)
    return Verdict("", got, right, part, remarks(case, answer, got))


def read(answer):
    """Return the answer as an array of numbers, or None when it is nothing of the kind."""
    try:
        got = np.asarray(answer)
    except Exception:  # ragged lists, objects with an opinion
        return None
    return got if got.dtype.kind in "biufc" else None


def kind_fits(got, kind):
    """Whole numbers are welcome where floats are wanted; else the kind must be the very one."""
    mine = KINDS.get(got.dtype.kind)
    return mine == kind or (mine, kind) == ("int", "float")


def measured(case, answer):
    """Return what the case compares: the answer itself, or the measure of it (nan when it cannot be taken). Parts are
    measured all together.
    """
    if case.measure is None:
        return np.asarray(answer)
    try:
        with np.errstate(all="ignore"):
            return np.asarray(case.measure(answer[()] if isinstance(answer, np.ndarray) else answer), float)
    except Exception:
        return np.asarray(np.nan)


def tolerance(exercise, case, got):
    """Return 1e-9, or what float32 can hold where an argument or the answer is of that width."""
    narrow = any(_width(a) in (2, 4) for a in (*case.args, got))
    return max(exercise.tolerance, NARROW) if narrow else exercise.tolerance


def close(got, wanted, tolerance, rtol=None):
    """Equal within the tolerance (nan equals nan); within rtol of the wanted size for statistical answers."""
    if got.shape != wanted.shape:
        return False
    if got.dtype.kind in "biu" and wanted.dtype.kind in "biu":
        return np.array_equal(got, wanted)
    if rtol is not None:
        return np.allclose(got, wanted, rtol=rtol, atol=0, equal_nan=True)
    return np.allclose(got, wanted, rtol=tolerance, atol=tolerance, equal_nan=True)


def _width(value):
    is_float = isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind == "f"
    return value.dtype.itemsize if is_float else None


def remarks(case, answer, got):
    """Return what a right answer is told besides: a list for an array, a float width that changed."""
    said = []
    if got.ndim and not isinstance(answer, np.ndarray):
        said.append("a list came back; it is read as an array. np.array(...) makes one.")
    widths = {_width(a) for a in case.args} - {None}
    if got.ndim and got.dtype.kind == "f" and len(widths) == 1 and {_width(got)} != widths:
        went, came = widths.pop() * 8, _width(got) * 8
        said.append(f"float{went} went in, float{came} came out (np.sqrt of an int is a float64; d_k ** 0.5 is not).")
    return tuple(said)
