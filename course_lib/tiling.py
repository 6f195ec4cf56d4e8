"""What the two fast kernels share: the cheaper exponential, and a proof that it cannot overflow."""

from functools import cache
from math import e, log2

import numpy as np
from numpy.lib.introspect import opt_func_info

from course_lib.shapes import as_floats, check_batch, check_matrix, check_same

SMALL = 60.0  # exp(60) is 1e26: a million such weights on values of a million still fit a float32
ORDINARY = 1e-6, 1e6


@cache
def exponential(kind):
    """Return a ufunc and a factor with ufunc(factor * x) = exp(x): the cheaper pair for this kind of float.

    exp2 is spared a reduction by ln 2 and takes half the time of exp, but only where NumPy has vector instructions for
    it (AVX-512). Elsewhere exp is the faster one. The factor costs nothing: it goes into the scale of Q.

    >>> ufunc, factor = exponential(np.dtype(float))
    >>> round(float(ufunc(factor * 1.0)), 3)
    2.718
    """
    loops = opt_func_info(func_name="^exp2$").get("exp2", {}).get(2 * kind.char, {})
    vectorised = not loops.get("current", "baseline").startswith("baseline")
    return (np.exp2, log2(e)) if vectorised else (np.exp, 1.0)


def may_skip_the_maximum(Q, K, V):
    """Return whether exp(score) needs no maximum subtracted: all scores and values are proved to be of moderate size.

    `Q` (n_q, d_k), `K` (n_k, d_k), `V` (n_k, d_v). By Cauchy-Schwarz no q·k is larger than the longest query times
    the longest key. The maximum changes no result, but finding and subtracting it are two passes over all scores.

    >>> Q, K = np.array([[3.0, 4.0]]), np.eye(2)
    >>> may_skip_the_maximum(Q, K, V=K), may_skip_the_maximum(Q, 99 * K, V=K), may_skip_the_maximum(Q, K, V=1e9 * K)
    (True, False, False)
    """
    # einsum, because x * x would be another array as large as x.
    q, k = (float(np.einsum("nd,nd->n", x, x).max(initial=0)) for x in (Q, K))
    value = float(max(V.max(initial=0), -V.min(initial=0)))
    return q * k < SMALL**2 * K.shape[-1] and ORDINARY[0] < value < ORDINARY[1]  # neither is true of nan


def checked(Q, K, V):
    """Return Q, K, V as floats with the same batch axes, and the kind of float to work in.

    `Q` (..., n_q, d_k), `K` (..., n_k, d_k), `V` (..., n_k, d_v). Raises ValueError where the shapes do not fit.

    >>> Q, K, V, work = checked(np.zeros((2, 5, 3)), np.zeros((7, 3)), np.zeros((7, 11)))
    >>> Q.shape, K.shape, V.shape, work
    ((2, 5, 3), (2, 7, 3), (2, 7, 11), dtype('float64'))
    """
    Q, K, V = as_floats(Q), as_floats(K), as_floats(V)
    for name, array, axes in (("Q", Q, "(..., n_q, d_k)"), ("K", K, "(..., n_k, d_k)"), ("V", V, "(..., n_k, d_v)")):
        check_matrix(name, array, axes)
    check_same("queries and keys must have the same number of features d_k", "Q", Q, -1, "K", K, -1)
    check_same("there must be one value per key (n_k)", "K", K, -2, "V", V, -2)
    for one, a, other, b in (("Q", Q, "K", K), ("Q", Q, "V", V), ("K", K, "V", V)):
        check_batch(one, a, other, b)
    if not K.shape[-1]:
        raise ValueError(f"d_k must be positive: Q has shape {Q.shape}, K has shape {K.shape}")
    batch = np.broadcast_shapes(*(array.shape[:-2] for array in (Q, K, V)))
    Q, K, V = (np.broadcast_to(array, (*batch, *array.shape[-2:])) for array in (Q, K, V))
    return Q, K, V, np.result_type(Q, K, V, np.float32)  # float16 has no fast matmul, and no room for exp(12)
