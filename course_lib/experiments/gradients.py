"""Lesson 04, behind the cut: how much of a gradient passes through a softmax."""

from typing import NamedTuple

import numpy as np

from course_lib.experiments.scaling import lengths_and_keys
from course_lib.scaling import scale
from course_lib.softmax import softmax, softmax_jacobian


class GradientStudy(NamedTuple):
    """One number per query in the two arrays, (n_queries,); the rest sums them up."""

    jacobian: np.ndarray  # Frobenius norm of diag(w) - w wᵀ
    q_gradient: np.ndarray  # length of the gradient on q
    median_jacobian: float
    dead: float  # share of queries whose scores get less than a thousandth of the gradient on the weights
    mean_q_gradient: float
    median_q_gradient: float
    spread: float  # of the scores that go into the softmax
    largest: float  # mean largest weight


def gradient_study(d_k, scaled, n_keys=64, n_queries=2000, seed=0):
    """Return what reaches scores and query when the gradient on the weights is drawn from N(0, 1), per query.

    Scores are those of `random_scores`, divided by sqrt(d_k) when `scaled`. 64 keys, 2,000 queries.

    >>> raw, scaled = gradient_study(1024, scaled=False), gradient_study(1024, scaled=True)
    >>> raw.median_jacobian < 0.001, round(scaled.median_jacobian, 2)
    (True, 0.18)
    """
    lengths, along = lengths_and_keys(d_k, n_queries, n_keys, seed)
    rng = np.random.default_rng([seed, 1])
    factor = float(scale(1.0, d_k)) if scaled else 1.0
    scores = lengths * along * factor
    weights, on_weights = softmax(scores), rng.standard_normal(scores.shape)
    jacobian, on_scores = pass_back(weights, on_weights)
    on_q = factor * length_on_q(on_scores, along, d_k, rng)
    dead = np.linalg.norm(on_scores, axis=-1) < np.linalg.norm(on_weights, axis=-1) / 1000
    summary = (np.median(jacobian), dead.mean(), on_q.mean(), np.median(on_q), scores.std(), weights.max(-1).mean())
    return GradientStudy(jacobian, on_q, *(float(number) for number in summary))


def pass_back(weights, on_weights, block=100):
    """Return the Jacobian's Frobenius norm (n,) and the gradient on the scores, for rows `weights` (n, n_keys)."""
    norms, gradients = [], []
    for start in range(0, len(weights), block):  # all 2,000 Jacobians of 64 x 64 at once would be 65 MB
        J = softmax_jacobian(weights[start : start + block])
        norms.append(np.linalg.norm(J, axis=(-2, -1)))
        gradients.append((J @ on_weights[start : start + block, :, None])[..., 0])
    return np.concatenate(norms), np.concatenate(gradients)


def length_on_q(on_scores, along, d_k, rng):
    """Return the length of K.T @ on_scores per query, (n,), where `along` says how far each key reaches along q.

    The other d_k - 1 features of the keys are N(0, 1) and independent of the scores: together they add
    |on_scores|² times a chi-square number.
    """
    across = (on_scores**2).sum(-1) * 2 * rng.standard_gamma((d_k - 1) / 2, len(on_scores))
    return ((on_scores * along).sum(-1) ** 2 + across) ** 0.5
