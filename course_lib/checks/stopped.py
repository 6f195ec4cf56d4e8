"""An error that no known mistake explains, in words, where Python's own are for those who know Python."""

import re
import sys
from difflib import get_close_matches

import numpy as np

UNKNOWN = re.compile(r"name '(\w+)' is not defined")
POWER = re.compile(r"bitwise_xor|for \^:")


def stopped(exercise, error):
    """Return a sentence, and with it a question that leads on where there is one.

    >>> from course_lib.checks import find
    >>> stopped(find("scale"), NameError("name 'sqrt' is not defined"))
    'Python does not know the name sqrt. Did you mean np.sqrt?'
    >>> stopped(find("scale"), NameError("name 'np' is not defined"))
    'Python does not know the name np. Did the first cell of the notebook run, which imports it?'
    """
    unknown = UNKNOWN.match(str(error))
    if isinstance(error, NameError) and unknown:
        return f"Python does not know the name {unknown[1]}. {_leading_on(unknown[1], exercise.arguments)}"
    if isinstance(error, TypeError) and POWER.search(str(error)):
        return "The sign ^ is no power in Python. Which sign is?"
    return "Your function stopped with an error."


def _leading_on(name, arguments):
    near = get_close_matches(name, arguments, n=1, cutoff=0.75)
    if near:
        return f"Did you mean {near[0]}?"
    if name == "np":
        return "Did the first cell of the notebook run, which imports it?"
    if name in sys.stdlib_module_names:
        return "No line imports it. Which function of np does the same?"
    return f"Did you mean np.{name}?" if hasattr(np, name) else "Which line should make it?"
