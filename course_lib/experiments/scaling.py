"""Lesson 03: what random scores make of 16 shares, and what dividing the scores does."""

import numpy as np

from course_lib.softmax import share_saturated, softmax

DIVISORS = {"none": 0.0, "sqrt": 0.5, "d_k": 1.0}  # the power of d_k that scores are divided by


def random_scores(d_k, n_queries=2000, n_keys=16, seed=0):
    """Return dot products (n_queries, n_keys) of random queries, each with random keys of its own; entries N(0, 1).

    >>> random_scores(d_k=64, n_queries=3, n_keys=5).shape
    (3, 5)
    """
    lengths, along = lengths_and_keys(d_k, n_queries, n_keys, seed)
    return lengths * along


def lengths_and_keys(d_k, n_queries, n_keys, seed):
    """Return the queries' lengths (n_queries, 1), and how far each key reaches along its query (n_queries, n_keys).

    Seen along any fixed direction, a vector of N(0, 1) features is one draw from N(0, 1). So the product of these two
    has exactly the distribution of q·k, without drawing 2,000 x 16 x 1,024 features. Equal seeds give equal keys at
    every d_k: only the lengths grow.
    """
    rng = np.random.default_rng(seed)
    along = rng.standard_normal((n_queries, n_keys))
    return rng.chisquare(d_k, (n_queries, 1)) ** 0.5, along


def random_weights(d_k, divisor="sqrt", n_keys=16, n_queries=2000, seed=0):
    """Return softmax(random scores / divisor), (n_queries, n_keys). `divisor` is "none", "sqrt" or "d_k".

    >>> random_weights(d_k=64, n_queries=3, n_keys=5).sum(-1).round(9)
    array([1., 1., 1.])
    """
    if divisor not in DIVISORS:
        raise ValueError(f"divisor must be one of {list(DIVISORS)}: got {divisor!r}")
    return softmax(random_scores(d_k, n_queries, n_keys, seed) / float(d_k) ** DIVISORS[divisor])


def largest_share(d_k, divisor="none", n_keys=16, n_queries=2000, seed=0):
    """Return the largest of a query's n_keys shares, averaged over n_queries.

    16 keys, 2,000 queries: standard error below .006.

    >>> [round(largest_share(d_k), 2) for d_k in (1, 64, 1024)]
    [0.21, 0.84, 0.96]
    """
    return float(random_weights(d_k, divisor, n_keys, n_queries, seed).max(-1).mean())


def saturated_share(d_k, divisor="none", n_keys=16, n_queries=2000, threshold=0.99, seed=0):
    """Return the share of n_queries queries that give one of n_keys keys more than `threshold`.

    16 keys: with 2,000 queries the standard error is .01, with 100,000 it is .0015.

    >>> round(saturated_share(64, n_queries=100_000), 2)
    0.29
    """
    return share_saturated(random_weights(d_k, divisor, n_keys, n_queries, seed), threshold)


def trend_of_largest_share(divisor="none", d_ks=(4, 16, 64, 256, 1024)):
    """Return "grows", "shrinks" or "same": what the largest of 16 shares does from the first of `d_ks` to the last.

    A change of less than a tenth of the first value counts as the same.

    >>> trend_of_largest_share(), trend_of_largest_share("sqrt"), trend_of_largest_share("d_k")
    ('grows', 'same', 'shrinks')
    """
    first, last = largest_share(d_ks[0], divisor), largest_share(d_ks[-1], divisor)
    if abs(last - first) < first / 10:
        return "same"
    return "grows" if last > first else "shrinks"
