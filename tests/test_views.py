"""What every figure promises: it follows its controls, says its numbers, and needs no kernel to be seen."""

import io
import re
import subprocess
import sys
from html import unescape

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.text import Text
from PIL import Image

from course_lib import experiments, views
from course_lib.embeddings import cosine
from course_lib.scores import dot_scores, scaled_scores
from course_lib.softmax import entropy, softmax
from course_lib.views import heat_map, sheet, style
from course_lib.views.base import View
from course_lib.views.parts import Choice, Picture, Slider
from course_lib.views.png import quick_png
from course_lib.views.score_functions import KEYS
from course_lib.views.words import Words

WORDS = ["the", "cat", "drank"]
WEIGHTS = softmax(np.random.default_rng(1).standard_normal((3, 3)) * 2)
COLOURS = np.array([[0.9, 0.1, 0.1], [1.0, 0.6, 0.0], [0.4, 0.7, 1.0]])
MAKE = {
    "ScalingView": lambda: views.ScalingView(d_k=64, divisor="none"),
    "SoftmaxView": lambda: views.SoftmaxView(),
    "ScoreFunctionsView": lambda: views.ScoreFunctionsView(),
    "WordMap": lambda: views.WordMap(),
    "HeatMap": lambda: views.HeatMap(WEIGHTS, WORDS),
    "HeatPair": lambda: views.HeatPair(WEIGHTS, WEIGHTS.T, "query", "key"),
    "ColourMix": lambda: views.ColourMix(WEIGHTS, COLOURS, ["tomato", "orange", "sky"]),
    "GradientSpread": lambda: views.GradientSpread(),
    "AnalogyShare": lambda: views.AnalogyShare(n_corpora=2),
}
MOVING = ["ScalingView", "SoftmaxView", "ScoreFunctionsView"]
every_view = pytest.mark.parametrize("name", MAKE)
every_moving_view = pytest.mark.parametrize("name", MOVING)


@pytest.fixture(scope="module")
def made():
    """One view of each kind, for tests that do not move it."""
    return {name: make() for name, make in MAKE.items()}


