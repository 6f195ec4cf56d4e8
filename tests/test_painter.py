"""The painter's Python half: masks from patterns, links from a seed, what leaks, and what it says and draws."""

import json
import re
from collections import Counter
from html import unescape
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text

from course_lib.attention import attention
from course_lib.masks import block_mask, causal_mask, strided_mask, window_mask
from course_lib.softmax import softmax
from course_lib.sparse import layers_needed
from course_lib.views.painter import MaskPainter
from course_lib.views.painter_inputs import rows_of
from course_lib.views.painter_maths import HIDDEN, ORDERS, POKES, masked_attention, mulberry32, random_links
from course_lib.views.painter_words import places
from course_lib.views.style import in_words

WORDS = "the red ball rolls down the hill".split()
ORACLE = Path(__file__).parent / "js" / "painter.json"
TRIANGLE = causal_mask(7)


def painter(tokens=WORDS, keys=None, allowed=None, preset=None, tools=("leak",), **selection):
    figure = MaskPainter(tokens, keys, allowed, preset, tools)
    return select(figure, **selection)


def select(figure, pattern=None, **selection):
    pattern = {"pattern": pattern, "painted": None} if pattern is not None else {}
    figure.selection = figure.selection | pattern | selection
    return figure


# ---- what it takes and what it gives

