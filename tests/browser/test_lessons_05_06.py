"""Lessons 05 and 06 in a real JupyterLab, by keyboard alone: the leak detector, and the slider of heads."""

import pytest
from playwright.sync_api import expect

from course_lib.views import HeadsView, MaskPainter


@pytest.fixture
def lesson(open_notebook):
    def open_(stem):
        lab = open_notebook(f"notebooks/{stem}.ipynb")
        lab.run_all()
        assert lab.errors == [] and lab.strangers == []
        return lab

    return open_


def test_the_leak_of_lesson_05_is_found_by_keyboard(lesson):
    lab = lesson("05_masking")
    figure = lab.page.locator(".course-painter").first
    figure.scroll_into_view_if_needed()
    figure.get_by_label("Add 1").press("5")  # a list of choices goes to the one that begins so
    figure.get_by_role("radio", name="before the softmax").focus()
    lab.page.keyboard.press("ArrowRight")
    twin = MaskPainter("the cat drank the cold milk".split())
    twin.selection = twin.selection | {"poke": 5, "order": "after"}
    assert "a leak, outputs 0–4 moved although they may not look at 5" in twin.describe()
    expect(figure.locator(".course-sentence")).to_have_text(twin.describe())
    figure.get_by_role("radio", name="key and value").focus()
    for what in ("key", "value"):
        lab.page.keyboard.press("ArrowRight")
        twin.selection = twin.selection | {"what": what}
        expect(figure.locator(".course-sentence")).to_have_text(twin.describe())
    assert "no leak" in twin.describe()  # a future value alone moves nothing


def test_the_number_of_heads_in_lesson_06_goes_from_end_to_end_by_keyboard(lesson):
    lab = lesson("06_multi_head")
    figure = lab.page.locator(".course-view", has=lab.page.get_by_role("slider", name="heads h", exact=True)).first
    figure.scroll_into_view_if_needed()
    slider = figure.get_by_role("slider", name="heads h", exact=True)
    picture = figure.locator(".course-picture img").first
    seen = []
    for key, n_heads in (("End", 24), ("ArrowLeft", 12), ("Home", 1), ("ArrowRight", 2)):
        slider.press(key)
        said = HeadsView(n_heads=n_heads).describe()
        expect(figure.locator(".course-sentence")).to_have_text(said)
        expect(picture).to_have_attribute("alt", said)
        seen.append(picture.evaluate("async img => { await img.decode(); return img.src }"))
    assert len(set(seen)) == 4
