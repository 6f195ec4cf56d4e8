"""The explorer as a page of one file, opened from a folder with the network off; then in JupyterLab."""

import json
import re

import driver
import numpy as np
import pytest
from playwright.sync_api import expect

from course_lib.softmax import softmax
from course_lib.views import AttentionExplorer
from course_lib.views.parts import STATIC

WORDS = ["the", "red", "ball", "rolls"]
WEIGHTS = np.array([[0.25, 0.25, 0.25, 0.25], [0, 0, 0, 0], [0.05, 0.85, 0.05, 0.05], [0.1, 0.2, 0.7, 0]])
LESSON = "notebooks/04_softmax.ipynb"


def many(n, heads=12):
    weights = softmax(np.random.default_rng(n).standard_normal((heads, n, n)) * 3)
    return AttentionExplorer(weights, [f"word{at}" for at in range(n)], label="random")


def option(page, side, word):
    return page.get_by_role("listbox", name=side).get_by_role("option", name=word).first


def sentence(page):
    return page.get_by_role("status").first


def said(weights=WEIGHTS, words=WORDS, **selection):
    figure = AttentionExplorer(weights, words)
    figure.selection = figure.selection | selection
    return figure.describe()


def beams(page):
    """What is drawn: {(head, query, key): thickness}."""
    drawn = page.locator(".course-sky path").evaluate_all(
        "all => all.map(path => [path.dataset.beam, Number(path.getAttribute('stroke-width'))])"
    )
    return {tuple(map(int, beam.split())): width for beam, width in drawn}


def test_what_the_page_shows_first_is_what_python_says(open_page):
    figure = AttentionExplorer(WEIGHTS, WORDS)
    page = open_page(figure)
    expect(sentence(page)).to_have_text(figure.describe())
    assert sorted(beams(page)) == sorted(map(tuple, figure.numbers()["beams"].tolist()))


def test_a_click_pins_a_query_and_its_beams_are_as_thick_and_as_strong_as_their_weights(open_page):
    page = open_page(AttentionExplorer(WEIGHTS, WORDS))
    option(page, "queries", "rolls").click()
    expect(sentence(page)).to_have_text(said(query=3))
    drawn = beams(page)
    assert set(drawn) == {(0, 3, 0), (0, 3, 1), (0, 3, 2)}
    widths = np.array([drawn[0, 3, key] for key in range(3)])
    np.testing.assert_allclose(widths / widths.sum(), WEIGHTS[3, :3], atol=2e-3)
    colours = page.locator(".course-sky path").evaluate_all("all => all.map(path => path.getAttribute('stroke'))")
    lightness = [sum(map(int, re.findall(r"\d+", colour))) for colour in colours]
    assert lightness == sorted(lightness, reverse=True) and len(set(lightness)) == 3  # drawn from weak to strong
    numbers = page.get_by_role("listbox", name="keys").locator(".course-weight").all_inner_texts()
    assert numbers == [".10", ".20", ".70", "0"]


def test_a_beam_goes_from_its_query_to_its_key(open_page):
    page = open_page(AttentionExplorer(WEIGHTS, WORDS))
    option(page, "queries", "rolls").click()
    for path in page.locator(".course-sky path").all():
        start, end = path.evaluate(
            """path => [0, path.getTotalLength()].map(at => {
                 const box = path.ownerSVGElement.getBoundingClientRect();
                 return box.top + path.getPointAtLength(at).y;
               })"""
        )
        _, query, key = map(int, path.get_attribute("data-beam").split())
        for y, side, word in ((start, "queries", WORDS[query]), (end, "keys", WORDS[key])):
            box = option(page, side, word).bounding_box()
            assert abs(box["y"] + box["height"] / 2 - y) < 1.5


def test_a_second_click_lets_go(open_page):
    page = open_page(AttentionExplorer(WEIGHTS, WORDS))
    ball = option(page, "queries", "ball")
    ball.click()
    expect(ball).to_have_attribute("aria-selected", "true")
    ball.click()
    expect(ball).to_have_attribute("aria-selected", "false")
    expect(sentence(page)).to_have_text(said())


