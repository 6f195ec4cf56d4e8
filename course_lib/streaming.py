"""Exact attention that never holds all scores: tile by tile, with a running maximum and a running sum."""

import numpy as np

from course_lib.one_core import one_core
from course_lib.shapes import as_booleans
from course_lib.tiling import checked, exponential, may_skip_the_maximum

QUERIES, KEYS = 128, 256  # of one tile: its scores, keys and values fit the cache next to the core, about 512 KB


@one_core()
def streaming_attention(Q, K, V, allowed=None):
    """Return softmax(Q Kᵀ / sqrt(d_k)) V, exact, in memory that grows with n and not with n²: by online softmax.

    `Q` (..., n_q, d_k), `K` (..., n_k, d_k), `V` (..., n_k, d_v), and `allowed`, booleans that broadcast to
    (..., n_q, n_k), True = may look, give (..., n_q, d_v). A query with nobody to look at gets 0. A value of inf or
    nan spoils even queries that give it weight 0. Raises ValueError where shapes do not fit.
    Source: Milakov, Gimelshein 2018, "Online normalizer calculation for softmax", section 3; Dao, Fu, Ermon, Rudra,
    Ré 2022, "FlashAttention", section 3.1.

    >>> streaming_attention(np.eye(2), np.eye(2), np.array([[1.0, 0.0], [0.0, 10.0]])).round(2)
    array([[0.67, 3.3 ],
           [0.33, 6.7 ]])
    """
    Q, K, V, work = checked(Q, K, V)
    *batch, n_q, n_k = *Q.shape[:-1], K.shape[-2]
    if allowed is not None:
        allowed = _fitting(as_booleans(allowed), (*batch, n_q, n_k))
    output = np.zeros((*batch, n_q, V.shape[-1]), work)
    for head in np.ndindex(*batch):
        _one_head(Q[head], K[head], V[head], output[head], None if allowed is None else allowed[head])
    return output.astype(np.result_type(Q, K, V), copy=False)


def _one_head(Q, K, V, output, allowed):
    """Fill `output` (n_q, d_v), which comes full of zeros."""
    no_maximum = may_skip_the_maximum(Q, K, V)
    (n_q, d_k), n_k, work = Q.shape, len(K), output.dtype
    space, ones = np.empty(min(QUERIES, n_q) * min(KEYS, n_k), work), np.ones((min(KEYS, n_k), 1), work)
    exp, factor = exponential(work)
    factor /= d_k**0.5
    for start in range(0, n_q, QUERIES):
        queries = np.multiply(Q[start : start + QUERIES], factor, dtype=work)
        mix = output[start : start + QUERIES]
        top, total = np.full((len(mix), 1), -np.inf, work), np.zeros((len(mix), 1), work)
        for first in range(0, n_k, KEYS):
            keys, values = K[first : first + KEYS], V[first : first + KEYS]
            hidden = None
            if allowed is not None:
                hidden = ~allowed[start : start + QUERIES, first : first + KEYS]
                if hidden.all():
                    continue  # half of the work under a causal mask
            weights = space[: len(queries) * len(keys)].reshape(len(queries), len(keys))
            np.matmul(queries, keys.T, out=weights)  # scores at first
            if no_maximum:
                exp(weights, out=weights)
                if hidden is not None:
                    np.copyto(weights, 0, where=hidden)  # not -inf before exp(), which is slow on it
            else:
                if hidden is not None:
                    np.copyto(weights, -np.inf, where=hidden)
                old, top = top, np.maximum(top, weights.max(-1, keepdims=True))
                base = np.where(np.isneginf(top), 0, top)  # who has seen nobody yet has no maximum to subtract
                weights -= base
                exp(weights, out=weights)
                shrink = exp(old - base)  # all that was summed so far had the old maximum subtracted
                total *= shrink
                mix *= shrink
            total += weights @ ones[: len(keys)]
            mix += weights @ values
        np.divide(mix, total, out=mix, where=total != 0)


def _fitting(allowed, shape):
    try:
        return np.broadcast_to(allowed, shape)
    except ValueError:
        message = "allowed must broadcast to the shape of the scores (..., n_q, n_k)"
        raise ValueError(f"{message}: allowed has shape {allowed.shape}, scores have shape {shape}") from None
