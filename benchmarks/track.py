"""The track of benchmarks/figures.py: a real JupyterLab, a real mouse, and a figure on a page of its own."""

import sys
from pathlib import Path

import nbformat
import numpy as np
import peers

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))
import driver  # noqa: E402

RACE = Path(__file__).with_name("race.js").read_text(encoding="utf-8").replace("GREY_STEP", "20")
FRAME = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
SWEEPS = 5
WORDS = 24  # as many as stand in the window
WORD = {
    "explorer": ".course-tokens >> nth=0 >> [role=option]",
    "bertviz": "#left > g:last-of-type > g > text",
}
FIGURE = {"explorer": ".course-explorer [role=option]", "bertviz": "#attention line"}


class Racer:
    """One figure on the page: where its slider and its words are, and how to move them."""

    def __init__(self, lab, code):
        self.lab, self.page, self.code, self.name = lab, lab.page, code, code.split("(")[0]
        self.area = lab.cell(_cell_id(code)).locator(".jp-OutputArea").first
        self.area.evaluate("(area, code) => { race.output[code] = area }", code)

    def grasp(self, options):
        """Take hold of the slider and learn where on the screen each option lies."""
        track = self.area.locator("input[type=range], .noUi-base").first
        track.scroll_into_view_if_needed()
        box = track.bounding_box()
        self.y = box["y"] + box["height"] / 2
        native = self.area.locator("input[type=range]").count() > 0
        inset = 12 if native else 0  # a native thumb stops half its width before the ends
        self.x = np.linspace(box["x"] + inset, box["x"] + box["width"] - inset, options)
        self.page.mouse.move(self.x[self.value()], self.y)
        self.page.mouse.down()

    def value(self):
        return self.page.evaluate("code => race.value(code)", self.code)

    def step(self, index):
        """Move to an option; return the milliseconds until the picture shows it."""
        self.page.evaluate("([code, index]) => race.arm(() => race.grey(code) === index)", [self.code, index])
        self.page.mouse.move(self.x[index], self.y)
        return self.page.evaluate("() => race.answer")

    def drag(self, options):
        """Sweep to and fro; return (values passed, values shown)."""
        path = [*range(1, options), *range(options - 2, -1, -1)] * SWEEPS
        self.page.evaluate("code => race.watch(code)", self.code)
        for index in path:
            self.page.mouse.move(self.x[index], self.y)
            self.page.evaluate(FRAME)
        self.page.wait_for_function("([code, last]) => race.grey(code) === last", arg=[self.code, path[-1]])
        passed, seen = self.page.evaluate("() => { race.watching = false; return [race.passed, race.seen] }")
        return len(passed) - 1, len(seen) - 1

    def visit(self):
        """Scroll to the figure and learn where its words are."""
        self.area.evaluate("area => area.scrollIntoView({ block: 'start' })")
        self.page.evaluate(FRAME)
        words = self.area.locator(WORD[self.name])
        self.boxes = [words.nth(at).bounding_box() for at in range(WORDS)]

    def hover(self, at):
        """Move to a word; return the milliseconds until its beams are painted."""
        lit = "([code, name, at]) => race.arm(() => race.lit[name](race.output[code], at))"
        self.page.evaluate(lit, [self.code, self.name, at])
        box = self.boxes[at]
        self.page.mouse.move(box["x"] + min(20, box["width"] / 2), box["y"] + box["height"] / 2)
        return self.page.evaluate("() => race.answer")

    def first_paint(self):
        """Run the cell; return the milliseconds from its first output, and from Shift+Enter."""
        self.lab.cell(_cell_id(self.code))
        self.page.evaluate("([code, figure]) => race.armFirst(code, figure)", [self.code, FIGURE[self.name]])
        self.lab.command("notebook:run-cell")
        return self.page.evaluate("() => race.answer")


def _cell_id(code):
    return "".join(letter if letter.isalnum() else "-" for letter in code)


def notebook(code):
    start = f"import sys\nsys.path.insert(0, {str(ROOT / 'benchmarks')!r})\nfrom racers import *\nwarm()"
    cells = [nbformat.v4.new_code_cell(source) for source in (start, code)]
    cells[1].id = _cell_id(code)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


class Track:
    """One JupyterLab and one browser; a page and a kernel of its own for each racer, so that none slows the others."""

    def __init__(self, browser, url, root, folder):
        self.browser, self.url, self.root, self.folder = browser, url, root, folder

    def enter(self, code):
        """Open a notebook with this cell and run it; return its racer by name."""
        name = f"{_cell_id(code)}.ipynb"
        nbformat.write(notebook(code), self.root / name)
        lab = driver.Lab(self.browser, self.url, viewport=(1280, 1400))
        for script in peers.SCRIPTS:  # BertViz asks by address; here the file answers
            lab.context.route(f"https://**/{script}", _answer_with(self.folder / script))
        lab.open(name)
        lab.page.evaluate(RACE)
        lab.page.add_script_tag(path=self.folder / "require.min.js")
        lab.run_all()
        return {code: Racer(lab, code)}


def _answer_with(path):
    return lambda route: route.fulfill(path=path)
