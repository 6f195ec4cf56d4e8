"""The painter as a page of one file, offline, and in JupyterLab: paint, poke and compose, by hand and by key."""

import json
import re

import driver
import numpy as np
import pytest
from playwright.sync_api import expect

from course_lib.masks import causal_mask
from course_lib.views.painter import MaskPainter
from course_lib.views.parts import STATIC

WORDS = ["the", "red", "ball", "rolls", "down"]


def leaks(tokens=WORDS, **selection):
    figure = MaskPainter(tokens)
    figure.selection = figure.selection | selection
    return figure


def composed(n=12, pattern=None, **selection):
    figure = MaskPainter(n, preset="window", tools="compose")
    figure.selection = figure.selection | selection | ({} if pattern is None else {"pattern": pattern})
    return figure


def sentence(page):
    return page.get_by_role("status").first


def painted(figure, *cells, value=True):
    """The same figure after these cells were painted."""
    mask = figure.allowed
    mask[tuple(np.transpose(cells))] = value
    figure.allowed = mask
    return figure.describe()


def cell(page, query, key, words=WORDS):
    return page.get_by_role("gridcell", name=re.compile(rf"^{query} .*look at {key}\b"))


def looks(page):
    """What the cells show, as rows of 0 and 1."""
    shown = page.get_by_role("gridcell").evaluate_all("all => all.map(one => Number(one.matches('.course-looks')))")
    n = page.get_by_role("rowheader").count()
    return np.array(shown).reshape(n, -1).astype(bool)


def middle(item):
    box = item.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


# ---- painting


def test_what_the_page_shows_first_is_what_python_says(open_page):
    figure = leaks(poke=3, order="after")
    page = open_page(figure)
    expect(sentence(page)).to_have_text(figure.describe())
    np.testing.assert_array_equal(looks(page), figure.allowed)


def test_a_click_paints_a_cell_and_a_second_one_takes_it_off(open_page):
    figure = leaks()
    page = open_page(figure)
    cell(page, 1, 3).click()
    expect(sentence(page)).to_have_text(painted(figure, (1, 3)))
    np.testing.assert_array_equal(looks(page), figure.allowed)
    expect(page.get_by_role("button", name="causal", exact=True)).to_have_attribute("aria-pressed", "false")
    cell(page, 1, 3).click()
    expect(sentence(page)).to_have_text(painted(figure, (1, 3), value=False))
    np.testing.assert_array_equal(looks(page), causal_mask(5))


@pytest.mark.parametrize(("start", "end", "value"), [((2, 4), (2, 0), True), ((4, 1), (0, 1), False)])
def test_a_drag_paints_every_cell_with_the_value_that_the_first_one_got(open_page, start, end, value):
    figure = leaks()
    page = open_page(figure)
    page.mouse.move(*middle(cell(page, *start)))
    page.mouse.down()
    page.mouse.move(*middle(cell(page, *end)))  # one jump: the cells between are painted all the same
    page.mouse.up()
    page.mouse.move(*middle(cell(page, 3, 4)))  # nothing more after the drop
    line = [(2, k) for k in range(5)] if value else [(q, 1) for q in range(5)]  # cells of both kinds
    expect(sentence(page)).to_have_text(painted(figure, *line, value=value))
    np.testing.assert_array_equal(looks(page), figure.allowed)


def test_arrows_move_space_paints_and_shift_paints_on(open_page):
    figure = leaks()
    html = figure.page().replace("<body>", '<body><div class="jp-Cell" tabindex="-1">')
    page = open_page(figure, html)
    assert page.locator("[role=gridcell][tabindex='0']").count() == 1  # one stop of the Tab key
    cell(page, 0, 0).focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(cell(page, 1, 2)).to_be_focused()
    page.keyboard.press("Space")
    expect(sentence(page)).to_have_text(painted(figure, (1, 2)))
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    expect(sentence(page)).to_have_text(painted(figure, (1, 3), (0, 3)))
    page.keyboard.press("Enter")
    expect(sentence(page)).to_have_text(painted(figure, (0, 3), value=False))
    page.keyboard.press("ArrowUp")  # the edge
    page.keyboard.press("End")
    expect(cell(page, 0, 4)).to_be_focused()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "jp-Cell"


