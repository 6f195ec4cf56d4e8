"""Thousands of small matmuls on one core: shared out among several, each would wait longer than it takes."""

import ctypes
from contextlib import contextmanager
from functools import cache
from itertools import chain
from pathlib import Path

import numpy as np


@contextmanager
def one_core():
    """Keep the matmuls of a block, or of a function that this decorates, on one core.

    OpenBLAS makes its threads meet after each matmul. While another program uses a core, they meet late: a window over
    200,000 tokens was measured to take a minute in place of seconds. Works where NumPy brings OpenBLAS along, as pip
    and uv install it; other builds go on as they are set.

    >>> with one_core():
    ...     np.ones((2, 3)) @ np.ones(3)
    array([3., 3.])
    """
    get, put = _switches()
    before = get()
    put(1)
    try:
        yield
    finally:
        put(before)


@cache
def _switches():
    """Return two functions: how many threads OpenBLAS uses, and one to set it."""
    package = Path(np.__file__).parent
    for path in chain((package.parent / "numpy.libs").glob("*openblas*"), (package / ".dylibs").glob("*openblas*")):
        for ending in ("64_", ""):
            try:
                library = ctypes.CDLL(str(path))  # the one that NumPy has loaded, not a second one
                names = (f"scipy_openblas_{verb}_num_threads{ending}" for verb in ("get", "set"))
                return tuple(getattr(library, name) for name in names)
            except (OSError, AttributeError):
                continue
    return (lambda: None), (lambda count: None)
