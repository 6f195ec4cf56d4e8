"""The figures of lessons 00, 05, 06 and 07: they keep every figure's promises, and show what the maths says."""

import doctest
import importlib
import inspect
import itertools
import json
import re
import tracemalloc
from html import unescape

import numpy as np
import pytest
import test_views as promises
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.lines import Line2D
from matplotlib.text import Text

from course_lib import cost, views
from course_lib.attention import attention
from course_lib.experiments.recall import attention_recall, recall
from course_lib.masks import causal_mask
from course_lib.multi_head import multi_head, previous_token_head, same_letter_head
from course_lib.summary import shares
from course_lib.views import boxes, growth, heads_picture, style, timed
from course_lib.views import recall as recall_view
from course_lib.views.hand_heads import hand_heads
from course_lib.views.mosaic import Mosaic, tiles
from course_lib.views.parts import Shown
from course_lib.views.sheet import Sheet

SIZES = [1_000, 5_000, 20_000, 200_000]
RESULTS = {  # as benchmarks/sparse.py --growth writes them, of a machine on which all is a clean power of n
    "machine": {"cpu": "a desk"},
    "features": 64,
    "radius": 256,
    "window": [{"n": n, "seconds": 1e-6 * n, "megabytes": 2.5e-4 * n} for n in SIZES],
    "streaming": [{"n": n, "seconds": 2e-9 * n**2, "megabytes": 2.5e-4 * n} for n in SIZES],
    "attention": [{"n": n, "seconds": 5e-9 * n**2, "megabytes": 1.2e-5 * n**2} for n in SIZES[:2]],
}
STILL = {
    "GrowthPlot": lambda: views.GrowthPlot(RESULTS),
    "EncoderDecoder": views.EncoderDecoder,
    "ModelFamilies": views.ModelFamilies,
    "WholeFlow": views.WholeFlow,
}
MOVING = {"RecallView": views.RecallView, "HeadsView": views.HeadsView, "CostView": views.CostView}
MAKE = STILL | MOVING
EVERY = [
    promises.test_a_figure_needs_no_kernel_to_be_seen,
    promises.test_a_figure_shows_itself_live_as_html_and_as_text,
    promises.test_two_figures_of_the_same_are_equal_in_text_and_pixels,
    promises.test_the_sentence_is_one_sentence_and_stands_in_the_repr,
    promises.test_type_is_large_enough_for_the_last_row,
    promises.test_nothing_is_written_outside_the_picture,
]
WHEN_MOVED = [
    promises.test_the_picture_is_that_of_the_value_and_not_of_the_one_before,
    promises.test_drawing_only_what_moves_gives_the_pixels_of_a_full_draw,
    promises.test_a_change_touches_only_what_moves_and_ranges_stay,
    promises.test_a_change_sends_one_message_with_picture_and_sentence,
    promises.test_a_finer_screen_gets_a_finer_picture_of_the_same,
]


def by_name(promise):
    return promise.__name__.removeprefix("test_")


@pytest.fixture(scope="module")
def made():
    """One view of each kind, for tests that do not move it."""
    return {name: make() for name, make in MAKE.items()}


def kept(promise, name, made, monkeypatch):
    """Run a test of test_views.py on one of the figures here."""
    monkeypatch.setattr(promises, "MAKE", MAKE)
    offered = {"name": name, "made": made, "monkeypatch": monkeypatch}
    promise(**{argument: offered[argument] for argument in inspect.signature(promise).parameters})


@pytest.mark.parametrize("name", MAKE)
@pytest.mark.parametrize("promise", EVERY, ids=by_name)
def test_what_every_figure_promises(promise, name, made, monkeypatch):
    kept(promise, name, made, monkeypatch)


@pytest.mark.parametrize("name", MOVING)
@pytest.mark.parametrize("promise", WHEN_MOVED, ids=by_name)
def test_what_a_figure_with_controls_promises(promise, name, made, monkeypatch):
    kept(promise, name, made, monkeypatch)


