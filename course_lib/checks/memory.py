"""How much memory a call takes at its height, and whether that grows with the square of the number of tokens.

Python and NumPy report what they allocate to `tracemalloc`, so the figure is the call's own, whatever else the
process holds, and the same on every run; freed buffers that are taken again count once.
"""

import functools
import tracemalloc

FIRST, SECOND, THIRD = 400, 1200, 2400  # tokens
A_PAIR = 1  # byte: what n x n booleans take for each, and a loop's list of rows does not from 400 tokens on
QUADRATIC = 3.0  # times the memory for twice the tokens: tiles take 1 to 2 times, n x n takes 4


def peak(thunk):
    """Return the bytes that were held at the worst moment of thunk(), beyond those held before."""
    mine = not tracemalloc.is_tracing()
    if mine:
        tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        thunk()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        if mine:
            tracemalloc.stop()


@functools.lru_cache(maxsize=8)  # a law asks, then a mistake, then its message: one measurement serves them all
def growth(call, inputs):
    """Return (times, bytes at THIRD tokens): how a call's height grows from SECOND to THIRD tokens.

    `inputs(n)` makes the arguments for n tokens. A loop over tokens is slow and takes next to nothing, so it is let
    go after FIRST tokens with (0.0, 0); only what took more is asked twice more. Large tiles look like n x n where
    one tile holds all tokens: hence the second look. Where the function is run in a jail, the jail measures.
    """
    if hasattr(call, "growth"):
        return call.growth(inputs)
    if height(call, inputs, FIRST) < A_PAIR * FIRST**2:
        return 0.0, 0
    small, large = (height(call, inputs, n) for n in (SECOND, THIRD))
    return large / small, large


def height(call, inputs, n):
    args = inputs(n)
    return peak(lambda: call(*args))


def at(n, measured):
    """Return the bytes at n tokens of something that took `measured` bytes at THIRD and grows with the square."""
    return measured * (n / THIRD) ** 2
