"""Words on a cell that ran, or stopped, without making its exercise's function: the same in every place."""

import re

from course_lib.checks.watch import TimeUp


def defines(text, name):
    """Does a line of this text begin with `def NAME(`? It need be no Python otherwise."""
    return re.search(rf"^[ \t]*def {name}\(", text, re.M) is not None


def unmade(exercise, text, problem):
    """Return a sentence on the cell with this text; `problem`: what stopped it, in words, or None."""
    name, functions = exercise.name, re.findall(r"^def (\w+)\(", text, re.M)
    if problem:
        return f"The cell of {name} stopped before {name} was made: {problem}."
    if functions:
        return f"The cell of {name} defines {functions[-1]}: write def {exercise.signature}: there, its own name."
    return f"The cell of {name} defines no {name}: it should begin with def {exercise.signature}:"


def in_words(problem):
    """Return what stopped a cell: "line 2 is no Python (invalid syntax): return scores / / d_k"."""
    if isinstance(problem, SyntaxError):
        line = (problem.text or "").strip()
        return f"line {problem.lineno} is no Python ({problem.msg}): {line}"
    if isinstance(problem, TimeUp):
        return "it did not end, and was stopped after a few seconds"
    if isinstance(problem, KeyboardInterrupt):
        return "it was interrupted"
    return f"{type(problem).__name__}: {problem}"
