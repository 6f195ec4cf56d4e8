"""Values on their way between parent and child: what JSON can hold, arrays as dtype, shape and base64. No pickles."""

import base64
import math
import re

import numpy as np

from course_lib.checks.exercise import Seed
from course_tools.grading.frames import Malformed

DTYPES = {name: np.dtype(name) for name in ("bool", "int32", "int64", "float16", "float32", "float64", "complex128")}
WIDEST = {"i": "int64", "u": "int64", "f": "float64", "c": "complex128"}  # for other widths of the same kind
AXES = 8
DEPTH = 4  # lists in lists that hold no plain array
MANY = 64  # items of such a list
TEXT = 500  # characters of a string


def encode(value, depth=0):
    """Return the value as JSON can hold it; what is no number, string, array or list of them is named by its type."""
    if value is None or isinstance(value, bool):
        return ["plain", value]
    if type(value) is int and abs(value) < 2**63:
        return ["plain", value]
    if type(value) is float:
        return ["float", value.hex()]
    if isinstance(value, Seed):
        return ["seed", value.number]
    if type(value) is str:
        return ["text", value[:TEXT]]
    if isinstance(value, (np.ndarray, np.generic)):
        return _array(np.asarray(value), "array" if isinstance(value, np.ndarray) else "scalar") or _opaque(value)
    if isinstance(value, (list, tuple)):
        return _sequence(value, depth) or _opaque(value)
    return _opaque(value)


def _sequence(value, depth):
    kind = "list" if isinstance(value, list) else "tuple"
    if kind == "list" or len(value) > MANY:
        try:
            as_array = _array(np.asarray(value), "array")
        except (ValueError, TypeError, OverflowError):  # ragged, or no numbers
            as_array = None
        if as_array:
            return ["rows", kind, as_array]
    if len(value) > MANY or depth == DEPTH:
        return None
    return [kind, [encode(item, depth + 1) for item in value]]


def _array(value, tag):
    kind = value.dtype.kind
    name = value.dtype.name if value.dtype.name in DTYPES else WIDEST.get(kind)
    if name is None or value.ndim > AXES:
        return None
    data = np.ascontiguousarray(value, DTYPES[name]).tobytes()
    return [tag, name, list(value.shape), base64.b64encode(data).decode()]


def _opaque(value):
    return ["opaque", type(value).__name__[:TEXT]]


def decode(said, most, depth=0):
    """Return the value that was encoded. Arrays above `most` entries and anything unknown raise Malformed."""
    try:
        tag, *rest = said
        return _DECODERS[tag](most, depth, *rest)
    except (TypeError, ValueError, KeyError, OverflowError, RecursionError):
        raise Malformed("a value cannot be read") from None


def _plain(most, depth, value):
    if value is not None and not isinstance(value, (bool, int)):
        raise ValueError
    return value


def _text(most, depth, value):
    return str(value)[:TEXT]


def _float(most, depth, value):
    return float.fromhex(value[:40])


def _seed(most, depth, value):
    return Seed(int(value))


def _dense(most, depth, name, shape, data):
    """Sizes are checked before anything is decoded."""
    dtype = DTYPES[name]
    if len(shape) > AXES or not all(type(n) is int and 0 <= n < 2**31 for n in shape):
        raise ValueError
    entries = math.prod(shape)
    if max([entries, *shape]) > most or len(data) != 4 * math.ceil(entries * dtype.itemsize / 3):
        raise ValueError
    raw = base64.b64decode(data, validate=True)
    if len(raw) != entries * dtype.itemsize:
        raise ValueError
    # A byte of a bool must be 0 or 1: any other is a number where True should stand.
    values = np.frombuffer(raw, np.uint8).astype(bool) if name == "bool" else np.frombuffer(raw, dtype).copy()
    return values.reshape(shape)


def _scalar(most, depth, name, shape, data):
    return _dense(most, depth, name, shape, data)[()]


def _items(most, depth, items):
    if depth == DEPTH + 1 or len(items) > MANY:
        raise ValueError
    return [decode(item, most, depth + 1) for item in items]


def _rows(most, depth, kind, said):
    rows = list(decode(said, most, depth + 1))
    return rows if kind == "list" else tuple(rows)


def named_type(name, *bases):
    """Return a class of ours that bears the name of the learner's: messages say "a generator came back"."""
    return type(name if re.fullmatch(r"[A-Za-z_]\w{0,60}", name) else "object", bases, {})


def _opaque_value(most, depth, name):
    return named_type(str(name))()


_DECODERS = {
    "plain": _plain,
    "float": _float,
    "text": _text,
    "seed": _seed,
    "array": _dense,
    "scalar": _scalar,
    "list": _items,
    "tuple": lambda most, depth, items: tuple(_items(most, depth, items)),
    "rows": _rows,
    "opaque": _opaque_value,
}
