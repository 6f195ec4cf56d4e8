"""The plane in a saved page without kernel or network, and in lesson 01: drag, keys, numbers, and no key stolen."""

import driver
import numpy as np
import pytest
from playwright.sync_api import expect

from course_lib.views import EmbeddingPlane

LESSON = "notebooks/01_embeddings.ipynb"
WORDS = ["cat", "dog", "happy", "pizza"]
TABLE = np.array([[0.2, 0.9, 0.3], [0.3, 0.9, 0.5], [0.9, 0.1, 0.1], [0.5, 0.0, 0.8]])


def described(**selection):
    """Return what Python says of the lesson's plane at this selection."""
    figure = EmbeddingPlane(TABLE, WORDS, chosen="dog")
    figure.selection = figure.selection | selection
    return figure.describe()


@pytest.fixture
def saved(open_page):
    """`saved("dark", width=800)` opens the lesson's plane as a file, with the network off."""

    def open_(theme="light", width=900):
        figure = EmbeddingPlane(TABLE, WORDS, chosen="dog")
        return open_page(figure, color_scheme=theme, viewport={"width": width, "height": 800})

    return open_


def word(page, name):
    return page.get_by_role("slider", name=name, exact=True)


def sentence(page):
    return page.locator(".course-plane .course-sentence")


def spot(page, x, y):
    """Return where on the page a place of the plane is, in its first frame."""
    box = page.locator(".course-plane-picture").bounding_box()
    low_x, low_y, width = EmbeddingPlane(TABLE, WORDS).frame
    return box["x"] + (x - low_x) / width * box["width"], box["y"] + (1 - (y - low_y) / width) * box["height"]


def test_a_saved_page_answers_the_keyboard_with_pythons_own_sentence(saved):
    page = saved()
    expect(sentence(page)).to_have_text(described())
    dog = word(page, "dog")
    dog.focus()
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowDown"):
        page.keyboard.press(key)
    expect(sentence(page)).to_have_text(described(moved={"dog": [0.4, 0.79]}))
    page.keyboard.press("PageDown")
    expect(word(page, "happy")).to_be_focused()
    expect(sentence(page)).to_have_text(described(chosen="happy", moved={"dog": [0.4, 0.79]}))


def test_a_drag_shows_every_value_and_ends_where_the_hand_does(saved):
    page = saved()
    page.evaluate(
        """() => {
          window.seen = [];
          const said = document.querySelector('.course-plane .course-sentence');
          new MutationObserver(() => seen.push(said.textContent)).observe(said, {childList: true, characterData: true});
        }"""
    )
    page.mouse.move(*spot(page, 0.3, 0.9))
    page.mouse.down()
    steps = [(0.3 + 0.03 * k, 0.9 - 0.05 * k) for k in range(1, 21)]
    for step in steps:
        page.mouse.move(*spot(page, *step))
        page.evaluate("() => new Promise(requestAnimationFrame)")
    page.mouse.up()
    expect(sentence(page)).to_have_text(described(moved={"dog": [0.9, -0.1]}))
    assert page.evaluate("() => new Set(seen).size") == len(steps)


def test_the_word_under_the_pointer_is_chosen_and_an_empty_place_is_nobodys(saved):
    page = saved()
    page.get_by_role("button", name="table").click()  # after a click a script gives no focus of the keyboard
    page.mouse.click(*spot(page, 0.9, 0.1))
    expect(sentence(page)).to_have_text(described(chosen="happy"))
    happy, ring = word(page, "happy"), word(page, "happy").locator(".course-ring")
    expect(happy).to_be_focused()
    expect(happy).to_have_css("outline-style", "none")  # a browser's own would be a box round the whole arrow
    expect(ring).to_have_css("stroke-width", "2px")
    page.keyboard.press("Home")
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    expect(ring).to_have_css("stroke-width", "5px")
    page.mouse.click(*spot(page, 0.9, 0.7))
    expect(sentence(page)).to_have_text(described(chosen="happy"))


def test_twice_as_long_doubles_dot_products_and_put_back_ends_it(saved):
    page = saved()
    page.get_by_role("button", name="twice as long").click()
    expect(sentence(page)).to_contain_text("dot product 1.74, cosine .99")
    page.get_by_role("button", name="put back").click()
    expect(sentence(page)).to_have_text(described())
    page.get_by_label("compare with").select_option("pizza")
    expect(sentence(page)).to_have_text(described(reference="pizza"))


def test_the_table_button_opens_all_numbers(saved):
    page = saved()
    button = page.get_by_role("button", name="table")
    expect(page.get_by_role("table")).to_be_hidden()
    button.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    row = page.get_by_role("row", name="happy")
    expect(row).to_have_text("happy.90.10.36.4265°")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(saved, theme):
    page = saved(theme)
    page.get_by_role("button", name="table").click()
    word(page, "dog").press("ArrowDown")
    assert driver.grave_faults(page, ".course-figure") == []


def test_targets_are_large_and_nothing_is_cut_at_twice_the_zoom(saved):
    page = saved(width=450)  # what is left of 900 pixels at 200 %
    for target in page.locator(".course-plane :is(button, select), .course-plane .course-ring").all():
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 23.9
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


# ---- in JupyterLab


@pytest.fixture(scope="module")
def lesson(open_notebook):
    """Lesson 01 with all code up to its plane in one cell: the tiny worlds after it take their time."""
    lab = open_notebook(LESSON)
    cells = lab.page.evaluate(
        """() => window.panel.content.widgets.filter(c => c.model.type === 'code')
             .map(c => [c.model.id, c.model.sharedModel.getSource()])"""
    )
    places = {part: next(i for i, (_, source) in enumerate(cells) if part in source) for part in (SHOWS, ASKS)}
    lab.shows, lab.asks = (cells[place][0] for place in places.values())
    lab.write(lab.shows, "\n".join(source for _, source in cells[: places[SHOWS] + 1]))
    lab.dog = lab.run(lab.shows).get_by_role("slider", name="dog", exact=True)
    return lab


SHOWS, ASKS = 'chosen="dog")', 'plane.numbers()["places"]'


def test_the_next_cell_reads_where_the_word_was_left(lesson):
    lesson.dog.press("ArrowDown")
    said = lesson.cell(lesson.shows).locator(".course-plane .course-sentence")
    expect(said).to_have_text(described(moved={"dog": [0.3, 0.8]}))
    expect(lesson.run(lesson.asks).locator(".jp-OutputArea-output")).to_contain_text("dog at [0.3 0.8]")
    assert lesson.errors == [] and lesson.strangers == []


def test_no_key_is_stolen_or_turned_against_the_notebook_and_shift_enter_runs_the_cell(lesson):
    kinds = "() => window.panel.content.widgets.map(c => c.model.type)"
    before, types = lesson.cell_sources(), lesson.page.evaluate(kinds)
    lesson.dog.focus()
    for key in [*"baxcvzmyrd0ijk", "ArrowDown", "ArrowUp", "Enter", "Space"]:
        lesson.page.keyboard.press(key)
        lesson.page.keyboard.press(key)
        expect(lesson.dog).to_be_focused()
    assert lesson.cell_sources() == before and lesson.page.evaluate(kinds) == types
    lesson.page.keyboard.press("Escape")
    assert lesson.page.evaluate("() => document.activeElement.classList.contains('jp-Cell')")
    with lesson.running():
        lesson.dog.press("Shift+Enter")
