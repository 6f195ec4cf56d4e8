"""axe-core finds nothing serious in our figures, in either theme, and both themes really differ."""

import driver
import pytest
from playwright.sync_api import expect

LESSONS = sorted(path.stem for path in (driver.ROOT / "notebooks").glob("*.ipynb"))
HIGHEST = 20_000  # pixels: all of a lesson is on the screen, for axe passes over what is scrolled out of sight
AS_HIGH = "body { height: 100vh; }"  # JupyterLab's body has no height, and all in it would count as cut off
PALE = ".course-figure, .course-figure * { color: #bbb !important; }"


@pytest.fixture(scope="module")
def window(browser, server):
    """The page that all lessons are opened in."""
    lab = driver.Lab(browser, server, viewport=(1280, HIGHEST))
    yield lab
    lab.close()


@pytest.mark.parametrize("stem", LESSONS)
def test_axe_finds_nothing_serious_in_a_lessons_figures(window, stem):
    lab = window.open(f"notebooks/{stem}.ipynb")
    page = lab.page
    lab.run_all()
    page.add_style_tag(content=AS_HIGH)
    assert page.locator(".course-figure").count() > 0
    papers = []
    for theme in ("Dark", "Light"):
        page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", f"JupyterLab {theme}"
        )
        page.wait_for_function(f"() => document.body.dataset.jpThemeLight === '{str(theme == 'Light').lower()}'")
        expect(page.locator(".course-figure").first).to_be_visible()  # JupyterLab hides all for a moment
        papers.append(
            page.locator(".course-figure").first.evaluate("e => getComputedStyle(e).getPropertyValue('--course-paper')")
        )
        assert driver.grave_faults(page, ".course-figure") == []
    assert papers[0] != papers[1]
    pale = page.add_style_tag(content=PALE)
    assert driver.grave_faults(page, ".course-figure", only="color-contrast"), "axe looks at nothing"
    pale.evaluate("style => style.remove()")
