"""Attention: the ten lines that this course reads. Lessons 02 to 05 each open one of them."""

from typing import NamedTuple

import numpy as np

from course_lib.masking import apply_mask
from course_lib.scaling import scale
from course_lib.scores import dot_scores, project_one
from course_lib.shapes import as_floats, check_batch, check_matrix, check_same
from course_lib.softmax import softmax


class Trace(NamedTuple):
    """Every step of one attention: four arrays of shape (..., n_q, n_k), and the output (..., n_q, d_v)."""

    scores: np.ndarray
    scaled: np.ndarray
    masked: np.ndarray
    weights: np.ndarray
    output: np.ndarray


def attention(Q, K, V, allowed=None):
    """Return softmax(Q Kᵀ / sqrt(d_k)) V, and every step on the way, as a Trace.

    `Q` (..., n_q, d_k), `K` (..., n_k, d_k), `V` (..., n_k, d_v), and `allowed`, booleans that broadcast to
    (..., n_q, n_k), True = may look; None lets everybody look at everybody. A query with nobody to look at gets
    weights 0 and output 0. Raises ValueError where shapes do not fit.
    Source: Vaswani et al. 2017, "Attention is all you need", section 3.2.1, equation 1.

    >>> trace = attention(np.eye(2), np.eye(2), np.array([[1.0, 0.0], [0.0, 10.0]]))
    >>> trace.weights.round(2), trace.output.round(2)
    (array([[0.67, 0.33],
           [0.33, 0.67]]), array([[0.67, 3.3 ],
           [0.33, 6.7 ]]))
    """
    scores = dot_scores(Q, K)                                              # (..., n_q, n_k)
    scaled = scale(scores, d_k=np.shape(K)[-1])                            # spread no longer grows with d_k
    masked = scaled if allowed is None else apply_mask(scaled, allowed)    # hidden keys score -inf
    weights = softmax(masked)                                              # each row sums to 1
    return Trace(scores, scaled, masked, weights, weighted_sum(weights, V))


def cross_attention(X, memory, W_q, W_k, W_v, allowed=None):
    """Return the attention of X, which asks, over `memory`, which is read, with every step as a Trace.

    `X` (..., n_q, d_model), `memory` (..., n_k, d_model), `W_q` and `W_k` (d_model, d_k), `W_v` (d_model, d_v);
    `allowed` as in `attention`, say `padding_mask` of the memory. Nothing is causal here: all of the memory is there
    before the first query. Raises ValueError naming the matrix that does not fit.
    Source: Vaswani et al. 2017, section 3.2.3 ("encoder-decoder attention").

    >>> cross_attention(np.ones((2, 3)), np.ones((5, 3)), np.eye(3), np.eye(3), np.ones((3, 7))).output.shape
    (2, 7)
    """
    Q = project_one("X", X, "W_q", W_q)
    K, V = (project_one("memory", memory, name, W) for name, W in (("W_k", W_k), ("W_v", W_v)))
    return attention(Q, K, V, allowed)


def weighted_sum(weights, V):
    """Return the mix of values that each query takes home: weights @ V.

    `weights` (..., n_q, n_k), `V` (..., n_k, d_v) give (..., n_q, d_v). A value of inf or nan spoils even the
    queries that give it weight 0.
    Source: Vaswani et al. 2017, section 3.2.1, equation 1.

    >>> weighted_sum(np.array([[0.75, 0.25]]), np.array([[4.0, 0.0], [0.0, 8.0]]))
    array([[3., 2.]])
    """
    weights, V = as_floats(weights), as_floats(V)
    check_matrix("weights", weights, "(..., n_q, n_k)")
    check_matrix("V", V, "(..., n_k, d_v)")
    check_same("there must be one value per key (n_k)", "weights", weights, -1, "V", V, -2)
    check_batch("weights", weights, "V", V)
    return weights @ V
