"""Lookup, cosine, neighbours and analogies, on tables small enough to check by hand."""

import math

import numpy as np
import pytest

from course_lib.embeddings import analogy, cosine, embed, nearest, one_hot

pytestmark = pytest.mark.filterwarnings("error")

WORDS = np.array([[0.2, 0.9, 0.3], [0.3, 0.9, 0.5], [0.9, 0.1, 0.1]])  # cat, dog, happy
CAT, DOG, HAPPY = range(3)


def loop_cosine(a, b):
    lengths = math.hypot(*a) * math.hypot(*b)
    return math.fsum(x * y for x, y in zip(a, b, strict=True)) / lengths if lengths else 0.0


def test_one_hot_lights_one_word_per_token():
    ids = np.array([[3, 0, 3], [5, 1, 2]])
    wanted = [[[float(word == i) for word in range(7)] for i in sentence] for sentence in ids]
    assert one_hot(ids, n_words=7).tolist() == wanted


def test_looking_up_is_multiplying_by_one_hot():
    ids, table = np.array([[3, 0, 3], [5, 1, 2]]), np.random.default_rng(0).standard_normal((7, 5))
    np.testing.assert_array_equal(embed(ids, table), one_hot(ids, 7) @ table)


def test_a_lookup_hands_out_copies():
    table = np.zeros((3, 2))
    embed([1], table)[:] = 7
    assert (table == 0).all()


def test_a_table_of_float32_is_looked_up_as_float32():
    assert embed([1], WORDS.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("ids", [[-1], [7], [[0, 9]], [1.0], ["cat"]])
def test_an_id_that_no_word_has_is_refused(ids):
    with pytest.raises(ValueError, match="ids must be integers from 0 to 6, one per word: got"):
        embed(ids, np.zeros((7, 5)))
    with pytest.raises(ValueError, match="integers from 0 to 6"):
        one_hot(ids, 7)


def test_an_empty_sentence_has_no_rows():
    assert embed([], WORDS).shape == (0, 3)


def test_a_table_needs_words_and_features():
    with pytest.raises(ValueError, match=r"table must have the axes \(n_words, d_model\): table has shape \(7,\)"):
        embed([0], np.zeros(7))


def test_cosines_of_a_batch_are_cosines_one_by_one():
    a, b = np.random.default_rng(1).standard_normal((2, 2, 5, 7))
    wanted = [[loop_cosine(*pair) for pair in zip(*rows, strict=True)] for rows in zip(a, b, strict=True)]
    np.testing.assert_allclose(cosine(a, b), wanted, rtol=1e-11)
    np.testing.assert_allclose(cosine(a[0, 0], b)[1], [loop_cosine(a[0, 0], row) for row in b[1]], rtol=1e-11)


def test_a_zero_vector_has_cosine_0_with_all():
    np.testing.assert_array_equal(cosine([[0, 0], [3, 4]], [3, 4]), [0, 1])


def test_stretching_a_word_changes_no_cosine_and_every_dot_product():
    farther = 3 * WORDS[DOG]
    np.testing.assert_allclose(cosine(WORDS, farther), cosine(WORDS, WORDS[DOG]), rtol=1e-12)
    assert (WORDS @ farther > WORDS @ WORDS[DOG]).all()


def test_a_cosine_never_leaves_minus_1_to_1():
    rows = np.random.default_rng(2).standard_normal((1009, 3))
    assert cosine(rows, rows).max() <= 1 and cosine(rows, -rows).min() >= -1
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    assert (unit * unit).sum(1).max() > 1  # so rounding alone does leave it


def test_cosine_keeps_float32_and_its_inputs():
    a = WORDS.astype(np.float32)
    assert cosine(a, a[0]).dtype == np.float32
    np.testing.assert_array_equal(a, WORDS.astype(np.float32))


def test_vectors_of_different_length_have_no_cosine():
    with pytest.raises(ValueError, match=r"same number of features: a has shape \(3, 3\), b has shape \(2,\)"):
        cosine(WORDS, [1, 0])


def test_by_dot_the_dog_is_nearer_to_the_cat_than_the_cat_itself():
    assert nearest(CAT, WORDS, by="dot").tolist() == [DOG, CAT, HAPPY]
    assert nearest(CAT, WORDS, by="cosine").tolist() == [CAT, DOG, HAPPY]
    assert (WORDS @ WORDS[CAT]).round(2).tolist() == [0.94, 1.02, 0.3]


def test_all_words_come_back_and_ties_go_to_the_lower_id():
    table = np.array([[1, 0], [0, 1], [2, 0], [0, 2], [0, 0], [-1, 0]])
    assert nearest(0, table, by="cosine").tolist() == [0, 2, 1, 3, 4, 5]
    assert nearest(0, table, by="dot").tolist() == [2, 0, 1, 3, 4, 5]
    assert nearest(4, table, by="cosine").tolist() == [0, 1, 2, 3, 4, 5]


def test_only_two_measures_are_known():
    with pytest.raises(ValueError, match='by must be "dot" or "cosine": got \'distance\''):
        nearest(0, WORDS, by="distance")


KIND = np.array([[1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1, 1], [-1, 1, 0.5]])  # man, king, woman, queen, pizza
KIND.setflags(write=False)


def test_woman_is_to_queen_as_man_is_to_king():
    assert analogy(0, 1, 2, KIND) == 3
    assert analogy(2, 3, 0, KIND) == 1
    assert type(analogy(0, 1, 2, KIND)) is int


def test_the_step_goes_from_a_to_b_not_back():
    line = np.array([[1, 0], [2, 1], [1, 1], [0, 1], [-1, 1], [1, -1]])  # each a step further round
    assert [analogy(a, a + 1, a + 1, line) for a in range(3)] == [2, 3, 4]


def test_a_word_of_the_question_may_answer_only_when_it_is_allowed_to():
    table = np.array([[1, 0, 0], [1, 0.1, 0], [0, 0, 1], [0, -1, 1]])
    assert analogy(0, 1, 2, table) == 3
    assert analogy(0, 1, 2, table, exclude=False) == 2


def test_the_length_of_a_word_does_not_make_it_the_answer():
    long = np.array([1, 1, 1, 1, 100])[:, None] * KIND
    assert analogy(0, 1, 2, long) == 3
    stretched = np.array([9, 1, 1, 1, 1])[:, None] * KIND
    assert analogy(0, 1, 2, stretched) == 3


def test_an_analogy_leaves_its_table_alone_and_takes_a_zero_row():
    table = np.vstack([3 * KIND, np.zeros(3)])
    kept = table.copy()
    assert analogy(0, 1, 2, table) == 3
    np.testing.assert_array_equal(table, kept)
