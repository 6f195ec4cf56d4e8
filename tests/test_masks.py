"""Masks against a loop over pairs, and where they meet scores."""

import numpy as np
import pytest

from course_lib.masks import additive_mask, apply_mask, causal_mask, padding_mask
from course_lib.softmax import softmax

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize(("n", "n_keys"), [(5, 5), (3, 7), (7, 3), (1, 5), (0, 0), (0, 3), (2, 0)])
def test_causal_queries_see_all_keys_up_to_their_own_place_from_the_end(n, n_keys):
    wanted = [[j - n_keys <= i - n for j in range(n_keys)] for i in range(n)]  # distances from the common end
    mask = causal_mask(n, n_keys)
    assert mask.shape == (n, n_keys) and mask.dtype == bool
    assert mask.tolist() == wanted


def test_without_n_keys_a_causal_mask_is_square():
    assert causal_mask(3).tolist() == [[True, False, False], [True, True, False], [True, True, True]]


def test_a_mask_has_no_negative_size():
    with pytest.raises(ValueError, match="negative size: n is 3, n_keys is -1"):
        causal_mask(3, -1)


def test_padding_hides_what_stands_behind_each_length():
    mask = padding_mask(np.array([4, 0, 7]), n_k=7)
    assert mask.shape == (3, 1, 7) and mask.dtype == bool
    assert [[[j < length for j in range(7)]] for length in (4, 0, 7)] == mask.tolist()


def test_padding_lines_up_with_scores_of_a_batch():
    weights = softmax(apply_mask(np.zeros((3, 5, 7)), padding_mask([1, 2, 7], n_k=7)))
    np.testing.assert_array_equal((weights > 0).sum(-1), [[1] * 5, [2] * 5, [7] * 5])


@pytest.mark.parametrize("lengths", [[8], [-1], [3, 9]])
def test_a_sentence_longer_than_its_keys_is_refused(lengths):
    with pytest.raises(ValueError, match="between 0 and n_k = 7: got"):
        padding_mask(lengths, n_k=7)


def test_lengths_must_be_whole_numbers():
    with pytest.raises(ValueError, match=r"lengths must be integers.*2\.5"):
        padding_mask([2.5], n_k=7)


def test_adding_the_additive_mask_is_applying_the_boolean_one():
    scores, allowed = np.random.default_rng(0).standard_normal((5, 7)), causal_mask(5, 7)
    np.testing.assert_array_equal(scores + additive_mask(allowed), apply_mask(scores, allowed))


def test_an_additive_mask_can_have_the_kind_of_the_scores():
    scores = np.zeros((2, 3), np.float32)
    assert (scores + additive_mask(causal_mask(2, 3), dtype=scores.dtype)).dtype == np.float32


def test_hidden_scores_become_minus_infinity_and_the_others_stay_the_same_bits():
    scores, allowed = np.random.default_rng(1).standard_normal((2, 5, 7)), causal_mask(5, 7)
    masked = apply_mask(scores, allowed)
    np.testing.assert_array_equal(masked[:, allowed], scores[:, allowed])
    assert (masked[:, ~allowed] == -np.inf).all()
    assert np.isfinite(scores).all()  # those of the caller


def test_masked_float32_scores_stay_float32_and_integers_are_welcome():
    assert apply_mask(np.zeros((2, 3), np.float32), causal_mask(2, 3)).dtype == np.float32
    assert apply_mask(np.array([[3, 4]]), [True, False]).tolist() == [[3, -np.inf]]


@pytest.mark.parametrize("shape", [(7, 5), (3, 5, 7), (2, 1, 5, 7), (2, 5, 6)])
def test_a_mask_that_does_not_fit_is_refused_with_both_shapes(shape):
    with pytest.raises(ValueError) as error:
        apply_mask(np.zeros((2, 5, 7)), np.ones(shape, bool))
    assert f"allowed has shape {shape}, scores have shape (2, 5, 7)" in str(error.value)


@pytest.mark.parametrize("allowed", [np.ones((5, 7)), np.zeros((5, 7), int), np.full((5, 7), -np.inf)])
def test_numbers_are_no_mask(allowed):
    with pytest.raises(TypeError, match=r"allowed must be boolean, True = may look: it holds (float64|int64)"):
        apply_mask(np.zeros((5, 7)), allowed)
    with pytest.raises(TypeError, match="boolean"):
        additive_mask(allowed)
