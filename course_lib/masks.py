"""Masks: who may look at whom. Always boolean, True = may look; -inf appears only where a mask meets scores."""

import numpy as np

from course_lib.shapes import as_floats


def causal_mask(n, n_keys=None):
    """Return who may look at whom when nobody sees the future; a token sees itself.

    `n` queries and `n_keys` keys (as many, when left out) give (n, n_keys) booleans. Both end at the same token:
    query i stands at position i + n_keys - n, as a cache of earlier keys needs.
    Source: Vaswani et al. 2017, "Attention is all you need", section 3.2.3.

    >>> causal_mask(2, n_keys=3).astype(int)
    array([[1, 1, 0],
           [1, 1, 1]])
    """
    n_keys = n if n_keys is None else n_keys
    if n < 0 or n_keys < 0:
        raise ValueError(f"a mask cannot have a negative size: n is {n}, n_keys is {n_keys}")
    query, key = np.arange(n)[:, None] + (n_keys - n), np.arange(n_keys)
    return key <= query


def padding_mask(lengths, n_k):
    """Return True for real tokens, False for the padding behind them.

    `lengths` (batch,) ints between 0 and `n_k` give (batch, 1, n_k) booleans; the 1 stands for the queries.
    Raises ValueError where a length is no integer or does not fit.

    >>> padding_mask(np.array([1, 3]), n_k=3).astype(int)
    array([[[1, 0, 0]],
    <BLANKLINE>
           [[1, 1, 1]]])
    """
    lengths = np.asarray(lengths)
    if lengths.dtype.kind not in "iu":
        raise ValueError(f"lengths must be integers, one per sentence: got {lengths.tolist()}")
    if ((lengths < 0) | (lengths > n_k)).any():
        raise ValueError(f"lengths must lie between 0 and n_k = {n_k}: got {lengths.tolist()}")
    return np.arange(n_k) < lengths[..., None, None]


def additive_mask(allowed, dtype=float):
    """Return the same mask as numbers to add to scores: 0 where one may look, -inf where not.

    `allowed` (...) booleans give (...) floats of `dtype`.

    >>> additive_mask(np.array([True, False]))
    array([  0., -inf])
    """
    return np.where(_booleans(allowed), 0.0, -np.inf).astype(dtype)


def apply_mask(scores, allowed):
    """Return the scores with -inf wherever one may not look, ready for the softmax.

    `scores` (..., n_q, n_k), `allowed` booleans that broadcast to that shape; the shape stays, and so does the
    kind of float. Raises ValueError where the shapes do not fit, TypeError where `allowed` is not boolean.
    Source: Vaswani et al. 2017, section 3.2.3 ("setting to -inf").

    >>> apply_mask(np.array([[1.0, 2.0], [3.0, 4.0]]), causal_mask(2))
    array([[  1., -inf],
           [  3.,   4.]])
    """
    scores, allowed = as_floats(scores), _booleans(allowed)
    try:
        allowed = np.broadcast_to(allowed, scores.shape)
    except ValueError:
        message = "allowed must broadcast to the shape of the scores (..., n_q, n_k)"
        raise ValueError(f"{message}: allowed has shape {allowed.shape}, scores have shape {scores.shape}") from None
    return np.where(allowed, scores, -np.inf)  # not -1e9: a row that is hidden entirely would come back to life


def _booleans(allowed):
    allowed = np.asarray(allowed)
    if allowed.dtype != bool:  # 0 and -inf would be read the wrong way round
        raise TypeError(f"allowed must be boolean, True = may look: it holds {allowed.dtype}")
    return allowed