def test_hover_previews_and_what_is_pinned_comes_back(open_page):
    page = open_page(AttentionExplorer(WEIGHTS, WORDS))
    option(page, "queries", "ball").click()
    option(page, "queries", "rolls").hover()
    expect(sentence(page)).to_have_text(said(query=3))
    expect(option(page, "queries", "ball")).to_have_attribute("aria-selected", "true")
    page.mouse.move(5, 890)
    expect(sentence(page)).to_have_text(said(query=2))


def test_a_key_shows_who_looks_at_it(open_page):
    page = open_page(AttentionExplorer(WEIGHTS, WORDS))
    option(page, "keys", "red").click()
    expect(sentence(page)).to_have_text(said(key=1))
    assert set(beams(page)) == {(0, 0, 1), (0, 2, 1), (0, 3, 1)}
    numbers = page.get_by_role("listbox", name="queries").locator(".course-weight").all_inner_texts()
    assert numbers == [".25", "0", ".85", ".20"]


def test_a_query_that_may_look_at_nobody_has_no_beam_and_says_so(open_page):
    page = open_page(AttentionExplorer(WEIGHTS, WORDS))
    option(page, "queries", "red").click()
    expect(sentence(page)).to_contain_text("red looks at nobody")
    assert beams(page) == {}


def test_cells_and_beams_are_linked_both_ways_and_the_headers_too(open_page):
    page = open_page(AttentionExplorer(WEIGHTS, WORDS))
    grid = page.get_by_role("grid")
    texts = grid.get_by_role("gridcell").all_inner_texts()
    assert texts[4:12] == ["0", "0", "0", "0", ".05", ".85", ".05", ".05"]  # rows of queries, not of keys
    grid.get_by_role("gridcell", name="ball looks at red: .85").click()
    expect(sentence(page)).to_have_text(said(query=2, key=1))
    assert set(beams(page)) == {(0, 2, 1)}
    expect(option(page, "queries", "ball")).to_have_attribute("aria-selected", "true")
    expect(option(page, "keys", "red")).to_have_attribute("aria-selected", "true")
    grid.get_by_role("rowheader", name="where rolls looks").click()
    expect(sentence(page)).to_have_text(said(query=3))
    grid.get_by_role("columnheader", name="who looks at red").click()
    expect(sentence(page)).to_have_text(said(key=1))
    option(page, "queries", "ball").click()
    frame, row = page.locator(".course-frame-row").bounding_box(), grid.get_by_role("rowheader").nth(2).bounding_box()
    assert abs(frame["y"] - row["y"]) < 2 and abs(frame["height"] - row["height"]) < 2


