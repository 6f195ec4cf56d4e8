"""Scores: how much a query likes a key. Dot, scaled, additive, multiplicative."""

import numpy as np

from course_lib.scaling import scale
from course_lib.shapes import as_floats, check_batch, check_matrix, check_same

SAME_FEATURES = "queries and keys must have the same number of features d_k"


def dot_scores(Q, K):
    """Return all dot products: [i, j] is query i · key j.

    `Q` (..., n_q, d_k), `K` (..., n_k, d_k) give (..., n_q, n_k). Raises ValueError where d_k or the batch differs.
    Source: Luong, Pham, Manning 2015, "Effective approaches to attention-based neural machine translation",
    section 3.1 ("dot").

    >>> dot_scores(np.array([[1, 2, 3]]), np.array([[4, 5, 6], [1, 2, 3]]))
    array([[32., 14.]])
    """
    Q, K = as_floats(Q), as_floats(K)
    check_matrix("Q", Q, "(..., n_q, d_k)")
    check_matrix("K", K, "(..., n_k, d_k)")
    check_same(SAME_FEATURES, "Q", Q, -1, "K", K, -1)
    check_batch("Q", Q, "K", K)
    return Q @ np.swapaxes(K, -1, -2)  # not K.T, which would turn the batch axes round too


def scaled_scores(Q, K):
    """Return q·k / sqrt(d_k) for all pairs: (..., n_q, d_k), (..., n_k, d_k) give (..., n_q, n_k).

    Source: Vaswani et al. 2017, section 3.2.1, equation 1.

    >>> scaled_scores(np.full((1, 4), 2.0), np.ones((2, 4)))
    array([[4., 4.]])
    """
    scores = dot_scores(Q, K)
    return scale(scores, d_k=np.shape(K)[-1])


def project(X, W_q, W_k, W_v):
    """Return Q, K, V: three views of the same tokens, X @ W each.

    `X` (..., n, d_model), `W_q` and `W_k` (d_model, d_k), `W_v` (d_model, d_v) give (..., n, d_k) twice and
    (..., n, d_v). Raises ValueError naming the matrix that does not fit.
    Source: Vaswani et al. 2017, section 3.2.2.

    >>> [part.shape for part in project(np.ones((5, 4)), np.ones((4, 3)), np.ones((4, 3)), np.ones((4, 7)))]
    [(5, 3), (5, 3), (5, 7)]
    """
    return tuple(project_one("X", X, name, W) for name, W in (("W_q", W_q), ("W_k", W_k), ("W_v", W_v)))


def project_one(name, X, W_name, W):
    """Return X @ W, or a ValueError that calls both by their names. `X` (..., n, d_model), `W` (d_model, d)."""
    X, W = as_floats(X), as_floats(W)
    check_matrix(name, X, "(..., n, d_model)")
    check_matrix(W_name, W, "(d_model, d)")
    check_same(f"{W_name} must have one row per feature of {name}", name, X, -1, W_name, W, -2)
    return X @ W


def additive_scores(Q, K, W, v):
    """Return tanh([q; k] @ W) @ v for all pairs: a small network judges each pair.

    `Q` (..., n_q, d_q), `K` (..., n_k, d_k), `W` (d_q + d_k, d_hidden), `v` (d_hidden,) give (..., n_q, n_k).
    The first d_q rows of W belong to the query.
    Source: Bahdanau, Cho, Bengio 2015, "Neural machine translation by jointly learning to align and translate",
    appendix A.1.2.

    >>> additive_scores(np.zeros((2, 1)), np.array([[0.0], [9.0]]), W=np.ones((2, 1)), v=np.array([3.0])).round(2)
    array([[0., 3.],
           [0., 3.]])
    """
    Q, K, W, v = (as_floats(array) for array in (Q, K, W, v))
    check_matrix("Q", Q, "(..., n_q, d_q)")
    check_matrix("K", K, "(..., n_k, d_k)")
    check_batch("Q", Q, "K", K)
    d_q, d_k = Q.shape[-1], K.shape[-1]
    if W.ndim != 2 or v.ndim != 1 or W.shape != (d_q + d_k, len(v)):
        wanted = f"W must have the shape (d_q + d_k, d_hidden) = ({d_q + d_k}, d_hidden) and v (d_hidden,)"
        raise ValueError(f"{wanted}: W has shape {W.shape}, v has shape {v.shape}")
    # [q; k] @ W is q @ top + k @ bottom: each side is projected once, not once per pair.
    return np.tanh((Q @ W[:d_q])[..., :, None, :] + (K @ W[d_q:])[..., None, :, :]) @ v


def multiplicative_scores(Q, K, W):
    """Return q W kᵀ for all pairs: a dot product that W has bent; d_q and d_k may differ.

    `Q` (..., n_q, d_q), `K` (..., n_k, d_k), `W` (d_q, d_k) give (..., n_q, n_k).
    Source: Luong, Pham, Manning 2015, section 3.1 ("general").

    >>> multiplicative_scores(np.array([[1.0, 0.0]]), np.array([[5.0, 7.0]]), W=np.array([[0.0, 1.0], [1.0, 0.0]]))
    array([[7.]])
    """
    Q, K, W = as_floats(Q), as_floats(K), as_floats(W)
    check_matrix("Q", Q, "(..., n_q, d_q)")
    check_matrix("W", W, "(d_q, d_k)")
    check_same("W must have one row per feature of Q", "Q", Q, -1, "W", W, -2)
    check_matrix("K", K, "(..., n_k, d_k)")
    check_same("W must have one column per feature of K", "W", W, -1, "K", K, -1)
    return dot_scores(Q @ W, K)


def top_key(scores):
    """Return for each query the key it scores highest; the lower one where two tie.

    `scores` (..., n_q, n_k) gives (..., n_q) integers.

    >>> top_key(np.array([[1.0, 3.0, 2.0], [5.0, 0.0, 5.0]]))
    array([1, 0])
    """
    scores = np.asarray(scores)
    check_matrix("scores", scores, "(..., n_q, n_k)")
    return scores.argmax(-1)