@pytest.mark.parametrize("name", MAKE)
def test_a_notebook_has_room_for_the_stored_picture(made, name):
    view = made[name]
    live = view.sheet.pixels(1.5).astype(int)
    paper = live[..., :3] * live[..., 3:] // 255 + 255 - live[..., 3:]  # on white
    stored = view.sheet.stored_png(view.stored_colours)
    off = np.abs(promises.pixels_of(stored)[..., :3].astype(int) - paper).max(-1)
    most, usual = (60, 45) if name in STILL else (50, 25)  # few colours, but ink stays ink
    assert len(stored) <= (12_000 if name in STILL else 18_500)
    assert off.max() < most and np.percentile(off, 99.5) < usual


def contrast(one, other):
    """Return the ratio of two colours (WCAG 2.2)."""
    linear = [np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) for c in map(np.array, (one, other))]
    low, high = sorted(float(c @ [0.2126, 0.7152, 0.0722]) for c in linear)
    return (high + 0.05) / (low + 0.05)


def in_the_dark(colour):
    """Return what `filter: invert(1) hue-rotate(180deg)` makes of a colour."""
    luma = np.array([0.213, 0.715, 0.072])
    turned = 2 * luma[None] - np.eye(3)  # a half turn of the hue, as the filter-effects specification defines it
    return np.clip(turned @ (1 - np.array(colour)), 0, 1)


@pytest.mark.parametrize("name", MAKE)
def test_every_ink_stands_out_in_both_themes(made, name):
    artists = made[name].sheet.figure.findobj(lambda artist: isinstance(artist, Line2D | Text))
    inks = {to_rgb(artist.get_color()) for artist in artists if artist.get_visible()} - {(1.0, 1.0, 1.0)}
    assert inks
    for ink in inks:
        assert contrast(ink, (1, 1, 1)) >= 3 and contrast(in_the_dark(ink), to_rgb("#111")) >= 3, ink


# --- 00 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "d", "share"), [(8, 64, 0.69), (32, 64, 0.22), (16, 128, 0.69), (32, 256, 0.69)])
def test_recall_view_shows_the_numbers_of_the_experiment(n, d, share):
    view = views.RecallView(n=n, d=d)
    now = view.numbers()
    few, many = now["sentences"]
    assert now["summary"] == recall(n, d, few, np.random.default_rng(1))
    assert now["attention"] == attention_recall(n, d, many, np.random.default_rng(1)) == 1.0
    assert now["summary"] == pytest.approx(share, abs=0.02) and style.number(now["summary"]) in view.describe()
    assert now["stored"] == (d, n * 2 * d) and f"{n * 2 * d:,} stored numbers" in view.describe()


def test_the_markers_of_recall_stand_at_their_shares_and_the_lengths_at_their_logarithms():
    view = views.RecallView(n=64, d=32)
    now = view.numbers()
    assert now["summary"] < now["attention"]
    np.testing.assert_array_equal(view._summary.get_xydata(), [[1.0, now["summary"]]])
    np.testing.assert_array_equal(view._attention.get_xydata(), [[1.0, now["attention"]]])
    assert [line.get_xdata()[1] for line in view._lengths] == [5.0, 12.0]


def test_twice_the_words_and_twice_the_vector_leave_the_marker_where_it_is():
    view = views.RecallView(n=16, d=64)
    before = view._summary.get_xydata()[0]
    view.n.value, view.d.value = 32, 128
    after = view._summary.get_xydata()[0]
    assert after[0] == before[0] and after[1] == pytest.approx(before[1], abs=0.03)


@pytest.mark.parametrize("read", [recall, attention_recall])
def test_no_setting_keeps_a_slider_waiting(read):
    for n, d in itertools.product(recall_view.LENGTHS, recall_view.SIZES):
        sentences = recall_view.sentences(read, n, d)
        scores = n * n * d if read is attention_recall else 0
        assert 2 <= sentences <= 1000
        assert sentences == 2 or sentences * ((n + 50) * d + scores) <= recall_view.WORK[read]
    assert recall_view.measured(read, 8, 64) is recall_view.measured(read, 8, 64)  # and never twice


def test_the_beams_of_the_decoder_are_as_thick_as_its_weights(made):
    view = views.EncoderDecoder([1.0, 5.0, 3.0, 1.0])
    weights = view.numbers()["weights"]
    np.testing.assert_array_equal(weights, shares([1.0, 5.0, 3.0, 1.0]))
    (axes,) = view.sheet.figure.axes
    beams = [
        line
        for line in axes.lines
        if to_rgb(line.get_color()) == to_rgb(style.VERMILION) and len(line.get_xdata()) == 2
    ]
    widths = [line.get_linewidth() for line in sorted(beams, key=lambda line: line.get_xdata()[0])]
    np.testing.assert_allclose(np.array(widths) - 1, 12 * weights)
    assert "the .10, cat .50, drank .30, milk .10" in view.describe()
    assert repr(view) != repr(made["EncoderDecoder"])


