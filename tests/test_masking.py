"""Where masks meet scores: as -inf in the scores, as numbers to add, and as weights."""

import math

import numpy as np
import pytest

from course_lib.masking import additive_mask, apply_mask, masked_softmax
from course_lib.masks import causal_mask, padding_mask
from course_lib.softmax import softmax

pytestmark = pytest.mark.filterwarnings("error")


def test_padding_lines_up_with_scores_of_a_batch():
    weights = softmax(apply_mask(np.zeros((3, 5, 7)), padding_mask([1, 2, 7], n_k=7)))
    np.testing.assert_array_equal((weights > 0).sum(-1), [[1] * 5, [2] * 5, [7] * 5])


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
    with pytest.raises(TypeError, match="boolean"):
        masked_softmax(np.zeros((5, 7)), allowed)


def loop_shares(scores, allowed):
    """One row by numbers alone: hidden keys are left out, then put back as 0."""
    seen = [j for j in range(len(scores)) if allowed[j]]
    terms = {j: math.exp(scores[j] - max(scores[k] for k in seen)) for j in seen}
    return [terms[j] / math.fsum(terms.values()) if j in terms else 0.0 for j in range(len(scores))]


def test_masked_weights_are_shares_among_those_who_may_be_seen():
    rng = np.random.default_rng(2)
    scores, allowed = 300 * rng.standard_normal((2, 3, 5, 7)), rng.random((2, 1, 5, 7)) < 0.4
    allowed[0, 0, 3] = allowed[1, 0, 0] = False  # nobody to look at
    scores[1, 2, 4] -= 2000
    weights = masked_softmax(scores, allowed)
    for b, h, i in np.ndindex(2, 3, 5):
        np.testing.assert_allclose(weights[b, h, i], loop_shares(scores[b, h, i], allowed[b, 0, i]), atol=1e-13)
    assert (weights[0, :, 3] == 0).all() and (weights[1, :, 0] == 0).all()


def test_masked_weights_have_the_kind_of_the_scores():
    assert masked_softmax(np.zeros((5, 7), np.float32), causal_mask(5, 7)).dtype == np.float32
    np.testing.assert_array_equal(masked_softmax([[4, 4, 9]], [True, True, False]), [[0.5, 0.5, 0]])


def test_a_mask_that_does_not_fit_is_refused_by_the_weights_too():
    with pytest.raises(ValueError, match=r"allowed has shape \(7, 5\), scores have shape \(5, 7\)"):
        masked_softmax(np.zeros((5, 7)), np.ones((7, 5), bool))
