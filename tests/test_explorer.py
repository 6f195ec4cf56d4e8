"""The explorer's Python half: what it accepts, what it says, and a picture whose ribbons are the weights."""

import re

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.text import Text

from course_lib.softmax import softmax
from course_lib.views import AttentionExplorer
from course_lib.views.beam_picture import THICKEST
from course_lib.views.beams import first_threshold

WORDS = ["the", "red", "ball", "rolls"]
WEIGHTS = np.array([[0.25, 0.25, 0.25, 0.25], [0, 0, 0, 0], [0.05, 0.85, 0.05, 0.05], [0.1, 0.2, 0.7, 0]])
LARGE = softmax(np.random.default_rng(0).standard_normal((3, 5, 7)) * 3)


@pytest.fixture
def figure():
    return AttentionExplorer(WEIGHTS, WORDS)


@pytest.fixture
def heads():
    return AttentionExplorer(LARGE, list("abcde"), list("pqrstuv"), label="trained")


REFUSED = {
    "labels": (WEIGHTS, WORDS[:3], {}, r"3 queries and 3 keys.*they have shape \(4, 4\)"),
    "keys": (WEIGHTS, WORDS, {"keys": WORDS[:2]}, r"4 queries and 2 keys.*they have shape \(4, 4\)"),
    "one axis": (WEIGHTS[0], WORDS, {}, r"they have shape \(4,\)"),
    "a batch": (WEIGHTS[None, None], WORDS, {}, r"they have shape \(1, 1, 4, 4\)"),
    "no heads": (np.empty((0, 4, 4)), WORDS, {}, r"they have shape \(0, 4, 4\)"),
    "no tokens": (np.empty((0, 0)), [], {}, "queries must hold at least one word: 0 tokens"),
    "one text": (WEIGHTS, "the red ball rolls", {}, r"list of words, not one text: 'the red ball rolls'\.split\(\)"),
    "nan": (np.where(WEIGHTS == 0.85, np.nan, WEIGHTS), WORDS, {}, r"from 0 up: the one at \(2, 1\) is nan"),
    "negative": (WEIGHTS - [0.1, -0.1, 0, 0], WORDS, {}, r"from 0 up: the one at \(1, 0\) is -0\.1"),
    "nan unnormalised": (WEIGHTS * np.nan, WORDS, {"normalise": False}, "is nan"),
    "a row of 1.1": (np.add(WEIGHTS, [0, 0, 0, 0.1]), WORDS, {}, r"row 0 \(the\) sums to 1\.1; normalise=False"),
    "a head's row": (np.stack([WEIGHTS, WEIGHTS * 0.9]), WORDS, {}, r"row 0 \(the\) of head B sums to 0\.9"),
    "global": (WEIGHTS * 2, WORDS, {"normalise": "global"}, r"row 0 \(the\) sums to 2"),
    "normalise": (WEIGHTS, WORDS, {"normalise": "column"}, 'must be "row", "global" or False, not \'column\''),
    "label": (WEIGHTS, WORDS, {"label": "real"}, "hand-built, random, trained: got 'real'"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(name):
    weights, queries, more, message = REFUSED[name]
    with pytest.raises(ValueError, match=message):
        AttentionExplorer(weights, queries, **more)


def test_a_query_that_may_look_at_nobody_is_welcome_and_said(figure):
    figure.selection = {"query": 1}
    assert figure.describe() == "red looks at nobody: all its weights are 0; hand-built weights."
    assert len(figure.numbers()["beams"]) == 0


def test_the_sentence_follows_the_pin(figure):
    assert figure.describe() == (
        "4 × 4 weights, 11 beams of any weight above 0, the strongest from ball to red (.85); hand-built weights."
    )
    for pin, sentence in {
        ("query", 2): "ball looks at red (.85), the (.05), ball (.05) and rolls (.05)",
        ("key", 1): "red is looked at by ball (.85), the (.25), rolls (.20) and red (0): 1.30 in all",
    }.items():
        figure.selection = dict([pin])
        assert figure.describe() == f"{sentence}; hand-built weights."
    figure.selection = {"query": 3, "key": 1}
    assert figure.describe() == "rolls looks at red with weight .20, number 2 of its 4; hand-built weights."


def test_the_beams_are_those_of_the_query_of_the_key_or_of_the_cell(figure):
    for selection, beams in (
        ({"query": 3}, [[0, 3, 0], [0, 3, 1], [0, 3, 2]]),
        ({"key": 3}, [[0, 0, 3], [0, 2, 3]]),
        ({"query": 2, "key": 1}, [[0, 2, 1]]),
        ({"threshold": 0.7}, [[0, 2, 1], [0, 3, 2]]),
    ):
        figure.selection = selection
        assert figure.numbers()["beams"].tolist() == beams, selection


def test_the_numbers_are_the_weights_and_what_each_key_receives(figure, heads):
    np.testing.assert_allclose(figure.numbers()["weights"], WEIGHTS, atol=1e-7)
    np.testing.assert_allclose(figure.numbers()["received"], WEIGHTS.sum(0), atol=1e-6)
    heads.selection = {"heads": [0, 2]}
    np.testing.assert_allclose(heads.numbers()["weights"], (LARGE[0] + LARGE[2]) / 2, atol=1e-7)
    assert heads.describe().endswith("trained weights, mean of heads A, C.")


@pytest.mark.parametrize(("selection", "message"), [
    ({"query": 4}, "query must be None or a place from 0 to 3, not 4"),
    ({"key": -1}, "key must be None or a place from 0 to 3, not -1"),
    ({"heads": []}, "heads must be some of 0 to 0"),
    ({"heads": [1]}, "heads must be some of 0 to 0"),
    ({"threshold": 0.123}, "threshold must be one of"),
    ({"word": "ball"}, "a selection has query, key, heads and threshold, not word"),
])  # fmt: skip
def test_a_selection_that_cannot_be_is_refused_whoever_sends_it(figure, selection, message):
    with pytest.raises(ValueError, match=message):
        figure.selection = selection


def test_the_browser_writes_the_selection_and_the_next_cell_reads_it(figure):
    figure.set_state({"selection": {"query": 2, "key": None, "heads": [0], "threshold": 0.05}})
    assert figure.selection["query"] == 2 and "ball looks at" in repr(figure)


def test_normalise_says_what_the_thickest_beam_is():
    assert AttentionExplorer(WEIGHTS, WORDS).full == 1
    assert AttentionExplorer(WEIGHTS, WORDS, normalise="global").full == pytest.approx(0.85)
    assert AttentionExplorer(WEIGHTS * 5, WORDS, normalise=False).full == pytest.approx(4.25)
    assert AttentionExplorer(WEIGHTS * 0, WORDS).full == 1


def test_a_word_that_stands_twice_is_told_apart():
    figure = AttentionExplorer(np.eye(3), ["the", "cat", "the"])
    figure.selection = {"query": 2, "key": 0}
    assert figure.describe().startswith("the (2) looks at the (0) with weight 0")


def test_the_first_threshold_leaves_few_beams_and_never_none(figure):
    assert figure.selection["threshold"] == 0
    some = softmax(np.random.default_rng(0).standard_normal((1, 16, 16)) * 3)
    share = first_threshold(some, 1.0)
    assert 0 < (some >= share).sum() <= 48 and share > 0
    assert first_threshold(np.full((1, 64, 64), 1 / 64), 1.0) == 0  # none above .01 x 3 a query: then all
    assert first_threshold(np.eye(5)[None], 1.0) == 0


def test_2_000_tokens_are_answered_in_words_with_the_first_128():
    n = 2000
    figure = AttentionExplorer(np.full((n, n), 1 / n), [f"w{at}" for at in range(n)])
    assert figure.weights.shape == (1, 128, 128) and [len(words) for words in figure.tokens] == [128, 128]
    assert "shown are the first 128 of 2,000 queries and the first 128 of 2,000 keys" in figure.describe()
    assert len(figure.html()) < 200_000


def test_the_chips_of_heads_are_there_only_when_the_weights_have_heads(figure, heads):
    assert not figure.headed and heads.headed
    assert "head" not in figure.describe() and heads.describe().endswith("trained weights of head A.")


def ribbons(figure):
    (collection,) = figure.sheet().figure.findobj(PolyCollection)
    return [path.vertices[:48] for path in collection.get_paths()], collection.get_facecolor()


def test_a_ribbon_starts_at_its_query_ends_at_its_key_and_is_as_thick_as_its_weight(figure):
    figure.selection = {"query": 3}
    shapes, _ = ribbons(figure)
    for shape, (key, share) in zip(shapes, [(0, 0.1), (1, 0.2), (2, 0.7)], strict=True):  # strongest in front
        assert [shape[[0, 47], 1].mean(), shape[[23, 24], 1].mean()] == pytest.approx([3, key])
        assert shape[47, 1] - shape[0, 1] == pytest.approx(THICKEST * share)


def test_a_stronger_ribbon_is_darker(figure):
    figure.selection = {"query": 3}
    _, colours = ribbons(figure)
    assert (np.diff(colours[:, :3].sum(1)) < 0).all()


def test_the_repr_notices_a_turned_matrix_and_a_beam_of_one_width(figure, monkeypatch):
    turned = AttentionExplorer(softmax(WEIGHTS * 4).T, WORDS, normalise=False)
    straight = AttentionExplorer(softmax(WEIGHTS * 4), WORDS, normalise=False)
    assert repr(turned).splitlines()[2:] != repr(straight).splitlines()[2:]
    monkeypatch.setattr("course_lib.views.beam_picture.THICKEST", 0.5)
    assert repr(AttentionExplorer(softmax(WEIGHTS * 4), WORDS, normalise=False)) != repr(straight)


def test_two_of_the_same_are_equal_in_text_and_picture(figure):
    again = AttentionExplorer(WEIGHTS, WORDS)
    assert repr(again) == repr(figure) and again.html() == figure.html() and "0x" not in repr(figure)


@pytest.mark.parametrize("n", [1, 4, 8, 16, 32, 128])
def test_the_picture_is_legible_and_nothing_is_cut(n):
    weights = softmax(np.random.default_rng(n).standard_normal((n, n)) * 3)
    figure = AttentionExplorer(weights, [f"longer{at}token" for at in range(n)])
    drawn = figure.sheet().figure
    drawn.canvas.draw()
    for text in drawn.findobj(Text):
        if text.get_text() and text.get_visible():
            box = text.get_window_extent()
            assert text.get_fontsize() >= 14
            assert box.x0 > -3 and box.y0 > -3 and box.x1 < drawn.bbox.x1 + 3 and box.y1 < drawn.bbox.y1 + 3, text
    assert len(figure.html()) < (35_000 if n <= 8 else 150_000)


def test_the_html_needs_no_script_and_the_saved_page_no_kernel(figure, tmp_path):
    assert "<script" not in figure.html() and figure.describe() in figure.html().replace("&#x27;", "'")
    page = figure.save(tmp_path / "explorer.html").read_text(encoding="utf-8")
    assert "stubModel" in page and not re.search(r"https?://(?!www\.w3\.org)", page)
