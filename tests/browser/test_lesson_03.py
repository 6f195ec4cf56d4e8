"""Lesson 03 in a real JupyterLab: it runs, the slider answers the keyboard, and no key is stolen or lost."""

import pytest
from playwright.sync_api import expect

from course_lib.views import ScalingView

LESSON = "notebooks/03_scaling.ipynb"
TYPES = "() => window.panel.content.widgets.map(c => c.model.type)"


@pytest.fixture(scope="module")
def lesson(open_notebook):
    """One page for all tests: none leaves the lesson other than it was, but for the slider."""
    page = open_notebook(LESSON)
    page.run_all()
    commit_the_guess(page)
    return page


@pytest.fixture(scope="module")
def before(lesson):
    """The sources and the kinds of the cells before any key is pressed."""
    return lesson.cell_sources(), lesson.page.evaluate(TYPES)


def commit_the_guess(lab):
    card = lab.page.locator(".course-predict", has_text="largest share").first
    card.scroll_into_view_if_needed()
    if card.get_by_role("group", name="largest share").count():  # else an earlier test did: a guess is kept
        card.get_by_role("radio").last.check()
        card.get_by_role("button", name="Commit").click()
    expect(card.get_by_role("status")).to_contain_text("You guessed")
    lab.drawn()  # with the answer comes a figure, whose slider is then the first of the page


def slider(lab, name="dₖ"):
    control = lab.page.get_by_role("slider", name=name, exact=True).first
    control.scroll_into_view_if_needed()
    return control


def sentence(lab):
    return lab.page.locator(".course-view .course-sentence").first


def test_it_runs_without_an_error_and_asks_nobody_outside(lesson):
    assert lesson.page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert lesson.errors == []
    assert lesson.strangers == []


def test_the_d_k_slider_moves_by_keyboard_to_both_ends_and_the_picture_follows(lesson):
    control, picture = slider(lesson), lesson.page.locator(".course-view .course-picture img").first
    seen = []
    for key, d_k in (("End", 1024), ("Home", 1), ("ArrowRight", 2)):
        control.press(key)
        view = ScalingView(d_k=d_k, divisor="none")
        expect(sentence(lesson)).to_have_text(view.describe())
        expect(control).to_have_attribute("aria-valuetext", f"{d_k:,}")
        expect(picture).to_have_attribute("alt", view.describe())
        seen.append(picture.evaluate("async img => { await img.decode(); return img.src }"))
    assert len(set(seen)) == 3


@pytest.mark.parametrize("key", [*"baxcvzmyrd0ijk", "ArrowDown", "Enter"])
def test_a_key_on_the_slider_is_neither_stolen_nor_turned_against_the_notebook(lesson, before, key):
    control = slider(lesson)
    control.focus()
    control.press(key)
    control.press(key)
    expect(control).to_be_focused()
    assert (lesson.cell_sources(), lesson.page.evaluate(TYPES)) == before


def test_shift_enter_runs_the_cell_and_control_s_saves_from_the_slider(lesson):
    with lesson.running():
        slider(lesson).press("Shift+Enter")
    lesson.drawn()  # the slider of before is gone
    lesson.page.evaluate(WATCH_SAVES)
    slider(lesson).press("Control+s")
    lesson.page.wait_for_function("() => window.saves.includes('completed')")


# Not whether the notebook is unsaved: it is saved by itself, too, every two minutes.
WATCH_SAVES = "() => { window.saves = []; panel.context.saveState.connect((_, state) => { saves.push(state) }) }"


def test_escape_gives_the_keyboard_back_to_the_notebook_and_tab_leaves(lesson):
    control = slider(lesson)
    control.press("Tab")
    expect(control).not_to_be_focused()
    control.focus()
    control.press("Escape")
    assert lesson.page.evaluate("() => document.activeElement.classList.contains('jp-Cell')")


def test_the_slider_keeps_its_place_while_its_value_grows_longer(lesson):
    """Under a drag, a slider that moves runs away from the hand: 512 and 1,024 took turns at one place of the mouse."""
    control, places = slider(lesson), []
    for key in ("Home", "End", "ArrowLeft"):
        control.press(key)
        places.append(control.evaluate(PLACE))
    assert places[0] == places[1] == places[2]


PLACE = """slider => {  // in its view, which itself moves when a figure above is drawn
  const [box, view] = [slider, slider.closest('.course-view')].map(part => part.getBoundingClientRect());
  return [box.x - view.x, box.y - view.y, box.width, box.height];
}"""
