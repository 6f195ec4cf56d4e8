"""Attention and its masks against torch.nn.functional.scaled_dot_product_attention, in float64."""

import numpy as np
import pytest
import torch
from fuzz import CASES, draw, mask, padded
from torch.nn.attention.bias import causal_lower_right
from torch.nn.functional import scaled_dot_product_attention

from course_lib.attention import attention
from course_lib.masks import causal_mask, padding_mask


def random_qkv(rng, batch, n_q, n_k, d_k, d_v):
    return tuple(rng.standard_normal((*batch, *shape)) for shape in ((n_q, d_k), (n_k, d_k), (n_k, d_v)))


def theirs(Q, K, V, **options):
    return scaled_dot_product_attention(*map(torch.from_numpy, (Q, K, V)), **options).numpy()


def same(ours, wanted):
    assert ours.shape == wanted.shape
    np.testing.assert_allclose(ours, wanted, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("seed", CASES)
def test_everybody_looks_at_everybody(seed):
    rng, batch, n_q, n_k, d_k, d_v = draw(seed)
    Q, K, V = random_qkv(rng, batch, n_q, n_k, d_k, d_v)
    same(attention(Q, K, V).output, theirs(Q, K, V))


@pytest.mark.parametrize("seed", CASES)
def test_any_boolean_mask_that_broadcasts_empty_rows_too(seed):
    rng, batch, n_q, n_k, d_k, d_v = draw(seed)
    Q, K, V = random_qkv(rng, batch, n_q, n_k, d_k, d_v)
    allowed = mask(rng, batch, n_q, n_k)
    full = np.broadcast_to(allowed, (*batch, n_q, n_k)).copy()
    same(attention(Q, K, V, allowed).output, theirs(Q, K, V, attn_mask=torch.from_numpy(full)))


def test_the_masks_leave_rows_empty_hide_nothing_in_others_and_have_batch_axes():
    drawn = [draw(seed) for seed in CASES]
    masks = [mask(rng, batch, n_q, n_k) for rng, batch, n_q, n_k, *_ in drawn]
    assert sum(not allowed.any(-1).all() for allowed in masks) > 20
    assert sum(bool(allowed.all(-1).any()) for allowed in masks) > 20
    assert sum(allowed.ndim > 2 and max(allowed.shape[:-2]) > 1 for allowed in masks) > 10


@pytest.mark.parametrize("seed", CASES)
def test_causal_with_as_many_queries_as_keys(seed):
    rng, batch, n, _, d_k, d_v = draw(seed)
    Q, K, V = random_qkv(rng, batch, n, n, d_k, d_v)
    same(attention(Q, K, V, causal_mask(n)).output, theirs(Q, K, V, is_causal=True))


@pytest.mark.parametrize("seed", CASES)
def test_causal_with_other_keys_than_queries_ends_at_the_same_token(seed):
    rng, batch, n_q, n_k, d_k, d_v = draw(seed)
    n_q, n_k = sorted((n_q, n_k))  # a cache is never shorter than the queries
    Q, K, V = random_qkv(rng, batch or (1,), n_q, n_k, d_k, d_v)
    Q, K, V = (array.reshape(-1, 1, *array.shape[-2:]) for array in (Q, K, V))  # their bias takes four axes alone
    same(attention(Q, K, V, causal_mask(n_q, n_k)).output, theirs(Q, K, V, attn_mask=causal_lower_right(n_q, n_k)))


@pytest.mark.parametrize("seed", CASES)
def test_padding_of_a_batch(seed):
    rng, _, n_q, n_k, d_k, d_v = draw(seed)
    lengths = rng.integers(0, n_k + 1, size=5)
    Q, K, V = random_qkv(rng, (5, 3), n_q, n_k, d_k, d_v)
    wanted = theirs(Q, K, V, attn_mask=~padded(lengths, n_k)[:, None, None])
    same(attention(Q, K, V, padding_mask(lengths, n_k)[:, None]).output, wanted)  # an axis for the heads


@pytest.mark.parametrize("seed", CASES[:20])
def test_scores_of_hundreds(seed):
    rng, batch, n_q, n_k, d_k, d_v = draw(seed)
    Q, K, V = random_qkv(rng, batch, n_q, n_k, d_k, d_v)
    same(attention(300 * Q, K, V).output, theirs(300 * Q, K, V))
