"""axe-core finds nothing serious in our figures, in either theme, and both themes really differ."""

import driver
import pytest
from playwright.sync_api import expect

from course_tools import lab as course_lab
from course_tools.work import fill

LESSONS = sorted(path.stem for path in (driver.ROOT / "notebooks").glob("*.ipynb"))
CELLS_OUT_OF_SIGHT = '{"windowingMode": "none"}'  # stay on the page, so that all figures are looked at


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    scratch = tmp_path_factory.mktemp("axe")
    fill(driver.ROOT, scratch / "work")
    settings = scratch / "jupyter" / "settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text(CELLS_OUT_OF_SIGHT)
    with driver.jupyterlab(scratch / "work", scratch / "jupyter", course_lab.environment()) as url:
        yield url


@pytest.fixture(scope="module")
def window(browser, server):
    """The page that all lessons are opened in."""
    lab = driver.Lab(browser, server)
    yield lab
    lab.close()


@pytest.mark.parametrize("stem", LESSONS)
def test_axe_finds_nothing_serious_in_a_lessons_figures(window, stem):
    lab = window.open(f"notebooks/{stem}.ipynb")
    page = lab.page
    lab.run_all()
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
