"""Scaling: scores spread like the root of d_k, so divide by it; and draw projections that keep the spread."""

import numpy as np

from course_lib.shapes import as_floats


def scale(scores, d_k):
    """Return scores / sqrt(d_k), so their spread does not grow with d_k.

    `scores` of any shape, `d_k` a positive number; the shape stays.
    Source: Vaswani et al. 2017, "Attention is all you need", section 3.2.1 and its footnote 4.

    >>> scale(np.array([8.0, 0.0]), d_k=64)
    array([1., 0.])
    """
    if not d_k > 0:
        raise ValueError(f"d_k must be positive: got {d_k}")
    return as_floats(scores) / float(d_k) ** 0.5  # np.sqrt would turn float32 into float64


def score_std(d_k, trials, rng):
    """Return the spread (standard deviation) of `trials` scores q·k, all features drawn from N(0, 1).

    `d_k` and `trials` ints, `rng` a Generator; the result is a float near sqrt(d_k).
    Source: Vaswani et al. 2017, footnote 4.

    >>> round(score_std(d_k=64, trials=20_000, rng=np.random.default_rng(0)))
    8
    """
    block = 1000  # trials at a time: 20,000 of 1,024 features at once would be 330 MB
    sizes = (min(block, trials - start) for start in range(0, trials, block))
    draws = (rng.standard_normal((2, size, d_k)) for size in sizes)
    return float(np.concatenate([(q * k).sum(-1) for q, k in draws]).std())


def divisor(d_k, q_std, k_std):
    """Return what q·k must be divided by to spread by 1, for independent centred features of these spreads.

    Three numbers give a float. With spreads of 1 it is the sqrt(d_k) of Vaswani et al. 2017, section 3.2.1.

    >>> divisor(d_k=64, q_std=2, k_std=2)
    32.0
    """
    return float(q_std * k_std * float(d_k) ** 0.5)


def init_projection(d_model, d_k, rng):
    """Return a random `W` (d_model, d_k) for which X @ W spreads like X.

    `d_model` and `d_k` ints, `rng` a Generator. One entry of X @ W adds up d_model terms, hence sqrt(d_model).
    Source: LeCun, Bottou, Orr, Müller 1998, "Efficient backprop", section 4.6.

    >>> W = init_projection(512, 64, np.random.default_rng(0))
    >>> W.shape, round(float((np.random.default_rng(1).standard_normal((100, 512)) @ W).std()), 1)
    ((512, 64), 1.0)
    """
    return rng.standard_normal((d_model, d_k)) / float(d_model) ** 0.5