def pixels_of(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def settings(view):
    """Move every control to its first and to its last option, one at a time, and yield after each step."""
    for control in view.controls:
        for option in (control.options[0], control.options[-1]):
            control.value = option
            yield


def redrawn(view):
    """Return the pixels of a full draw, with nothing kept from before."""
    moving = view.sheet._moving()
    for artist in moving:
        artist.set_animated(False)
    with style.drawing():
        view.sheet._canvas.draw()
    pixels = np.array(view.sheet._canvas.buffer_rgba())
    for artist in moving:
        artist.set_animated(True)
    return pixels


@every_view
def test_a_figure_needs_no_kernel_to_be_seen(made, name):
    view = made[name]
    html = view.html()
    (alt,) = re.findall(r'<img alt="([^"]*)"', html)
    assert unescape(alt) == view.describe() and f"<figcaption>{alt}</figcaption>" in html
    assert 'src="data:image/png;base64,' in html and "widget" not in html and len(html) < 45_000


@every_view
def test_a_figure_shows_itself_live_as_html_and_as_text(made, name):
    view = made[name]
    bundle = view._repr_mimebundle_(include=None, exclude=None)
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == view.model_id
    assert bundle["text/html"] == view.html() and bundle["text/plain"] == repr(view)


@every_view
def test_two_figures_of_the_same_are_equal_in_text_and_pixels(made, name):
    again = MAKE[name]()
    assert repr(again) == repr(made[name]) and "0x" not in repr(again)
    assert again.picture.png == made[name].picture.png


@every_view
def test_the_sentence_is_one_sentence_and_stands_in_the_repr(made, name):
    sentence = made[name].describe()
    assert sentence.endswith(".") and "\n" not in sentence and sentence in repr(made[name])
    assert made[name].picture.alt == sentence


@every_view
def test_type_is_large_enough_for_the_last_row(made, name):
    for text in made[name].sheet.figure.findobj(Text):
        assert not text.get_text() or not text.get_visible() or text.get_fontsize() >= 14, text


@every_view
def test_nothing_is_written_outside_the_picture(name):
    view = MAKE[name]()
    figure, renderer = view.sheet.figure, view.sheet._canvas.get_renderer()
    for text in figure.findobj(Text):
        if text.get_text() and text.get_visible():
            box = text.get_window_extent(renderer)
            assert box.x0 > -3 and box.y0 > -3 and box.x1 < figure.bbox.x1 + 3 and box.y1 < figure.bbox.y1 + 3, text


@every_view
def test_the_stored_picture_is_small_and_keeps_even_rare_colours(made, name):
    view = made[name]
    stored, live = view.sheet.stored_png(view.stored_colours), Image.fromarray(view.sheet.pixels(sheet.STORED_RATIO))
    paper = Image.new("RGBA", live.size, "white")
    paper.alpha_composite(live)
    off = np.abs(pixels_of(stored).astype(int) - np.asarray(paper)).max(-1)
    assert len(stored) < 25_000 and off.max() < 50 and np.percentile(off, 99.5) < 25


@every_moving_view
def test_the_picture_is_that_of_the_value_and_not_of_the_one_before(name):
    view = MAKE[name]()
    for _ in settings(view):
        fresh = MAKE[name]()
        for mine, its in zip(view.controls, fresh.controls, strict=True):
            its.value = mine.value
        assert repr(view) == repr(fresh) and view.picture.alt == view.describe() == fresh.describe()
        assert view.picture.png == fresh.picture.png == fresh.sheet.png()


@every_moving_view
def test_drawing_only_what_moves_gives_the_pixels_of_a_full_draw(name):
    view = MAKE[name]()
    for _ in settings(view):
        np.testing.assert_array_equal(pixels_of(view.picture.png), redrawn(view))


@every_moving_view
def test_a_change_touches_only_what_moves_and_ranges_stay(name):
    view = MAKE[name]()
    ranges = [(axes.get_xlim(), axes.get_ylim()) for axes in view.sheet.figure.axes]
    moving = set(view.sheet._moving())
    for artist in view.sheet.figure.findobj():
        artist.stale = False
    for _ in settings(view):
        assert {artist for artist in view.sheet.figure.findobj() if artist.stale} <= moving
    assert ranges == [(axes.get_xlim(), axes.get_ylim()) for axes in view.sheet.figure.axes]


@every_moving_view
def test_a_change_sends_one_message_with_picture_and_sentence(name, monkeypatch):
    view, sent = MAKE[name](), []
    monkeypatch.setattr(view.picture, "send_state", lambda key=None: sent.append(set(key)))
    view.controls[0].value = view.controls[0].options[-1]
    assert sent == [{"png", "alt"}]


@every_moving_view
def test_a_finer_screen_gets_a_finer_picture_of_the_same(name):
    view = MAKE[name]()
    before, (width, height) = repr(view), view.size
    view.picture.ratio = 2.0
    assert pixels_of(view.picture.png).shape == (2 * height, 2 * width, 4) and repr(view) == before
    np.testing.assert_array_equal(pixels_of(view.picture.png), redrawn(view))


def test_the_ground_is_clear_so_that_it_takes_the_colour_of_the_page(made):
    assert pixels_of(made["ScalingView"].picture.png)[0, 0, 3] == 0


@pytest.mark.parametrize("divisor", ["none", "sqrt", "d_k"])
def test_scaling_view_shows_the_numbers_of_the_experiments(divisor):
    view = views.ScalingView(d_k=16, divisor=divisor)
    view.query.value = 3
    n = view.numbers()
    assert n["largest_share"] == experiments.largest_share(16, divisor)
    assert n["saturated_share"] == experiments.saturated_share(16, divisor)
    np.testing.assert_array_equal(n["weights"], experiments.random_weights(16, divisor)[2])
    power = {"none": 1, "sqrt": 4, "d_k": 16}[divisor]
    assert n["spread"] == pytest.approx(experiments.random_scores(16).std() / power)
    assert style.number(n["largest_share"]) in view.describe()


def test_the_drawn_bars_are_the_weights_of_the_query():
    view = views.ScalingView(d_k=4, divisor="none")
    view.query.value = 7
    heights = [path.vertices[1, 1] for path in view._bars.get_paths()]
    np.testing.assert_array_equal(heights, experiments.random_weights(4, "none")[6])


def test_softmax_view_shows_softmax_and_its_entropy():
    view = views.SoftmaxView([2, 1, 0.5])
    view.scores[1].value, view.temperature.value = -3.5, 0.25
    weights = softmax(np.array([2, -3.5, 0.5]) / 0.25)
    np.testing.assert_array_equal(view.numbers()["weights"], weights)
    assert view.numbers()["entropy"] == entropy(weights)
    assert "3·10⁻¹⁰" in view.describe()  # never 0


def test_score_functions_view_scores_the_turned_and_stretched_query():
    view = views.ScoreFunctionsView(angle=90, length=2)
    n, query = view.numbers(), np.array([[0.0, 2.0]])
    np.testing.assert_allclose(n["dot"], dot_scores(query, KEYS)[0])
    np.testing.assert_allclose(n["scaled"], scaled_scores(query, KEYS)[0])
    np.testing.assert_allclose(n["cosine"], cosine(query, KEYS))
    np.testing.assert_allclose(n["multiplicative"], dot_scores(np.array([[-2.0, 0.0]]), KEYS)[0], atol=1e-12)


def test_stretching_the_query_changes_no_winner_of_the_dot_product():
    view, winners = views.ScoreFunctionsView(angle=55), set()
    for length in view.length.options:
        view.length.value = length
        winners.add(view.numbers()["dot"].argmax())
    assert len(winners) == 1


def test_gradient_spread_and_analogy_share_show_the_numbers_of_the_experiments(made):
    gradients, analogies = made["GradientSpread"].numbers(), made["AnalogyShare"].numbers()
    study = experiments.gradient_study(64, scaled=False)
    assert gradients["unscaled_median"][gradients["d_k"].index(64)] == study.median_jacobian
    np.testing.assert_array_equal(gradients["unscaled"][gradients["d_k"].index(64)], study.jacobian)
    share = experiments.analogy_share(24, n_corpora=2)
    np.testing.assert_array_equal(analogies["allowed"][analogies["dims"].index(24)], share.allowed)


def test_the_word_map_puts_a_word_near_its_own_kind(made):
    assert made["WordMap"].numbers()["at_home"] > 0.9
    assert "trained" in made["WordMap"].describe()


def test_the_cells_of_a_heat_map_are_the_weights_and_not_their_transpose(made):
    (image,) = made["HeatMap"].sheet.figure.axes[0].images
    np.testing.assert_array_equal(image.get_array(), WEIGHTS)
    cells = [text.get_text() for text in made["HeatMap"].sheet.figure.axes[0].texts]
    assert cells == [style.number(weight) for weight in WEIGHTS.ravel()]


def test_a_picture_of_the_transpose_has_another_repr(monkeypatch):
    right, draw = views.HeatMap(WEIGHTS, WORDS), heat_map.draw_matrix
    monkeypatch.setattr(heat_map, "draw_matrix", lambda axes, A, *rest, **look: draw(axes, A.T, *rest, **look))
    wrong = views.HeatMap(WEIGHTS, WORDS)
    assert wrong.describe() == right.describe() and repr(wrong) != repr(right)


def test_a_picture_of_other_bars_has_another_repr(monkeypatch):
    right = views.SoftmaxView()
    monkeypatch.setattr(views.softmax, "set_heights", lambda row, heights: None)
    wrong = views.SoftmaxView()
    assert wrong.describe() == right.describe() and repr(wrong) != repr(right)


def test_a_pair_marks_exactly_the_cells_that_differ():
    yours = WEIGHTS.copy()
    yours[1, 2] = np.nan
    pair = views.HeatPair(WEIGHTS, yours, "query", "key")
    assert pair.numbers()["differ"] == [(1, 2)] and len(pair.sheet.figure.axes[1].lines) == 1
    assert "1 of 9 cells differ, first at query 1, key 2" in pair.describe() and "yours nan" in pair.describe()


@pytest.mark.parametrize(
    ("wanted", "yours", "says"),
    [
        (np.ones((2, 3)), np.ones((3, 2)), "Wanted shape (2, 3) beside yours, (3, 2)."),
        (np.arange(3), [0, 1, 5], "first at key 2: wanted 2, yours 5"),
        (np.ones((2, 2), bool), np.eye(2, dtype=bool), "wanted yes, yours no"),
        (np.zeros((2, 3, 4)), np.full((2, 3, 4), -np.inf), "yours −∞"),
        (np.ones((20, 20)), np.ones((20, 20)), "equal"),
        (1.0, 2.0, "wanted 1.00, yours 2.00"),
    ],
)
def test_a_pair_draws_whatever_a_learner_returned(wanted, yours, says):
    assert says in views.HeatPair(wanted, yours, "query", "key").describe()


WRONG = [
    (views.ScalingView, {"d_k": 63}, "dₖ must be one of 1, 2, 4"),
    (views.ScalingView, {"divisor": "log"}, "divided by must be one of none, sqrt, d_k"),
    (views.SoftmaxView, {"scores": [1, 2]}, "three to six scores, not 2"),
    (views.SoftmaxView, {"scores": [1, 2, 99]}, "score 3 must be one of"),
    (views.SoftmaxView, {"temperature": 0}, "temperature must be one of 0.1"),
    (views.ScoreFunctionsView, {"angle": 7}, "turn must be one of"),
    (views.ScoreFunctionsView, {"functions": ["euclid"]}, "functions must be some of dot, cosine"),
    (views.WordMap, {"world": 3}, "world must be what word_vectors returns"),
    (views.HeatMap, {"weights": WEIGHTS, "rows": WORDS[:2]}, "one row a query and one column a key"),
    (views.HeatMap, {"weights": WEIGHTS, "rows": WORDS, "label": "real"}, "hand-built, random, trained"),
    (views.HeatMap, {"weights": np.eye(17), "rows": range(17)}, "at most 16"),
    (views.HeatPair, {"wanted": WEIGHTS, "yours": "no"}, "yours must be an array of numbers"),
    (views.HeatPair, {"wanted": WEIGHTS, "yours": [[1], [2, 3]]}, "yours must be an array of numbers"),
    (views.ColourMix, {"weights": WEIGHTS, "V": COLOURS, "names": "ab"}, "n_k names"),
    (views.ColourMix, {"weights": WEIGHTS * 2, "V": COLOURS, "names": "abc"}, "shares of 1"),
    (views.ColourMix, {"weights": WEIGHTS, "V": COLOURS * 2, "names": "abc"}, "between 0 and 1"),
    (views.AnalogyShare, {"n_corpora": 0}, "whole number from 1 up"),
    (Slider, {"label": "x", "options": [1], "value": 1}, "at least two options"),
    (Slider, {"label": "x", "options": [1, 1], "value": 1}, "must differ"),
    (Slider, {"label": "x", "options": [1, 2], "value": 1, "texts": ["one"]}, "one text for each option"),
    (Picture, {"png": b"GIF", "alt": "a", "width": 1, "height": 1}, "bytes of a PNG"),
    (Picture, {"png": b"\x89PNG", "alt": "", "width": 1, "height": 1}, "needs a sentence"),
]


@pytest.mark.parametrize(("kind", "arguments", "says"), WRONG)
def test_a_wrong_argument_is_refused_in_a_sentence(kind, arguments, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        kind(**arguments)


def test_a_slider_takes_only_its_options_and_gives_them_back_as_they_were():
    slider = Slider("x", [0.5, 1.0], 0.5)
    slider.set_state({"value": 1})  # what a browser sends for 1.0
    assert slider.value == 1.0 and isinstance(slider.value, float)
    with pytest.raises(ValueError, match=r"x must be one of 0\.5, 1\.0, not 3"):
        slider.value = 3


def test_parts_have_a_steady_repr_and_html():
    slider, choice = Slider("dₖ", [1, 2], 2, ["one", "two"]), Choice("by", ["a", "b"], "a")
    assert repr(slider) == "Slider(dₖ = two)" and slider.html() == "<p>dₖ = two</p>"
    assert repr(choice) == "Choice(by = a)"
    picture = Picture(quick_png(np.zeros((2, 3, 4), np.uint8)), 'a "small" one', 3, 2)
    assert repr(picture) == 'Picture(a "small" one)' and 'alt="a &quot;small&quot; one"' in picture.html()


def test_a_script_is_small_and_reaches_for_nothing():
    slider, choice = Slider("x", [1, 2], 1), Choice("x", [1, 2], 1)
    picture = Picture(quick_png(np.zeros((2, 3, 4), np.uint8)), "a small one", 3, 2)
    for part in (slider, choice, picture, views.Predict("k", "q", ["a", "b"], "a")._card):
        text = part._esm
        assert len(text.encode()) <= 20_000 and "import " not in re.sub(r"//.*|\*.*", "", text)
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text) and text.count("export default") == 1
    rules = re.sub(r"/\*.*?\*/", "", slider._css, flags=re.S)
    selectors = [one for many in re.findall(r"([^{}]+)\{", rules) for one in many.split(",")]
    assert selectors and all("course-" in selector for selector in selectors)


def test_a_view_is_a_box_of_its_controls_and_a_picture(made):
    view = made["ScalingView"]
    assert isinstance(view, View) and view.children[-1] is view.picture
    assert tuple(view.controls) == view.children[0].children == (view.d_k, view.divisor, view.query)
    assert made["HeatMap"].children == (made["HeatMap"].picture,)


def test_learners_own_matplotlib_settings_change_no_pixel():
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "text.color": "green", "axes.spines.top": True}):
        odd = MAKE["SoftmaxView"]()
    assert odd.picture.png == MAKE["SoftmaxView"]().picture.png


