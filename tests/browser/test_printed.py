"""A handout printed by a real browser: two sheets, whatever the lesson, and nothing cut off."""

import re

import driver
import pytest

from course_tools import handout

LESSONS = sorted(path.stem for path in (driver.ROOT / "notebooks").glob("*.ipynb"))
FULL = """() => [...document.querySelectorAll('.page')].map(p =>
  p.scrollHeight > p.clientHeight + 1 || p.scrollWidth > p.clientWidth + 1)"""
PRINTABLE = {"A4": (688, 1000), "Letter": (710, 948)}  # CSS pixels between margins of 14 mm


@pytest.mark.parametrize("sheet", PRINTABLE)
def test_a_handout_is_two_sheets_and_nothing_is_cut_off(browser, tmp_path, sheet):
    width, height = PRINTABLE[sheet]
    context = browser.new_context(offline=True, viewport={"width": width, "height": height})
    page = context.new_page()
    for stem in LESSONS:
        assert handout.main(stem, tmp_path / f"{stem}.html") == 0
        page.goto((tmp_path / f"{stem}.html").as_uri())
        page.emulate_media(media="print")
        assert page.evaluate(FULL) == [False, False], stem
        pdf = page.pdf(format=sheet, margin=dict.fromkeys(("top", "right", "bottom", "left"), "14mm"))
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 2, stem
    context.close()
