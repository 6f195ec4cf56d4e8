"""Random shapes and masks for both sides: small sizes, often 1, often equal, so that axes can be mistaken."""

import numpy as np
import torch

CASES = range(60)
SIZES = (1, 1, 2, 3, 3, 5, 7, 11)
BATCHES = ((), (1,), (2,), (3,), (2, 3), (3, 1), (2, 1, 3))


def draw(seed):
    """Return a Generator, and the batch axes and the sizes n_q, n_k, d_k, d_v of one case."""
    rng = np.random.default_rng(seed)
    return rng, BATCHES[rng.integers(len(BATCHES))], *(int(size) for size in rng.choice(SIZES, 4))


def padded(lengths, n_k):
    """Return True for padding, as PyTorch has it: (batch, n_k). Theirs, so that ours is not compared with itself."""
    return torch.arange(n_k) >= torch.from_numpy(lengths)[:, None]


def mask(rng, batch, n_q, n_k):
    """Return booleans that broadcast to (*batch, n_q, n_k), some axes of them 1 or missing, some rows empty."""
    shape = [1 if rng.random() < 0.3 else size for size in (*batch, n_q, n_k)]
    shape = shape[rng.integers(len(batch) + 1) :]  # fewer batch axes, too
    allowed = rng.random(shape) < rng.choice([0.2, 0.5, 0.9])
    allowed[rng.random(shape[:-1]) < 0.2] = False  # queries with nobody to look at
    return allowed
