"""Streaming attention against `attention`, which holds all its scores."""

import numpy as np
import pytest
from windows import new_memory, random_qkv

from course_lib import streaming
from course_lib.attention import attention
from course_lib.masks import causal_mask, padding_mask
from course_lib.streaming import KEYS, QUERIES, streaming_attention

pytestmark = pytest.mark.filterwarnings("error")

ROUND_THE_TILES = [
    (1, 1), (5, 7), (QUERIES - 1, KEYS - 1), (QUERIES, KEYS), (QUERIES + 1, KEYS + 1), (2 * QUERIES + 3, 2 * KEYS + 5),
]  # fmt: skip


def same(output, wanted):
    np.testing.assert_allclose(output, wanted, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("size", [1, 100])
@pytest.mark.parametrize(("n_q", "n_k"), ROUND_THE_TILES)
def test_streaming_is_exact(n_q, n_k, size):
    Q, K, V = random_qkv(n_q, n_k, size=size)
    same(streaming_attention(Q, K, V), attention(Q, K, V).output)


@pytest.mark.parametrize("size", [1, 100])
@pytest.mark.parametrize(("n_q", "n_k"), ROUND_THE_TILES)
def test_a_causal_mask_is_kept_and_ends_with_the_last_key(n_q, n_k, size):
    Q, K, V = random_qkv(n_q, n_k, size=size)
    allowed = causal_mask(n_q, n_k)
    same(streaming_attention(Q, K, V, allowed), attention(Q, K, V, allowed).output)


@pytest.mark.parametrize("size", [1, 100])
def test_each_query_sees_the_keys_that_the_mask_allows_and_no_other(size):
    n_q, n_k = QUERIES + 3, KEYS + 5
    allowed = np.random.default_rng(1).random((n_q, n_k)) < 0.3
    Q, K, _ = random_qkv(n_q, n_k)
    K *= size  # wide scores lose keys to underflow, so there only "no other" can be asked
    seen = streaming_attention(Q, K, np.eye(n_k), allowed) > 0
    assert not (seen & ~allowed).any()
    assert size > 1 or (seen == allowed).all()


@pytest.mark.parametrize("size", [1, 100])
def test_a_query_whose_first_tile_is_hidden_begins_with_the_second(size):
    Q, K, V = random_qkv(5, KEYS + 7, size=size)
    allowed = np.ones((5, KEYS + 7), bool)
    allowed[1::2, :KEYS] = False  # beside queries that see it, so that the tile cannot be skipped
    same(streaming_attention(Q, K, V, allowed), attention(Q, K, V, allowed).output)


@pytest.mark.parametrize("size", [1, 100])
@pytest.mark.parametrize("rows", [slice(None), slice(1, None, 2)])
def test_a_query_with_nobody_to_look_at_gets_0(rows, size):
    Q, K, V = random_qkv(QUERIES + 3, KEYS + 7, size=size)
    allowed = np.ones((QUERIES + 3, KEYS + 7), bool)
    allowed[rows] = False
    output = streaming_attention(Q, K, V, allowed)
    assert (output[rows] == 0).all()
    same(output, attention(Q, K, V, allowed).output)


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_maxima_may_rise_and_fall_from_tile_to_tile(order):
    Q, K, V = random_qkv(11, 3 * KEYS, d_k=4)
    Q[:, 0], K[:, 0] = 2, np.repeat(np.array([-300.0, 0, 300])[order], KEYS)  # one tile far above the others
    same(streaming_attention(Q, K, V), attention(Q, K, V).output)
    K[:, 0] /= 300  # now all of them count
    same(streaming_attention(30 * Q, K, V), attention(30 * Q, K, V).output)


@pytest.mark.parametrize("seed", range(12))
def test_any_shape_any_mask_any_size_of_scores(seed):
    rng = np.random.default_rng(seed)
    n_q, n_k, d_k, d_v = (int(x) for x in rng.integers(1, (300, 1200, 20, 20)))
    batch = tuple(rng.integers(1, 3, size=rng.integers(3)))
    Q, K, V = random_qkv(n_q, n_k, *batch, d_k=d_k, d_v=d_v, size=10 ** rng.uniform(-2, 2), seed=seed)
    allowed = rng.random((*batch, n_q, n_k)) < rng.choice([0.001, 0.5, 1])
    same(streaming_attention(Q, K, V, allowed), attention(Q, K, V, allowed).output)


def test_batch_axes_and_masks_broadcast():
    Q, K, V = random_qkv(5, 7, 2, 3)
    allowed = padding_mask([4, 7], n_k=7)[:, None]  # (batch, 1, 1, n_k)
    same(streaming_attention(Q, K[:, :1], V[0, 0], allowed), attention(Q, K[:, :1], V[0, 0], allowed).output)


@pytest.mark.parametrize(("n_q", "n_k"), [(0, 0), (0, 7), (5, 0)])
def test_no_queries_and_no_keys_are_no_trouble(n_q, n_k):
    Q, K, V = random_qkv(n_q, n_k, 2)
    np.testing.assert_array_equal(streaming_attention(Q, K, V), np.zeros((2, n_q, 7)))
    np.testing.assert_array_equal(streaming_attention(Q, K, V, np.ones((n_q, n_k), bool)), np.zeros((2, n_q, 7)))


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_the_kind_of_float_stays(kind, masked):
    Q, K, V = (array.astype(kind) for array in random_qkv(5, 7))
    assert streaming_attention(Q, K, V, causal_mask(5, 7) if masked else None).dtype == kind


def test_float32_answers_are_right_to_6_digits():
    Q, K, V = (array.astype(np.float32) for array in random_qkv(211, 1031))
    wanted = attention(Q.astype(float), K.astype(float), V.astype(float)).output
    np.testing.assert_allclose(streaming_attention(Q, K, V), wanted, atol=1e-6)


@pytest.mark.parametrize("pair", [(np.exp, 1.0), (np.exp2, np.log2(np.e))])
@pytest.mark.parametrize("skip", [False, True])
def test_all_roads_lead_to_the_same_output(monkeypatch, pair, skip):
    Q, K, V = random_qkv(211, 1031)
    monkeypatch.setattr(streaming, "exponential", lambda kind: pair)
    monkeypatch.setattr(streaming, "may_skip_the_maximum", lambda *inputs: skip)
    allowed = causal_mask(211, 1031)
    same(streaming_attention(Q, K, V, allowed), attention(Q, K, V, allowed).output)


def test_integers_and_lists_are_welcome():
    Q, K, V = (np.rint(3 * array).astype(int) for array in random_qkv(5, 7))
    same(streaming_attention(Q.tolist(), K, V.tolist()), attention(Q, K, V).output)


def test_inputs_are_never_changed():
    inputs = *random_qkv(5, KEYS + 7, size=100), causal_mask(5, KEYS + 7)
    copies = [array.copy() for array in inputs]
    streaming_attention(*inputs)
    for array, copy in zip(inputs, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_strided_and_reversed_views_mean_what_they_show():
    Q, K, V = random_qkv(226, 1400)
    allowed = causal_mask(700, 113).T
    views = Q[::2], K[::-2], np.asfortranarray(V)[::-2]
    same(streaming_attention(*views, allowed), attention(*views, allowed).output)


def test_a_value_of_nan_stays_visible():
    Q, K, V = random_qkv(5, 7)
    V[3] = np.nan
    assert np.isnan(streaming_attention(Q, K, V)).all()


def test_beside_its_output_it_holds_one_tile_whatever_n_is():
    extra = {}
    for n in (2_003, 8_009):  # n x n float32 would be 16 MB and 257 MB
        Q, K, V = (array.astype(np.float32) for array in random_qkv(n, n))
        output, peak = new_memory(streaming_attention, Q, K, V, np.broadcast_to(True, (n, n)))
        extra[n] = peak - output.nbytes
    assert extra[8_009] < 1_000_000
    assert extra[8_009] - extra[2_003] < 2 * 4 * (8_009 - 2_003)  # two numbers a token are allowed, more are not


WRONG = {
    "queries and keys must have the same number of features d_k: Q has shape (5, 3), K has shape (7, 4)": (
        (5, 3), (7, 4), (7, 11), None),
    "there must be one value per key (n_k): K has shape (7, 3), V has shape (5, 11)": ((5, 3), (7, 3), (5, 11), None),
    "the batch axes of K and V must agree: K has shape (2, 7, 3), V has shape (13, 7, 11)": (
        (5, 3), (2, 7, 3), (13, 7, 11), None),
    "allowed must broadcast to the shape of the scores (..., n_q, n_k): "
    "allowed has shape (7, 5), scores have shape (2, 5, 7)": ((2, 5, 3), (7, 3), (7, 11), (7, 5)),
}  # fmt: skip


@pytest.mark.parametrize("message", WRONG)
def test_what_does_not_fit_is_named_with_both_shapes(message):
    *shapes, mask = WRONG[message]
    with pytest.raises(ValueError) as error:
        streaming_attention(*map(np.ones, shapes), None if mask is None else np.ones(mask, bool))
    assert str(error.value) == message


def test_numbers_are_no_mask():
    with pytest.raises(TypeError, match="allowed must be boolean, True = may look: it holds float64"):
        streaming_attention(*random_qkv(5, 7), np.ones((5, 7)))