REFUSED = {
    "no tokens": ({"tokens": []}, ValueError, "tokens must be at least one: 0 tokens"),
    "zero": ({"tokens": 0}, ValueError, "tokens must be at least one"),
    "one text": ({"tokens": "the red ball"}, ValueError, r"'the red ball'\.split\(\) may be meant"),
    "a float": ({"tokens": 3.0}, ValueError, r"a whole number of them, not 3\.0"),
    "numbers": ({"allowed": np.zeros((7, 7))}, TypeError, "allowed must be boolean, True = may look: it holds float64"),
    "shape": ({"allowed": np.ones((7, 5), bool)}, ValueError, r"shape \(7, 7\): it has shape \(7, 5\)"),
    "turned": ({"keys": 5, "allowed": np.ones((5, 7), bool)}, ValueError, r"shape \(7, 5\): it has shape \(5, 7\)"),
    "preset": ({"preset": "triangle"}, ValueError, "preset must be one of all, causal, previous only,.*not 'triangle'"),
    "tool": ({"tools": ("hammer",)}, ValueError, r"tools must be some of leak, compose: got \['hammer'\]"),
    "cross": ({"keys": 5, "tools": "compose"}, ValueError, "7 queries and 5 other keys"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_painted_is_refused_in_a_sentence(name):
    given, kind, message = REFUSED[name]
    with pytest.raises(kind, match=message):
        MaskPainter(**{"tokens": WORDS} | given)


def test_the_mask_is_a_numpy_array_of_booleans_and_can_be_given_and_assigned():
    mask = np.random.default_rng(0).random((7, 5)) < 0.4
    figure = painter(keys=5, allowed=mask)
    assert figure.allowed.dtype == bool
    np.testing.assert_array_equal(figure.allowed, mask)
    figure.allowed = ~mask
    np.testing.assert_array_equal(figure.allowed, ~mask)
    figure.allowed[:] = True  # a copy: the figure shows what it showed
    np.testing.assert_array_equal(figure.allowed, ~mask)
    with pytest.raises(ValueError, match=r"shape \(7, 5\): it has shape \(5, 7\)"):
        figure.allowed = mask.T


def test_what_the_browser_painted_is_the_mask_of_the_next_cell():
    figure = painter(3)
    figure.selection = json.loads(json.dumps(figure.selection | {"painted": ["010", "000", "111"]}))
    np.testing.assert_array_equal(figure.allowed, [[0, 1, 0], [0, 0, 0], [1, 1, 1]])
    assert figure.numbers()["edges"] == 4 and figure.numbers()["empty"] == [1]


WRONG = [
    ({"painted": ["010"]}, "painted must be None or 7 texts of 7 times 0 or 1"),
    ({"painted": ["0120000"] * 7}, "painted must be"),
    ({"painted": [[1] * 7] * 7}, "painted must be"),
    ({"token": 7}, "token must be from 0 to 6, not 7"),
    ({"poke": -1}, "poke must be from 0 to 6, not -1"),
    ({"poke": True}, "poke must be from 0 to 6, not True"),
    ({"layers": 0}, "layers must be from 1 to 7, not 0"),
    ({"order": "later"}, "order must be one of .*before.*, not 'later'"),
    ({"hidden": -1e9}, "hidden must be one of"),
    ({"colour": 1}, "a selection has pattern, painted,.*'colour': 1"),
    ({"pattern": {"radius": 7}}, "radius must be one of"),
    ({"pattern": {"radius": 1.0}}, "radius must be one of"),
    ({"pattern": {"stride": 0}}, "stride must be one of"),
    ({"pattern": {"seed": 2**32}}, "seed must be from 0 to 4294967295"),
    ({"pattern": {"all": 1}}, "all must be one of"),
    ({"pattern": {"width": 1}}, "a pattern has all, radius,.*'width': 1"),
]


@pytest.mark.parametrize(("change", "message"), WRONG)
def test_a_selection_that_cannot_be_is_refused_and_the_one_before_stays(change, message):
    figure = painter()
    before = figure.selection
    with pytest.raises(ValueError, match=message):
        figure.selection = before | change
    assert figure.selection == before


def test_more_tokens_than_can_be_drawn_are_answered_in_words_with_the_first_64():
    figure = painter(2000, allowed=np.eye(2000, dtype=bool))
    assert figure.allowed.shape == (64, 64) and figure.describe().endswith("Shown are the first 64 of 2,000 tokens.")
    assert "the first 64 of 99 queries and" not in painter(99, 5).describe()
    assert painter(99, 70).describe().endswith("Shown are the first 64 of 99 queries and the first 64 of 70 keys.")
    assert painter(3, 70).describe().endswith("Shown are the first 64 of 70 keys.")


# ---- patterns


def test_the_named_masks_are_those_of_the_library():
    real = np.arange(7) < 6  # the last quarter is padding
    wanted = {
        "all": np.ones((7, 7), bool), "causal": TRIANGLE, "previous only": TRIANGLE & ~np.eye(7, dtype=bool),
        "padding": np.tile(real, (7, 1)), "causal + padding": TRIANGLE & real, "window": window_mask(7, 1),
        "nobody": np.zeros((7, 7), bool),
    }  # fmt: skip
    assert list(wanted) == list(painter().presets)
    for name, mask in wanted.items():
        np.testing.assert_array_equal(painter(preset=name).allowed, mask, err_msg=name)


def test_words_that_are_padding_are_known_by_their_name():
    figure = painter(["a", "<pad>", "b", "<pad>"], preset="padding")
    np.testing.assert_array_equal(figure.allowed, np.tile([True, False, True, False], (4, 1)))


def test_other_keys_make_a_rectangle_in_which_everybody_may_look_and_causal_ends_at_the_same_token():
    assert painter(keys=3).allowed.shape == (7, 3) and painter(keys=3).allowed.all()
    assert painter(2, ["a", "b"]).allowed.all()  # as many, and yet others
    assert list(painter(3, 5).presets) == ["cross-attention", "padding", "causal"]
    np.testing.assert_array_equal(painter(3, 5, preset="causal").allowed, causal_mask(3, 5))
    strict = select(painter(3, 5), {"all": True, "limit": "strict"}).allowed
    np.testing.assert_array_equal(strict, np.pad(causal_mask(3, 4), ((0, 0), (0, 1))))


def test_patterns_are_joined_by_or_and_causal_by_and():
    figure = painter(13, tools="compose")
    parts = {"radius": 1, "stride": 5, "block": 3, "globals": 2, "links": 2, "seed": 7}
    glob = np.zeros((13, 13), bool)
    glob[:2], glob[:, :2] = True, True
    wanted = window_mask(13, 1) | strided_mask(13, 5) | block_mask(13, 3) | glob | random_links(13, 2, 7)
    np.testing.assert_array_equal(select(figure, parts).allowed, wanted)
    np.testing.assert_array_equal(select(figure, parts | {"limit": "causal"}).allowed, wanted & causal_mask(13))
    assert not select(figure, {"limit": "causal"}).allowed.any()  # "or" of nothing


def test_the_gallery_is_made_of_the_composers_own_settings():
    for name, pattern in painter(12, tools="compose").presets.items():
        figure = painter(12, tools="compose", preset=name)
        np.testing.assert_array_equal(figure.allowed, select(painter(12, tools="compose"), pattern).allowed)
        said = "Mask that hides nobody" if name == "all" else f"{name[0].upper()}{name[1:]} mask"
        assert figure.describe().startswith(f"{said}, 12 × 12")


def test_each_query_gets_as_many_different_random_keys_as_asked_for_the_same_for_the_same_seed():
    for links in range(6):
        assert (random_links(5, links, seed=3).sum(-1) == links).all()
    np.testing.assert_array_equal(random_links(11, 2, 5), random_links(11, 2, 5))
    assert not np.array_equal(random_links(11, 2, 5), random_links(11, 2, 6))
    counts = sum(random_links(7, 1, seed).astype(int) for seed in range(700))  # each cell 100 times, give or take
    assert counts.min() > 60 and counts.max() < 140


def test_the_integer_generator_gives_what_its_authors_own_code_gives():
    assert list(islice(mulberry32(0), 3)) == [1144304738, 1416247, 958946056]
    drawn = Counter(number >> 28 for number in islice(mulberry32(12345), 16_000))
    assert len(drawn) == 16 and min(drawn.values()) > 850


# ---- the leak detector


@pytest.mark.parametrize("hidden", HIDDEN[:3])
def test_a_mask_before_the_softmax_is_the_librarys_and_leaks_nothing(hidden):
    for poke in range(7):
        figure = painter(poke=poke, hidden=hidden)
        n = figure.numbers()
        Q, K, V = (one.astype(float) for one in (figure.Q, figure.K, figure.V))
        trace = attention(Q, K, V, TRIANGLE)
        np.testing.assert_allclose(n["weights"], trace.weights, rtol=1e-12)
        np.testing.assert_allclose(n["output"], trace.output, rtol=1e-12)
        assert n["leaks"] == [] and np.flatnonzero(n["moved"]).tolist() == list(range(poke, 7))
        assert f"no leak, output{'s' if poke < 6 else ''}" in figure.describe()


def test_a_mask_after_the_softmax_leaks_when_a_future_key_changes_and_a_future_value_alone_moves_nothing():
    for what, leaks in (("key and value", [0, 1, 2, 3, 4]), ("key", [0, 1, 2, 3, 4]), ("value", [])):
        figure = painter(poke=5, order="after", what=what)
        n = figure.numbers()
        assert n["leaks"] == leaks and not n["weights"][~TRIANGLE].any()  # a perfectly triangular matrix all the same
        said = "a leak, outputs 0–4 moved although they may not look at 5", "no leak, outputs 5 and 6 moved"
        assert said[not leaks] in figure.describe()


def test_renormalised_rows_leak_nothing():
    figure = painter(order="after + renormalise")
    for poke in range(7):
        n = select(figure, poke=poke).numbers()
        assert n["leaks"] == []
        np.testing.assert_allclose(n["weights"].sum(-1), 1)


def test_a_hidden_score_of_0_keeps_a_share_and_its_value_leaks():
    n = painter(poke=6, hidden="0", what="value").numbers()
    assert n["leaks"] == [0, 1, 2, 3, 4, 5]
    np.testing.assert_allclose(n["moved"], n["weights"][:, 6])  # 1 more in a value moves an output by its weight
    assert painter(poke=6, hidden="0", what="key").numbers()["leaks"] == []  # the hidden score itself is written over


def test_an_empty_row_becomes_uniform_or_comes_back_as_if_unmasked_and_only_infinity_keeps_it_empty():
    said = {"-inf": "all 0", "-1e9": "all equal, 1/7", "-1e9 added": "as if there were no mask", "0": "all equal, 1/7"}
    for hidden, words in said.items():
        figure = painter(preset="previous only", hidden=hidden)
        n = figure.numbers()
        assert n["empty"] == [0]
        assert f"Row 0 (the) is empty: it may look at nobody, and its weights are {words}." in figure.describe()
        assert (0 in n["leaks"]) == (hidden != "-inf")
        full = softmax(figure.Q.astype(float) @ figure.K.astype(float).T / 2)[0]  # d_k is 4
        wanted = {"all 0": np.zeros(7), "all equal, 1/7": np.full(7, 1 / 7)}.get(words, full)
        np.testing.assert_allclose(n["weights"][0], wanted, atol=1e-6)


def test_a_leak_is_further_than_rounding_and_every_treatment_is_judged_by_the_mask():
    rng = np.random.default_rng(3)
    for order in ORDERS:
        for hidden in HIDDEN:
            mask = rng.random((5, 11)) < 0.5
            for what in POKES:
                n = painter(5, 11, mask, poke=int(rng.integers(11)), what=what, order=order, hidden=hidden).numbers()
                moved = set(np.flatnonzero(n["moved"] > 1e-12))
                assert set(n["leaks"]) <= moved and all(far == 0 or far > 1e-12 or far < 1e-14 for far in n["moved"])


def test_the_treatments_by_hand_on_one_row():
    Q, K, V = np.ones((1, 1)), np.log([[1.0], [2.0], [5.0]]), np.array([[1.0], [10.0], [100.0]])
    allowed = np.array([[True, True, False]])
    wanted = {
        ("before", "-inf"): [1 / 3, 2 / 3, 0],
        ("before", "-1e9"): [1 / 3, 2 / 3, 0],
        ("before", "0"): [1 / 4, 2 / 4, 1 / 4],
        ("after", "-inf"): [1 / 8, 2 / 8, 0],
        ("after + renormalise", "-inf"): [1 / 3, 2 / 3, 0],
    }
    for how, row in wanted.items():
        weights, output = masked_attention(Q, K, V, allowed, *how)
        np.testing.assert_allclose(weights, [row])
        np.testing.assert_allclose(output, np.array([row]) @ V)


# ---- the composer's readings


@pytest.mark.parametrize("radius", [1, 2, 3, 5])
def test_a_window_needs_as_many_layers_as_the_library_says(radius):
    figure = painter(16, tools="compose")
    n = select(figure, {"radius": radius}).numbers()
    assert len(n["histogram"]) - 1 == layers_needed(16, radius) == -(-15 // radius) and n["never"] == 0
    heard = [int(select(figure, token=0, layers=L).numbers()["reached"].sum()) for L in range(1, 16)]
    assert heard == [min(16, 1 + radius * L) for L in range(1, 16)]


def test_one_global_token_puts_every_pair_within_2_hops_unless_causal():
    figure = painter(16, tools="compose")
    assert len(select(figure, {"globals": 1, "radius": 1}).numbers()["histogram"]) == 3
    causal = select(figure, {"globals": 1, "radius": 1, "limit": "causal"}, token=15).numbers()
    assert len(causal["histogram"]) - 1 == 14 and causal["never"] == 120
    assert "the farthest pair that meets needs 14 hops; 120 pairs never meet." in figure.describe()


def test_a_row_is_the_one_who_hears():
    heard = [painter(7, tools="compose", token=token, layers=7).numbers()["reached"] for token in range(7)]
    np.testing.assert_array_equal(heard, TRIANGLE)


def test_a_token_has_always_heard_itself():
    n = painter(5, tools="compose", allowed=np.zeros((5, 5), bool), token=3).numbers()
    assert n["reached"].tolist() == [False, False, False, True, False] and n["histogram"] == [5] and n["never"] == 20


# ---- words and picture


def test_places_are_named_singly_or_as_a_range():
    texts = {(0,): "0", (0, 1): "0 and 1", (0, 1, 2): "0–2", (0, 2, 3, 4, 9): "0, 2–4 and 9", (1, 3, 5): "1, 3 and 5"}
    assert {at: places(list(at)) for at in texts} == texts


def test_the_sentence_counts_and_names():
    assert painter(3).describe() == (
        "Causal mask, 3 × 3: 6 of 9 pairs kept (67 %). 1 added to the key and value of 2 (random Q, K, V), "
        "mask before the softmax, hidden scores −∞: no leak, output 2 moved and may look at it."
    )
    assert painter(tools=()).describe() == "Causal mask, 7 × 7: 28 of 49 pairs kept (57 %)."
    figure = select(painter(12, tools="compose"), {"radius": 2, "globals": 1, "links": 1, "seed": 4, "limit": "causal"})
    said = "Radius 2 or 1 global token or 1 random link each (seed 4), causal, 12 × 12:"
    assert figure.describe().startswith(said)
    select(figure, {"stride": 3, "block": 2, "padding": True})
    assert figure.describe().startswith("Stride 3 or blocks of 2, without padding, 12 × 12:")


def test_equal_painters_are_equal_in_text_and_picture_and_one_cell_makes_a_difference():
    figure, again = painter(), painter()
    assert repr(figure) == repr(again) and figure.html() == again.html() and "0x" not in repr(figure)
    assert repr(figure).startswith("MaskPainter(7 × 7, tools = leak)\nCausal mask")
    other = TRIANGLE.copy()
    other[[2, 3], [6, 6]] = True, False
    turned = [painter(allowed=mask).sheet().fingerprint() for mask in (TRIANGLE, TRIANGLE.T, other)]
    assert len(set(turned)) == 3


def test_the_picture_shows_the_mask_the_poke_and_the_leak():
    axes = painter(poke=5, order="after").sheet().figure.axes[0]
    np.testing.assert_array_equal(axes.images[0].get_array() > 0.5, TRIANGLE)
    texts = [text.get_text() for text in axes.texts]
    assert texts[0] == "moved" and [text.endswith("⚠") for text in texts[1:]] == [True] * 5 + [False] * 2
    frame = next(patch for patch in axes.patches if patch.get_linestyle() == "--")
    assert frame.get_xy() == (4.5, -0.5) and frame.get_height() == 7


def test_the_picture_shows_from_whom_a_token_has_heard_and_after_how_many_hops():
    figure = painter(16, tools="compose", preset="window", token=9, layers=3)
    axes = figure.sheet().figure.axes[0]
    row = axes.images[0].get_array()[9]
    assert (row == 0).nonzero()[0].tolist() == [0, 1, 2] and ((row > 0) & (row < 0.5)).sum() == 8
    assert "".join(text.get_text() for text in axes.texts) == "33222233"[:4] + "2233"
    bars = figure.sheet().figure.axes[1]
    assert [bar.get_width() for bar in bars.patches] == [58, 50, 42, 34, 26, 18, 12]


@pytest.mark.parametrize("n", [1, 7, 16, 31, 64])
@pytest.mark.parametrize("tools", ["leak", "compose"])
def test_the_picture_is_legible_and_nothing_is_cut(n, tools):
    figure = painter([f"longer{at}token" for at in range(n)], tools=tools, hidden="-1e9")
    figure.allowed = figure.allowed & (np.arange(n)[:, None] % 5 > 0)  # empty rows
    drawn = figure.sheet().figure
    drawn.canvas.draw()
    for text in drawn.findobj(Text):
        if text.get_text() and text.get_visible():
            box = text.get_window_extent()
            assert text.get_fontsize() >= 14
            assert box.x0 > -3 and box.y0 > -3 and box.x1 < drawn.bbox.x1 + 3 and box.y1 < drawn.bbox.y1 + 3, text


def test_the_stored_picture_of_a_sentence_is_at_most_12_kilobytes():
    for figure in (painter(poke=5, order="after"), painter(12, tools="compose", preset="BigBird")):
        assert len(figure.html()) * 3 / 4 < 12_000


def test_html_and_files_hold_what_is_shown(tmp_path):
    figure = painter(poke=5, order="after")
    (alt,) = re.findall(r'<img alt="([^"]*)"', figure.html())
    assert unescape(alt) == figure.describe() and "<script" not in figure.html()
    assert b"<svg" in figure.save(tmp_path / "x.svg").read_bytes()
    assert figure.save(tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")
    page = figure.save(tmp_path / "x.html").read_text("utf-8")
    assert "stubModel" in page and not re.search(r"https?://(?!www\.w3\.org)", page)


# ---- the oracle of the browser's own maths: node reads the file, this test holds it to NumPy


def oracle():
    """Return painters, each with selections and what NumPy makes of them."""
    rng = np.random.default_rng(2)
    found = []
    for n_q, n_k in [(1, 1), (1, 5), (7, 3), (5, 11), (7, 7), (11, 11)]:
        both = n_q == n_k
        tools = ("leak", "compose") if both else ("leak",)
        figure = painter(WORDS if n_q == 7 else n_q, None if both else n_k, tools=tools)
        seen = []
        for at in range(12):
            painted = rng.random((n_q, n_k)) < rng.choice([0.1, 0.5, 0.9])
            painted[rng.integers(n_q)] &= at % 3 > 0
            select(figure, pattern_of(rng, n_k) if at % 2 else None, **selection_of(rng, at, n_q, n_k))
            if not at % 2:
                figure.allowed = painted
            seen.append({"selection": figure.selection} | answers(figure))
        found.append({"state": figure._state(), "seen": seen})
    shares = [[at / 400, in_words(at / 400)] for at in range(401)] + [
        [0.0004, in_words(0.0004)],
        [0.9999, in_words(0.9999)],
    ]
    return {"painters": found, "presets": named_masks(), "links": links(), "shares": shares}


def pattern_of(rng, n):
    drawn = {"radius": rng.integers(n), "stride": 1 + rng.integers(n), "block": 1 + rng.integers(n)}
    drawn |= {"globals": rng.integers(n + 1) // 3, "links": rng.integers(n + 1) // 2, "seed": rng.integers(2**32)}
    kept = {name: int(value) for name, value in drawn.items() if rng.random() < 0.4}
    limit = str(rng.choice(["none", "causal", "strict"]))
    return kept | {"limit": limit, "all": bool(rng.random() < 0.1), "padding": bool(rng.random() < 0.2)}


def selection_of(rng, at, n_q, n_k):
    chosen = {"token": int(rng.integers(n_q)), "layers": int(rng.integers(1, n_q + 1)), "poke": int(rng.integers(n_k))}
    return chosen | {"what": POKES[at % 3], "order": ORDERS[at % 4 % 3], "hidden": HIDDEN[at * 3 // 4 % 4]}


def answers(figure):
    n = figure.numbers()
    rounded = {name: n[name].round(8).ravel().tolist() for name in ("weights", "output", "moved")}
    exact = {name: n[name] for name in ("edges", "empty", "leaks", "histogram", "never") if name in n}
    far = {"hops": n["hops"].ravel().tolist(), "reached": n["reached"].tolist()} if "hops" in n else {}
    return {"rows": rows_of(n["allowed"]), "sentence": figure.describe()} | rounded | exact | far


def named_masks():
    figures = [painter(), painter(16, tools="compose"), painter(3, 5)]
    return [{"state": nameless(figure), "masks": masks_of(figure)} for figure in figures]


def nameless(figure):
    return figure._state() | {"Q": None, "K": None, "V": None}


def masks_of(figure):
    return {name: rows_of(select(figure, pattern).allowed) for name, pattern in figure.presets.items()}


def links():
    seeds = (0, 1, 4294967295)
    numbers = [{"seed": seed, "numbers": list(islice(mulberry32(seed), 5))} for seed in seeds]
    return numbers + [
        {"n": n, "links": count, "seed": seed, "cells": random_links(n, count, seed).astype(int).ravel().tolist()}
        for n, count, seed in [(1, 1, 0), (5, 2, 1), (13, 3, 4294967295), (7, 7, 5)]
    ]


def same(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[name], b[name]) for name in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return abs(a - b) <= 1e-8 if isinstance(a, float) else a == b


def test_the_file_that_node_reads_is_what_numpy_says():
    """After a change on purpose: python tests/test_painter.py"""
    assert same(json.loads(ORACLE.read_text("utf-8")), json.loads(json.dumps(oracle())))


if __name__ == "__main__":
    ORACLE.write_text(json.dumps(oracle(), ensure_ascii=False) + "\n", encoding="utf-8")
