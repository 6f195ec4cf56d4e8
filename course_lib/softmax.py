"""Softmax: scores become shares that sum to 1. With what lesson 04 measures on it."""

from math import log

import numpy as np

from course_lib.shapes import as_floats, check_matrix


def softmax(x, axis=-1):
    """Return exp(x) / sum(exp(x)) along `axis`: weights that are never negative and sum to 1.

    `x` has any shape; the result has the same one. A score of -inf gets weight 0; where all scores are -inf
    (nobody to look at) all weights are 0. A score of +inf or nan makes the weights of its row nan, so that an
    overflow stays visible; other rows are not touched.
    Source: Goodfellow, Bengio, Courville 2016, "Deep learning", sections 4.1 (the maximum) and 6.2.2.3.

    >>> softmax(np.array([2.0, 1.0, 0.5])).round(3)
    array([0.629, 0.231, 0.14 ])
    >>> softmax(np.array([[1000, 999], [-1000, -1001]])).round(2)
    array([[0.73, 0.27],
           [0.73, 0.27]])
    """
    x = as_floats(x)
    top = x.max(axis, keepdims=True, initial=-np.inf)
    # A constant cancels in the ratio; this one keeps exp() finite. An empty row has no top to subtract.
    e = np.exp(x - np.where(np.isneginf(top), 0, top))
    total = e.sum(axis, keepdims=True)
    return e / np.where(total == 0, 1, total)


def softmax_jacobian(weights):
    """Return diag(w) - w wᵀ: entry [i, j] is the change of weight i per change of score j.

    `weights` (..., n), the softmax of some scores, gives (..., n, n). Rows and columns sum to 0: a shift of all
    scores changes nothing.
    Source: Bishop 2006, "Pattern recognition and machine learning", section 4.3.4, equation 4.106.

    >>> softmax_jacobian(np.array([0.5, 0.5]))
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    w = as_floats(weights)
    return w[..., :, None] * (np.eye(w.shape[-1], dtype=w.dtype) - w[..., None, :])


def temperature_for(scores, share):
    """Return the temperature T at which `softmax(scores / T)` gives its winner exactly `share`.

    `scores` (n,) with one largest, `share` between 1/n and 1; the result is a float.
    Raises ValueError where no temperature gives that share.
    Source: Hinton, Vinyals, Dean 2015, "Distilling the knowledge in a neural network", section 2.

    >>> round(temperature_for(np.array([1.0, 0.0]), share=0.88), 2)
    0.5
    """
    scores = as_floats(scores)
    gaps = np.sort(scores.max(initial=-np.inf) - scores, axis=None)[1:]
    one_largest = scores.ndim == 1 and len(gaps) and gaps[0] > 0 and np.isfinite(scores).all()
    if not one_largest or not 1 / len(scores) < share < 1:
        raise ValueError(f"needs one largest score and a share between 1/n and 1: got {scores} and share {share}")
    # If all rivals stood at one gap g, then T = g / log(odds). The true T lies between the nearest and the farthest.
    odds = len(gaps) * share / (1 - share)
    low, high = float(gaps[0]) / log(odds), float(gaps[-1]) / log(odds)
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if softmax(scores / middle).max() > share else (low, middle)
    return (low + high) / 2


def broken_rows(weights):
    """Return the numbers of the rows that are no distribution: negative, nan, or not summing to 1.

    `weights` (n_q, n_k) gives (m,) integers, ascending; m is 0 when all is well. The tolerance is 1e-9, and 1e-5
    for float32. A row of zeros (nobody to look at) is listed: it is no distribution either.

    >>> broken_rows(np.array([[0.5, 0.5], [0.6, 0.5], [1.2, -0.2]]))
    array([1, 2])
    """
    weights = as_floats(weights)
    if weights.ndim != 2:
        raise ValueError(f"weights must have the axes (n_q, n_k): weights has shape {weights.shape}")
    tolerance = 1e-9 if weights.dtype == float else 1e-5
    sound = np.abs(weights.sum(-1) - 1) <= tolerance  # written so that nan is not sound
    return np.flatnonzero(~(sound & (weights >= 0).all(-1)))


def entropy(weights):
    """Return the entropy of each row in bits: 0 for one winner, log2(n) for n equal shares. 0·log 0 counts as 0.

    `weights` (..., n) gives (...).
    Source: Shannon 1948, "A mathematical theory of communication", section 6.

    >>> entropy(np.array([[0.25, 0.25, 0.25, 0.25], [0.0, 1.0, 0.0, 0.0]]))
    array([2., 0.])
    """
    w = as_floats(weights)
    return 0 - (w * np.log2(np.where(w > 0, w, 1))).sum(-1)  # 0 - x, because -x would print -0.0


def share_saturated(weights, threshold):
    """Return the share of queries whose largest weight is above `threshold`, a float between 0 and 1.

    `weights` (..., n_q, n_k), `threshold` a number.

    >>> share_saturated(np.array([[0.995, 0.005], [0.6, 0.4]]), threshold=0.99)
    0.5
    """
    weights = as_floats(weights)
    check_matrix("weights", weights, "(..., n_q, n_k)")
    return float((weights.max(-1) > threshold).mean())
