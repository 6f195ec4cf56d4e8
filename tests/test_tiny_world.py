"""The tiny world: a grammar whose sentences agree, and vectors that find its roles by counting neighbours."""

import numpy as np
import pytest

from course_lib.embeddings import cosine, nearest
from course_lib.tiny_world import (
    ANALOGIES,
    TEMPLATES,
    VOCABULARY,
    cooccurrence,
    ppmi,
    sentences,
    shuffled,
    word_vectors,
)

pytestmark = pytest.mark.filterwarnings("error")

CORPUS = sentences(4000, np.random.default_rng(0))
VECTORS = word_vectors(CORPUS)


def loop_counts(corpus, window):
    counts = {}
    for sentence in corpus:
        for i, a in enumerate(sentence):
            for j, b in enumerate(sentence):
                if i != j and abs(i - j) <= window:
                    counts[a, b] = counts.get((a, b), 0) + 1
    return counts


def similarity(a, b):
    return float(cosine(*VECTORS.table[VECTORS.ids(a, b)]))


def test_the_world_has_22_templates_and_131_words_and_says_them_all():
    assert len(TEMPLATES) == 22
    assert len(VOCABULARY) == 131
    assert {word for sentence in CORPUS for word in sentence} == set(VOCABULARY)


def test_4000_sentences_hold_about_27_thousand_words():
    assert len(CORPUS) == 4000
    assert sum(map(len, CORPUS)) == pytest.approx(27_700, rel=0.02)


def test_equal_seeds_give_equal_sentences_and_others_do_not():
    again, other = (sentences(4000, np.random.default_rng(seed)) for seed in (0, 1))
    assert again == CORPUS and other != CORPUS


def test_every_template_is_drawn_about_as_often():
    starts = [sentence[:2] == ["people", "in"] for sentence in CORPUS]
    assert np.mean(starts) == pytest.approx(1 / 22, abs=0.01)


def test_pronouns_agree_with_the_person_and_languages_with_the_country():
    women = {"woman", "girl", "mother", "aunt", "queen", "princess"}
    for sentence in CORPUS:
        if {"she", "her", "herself"} & set(sentence):
            assert women & set(sentence) and not {"he", "his", "himself"} & set(sentence)
        places, languages = ("france", "paris", "japan", "tokyo"), ("french", "french", "japanese", "japanese")
        for place, language in zip(places, languages, strict=True):
            assert place not in sentence or not set(languages) - {language} & set(sentence)


def test_the_sentence_of_lesson_11_is_said_with_both_reasons():
    said = {" ".join(sentence) for seed in range(5) for sentence in sentences(4000, np.random.default_rng(seed))}
    for reason in ("tired", "wide"):
        assert f"the animal did not cross the street because it was too {reason}" in said


def test_a_shuffled_corpus_keeps_words_and_lengths_and_loses_the_order():
    mixed = shuffled(CORPUS, np.random.default_rng(1))
    assert list(map(len, mixed)) == list(map(len, CORPUS))
    words, dealt = (sorted(word for sentence in corpus for word in sentence) for corpus in (CORPUS, mixed))
    assert words == dealt
    assert sum(a == b for a, b in zip(mixed, CORPUS, strict=True)) < 4


@pytest.mark.parametrize("window", [1, 3])
def test_neighbours_are_counted_as_a_loop_counts_them(window):
    corpus = [*CORPUS[:97], ["the", "the", "the"], ["paris"]]
    words, counts = cooccurrence(corpus, window)
    assert list(words) == sorted({word for sentence in corpus for word in sentence})
    wanted = loop_counts(corpus, window)
    assert {(words[i], words[j]): counts[i, j] for i, j in np.argwhere(counts)} == wanted


def test_ppmi_is_0_by_chance_and_the_log_of_how_much_more_above():
    by_chance = np.outer([2.0, 3, 5], [2.0, 3, 5])
    np.testing.assert_allclose(ppmi(by_chance), np.zeros((3, 3)), atol=1e-12)
    counts = np.array([[0.0, 6], [6, 4]])  # total 16, sums 6 and 10: by chance 2.25, 3.75, 6.25
    np.testing.assert_allclose(ppmi(counts), [[0, np.log(6 / 3.75)], [np.log(6 / 3.75), 0]])


def test_ppmi_of_a_word_without_neighbours_is_0():
    np.testing.assert_array_equal(ppmi(np.array([[2.0, 0], [0, 0]])), np.zeros((2, 2)))


def test_all_dimensions_together_reproduce_what_was_counted():
    vectors = word_vectors(CORPUS, dim=131)
    counted = ppmi(cooccurrence(CORPUS, 3)[1])
    np.testing.assert_allclose(vectors.table @ vectors.table.T, counted @ counted, atol=1e-8)


def test_fewer_dimensions_are_the_first_of_more_and_their_signs_are_settled():
    np.testing.assert_array_equal(word_vectors(CORPUS, dim=7).table, VECTORS.table[:, :7])
    peaks = np.abs(VECTORS.table).argmax(0)
    assert (VECTORS.table[peaks, np.arange(40)] > 0).all()
    assert VECTORS.words == VOCABULARY and VECTORS.table.shape == (131, 40)


@pytest.mark.parametrize("dim", [0, 132])
def test_there_are_no_more_dimensions_than_words(dim):
    with pytest.raises(ValueError, match=f"between 1 and the number of words, 131: got {dim}"):
        word_vectors(CORPUS, dim=dim)


def test_the_order_of_the_sentences_does_not_matter():
    np.testing.assert_array_equal(word_vectors(CORPUS[::-1]).table, VECTORS.table)


def test_king_is_near_queen_and_far_from_pizza():
    king = VECTORS.ids("king")[0]
    assert [VECTORS.words[i] for i in nearest(king, VECTORS.table, by="cosine")[:2]] == ["king", "queen"]
    assert similarity("king", "queen") > 0.7
    assert abs(similarity("king", "pizza")) < 0.1
    assert similarity("cat", "dog") > 0.5


def test_tired_is_near_happy_which_means_something_else():
    assert similarity("tired", "happy") > 0.75 > similarity("tired", "wide") + 0.2


def test_the_analogies_are_17_questions_about_words_of_the_world():
    questions = [question for part in ANALOGIES.values() for question in part]
    assert len(questions) == len(set(questions)) == 17
    assert {word for question in questions for word in question} <= set(VOCABULARY)
    assert not set(ANALOGIES["tuned"]) & set(ANALOGIES["held_out"])
