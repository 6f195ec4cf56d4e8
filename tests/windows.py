"""Windows by their definition, and the sizes at which a tiled kernel goes wrong. For the tests of the fast kernels."""

import tracemalloc

import numpy as np


def window(n, radius, causal=False):
    """Query i sees key j when they are at most `radius` apart, and when j is not later if `causal`."""
    i, j = np.ogrid[:n, :n]
    return (abs(i - j) <= radius) & (j <= i if causal else True)


def random_qkv(n_q, n_k, *batch, d_k=3, d_v=7, size=1.0, seed=0):
    """With size 100, scores are 10,000 times as large: no exp() survives them unless the maximum is subtracted."""
    rng = np.random.default_rng(seed)
    shapes = (n_q, d_k), (n_k, d_k), (n_k, d_v)
    Q, K, V = (rng.standard_normal((*batch, *shape)) for shape in shapes)
    return size * Q, size * K, V


def new_memory(function, *args):
    """Return the result of a call, and the bytes that it held at its peak beside what was there before."""
    tracemalloc.start()
    try:
        result = function(*args)
        return result, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