def test_the_named_masks_are_buttons_and_an_empty_row_is_flagged_by_its_name(open_page):
    page = open_page(leaks())
    page.get_by_role("toolbar", name="masks").get_by_role("button", name="causal", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    figure = MaskPainter(WORDS, preset="previous only")
    expect(sentence(page)).to_have_text(figure.describe())
    np.testing.assert_array_equal(looks(page), figure.allowed)
    expect(page.get_by_role("button", name="previous only")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".course-kept")).to_contain_text("∅ row 0 (the) empty")
    assert page.locator("[role=rowheader].course-empty").all_inner_texts() == ["0 the"]
    assert page.locator("[role=gridcell].course-empty").count() == 5


def test_the_sign_of_an_empty_row_cuts_no_word_off(open_page):
    page = open_page(MaskPainter("the cat drank the cold milk".split(), preset="nobody"))
    names = page.locator("[role=rowheader].course-empty span")
    assert names.count() == 6
    assert names.evaluate_all("all => all.every(name => name.scrollWidth <= name.clientWidth)")


def test_a_rectangle_has_queries_as_rows_and_keys_as_columns(open_page):
    figure = MaskPainter(WORDS, ["le", "chat", "<pad>"], preset="padding")
    page = open_page(figure)
    assert page.get_by_role("columnheader").all_inner_texts() == ["0 le", "1 chat", "2 <pad>"]
    np.testing.assert_array_equal(looks(page), np.tile([True, True, False], (5, 1)))
    cell(page, 4, 2).click()
    expect(sentence(page)).to_have_text(painted(figure, (4, 2)))


# ---- the leak detector


def marks(page):
    title, *texts = page.locator(".course-move").all_inner_texts()
    assert title == "moved"
    return texts


def test_the_leak_detector_by_keyboard_names_the_leak_in_one_sentence(open_page):
    page = open_page(leaks())
    page.get_by_label("Add 1").select_option("3 (rolls)")
    page.get_by_role("radio", name="before the softmax").focus()
    page.keyboard.press("ArrowRight")
    said = "a leak, outputs 0–2 moved although they may not look at 3"
    expect(page.locator(".course-verdict")).to_have_text(f"⚠ {said}")
    expect(sentence(page)).to_have_text(leaks(poke=3, order="after").describe())
    expect(sentence(page)).to_contain_text(said)
    assert [mark.endswith("⚠") for mark in marks(page)] == [True] * 3 + [False] * 2
    expect(page.get_by_role("radio", name="−∞")).to_be_disabled()  # after the softmax there are no hidden scores
    page.get_by_role("radio", name="value", exact=True).check()
    expect(sentence(page)).to_have_text(leaks(poke=3, order="after", what="value").describe())
    expect(page.locator(".course-verdict")).to_contain_text("no leak, outputs 3 and 4 moved")
    assert marks(page)[:3] == ["·"] * 3
    page.get_by_role("radio", name="key", exact=True).check()
    page.get_by_role("radio", name="after + renormalise").check()
    expect(sentence(page)).to_have_text(leaks(poke=3, order="after + renormalise", what="key").describe())


@pytest.mark.parametrize(
    ("label", "hidden"), [("−∞", "-inf"), ("−1e9", "-1e9"), ("−1e9 added", "-1e9 added"), ("0", "0")]
)
def test_every_hidden_score_says_what_becomes_of_an_empty_row(open_page, label, hidden):
    figure = MaskPainter(WORDS, preset="previous only")
    page = open_page(figure)
    page.get_by_role("radio", name=label, exact=True).check()
    figure.selection = figure.selection | {"hidden": hidden}
    expect(sentence(page)).to_have_text(figure.describe())


