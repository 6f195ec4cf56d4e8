"""Attention against a loop, and the delicate cases that tell careful versions from careless ones."""

import math

import numpy as np
import pytest

from course_lib.attention import Trace, attention, cross_attention, weighted_sum
from course_lib.masks import causal_mask, padding_mask

pytestmark = pytest.mark.filterwarnings("error")


def random_qkv(*batch, n_q=5, n_k=7, d_k=3, d_v=11, seed=0):
    rng = np.random.default_rng(seed)
    shapes = (n_q, d_k), (n_k, d_k), (n_k, d_v)
    return tuple(rng.standard_normal((*batch, *shape)) for shape in shapes)


def loop_attention(Q, K, V, allowed):
    """One query after the other, by numbers alone; `allowed` (n_q, n_k)."""
    output = []
    for q, may_look in zip(Q, allowed, strict=True):
        seen = [j for j in range(len(K)) if may_look[j]]
        scores = [math.fsum(a * b for a, b in zip(q, K[j], strict=True)) / math.sqrt(len(q)) for j in seen]
        terms = [math.exp(score - max(scores)) for score in scores]
        mix = [math.fsum(t * V[j][f] for t, j in zip(terms, seen, strict=True)) for f in range(V.shape[-1])]
        output.append([number / math.fsum(terms) if seen else 0.0 for number in mix])
    return np.array(output)


def everybody(n_q, n_k):
    return np.ones((n_q, n_k), bool)


def test_attention_is_the_loop_over_queries():
    Q, K, V = random_qkv()
    np.testing.assert_allclose(attention(Q, K, V).output, loop_attention(Q, K, V, everybody(5, 7)), rtol=1e-12)


def test_two_batch_axes_are_as_many_separate_attentions():
    Q, K, V = random_qkv(2, 3)
    output = attention(Q, K, V).output
    for b, h in np.ndindex(2, 3):
        wanted = loop_attention(Q[b, h], K[b, h], V[b, h], everybody(5, 7))
        np.testing.assert_allclose(output[b, h], wanted, rtol=1e-11, atol=1e-13)


def test_batch_axes_broadcast():
    Q, K, V = random_qkv(2, 3)
    for b, h in np.ndindex(2, 3):
        shared = attention(Q, K[:, :1], V[0, 0]).output[b, h]
        np.testing.assert_allclose(shared, attention(Q[b, h], K[b, 0], V[0, 0]).output, rtol=1e-12)


@pytest.mark.parametrize("n_q", [7, 5, 11])
def test_a_causal_mask_leaves_each_query_what_came_before_it(n_q):
    Q, K, V = random_qkv(n_q=n_q)
    allowed = causal_mask(n_q, 7)
    wanted = loop_attention(Q, K, V, allowed)
    np.testing.assert_allclose(attention(Q, K, V, allowed).output, wanted, rtol=1e-11, atol=1e-13)


def test_padding_of_a_batch_of_heads_broadcasts_over_heads_and_queries():
    Q, K, V = random_qkv(2, 3)
    allowed = padding_mask([4, 7], n_k=7)[:, None]  # (batch, 1, 1, n_k)
    trace = attention(Q, K, V, allowed)
    assert (trace.weights[0, ..., 4:] == 0).all() and (trace.weights[0, ..., :4] > 0).all()
    wanted = loop_attention(Q[0, 2], K[0, 2], V[0, 2], np.broadcast_to(allowed[0, 0], (5, 7)))
    np.testing.assert_allclose(trace.output[0, 2], wanted, rtol=1e-11, atol=1e-13)


def test_the_future_cannot_change_the_past():
    Q, K, V = random_qkv(n_q=7)
    before = attention(Q, K, V, allowed=causal_mask(7)).output
    for i in range(6):
        K[i + 1 :] = V[i + 1 :] = 1e6  # a future value alone would not catch a mask that comes after the softmax
        np.testing.assert_array_equal(attention(Q, K, V, causal_mask(7)).output[: i + 1], before[: i + 1])
        K, V = random_qkv(n_q=7)[1:]


def test_a_query_with_nobody_to_look_at_gets_weights_0_and_output_0():
    Q, K, V = random_qkv(2)
    allowed = np.random.default_rng(1).random((2, 5, 7)) < 0.5
    allowed[0, 3] = allowed[1, 0] = False
    trace = attention(Q, K, V, allowed)
    wanted = [loop_attention(*entry) for entry in zip(Q, K, V, allowed, strict=True)]
    np.testing.assert_allclose(trace.output, wanted, rtol=1e-11, atol=1e-13)
    assert (trace.weights[0, 3] == 0).all() and (trace.output[0, 3] == 0).all()
    sums = trace.weights.sum(-1)
    np.testing.assert_allclose(sums, allowed.any(-1), rtol=1e-12)