def test_everything_by_keyboard_and_escape_lets_go_before_it_leaves(open_page):
    figure = AttentionExplorer(WEIGHTS, WORDS)
    html = figure.page().replace("<body>", '<body><div class="jp-Cell" tabindex="-1">')
    page = open_page(figure, html)
    option(page, "queries", "the").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(sentence(page)).to_have_text(said(query=2))  # the focus previews as the pointer does
    page.keyboard.press("Enter")
    page.keyboard.press("Home")
    page.keyboard.press("Tab")  # one stop a list
    expect(option(page, "keys", "the")).to_be_focused()
    expect(option(page, "queries", "ball")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Tab")
    expect(page.get_by_role("gridcell").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(sentence(page)).to_have_text(said(query=0, key=1))
    page.keyboard.press("Escape")
    expect(sentence(page)).to_have_text(said())
    expect(page.get_by_role("gridcell").nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "jp-Cell"


def test_keys_stay_in_the_figure_and_chords_pass(open_page):
    page = open_page(AttentionExplorer(WEIGHTS, WORDS))
    page.evaluate("window.outside = []; document.body.addEventListener('keydown', event => outside.push(event.key))")
    for target in (option(page, "queries", "the"), page.get_by_role("gridcell").first, page.get_by_role("slider")):
        target.focus()
        for key in [*"abcdijkmrvxyz0", "ArrowDown", "ArrowUp", "Enter", "Enter", "Space", "Space", "Home", "End"]:
            page.keyboard.press(key)
    assert page.evaluate("outside") == []
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Control+b")
    assert [key for key in page.evaluate("outside") if key not in ("Shift", "Control")] == ["Enter", "b"]


def test_heads_have_chips_only_where_there_are_heads(open_page):
    page = open_page(AttentionExplorer(WEIGHTS, WORDS))
    assert page.get_by_role("toolbar", name="heads").count() == 0
    figure = many(6, heads=5)
    page = open_page(figure)
    option(page, "queries", "word2").click()
    page.get_by_role("button", name="head E").click()
    assert {head for head, *_ in beams(page)} == {0, 4}
    looks = page.locator(".course-sky path").evaluate_all(
        "all => all.map(path => [path.dataset.beam[0], path.getAttribute('stroke-dasharray')])"
    )
    assert {head: dash for head, dash in looks} == {"0": "", "4": "12 5"}
    figure.selection = figure.selection | {"query": 2, "heads": [0, 4]}
    expect(sentence(page)).to_have_text(figure.describe())
    page.get_by_role("button", name="head A").click()
    page.get_by_role("button", name="head E").click()  # the last one stays on
    expect(page.get_by_role("button", name="head E")).to_have_attribute("aria-pressed", "true")


def test_the_threshold_decides_which_beams_all_tokens_show(open_page):
    page = open_page(AttentionExplorer(WEIGHTS, WORDS))
    page.get_by_role("slider", name="all beams from").press("End")
    expect(sentence(page)).to_contain_text("no beam has .90 or more")
    assert beams(page) == {}
    page.get_by_role("slider").press("ArrowLeft")
    expect(sentence(page)).to_have_text(said(threshold=0.7))
    assert set(beams(page)) == {(0, 2, 1), (0, 3, 2)}


def test_the_table_has_every_number(open_page):
    page = open_page(AttentionExplorer(WEIGHTS, WORDS))
    page.get_by_role("button", name="table").click()
    cells = page.get_by_role("table").locator("tbody td").all_inner_texts()
    assert cells[8:12] == [".05", ".85", ".05", ".05"] and len(cells) == 16
    page = open_page(many(40))
    page.get_by_role("button", name="table").click()
    option(page, "queries", "word7").click()
    expect(page.get_by_role("table").locator("caption")).to_have_text("The beams, strongest first.")
    assert page.get_by_role("table").locator("tbody tr").count() == 40


@pytest.mark.parametrize("n", [32, 64, 128])
def test_many_tokens_answer_by_mouse_and_by_key(open_page, n):
    figure = many(n)
    page = open_page(figure)
    assert page.locator(".course-cells canvas").count() == 1
    grid = page.get_by_role("grid")
    box = grid.bounding_box()
    head, cell = 24, max(3, 400 // n)
    page.mouse.click(box["x"] + head + 5.5 * cell, box["y"] + head + 2.5 * cell)
    figure.selection = figure.selection | {"query": 2, "key": 5}
    expect(sentence(page)).to_have_text(figure.describe())
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    figure.selection = figure.selection | {"query": 3, "key": 5}
    expect(sentence(page)).to_have_text(figure.describe())
    page.get_by_role("button", name="all heads").click()
    option(page, "queries", "word1").click()
    figure.selection = figure.selection | {"query": 1, "key": None, "heads": list(range(12))}
    expect(sentence(page)).to_have_text(figure.describe())


def test_the_beams_of_a_tall_list_stay_at_their_words_while_it_scrolls_and_when_the_page_narrows(open_page):
    n, pitch = 64, 24
    page = open_page(AttentionExplorer(np.full((n, n), 0.5 / n) + 0.5 * np.eye(n), [f"w{at}" for at in range(n)]))
    page.get_by_role("slider").press("Home")  # all 4,096 of them
    sky = page.locator(".course-sky canvas")
    ink = """(canvas, [at, pitch]) => {
        const y = Math.round((at + 0.5) * pitch - canvas.offsetTop);
        const pen = canvas.getContext('2d');
        const channels = y => pen.getImageData(canvas.width / 2, y, 1, 1).data.slice(0, 3);
        return [y, y - pitch / 2].map(y => Math.max(...channels(y)));
    }"""
    for at, scrolled in ((0, 0), (n - 1, n * pitch), (n // 2, n * pitch // 2)):
        page.locator(".course-beams").evaluate("(panel, top) => { panel.scrollTop = top }", scrolled)
        page.wait_for_function(
            f"([canvas, spot]) => ({ink})(canvas, spot)[0] < 150", arg=[sky.element_handle(), [at, pitch]]
        )
        assert sky.evaluate(ink, [at, pitch])[1] > 150  # between two words runs no straight beam
    page.set_viewport_size({"width": 700, "height": 900})
    narrowed = "canvas => innerWidth === 700 && canvas.width === canvas.clientWidth"
    page.wait_for_function(narrowed, arg=sky.element_handle())
    assert sky.evaluate(ink, [n // 2, pitch])[0] < 150


def test_the_pixels_of_a_large_matrix_are_not_turned(open_page):
    weights = np.zeros((40, 40))
    weights[:, 7] = 1
    page = open_page(AttentionExplorer(weights, [f"w{at}" for at in range(40)]))
    pixels = page.locator(".course-cells canvas").evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(0, 0, 40, 40).data].filter((_, at) => at % 4 === 0)"
    )
    dark = np.array(pixels).reshape(40, 40) < 128
    assert dark[:, 7].all() and dark.sum() == 40


def test_2_000_tokens_say_what_is_shown(open_page):
    n = 2000
    page = open_page(AttentionExplorer(np.eye(n), [f"w{at}" for at in range(n)]))
    expect(sentence(page)).to_contain_text("shown are the first 128 of 2,000 queries")
    assert page.get_by_role("listbox", name="queries").get_by_role("option").count() == 128


def workshop(figure):
    """A page on which a test renders by itself: as many views and models as it likes."""
    stub = (STATIC / "stub.js").read_text(encoding="utf-8")
    state = json.dumps(figure._state()).replace("<", "\\u003c")
    return figure.page().replace(
        "</body>",
        f"""<script type="module">{figure._esm}\n{stub}
        const place = () => document.body.appendChild(document.createElement("div"));
        window.newModel = () => {{
          const model = stubModel(JSON.parse({json.dumps(state)}));
          model.listening = 0;
          const [on, off] = [model.on, model.off];
          model.on = (...a) => {{ model.listening += 1; on(...a); }};
          model.off = (...a) => {{ model.listening -= 1; off(...a); }};
          return model;
        }};
        window.show = (model) => render({{ model, el: place() }});</script></body>""",
    )


def test_views_of_one_model_stay_in_step_and_another_figure_is_not_disturbed(open_page):
    figure = AttentionExplorer(WEIGHTS, WORDS)
    page = open_page(figure, workshop(figure))
    page.evaluate("window.one = newModel(); window.close1 = show(one); show(one); null")
    views = page.locator(".course-explorer")
    expect(views).to_have_count(3)
    views.nth(1).get_by_role("option", name="ball").first.click()
    for at, selection in ((0, {}), (1, {"query": 2}), (2, {"query": 2})):
        expect(views.nth(at).get_by_role("status")).to_have_text(said(**selection))
    page.evaluate("close1()")
    expect(views).to_have_count(2)
    views.nth(1).get_by_role("option", name="rolls").first.click()
    expect(views.nth(1).get_by_role("status")).to_have_text(said(query=3))
    ids = page.locator("[id]").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))


def test_closing_a_view_leaves_no_listener(open_page):
    figure = AttentionExplorer(WEIGHTS, WORDS)
    page = open_page(figure, workshop(figure))
    left = page.evaluate(
        """() => {
          const model = newModel();
          const closes = [show(model), show(model)];
          const during = model.listening;
          closes.forEach(close => close());
          return [during, model.listening, document.querySelectorAll('.course-explorer').length];
        }"""
    )
    assert left[0] > 0 and left[1:] == [0, 1]


def test_new_data_from_python_are_shown(open_page):
    figure = AttentionExplorer(WEIGHTS, WORDS)
    page = open_page(figure, workshop(figure))
    page.evaluate("window.one = newModel(); show(one); one.set('tokens', [['A', 'B', 'C', 'D'], ['A', 'B', 'C', 'D']])")
    assert page.locator(".course-explorer").nth(1).get_by_role("option").all_inner_texts()[:2] == ["A", "B"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("make", [lambda: AttentionExplorer(WEIGHTS, WORDS), lambda: many(20), lambda: many(40)])
def test_axe_finds_nothing_serious_and_every_target_is_24_pixels(open_page, scheme, make):
    page = open_page(make(), color_scheme=scheme)
    page.get_by_role("button", name="table").click()
    option(page, "queries", "r" if page.get_by_role("option", name="rolls").count() else "word1").click()
    assert driver.grave_faults(page) == []
    targets = page.locator(".course-explorer button, .course-explorer [role=option], .course-explorer input")
    assert targets.evaluate_all(driver.NARROWEST) >= 24


def test_at_200_percent_nothing_is_cut_and_nothing_moves_by_itself(open_page):
    page = open_page(many(12), viewport={"width": 590, "height": 450}, zoom=2, reduced_motion="reduce")
    option(page, "queries", "word3").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.course-explorer *')].filter(one => {
          const style = getComputedStyle(one);
          const hides = style.overflowX === 'hidden' && one.tagName !== 'svg' && one.title === '';
          return hides && one.scrollWidth > one.clientWidth + 1;
        }).map(one => one.outerHTML.slice(0, 120))"""
    )
    assert cut == []
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.fixture(scope="module")
def lesson(open_notebook):
    """Lesson 04, run; `made` is the id of the explorer's cell, `after` of the one that asks it."""
    lab = open_notebook(LESSON)
    lab.run_all()
    cells = lab.page.evaluate("() => panel.content.widgets.map(c => [c.model.id, c.model.sharedModel.getSource()])")
    lab.made = next(id_ for id_, source in cells if "AttentionExplorer(" in source)
    lab.after = next(id_ for id_, source in cells if "received" in source)
    return lab


def explorer(lab):
    """The explorer of lesson 04, scrolled into view."""
    figure = lab.cell(lab.made).locator(".course-explorer")
    expect(figure).to_be_visible()
    figure.scroll_into_view_if_needed()
    return figure


def test_in_the_lesson_the_next_cell_reads_what_was_pinned(lesson):
    figure = explorer(lesson)
    figure.get_by_role("listbox", name="queries").get_by_role("option", name="ball").click()
    expect(figure.get_by_role("status")).to_contain_text("ball looks at red (.85)")
    lesson.write(lesson.after, "print(explorer.selection['query'], explorer.describe())")
    expect(lesson.run(lesson.after)).to_contain_text("2 ball looks at red (.85)")
    assert lesson.strangers == [] and lesson.errors == []


def test_in_the_lesson_no_key_is_stolen_and_no_cell_is_touched(lesson):
    figure = explorer(lesson)
    before = lesson.cell_sources()
    kinds = "() => window.panel.content.widgets.map(c => c.model.type)"
    types = lesson.page.evaluate(kinds)
    for target in (figure.get_by_role("option").first, figure.get_by_role("gridcell").first):
        for key in [*"baxcvzmyrd0ijkl1", "ArrowDown", "ArrowUp", "Enter", "Home", "PageDown"]:
            target.focus()
            target.press(key)
            target.press(key)
            assert lesson.page.evaluate("() => Boolean(document.activeElement.closest('.course-explorer'))"), key
    assert lesson.cell_sources() == before and lesson.page.evaluate(kinds) == types
    lesson.page.keyboard.press("Escape")
    lesson.page.keyboard.press("Escape")
    assert lesson.page.evaluate("() => document.activeElement.classList.contains('jp-Cell')")
