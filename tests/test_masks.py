"""Masks against a loop over pairs."""

import numpy as np
import pytest

from course_lib.masks import (
    block_mask,
    causal_mask,
    combine,
    dilated_mask,
    global_local_mask,
    padding_mask,
    random_mask,
    strided_mask,
    window_mask,
)

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize(("n", "n_keys"), [(5, 5), (3, 7), (7, 3), (1, 5), (0, 0), (0, 3), (2, 0)])
def test_causal_queries_see_all_keys_up_to_their_own_place_from_the_end(n, n_keys):
    wanted = [[j - n_keys <= i - n for j in range(n_keys)] for i in range(n)]  # distances from the common end
    mask = causal_mask(n, n_keys)
    assert mask.shape == (n, n_keys) and mask.dtype == bool
    assert mask.tolist() == wanted


def test_without_n_keys_a_causal_mask_is_square():
    assert causal_mask(3).tolist() == [[True, False, False], [True, True, False], [True, True, True]]


def test_a_mask_has_no_negative_size():
    with pytest.raises(ValueError, match="negative size: n is 3, n_keys is -1"):
        causal_mask(3, -1)


def test_padding_hides_what_stands_behind_each_length():
    mask = padding_mask(np.array([4, 0, 7]), n_k=7)
    assert mask.shape == (3, 1, 7) and mask.dtype == bool
    assert [[[j < length for j in range(7)]] for length in (4, 0, 7)] == mask.tolist()


@pytest.mark.parametrize("lengths", [[8], [-1], [3, 9]])
def test_a_sentence_longer_than_its_keys_is_refused(lengths):
    with pytest.raises(ValueError, match="between 0 and n_k = 7: got"):
        padding_mask(lengths, n_k=7)


def test_lengths_must_be_whole_numbers():
    with pytest.raises(ValueError, match=r"lengths must be integers.*2\.5"):
        padding_mask([2.5], n_k=7)


PATTERNS = {  # what the mask says of query i and key j, and the same in words of the pair
    "window": (lambda n: window_mask(n, 2), lambda i, j, n: abs(i - j) <= 2),
    "window of radius 0": (lambda n: window_mask(n, 0), lambda i, j, n: i == j),
    "window wider than the text": (lambda n: window_mask(n, 97), lambda i, j, n: True),
    "global and local": (lambda n: global_local_mask(n, 1, [0]), lambda i, j, n: abs(i - j) <= 1 or 0 in (i, j)),
    "no global": (lambda n: global_local_mask(n, 1, []), lambda i, j, n: abs(i - j) <= 1),
    "block": (lambda n: block_mask(n, 3), lambda i, j, n: any({i, j} <= set(range(s, s + 3)) for s in range(0, n, 3))),
    "strided": (lambda n: strided_mask(n, 3), lambda i, j, n: (i - j) % 3 == 0),
    "dilated": (lambda n: dilated_mask(n, 2, 3), lambda i, j, n: i - j in (-6, -3, 0, 3, 6)),
    "dilated by 1": (lambda n: dilated_mask(n, 2, 1), lambda i, j, n: abs(i - j) <= 2),
    "window or strided": (
        lambda n: combine(window_mask(n, 1), strided_mask(n, 5)),
        lambda i, j, n: abs(i - j) <= 1 or (i - j) % 5 == 0,
    ),
}


@pytest.mark.parametrize("n", [1, 2, 11, 13])
@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_allows_exactly_the_pairs_that_its_words_name(name, n):
    pattern, says = PATTERNS[name]
    mask = pattern(n)
    assert mask.shape == (n, n) and mask.dtype == bool
    assert mask.tolist() == [[says(i, j, n) for j in range(n)] for i in range(n)]


@pytest.mark.parametrize("pattern", [
    lambda: window_mask(0, 2), lambda: block_mask(0, 2), lambda: strided_mask(0, 2), lambda: dilated_mask(0, 2, 2),
    lambda: global_local_mask(0, 2, []), lambda: random_mask(0, 0, np.random.default_rng(0)),
])  # fmt: skip
def test_no_tokens_make_an_empty_mask(pattern):
    assert pattern().shape == (0, 0)


def test_several_globals_see_all_and_are_seen_by_all():
    mask = global_local_mask(11, 1, np.array([4, 9]))
    assert mask[[4, 9]].all() and mask[:, [4, 9]].all()
    others = np.delete(np.arange(11), [4, 9])
    np.testing.assert_array_equal(mask[np.ix_(others, others)], window_mask(11, 1)[np.ix_(others, others)])


@pytest.mark.parametrize("links", [0, 1, 5, 11])
def test_each_query_draws_that_many_keys_of_its_own(links):
    mask = random_mask(11, links, np.random.default_rng(3))
    assert mask.shape == (11, 11) and mask.dtype == bool
    assert mask.sum(-1).tolist() == [links] * 11
    np.testing.assert_array_equal(mask, random_mask(11, links, np.random.default_rng(3)))
    if 0 < links < 11:
        assert len({tuple(row) for row in mask.tolist()}) > 1  # not the same keys for all
        assert (mask != random_mask(11, links, np.random.default_rng(4))).any()


def test_random_links_favour_no_key():
    rng = np.random.default_rng(0)
    counts = sum(random_mask(7, 2, rng).astype(int) for _ in range(7000))
    assert abs(counts - 2000).max() < 5 * (7000 * 2 / 7 * 5 / 7) ** 0.5  # five standard deviations


def test_masks_of_a_batch_can_be_combined():
    batch = padding_mask([1, 3], n_k=5)
    joined = combine(batch, np.eye(5, dtype=bool), [False])
    assert joined.shape == (2, 5, 5)
    np.testing.assert_array_equal(joined[0], np.eye(5, dtype=bool) | (np.arange(5) < 1))
    np.testing.assert_array_equal(joined[1], np.eye(5, dtype=bool) | (np.arange(5) < 3))


def test_combining_copies_and_nothing_combined_allows_nothing():
    mask = causal_mask(3)
    combine(mask)[0] = True
    assert mask.tolist() == causal_mask(3).tolist()
    assert not combine()


REFUSED = {
    "n must be a whole number, at least 0: got -1": lambda: window_mask(-1, 2),
    "radius must be a whole number, at least 0: got -2": lambda: window_mask(5, -2),
    "radius must be a whole number, at least 0: got -3": lambda: dilated_mask(5, -3, 2),
    "block must be a whole number, at least 1: got 0": lambda: block_mask(5, 0),
    "stride must be a whole number, at least 1: got 0": lambda: strided_mask(5, 0),
    "links must lie between 0 and n = 5: got 6": lambda: random_mask(5, 6, np.random.default_rng(0)),
    "global_tokens must be integers from 0 to n - 1 = 4: got [5]": lambda: global_local_mask(5, 1, [5]),
    "global_tokens must be integers from 0 to n - 1 = 4: got [-1]": lambda: global_local_mask(5, 1, [-1]),
    "global_tokens must be integers from 0 to n - 1 = 4: got [0.5]": lambda: global_local_mask(5, 1, [0.5]),
    "masks must broadcast: they have shapes [(5, 5), (7, 7)]": lambda: combine(causal_mask(5), causal_mask(7)),
}


@pytest.mark.parametrize("message", REFUSED)
def test_sizes_that_make_no_sense_are_named(message):
    with pytest.raises(ValueError) as error:
        REFUSED[message]()
    assert str(error.value) == message


def test_numbers_cannot_be_combined():
    with pytest.raises(TypeError, match="allowed must be boolean, True = may look: it holds float64"):
        combine(causal_mask(3), np.eye(3))
