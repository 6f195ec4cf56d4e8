"""The fast window against torch's flex_attention, and streaming against scaled_dot_product_attention, in float64."""

import numpy as np
import pytest
import torch
from flex_window import BLOCK, window_blocks
from fuzz import CASES, draw, mask
from torch.nn.attention.flex_attention import flex_attention
from torch.nn.functional import scaled_dot_product_attention

from course_lib.sliding_window import TILE, sliding_window_attention
from course_lib.sparse import banded_attention
from course_lib.streaming import KEYS, QUERIES, streaming_attention

pytestmark = pytest.mark.filterwarnings("ignore:flex_attention called without torch.compile")


def random_qkv(rng, *shapes):
    return tuple(rng.standard_normal(shape) for shape in shapes)


def same(ours, wanted):
    assert ours.shape == wanted.shape
    np.testing.assert_allclose(ours, wanted, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(("n", "radius"), [(1, 0), (5, 2), (TILE, 1), (2 * TILE + 3, 13), (211, TILE), (211, 300)])
def test_a_window(n, radius, causal):
    rng = np.random.default_rng(n + radius)
    Q, K, V = random_qkv(rng, (2, 3, n, 5), (2, 3, n, 5), (2, 3, n, 7))
    tensors = map(torch.from_numpy, (Q, K, V))
    wanted = flex_attention(*tensors, block_mask=window_blocks(n, radius, causal)).numpy()
    same(sliding_window_attention(Q, K, V, radius, causal), wanted)
    if not causal:
        same(banded_attention(Q, K, V, radius), wanted)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("n", [1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK, 5 * BLOCK + 7])
@pytest.mark.parametrize("radius", [0, 1, 63, 64, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 10_000])
def test_the_blocks_laid_out_by_hand_are_those_of_the_window(n, radius, causal):
    blocks, count = window_blocks(n, radius, causal), -(-n // BLOCK)
    i, j = np.ogrid[:n, :n]
    seen = (abs(i - j) <= radius) & (j <= i if causal else True)
    for q, k in np.ndindex(count, count):
        piece = seen[q * BLOCK : (q + 1) * BLOCK, k * BLOCK : (k + 1) * BLOCK]
        part = k in blocks.kv_indices[0, 0, q, : blocks.kv_num_blocks[0, 0, q]]
        full = k in blocks.full_kv_indices[0, 0, q, : blocks.full_kv_num_blocks[0, 0, q]]
        whole = piece.all() and (k + 1) * BLOCK <= n
        assert full == whole and part == (piece.any() and not whole), (q, k)


@pytest.mark.parametrize("seed", CASES)
def test_streaming_under_any_mask(seed):
    rng, batch, n_q, n_k, d_k, d_v = draw(seed)
    if seed % 3 == 0:  # sizes round the edges of the tiles
        n_q, n_k = int(rng.integers(QUERIES - 3, 2 * QUERIES + 3)), int(rng.integers(KEYS - 3, 2 * KEYS + 3))
    Q, K, V = random_qkv(rng, (*batch, n_q, d_k), (*batch, n_k, d_k), (*batch, n_k, d_v))
    allowed = mask(rng, batch, n_q, n_k)
    full = torch.from_numpy(np.broadcast_to(allowed, (*batch, n_q, n_k)).copy())
    size = 10 ** rng.uniform(-1, 2)
    wanted = scaled_dot_product_attention(*map(torch.from_numpy, (size * Q, K, V)), attn_mask=full).numpy()
    same(streaming_attention(size * Q, K, V, allowed), wanted)
