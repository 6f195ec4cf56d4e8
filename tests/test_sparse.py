"""What a window costs, how far a pattern reaches, and the window that lesson 07 shows."""

import numpy as np
import pytest
from windows import new_memory, random_qkv, window

from course_lib.attention import attention
from course_lib.masks import causal_mask
from course_lib.sparse import banded_attention, count_pairs, hops, layers_needed, sliding_window_attention

pytestmark = pytest.mark.filterwarnings("error")


def hops_by_walking(allowed):
    """From each token, follow the arrows one layer at a time."""
    n = len(allowed)
    out = np.full((n, n), -1)
    for i in range(n):
        heard, layer = {i}, 0
        while heard:
            for j in heard:
                out[i, j] = layer
            heard = {j for k in heard for j in range(n) if allowed[k, j] and out[i, j] < 0}
            layer += 1
    return out


def test_a_window_keeps_as_many_pairs_as_its_mask_has_true_cells():
    for n in range(12):
        for radius in range(15):
            assert count_pairs(n, radius) == window(n, radius).sum(), (n, radius)


def test_counting_pairs_needs_no_mask():
    assert count_pairs(200_000, 256) == 200_000 * 513 - 256 * 257


@pytest.mark.parametrize("seed", range(20))
def test_hops_are_the_layers_of_a_walk(seed):
    rng = np.random.default_rng(seed)
    allowed = rng.random((11, 11)) < rng.choice([0.05, 0.15, 0.5])
    np.testing.assert_array_equal(hops(allowed), hops_by_walking(allowed))


def test_a_window_passes_news_on_by_its_radius_in_each_layer():
    distance = abs(np.arange(23)[:, None] - np.arange(23))
    np.testing.assert_array_equal(hops(window(23, 3)), -(-distance // 3))


def test_under_a_causal_mask_the_past_never_hears_from_the_future():
    np.testing.assert_array_equal(hops(causal_mask(5)), np.where(np.eye(5), 0, np.where(causal_mask(5), 1, -1)))


def test_one_global_token_brings_every_pair_within_2_hops():
    allowed = window(23, 1)
    allowed[5] = allowed[:, 5] = True
    assert hops(allowed).max() == 2 and hops(allowed).min() == 0


def test_a_token_hears_itself_even_where_the_mask_hides_it():
    np.testing.assert_array_equal(hops(np.zeros((3, 3), bool)), np.where(np.eye(3), 0, -1))


def test_hops_of_a_batch_are_those_of_its_masks():
    masks = np.stack([window(7, 1), window(7, 3), causal_mask(7)]).reshape(3, 1, 7, 7)
    np.testing.assert_array_equal(hops(masks)[:, 0], [hops(mask) for mask in masks[:, 0]])


@pytest.mark.parametrize("n", [0, 1])
def test_nobody_and_one_alone_have_nothing_to_pass_on(n):
    assert hops(np.ones((n, n), bool)).tolist() == np.zeros((n, n)).tolist()


def test_the_layers_needed_are_the_most_hops_of_the_window():
    for n in range(1, 14):
        for radius in range(1, 16):
            assert layers_needed(n, radius) == hops(window(n, radius)).max(), (n, radius)
    assert layers_needed(1, 0) == layers_needed(0, 3) == 0


def test_no_number_of_layers_helps_at_radius_0():
    with pytest.raises(ValueError, match=r"with radius 0 a token hears only itself.*: n is 5"):
        layers_needed(5, 0)


@pytest.mark.parametrize("n", [0, 1, 5, 63, 64, 65, 130])
def test_the_window_to_read_is_attention_under_a_window_mask(n):
    for radius, size in ((0, 1), (2, 1), (2, 100), (63, 1), (64, 1), (1000, 1)):
        Q, K, V = random_qkv(n, n, 2, size=size)
        wanted = attention(Q, K, V, window(n, radius)).output
        np.testing.assert_allclose(banded_attention(Q, K, V, radius), wanted, rtol=1e-9, atol=1e-12)


def test_the_window_to_read_shows_each_query_its_keys_at_the_edges_of_tiles():
    Q, K, _ = random_qkv(130, 130)
    np.testing.assert_array_equal(banded_attention(Q, K, np.eye(130), 5) > 0, window(130, 5))


def test_the_window_to_read_and_the_window_to_run_agree():
    Q, K, V = random_qkv(211, 211, 2, 3)
    V = V[0, 0]  # batch axes broadcast in both
    slow, fast = banded_attention(Q, K[:, :1], V, 13), sliding_window_attention(Q, K[:, :1], V, 13)
    assert slow.shape == fast.shape == (2, 3, 211, 7)
    np.testing.assert_allclose(slow, fast, rtol=1e-9, atol=1e-12)


def test_the_window_to_read_keeps_the_kind_of_float_and_welcomes_integers():
    Q, K, V = random_qkv(11, 11)
    assert banded_attention(*(array.astype(np.float32) for array in (Q, K, V)), 2).dtype == np.float32
    Q, K, V = (np.rint(3 * array).astype(int) for array in (Q, K, V))
    np.testing.assert_allclose(banded_attention(Q.tolist(), K, V, 2), attention(Q, K, V, window(11, 2)).output)


def test_the_window_to_read_never_holds_n_x_n_numbers():
    Q, K, V = random_qkv(5_003, 5_003)  # n x n float64 would be 200 MB
    output, peak = new_memory(banded_attention, Q, K, V, 16)
    assert peak - output.nbytes < 1_000_000


@pytest.mark.parametrize("call", [
    lambda radius: count_pairs(5, radius),
    lambda radius: layers_needed(5, radius),
    lambda radius: banded_attention(*random_qkv(5, 5), radius),
])  # fmt: skip
@pytest.mark.parametrize("radius", [-1, 2.5])
def test_a_radius_counts_tokens(call, radius):
    with pytest.raises(ValueError, match=f"radius must be a whole number, at least 0: got {radius}"):
        call(radius)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: count_pairs(-1, 2), "n must be a whole number, at least 0: got -1"),
    (lambda: hops(np.ones((5, 7), bool)), r"as many keys as queries .*allowed has shape \(5, 7\)"),
    (lambda: hops(np.ones(7, bool)), r"allowed has shape \(7,\)"),
    (lambda: banded_attention(*random_qkv(5, 7), 2), r"Q has shape \(5, 3\), K has shape \(7, 3\)"),
])  # fmt: skip
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_numbers_are_no_pattern():
    with pytest.raises(TypeError, match="allowed must be boolean"):
        hops(np.ones((3, 3), int))