# --- 05 --------------------------------------------------------------------------------------------------------


def test_the_families_differ_by_their_masks(made):
    masks = made["ModelFamilies"].numbers()
    assert list(masks) == ["encoder", "decoder", "encoder-decoder"]
    assert list(masks["decoder"]) == ["causal"]  # no cross-attention in a decoder alone
    np.testing.assert_array_equal(masks["decoder"]["causal"], causal_mask(4))
    assert masks["encoder"]["self"].all() and masks["encoder-decoder"]["cross"].shape == (4, 5)


def test_the_small_masks_are_drawn_as_they_are(made):
    view = made["ModelFamilies"]
    wanted = [mask for family in view.numbers().values() for mask in family.values()]
    drawn = [axes.images[0].get_array() for axes in view.sheet.figure.axes if axes.images]
    assert len(drawn) == 5
    for image, mask in zip(drawn, wanted, strict=True):
        np.testing.assert_array_equal(image, mask)


# --- 06 --------------------------------------------------------------------------------------------------------


def random_layer(n=5, d_model=12, seed=0):
    rng = np.random.default_rng(seed)
    X, *W = rng.standard_normal((n, d_model)), *rng.standard_normal((4, d_model, d_model))
    return [f"word {place}" for place in range(n)], X, *W


def test_heads_view_shows_the_weights_of_multi_head_at_every_divisor():
    layer = random_layer()
    view = views.HeadsView(layer, n_heads=1, label="random")
    assert view.n_heads.options == [1, 2, 3, 4, 6, 12]
    for h in view.n_heads.options:
        view.n_heads.value = h
        weights = multi_head(*layer[1:], h).weights
        np.testing.assert_array_equal(view.numbers()["weights"], weights)
        (image,) = view.sheet.figure.axes[0].images
        np.testing.assert_array_equal(image.get_array(), weights.reshape(-1, 5))
    assert "12 heads with 1 of 12 features each, random" in view.describe()


def test_parameters_and_multiply_adds_stay_and_stored_weights_grow_with_the_heads():
    view = views.HeadsView(random_layer(), label="random")
    found = []
    for h in view.n_heads.options:
        view.n_heads.value = h
        now = view.numbers()
        found.append((now["parameters"], now["operations"], now["stored"] / h, now["d_head"] * h))
        lengths = [line.get_xdata()[1] for line in view._picture._lengths]
        assert lengths == [1, 1, h] and f"{now['stored']:,} stored weights" in view.describe()
    assert set(found) == {(4 * 12**2, 4 * 5 * 12**2 + 2 * 5**2 * 12, 25, 12)}


def moved_by(view, output):
    """Return how far `output` is from that of the untouched layer, token by token, in lengths of the latter."""
    whole = multi_head(*view.layer[1:], view.n_heads.value).output
    return np.linalg.norm(output - whole, axis=1) / np.linalg.norm(whole, axis=1)


@pytest.mark.parametrize("layer", [None, random_layer()], ids=["hand-built", "random"])
def test_swapping_two_heads_with_their_rows_of_w_o_changes_nothing_and_without_them_it_does(layer):
    view = views.HeadsView(layer, n_heads=3)
    _, X, *W, W_o = view.layer
    width = view.d_model // 3
    order = np.r_[width : 2 * width, :width, 2 * width : 3 * width]
    view.swap.value = "heads"
    swapped = view.numbers()
    other = multi_head(X, *(matrix[:, order] for matrix in W), W_o, 3)  # the same, by moving the columns
    np.testing.assert_allclose(swapped["moved"], moved_by(view, other.output))
    assert swapped["moved"].min() > 0.01 and swapped["heads"].tolist() == [1, 0, 2]
    np.testing.assert_allclose(swapped["weights"], other.weights)
    assert "A and B are swapped, W_o is not, and the outputs move by up to" in view.describe()
    view.swap.value = "both"
    both = view.numbers()
    assert (both["moved"] == 0).all() and "no output moves" in view.describe()
    np.testing.assert_array_equal(both["weights"], swapped["weights"])


