"""The fast window against `attention` under a window mask that is built here, cell by cell."""

import numpy as np
import pytest
from windows import new_memory, random_qkv, window

from course_lib import sliding_window
from course_lib.attention import attention
from course_lib.sliding_window import TILE, _two_readings, sliding_window_attention

pytestmark = pytest.mark.filterwarnings("error")

RADII = (0, 1, 2, 13, TILE - 1, TILE, TILE + 1, 211, 10**5)
both_ways = pytest.mark.parametrize("causal", [False, True])


def keys_seen(n, radius, causal=False):
    """With V = identity, output [i, j] is the weight of key j for query i."""
    Q, K, _ = random_qkv(n, n)
    return sliding_window_attention(Q, K, np.eye(n), radius, causal) > 0


@both_ways
@pytest.mark.parametrize("size", [1, 100])
@pytest.mark.parametrize("n", [0, 1, 2, 5, TILE - 1, TILE, TILE + 1, 2 * TILE, 211])
def test_a_window_is_attention_under_a_window_mask(n, size, causal):
    Q, K, V = random_qkv(n, n, size=size)
    for radius in RADII:
        wanted = attention(Q, K, V, window(n, radius, causal)).output
        output = sliding_window_attention(Q, K, V, radius, causal)
        np.testing.assert_allclose(output, wanted, rtol=1e-8, atol=1e-12, err_msg=f"radius {radius}")


@pytest.mark.parametrize("seed", range(20))
def test_any_shape_any_radius_any_size_of_scores(seed):
    rng = np.random.default_rng(seed)
    n, radius, d_k, d_v = (int(x) for x in rng.integers(1, (400, 150, 20, 20)))
    batch, causal = rng.integers(1, 4, size=rng.integers(3)), bool(rng.integers(2))
    Q, K, V = random_qkv(n, n, *batch, d_k=d_k, d_v=d_v, size=10 ** rng.uniform(-2, 2), seed=seed)
    wanted = attention(Q, K, V, window(n, radius, causal)).output
    np.testing.assert_allclose(sliding_window_attention(Q, K, V, radius, causal), wanted, rtol=1e-8, atol=1e-12)


@both_ways
def test_each_query_sees_the_keys_of_its_window_and_no_other(causal):
    n, radius = 3 * TILE + 5, 13
    np.testing.assert_array_equal(keys_seen(n, radius, causal), window(n, radius, causal))


def test_the_first_token_sees_itself_and_radius_keys_after_it_the_last_as_many_before():
    seen = keys_seen(211, radius=13)
    assert np.flatnonzero(seen[0]).tolist() == list(range(14))
    assert np.flatnonzero(seen[-1]).tolist() == list(range(211 - 14, 211))


def test_the_last_query_of_a_tile_sees_into_the_next_tile():
    seen = keys_seen(2 * TILE, radius=13)[TILE - 1]
    assert np.flatnonzero(seen).tolist() == list(range(TILE - 14, TILE + 13))


def test_the_first_query_of_a_tile_sees_into_the_tile_before():
    seen = keys_seen(2 * TILE, radius=13)[TILE]
    assert np.flatnonzero(seen).tolist() == list(range(TILE - 13, TILE + 14))


@pytest.mark.parametrize("rest", [1, 2, TILE - 1])
def test_a_last_tile_that_is_not_full_is_not_forgotten(rest):
    n = 2 * TILE + rest
    np.testing.assert_array_equal(keys_seen(n, radius=2)[-rest:], window(n, 2)[-rest:])


def test_a_causal_window_ends_at_the_query_itself():
    seen = keys_seen(211, radius=13, causal=True)
    for i in (0, 5, TILE - 1, TILE, 210):
        assert np.flatnonzero(seen[i]).tolist() == list(range(max(0, i - 13), i + 1))


def test_at_radius_0_each_query_takes_home_its_own_value():
    Q, K, V = random_qkv(211, 211)
    np.testing.assert_allclose(sliding_window_attention(Q, K, V, 0), V, rtol=1e-15)


def test_batch_and_heads_stand_in_front_and_broadcast():
    Q, K, V = random_qkv(113, 113, 2, 3)
    output = sliding_window_attention(Q, K[:, :1], V[0, 0], radius=5)
    assert output.shape == (2, 3, 113, 7)
    for b, h in np.ndindex(2, 3):
        alone = sliding_window_attention(Q[b, h], K[b, 0], V[0, 0], radius=5)
        np.testing.assert_array_equal(output[b, h], alone)


@both_ways
def test_what_a_query_does_not_see_cannot_change_it_by_a_bit(causal):
    Q, K, V = random_qkv(211, 211)
    before = sliding_window_attention(Q, K, V, 13, causal)
    K[120], V[120] = 0.5, 7
    moved = (sliding_window_attention(Q, K, V, 13, causal) != before).any(-1)
    assert (moved <= window(211, 13, causal)[:, 120]).all() and moved[120]


def test_a_key_of_nan_spoils_those_who_see_it_and_nobody_else():
    Q, K, V = random_qkv(211, 211)
    K[120] = np.nan
    spoilt = np.isnan(sliding_window_attention(Q, K, V, 13)).any(-1)
    np.testing.assert_array_equal(spoilt, window(211, 13)[:, 120])


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_the_kind_of_float_stays(kind):
    Q, K, V = (array.astype(kind) for array in random_qkv(113, 113))
    assert sliding_window_attention(Q, K, V, 5).dtype == kind


@pytest.mark.parametrize(("kind", "tolerance"), [(np.float32, 1e-6), (np.float16, 2e-3)])
def test_short_floats_lose_only_their_own_digits(kind, tolerance):
    Q, K, V = (array.astype(kind) for array in random_qkv(211, 211))
    wanted = attention(Q.astype(float), K.astype(float), V.astype(float), window(211, 13)).output
    np.testing.assert_allclose(sliding_window_attention(Q, K, V, 13), wanted, atol=tolerance)


