"""One JupyterLab and one Chromium for the session, in which every notebook is opened as a fresh copy."""

import shutil

import driver
import pytest
from playwright.sync_api import expect, sync_playwright

from course_tools import lab
from course_tools.work import fill


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
    fill(driver.ROOT, folder)
    return folder


@pytest.fixture(scope="session")
def server(work, tmp_path_factory):
    scratch = tmp_path_factory.mktemp("jupyter")
    with driver.jupyterlab(work, scratch, lab.environment()) as url:
        yield url


@pytest.fixture(scope="session")
def window(browser, server):
    """The page of JupyterLab that notebook after notebook is opened in: to start it is dearer than to open one there."""
    page = driver.Lab(browser, server)
    yield page
    page.close()


@pytest.fixture(scope="session")
def open_notebook(window, work):
    """`open_notebook("notebooks/03_scaling.ipynb")` opens a fresh copy with a kernel of its own, and closes the last."""

    def open_(path):
        window.leave()  # its kernel could write into the copy
        shutil.copyfile(driver.ROOT / path, work / path)
        return window.open(path)

    return open_


@pytest.fixture
def open_page(browser, tmp_path):
    """`open_page(figure)` saves the figure and opens the file, offline; a fault or a request there is red.

    `html`: another page to open in its place. The rest goes to the browser's context: color_scheme, viewport, ...
    """
    contexts, wrong = [], []

    def open_(figure, html=None, **look):
        context = browser.new_context(offline=True, **{"viewport": {"width": 1180, "height": 1000}} | look)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: None if request.url.startswith("file:") else wrong.append(request.url))
        path = figure.save(tmp_path / "figure.html")
        if html:
            path.write_text(html, encoding="utf-8")
        page.goto(path.as_uri())
        expect(page.locator(".course-figure").first).to_be_visible()
        return page

    yield open_
    for context in contexts:
        context.close()
    assert wrong == []