@pytest.mark.parametrize("head", [1, 3])
def test_a_silent_head_is_one_whose_rows_of_w_o_are_gone(head):
    view = views.HeadsView(random_layer(), n_heads=4, label="random")
    view.silent.value = head
    _, X, *W, W_o = view.layer
    W_o = W_o.copy()
    W_o[3 * (head - 1) : 3 * head] = 0
    np.testing.assert_allclose(view.numbers()["moved"], moved_by(view, multi_head(X, *W, W_o, 4).output))
    assert f"head {'ABCD'[head - 1]} is silent, and the outputs move" in view.describe()
    heights = [path.vertices[1, 1] for path in view._picture._moved.get_paths()]
    np.testing.assert_array_equal(heights, np.minimum(view.numbers()["moved"], heads_picture.MOST))


def test_the_cross_stands_on_the_silent_head_wherever_it_was_swapped_to():
    view = views.HeadsView(n_heads=4)
    view.silent.value, view.swap.value = 1, "both"
    assert view.numbers()["silent"].tolist() == [1]  # head A stands second now
    places, cell = tiles(4, 6, heads_picture.SIDE)
    np.testing.assert_array_equal(view._picture._cross.get_xydata()[0], places[1])
    letters = [words.get_text() for words in view._picture._letters[:5]]
    assert letters == ["B", "A", "C", "D", ""] and cell * 6 <= heads_picture.SIDE


def test_only_heads_that_there_are_can_be_silenced():
    view = views.HeadsView(n_heads=4)
    view.silent.value = 4
    view.n_heads.value = 2
    assert view.silent.options == [0, 1, 2] and view.silent.texts == ["none", "A", "B"]
    assert view.silent.value == 2 and "head B is silent" in view.describe()
    view.n_heads.value = 8
    assert view.silent.options[-1] == 8 and view.silent.text == "B"


def test_one_head_cannot_be_swapped():
    view = views.HeadsView(n_heads=1)
    view.swap.value = "heads"
    assert (view.numbers()["moved"] == 0).all() and "nothing is swapped or silent" in view.describe()


def test_four_heads_built_by_hand_look_where_they_should():
    layer = hand_heads()
    weights = multi_head(*layer[1:], 4).weights
    np.testing.assert_allclose(np.diag(weights[0], -1), 1, atol=1e-6)  # the token before
    np.testing.assert_allclose(weights[1][[0, 3]][:, [0, 3]], 0.5, atol=1e-6)  # "the" looks at both "the"
    np.testing.assert_allclose(np.diag(weights[2], 1), 1, atol=1e-6)  # the token after
    np.testing.assert_allclose(weights[3][:, 0], 1, atol=1e-6)  # the first one
    blended = multi_head(*layer[1:], 1).weights[0, 4]  # one head for all four: before, same, after and first
    np.testing.assert_allclose(blended, [0.25, 0, 0, 0.25, 0.25, 0.25], atol=1e-4)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("count", [1, 3, 8])
def test_the_mosaic_paints_every_cell_in_its_own_place(count, ratio):
    n, side = 5, 200
    matrices = np.random.default_rng(count).uniform(0, 1, (count, n, n))

    def build(figure):
        nonlocal mosaic
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, side), ylim=(side, 0))
        axes.set_axis_off()
        mosaic = Mosaic(axes, side)
        mosaic.show(matrices)

    mosaic = None
    pixels = Sheet(side, side, build).pixels(ratio)
    places, cell = tiles(count, n, side)
    assert len(set(places)) == count
    for (left, top), matrix in zip(places, matrices, strict=True):
        for row, column in np.ndindex(n, n):
            x, y = left + (column + 0.5) * cell, top + (row + 0.5) * cell
            np.testing.assert_array_equal(
                pixels[int(y * ratio), int(x * ratio)], mosaic.to_rgba(matrix[row, column], bytes=True)
            )
    assert pixels[0, 0, 3] == 0  # between the tiles the page shows


def test_a_picture_of_the_heads_transposed_has_another_repr(monkeypatch):
    right = views.HeadsView()
    show = Mosaic.show
    monkeypatch.setattr(Mosaic, "show", lambda self, matrices: show(self, matrices.swapaxes(1, 2)))
    assert repr(views.HeadsView()) != repr(right) and views.HeadsView().describe() == right.describe()