def test_no_keys_at_all_give_output_0():
    Q, K, V = random_qkv(n_k=0)
    np.testing.assert_array_equal(attention(Q, K, V).output, np.zeros((5, 11)))


def test_scores_60_times_as_large_are_no_trouble():
    Q, K, V = random_qkv()
    output = attention(60 * Q, 60 * K, V).output
    np.testing.assert_allclose(output, loop_attention(60 * Q, 60 * K, V, everybody(5, 7)), rtol=1e-9, atol=1e-12)


def test_queries_whose_scores_lie_400_and_1600_apart_do_not_disturb_each_other():
    Q, K, V = random_qkv(d_k=4)
    K[:, 0] = 1
    Q[:, 0] = 800 * np.arange(5) - 1600  # adds -800, -400, 0, 400, 800 to all scores of a row
    np.testing.assert_allclose(attention(Q, K, V).output, loop_attention(Q, K, V, everybody(5, 7)), rtol=1e-9)


def test_only_one_key_means_its_value_whatever_the_scores():
    Q, K, V = random_qkv(2, n_k=1)
    np.testing.assert_array_equal(attention(Q, K, V).output, np.broadcast_to(V, (2, 5, 11)))


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("kind", [np.float16, np.float32])
def test_the_kind_of_float_stays_in_every_step(kind, masked):
    Q, K, V = (array.astype(kind) for array in random_qkv())
    trace = attention(Q, K, V, causal_mask(5, 7) if masked else None)
    assert {step.dtype for step in trace} == {np.dtype(kind)}


def test_float32_answers_are_right_to_5_digits():
    Q, K, V = random_qkv()
    single = attention(*(array.astype(np.float32) for array in (Q, K, V))).output
    np.testing.assert_allclose(single, attention(Q, K, V).output, atol=1e-5)


