"""axe-core finds nothing serious in our figures, in either theme, and both themes really differ."""

import shutil

import driver
import pytest
from axe_playwright_python.sync_playwright import Axe

from course_tools import lab as course_lab
from course_tools.work import fill

FIGURES = [".course-figure"]
LESSONS = sorted(path.stem for path in (driver.ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module", params=["JupyterLab Light", "JupyterLab Dark"])
def themed_server(request, tmp_path_factory):
    scratch = tmp_path_factory.mktemp("themed")
    fill(driver.ROOT, scratch / "work")
    with driver.jupyterlab(scratch / "work", scratch / "jupyter", course_lab.environment(), request.param) as url:
        yield scratch / "work", url, request.param


@pytest.mark.parametrize("stem", LESSONS)
def test_axe_finds_nothing_serious_in_a_lessons_figures(themed_server, browser, stem):
    work, url, theme = themed_server
    shutil.copyfile(driver.ROOT / "notebooks" / f"{stem}.ipynb", work / "notebooks" / f"{stem}.ipynb")
    lab = driver.Lab(browser, url, viewport=(1280, 6000)).open(f"notebooks/{stem}.ipynb")
    try:
        lab.run_all()
        dark = lab.page.evaluate("() => document.body.dataset.jpThemeLight === 'false'")
        assert dark == theme.endswith("Dark")
        assert lab.page.locator(".course-figure").count() > 0
        found = Axe().run(lab.page, context={"include": [FIGURES]}).response["violations"]
        grave = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
        assert grave == []
    finally:
        lab.close()
