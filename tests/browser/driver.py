"""Drive a real JupyterLab in a real Chromium, without a fixed wait anywhere."""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()

HANG = 120_000  # ms: whoever waits longer waits for nothing; Playwright's own 5 s and 30 s a machine under load exceeds

# To a figure that needs more than 2 s to start anywidget passes on nothing that Python says. So it may under load.
PATIENT = """{
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = ms => timeout(Math.max(ms, 120_000));
}"""

READY = """async () => {
  const app = window.jupyterapp;
  if (!app) return false;
  await app.restored;
  const panel = app.shell.currentWidget;
  if (!panel?.content?.widgets?.length || !panel.context) return false;
  if (panel.sessionContext.session?.kernel?.connectionStatus !== 'connected') return false;
  await panel.context.ready;
  await panel.sessionContext.ready;
  window.panel = panel;
  return true;
}"""

CLOSE = """async () => {
  if (document.body.dataset.jpDeckMode) await jupyterapp.commands.execute('deck:stop');
  delete document.body.dataset.courseSlides;  // or the same lesson would pass for shown before it is, the next time
  window.panel.content.activate = () => {};  // JupyterLab asks it for its focus at the end of a run, though it is gone
  window.panel.context.model.dirty = false;  // or JupyterLab would ask whether to save
  window.panel.close();
  window.panel = undefined;
}"""

# The kernel is asked first: ipywidgets holds what a figure says last back until the kernel has answered the one before,
# and then a cell would run without it.
TO_ITS_END = """name => {
  window.ended = undefined;
  const run = async () => {
    await panel.sessionContext.session.kernel.requestKernelInfo();
    if (!name) return;
    jupyterapp.shell.activateById(panel.id);
    await jupyterapp.commands.execute(name);
  };
  run().then(() => { window.ended = 'well' }, error => { window.ended = String(error) });
}"""

# JupyterLab draws an output when it likes: a figure stands in it once nothing in its boxes is empty any more.
DRAWN = """() => window.panel.content.widgets.filter(cell => cell.model.type === 'code').every(({ outputArea }) =>
  outputArea.widgets.every(({ node }, n) => {
    if (!outputArea.model.get(n)?.data['application/vnd.jupyter.widget-view+json']) return true;
    const output = node.querySelector('.jp-OutputArea-output');
    const waits = node.querySelector(':is(.jp-OutputArea-output, .widget-box) > .lm-Widget:empty');
    return output?.childElementCount && !waits;
  }))"""

# Something ran: a cell has a new execution count, and none waits for its own.
RAN = """before => {
  const counts = window.panel.content.widgets.map(cell => cell.model.executionCount);
  return counts.some((count, n) => count && count !== before[n]) && counts.every((count, n) => count || !before[n]);
}"""
COUNTS = "() => window.panel.content.widgets.map(cell => cell.model.executionCount ?? null)"


def free_port():
    """A port below those that a system gives to whoever asks for any, as kernels do before JupyterLab has taken it."""
    while True:
        port = 10_000 + secrets.randbelow(20_000)
        with socket.socket() as sock, contextlib.suppress(OSError):
            sock.bind(("127.0.0.1", port))
            return port