def test_integers_and_lists_are_welcome():
    Q, K, V = (np.rint(3 * array).astype(int) for array in random_qkv())
    wanted = loop_attention(Q, K, V, everybody(5, 7))
    np.testing.assert_allclose(attention(Q, K, V).output, wanted, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(attention(Q.tolist(), K.tolist(), V.tolist()).output, wanted, rtol=1e-11, atol=1e-13)


def test_inputs_are_never_changed():
    inputs = *random_qkv(2), causal_mask(5, 7)
    copies = [array.copy() for array in inputs]
    attention(*inputs)
    for array, copy in zip(inputs, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_strided_and_reversed_views_mean_what_they_show():
    Q, K, V = random_qkv(n_q=10, n_k=14)
    views = Q[::2], K[::-2], np.asfortranarray(V)[::-2]
    copies = [np.ascontiguousarray(view) for view in views]
    np.testing.assert_allclose(attention(*views).output, attention(*copies).output, rtol=1e-12)


def test_the_trace_holds_every_step():
    Q, K, V = random_qkv(d_k=4)
    allowed = causal_mask(5, 7)
    trace = attention(Q, K, V, allowed)
    assert Trace._fields == ("scores", "scaled", "masked", "weights", "output")
    np.testing.assert_array_equal(trace.scores, Q @ K.T)
    np.testing.assert_array_equal(trace.scaled, trace.scores / 2)
    np.testing.assert_array_equal(trace.masked == -np.inf, ~allowed)
    np.testing.assert_array_equal(trace.weights > 0, allowed)
    np.testing.assert_array_equal(trace.output, weighted_sum(trace.weights, V))
    np.testing.assert_array_equal(attention(Q, K, V).masked, trace.scaled)


def test_each_query_spends_its_own_1():
    Q, K, V = random_qkv()
    np.testing.assert_allclose(attention(Q, K, V).weights.sum(-1), np.ones(5), rtol=1e-12)


def test_each_query_takes_home_its_own_mix():
    weights, V = np.array([[0.75, 0.25, 0.0], [0.0, 0.5, 0.5]]), np.array([[4.0, 0.0], [0.0, 8.0], [2.0, 2.0]])
    np.testing.assert_array_equal(weighted_sum(weights, V), [[3, 2], [1, 5]])


def test_a_value_of_nan_spoils_even_queries_that_give_it_weight_0():
    assert np.isnan(weighted_sum([[1.0, 0.0]], [[1.0], [np.nan]]))  # the docstring says so


WRONG = {
    "queries and keys must have the same number of features d_k: Q has shape (5, 3), K has shape (7, 4)": (
        (5, 3), (7, 4), (7, 11), None),
    "there must be one value per key (n_k): weights has shape (5, 7), V has shape (5, 11)": (
        (5, 3), (7, 3), (5, 11), None),
    "the batch axes of Q and K must agree: Q has shape (2, 5, 3), K has shape (13, 7, 3)": (
        (2, 5, 3), (13, 7, 3), (13, 7, 11), None),
    "the batch axes of weights and V must agree: weights has shape (2, 5, 7), V has shape (13, 7, 11)": (
        (2, 5, 3), (2, 7, 3), (13, 7, 11), None),
    "V must have the axes (..., n_k, d_v): V has shape (7,)": ((5, 3), (7, 3), (7,), None),
    "allowed must broadcast to the shape of the scores (..., n_q, n_k): "
    "allowed has shape (7, 5), scores have shape (5, 7)": ((5, 3), (7, 3), (7, 11), (7, 5)),
}  # fmt: skip


@pytest.mark.parametrize("message", WRONG)
def test_wrong_shapes_are_named_with_both_shapes(message):
    *shapes, mask = WRONG[message]
    with pytest.raises(ValueError) as error:
        attention(*map(np.ones, shapes), None if mask is None else np.ones(mask, bool))
    assert str(error.value) == message


# Cross-attention


def random_cross(*batch, d_memory=17):
    """X (..., 5, 13) asks, memory (..., 7, d_memory) is read; d_k 3, d_v 11."""
    rng = np.random.default_rng(4)
    shapes = (*batch, 5, 13), (*batch, 7, d_memory), (13, 3), (d_memory, 3), (d_memory, 11)
    return tuple(rng.standard_normal(shape) for shape in shapes)


def test_X_asks_and_memory_is_found_and_read():
    X, memory, W_q, W_k, W_v = random_cross()
    trace = cross_attention(X, memory, W_q, W_k, W_v)
    wanted = loop_attention(X @ W_q, memory @ W_k, memory @ W_v, everybody(5, 7))
    assert isinstance(trace, Trace) and trace.weights.shape == (5, 7)
    np.testing.assert_allclose(trace.output, wanted, rtol=1e-11, atol=1e-13)


def test_a_batch_of_memories_may_be_padded():
    X, memory, *W = random_cross(2)
    trace = cross_attention(X, memory, *W, allowed=padding_mask([4, 7], 7))
    for b, length in enumerate((4, 7)):
        np.testing.assert_allclose(
            trace.output[b], cross_attention(X[b], memory[b, :length], *W).output, rtol=1e-11, atol=1e-13
        )


def test_cross_attention_with_oneself_is_self_attention():
    X, _, W_q, W_k, W_v = random_cross(d_memory=13)
    wanted = attention(X @ W_q, X @ W_k, X @ W_v).output
    np.testing.assert_array_equal(cross_attention(X, X, W_q, W_k, W_v).output, wanted)


def test_cross_attention_keeps_float32_and_takes_integers():
    single = [array.astype(np.float32) for array in random_cross(2)]
    assert {step.dtype for step in cross_attention(*single)} == {np.dtype(np.float32)}
    whole = [np.rint(array).astype(int) for array in random_cross()]
    wanted = cross_attention(*(array.astype(float) for array in whole)).output
    np.testing.assert_array_equal(cross_attention(*(array.tolist() for array in whole)).output, wanted)


WRONG_CROSS = {
    "W_q must have one row per feature of X: X has shape (5, 13), W_q has shape (17, 3)": {2: (17, 3)},
    "W_k must have one row per feature of memory: memory has shape (7, 17), W_k has shape (13, 3)": {3: (13, 3)},
    "W_v must have one row per feature of memory: memory has shape (7, 17), W_v has shape (13, 11)": {4: (13, 11)},
    "memory must have the axes (..., n, d_model): memory has shape (17,)": {1: (17,)},
    "the batch axes of Q and K must agree: Q has shape (2, 5, 3), K has shape (3, 7, 3)": {
        0: (2, 5, 13), 1: (3, 7, 17)},
}  # fmt: skip


@pytest.mark.parametrize("message", WRONG_CROSS)
def test_cross_attention_names_what_does_not_fit(message):
    arrays = dict(enumerate(random_cross())) | {at: np.ones(shape) for at, shape in WRONG_CROSS[message].items()}
    with pytest.raises(ValueError) as error:
        cross_attention(*arrays.values())
    assert str(error.value) == message
