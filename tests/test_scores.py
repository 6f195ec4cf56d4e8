"""Scores against loops over pairs."""

import math

import numpy as np
import pytest

from course_lib.scores import (
    additive_scores,
    dot_scores,
    multiplicative_scores,
    project,
    scaled_scores,
    top_key,
)

pytestmark = pytest.mark.filterwarnings("error")

RNG = np.random.default_rng(0)
Q, K = RNG.standard_normal((2, 5, 3)), RNG.standard_normal((2, 7, 3))  # batch 2, n_q 5, n_k 7, d_k 3
LONG_K = RNG.standard_normal((2, 7, 11))  # keys with features of their own


def over_pairs(score, queries, keys):
    """Return score(q, k) for each query and key of each batch entry, by loops."""
    return [[[score(q, k) for k in key_rows] for q in rows] for rows, key_rows in zip(queries, keys, strict=True)]


def dot(a, b):
    return math.fsum(x * y for x, y in zip(a, b, strict=True))


def test_entry_i_j_is_query_i_dot_key_j():
    np.testing.assert_allclose(dot_scores(Q, K), over_pairs(dot, Q, K), rtol=1e-12)


def test_one_set_of_keys_serves_a_whole_batch_of_queries():
    np.testing.assert_array_equal(dot_scores(Q, K[0])[1], dot_scores(Q[1], K[0]))


def test_small_integers_do_not_overflow():
    hundred = np.full((1, 3), 100, np.int8)
    assert dot_scores(hundred, hundred) == 30_000


def test_a_vector_need_not_score_highest_with_itself():
    np.testing.assert_array_equal(dot_scores([[1, 2, 3]], [[4, 5, 6], [1, 2, 3]]), [[32, 14]])


def test_scaled_scores_spread_by_1_at_every_d_k():
    for d_k in (3, 64, 257):
        queries, keys = np.random.default_rng(1).standard_normal((2, 199, d_k))
        assert scaled_scores(queries, keys).std() == pytest.approx(1, abs=0.05)


def test_project_gives_each_token_a_query_a_key_and_a_value():
    X, W_q, W_k, W_v = RNG.standard_normal((2, 5, 11)), *RNG.standard_normal((2, 11, 3)), RNG.standard_normal((11, 7))
    for part, W in zip(project(X, W_q, W_k, W_v), (W_q, W_k, W_v), strict=True):
        wanted = [[[dot(token, W[:, column]) for column in range(W.shape[1])] for token in tokens] for tokens in X]
        np.testing.assert_allclose(part, wanted, rtol=1e-12)


@pytest.mark.parametrize("wrong", [1, 2, 3])
def test_project_names_the_matrix_that_does_not_fit(wrong):
    matrices = [np.ones((5, 11)), np.ones((11, 3)), np.ones((11, 3)), np.ones((11, 7))]
    matrices[wrong] = matrices[wrong].T
    name, shape = ("X", "W_q", "W_k", "W_v")[wrong], matrices[wrong].shape
    with pytest.raises(ValueError) as error:
        project(*matrices)
    assert name in str(error.value) and "(5, 11)" in str(error.value) and str(shape) in str(error.value)


def test_additive_scores_are_a_small_network_over_each_pair():
    W, v = RNG.standard_normal((3 + 11, 13)), RNG.standard_normal(13)

    def network(q, k):
        hidden = [math.tanh(dot([*q, *k], column)) for column in W.T]
        return dot(hidden, v)

    np.testing.assert_allclose(additive_scores(Q, LONG_K, W, v), over_pairs(network, Q, LONG_K), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize(("W", "v"), [((11, 13), (13,)), ((14, 13), (11,)), ((14, 13), (13, 1)), ((2, 14, 13), (13,))])
def test_additive_scores_say_which_shape_was_wanted(W, v):
    with pytest.raises(ValueError) as error:
        additive_scores(Q, LONG_K, np.ones(W), np.ones(v))
    assert f"(14, d_hidden) and v (d_hidden,): W has shape {W}, v has shape {v}" in str(error.value)


def test_multiplicative_scores_put_W_between_query_and_key():
    W = RNG.standard_normal((3, 11))

    def bent(q, k):
        return math.fsum(q[i] * W[i, j] * k[j] for i in range(3) for j in range(11))

    wanted = over_pairs(bent, Q, LONG_K)
    np.testing.assert_allclose(multiplicative_scores(Q, LONG_K, W), wanted, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("side", ["row", "column"])
def test_multiplicative_scores_say_which_side_of_W_does_not_fit(side):
    W = np.ones((11, 11)) if side == "row" else np.ones((3, 3))
    with pytest.raises(ValueError, match=rf"W must have one {side} per feature.*W has shape \({len(W)}, {len(W)}\)"):
        multiplicative_scores(Q, LONG_K, W)


def test_queries_and_keys_must_agree_in_features_and_batch():
    with pytest.raises(ValueError) as error:
        dot_scores(np.ones((2, 3)), np.ones((2, 4)))
    assert str(error.value) == (
        "queries and keys must have the same number of features d_k: Q has shape (2, 3), K has shape (2, 4)"
    )
    for score in (dot_scores, lambda Q, K: additive_scores(Q, K, np.ones((6, 2)), np.ones(2))):
        with pytest.raises(ValueError, match=r"batch axes of Q and K.*\(2, 5, 3\), K has shape \(11, 7, 3\)"):
            score(np.ones((2, 5, 3)), np.ones((11, 7, 3)))


def test_a_single_vector_is_refused_by_name():
    with pytest.raises(ValueError, match=r"K must have the axes \(..., n_k, d_k\): K has shape \(3,\)"):
        dot_scores(np.ones((1, 3)), np.ones(3))


@pytest.mark.parametrize("score", [
    dot_scores,
    scaled_scores,
    lambda Q, K: additive_scores(Q, K, np.ones((6, 2), np.float32), np.ones(2, np.float32)),
    lambda Q, K: multiplicative_scores(Q, K, np.eye(3, dtype=np.float32)),
    lambda Q, K: project(Q, *np.ones((3, 3, 2), np.float32))[0],
])  # fmt: skip
def test_float32_stays_float32_and_inputs_stay_as_they_are(score):
    queries, keys = Q.astype(np.float32), K.astype(np.float32)
    assert score(queries, keys).dtype == np.float32
    np.testing.assert_array_equal(queries, Q.astype(np.float32))
    np.testing.assert_array_equal(keys, K.astype(np.float32))


def test_each_query_has_its_top_key_and_ties_go_to_the_lower_one():
    scores = np.array([[[1, 3, 2], [5, 0, 5]], [[0, 0, 0], [-3, -1, -2]]])
    np.testing.assert_array_equal(top_key(scores), [[1, 0], [0, 1]])