def find_chromium():
    """The browser `start.py test` found, else one on PATH, else None: Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("COURSE_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def launch(playwright):
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
    browser.on("context", lambda context: context.set_default_timeout(HANG))
    expect.set_options(timeout=HANG)
    return browser


def wait_for_server(process, url, log):
    while True:
        if process.poll() is not None:
            raise RuntimeError(f"JupyterLab did not start:\n{Path(log).read_text()[-2000:]}")
        with contextlib.suppress(OSError), urllib.request.urlopen(url + "api/status", timeout=1):
            return
        time.sleep(0.05)  # a poll, not a promise: the loop ends when the server answers or dies


@contextlib.contextmanager
def jupyterlab(root, scratch, variables=None, theme="JupyterLab Light", extra=()):
    """Run JupyterLab on `root`, with settings and start-up files of its own under `scratch`; yield its address.

    `variables`: more of the environment, such as `course_tools.lab.environment()` for the configuration learners have.
    `extra`: more options, such as `course_tools.present.options(work)` for slides.
    """
    port, scratch = free_port(), Path(scratch)
    settings = scratch / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "themes.jupyterlab-settings").write_text(json.dumps({"theme": theme}))
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "IPYTHONDIR": "ipython",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTER_DATA_DIR": "data",
    }
    environment = os.environ | (variables or {}) | {name: str(scratch / folder) for name, folder in folders.items()}
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--ServerApp.port_retries=0",
        "--IdentityProvider.token=", f"--ServerApp.root_dir={root}", "--expose-app-in-browser", "--allow-root", *extra,
    ]  # fmt: skip
    with open(scratch / "server.log", "w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}/"
    try:
        wait_for_server(process, url, scratch / "server.log")
        yield url
    finally:
        process.terminate()
        process.wait()


def end_kernels(context, url):
    """End all kernels of a server: those of many notebooks would fill a small machine."""
    for session in context.request.get(f"{url}api/sessions").json():
        context.request.delete(f"{url}api/sessions/{session['id']}", headers={"Origin": url})


NARROWEST = """all => Math.min(...all.map(one => one.getBoundingClientRect())
  .map(box => Math.min(box.width, box.height)))"""


def grave_faults(page, within=None, only=None):
    """Return [(rule, first element)] of what axe-core calls serious or critical on a page, or within a selector.

    `only`: the one rule to go by.
    """
    context = {"include": [[within]]} if within else None
    options = {"resultTypes": ["violations"]} | ({"runOnly": [only]} if only else {})  # what passes need not be told
    found = Axe().run(page, context=context, options=options)
    grave = [one for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
    return [(one["id"], one["nodes"][0]["html"]) for one in grave]


class Lab:
    """One browser page on one notebook. It remembers what went wrong on the page and where it tried to connect."""

    def __init__(self, browser, url, viewport=(1280, 900), **context):
        self.url, self.errors, self.strangers = url, [], []
        size = dict(zip(("width", "height"), viewport, strict=True))
        self.context = browser.new_context(viewport=size, **context)
        self.page = self.context.new_page()
        self.page.add_init_script(PATIENT)
        self.close = self.context.close
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._note_request)

    def _note_request(self, request):
        if not request.url.startswith((self.url, self.url.replace("http", "ws"), "data:", "blob:")):
            self.strangers.append(request.url)

    def open(self, notebook):
        """Open a notebook on this page. One that was open before is closed, and its kernel ended."""
        if self.leave():
            self.page.evaluate("path => { jupyterapp.commands.execute('docmanager:open', { path }) }", notebook)
        else:
            self.page.goto(f"{self.url}lab/tree/{notebook}?reset")
        last = time.monotonic() + HANG / 1000
        while not self._ready():
            if time.monotonic() > last:
                raise TimeoutError(f"{notebook} is not open, or its kernel does not answer")
            self.page.wait_for_timeout(50)  # a poll: wait_for_function does not await an async predicate
        return self

    def leave(self):
        """Close the notebook, end its kernel and forget what went wrong before; False if JupyterLab never started."""
        if self.page.evaluate("() => Boolean(window.panel)"):
            self.page.evaluate(CLOSE)
            end_kernels(self.context, self.url)
        self.errors.clear()  # JupyterLab's own questions to that kernel, which nobody answers any more, among them
        self.strangers.clear()
        return self.page.url != "about:blank"

    def _ready(self):
        try:
            return self.page.evaluate(READY)
        except PlaywrightError:  # the page moved on to its own address: ask again there
            return False

    def command(self, name):
        """Start a JupyterLab command; what it leads to is waited for by its effect."""
        self.page.evaluate(
            "name => { jupyterapp.shell.activateById(panel.id); jupyterapp.commands.execute(name) }", name
        )

    def to_its_end(self, name=None):
        """Wait until the kernel has said all it has to; then run a JupyterLab command, if any, and wait for its end."""
        self.page.evaluate(TO_ITS_END, name)
        self.page.wait_for_function("() => window.ended")
        assert self.page.evaluate("() => window.ended") == "well"

    def run_all(self):
        """Run all cells and wait until their figures are drawn."""
        self.to_its_end("notebook:run-all-cells")
        self.drawn()

    def drawn(self):
        """Wait until all figures that the kernel has sent are drawn."""
        self.to_its_end()
        self.page.wait_for_function(DRAWN)

    @contextlib.contextmanager
    def running(self):
        """What is done within runs a cell: wait until it has run."""
        before = self.page.evaluate(COUNTS)
        yield
        self.page.wait_for_function(RAN, arg=before)

    def cells(self):
        return self.page.locator(".jp-Notebook .jp-Cell")

    def cell_sources(self):
        return self.page.evaluate("() => window.panel.content.widgets.map(c => c.model.sharedModel.getSource())")

    def cell(self, cell_id):
        """The cell with this id, scrolled into view (JupyterLab draws only the cells near the window)."""
        index = self.page.evaluate(
            """async id => {
              const book = window.panel.content;
              const index = book.widgets.findIndex(c => c.model.id === id);
              await book.scrollToItem(index).catch(() => {});  // JupyterLab, at the end of a run, may scroll as well
              book.activeCellIndex = index;
              return index;
            }""",
            cell_id,
        )
        if index < 0:
            raise LookupError(f"no cell has the id {cell_id}")
        return self.page.locator(f'.jp-Cell[data-windowed-list-index="{index}"]').first

    def write(self, cell_id, source):
        self.page.evaluate(
            """([id, source]) => window.panel.content.widgets
                 .find(c => c.model.id === id).model.sharedModel.setSource(source)""",
            [cell_id, source],
        )

    def run(self, cell_id):
        """Run one cell, wait until it has run, and return it."""
        self.cell(cell_id)
        self.to_its_end("notebook:run-cell")
        return self.cell(cell_id)

    def save(self):
        self.to_its_end("docmanager:save")
