"""Multi-head attention against torch.nn.MultiheadAttention, in float64, from random weights.

Theirs keeps W transposed, calls a mask True where one may *not* look, and has its own argument for padding.
"""

import numpy as np
import pytest
import torch
from fuzz import CASES, SIZES, padded

from course_lib.attention import cross_attention
from course_lib.masks import causal_mask, padding_mask
from course_lib.multi_head import multi_head


def draw(seed):
    """Return a Generator, X (batch, n, d_model), four matrices (d_model, d_model), and n_heads."""
    rng = np.random.default_rng(seed)
    batch, n, n_heads, d_head = (int(size) for size in rng.choice(SIZES, 4))
    d_model = n_heads * d_head
    W = rng.standard_normal((4, d_model, d_model)) / d_model**0.5
    return rng, rng.standard_normal((batch, n, d_model)), W, n_heads


def theirs(W, n_heads):
    """Return a torch.nn.MultiheadAttention that holds our matrices."""
    layer = torch.nn.MultiheadAttention(W.shape[-1], n_heads, bias=False, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        layer.in_proj_weight.copy_(torch.from_numpy(np.concatenate([matrix.T for matrix in W[:3]])))
        layer.out_proj.weight.copy_(torch.from_numpy(W[3].T.copy()))
    return layer.eval()


def output(layer, X, memory=None, **options):
    X, memory = torch.from_numpy(X), torch.from_numpy(X if memory is None else memory)
    with torch.no_grad():
        return layer(X, memory, memory, need_weights=False, **options)[0].numpy()


def hidden(allowed):
    return torch.from_numpy(~allowed)


def same(ours, wanted):
    assert ours.shape == wanted.shape
    np.testing.assert_allclose(ours, wanted, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("seed", CASES)
def test_output_and_the_weights_of_every_head(seed):
    _, X, W, n_heads = draw(seed)
    trace = multi_head(X, *W, n_heads)
    with torch.no_grad():
        wanted, weights = theirs(W, n_heads)(*[torch.from_numpy(X)] * 3, average_attn_weights=False)
    same(trace.output, wanted.numpy())
    same(trace.weights, weights.numpy())


@pytest.mark.parametrize("seed", CASES)
def test_one_mask_for_the_whole_batch_empty_rows_too(seed):
    rng, X, W, n_heads = draw(seed)
    n = X.shape[1]
    allowed = rng.random((n, n)) < 0.5
    allowed[rng.integers(n)] = False
    same(multi_head(X, *W, n_heads, allowed).output, output(theirs(W, n_heads), X, attn_mask=hidden(allowed)))


@pytest.mark.parametrize("seed", CASES)
def test_a_mask_of_its_own_for_each_sentence(seed):
    rng, X, W, n_heads = draw(seed)
    batch, n, _ = X.shape
    allowed = rng.random((batch, n, n)) < 0.5
    for_heads = np.repeat(allowed, n_heads, axis=0)  # theirs has one axis for sentence and head together
    same(multi_head(X, *W, n_heads, allowed).output, output(theirs(W, n_heads), X, attn_mask=hidden(for_heads)))


@pytest.mark.parametrize("seed", CASES)
def test_causal_and_padding_together(seed):
    rng, X, W, n_heads = draw(seed)
    batch, n, _ = X.shape
    lengths = rng.integers(0, n + 1, size=batch)  # length 0: nobody to look at
    future = torch.ones(n, n, dtype=torch.bool).triu(1)
    wanted = output(theirs(W, n_heads), X, attn_mask=future, key_padding_mask=padded(lengths, n))
    same(multi_head(X, *W, n_heads, causal_mask(n) & padding_mask(lengths, n)).output, wanted)


@pytest.mark.parametrize("seed", CASES)
def test_cross_attention_is_theirs_with_one_head(seed):
    rng, X, (W_q, W_k, W_v, _), _ = draw(seed)
    batch, _, d_model = X.shape
    n_k = int(rng.choice(SIZES))
    memory, lengths = rng.standard_normal((batch, n_k, d_model)), rng.integers(0, n_k + 1, size=batch)
    layer = theirs(np.stack([W_q, W_k, W_v, np.eye(d_model)]), n_heads=1)
    wanted = output(layer, X, memory, key_padding_mask=padded(lengths, n_k))
    same(cross_attention(X, memory, W_q, W_k, W_v, padding_mask(lengths, n_k)).output, wanted)
