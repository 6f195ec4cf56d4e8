"""Multi-head attention: the same attention several times, each head on its own share of the features. Lesson 06."""

from typing import NamedTuple

import numpy as np

from course_lib.attention import attention
from course_lib.scores import dot_scores, project, project_one
from course_lib.shapes import as_booleans

SHARPNESS = 20.0  # how far a hand-built head lifts its favourite: e^20, half a billion times any other token


class MultiHeadTrace(NamedTuple):
    """What each head looked at (..., h, n, n) and found (..., h, n, d_head), and the output (..., n, d_model)."""

    weights: np.ndarray
    heads: np.ndarray
    output: np.ndarray


def split_heads(X, n_heads):
    """Return the features of X dealt out to heads: head h has features h·d_head ... (h+1)·d_head - 1 of every token.

    `X` (..., n, d_model) gives (..., n_heads, n, d_head), d_head = d_model / n_heads. No number is copied: the result
    is a view of X. Raises ValueError where n_heads does not divide d_model.
    Source: Vaswani et al. 2017, "Attention is all you need", section 3.2.2.

    >>> split_heads([[1, 2, 3, 4], [5, 6, 7, 8]], n_heads=2)[0]
    array([[1, 2],
           [5, 6]])
    """
    X = np.asarray(X)
    if X.ndim < 2:
        raise ValueError(f"X must have the axes (..., n, d_model): X has shape {X.shape}")
    d_head = width_of_a_head(X.shape[-1], n_heads)
    # A reshape straight to (n_heads, n, d_head) would cut between tokens: first cut features, then bring heads forward.
    return X.reshape(*X.shape[:-1], n_heads, d_head).swapaxes(-2, -3)


def merge_heads(heads):
    """Return all heads side by side: token by token, all of head 0, then all of head 1. Undoes `split_heads`.

    `heads` (..., n_heads, n, d_head) gives (..., n, n_heads · d_head).
    Source: Vaswani et al. 2017, section 3.2.2 ("Concat").

    >>> merge_heads([[[1, 2], [5, 6]], [[3, 4], [7, 8]]])
    array([[1, 2, 3, 4],
           [5, 6, 7, 8]])
    """
    heads = np.asarray(heads)
    if heads.ndim < 3:
        raise ValueError(f"heads must have the axes (..., n_heads, n, d_head): heads has shape {heads.shape}")
    *batch, n_heads, n, d_head = heads.shape
    return heads.swapaxes(-2, -3).reshape(*batch, n, n_heads * d_head)


def multi_head(X, W_q, W_k, W_v, W_o, n_heads, allowed=None):
    """Return what n_heads attentions, each on its own features, make of X, as a MultiHeadTrace.

    `X` (..., n, d_model), `W_q`, `W_k`, `W_v`, `W_o` (d_model, d_model), and `allowed`, booleans that broadcast to
    (..., n, n), the same for all heads; None lets everybody look at everybody. Raises ValueError where shapes do not
    fit; a mask has no axis for the heads.
    Source: Vaswani et al. 2017, section 3.2.2.

    >>> trace = multi_head(np.eye(5, 4), *[np.eye(4)] * 4, n_heads=2)
    >>> trace.weights.shape, trace.heads.shape, trace.output.shape
    ((2, 5, 5), (2, 5, 2), (5, 4))
    """
    Q, K, V = (split_heads(part, n_heads) for part in project(X, W_q, W_k, W_v))  # (..., h, n, d_head) each
    trace = attention(Q, K, V, None if allowed is None else _for_heads(allowed, np.shape(X)))
    output = project_one("merged", merge_heads(trace.output), "W_o", W_o)  # the only place where heads mix
    return MultiHeadTrace(trace.weights, trace.output, output)


def _for_heads(allowed, shape):
    """Return the mask with an axis of 1 for the heads. Without it, a batch of masks would line up with the heads."""
    allowed, wanted = as_booleans(allowed), (*shape[:-1], shape[-2])
    try:
        return np.broadcast_to(allowed, wanted)[..., None, :, :]
    except ValueError:
        message = "allowed must broadcast to (..., n, n), without an axis for the heads"
        raise ValueError(f"{message}: allowed has shape {allowed.shape}, X has shape {shape}") from None


def count_parameters(d_model, n_heads):
    """Return how many numbers W_q, W_k, W_v and W_o hold, without biases: the same for every n_heads.

    Two ints give an int. Each of the heads has three matrices (d_model, d_head), all share one (d_model, d_model).
    Source: Vaswani et al. 2017, section 3.2.2.

    >>> count_parameters(512, n_heads=8), count_parameters(512, n_heads=1)
    (1048576, 1048576)
    """
    d_head = width_of_a_head(d_model, n_heads)
    return n_heads * 3 * d_model * d_head + d_model * d_model


def count_stored_weights(n_heads, n_q, n_k):
    """Return how many attention weights one layer holds for one sequence: n_q · n_k for each head.

    >>> count_stored_weights(8, 1024, 1024)
    8388608
    """
    return n_heads * n_q * n_k


def previous_token_head(n):
    """Return `W_q`, `W_k` (n, n) of a head that looks at the token before, given one-hot positions and a causal mask.

    Hand-built. Query i asks for position i - 1; token 0 has none before it and looks at itself.

    >>> attention(*previous_token_head(3), np.eye(3), np.tri(3, dtype=bool)).weights.round(2)
    array([[1., 0., 0.],
           [1., 0., 0.],
           [0., 1., 0.]])
    """
    return SHARPNESS * float(n) ** 0.5 * np.eye(n, k=-1), np.eye(n)  # the root is what `scale` will take away


def same_letter_head(n_letters):
    """Return `W_q`, `W_k` (n_letters, n_letters) of a head that looks at all copies of its own letter, one-hot.

    Hand-built. The copies share the weight equally, the token itself among them.

    >>> X = np.eye(3)[[0, 1, 0]]  # a b a
    >>> attention(*(X @ W for W in same_letter_head(3)), X).weights.round(2)
    array([[0.5, 0. , 0.5],
           [0. , 1. , 0. ],
           [0.5, 0. , 0.5]])
    """
    return SHARPNESS * float(n_letters) ** 0.5 * np.eye(n_letters), np.eye(n_letters)


def batched_scores(Q, K):
    """Return each head's own scores: Q Kᵀ with only the last two axes of K swapped, which `K.T` would not do.

    `Q` (..., n_q, d_k), `K` (..., n_k, d_k) give (..., n_q, n_k).

    >>> batched_scores(np.ones((2, 3, 5, 7)), np.ones((2, 3, 11, 7))).shape
    (2, 3, 5, 11)
    """
    return dot_scores(Q, K)


def width_of_a_head(d_model, n_heads):
    """Return d_head = d_model / n_heads, or raise ValueError where n_heads does not divide d_model."""
    if n_heads < 1 or d_model % n_heads:
        raise ValueError(f"n_heads must divide d_model: n_heads is {n_heads}, d_model is {d_model}")
    return d_model // n_heads
