"""A layer of attention built by hand: four clean heads at h = 4, blended at h = 1, in shreds at h = 24."""

from typing import NamedTuple

import numpy as np

from course_lib.multi_head import SHARPNESS, previous_token_head, same_letter_head

TOKENS = ("the", "cat", "saw", "the", "dog", "run")


class Layer(NamedTuple):
    """Tokens, their rows X (n, d_model), and four matrices (d_model, d_model)."""

    tokens: tuple
    X: np.ndarray
    W_q: np.ndarray
    W_k: np.ndarray
    W_v: np.ndarray
    W_o: np.ndarray


def hand_heads(tokens=TOKENS):
    """Return a Layer with d_model = 4 n, whose heads at h = 4 look at: the token before, the same word, the token
    after, the first token. Each brings home which word stands there.

    The rows of X are one-hot positions, one-hot words, and 2 n empty features.

    >>> hand_heads().X.shape
    (6, 24)
    """
    n, words = len(tokens), sorted(set(tokens), key=tokens.index)
    positions, letters, *_ = blocks = [slice(n * block, n * (block + 1)) for block in range(4)]
    before, at = previous_token_head(n)
    first = SHARPNESS * float(n) ** 0.5 * np.eye(1, n).repeat(n, 0)  # wherever it stands, a token asks for position 0
    heads = [
        (positions, before, at),
        (letters, *same_letter_head(n)),
        (positions, at, before),  # the token after: the token before with the roles of query and key exchanged
        (positions, first, np.eye(n)),
    ]
    X, W_q, W_k, W_v = np.zeros((n, 4 * n)), *np.zeros((3, 4 * n, 4 * n))
    X[:, positions], X[:, letters] = np.eye(n), np.eye(n)[[words.index(token) for token in tokens]]
    for block, (source, query, key) in zip(blocks, heads, strict=True):
        W_q[source, block], W_k[source, block], W_v[letters, block] = query, key, np.eye(n)
    return Layer(tuple(tokens), X, W_q, W_k, W_v, np.eye(4 * n))
