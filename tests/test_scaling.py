"""Random scores and projections against the rules they are drawn by."""

import numpy as np
import pytest

from course_lib.scaling import divisor, init_projection, scale, score_std

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize("d_k", [3, np.int64(3), np.int32(3)])
def test_scale_divides_by_the_root_of_d_k_and_float32_stays_float32(d_k):
    scores = np.array([[3.0, -6.0]], np.float32)
    assert scale(scores, d_k).dtype == np.float32
    np.testing.assert_allclose(scale(scores, d_k), [[3**0.5, -2 * 3**0.5]], rtol=1e-6)


@pytest.mark.parametrize("d_k", [0, -1, np.nan])
def test_scale_refuses_a_d_k_that_is_not_positive(d_k):
    with pytest.raises(ValueError, match="d_k must be positive: got"):
        scale(np.ones(2), d_k)


def test_scale_leaves_the_scores_of_the_caller_alone():
    scores = np.array([[3.0, 1.0]])
    scale(scores, 4)
    np.testing.assert_array_equal(scores, [[3.0, 1.0]])


@pytest.mark.parametrize("trials", [4001, 999])
def test_measured_scores_spread_by_the_root_of_d_k(trials):
    for d_k in (4, 64):
        measured = score_std(d_k, trials, np.random.default_rng(2))
        assert type(measured) is float
        assert measured == pytest.approx(d_k**0.5, rel=0.07 * (4000 / trials) ** 0.5)


def test_score_std_uses_every_trial_once_and_only_the_generator_it_was_given():
    rng = np.random.default_rng(3)
    score_std(5, 1009, rng)
    drawn = np.random.default_rng(3)
    drawn.standard_normal(2 * 1009 * 5)
    assert rng.standard_normal() == drawn.standard_normal()


def test_the_divisor_brings_the_spread_to_1():
    rng = np.random.default_rng(4)
    q, k = 3 * rng.standard_normal((20_000, 11)), 0.5 * rng.standard_normal((20_000, 11))
    assert ((q * k).sum(-1) / divisor(11, q_std=3, k_std=0.5)).std() == pytest.approx(1, rel=0.03)
    assert divisor(64, 2, 2) == 32


def test_behind_init_projection_tokens_spread_as_before():
    X = np.random.default_rng(5).standard_normal((101, 512))
    W = init_projection(512, 67, np.random.default_rng(6))
    assert W.shape == (512, 67)
    assert W.mean() == pytest.approx(0, abs=0.002)
    assert (X @ W).std() == pytest.approx(1, rel=0.03)