def test_heads_built_by_hand_fit_the_heat_map():
    words = ["the", "cat", "saw", "the", "dog"]
    before = attention(*previous_token_head(5), np.eye(5), causal_mask(5)).weights
    assert "cat at the (1.00), saw at cat (1.00)" in views.HeatMap(before, words, title="token before").describe()
    X = np.eye(4)[[0, 1, 2, 0, 3]]
    same = attention(*(X @ W for W in same_letter_head(4)), X).weights
    assert "cat at cat (1.00)" in views.HeatMap(same, words).describe()


@pytest.mark.parametrize(("n", "d_model", "n_heads"), [(5, 12, 3), (7, 33, 11)])
def test_the_whole_flow_shows_the_shapes_of_real_arrays(n, d_model, n_heads):
    view, d_head = views.WholeFlow(n, d_model, n_heads), d_model // n_heads
    assert view.numbers() == {
        "X": (n, d_model),
        "Q": (n, d_model),
        "split": (n_heads, n, d_head),
        "scores": (n_heads, n, n),
        "weights": (n_heads, n, n),
        "heads": (n_heads, n, d_head),
        "merged": (n, d_model),
        "output": (n, d_model),
    }
    written = [text.get_text() for text in view.sheet.figure.axes[0].texts]
    for shape in view.numbers().values():
        assert any(words.endswith(f"= {shape}") for words in written) and str(shape) in view.describe()


# --- 07 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "d_model", "radius"), [(1024, 512, 64), (200_000, 64, 256), (64, 4096, 4096)])
def test_cost_view_shows_what_the_formulas_say(n, d_model, radius):
    view = views.CostView(n, d_model, radius)
    now, at = view.numbers(), views.cost.TOKENS.index(n)
    assert now["operations"] == (
        cost.projection_operations(n, d_model),
        cost.attention_operations(n, d_model),
        cost.attention_operations(n, d_model, radius=radius),
    )
    pairs = cost.compared_pairs(n, radius)
    assert now["stored"] == (2 * n * d_model, n * n, pairs)
    for panel in ("operations", "stored"):
        heights = [curve.get_ydata()[at] for curve in view._curves[panel]]
        np.testing.assert_allclose(heights, np.log10(now[panel]))
        np.testing.assert_allclose([sign.get_ydata()[0] for sign in view._signs[panel]], heights)
        assert {sign.get_xdata()[0] for sign in view._signs[panel]} == {np.log10(n)}


def test_cost_view_says_the_numbers_of_the_lesson():
    said = views.CostView(200_000, 64, 256).describe()
    assert "390 times fewer" in said and "4.0·10¹⁰ (160 GB)" in said and "equal at n = 128" in said
    assert "MB" not in said  # what reads like a measurement stands in no stored output
    even = views.CostView(1024, 512).numbers()
    assert even["operations"][0] == even["operations"][1] and even["break_even"] == 1024


def test_no_line_of_the_cost_leaves_its_frame():
    view = views.CostView()
    for d_model in (64, 4096):
        for radius in (2, 4096):
            view.d_model.value, view.radius.value = d_model, radius
            for axes, panel in zip(view.sheet.figure.axes, ("operations", "stored"), strict=True):
                low, high = axes.get_ylim()
                heights = np.concatenate([curve.get_ydata() for curve in view._curves[panel]])
                assert low < heights.min() and heights.max() < high


def drawn_points(view):
    """Return panel -> the points of each line, (n, value), in the order of the legend."""
    panels = [[line for line in axes.lines if len(line.get_xdata()) > 1] for axes in view.sheet.figure.axes]
    return [[10 ** line.get_xydata() for line in lines] for lines in panels]


@pytest.mark.parametrize("results", [RESULTS, None], ids=["clean powers", "the committed run"])
def test_the_points_of_growth_are_those_of_the_file(results):
    view = views.GrowthPlot(results)
    results = results or json.loads(growth.FILE.read_text("utf-8"))
    seconds, megabytes = drawn_points(view)
    for place, name in enumerate(("attention", "streaming", "window")):
        points = results[name]
        held = [point["megabytes"] + 3 * point["n"] * results["features"] * 4 / 1e6 for point in points]  # and Q, K, V
        np.testing.assert_allclose(seconds[place], [[point["n"], point["seconds"]] for point in points])
        np.testing.assert_allclose(megabytes[place], [[point["n"], mb] for point, mb in zip(points, held, strict=True)])
    assert results["machine"]["cpu"] in view.describe()