def test_the_header_of_a_column_is_poked_by_a_click_and_its_frame_stands_round_it(open_page):
    page = open_page(leaks())
    header = page.get_by_role("columnheader", name="1 (red)")
    header.click()
    expect(sentence(page)).to_have_text(leaks(poke=1).describe())
    expect(page.get_by_label("Add 1")).to_have_value("1")
    frame, top = page.locator(".course-frame-column").bounding_box(), header.bounding_box()
    assert abs(frame["x"] + frame["width"] / 2 - top["x"] - top["width"] / 2) < 1.5


# ---- the composer


def test_the_composer_joins_patterns_by_or_and_causal_by_and(open_page):
    page = open_page(composed())
    pattern = {"radius": 2}
    for name, key, presses, value in [
        ("stride", "stride", 5, 5),
        ("global tokens", "globals", 1, 1),
        ("random links", "links", 2, 2),
    ]:
        slider = page.get_by_role("slider", name=name)
        for _ in range(presses):
            slider.press("ArrowRight")
        pattern[key] = value
        expect(sentence(page)).to_have_text(composed(pattern=pattern).describe())
        expect(slider).to_have_attribute("aria-valuetext", str(value))
    page.get_by_role("button", name="draw again").click()
    page.get_by_role("button", name="and causal").click()
    figure = composed(pattern=pattern | {"seed": 1, "limit": "causal"})
    expect(sentence(page)).to_have_text(figure.describe())
    np.testing.assert_array_equal(looks(page), figure.allowed)
    page.get_by_role("slider", name="radius").press("Home")
    expect(page.get_by_role("slider", name="radius")).to_have_attribute("aria-valuetext", "off")
    expect(sentence(page)).to_have_text(composed(pattern={**figure.selection["pattern"], "radius": None}).describe())


def test_the_layers_slider_shows_from_whom_a_token_has_heard(open_page):
    page = open_page(composed(16, {"radius": 1}))
    page.get_by_label("token", exact=True).select_option("5")
    for _ in range(2):
        page.get_by_role("slider", name="layers").press("ArrowRight")
    figure = composed(16, {"radius": 1}, token=5, layers=3)
    expect(sentence(page)).to_have_text(figure.describe())
    heard = page.locator(".course-heard")
    assert heard.all_inner_texts() == ["3", "2", "2", "3"]
    assert "5 may not look at 2, heard from after 3 hops" in heard.first.get_attribute("aria-label")
    expect(page.locator(".course-heard-of")).to_have_text("has heard from 7 of 16")
    bars = page.locator(".course-bars > div")
    assert bars.first.inner_text().split() == ["1", "30"] and bars.count() == 7


def test_painting_goes_on_from_a_pattern_and_a_slider_begins_anew(open_page):
    page = open_page(composed())
    cell(page, 0, 11).click()
    figure = composed()
    expect(sentence(page)).to_have_text(painted(figure, (0, 11)))
    page.get_by_role("slider", name="radius").press("ArrowRight")
    expect(sentence(page)).to_have_text(composed(pattern={"radius": 3}).describe())


# ---- many tokens


