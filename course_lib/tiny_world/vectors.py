"""Word vectors by counting: which words stand near each other, more often than chance would have it.

Levy, Goldberg, Dagan 2015, "Improving distributional similarity with lessons learned from word embeddings".
"""

from typing import NamedTuple

import numpy as np


class WordVectors(NamedTuple):
    """`words` (n_words,), sorted; `table` (n_words, dim): row i is the vector of word i."""

    words: tuple
    table: np.ndarray

    def ids(self, *words):
        """Return the row of each word, (n,) ints.

        >>> WordVectors(("cat", "dog"), np.eye(2)).ids("dog", "cat")
        array([1, 0])
        """
        return np.array([self.words.index(word) for word in words])


def word_vectors(corpus, dim=40, window=3):
    """Return a WordVectors: `dim` numbers per word of `corpus`, by PPMI and a truncated SVD.

    `corpus` is a list of sentences, lists of words; words at most `window` apart count as neighbours. Column j points
    where its largest entry is positive, so that equal counts give equal signs. Raises ValueError where `dim` is more
    than there are words.

    >>> word_vectors([["the", "cat", "sleeps"], ["the", "dog", "sleeps"]], dim=2).table.round(2)
    array([[ 0.45,  0.35],
           [ 0.45,  0.35],
           [ 0.58, -0.28],
           [ 0.58, -0.28]])
    """
    words, counts = cooccurrence(corpus, window)
    if not 0 < dim <= len(words):
        raise ValueError(f"dim must lie between 1 and the number of words, {len(words)}: got {dim}")
    U, S, _ = np.linalg.svd(ppmi(counts))
    table = U[:, :dim] * S[:dim]
    peaks = table[np.abs(table).argmax(0), np.arange(dim)]
    return WordVectors(words, np.where(peaks < 0, -table, table))


def cooccurrence(corpus, window):
    """Return the words of `corpus`, sorted, and how often each two stand at most `window` apart, (n_words, n_words).

    >>> cooccurrence([["the", "cat", "sleeps"]], window=1)
    (('cat', 'sleeps', 'the'), array([[0., 1., 1.],
           [1., 0., 0.],
           [1., 0., 0.]]))
    """
    words = sorted({word for sentence in corpus for word in sentence})
    number = {word: i for i, word in enumerate(words)}
    ids = np.array([i for sentence in corpus for i in (*map(number.get, sentence), *[-1] * window)])
    counts = np.zeros(len(words) ** 2)
    for distance in range(1, window + 1):  # the -1 between sentences keeps a last word from meeting the next sentence
        left, right = ids[:-distance], ids[distance:]
        pairs = (left * len(words) + right)[(left >= 0) & (right >= 0)]
        counts += np.bincount(pairs, minlength=len(counts))
    counts = counts.reshape(len(words), len(words))
    return tuple(words), counts + counts.T


def ppmi(counts):
    """Return max(0, log(p(a, b) / (p(a) p(b)))): how much more often than by chance two words meet; 0 if less.

    `counts` (n, n) gives (n, n).

    >>> ppmi(np.array([[0.0, 2.0], [2.0, 0.0]])).round(2)
    array([[0.  , 0.69],
           [0.69, 0.  ]])
    """
    chance = np.outer(counts.sum(1), counts.sum(0)) / counts.sum()
    return np.log(np.maximum(counts / np.where(chance == 0, 1, chance), 1))
