"""Heads against loops over heads and features, counts against real matrices, and heads built by hand."""

import numpy as np
import pytest

from course_lib.attention import attention
from course_lib.masks import causal_mask, padding_mask
from course_lib.multi_head import (
    MultiHeadTrace,
    batched_scores,
    count_parameters,
    count_stored_weights,
    merge_heads,
    multi_head,
    previous_token_head,
    same_letter_head,
    split_heads,
)

pytestmark = pytest.mark.filterwarnings("error")

N_HEADS, D_MODEL, N = 3, 33, 5  # d_head 11; batch 2 and 7


def tokens(*batch, seed=0):
    return np.random.default_rng(seed).standard_normal((*batch, N, D_MODEL))


def matrices(seed=1):
    return np.random.default_rng(seed).standard_normal((4, D_MODEL, D_MODEL)) / D_MODEL**0.5


def loop_heads(X, W_q, W_k, W_v, W_o, allowed):
    """One sentence X (n, d_model), head by head: each with its own columns of W, its own rows of W_o."""
    output = np.zeros(X.shape)
    for h in range(N_HEADS):
        own = slice(11 * h, 11 * (h + 1))
        output += attention(X @ W_q[:, own], X @ W_k[:, own], X @ W_v[:, own], allowed).output @ W_o[own]
    return output


def everybody():
    return np.ones((N, N), bool)


# Cutting and joining


@pytest.mark.parametrize("batch", [(), (2,), (2, 7)])
def test_head_h_has_its_own_features_of_every_token(batch):
    X = tokens(*batch)
    heads = split_heads(X, N_HEADS)
    assert heads.shape == (*batch, 3, 5, 11)
    for h, i, f in np.ndindex(3, 5, 11):
        np.testing.assert_array_equal(heads[..., h, i, f], X[..., i, 11 * h + f])


@pytest.mark.parametrize("batch", [(), (2,), (2, 7)])
def test_merged_heads_stand_side_by_side_token_by_token(batch):
    heads = np.random.default_rng(2).standard_normal((*batch, 3, 5, 11))
    merged = merge_heads(heads)
    assert merged.shape == (*batch, 5, 33)
    for h, i, f in np.ndindex(3, 5, 11):
        np.testing.assert_array_equal(merged[..., i, 11 * h + f], heads[..., h, i, f])


