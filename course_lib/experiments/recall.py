"""Lesson 00: how much of a sentence can be read back from one summary, and how much by attention over its states."""

import numpy as np

from course_lib.attention import attention
from course_lib.scores import dot_scores, top_key

N_WORDS = 50
BLOCK = 2**17  # numbers drawn at a time: larger blocks leave the processor's cache


def recall(n, d, trials, rng):
    """Return the share of n words that can be read back from one summary of d numbers.

    Each of 50 words has a random code of d features from N(0, 1); n words are drawn, with replacement. Each word's code
    is bound to its place by multiplying with random signs, and all are added up. To read a place, multiply by its
    signs again and take the word whose code has the largest dot product with the result.
    A mean of `trials` sentences: with 1,000 of them the standard error is .005 at n = 8, .002 at n = 32.
    Source: Gayler 1998, "Multiplicative binding, representation operators and analogy" (binding by signs, adding up).

    >>> [round(recall(n, 64, trials=1000, rng=np.random.default_rng(1)), 2) for n in (1, 8, 32)]
    [1.0, 0.69, 0.22]
    """
    return _share_read(from_summary, n, d, trials, rng)


def attention_recall(n, d, trials, rng):
    """Return the share of n words that attention reads back from n stored states of d features.

    Words, codes and signs as in `recall`. Query and key of a place are its signs, the value is the word's code.

    >>> attention_recall(256, 64, trials=10, rng=np.random.default_rng(0))
    1.0
    """
    return _share_read(from_states, n, d, trials, rng)


def from_summary(signs, states):
    """Return what each place reads out of the one sum: `signs` and `states` (..., n, d) give (..., n, d)."""
    summary = (signs * states).sum(-2, keepdims=True)  # (..., 1, d): all that is kept of the sentence
    return signs * summary  # a sign times itself is 1: the own code comes back, the others stay scrambled


def from_states(signs, states):
    """Return what each place reads when all states are kept: `signs` and `states` (..., n, d) give (..., n, d)."""
    return attention(signs, signs, states).output


def recall_when_both_double(n=32, d=64, trials=1000, seed=0):
    """Return "rises", "falls" or "same": what recall does when n words and d numbers both double.

    A change of less than .02 counts as the same; the standard error of the change is .003.

    >>> recall_when_both_double()
    'same'
    """
    rng = np.random.default_rng(seed)
    change = recall(2 * n, 2 * d, trials, rng) - recall(n, d, trials, rng)
    return "same" if abs(change) < 0.02 else "rises" if change > 0 else "falls"


def _share_read(read, n, d, trials, rng):
    size = max(1, BLOCK // ((n + N_WORDS) * d))
    sizes = (min(size, trials - start) for start in range(0, trials, size))
    return float(sum(_words_read(read, n, d, block, rng) for block in sizes) / (n * trials))


def _words_read(read, n, d, size, rng):
    """Return how many words of `size` sentences are read right."""
    codes, words = rng.standard_normal((size, N_WORDS, d)), rng.integers(N_WORDS, size=(size, n))
    signs = 1.0 - 2.0 * rng.integers(2, size=(size, n, d), dtype=np.int8)
    states = np.take_along_axis(codes, words[..., None], axis=-2)  # (size, n, d)
    return (top_key(dot_scores(read(signs, states), codes)) == words).sum()
