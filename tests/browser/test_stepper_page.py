"""The stepper as a page of one file, opened from a folder with the network off; then in JupyterLab."""

import re

import driver
import numpy as np
import pytest
from playwright.sync_api import expect

from course_lib.masks import causal_mask
from course_lib.views import AttentionStepper
from course_lib.views.parts import STATIC
from course_lib.views.stepper_walk import say

WORDS = ["the", "red", "ball", "rolls"]
X = np.array([[0, 0, 0, 0, 0, 0], [1, 0, 0, 1, 0, 0], [0, 1, 0, 0, 0, 1], [0, 0, 1, 0, 0, 0]])
W_q, W_k, W_v = np.zeros((6, 2)), np.zeros((6, 2)), np.zeros((6, 3))
W_q[1, 0] = W_q[2, 1] = 4
W_k[0, 0] = W_k[1, 1] = 1
W_v[3:] = np.eye(3)
STEPS = ["X", "Q K V", "q · k", "sum", "÷ √dₖ", "exp", "weights", "× V", "output"]
LESSON = "notebooks/04_softmax.ipynb"


def lesson_head(**selection):
    figure = AttentionStepper(X, W_q, W_k, W_v, WORDS, query="ball")
    figure.selection = figure.selection | selection
    return figure


def tab(page, step):
    return page.get_by_role("tab").nth(STEPS.index(step))


def sentence(page):
    return page.locator(".course-stepper .course-sentence").first


def cell(page, at):
    return page.locator(f"[data-at='{at}']")


def row(page, number):
    """The numbers that stand in a row of the table, without the name."""
    return (
        page.locator(".course-panel tr:has(> th[scope=row])")
        .nth(number)
        .locator("td")
        .evaluate_all("cells => cells.map(cell => cell.querySelector('input')?.value ?? cell.textContent)")
    )


def test_the_space_key_walks_the_whole_way_and_each_step_has_its_sentence(open_page):
    page, said = open_page(lesson_head()), []
    page.keyboard.press("Tab")
    tab(page, "X").focus()
    for number, step in enumerate(STEPS):
        expect(tab(page, step)).to_be_focused()
        expect(tab(page, step)).to_have_attribute("aria-selected", "true")
        expect(page.get_by_role("tab", selected=True)).to_have_count(1)
        said.append(sentence(page).inner_text())
        if number < len(STEPS) - 1:
            page.keyboard.press("Space" if number % 2 else "ArrowRight")
    assert len(set(said)) == len(STEPS) and "[.85 0 .05]" in said[-1].replace("\u00a0", " ")
    page.keyboard.press("ArrowLeft")
    expect(tab(page, "× V")).to_be_focused()
    page.keyboard.press("Shift+Space")
    expect(tab(page, "weights")).to_be_focused()
    page.keyboard.press("Home")
    expect(tab(page, "X")).to_be_focused()


def test_the_numbers_on_the_page_are_those_of_python(open_page):
    page, n = open_page(lesson_head()), lesson_head().numbers()
    tab(page, "weights").click()
    for key in range(4):
        assert row(page, key) == [say(n["exps"][key]), say(n["totals"][key]), say(n["weights"][key])]
    tab(page, "output").click()
    assert row(page, 4)[1:] == [say(x) for x in n["output"]]


def test_a_number_typed_over_recomputes_what_follows_while_it_is_typed(open_page):
    page = open_page(lesson_head())
    tab(page, "sum").click()
    cell(page, "scores,0,1").focus()
    page.keyboard.type("0.0")  # a field that is written back while it is typed in would make 0 of "0."
    expect(cell(page, "scores,0,1")).to_have_value("0.0")
    tab(page, "output").click()
    n = lesson_head(edits=[["scores", 0, 1, 0]]).numbers()
    assert row(page, 4)[1:] == [say(x) for x in n["output"]] == [".25", "0", ".25"]
    tab(page, "Q K V").click()
    cell(page, "K,1,0").fill("0,5")
    tab(page, "sum").click()
    expect(cell(page, "scores,0,1")).to_have_value("2")  # computed anew: it comes after the key
    page.get_by_role("button", name="Start over").click()
    expect(cell(page, "scores,0,1")).to_have_value("4")