def test_growth_names_the_power_of_every_line(made):
    found = made["GrowthPlot"].numbers()
    slopes = {name: [round(found[name][f"{key}_slope"], 6) for key in ("seconds", "megabytes")] for name in found}
    assert slopes["window"] == [1, 1] and slopes["streaming"] == [2, 1] and slopes["attention"][0] == 2
    assert "streaming, exact to 200,000 tokens 2.00 and 1.00" in made["GrowthPlot"].describe()
    assert not re.search(r"\d (s|MB)\b", repr(made["GrowthPlot"]))  # seconds belong to a machine


def fixed(seconds, megabytes):
    """Return a stand-in for `measure` on a machine that always takes as long."""
    return lambda function: (function(), seconds, megabytes)


def race():
    return views.Timed(
        views.Run("kernel, 2,000 tokens", lambda: np.ones((2000, 3), np.float32)),
        views.Run(
            "loop, 20 tokens", lambda: (np.ones(20), np.ones((1, 2))), times=100, stands_for="loop, 2,000 tokens"
        ),
    )


def test_seconds_and_megabytes_stand_in_nothing_that_is_stored(monkeypatch):
    monkeypatch.setattr(timed, "measure", fixed(0.7431, 51.87))
    one = race()
    monkeypatch.setattr(timed, "measure", fixed(6.5913, 2.34))
    other = race()
    assert one.rows != other.rows and isinstance(one, Shown)
    for stored in (repr, views.Timed.describe, views.Timed.html, lambda run: run._repr_mimebundle_()["text/plain"]):
        assert stored(one) == stored(other)
        assert not re.search(r"\d[\d.]* (s|ms|min|h|MB)\b", re.sub("<[^>]*>", " ", stored(one)))
    bundle = one._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == one.model_id
    assert bundle["text/html"] == one.html()


def test_what_is_stored_says_what_came_out_and_how_to_see_the_rest(monkeypatch):
    monkeypatch.setattr(timed, "measure", fixed(0.5, 1.0))
    run = race()
    assert run.facts()[:2] == [("kernel, 2,000 tokens", "(2000, 3)"), ("loop, 20 tokens", "(20,), (1, 2)")]
    assert run.describe().endswith(timed.HERE) and timed.HERE in run.html()
    assert repr(run).startswith("Timed(kernel, 2,000 tokens; loop, 20 tokens)\n")
    odd = views.Timed("a < b & c", lambda: 3)
    assert "<th>a &lt; b &amp; c</th><td>int</td>" in odd.html() and unescape(odd.html()).count("a < b & c") == 1


def test_the_live_table_has_the_seconds_the_memory_and_each_run_s_share_of_the_longest(monkeypatch):
    monkeypatch.setattr(timed, "measure", fixed(0.5, 51.87))
    rows = race().rows
    assert [row["seconds"] for row in rows] == [".50 s", ".50 s", "50 s"]
    assert [row["memory"] for row in rows] == ["52 MB", "52 MB", ""]
    assert [row["share"] for row in rows] == [0.01, 0.01, 1.0]


def test_what_was_not_run_is_labelled_so_and_is_that_many_times_the_run_above(monkeypatch):
    monkeypatch.setattr(timed, "measure", fixed(0.03, 1.0))
    rows = race().rows
    assert [row["estimated"] for row in rows] == [False, False, True]
    assert rows[2]["name"] == "loop, 2,000 tokens" and rows[2]["seconds"] == "3.0 s"
    assert rows[2]["result"] == "extrapolated, not run: 100 × the row above"
    assert "extrapolated, not run" in race().html()


def test_memory_is_what_a_run_takes_at_most_and_what_it_gives_back_is_counted_too():
    numbers = np.ones(1_000_000)
    run = views.Timed("two of 8 MB", lambda: (numbers + 1).sum() + (numbers + 1) * (numbers + 2))
    assert run.megabytes[0] == pytest.approx(16, abs=0.5)  # the first is gone before the others come
    assert run.results[0].shape == (1_000_000,) and run.seconds[0] > 0
    assert not tracemalloc.is_tracing()


