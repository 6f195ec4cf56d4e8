"""Lesson 01, behind the cut: how many numbers per word analogies need."""

from typing import NamedTuple

import numpy as np

from course_lib.embeddings import analogy
from course_lib.tiny_world import ANALOGIES, sentences, shuffled, word_vectors


class AnalogyShare(NamedTuple):
    """The share of analogies answered rightly, (n_corpora,) each."""

    excluded: np.ndarray  # the three words of the question may not answer
    allowed: np.ndarray  # they may: the stricter form


def analogy_share(dim=40, n_corpora=20, part="all", control=False, n_sentences=4000):
    """Return an AnalogyShare: one number per corpus, seeds 0 ... n_corpora - 1.

    `part` is "tuned" (9 analogies, on which the settings were chosen), "held_out" (8) or "all" (17). With `control`
    the words of each corpus are shuffled.

    >>> bool(analogy_share(n_corpora=2).allowed.mean() > 0.9)
    True
    """
    return analogy_shares((dim,), n_corpora, part, control, n_sentences)[dim]


def analogy_shares(dims, n_corpora=20, part="all", control=False, n_sentences=4000):
    """Return {dim: AnalogyShare} for several sizes; one SVD per corpus serves them all."""
    questions = sum(ANALOGIES.values(), ()) if part == "all" else ANALOGIES[part]
    shares = {dim: [] for dim in dims}
    for seed in range(n_corpora):
        rng = np.random.default_rng(seed)
        corpus = sentences(n_sentences, rng)
        vectors = word_vectors(shuffled(corpus, rng) if control else corpus, dim=max(dims))
        for dim in dims:
            shares[dim].append([_share(vectors, dim, questions, exclude) for exclude in (True, False)])
    return {dim: AnalogyShare(*np.array(pairs).T) for dim, pairs in shares.items()}


def _share(vectors, dim, questions, exclude):
    ids = [vectors.ids(*words) for words in questions]
    return np.mean([analogy(a, b, c, vectors.table[:, :dim], exclude) == answer for a, b, c, answer in ids])