def test_what_is_no_number_changes_nothing_and_is_marked_until_it_is_left(open_page):
    page = open_page(lesson_head())
    tab(page, "sum").click()
    cell(page, "scores,0,1").fill("four")
    expect(cell(page, "scores,0,1")).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("ArrowDown")
    expect(cell(page, "scores,0,2")).to_be_focused()
    expect(cell(page, "scores,0,1")).to_have_value("4")


def test_the_table_is_one_stop_of_the_tab_key_and_arrows_move_in_it(open_page):
    page = open_page(lesson_head())
    tab(page, "Q K V").focus()
    page.keyboard.press("Enter")
    tab(page, "Q K V").click()
    assert page.locator(".course-panel input[tabindex='0']").count() == 1
    cell(page, "W_q,5,0").focus()
    page.keyboard.press("ArrowDown")  # over the gap, into Q of the first word
    expect(cell(page, "Q,0,0")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(cell(page, "X,0,5")).to_be_focused()
    assert page.locator(".course-panel input[tabindex='0']").count() == 1
    page.keyboard.press("Space")
    expect(tab(page, "q · k")).to_be_focused()


def test_breaking_it_shows_the_failure_by_name_and_the_maximum_mends_it(open_page):
    page = open_page(lesson_head())
    tab(page, "output").click()
    failure = page.locator(".course-failures")
    page.get_by_role("button", name="a score of 1,000, no maximum").click()
    expect(failure).to_contain_text("Overflow")
    assert row(page, 4)[1:] == ["nan"] * 3
    page.get_by_label("subtract the maximum").check()
    expect(failure).to_be_empty()
    assert row(page, 4)[1:] == ["1", "0", "0"]
    page.get_by_role("button", name="Start over").click()
    page.get_by_role("button", name="softmax over queries").click()
    expect(failure).to_contain_text("add up to 1.40, not to 1")
    page.get_by_role("button", name="softmax over queries").click()
    page.get_by_role("button", name="no scaling").click()
    expect(failure).to_contain_text("“red” gets .95; divided by √2 it would get .85")


def test_the_colours_are_as_wide_as_their_weights_and_mixed_as_light_is(open_page):
    page = open_page(AttentionStepper([[1], [1]], [[0]], [[0]], [[1]], ["a", "b"], colours=["#ff0000", "#0000ff"]))
    tab(page, "output").click()
    page.get_by_role("button", name="Show the values as colours").click()
    blocks = page.locator(".course-block")
    colours = blocks.evaluate_all("all => all.map(one => getComputedStyle(one).backgroundColor)")
    assert colours == ["rgb(255, 0, 0)", "rgb(0, 0, 255)", "rgb(188, 0, 188)"]  # 128 would be darker than both
    assert abs(blocks.nth(0).bounding_box()["width"] - blocks.nth(1).bounding_box()["width"]) < 1


def test_another_word_asks_and_a_mask_has_its_step(open_page):
    page = open_page(AttentionStepper(X, W_q, W_k, W_v, WORDS, query="red", mask=causal_mask(4)))
    expect(page.get_by_role("tab")).to_have_count(10)
    page.get_by_role("tab", name="mask").click()
    expect(sentence(page)).to_contain_text("“red” may not look at “ball”, “rolls”")
    assert row(page, 2) == ["0", "no", "−∞"]
    page.get_by_role("radio", name="rolls").check()
    expect(sentence(page)).to_contain_text("“rolls” may look at every word")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_every_target_is_large_enough(open_page, theme):
    page = open_page(lesson_head(), color_scheme=theme)
    page.get_by_role("button", name="no scaling").click()
    for step in STEPS:
        tab(page, step).click()
        assert driver.grave_faults(page) == []
        sizes = page.locator(".course-stepper :is(button, select, input, [role=tab]):visible").evaluate_all(
            "all => all.map(one => (one.closest('label') ?? one).getBoundingClientRect()).map(r => [r.width, r.height])"
        )
        assert min(min(size) for size in sizes) >= 24


@pytest.mark.parametrize("width", [760, 400])  # 400: a window of 800 at 200 %
def test_nothing_is_cut_off(open_page, width):
    page = open_page(lesson_head(), viewport={"width": width + 34, "height": 900})
    for step in STEPS:
        tab(page, step).click()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        cut = page.locator(".course-panel input").evaluate_all(
            "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.value)"
        )
        assert cut == []
        if width == 760:
            assert page.locator(".course-panel").evaluate("panel => panel.scrollWidth <= panel.clientWidth")


def test_two_on_a_page_do_not_disturb_each_other_and_two_views_of_one_stay_in_step(open_page):
    one, other = lesson_head(), lesson_head()
    page = open_page(one, html=one.page().replace("</body>", other.live_html() + "</body>"))
    first, second = page.locator(".course-stepper").nth(0), page.locator(".course-stepper").nth(1)
    expect(second).to_be_visible()
    first.get_by_role("tab").nth(3).click()
    expect(second.get_by_role("tab").nth(0)).to_have_attribute("aria-selected", "true")
    first.get_by_role("radio", name="the").check()
    expect(second.get_by_role("radio", name="ball")).to_be_checked()

    both = r"const model = \1; for (const el of document.querySelectorAll('.here')) render({ model, el });\n</script>"
    twice = re.sub(r"render\(\{ model: (stubModel\(.*\)), el: .*\n</script>", lambda m: m.expand(both), one.page())
    twice = twice.replace("<body>", '<body><div class="here"></div><div class="here"></div>')
    page = open_page(one, html=twice)
    views = page.locator(".course-stepper")
    expect(views).to_have_count(2)
    views.nth(0).get_by_role("tab").nth(6).click()
    expect(views.nth(1).locator(".course-sentence")).to_have_text(views.nth(0).locator(".course-sentence").inner_text())


# In JupyterLab


@pytest.fixture(scope="module")
def lesson(open_notebook):
    page = open_notebook(LESSON)
    page.run_all()
    page.page.locator(".course-stepper").first.scroll_into_view_if_needed()
    return page


def test_in_jupyterlab_no_key_is_stolen_and_escape_gives_the_keyboard_back(lesson):
    figure = lesson.page.locator(".course-stepper").first
    before = lesson.cell_sources()
    for place in (figure.get_by_role("tab").nth(0), figure.locator(".course-panel input").first):
        place.focus()
        for key in [*"baxcvzmyrdoi", "ArrowDown", "ArrowUp", "Enter", "Home"]:
            lesson.page.keyboard.press(key)
        assert lesson.page.evaluate("() => document.activeElement.closest('.course-stepper') !== null")
        assert lesson.cell_sources() == before
    lesson.page.keyboard.press("Escape")
    assert lesson.page.evaluate("() => document.activeElement.classList.contains('jp-Cell')")
    assert lesson.errors == [] and lesson.strangers == []


def test_in_jupyterlab_the_next_cell_reads_what_was_typed(lesson):
    made, after = lesson.page.evaluate(
        """() => {
          const cells = window.panel.content.widgets.filter(c => c.model.type === 'code');
          const at = cells.findIndex(c => c.model.sharedModel.getSource().includes('AttentionStepper('));
          return [cells[at].model.id, cells[at + 1].model.id];
        }"""
    )
    lesson.write(made, "stepper = AttentionStepper(X, W_q, W_k, W_v, words, query='ball')\nstepper")
    figure = lesson.run(made).locator(".course-stepper")
    figure.get_by_role("tab").nth(STEPS.index("sum")).click()
    figure.locator("[data-at='scores,0,1']").fill("0")
    lesson.write(after, "print(stepper.selection['step'], stepper.selection['edits'], stepper.numbers()['weights'])")
    expect(lesson.run(after)).to_contain_text("3 [['scores', 0, 1, 0]] [0.25 0.25 0.25 0.25]")


def test_the_script_of_the_page_is_the_script_of_the_notebook():
    for name in ("stepper_walk.js", "stepper_table.js", "stepper.js"):
        text = (STATIC / name).read_text("utf-8")
        assert text in AttentionStepper._esm and text in lesson_head().page() and len(text.encode()) <= 15_000
