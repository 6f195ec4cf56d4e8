"""Lesson 00's numbers, and that the fast experiment is the one its words describe."""

import sys

import numpy as np
import pytest

from course_lib.attention import attention
from course_lib.cost import stored_states
from course_lib.experiments import attention_recall, recall, recall_when_both_double
from course_lib.experiments.recall import N_WORDS, from_states, from_summary

pytestmark = pytest.mark.filterwarnings("error")


def rng(seed=0):
    return np.random.default_rng(seed)


def read_back(n, d, generator):
    """One sentence, word by word: bind, add up, unbind, take the word of the largest dot product."""
    codes = generator.standard_normal((N_WORDS, d))
    words = generator.integers(N_WORDS, size=n)
    signs = generator.choice([-1.0, 1.0], (n, d))
    summary = sum(codes[word] * sign for word, sign in zip(words, signs, strict=True))
    return sum(np.argmax(codes @ (summary * sign)) == word for word, sign in zip(words, signs, strict=True))


@pytest.mark.parametrize(("n", "d"), [(2, 5), (5, 11)])
def test_recall_is_the_share_of_words_that_a_loop_reads_back(n, d):
    generator = rng(1)
    by_loop = sum(read_back(n, d, generator) for _ in range(1500)) / (1500 * n)
    assert recall(n, d, 6000, rng(2)) == pytest.approx(by_loop, abs=0.035)  # above three standard errors


def test_a_summary_of_64_numbers_holds_one_word_and_loses_most_of_32():
    assert recall(1, 64, 1000, rng()) == 1
    assert recall(8, 64, 3000, rng()) == pytest.approx(0.69, abs=0.01)
    assert recall(32, 64, 3000, rng()) == pytest.approx(0.2165, abs=0.005)


@pytest.mark.parametrize(("n", "d"), [(8, 64), (16, 128), (32, 256)])
def test_from_32_numbers_on_only_numbers_per_word_count(n, d):
    assert recall(n, d, 1000, rng()) == pytest.approx(0.69, abs=0.015)
    assert recall(n // 2, d // 2, 2000, rng()) == pytest.approx(0.69, abs=0.015)


def test_twice_the_words_and_twice_the_vector_recall_the_same():
    assert {recall_when_both_double(32, d, 300) for d in (32, 64)} == {"same"}


@pytest.mark.parametrize(("shares", "word"), [((0.5, 0.4), "rises"), ((0.4, 0.5), "falls"), ((0.5, 0.51), "same")])
def test_the_card_could_say_otherwise(monkeypatch, shares, word):
    answers = iter(shares)  # of the doubled sentence, then of the first
    monkeypatch.setattr(sys.modules[from_states.__module__], "recall", lambda *_: next(answers))
    assert recall_when_both_double() == word


def test_attention_over_stored_states_recalls_256_words_and_stores_512_times_as_much():
    assert round(attention_recall(256, 64, 40, rng()), 2) == 1.00
    assert stored_states(256, 64, 64) == 512 * 64


def test_the_summary_holds_d_numbers_and_reads_what_they_allow():
    signs, states = rng().choice([-1.0, 1.0], (2, 3, 5)), rng(1).standard_normal((2, 3, 5))
    read = from_summary(signs, states)
    np.testing.assert_allclose(read * signs, np.broadcast_to((signs * states).sum(1)[:, None], (2, 3, 5)))
    np.testing.assert_allclose(from_summary(signs[:, :1], states[:, :1]), states[:, :1])  # alone, a word comes back


def test_stored_states_are_read_by_attention():
    signs, states = rng().choice([-1.0, 1.0], (2, 3, 5)), rng(1).standard_normal((2, 3, 5))
    np.testing.assert_array_equal(from_states(signs, states), attention(signs, signs, states).output)


@pytest.mark.parametrize("measure", [recall, attention_recall])
def test_chance_comes_from_the_generator_alone_and_blocks_leave_no_trial_out(measure):
    draws = [[measure(5, 7, 101, rng(seed)) for seed in range(7)] for _ in range(2)]
    assert draws[0] == draws[1] and len(set(draws[0])) > 1
    assert measure(1, 700, 13, rng()) == 1  # blocks of 3 sentences: the last holds only one