def test_heads_of_all_widths_can_be_cut_even_of_no_tokens():
    for n_heads in (1, 3, 11, 33):
        assert split_heads(tokens(2), n_heads).shape == (2, n_heads, 5, 33 // n_heads)
    assert split_heads(np.zeros((0, 6)), 3).shape == (3, 0, 2) and merge_heads(np.zeros((3, 0, 2))).shape == (0, 6)


def test_cutting_copies_nothing_and_keeps_the_kind_of_number():
    X = tokens(2).astype(np.float32)
    assert np.shares_memory(split_heads(X, 3), X)
    assert split_heads(X, 3).dtype == merge_heads(split_heads(X, 3)).dtype == np.float32


# The whole


@pytest.mark.parametrize("allowed", [None, causal_mask(N), causal_mask(N) & (np.arange(N) != 0)], ids=str)
def test_multi_head_is_one_attention_for_each_head_on_its_own_columns(allowed):
    X, W = tokens(), matrices()
    wanted = loop_heads(X, *W, everybody() if allowed is None else allowed)
    np.testing.assert_allclose(multi_head(X, *W, N_HEADS, allowed).output, wanted, rtol=1e-11, atol=1e-13)


def test_one_head_is_plain_attention():
    X, (W_q, W_k, W_v, W_o) = tokens(), matrices()
    wanted = attention(X @ W_q, X @ W_k, X @ W_v).output @ W_o
    np.testing.assert_allclose(multi_head(X, W_q, W_k, W_v, W_o, 1).output, wanted, rtol=1e-11, atol=1e-13)


def test_two_batch_axes_are_as_many_separate_sentences():
    X, W = tokens(2, 7), matrices()
    output = multi_head(X, *W, N_HEADS).output
    for b, c in np.ndindex(2, 7):
        np.testing.assert_allclose(output[b, c], loop_heads(X[b, c], *W, everybody()), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("batch", [2, 3])  # 3 is the number of heads, too: a mask without an axis for them would fit
def test_each_sentence_of_a_batch_has_its_own_mask(batch):
    X, W, lengths = tokens(batch), matrices(), [4, 1, 5][:batch]
    output = multi_head(X, *W, N_HEADS, padding_mask(lengths, N) & causal_mask(N)).output
    for b, length in enumerate(lengths):
        allowed = causal_mask(N) & (np.arange(N) < length)
        np.testing.assert_allclose(output[b], loop_heads(X[b], *W, allowed), rtol=1e-10, atol=1e-12)


def test_masks_broadcast_to_the_whole_batch():
    X, W = tokens(2, 7), matrices()
    for mask in (np.arange(N) < 3, causal_mask(N), padding_mask([4, 1, 5, 2, 3, 0, 4], N), np.ones((2, 1, N, 1), bool)):
        full = np.broadcast_to(mask, (2, 7, N, N))
        np.testing.assert_array_equal(multi_head(X, *W, 3, mask).output, multi_head(X, *W, 3, full).output)


def test_the_trace_holds_weights_and_heads_before_they_mix():
    X, W, allowed = tokens(2), matrices(), causal_mask(N)
    trace = multi_head(X, *W, N_HEADS, allowed)
    assert MultiHeadTrace._fields == ("weights", "heads", "output")
    assert [part.shape for part in trace] == [(2, 3, 5, 5), (2, 3, 5, 11), (2, 5, 33)]
    np.testing.assert_array_equal(trace.weights > 0, np.broadcast_to(allowed, (2, 3, 5, 5)))
    for b, h in np.ndindex(2, 3):
        own = slice(11 * h, 11 * (h + 1))
        wanted = attention(*(X[b] @ matrix[:, own] for matrix in W[:3]), allowed)
        np.testing.assert_allclose(trace.weights[b, h], wanted.weights, rtol=1e-11)
        np.testing.assert_allclose(trace.heads[b, h], wanted.output, rtol=1e-11, atol=1e-13)
    np.testing.assert_array_equal(trace.output, merge_heads(trace.heads) @ W[3])


def test_a_query_with_nobody_to_look_at_gets_output_0():
    allowed = everybody()
    allowed[3] = False
    trace = multi_head(tokens(2), *matrices(), N_HEADS, allowed)
    assert (trace.output[:, 3] == 0).all() and (trace.weights[:, :, 3] == 0).all() and trace.output[:, 2].all()


def test_the_future_cannot_change_the_past_in_any_head():
    X, W = tokens(), matrices()
    before = multi_head(X, *W, N_HEADS, causal_mask(N))
    X[-1] += 100
    after = multi_head(X, *W, N_HEADS, causal_mask(N))
    np.testing.assert_array_equal(after.heads[:, :-1], before.heads[:, :-1])
    assert (after.output[-1] != before.output[-1]).all()


def test_float32_stays_float32_and_integers_are_welcome():
    X, W = tokens(2).astype(np.float32), matrices().astype(np.float32)
    assert {part.dtype for part in multi_head(X, *W, N_HEADS, causal_mask(N))} == {np.dtype(np.float32)}
    X, W = np.rint(3 * tokens()).astype(int), np.rint(3 * matrices()).astype(int)
    wanted = multi_head(X.astype(float), *W.astype(float), N_HEADS).output
    np.testing.assert_array_equal(multi_head(X.tolist(), *W.tolist(), N_HEADS).output, wanted)


def test_inputs_are_never_changed():
    inputs = tokens(2), *matrices()
    copies = [array.copy() for array in inputs]
    multi_head(*inputs, N_HEADS, causal_mask(N))
    for array, copy in zip(inputs, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def attend(X=(2, 5, 33), W_q=(33, 33), W_v=(33, 33), W_o=(33, 33), n_heads=3, allowed=None):
    mask = None if allowed is None else np.ones(allowed, bool)
    return multi_head(np.ones(X), np.ones(W_q), np.ones((33, 33)), np.ones(W_v), np.ones(W_o), n_heads, mask)


MASK = "allowed must broadcast to (..., n, n), without an axis for the heads: allowed has shape "
WRONG = {
    MASK + "(3, 1, 5), X has shape (2, 5, 33)": {"allowed": (3, 1, 5)},
    MASK + "(2, 3, 5, 5), X has shape (2, 5, 33)": {"allowed": (2, 3, 5, 5)},
    MASK + "(2, 1, 1, 5), X has shape (2, 5, 33)": {"allowed": (2, 1, 1, 5)},
    MASK + "(2, 1, 5), X has shape (5, 33)": {"X": (5, 33), "allowed": (2, 1, 5)},
    MASK + "(3, 5, 5), X has shape (5, 33)": {"X": (5, 33), "allowed": (3, 5, 5)},  # as many as heads
    MASK + "(5, 7), X has shape (2, 5, 33)": {"allowed": (5, 7)},
    "W_q must have one row per feature of X: X has shape (2, 5, 33), W_q has shape (11, 33)": {"W_q": (11, 33)},
    "W_o must have one row per feature of merged: merged has shape (2, 5, 33), W_o has shape (11, 33)": {
        "W_o": (11, 33)
    },
    "n_heads must divide d_model: n_heads is 4, d_model is 33": {"n_heads": 4},
    "n_heads must divide d_model: n_heads is 0, d_model is 33": {"n_heads": 0},
    "X must have the axes (..., n, d_model): X has shape (33,)": {"X": (33,)},
}


@pytest.mark.parametrize("message", WRONG)
def test_what_does_not_fit_is_named(message):
    with pytest.raises(ValueError) as error:
        attend(**WRONG[message])
    assert str(error.value) == message


def test_parts_of_too_few_axes_are_named():
    with pytest.raises(ValueError, match=r"X must have the axes \(..., n, d_model\): X has shape \(6,\)"):
        split_heads(np.ones(6), 3)
    with pytest.raises(ValueError, match=r"heads must have the axes .* heads has shape \(3, 2\)"):
        merge_heads(np.ones((3, 2)))
    with pytest.raises(TypeError, match="allowed must be boolean"):
        multi_head(tokens(), *matrices(), N_HEADS, np.zeros((N, N)))


# Counts


@pytest.mark.parametrize("n_heads", [1, 2, 3, 6])
def test_parameters_are_counted_as_the_matrices_of_all_heads_hold_them(n_heads):
    d_head = 6 // n_heads
    of_heads = [np.ones((6, d_head)) for _ in range(n_heads) for _ in ("W_q", "W_k", "W_v")]
    assert count_parameters(6, n_heads) == sum(W.size for W in of_heads) + np.ones((n_heads * d_head, 6)).size


def test_lesson_06_counts_1048576_parameters_for_every_number_of_heads():
    assert {count_parameters(512, h) for h in (1, 2, 8, 64, 512)} == {1_048_576}
    with pytest.raises(ValueError, match="n_heads is 5, d_model is 512"):
        count_parameters(512, 5)


@pytest.mark.parametrize("n_heads", [1, 3])
def test_stored_weights_are_counted_as_the_heads_hold_them(n_heads):
    rng = np.random.default_rng(0)
    Q, K = rng.standard_normal((n_heads, 5, 2)), rng.standard_normal((n_heads, 7, 2))
    assert count_stored_weights(n_heads, 5, 7) == attention(Q, K, K).weights.size


# Built by hand


@pytest.mark.parametrize("n", [1, 2, 7, 500])
def test_the_previous_token_head_looks_one_back(n):
    W_q, W_k = previous_token_head(n)
    X = np.eye(n)
    weights = attention(X @ W_q, X @ W_k, X, causal_mask(n)).weights
    assert (np.diagonal(weights, -1) > 0.99).all() and weights[0, 0] == 1


@pytest.mark.parametrize("n_letters", [1, 3, 26])
def test_the_same_letter_head_shares_its_weight_among_all_copies(n_letters):
    letters = np.random.default_rng(0).integers(n_letters, size=97)
    X, (W_q, W_k) = np.eye(n_letters)[letters], same_letter_head(n_letters)
    same = letters[:, None] == letters
    weights = attention(X @ W_q, X @ W_k, X).weights
    np.testing.assert_allclose(weights, same / same.sum(-1, keepdims=True), atol=1e-6)


def test_batched_scores_are_those_of_each_head_alone_even_where_K_T_would_run():
    for shape in ((4, 4, 4), (2, 3, 5, 11)):  # the first: batch = n = d_k, where K.T is silently wrong
        Q, K = np.random.default_rng(0).standard_normal((2, *shape))
        scores = batched_scores(Q, K)
        for at in np.ndindex(shape[:-2]):
            np.testing.assert_allclose(scores[at], Q[at] @ K[at].T, rtol=1e-12)
