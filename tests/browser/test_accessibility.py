"""axe-core finds nothing serious in our figures, in either theme, and both themes really differ."""

import driver
import pytest
from axe_playwright_python.sync_playwright import Axe

from course_tools import lab as course_lab
from course_tools.work import fill

FIGURES = [".course-figure"]
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


def grave_faults(page):
    context, options = {"include": [FIGURES]}, {"resultTypes": ["violations"]}  # what passes is not told in detail
    found = Axe().run(page, context=context, options=options).response["violations"]
    return [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]


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
        papers.append(
            page.locator(".course-figure").first.evaluate("e => getComputedStyle(e).getPropertyValue('--course-paper')")
        )
        assert grave_faults(page) == []
    assert papers[0] != papers[1]