def test_the_quick_png_holds_every_pixel():
    rgba = np.random.default_rng(0).integers(0, 256, (7, 5, 4), dtype=np.uint8)
    np.testing.assert_array_equal(pixels_of(quick_png(rgba)), rgba)


def test_no_pyplot_is_imported():
    code = "import sys, course_lib.views; print('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"


@pytest.mark.parametrize("dpi", [72, 108, 144])
@pytest.mark.parametrize("words", ["−1.25", "1,024.75", ".92", "spread 8.0", "q"])
def test_kept_words_look_as_matplotlib_sets_them(dpi, words):
    def drawn(text_of):
        made = sheet.Sheet(120, 40, lambda figure: figure.add_artist(text_of()))
        return made.pixels(dpi / 72).copy()

    look = {"fontsize": 16, "weight": "bold", "color": "#D55E00"}
    ours = drawn(lambda: Words(0.1, 0.5, words, **look))
    theirs = drawn(lambda: Text(0.1, 0.5, words, va="baseline", **look))
    np.testing.assert_array_equal(_cropped(ours), _cropped(theirs))


def _cropped(pixels):
    rows, columns = np.nonzero(pixels[..., 3])
    return pixels[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def test_a_heat_map_does_not_name_a_favourite_where_a_row_has_none():
    heat_map = views.HeatMap([[0.5, 0.5], [0.25, 0.75]], ["the", "cat"], ["cat", "dog"])
    assert "the equally at all (.50), cat at dog (.75)" in heat_map.describe()
