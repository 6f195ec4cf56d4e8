"""How far scores spread: dot and additive ones (02), and where the rule sqrt(d_k) holds and where it fails (03)."""

from typing import NamedTuple

import numpy as np

from course_lib.experiments.scaling import random_scores
from course_lib.scaling import init_projection
from course_lib.scores import additive_scores, scaled_scores
from course_lib.softmax import softmax


def dot_spread(d, trials=1_000_000, seed=0):
    """Return the spread of `trials` dot products of d features, N(0, 1) each: sqrt(d), within .2 %.

    >>> [round(dot_spread(d), 1) for d in (8, 64, 512)]
    [2.8, 8.0, 22.6]
    """
    return float(random_scores(d, n_queries=trials, n_keys=1, seed=seed).std())


def additive_spread(d, n_draws=None, n_tokens=24, seed=0):
    """Return the spread of additive scores of d features, d_hidden = d: about .6 at every d.

    W and v are drawn by `init_projection`, n_tokens queries and as many keys from N(0, 1). The mean of n_draws draws of
    them all; left out, 129 at d = 8, 19 at 64 and 5 at 512, because long vectors v differ less from draw to draw.

    >>> [round(additive_spread(d), 1) for d in (8, 64, 512)]
    [0.6, 0.6, 0.6]
    """
    n_draws = n_draws or 4 + 1000 // d
    rng = np.random.default_rng(seed)

    def spread():
        W, v = init_projection(2 * d, d, rng), init_projection(d, 1, rng)[:, 0]
        Q, K = rng.standard_normal((2, n_tokens, d))
        return additive_scores(Q, K, W, v).std()

    return float(np.mean([spread() for _ in range(n_draws)]))


def correlated_spread(rho=0.64, d_k=16, trials=500_000, seed=0):
    """Return the spread of `trials` scores q·k when any two features of a vector are correlated at `rho`.

    Every feature still has mean 0 and variance 1. The exact value is sqrt(d_k + d_k (d_k - 1) rho²).

    >>> round(correlated_spread(rho=0), 1), round(correlated_spread(rho=0.64), 1)
    (4.0, 10.7)
    """
    rng = np.random.default_rng(seed)

    def features(size):
        return rho**0.5 * rng.standard_normal((2, size, 1)) + (1 - rho) ** 0.5 * rng.standard_normal((2, size, d_k))

    return float(_drawn_scores(features, trials).std())


def shifted_variance(mean=1.0, d_k=64, trials=100_000, seed=0):
    """Return the variance of `trials` scores q·k, divided by d_k, when all features have this mean and variance 1.

    The exact value is 1 + 2 mean².

    >>> round(shifted_variance(mean=0), 1), round(shifted_variance(mean=1), 1)
    (1.0, 3.0)
    """
    rng = np.random.default_rng(seed)
    return float(_drawn_scores(lambda size: mean + rng.standard_normal((2, size, d_k)), trials).var() / d_k)


def _drawn_scores(features, trials, block=10_000):
    """Return `trials` scores (trials,) of the pairs q, k that `features(size)` draws, a block at a time."""
    sizes = (min(block, trials - start) for start in range(0, trials, block))
    return np.concatenate([(q * k).sum(-1) for q, k in map(features, sizes)])


class Unscaled(NamedTuple):
    """What scaled scores look like behind projections that nobody scaled."""

    spread: float
    largest: float


def unscaled_projection(d_model=512, d_k=64, n_tokens=64, n_draws=8, seed=0):
    """Return spread and mean largest weight of scaled scores when W_q and W_k are drawn by randn(d_model, d_k).

    n_tokens tokens from N(0, 1) look at n_tokens others; the mean of n_draws draws of everything. The spread comes
    out at d_model, whatever d_k is.

    >>> unscaled_projection().spread > 500, unscaled_projection().largest > 0.98
    (True, True)
    """
    rng = np.random.default_rng(seed)

    def draw():
        W_q, W_k = rng.standard_normal((2, d_model, d_k))
        X, memory = rng.standard_normal((2, n_tokens, d_model))
        scaled = scaled_scores(X @ W_q, memory @ W_k)
        return scaled.std(), softmax(scaled).max(-1).mean()

    return Unscaled(*(float(mean) for mean in np.mean([draw() for _ in range(n_draws)], axis=0)))
