"""One JupyterLab and one Chromium for the whole session; every test gets a page and a copy of the notebooks of its own."""

import shutil
from pathlib import Path

import driver
import pytest
from playwright.sync_api import sync_playwright

from course_tools import lab
from course_tools.work import fill

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = driver.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def work(tmp_path_factory):
    """A learner's work folder, laid out by the same code as `python start.py lab`."""
    folder = tmp_path_factory.mktemp("lab") / "work"
    fill(ROOT, folder)
    return folder


@pytest.fixture(scope="session")
def server(work, tmp_path_factory):
    scratch = tmp_path_factory.mktemp("jupyter")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in lab.environment().items():
            patch.setenv(name, value)
        with driver.jupyterlab(work, scratch) as url:
            yield url


@pytest.fixture
def open_notebook(browser, server, work):
    """`open_notebook("notebooks/03_scaling.ipynb")` opens a fresh copy and closes the page at the end."""
    pages = []

    def open_(path, **context):
        pristine = ROOT / path
        shutil.copyfile(pristine, work / path)
        page = driver.Lab(browser, server, **context).open(path)
        pages.append(page)
        return page

    yield open_
    for page in pages:
        page.close()