@pytest.mark.parametrize("n", [24, 48, 64])
def test_many_tokens_are_painted_by_mouse_by_key_and_by_two_lists(open_page, n):
    figure = leaks(n, order="after", poke=n // 2)
    page = open_page(figure)
    assert page.locator(".course-cells canvas").count() == (n > 32)
    size, left, top = 420 // n, 46, 30
    box = page.get_by_role("grid").bounding_box()
    page.mouse.click(box["x"] + left + 9.5 * size, box["y"] + top + 2.5 * size)
    expect(sentence(page)).to_have_text(painted(figure, (2, 9)))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(sentence(page)).to_have_text(painted(figure, (3, 9)))
    page.get_by_label("row", exact=True).select_option(str(n - 1))
    page.get_by_label("column", exact=True).select_option("4")
    button = page.get_by_role("button", name="may look")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(sentence(page)).to_have_text(painted(figure, (n - 1, 4), value=False))
    assert page.locator(".course-move.course-leak").count() == n // 2
    widths = page.locator(".course-move.course-moved").evaluate_all("all => all.map(one => one.offsetWidth)")
    assert max(widths) < page.locator(".course-move.course-leak").first.evaluate("one => one.offsetWidth")


def test_the_pixels_of_a_large_mask_are_not_turned_and_follow_the_theme(open_page):
    mask = np.zeros((40, 40), bool)
    mask[:, 7] = True
    page = open_page(MaskPainter(40, allowed=mask), color_scheme="light")
    for theme, red in (("light", 0), ("dark", 74)):
        page.emulate_media(color_scheme=theme)
        expect(page.locator("body")).to_have_attribute("data-jp-theme-light", str(theme == "light").lower())
        reds = page.locator(".course-cells canvas").evaluate(
            "one => [...one.getContext('2d').getImageData(0, 0, 40, 40).data].filter((_, at) => at % 4 === 0)"
        )
        reds = np.array(reds).reshape(40, 40)
        assert (reds[:, 7] == red).all() and len(set(np.delete(reds, 7, 1).ravel()) - {red}) == 1


# ---- several views, and what comes from Python


def workshop(figure):
    """A page on which a test renders by itself: as many views and models as it likes."""
    stub, state = (STATIC / "stub.js").read_text(encoding="utf-8"), json.dumps(json.dumps(figure._state()))
    script = f"""<script type="module">{figure._esm}\n{stub}
      window.newModel = () => {{
        const model = stubModel(JSON.parse({state}));
        model.listening = 0;
        const [on, off] = [model.on, model.off];
        model.on = (...a) => {{ model.listening += 1; on(...a); }};
        model.off = (...a) => {{ model.listening -= 1; off(...a); }};
        return model;
      }};
      window.show = (model) => render({{ model, el: document.body.appendChild(document.createElement("div")) }});
      </script></body>"""
    return figure.page().replace("</body>", script)


def test_views_of_one_model_stay_in_step_another_is_not_disturbed_and_closing_leaves_no_listener(open_page):
    page = open_page(leaks(), workshop(leaks()))
    page.evaluate("window.one = newModel(); window.closes = [show(one), show(one)]; null")
    views = page.locator(".course-painter")
    expect(views).to_have_count(3)
    cell(views.nth(1), 0, 2).click()
    said = painted(leaks(), (0, 2))
    for at, text in ((0, leaks().describe()), (1, said), (2, said)):
        expect(views.nth(at).get_by_role("status")).to_have_text(text)
    page.evaluate("one.set('words', [['a', 'b', 'c', 'd', 'e'], ['A', 'B', 'C', 'D', 'E']])")
    assert views.nth(1).get_by_role("columnheader").all_inner_texts() == ["0 A", "1 B", "2 C", "3 D", "4 E"]
    listening = page.evaluate("const before = one.listening; closes.forEach(close => close()); [before, one.listening]")
    assert listening[0] > 0 and listening[1] == 0
    expect(views).to_have_count(1)
    ids = page.locator("[id]").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))


def test_the_table_has_a_row_for_each_query(open_page):
    page = open_page(leaks(poke=3, order="after"))
    button = page.get_by_role("button", name="table")
    button.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    rows = [re.split(r"\t", row) for row in page.get_by_role("table").locator("tbody tr").all_inner_texts()]
    assert [row[:2] for row in rows[:3]] == [["0 (the)", "0"], ["1 (red)", "0 and 1"], ["2 (ball)", "0–2"]]
    assert [row[3] for row in rows] == ["leak"] * 3 + [""] * 2


# ---- for everybody


