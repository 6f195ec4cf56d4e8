"""Attention in a window, close to what the machine can do: 200,000 tokens in about twice the time of the bare matmuls.

`course_lib.sparse.banded_attention` is the same mathematics to read; benchmarks/sparse.py has the figures.
"""

import numpy as np

from course_lib.one_core import one_core
from course_lib.shapes import check_same
from course_lib.tiling import check_radius, checked, exponential, may_skip_the_maximum

# Queries at a time. Few waste little on keys outside the window; many make better use of each matmul and each line of
# Python. Between 64 and 128 it hardly matters; above, scores and weights no longer fit the cache next to the core.
TILE = 64


@one_core()
def sliding_window_attention(Q, K, V, radius, causal=False):
    """Return attention in which query i sees the keys i - radius ... i + radius, or only up to i if `causal`. Exact.

    `Q`, `K` (..., n, d_k), `V` (..., n, d_v), `radius` an int of 0 or more give (..., n, d_v). Beside its output it
    holds one tile of scores, not n x n. A value of inf or nan spoils the queries of its tiles, as in `attention` it
    spoils all. Raises ValueError where shapes do not fit.
    Source: Beltagy, Peters, Cohan 2020, "Longformer: the long-document transformer", section 3.1.

    >>> V = np.array([[0.0], [3.0], [6.0], [90.0]])
    >>> sliding_window_attention(np.zeros((4, 1)), np.zeros((4, 1)), V, radius=1)
    array([[ 1.5],
           [ 3. ],
           [33. ],
           [48. ]])
    """
    Q, K, V, work = checked(Q, K, V)
    check_same("a window needs as many keys as queries (n)", "Q", Q, -2, "K", K, -2)
    check_radius(radius)
    *batch, n, d_v = V.shape
    before = min(int(radius), max(n - 1, 0))
    after = 0 if causal else before
    output = np.empty((*batch, n, d_v), work)
    for head in np.ndindex(*batch):
        _one_head(Q[head], K[head], V[head], output[head], before, after)
    return output.astype(np.result_type(Q, K, V), copy=False)


def _one_head(Q, K, V, output, before, after):
    """Fill `output` (n, d_v), one tile of queries after the other."""
    no_maximum = may_skip_the_maximum(Q, K, V)
    n, d_k = Q.shape
    rows, work = min(TILE, n), output.dtype
    # Made once, not for each tile: fresh memory has to be cleared, and these stay in the cache.
    scores, band_of_scores = _two_readings(rows, before + 1 + after, work)
    weights, band_of_weights = _two_readings(rows, before + 1 + after, work)
    ones = np.ones((scores.shape[1], 1), work)
    exp, factor = exponential(work)
    factor /= d_k**0.5
    for start in range(0, n, TILE):
        end = min(start + TILE, n)
        first, last = max(0, start - before), min(n, end + after)  # the keys that somebody in this tile sees
        m, keys = end - start, slice(first - start + before, last - start + before)  # their columns in the tile
        # The factor is 1/sqrt(d_k), and what turns exp2 into exp: d_k products a query, not one per score.
        np.matmul(np.multiply(Q[start:end], factor, dtype=work), K[first:last].T, out=scores[:m, keys])
        scores[:m, : keys.start] = scores[:m, keys.stop :] = -np.inf  # before token 0, behind token n - 1
        band = band_of_scores[:m]
        if not no_maximum:
            band -= band.max(-1, keepdims=True)
        # Only the band is ever written, so the corners of `weights` stay 0: no mask, and no exp() for what it hides.
        exp(band, out=band_of_weights[:m])
        mix = np.matmul(weights[:m, keys], V[first:last], out=output[start:end])
        mix /= weights[:m] @ ones  # last, so d_v divisions a query; this sum takes a third of the time of .sum(-1)


def _two_readings(rows, width, kind):
    """Return zeros as a tile (rows, rows - 1 + width), and its diagonal band as an upright view (rows, width).

    Row i of the band starts in column i of the tile. That is where row i starts when the same memory is read with one
    more column to a row.

    >>> tile, band = _two_readings(rows=3, width=2, kind=float)
    >>> band += 1
    >>> tile
    array([[1., 1., 0., 0.],
           [0., 1., 1., 0.],
           [0., 0., 1., 1.]])
    """
    columns = rows - 1 + width
    memory = np.zeros(rows * (columns + 1), kind)
    return memory[: rows * columns].reshape(rows, columns), memory.reshape(rows, columns + 1)[:, :width]
