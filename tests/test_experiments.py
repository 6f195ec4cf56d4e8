"""The numbers that lessons quote, and that the shortcuts which make them fast give the very same distribution."""

import numpy as np
import pytest

from course_lib import experiments
from course_lib.experiments import (
    additive_spread,
    analogy_share,
    analogy_shares,
    correlated_spread,
    dot_spread,
    gradient_study,
    largest_share,
    random_scores,
    random_weights,
    saturated_share,
    shifted_variance,
    trend_of_largest_share,
    unscaled_projection,
)
from course_lib.experiments.gradients import length_on_q
from course_lib.experiments.scaling import lengths_and_keys
from course_lib.softmax import softmax

pytestmark = pytest.mark.filterwarnings("error")


def drawn_in_full(d_k, n_queries, n_keys, seed):
    """Return queries (n_queries, d_k) and keys (n_queries, n_keys, d_k), every feature drawn."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n_queries, d_k)), rng.standard_normal((n_queries, n_keys, d_k))


@pytest.mark.parametrize(("d_k", "n_queries"), [(1, 20_011), (3, 20_011), (64, 4001)])
def test_random_scores_are_distributed_like_dot_products_drawn_in_full(d_k, n_queries):
    q, k = drawn_in_full(d_k, n_queries, 16, seed=1)
    full, short = (k @ q[:, :, None])[..., 0], random_scores(d_k, n_queries, seed=2)
    assert short.shape == full.shape
    levels = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]
    np.testing.assert_allclose(np.quantile(short, levels), np.quantile(full, levels), atol=0.06 * d_k**0.5)
    for statistic in (lambda x: softmax(x).max(-1).mean(), lambda x: x.std(-1).std() / d_k**0.5):
        assert statistic(short) == pytest.approx(statistic(full), abs=0.02)  # the second: a row shares its query


@pytest.mark.parametrize("d_k", [1, 2, 17])
def test_the_gradient_on_q_is_as_long_as_one_drawn_in_full(d_k):
    _, k = drawn_in_full(d_k, 4001, 5, seed=3)
    on_scores = np.random.default_rng(4).standard_normal((4001, 5))
    full = np.linalg.norm((on_scores[:, None] @ k)[:, 0], axis=-1)
    along = lengths_and_keys(d_k, 4001, 5, seed=5)[1]
    short = length_on_q(on_scores, along, d_k, np.random.default_rng(6))
    assert (short.mean(), np.median(short)) == pytest.approx((full.mean(), np.median(full)), rel=0.05)


def test_the_winner_takes_ever_more_unless_scores_are_scaled():
    assert [round(largest_share(d_k), 2) for d_k in (1, 64, 1024)] == [0.21, 0.84, 0.96]
    assert [round(largest_share(d_k, "sqrt"), 2) for d_k in (1, 64, 1024)] == [0.21, 0.25, 0.25]
    assert largest_share(1024, "d_k") == pytest.approx(1 / 16, abs=0.005)


def test_the_trend_has_one_word_for_each_divisor():
    assert [trend_of_largest_share(divisor) for divisor in ("none", "sqrt", "d_k")] == ["grows", "same", "shrinks"]


def test_saturated_queries_are_29_percent_at_64_and_77_at_1024_in_the_long_run():
    assert [round(saturated_share(d_k, n_queries=100_000), 2) for d_k in (64, 1024)] == [0.29, 0.77]
    assert saturated_share(1024, "sqrt") == 0


def test_one_seed_draws_the_same_keys_at_every_d_k():
    small, large = random_scores(4), random_scores(1024)
    np.testing.assert_allclose((large / small).std(-1), 0, atol=1e-9)
    assert not np.allclose(small, random_scores(4, seed=1))


def test_an_unknown_divisor_is_refused():
    with pytest.raises(ValueError, match=r"divisor must be one of \['none', 'sqrt', 'd_k'\]: got 'log'"):
        random_weights(4, "log")


def test_dot_scores_spread_by_the_root_of_d_and_additive_ones_do_not_grow():
    assert [round(dot_spread(d), 1) for d in (8, 64, 512)] == [2.8, 8.0, 22.6]
    assert [round(additive_spread(d), 1) for d in (8, 64, 512)] == [0.6, 0.6, 0.6]


def test_correlated_features_spread_scores_by_10_point_7_where_4_was_promised():
    assert correlated_spread(0.64, 16) == pytest.approx((16 + 16 * 15 * 0.64**2) ** 0.5, rel=0.005)
    assert round(correlated_spread(0.64, 16), 1) == 10.7
    assert round(correlated_spread(0, 16), 1) == 4.0


def test_features_of_mean_1_give_scores_three_times_the_variance():
    assert round(shifted_variance(mean=1), 1) == 3.0
    assert shifted_variance(mean=2, d_k=17) == pytest.approx(9, rel=0.03)
    assert shifted_variance(mean=0) == pytest.approx(1, rel=0.02)


@pytest.mark.parametrize("d_k", [16, 64])
def test_projections_that_nobody_scaled_spread_scores_by_d_model_and_saturate(d_k):
    spread, largest = unscaled_projection(512, d_k)
    assert spread == pytest.approx(512, rel=0.08)
    assert largest > 0.98


TABLE = {  # MEASURED: spread, largest weight, median Jacobian norm, dead rows; 64 keys, unscaled
    1: (0.99, 0.097, 0.149, 0),
    4: (1.97, 0.271, 0.259, 0.001),
    16: (3.98, 0.579, 0.328, 0.02),
    64: (8.01, 0.795, 0.194, 0.19),
    256: (16.1, 0.896, 0.024, 0.46),
    1024: (31.9, 0.947, 2.6e-4, 0.68),
    4096: (63.9, 0.974, 3e-8, 0.83),
}


@pytest.mark.parametrize("d_k", TABLE)
def test_unscaled_gradients_die_as_d_k_grows(d_k):
    study, (spread, largest, jacobian, dead) = gradient_study(d_k, scaled=False), TABLE[d_k]
    assert study.spread == pytest.approx(spread, rel=0.02)
    assert study.largest == pytest.approx(largest, abs=0.02)
    assert np.log10(study.median_jacobian) == pytest.approx(np.log10(jacobian), abs=0.15)
    assert study.dead == pytest.approx(dead, abs=0.02)
    assert study.median_jacobian == np.median(study.jacobian) and study.mean_q_gradient == study.q_gradient.mean()
    assert study.jacobian.shape == study.q_gradient.shape == (2000,)


@pytest.mark.parametrize("d_k", [4, 64, 4096])
def test_scaled_gradients_live_at_every_d_k(d_k):
    study = gradient_study(d_k, scaled=True)
    assert study.spread == pytest.approx(1, rel=0.02)
    assert 0.165 < study.median_jacobian < 0.185
    assert study.dead == 0
    assert study.median_q_gradient == pytest.approx(study.mean_q_gradient, rel=0.15)


def test_the_mean_gradient_on_q_grows_while_its_median_falls():
    studies = [gradient_study(d_k, scaled=False) for d_k in (16, 64, 256, 1024)]
    means, medians = ([getattr(study, name) for study in studies] for name in ("mean_q_gradient", "median_q_gradient"))
    assert means == sorted(means)
    assert medians[1:] == sorted(medians[1:], reverse=True) and medians[-1] < medians[0] / 100


def test_the_jacobian_norm_is_that_of_each_query():
    weights = softmax(random_scores(64, 2000, 64))
    wanted = [np.linalg.norm(np.diag(w) - np.outer(w, w)) for w in weights[::97]]
    np.testing.assert_allclose(gradient_study(64, scaled=False).jacobian[::97], wanted, rtol=1e-9)


def test_40_dimensions_answer_the_analogies_and_24_do_not():
    shares = analogy_shares((24, 40), n_corpora=5)
    assert shares[40].excluded.mean() > 0.95 and shares[40].allowed.mean() > 0.9
    assert shares[24].allowed.mean() < 0.6 < shares[24].excluded.mean() < 0.95


def test_analogies_that_were_held_out_are_answered_as_well():
    assert analogy_share(40, n_corpora=5, part="held_out").allowed.mean() > 0.9
    tuned, held_out, both = (analogy_share(24, 2, part).allowed for part in ("tuned", "held_out", "all"))
    np.testing.assert_allclose(both, (9 * tuned + 8 * held_out) / 17)


def test_shuffled_words_answer_no_analogy():
    control = analogy_share(40, n_corpora=5, control=True)
    assert control.allowed.max() == 0 and control.excluded.mean() < 0.03


def test_one_svd_for_several_dimensions_gives_what_each_alone_gives():
    several = analogy_shares((7, 24), n_corpora=2)
    np.testing.assert_array_equal(several[7], analogy_share(7, n_corpora=2))


@pytest.mark.parametrize("measure", [
    lambda seed: random_weights(4, seed=seed).sum(0),
    lambda seed: dot_spread(5, 101, seed),
    lambda seed: additive_spread(5, 2, 3, seed),
    lambda seed: correlated_spread(0.5, 3, 101, seed),
    lambda seed: shifted_variance(1, 3, 101, seed),
    lambda seed: unscaled_projection(7, 3, 5, 2, seed),
    lambda seed: gradient_study(3, True, 5, 11, seed).q_gradient,
])  # fmt: skip
def test_equal_seeds_give_equal_numbers_and_others_do_not(measure):
    np.testing.assert_array_equal(measure(3), measure(3))
    assert not np.array_equal(measure(3), measure(4))


def test_every_experiment_is_documented():
    for name in experiments.__all__:
        assert getattr(experiments, name).__doc__, name