def channels(colour):
    light = [part / 255 for part in map(int, re.findall(r"\d+", colour)[:3])]
    light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in light]
    return 0.05 + float(np.dot(light, [0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("make", [lambda: leaks(order="after", poke=3), composed, lambda: leaks(40)])
def test_axe_finds_nothing_serious_every_target_is_24_pixels_and_cells_stand_out(open_page, theme, make):
    page = open_page(make(), color_scheme=theme)
    page.get_by_role("button", name="table").click()
    assert driver.grave_faults(page) == []
    targets = page.locator(".course-painter :is(button, select, .course-option, input[type=range])")
    assert targets.evaluate_all(driver.NARROWEST) >= 24
    if not page.get_by_label("row", exact=True).count():
        assert page.get_by_role("gridcell").evaluate_all(driver.NARROWEST) >= 24
    if page.locator("canvas").count() == 0:
        paint = "one => getComputedStyle(one).backgroundColor"
        looks, paper = (
            page.locator(css).first.evaluate(paint) for css in (".course-looks", ".course-cell:not(.course-looks)")
        )
        high, low = sorted(map(channels, (looks, paper)), reverse=True)
        assert high / low >= 3


@pytest.mark.parametrize("make", [leaks, composed])
def test_at_twice_the_zoom_nothing_is_cut_and_nothing_moves_by_itself(open_page, make):
    page = open_page(make(), viewport={"width": 590, "height": 450}, zoom=2, reduced_motion="reduce")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.course-painter *')].filter(one => {
          const hides = getComputedStyle(one).overflowX === 'hidden' && one.tagName !== 'svg';
          return hides && one.scrollWidth > one.clientWidth + 1;
        }).map(one => one.outerHTML.slice(0, 120))"""
    )
    assert cut == [] and page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("make", [leaks, composed])
def test_keys_stay_in_the_figure_and_chords_pass(open_page, make):
    page = open_page(make())
    page.evaluate("window.outside = []; document.body.addEventListener('keydown', event => outside.push(event.key))")
    targets = [page.get_by_role(role).first for role in ("gridcell", "slider", "radio", "combobox", "button")]
    for target in [target for target in targets if target.count()]:
        target.focus()
        for key in [*"abcdijkmrvxyz0", "ArrowDown", "ArrowUp", "Home", "End"]:
            page.keyboard.press(key)
    cell(page, 0, 0).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert page.evaluate("outside") == []
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Control+b")
    assert [key for key in page.evaluate("outside") if key not in ("Shift", "Control")] == ["Enter", "b"]


# ---- in JupyterLab

SOURCE = "from course_lib.views.painter import MaskPainter\npainter = MaskPainter(5)\npainter"


@pytest.fixture(scope="module")
def lab(open_notebook):
    lab = open_notebook("notebooks/04_softmax.ipynb")
    codes = "() => window.panel.content.widgets.filter(c => c.model.type === 'code').map(c => c.model.id)"
    lab.shows, lab.asks, *_ = lab.page.evaluate(codes)
    lab.write(lab.shows, SOURCE)
    lab.write(lab.asks, "print(painter.allowed.dtype, painter.allowed.sum(), painter.allowed[0, 3])")
    lab.figure = lab.run(lab.shows).locator(".course-painter")
    expect(lab.figure).to_be_visible()
    return lab


def test_the_next_cell_reads_what_was_painted(lab):
    cell(lab.figure, 0, 3).click()
    expect(lab.figure.get_by_role("status")).to_contain_text("Mask painted by hand, 5 × 5: 16 of 25")
    expect(lab.run(lab.asks).locator(".jp-OutputArea-output")).to_contain_text("bool 16 True")
    assert lab.errors == [] and lab.strangers == []


def test_no_key_is_stolen_or_turned_against_the_notebook_and_shift_enter_runs_the_cell(lab):
    kinds = "() => window.panel.content.widgets.map(c => c.model.type)"
    before, types = lab.cell_sources(), lab.page.evaluate(kinds)
    for target in (lab.figure.get_by_role("gridcell").first, lab.figure.get_by_role("radio").first):
        for key in [*"baxcvzmyrd0ijkl1", "ArrowDown", "ArrowUp", "Enter", "Space", "Home"]:
            target.focus()
            lab.page.keyboard.press(key)
            lab.page.keyboard.press(key)
            assert lab.page.evaluate("() => Boolean(document.activeElement.closest('.course-painter'))"), key
    assert lab.cell_sources() == before and lab.page.evaluate(kinds) == types
    lab.page.keyboard.press("Escape")
    assert lab.page.evaluate("() => document.activeElement.classList.contains('jp-Cell')")
    with lab.running():
        lab.figure.get_by_role("gridcell").first.press("Shift+Enter")
