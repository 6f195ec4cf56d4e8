"""Why attention: shares of relevance, the mix that they make of stored states, and how far a signal travels."""

import numpy as np

from course_lib.shapes import as_floats, check_matrix, check_same


def shares(relevance):
    """Return the relevance of each state as a share of the whole: never negative, and summing to 1.

    `relevance` (..., n), numbers of 0 or more and not all 0, gives (..., n). Raises ValueError for any other.

    >>> shares([3, 1, 0])
    array([0.75, 0.25, 0.  ])
    """
    relevance = as_floats(relevance)
    total = relevance.sum(-1, keepdims=True)
    if not ((relevance >= 0).all() and (total > 0).all() and np.isfinite(total).all()):  # so that nan is refused
        raise ValueError(f"relevance must be finite, 0 or more, and not all 0: got {relevance.tolist()}")
    return relevance / total


def context_vector(weights, states):
    """Return the mix of all states, each with its weight: weights @ states.

    `weights` (..., n), `states` (..., n, d) give (..., d). Raises ValueError unless there is one weight per state.
    Source: Bahdanau, Cho, Bengio 2015, "Neural machine translation by jointly learning to align and translate",
    section 3.1, equation 5.

    >>> context_vector([0.75, 0.25], [[4, 0], [0, 8]])
    array([3., 2.])
    """
    weights, states = as_floats(weights), as_floats(states)
    check_matrix("states", states, "(..., n, d)")
    if weights.ndim < 1:
        raise ValueError(f"weights must have the axes (..., n): weights has shape {weights.shape}")
    check_same("there must be one weight per state (n)", "weights", weights, -1, "states", states, -2)
    try:
        return (weights[..., None, :] @ states)[..., 0, :]
    except ValueError:
        message = "the batch axes of weights and states must agree"
        raise ValueError(f"{message}: weights has shape {weights.shape}, states has shape {states.shape}") from None


def path_length(i, j, kind):
    """Return the steps that a signal takes from position j to position i.

    `i` and `j` are two different positions. A recurrent net ("rnn") hands the signal from neighbour to neighbour,
    abs(i - j) steps; in "attention" every position reads every other directly: 1.
    Source: Vaswani et al. 2017, "Attention is all you need", section 4 and table 1.

    >>> path_length(6, 2, "rnn"), path_length(6, 2, "attention")
    (4, 1)
    """
    if i == j:
        raise ValueError(f"a path joins two different positions: i and j are both {i}")
    if kind not in ("rnn", "attention"):
        raise ValueError(f'kind must be "rnn" or "attention": got {kind!r}')
    return int(abs(i - j)) if kind == "rnn" else 1
