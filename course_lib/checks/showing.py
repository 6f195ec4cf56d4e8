"""Numbers, shapes and calls in words: as short as they can be while the difference still shows."""

import numpy as np

from course_lib.checks.exercise import Seed

SHOWN = 6  # a row or an argument longer than this is cut or named by its shape


class Short(float):
    """A float that formats itself to three digits unless a format says otherwise."""

    def __format__(self, spec):
        return short(float(self)) if not spec else super().__format__(spec)


def short(number, digits=3):
    """Return 0.632, 12, 1000, 1.3e-05, nan: at most `digits` digits that count, no trailing zeros.

    >>> short(0.63212), short(1000.0), short(True), short(-0.0)
    ('0.632', '1000', 'True', '0')
    """
    if isinstance(number, (bool, np.bool_)):
        return str(bool(number))
    if isinstance(number, (int, np.integer)):
        return str(int(number))
    if isinstance(number, complex):
        return str(number)
    number = float(number) + 0.0
    if np.isfinite(number) and (number == round(number) and abs(number) < 1e7):
        return str(int(number))
    return f"{number:.{digits}g}"


def side_by_side(got, wanted):
    """Return both numbers (or lists of them) with enough digits for them to differ."""
    for digits in (3, 6, 9, 12, 17):
        mine, theirs = many(got, digits), many(wanted, digits)
        if mine != theirs:
            break
    return mine, theirs


def many(values, digits=3):
    """Return one number, or nested lists in brackets: [[2, 1, 0.5]]."""
    values = np.asarray(values)
    if values.ndim == 0:
        return short(values[()], digits)
    return "[" + ", ".join(many(v, digits) for v in values) + "]"


def singular(word, count=1):
    """Return "query" for "queries", "key" for "keys"; the word itself when there are several.

    >>> singular("queries"), singular("keys"), singular("keys", 7), singular("classes")
    ('query', 'key', 'keys', 'class')
    """
    if count != 1:
        return word
    for ending, single in (("ies", "y"), ("sses", "ss"), ("s", "")):
        if word.endswith(ending) and not word.endswith("ss"):
            return word[: -len(ending)] + single
    return word


def shape_in_words(shape, axes):
    """Return "(5 queries, 7 keys)"; axes that stand before the named ones are a batch.

    >>> shape_in_words((2, 5, 7), ("queries", "keys"))
    '(batch of 2, 5 queries, 7 keys)'
    """
    if not shape:
        return "one number"
    names = [None] * (len(shape) - len(axes)) + list(axes)[max(len(axes) - len(shape), 0) :]
    parts = [f"{n} {singular(name, n)}" if name else f"batch of {n}" for n, name in zip(shape, names, strict=True)]
    return f"({', '.join(parts)})"


def call_in_words(exercise, args, kwargs=None):
    """Return "softmax([[2, 1, 0.5]])": small arguments written out, large ones named by shape."""
    names = list(exercise.arguments)
    shown = [_argument(name, value) for name, value in zip(names, args, strict=False)]
    shown += [f"{name}={_literal(value)}" for name, value in (kwargs or {}).items()]
    return f"{exercise.name}({', '.join(shown)})"


def _argument(name, value):
    if isinstance(value, np.ndarray) and (value.size > SHOWN or not value.size):
        return f"{name} {value.shape}"
    if isinstance(value, (Seed, np.random.Generator)):
        return name
    return _literal(value) if isinstance(value, (np.ndarray, list, tuple)) else f"{name}={_literal(value)}"


def _literal(value):
    if isinstance(value, (np.ndarray, list, tuple, float, int, np.generic)):
        return many(value)
    return repr(value)


def first_difference(got, wanted, axes, differ):
    """Return (place, mine, wanted): the first row that differs, short, and where it stands: "query 0, keys 2 to 4".

    `differ` is a boolean array of the shape of both, True where they disagree.
    """
    if got.ndim == 0:
        return "", *side_by_side(got, wanted)
    where = np.argwhere(differ)[0]
    row, last = tuple(where[:-1]), int(where[-1])
    names = [None] * (got.ndim - len(axes)) + list(axes)[max(len(axes) - got.ndim, 0) :]
    places = [f"{singular(name) if name else 'batch'} {i}" for i, name in zip(row, names, strict=False)]
    mine, theirs = got[row], wanted[row]
    if mine.size > SHOWN:
        start = min(last, mine.size - 3)
        mine, theirs = mine[start : start + 3], theirs[start : start + 3]
        places.append(f"{names[-1] or 'entries'} {start} to {start + 2}")
    return ", ".join(places), *side_by_side(mine, theirs)
