"""What an exercise may use: the functions of the exercises before it."""

import inspect

import numpy as np
import pytest

from course_lib import attention as library
from course_lib import given

SIGNATURES = {  # EXERCISES: names and arguments; the library may add optional ones behind
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
}


@pytest.mark.parametrize("number", SIGNATURES)
def test_every_exercise_stands_under_its_name_and_arguments(number):
    function = given.EXERCISES[number]
    wanted = SIGNATURES[number].removesuffix(")")
    assert f"{function.__name__}{inspect.signature(function)}".startswith(wanted)


def test_no_exercise_of_lessons_01_to_04_is_left_out():
    assert list(given.EXERCISES)[: len(SIGNATURES)] == list(SIGNATURES)


def test_attention_hands_over_the_output_alone():
    Q, K, V = (np.random.default_rng(seed).standard_normal((5, 3)) for seed in range(3))
    np.testing.assert_array_equal(given.attention(Q, K, V), library.attention(Q, K, V).output)


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
