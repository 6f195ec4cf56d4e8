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
ITEM = 32  # entries of an array that weigh as much as an item of a list: each item is an object of Python
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


def decode(said, most):
    """Return the value that was encoded. What weighs more than `most` entries, or is unknown, raises Malformed."""
    return _value(said, Room(most), 0)


class Room:
    """What may still come of a value, in entries of an array: few bytes cannot stand for many objects."""

    def __init__(self, most):
        self.most = self.left = most

    def take(self, count):
        self.left -= count
        if self.left < 0:
            raise ValueError


def _value(said, room, depth):
    try:
        room.take(ITEM)
        tag, *rest = said
        return _DECODERS[tag](room, depth, *rest)
    except (TypeError, ValueError, KeyError, OverflowError, RecursionError):
        raise Malformed("a value cannot be read") from None


def _plain(room, depth, value):
    if value is not None and not isinstance(value, (bool, int)):
        raise ValueError
    return value


def _dense(room, depth, name, shape, data):
    """Sizes are checked before anything is decoded."""
    dtype = DTYPES[name]
    if len(shape) > AXES or not all(type(n) is int and 0 <= n < 2**31 for n in shape):
        raise ValueError
    entries = math.prod(shape)
    if max([entries, *shape]) > room.most or len(data) != 4 * math.ceil(entries * dtype.itemsize / 3):
        raise ValueError
    raw = base64.b64decode(data, validate=True)
    if len(raw) != entries * dtype.itemsize:
        raise ValueError
    # A byte of a bool must be 0 or 1: any other is a number where True should stand.
    values = np.frombuffer(raw, np.uint8).astype(bool) if name == "bool" else np.frombuffer(raw, dtype).copy()
    return values.reshape(shape)


def _items(room, depth, items):
    if depth == DEPTH + 1 or len(items) > MANY:
        raise ValueError
    return [_value(item, room, depth + 1) for item in items]


def _rows(room, depth, kind, said):
    rows = _value(said, room, depth + 1)
    room.take(len(rows))  # those of an empty array cost the sender nothing
    return list(rows) if kind == "list" else tuple(rows)


def named_type(name, *bases):
    """Return a class of ours that bears the name of the learner's: messages say "a generator came back"."""
    return type(name if re.fullmatch(r"[A-Za-z_]\w{0,60}", name) else "object", bases, {})


_DECODERS = {
    "plain": _plain,
    "float": lambda room, depth, value: float.fromhex(value[:40]),
    "text": lambda room, depth, value: str(value)[:TEXT],
    "seed": lambda room, depth, value: Seed(int(value)),
    "array": _dense,
    "scalar": lambda room, depth, *said: _dense(room, depth, *said)[()],
    "list": _items,
    "tuple": lambda room, depth, items: tuple(_items(room, depth, items)),
    "rows": _rows,
    "opaque": lambda room, depth, name: named_type(str(name))(),
}
