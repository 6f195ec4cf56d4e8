"""Lessons 01 and 02: the answers of the predict cards, found by trying."""

import numpy as np

from course_lib.embeddings import cosine, embed
from course_lib.scores import dot_scores
from course_lib.softmax import softmax


def moved_by_stretching(stretch=2.0):
    """Return "dots", "cosines" or "both": what changes between a word and the others when it is stretched.

    >>> moved_by_stretching(), moved_by_stretching(stretch=1.0)
    ('dots', 'none')
    """
    others, dog = np.array([[0.2, 0.9, 0.3], [0.9, 0.1, 0.1]]), np.array([0.3, 0.9, 0.5])
    dots = not np.allclose(others @ dog, others @ (stretch * dog))
    cosines = not np.allclose(cosine(others, dog), cosine(others, stretch * dog))
    return {(True, True): "both", (True, False): "dots", (False, True): "cosines"}.get((dots, cosines), "none")


def sums_of_two_orders(seed=0):
    """Return "equal" or "different": the sum of three word vectors, and of the same three in another order.

    Equal up to rounding: floats added in another order can differ in the last digit.

    >>> sums_of_two_orders()
    'equal'
    """
    table = np.random.default_rng(seed).standard_normal((3, 5))
    dog_bites_man, man_bites_dog = embed([0, 1, 2], table), embed([2, 1, 0], table)
    return "equal" if np.allclose(dog_bites_man.sum(0), man_bites_dog.sum(0)) else "different"


def symmetric_with_one_matrix(n=4, d_model=5, d_k=3, seed=0):
    """Return "scores", "weights", "both" or "none": what is symmetric among n tokens when W_q = W_k.

    >>> symmetric_with_one_matrix()
    'scores'
    """
    rng = np.random.default_rng(seed)
    X, W = rng.standard_normal((n, d_model)), rng.standard_normal((d_model, d_k))
    scores = dot_scores(X @ W, X @ W)
    symmetric = np.allclose(scores, scores.T), np.allclose(softmax(scores), softmax(scores).T)
    return {(True, True): "both", (True, False): "scores", (False, True): "weights"}.get(symmetric, "none")
