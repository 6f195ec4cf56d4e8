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
    """The page of JupyterLab that notebook after notebook is opened in: its start costs more than a notebook's."""
    page = driver.Lab(browser, server)
    yield page
    page.close()


@pytest.fixture(scope="session")
def open_notebook(window, work):
    """`open_notebook("notebooks/03_scaling.ipynb")` opens a fresh copy with its own kernel, and closes the last."""

    def open_(path):
        window.leave()  # its kernel could write into the copy
        shutil.copyfile(driver.ROOT / path, work / path)
        return window.open(path)

    return open_


@pytest.fixture(scope="session")
def sheet(browser):
    """The page that saved figures are opened in, one after the other, with the network off."""
    context = browser.new_context(offline=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def open_page(browser, sheet, tmp_path):
    """`open_page(figure)` saves the figure and opens the file, offline; a fault or a request there is red.

    `html`: another page to open in its place. `viewport`, `color_scheme`, `reduced_motion`: how to look at it.
    """
    wrong, contexts = [], []
    listeners = {
        "pageerror": lambda error: wrong.append(str(error)),
        "console": lambda message: wrong.append(message.text) if message.type == "error" else None,
        "request": lambda request: None if request.url.startswith("file:") else wrong.append(request.url),
    }

    def watch(page):
        for event, listener in listeners.items():
            page.on(event, listener)
        return page

    def open_(figure, html=None, viewport=None, color_scheme="light", reduced_motion="no-preference", zoom=1):
        page = sheet
        if zoom > 1:  # of which a page is told when it is made
            contexts.append(browser.new_context(offline=True, device_scale_factor=zoom))
            page = watch(contexts[-1].new_page())
        page.set_viewport_size(viewport or {"width": 1180, "height": 1000})
        page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
        page.mouse.move(0, 0)  # away from where the figure will be
        path = figure.save(tmp_path / "figure.html")
        if html:
            path.write_text(html, encoding="utf-8")
        page.goto(path.as_uri())
        expect(page.locator(".course-figure").first).to_be_visible()
        return page

    watch(sheet)
    yield open_
    sheet.goto("about:blank")
    for event, listener in listeners.items():
        sheet.remove_listener(event, listener)
    for context in contexts:
        context.close()
    assert wrong == []