def test_a_watch_that_was_running_goes_on():
    tracemalloc.start()
    try:
        np.ones(1_000_000).sum()  # a peak of its own, which is not the run's
        run = views.Timed("ones", lambda: np.ones(3))
        assert run.results[0].tolist() == [1, 1, 1] and run.megabytes[0] < 1
        assert tracemalloc.is_tracing()
    finally:
        tracemalloc.stop()


def test_the_script_of_timed_is_small_and_reaches_for_nothing():
    run = views.Timed("nothing", lambda: None)
    assert len(run._esm.encode()) < 15_000 and run._esm.count("export default") == 1
    assert not re.search(r"https?://", run._esm)
    rules = re.sub(r"/\*.*?\*/", "", run._css, flags=re.S)
    assert all("course-" in one for many in re.findall(r"([^{}]+)\{", rules) for one in many.split(","))


# --- all -------------------------------------------------------------------------------------------------------

LAYER = random_layer()
WRONG = [
    (views.RecallView, {"n": 3}, "words n must be one of 1, 2, 4"),
    (views.RecallView, {"d": 16}, "numbers d must be one of 32, 64"),
    (views.EncoderDecoder, {"relevance": [1.0, 2.0]}, "one number for each word"),
    (views.EncoderDecoder, {"relevance": [0.0, 0.0, 0.0, 0.0]}, "not all 0"),
    (views.HeadsView, {"n_heads": 5}, "heads h must be one of 1, 2, 3, 4, 6, 8, 12, 24, not 5"),
    (views.HeadsView, {"label": "real"}, "hand-built, random, trained"),
    (views.HeadsView, {"layer": 3}, "layer must be (tokens, X, W_q, W_k, W_v, W_o)"),
    (views.HeadsView, {"layer": (LAYER[0][:3], *LAYER[1:])}, "3 tokens, X (5, 12)"),
    (views.HeadsView, {"layer": (*LAYER[:5], np.eye(11))}, "matrices (d_model, d_model)"),
    (views.HeadsView, {"layer": random_layer(n=7, d_model=512)}, "too many to be told apart"),
    (views.WholeFlow, {"d_model": 10}, "n_heads must divide d_model"),
    (views.GrowthPlot, {"results": {"features": 64, "machine": {}}}, "radius, attention, streaming, window missing"),
    (views.CostView, {"n": 1000}, "tokens n must be one of 64, 128"),
    (views.CostView, {"radius": 0}, "radius must be one of 2, 4"),
]


@pytest.mark.parametrize(("kind", "arguments", "says"), WRONG)
def test_a_wrong_argument_is_refused_in_a_sentence(kind, arguments, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        kind(**arguments)


@pytest.mark.parametrize(
    ("runs", "says"),
    [
        ((), "needs something to run"),
        (("a label",), "needs something to run"),
        (("a label", 3), "a function of no argument"),
        ((lambda: 1,), "each run must be Run(label, function)"),
        ((views.Run("half", len, times=2),), "what it stands_for"),
        ((views.Run("half", len, times=-2, stands_for="less"),), "times above 0"),
    ],
)
def test_what_cannot_be_timed_is_refused_in_a_sentence(runs, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        views.Timed(*runs)


@pytest.mark.parametrize("name", ["amounts", "hand_heads", "mosaic", "timed"])
def test_examples_run_and_print_what_they_say(name):
    module = importlib.import_module(f"course_lib.views.{name}")
    result = doctest.testmod(module, extraglobs={"np": np})
    assert result.attempted and not result.failed


def test_an_arrow_ends_at_its_tip_and_a_box_stands_round_its_middle():
    def build(figure):
        axes = boxes.canvas(figure)
        boxes.arrow(axes, (10, 20), (40, 20))
        boxes.box(axes, (50, 60), (20, 10), "X", sheets=2)

    figure = Sheet(100, 80, build).figure
    (line,), (behind, front) = figure.axes[0].lines, figure.axes[0].patches
    assert line.get_xydata()[1].tolist() == [40, 20] and line.get_xdata().max() == 40
    assert front.get_xy() == (40, 55) and behind.get_xy() == (45, 60)
    assert to_rgba(front.get_facecolor()) == (1, 1, 1, 1)  # opaque: it covers the line behind it