@pytest.mark.parametrize("shift", [10_000, -10_000])
def test_scores_of_ten_thousand_neither_overflow_nor_vanish(shift):
    Q, K, V = (array.astype(np.float32) for array in random_qkv(113, 113, d_k=4))
    Q[:, 0], K[:, 0] = 2 * shift / 100, 100  # adds `shift` to every score, which attention does not notice
    wanted = attention(Q.astype(float), K.astype(float), V.astype(float), window(113, 5)).output
    np.testing.assert_allclose(sliding_window_attention(Q, K, V, 5), wanted, atol=2e-3)  # a float32 of 1e4 has 3 places


@pytest.mark.parametrize("value", [1e30, 1e-30])
def test_values_of_any_size_survive(value):
    Q, K, V = (array.astype(np.float32) for array in random_qkv(113, 113, size=6))
    scaled = sliding_window_attention(Q, K, V * np.float32(value), 5) / np.float32(value)
    np.testing.assert_allclose(scaled, sliding_window_attention(Q, K, V, 5), rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("pair", [(np.exp, 1.0), (np.exp2, np.log2(np.e))])
@pytest.mark.parametrize("skip", [False, True])
def test_all_roads_lead_to_the_same_output(monkeypatch, pair, skip):
    Q, K, V = random_qkv(211, 211)
    monkeypatch.setattr(sliding_window, "exponential", lambda kind: pair)
    monkeypatch.setattr(sliding_window, "may_skip_the_maximum", lambda *inputs: skip)
    wanted = attention(Q, K, V, window(211, 13)).output
    np.testing.assert_allclose(sliding_window_attention(Q, K, V, 13), wanted, rtol=1e-9, atol=1e-12)


def test_integers_and_lists_are_welcome():
    Q, K, V = (np.rint(3 * array).astype(int) for array in random_qkv(11, 11))
    wanted = attention(Q, K, V, window(11, 2)).output
    np.testing.assert_allclose(sliding_window_attention(Q.tolist(), K, V.tolist(), np.int32(2)), wanted, rtol=1e-12)


def test_inputs_are_never_changed():
    inputs = random_qkv(113, 113, size=100)
    copies = [array.copy() for array in inputs]
    sliding_window_attention(*inputs, 5)
    for array, copy in zip(inputs, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_strided_and_reversed_views_mean_what_they_show():
    Q, K, V = random_qkv(226, 226)
    views = Q[::2], K[::-2], np.asfortranarray(V)[::-2]
    copies = [np.ascontiguousarray(view) for view in views]
    np.testing.assert_allclose(sliding_window_attention(*views, 5), sliding_window_attention(*copies, 5), rtol=1e-12)


def test_beside_its_output_it_holds_one_tile_whatever_n_is():
    extra = {}
    for n in (5_003, 20_011):  # n x n float32 would be 100 MB and 1.6 GB
        Q, K, V = (array.astype(np.float32) for array in random_qkv(n, n))
        output, peak = new_memory(sliding_window_attention, Q, K, V, 64)
        extra[n] = peak - output.nbytes
    assert extra[20_011] < 1_000_000
    assert extra[20_011] - extra[5_003] < 2 * 4 * (20_011 - 5_003)  # two numbers a token are allowed, more are not


def test_a_radius_beyond_the_sentence_costs_no_more_than_one_that_reaches_its_ends():
    inputs = random_qkv(113, 113)
    peaks = [new_memory(sliding_window_attention, *inputs, radius)[1] for radius in (112, 10**5)]
    assert peaks[1] < 1.1 * peaks[0]


def test_the_band_of_a_tile_is_the_same_memory():
    tile, band = _two_readings(rows=5, width=3, kind=float)
    band[:] = np.arange(1, 16).reshape(5, 3)
    place = np.arange(7) - np.arange(5)[:, None]
    np.testing.assert_array_equal(tile > 0, (place >= 0) & (place < 3))
    assert [tile[i, i] for i in range(5)] == [1, 4, 7, 10, 13]


WRONG = {
    "a window needs as many keys as queries (n): Q has shape (5, 3), K has shape (7, 3)": ((5, 3), (7, 3), (7, 11), 2),
    "queries and keys must have the same number of features d_k: Q has shape (5, 3), K has shape (5, 2)": (
        (5, 3), (5, 2), (5, 11), 2),
    "there must be one value per key (n_k): K has shape (5, 3), V has shape (7, 11)": ((5, 3), (5, 3), (7, 11), 2),
    "the batch axes of Q and V must agree: Q has shape (2, 5, 3), V has shape (13, 5, 11)": (
        (2, 5, 3), (5, 3), (13, 5, 11), 2),
    "d_k must be positive: Q has shape (5, 0), K has shape (5, 0)": ((5, 0), (5, 0), (5, 11), 2),
    "V must have the axes (..., n_k, d_v): V has shape (5,)": ((5, 3), (5, 3), (5,), 2),
    "radius must be a whole number, at least 0: got -1": ((5, 3), (5, 3), (5, 11), -1),
    "radius must be a whole number, at least 0: got 2.5": ((5, 3), (5, 3), (5, 11), 2.5),
}  # fmt: skip


@pytest.mark.parametrize("message", WRONG)
def test_what_does_not_fit_is_named_with_both_shapes(message):
    *shapes, radius = WRONG[message]
    with pytest.raises(ValueError) as error:
        sliding_window_attention(*map(np.ones, shapes), radius)
    assert str(error.value) == message
