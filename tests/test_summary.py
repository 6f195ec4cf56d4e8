"""Shares, the context vector and path lengths, against loops."""

import math

import numpy as np
import pytest

from course_lib.summary import context_vector, path_length, shares

pytestmark = pytest.mark.filterwarnings("error")

RNG = np.random.default_rng(0)
WEIGHTS, STATES = RNG.random((2, 3, 5)), RNG.standard_normal((2, 3, 5, 7))  # batch 2 and 3, n 5, d 7


def test_shares_keep_the_proportions_and_sum_to_1():
    np.testing.assert_allclose(shares([3, 1, 0, 4]), [3 / 8, 1 / 8, 0, 4 / 8])
    for row, wanted in zip(shares(WEIGHTS).reshape(6, 5), WEIGHTS.reshape(6, 5), strict=True):
        np.testing.assert_allclose(row, wanted / math.fsum(wanted), rtol=1e-14)


@pytest.mark.parametrize("relevance", [[0.0, 0.0], [2.0, -1.0], [1.0, np.nan], [1.0, np.inf], [], [[1.0], [0.0]]])
def test_relevance_that_cannot_be_shared_is_refused(relevance):
    with pytest.raises(ValueError, match=r"relevance must be finite, 0 or more, and not all 0: got \["):
        shares(relevance)


def test_the_context_is_the_mix_of_all_states():
    weights, states = WEIGHTS[0, 0], STATES[0, 0]
    wanted = [math.fsum(w * state[f] for w, state in zip(weights, states, strict=True)) for f in range(7)]
    np.testing.assert_allclose(context_vector(weights, states), wanted, rtol=1e-13)
    np.testing.assert_array_equal(context_vector([1, 2], [[1, 0], [0, 8]]), [1, 16])  # integers are welcome


def test_a_batch_has_one_context_per_sentence_and_may_share_its_states():
    contexts = context_vector(WEIGHTS, STATES[:, :1])
    assert contexts.shape == (2, 3, 7)
    for b, h in np.ndindex(2, 3):
        np.testing.assert_allclose(contexts[b, h], context_vector(WEIGHTS[b, h], STATES[b, 0]), rtol=1e-13)


def test_float32_stays_float32_and_inputs_stay_as_they_were():
    weights, states = WEIGHTS.astype(np.float32), STATES.astype(np.float32)
    copies = weights.copy(), states.copy()
    assert shares(weights).dtype == context_vector(weights, states).dtype == np.float32
    np.testing.assert_array_equal(weights, copies[0])
    np.testing.assert_array_equal(states, copies[1])


WRONG = {
    "there must be one weight per state (n): weights has shape (4,), states has shape (5, 7)": ((4,), (5, 7)),
    "the batch axes of weights and states must agree: weights has shape (2, 5), states has shape (3, 5, 7)": (
        (2, 5), (3, 5, 7)),
    "states must have the axes (..., n, d): states has shape (5,)": ((5,), (5,)),
    "weights must have the axes (..., n): weights has shape ()": ((), (5, 7)),
}  # fmt: skip


@pytest.mark.parametrize("message", WRONG)
def test_wrong_shapes_are_named_with_both_shapes(message):
    with pytest.raises(ValueError) as error:
        context_vector(*map(np.ones, WRONG[message]))
    assert str(error.value) == message


@pytest.mark.parametrize(("i", "j"), [(2, 6), (6, 2), (0, 1), (np.int64(11), 3)])
def test_a_recurrent_net_hands_a_signal_on_step_by_step_and_attention_takes_one(i, j):
    position, steps = j, 0
    while position != i:
        position, steps = position + (1 if i > position else -1), steps + 1
    assert path_length(i, j, "rnn") == steps and path_length(i, j, "attention") == 1
    assert type(path_length(i, j, "rnn")) is int


def test_a_path_needs_two_positions_and_a_known_kind():
    with pytest.raises(ValueError, match="i and j are both 3"):
        path_length(3, 3, "rnn")
    with pytest.raises(ValueError, match='kind must be "rnn" or "attention": got \'cnn\''):
        path_length(3, 4, "cnn")
