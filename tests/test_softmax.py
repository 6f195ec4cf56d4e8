"""Softmax against loops in plain Python, and the rows that break careless versions."""

import math

import numpy as np
import pytest

from course_lib.softmax import broken_rows, entropy, share_saturated, softmax, softmax_jacobian, temperature_for

pytestmark = pytest.mark.filterwarnings("error")


def loop_softmax(row):
    terms = [math.exp(score - max(row)) for score in row]
    return [term / math.fsum(terms) for term in terms]


def random_array(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def test_each_row_is_the_softmax_of_that_row():
    x = 3 * random_array(2, 5, 7)
    wanted = [[loop_softmax(row) for row in table] for table in x]
    np.testing.assert_allclose(softmax(x), wanted, rtol=1e-13)


@pytest.mark.parametrize("axis", [0, 1, 2, -3])
def test_any_axis_can_be_the_one_that_sums_to_1(axis):
    x = random_array(2, 5, 7)
    wanted = np.apply_along_axis(loop_softmax, axis, x)
    np.testing.assert_allclose(softmax(x, axis=axis), wanted, rtol=1e-13)


def test_huge_tiny_and_mixed_rows_stand_side_by_side():
    x = np.array([[1000.0, 999.0, 998.0], [-1000.0, -999.0, -998.0], [1000.0, -1000.0, 0.0], [0.1, 0.2, 0.3]])
    np.testing.assert_allclose(softmax(x), [loop_softmax(row) for row in x], rtol=1e-13)


def test_adding_100_to_all_scores_changes_nothing():
    x = random_array(5, 7)
    np.testing.assert_allclose(softmax(x + 100), softmax(x), rtol=1e-12)


def test_doubling_the_scores_1_and_0_moves_the_top_weight_from_73_to_88_percent():
    assert softmax([1, 0])[0].round(2) == 0.73
    assert softmax([2, 0])[0].round(2) == 0.88


def test_a_score_of_minus_infinity_gets_exactly_0():
    np.testing.assert_array_equal(softmax([0.0, -np.inf, 0.0]), [0.5, 0.0, 0.5])


def test_a_row_with_nobody_to_look_at_gets_zeros_and_leaves_its_neighbours_alone():
    x = np.array([[-np.inf, -np.inf, -np.inf], [1.0, 2.0, 3.0]])
    np.testing.assert_array_equal(softmax(x), [[0, 0, 0], softmax(x[1])])
    np.testing.assert_array_equal(softmax(x[:1].T, axis=0), [[0], [0], [0]])


def test_no_keys_at_all_give_an_empty_row():
    assert softmax(np.zeros((3, 0))).shape == (3, 0)


def test_in_float64_a_weight_vanishes_only_746_below_the_top():
    assert softmax([0.0, -745.0])[1] > 0
    assert softmax([0.0, -746.0])[1] == 0


def test_nan_spoils_its_own_row_only():
    weights = softmax([[np.nan, 0.0], [0.0, 0.0]])
    np.testing.assert_array_equal(weights, [[np.nan, np.nan], [0.5, 0.5]])


def test_an_overflow_to_infinity_stays_visible_and_numpy_warns():
    with pytest.warns(RuntimeWarning, match="invalid value"):
        weights = softmax([[np.inf, 0.0], [0.0, 0.0]])
    assert np.isnan(weights[0]).any()
    np.testing.assert_array_equal(weights[1], [0.5, 0.5])


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_every_kind_of_float_stays_itself(kind):
    x = (10 * random_array(5, 7)).astype(kind)
    assert softmax(x).dtype == kind
    assert softmax(np.where(np.eye(5, 7, dtype=bool), x, -np.inf)).dtype == kind
    assert softmax_jacobian(softmax(x)).dtype == entropy(softmax(x)).dtype == kind


def test_integers_and_lists_are_welcome():
    np.testing.assert_array_equal(softmax(np.array([[3, 1, 2]])), softmax([[3.0, 1.0, 2.0]]))


def test_the_scores_of_the_caller_are_not_changed():
    x = random_array(5, 7)
    kept = x.copy()
    softmax(x)
    softmax(x, axis=0)
    np.testing.assert_array_equal(x, kept)


def test_the_jacobian_is_what_small_steps_of_the_scores_measure():
    x, step = random_array(2, 7), 1e-5
    steps = step * np.eye(7)
    measured = [(softmax(row + steps) - softmax(row - steps)).T / (2 * step) for row in x]  # [i, j]: weight i, score j
    np.testing.assert_allclose(softmax_jacobian(softmax(x)), measured, atol=1e-9)


def test_the_slope_between_two_keys_is_p_times_1_minus_p():
    assert softmax_jacobian(np.array([0.5, 0.5]))[0, 0] == 0.25
    assert softmax_jacobian(np.array([0.99, 0.01]))[0, 0].round(4) == 0.0099


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("spread", [1e-6, 1, 1e6])
def test_at_the_temperature_found_the_winner_has_its_share(share, spread):
    scores = spread * random_array(7)
    assert softmax(scores / temperature_for(scores, share)).max() == pytest.approx(share, abs=1e-9)


def test_two_keys_have_the_temperature_of_the_closed_form():
    assert temperature_for([3, 0], share=0.75) == pytest.approx(3 / math.log(0.75 / 0.25))


def test_temperature_belongs_to_gaps_not_to_scores():
    scores = random_array(7)
    assert temperature_for(scores - 1000, 0.5) == pytest.approx(temperature_for(scores, 0.5), rel=1e-9)


@pytest.mark.parametrize(
    ("scores", "share"),
    [([1, 0, 0], 1 / 3), ([1, 0], 1), ([1, 1, 0], 0.4), ([1], 0.5), ([], 0.5), ([[1, 0]], 0.7), ([0, -np.inf], 0.7)],
)
def test_a_share_that_no_temperature_gives_is_refused(scores, share):
    with pytest.raises(ValueError, match=r"one largest score and a share between 1/n and 1.*share"):
        temperature_for(scores, share)


def test_rows_that_sum_to_something_else_or_hold_a_negative_share_are_broken():
    weights = np.array(
        [
            [0.3, 0.2, 0.2, 0.1, 0.1, 0.1],  # .9999999999999999 in binary
            [1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            [0.1, 0.4, 0.1, 0.1, 0.1, 0.3],  # 1.1
            [0.2, 0.1, 0.1, 0.1, 0.1, 0.0],  # .6
            [1.2, -0.2, 0.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            [np.nan, 0.5, 0.5, 0.0, 0.0, 0.0],
        ]
    )
    np.testing.assert_array_equal(broken_rows(weights), [2, 3, 4, 5, 6])


def test_sound_float32_rows_are_not_accused():
    weights = softmax(random_array(101, 1009).astype(np.float32))
    assert np.abs(weights.sum(-1) - 1).max() > 1e-8
    assert broken_rows(weights).tolist() == []
    assert broken_rows(weights + np.float32(1e-7)).tolist() == list(range(101))  # off by 1e-4 in all


def test_broken_rows_wants_one_table():
    with pytest.raises(ValueError, match=r"\(n_q, n_k\).*\(2, 3, 5\)"):
        broken_rows(np.zeros((2, 3, 5)))


def test_entropy_counts_bits_row_by_row():
    weights = np.array([[[0.5, 0.5, 0, 0], [0.25] * 4], [[0, 0, 1, 0], [0.5, 0.25, 0.125, 0.125]]])
    np.testing.assert_array_equal(entropy(weights), [[1, 2], [0, 1.75]])


def test_a_settled_race_has_entropy_0_not_minus_0():
    assert math.copysign(1, entropy([0.0, 1.0])) == 1


def test_queries_are_saturated_not_cells():
    weights = np.array([[[0.995, 0.005], [0.6, 0.4]], [[0.0, 1.0], [0.99, 0.01]]])
    assert share_saturated(weights, threshold=0.99) == 0.5  # .99 is not above .99
    assert type(share_saturated(weights, 0.5)) is float


def test_share_saturated_wants_queries_and_keys():
    with pytest.raises(ValueError, match=r"weights must have the axes \(..., n_q, n_k\).*\(2,\)"):
        share_saturated([0.5, 0.5], 0.9)
