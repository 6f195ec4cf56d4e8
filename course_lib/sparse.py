"""Sparse patterns: what they cost, how far they reach, and attention in a window without n x n numbers. Lesson 07."""

import numpy as np

from course_lib.attention import attention
from course_lib.one_core import one_core
from course_lib.shapes import as_booleans, check_same
from course_lib.sliding_window import sliding_window_attention
from course_lib.tiling import check_radius, checked

__all__ = ["banded_attention", "count_pairs", "hops", "layers_needed", "sliding_window_attention"]


def count_pairs(n, radius):
    """Return how many pairs a window keeps, the True cells of `window_mask(n, radius)`: an int.

    Each end of the sentence lacks 1 + 2 + ... + radius of the n (2 radius + 1) cells.

    >>> count_pairs(8, radius=2)
    34
    """
    check_radius(radius)
    if n < 0:
        raise ValueError(f"n must be at least 0: got {n}")
    radius = min(radius, max(n - 1, 0))  # a wider window finds nobody else
    return n * (2 * radius + 1) - radius * (radius + 1)


def layers_needed(n, radius):
    """Return how many layers of a window it takes until every token has heard from every other: ceil((n - 1) / radius).

    Two ints give an int. Raises ValueError where no number of layers is enough: radius 0, more than one token.

    >>> layers_needed(1000, radius=2)
    500
    """
    check_radius(radius)
    if n > 1 and radius == 0:
        raise ValueError(f"with radius 0 a token hears only itself, in any number of layers: n is {n}")
    return -(-(n - 1) // radius) if n > 1 else 0  # floor division of the negative rounds up


def hops(allowed):
    """Return after how many layers token i has heard from token j: 0 for itself, -1 for never.

    `allowed` (..., n, n) booleans, True = may look, give (..., n, n) ints. A token always hears itself: the residual
    connection carries it on. Raises ValueError where the mask is not square.

    >>> hops(np.array([[True, False, False], [True, True, False], [False, True, True]]))
    array([[ 0, -1, -1],
           [ 1,  0, -1],
           [ 2,  1,  0]])
    """
    allowed = as_booleans(allowed)
    if allowed.ndim < 2 or allowed.shape[-1] != allowed.shape[-2]:
        raise ValueError(f"hops needs as many keys as queries (..., n, n): allowed has shape {allowed.shape}")
    heard = np.broadcast_to(np.eye(allowed.shape[-1], dtype=bool), allowed.shape)
    layers, step = np.where(heard, 0, -1), (allowed | heard).astype(np.float32)  # floats: their matmul is the fast one
    while True:
        spread = step @ heard > 0  # who of those that I may look at has heard from j?
        if (spread == heard).all():
            return layers
        layers[spread & ~heard] = layers.max() + 1
        heard = spread


@one_core()
def banded_attention(Q, K, V, radius):
    """Return attention in which query i sees the keys i - radius ... i + radius, without holding n x n numbers.

    `Q`, `K` (..., n, d_k), `V` (..., n, d_v), `radius` an int of 0 or more give (..., n, d_v). The version to read;
    `sliding_window_attention` is the one to run. Raises ValueError where shapes do not fit.
    Source: Beltagy, Peters, Cohan 2020, "Longformer: the long-document transformer", section 3.1.

    >>> V = np.array([[0.0], [3.0], [6.0], [90.0]])
    >>> banded_attention(np.zeros((4, 1)), np.zeros((4, 1)), V, radius=1)
    array([[ 1.5],
           [ 3. ],
           [33. ],
           [48. ]])
    """
    check_radius(radius)
    Q, K, V, _ = checked(Q, K, V)
    check_same("a window needs as many keys as queries (n)", "Q", Q, -2, "K", K, -2)
    n, tile = Q.shape[-2], 64
    output = np.empty(V.shape, np.result_type(Q, K, V))
    for start in range(0, n, tile):
        end = min(start + tile, n)
        first, last = max(0, start - radius), min(n, end + radius)  # the keys that this tile can see
        query, key = np.arange(start, end)[:, None], np.arange(first, last)
        allowed = np.abs(query - key) <= radius  # its piece of the band
        part = attention(Q[..., start:end, :], K[..., first:last, :], V[..., first:last, :], allowed)
        output[..., start:end, :] = part.output
    return output
