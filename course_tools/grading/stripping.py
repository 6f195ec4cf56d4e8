"""Take from the course's own modules what a question must not lean on: a wrapper around the answer is no answer."""

import sys
import types
from functools import lru_cache

from course_lib import given


@lru_cache(maxsize=256)
def plan(lesson, number, *names):
    """Return what a child must lose, known before a fork: (module, name, the keys to keep of a dict or None).

    Words only: a plan that held the functions of one question would hold the answer to another.
    """
    earlier = given.for_lesson(lesson, before=number)
    kept = set()
    for function in (*(earlier[name] for name in earlier.keys() - set(names)), given.for_lesson):
        _follow(function, kept)
    return tuple(line for module in list(sys.modules) if _is_maths(module) for line in _too_much(module, kept))


def strip(taken):
    """Carry out a plan: the modules of course_lib keep the functions of earlier questions, and what those call."""
    for module, name, keys in taken:
        names = vars(sys.modules[module])
        if keys is None:
            del names[name]
        else:
            names[name] = {key: names[name][key] for key in keys}


def _is_maths(module):
    parts = str(module).split(".")
    return parts[0] == "course_lib" and parts[1:2] != ["checks"]


def _too_much(module, kept):
    for name, value in vars(sys.modules[module]).items():
        if not _may_stay(value, kept):
            yield module, name, None
        elif isinstance(value, dict) and not name.startswith("__"):  # `given` lists them all
            keys = tuple(key for key, item in value.items() if all(_may_stay(v, kept) for v in _leaves(item)))
            if len(keys) < len(value):
                yield module, name, keys


def _leaves(value):
    return [leaf for item in value.values() for leaf in _leaves(item)] if isinstance(value, dict) else [value]


def _may_stay(value, kept):
    ours = callable(value) and _is_maths(getattr(value, "__module__", ""))
    return not ours or id(value) in kept


def _follow(value, kept):
    """Add to `kept` the ids of a function or class and of everything of the course that it names."""
    value = getattr(value, "__wrapped__", value) if not isinstance(value, type) else value
    if id(value) in kept or not _is_maths(getattr(value, "__module__", "")):
        return
    kept.add(id(value))
    if isinstance(value, type):
        for part in vars(value).values():
            _follow(part, kept)
    elif isinstance(value, types.FunctionType):
        names = set(_names(value.__code__))
        for name in names & set(value.__globals__):
            found = value.__globals__[name]
            if isinstance(found, types.ModuleType) and _is_maths(found.__name__):
                for attribute in names & set(vars(found)):
                    _follow(vars(found)[attribute], kept)
            else:
                _follow(found, kept)


def _names(code):
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names(constant)
