"""Whom benchmarks/sparse.py races against: the loop of the articles, dense attention by a careful hand, and torch."""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "oracle"))

try:
    import torch
    from flex_window import window_blocks
    from torch.nn.attention.flex_attention import flex_attention

    torch.set_num_threads(1)
except ImportError:
    torch = None


def attention_in_place(Q, K, V):
    """Everybody looks at everybody, with one n x n array."""
    weights = Q @ K.T
    weights /= Q.shape[-1] ** 0.5
    weights -= weights.max(-1, keepdims=True)
    np.exp(weights, out=weights)
    weights /= weights.sum(-1, keepdims=True)
    return weights @ V


def loop_over_tokens(Q, K, V, radius):
    """A window as articles print it."""
    output = np.empty_like(V)
    for i in range(len(Q)):
        first, last = max(0, i - radius), min(len(Q), i + radius + 1)
        scores = Q[i] @ K[first:last].T / np.sqrt(Q.shape[-1])
        weights = np.exp(scores - scores.max())
        output[i] = weights / weights.sum() @ V[first:last]
    return output


def torch_window(Q, K, V, radius):
    """Return a call without arguments: torch's flex_attention, compiled, its block mask laid out beforehand."""
    blocks, compiled, tensors = window_blocks(len(Q), radius), torch.compile(flex_attention), _tensors(Q, K, V)
    return lambda: compiled(*tensors, block_mask=blocks)[0, 0].numpy()


def torch_attention(Q, K, V):
    """Return a call without arguments: torch's scaled_dot_product_attention."""
    tensors = _tensors(Q, K, V)
    return lambda: torch.nn.functional.scaled_dot_product_attention(*tensors)[0, 0].numpy()


def _tensors(*arrays):
    return [torch.from_numpy(array)[None, None] for array in arrays]  # one batch, one head
