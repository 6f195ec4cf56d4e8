"""What an exercise may use: the functions of the exercises before it."""

import inspect

import numpy as np
import pytest

from course_lib import attention as library
from course_lib import given
from course_lib import multi_head as library_heads

SIGNATURES = {  # EXERCISES: names and arguments; the library may add optional ones behind
    "0.1": "shares(relevance)",
    "0.2": "context_vector(weights, states)",
    "0.3": "path_length(i, j, kind)",
    "1.1": "one_hot(ids, n_words)",
    "1.2": "embed(ids, table)",
    "1.3": "cosine(a, b)",
    "1.4": "nearest(i, table, by)",
    "1.5": "analogy(a, b, c, table)",
    "2.1": "dot_scores(Q, K)",
    "2.2": "project(X, W_q, W_k, W_v)",
    "2.3": "additive_scores(Q, K, W, v)",
    "2.4": "multiplicative_scores(Q, K, W)",
    "2.5": "top_key(scores)",
    "3.1": "score_std(d_k, trials, rng)",
    "3.2": "scale(scores, d_k)",
    "3.3": "divisor(d_k, q_std, k_std)",
    "3.4": "init_projection(d_model, d_k, rng)",
    "3.5": "share_saturated(weights, threshold)",
    "4.1": "softmax(x, axis=-1)",
    "4.2": "weighted_sum(weights, V)",
    "4.3": "softmax_jacobian(weights)",
    "4.4": "temperature_for(scores, share)",
    "4.5": "broken_rows(weights)",
    "4.6": "attention(Q, K, V)",
    "4.7": "entropy(weights)",
    "5.1": "causal_mask(n)",
    "5.2": "masked_softmax(scores, allowed)",
    "5.3": "padding_mask(lengths, n_k)",
    "5.4": "additive_mask(allowed)",
    "5.5": "attention(Q, K, V, allowed=None)",
    "5.6": "cross_attention(X, memory, W_q, W_k, W_v)",
    "6.1": "split_heads(X, n_heads)",
    "6.2": "merge_heads(heads)",
    "6.3": "multi_head(X, W_q, W_k, W_v, W_o, n_heads, allowed=None)",
    "6.4": "count_parameters(d_model, n_heads)",
    "6.5": "count_stored_weights(n_heads, n_q, n_k)",
    "6.6": "previous_token_head(n)",
    "6.7": "same_letter_head(n_letters)",
    "6.8": "batched_scores(Q, K)",
    "7.1": "window_mask(n, radius)",
    "7.2": "count_pairs(n, radius)",
    "7.3": "global_local_mask(n, radius, global_tokens)",
    "7.4": "block_mask(n, block)",
    "7.5": "strided_mask(n, stride)",
    "7.6": "hops(allowed)",
    "7.7": "banded_attention(Q, K, V, radius)",
}


@pytest.mark.parametrize("number", SIGNATURES)
def test_every_exercise_stands_under_its_name_and_arguments(number):
    function = given.EXERCISES[number]
    wanted = SIGNATURES[number].removesuffix(")")
    assert f"{function.__name__}{inspect.signature(function)}".startswith(wanted)


def test_no_exercise_of_lessons_00_to_07_is_left_out():
    assert list(given.EXERCISES)[: len(SIGNATURES)] == list(SIGNATURES)


def test_attention_hands_over_the_output_alone():
    Q, K, V = (np.random.default_rng(seed).standard_normal((5, 3)) for seed in range(3))
    np.testing.assert_array_equal(given.attention(Q, K, V), library.attention(Q, K, V).output)
    np.testing.assert_array_equal(given.attention(Q, K, V, np.eye(5, dtype=bool)), V)


def test_cross_attention_and_multi_head_hand_over_the_output_alone():
    X, memory, *W = (np.random.default_rng(seed).standard_normal((6, 6)) for seed in range(6))
    np.testing.assert_array_equal(
        given.cross_attention(X, memory, *W[:3]), library.cross_attention(X, memory, *W[:3]).output
    )
    for allowed in (None, np.tri(6, dtype=bool)):
        np.testing.assert_array_equal(
            given.multi_head(X, *W, 2, allowed), library_heads.multi_head(X, *W, 2, allowed).output
        )


def test_a_lesson_is_given_all_lessons_before_it_and_its_own():
    assert "dot_scores" not in given.for_lesson("01_embeddings")
    names = list(given.for_lesson("04_softmax"))
    assert names == [given.EXERCISES[number].__name__ for number in given.EXERCISES if number < "5"]


def test_before_an_exercise_only_earlier_numbers_are_given():
    names = given.for_lesson("04_softmax", before="4.6")
    assert "broken_rows" in names and "attention" not in names and "entropy" not in names


def test_lesson_03_may_use_softmax_before_it_is_opened():
    assert given.for_lesson("03_scaling", before="3.1")["softmax"] is given.softmax
    assert "softmax" not in given.for_lesson("02_dot_product")
