"""What a learner feels: our figures beside `interact`, ipympl and BertViz, in one real JupyterLab, taking turns.

    python benchmarks/figures.py [--turns N] [--json FILE]

Three races. *Slider*: a trusted mouse moves the handle to another option. *Hover*: it moves to another word, all twelve
heads shown. *First paint*: a cell runs. What starts and stops the clock stands in race.js. A drag sweeps the slider to
and fro at one option every two frames; counted is how many of the values it passed were ever on the screen.
"""

import json
import platform
import random
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import nbformat
import numpy as np
import peers
import typer
from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.progress import track as progress

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))
import driver  # noqa: E402

RACE = Path(__file__).with_name("race.js").read_text(encoding="utf-8").replace("GREY_STEP", "20")
FRAME = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
SWEEPS = 5
WORDS = 24  # as many as stand in the window
SIZES = (32, 64, 128)
SLIDERS = {  # name -> what it is, how many options its slider has
    "explorer(32)": ("AttentionExplorer, 32 x 12", 10),
    "scaling()": ("ScalingView", 11),
    "by_ipympl()": ("same drawing, ipympl", 11),
    "by_interact()": ("same drawing, interact", 11),
}
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


def race_sliders(track, turns):
    racers = {}
    for code in SLIDERS:  # a kernel each: ipympl and inline would close each other's figures
        racers |= track.enter(code)
    results = {code: {"milliseconds": []} for code in SLIDERS}
    shuffle = random.Random(0)
    for code in SLIDERS:
        racers[code].page.wait_for_function("code => race.grey(code) === 0", arg=code)
    for turn in progress(range(turns), "slider"):
        for code, (_, options) in SLIDERS.items():
            racers[code].page.bring_to_front()
            racers[code].grasp(options)
            here = racers[code].value()
            for index in shuffle.sample([i for i in range(options) if i != here], 5):
                elapsed = racers[code].step(index)
                if turn:  # the first turn warms all
                    results[code]["milliseconds"].append(elapsed)
            racers[code].page.mouse.up()
    for code, (_, options) in SLIDERS.items():
        racers[code].page.bring_to_front()
        racers[code].grasp(options)
        if racers[code].value():
            racers[code].step(0)
        results[code]["passed"], results[code]["shown"] = racers[code].drag(options)
        racers[code].page.mouse.up()
        racers[code].lab.close()
    return results


def race_hovers(track, turns, n):
    """Return the hover's numbers at n words and, of the smallest n, the first paint's."""
    racers = {}
    for name in FIGURE:
        racers |= track.enter(f"{name}({n})")
    results = {code: {"milliseconds": []} for code in racers}
    first = {code: {"milliseconds": [], "since Shift+Enter": []} for code in racers if n == SIZES[0]}
    shuffle = random.Random(1)
    for turn in progress(range(turns), f"hover, {n} x 12"):
        for code, racer in racers.items():
            racer.page.bring_to_front()
            racer.visit()
            for at in shuffle.sample(range(WORDS), 6):
                elapsed = racer.hover(at)
                if turn:
                    results[code]["milliseconds"].append(elapsed)
            if code in first:
                output, start = racer.first_paint()
                if turn:
                    first[code]["milliseconds"].append(output)
                    first[code]["since Shift+Enter"].append(start)
    for racer in racers.values():
        racer.lab.close()
    return results, first


def race(turns):
    """Return the three races' numbers, all measured in one browser."""
    folder = peers.fetch()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        root, jupyter = Path(scratch) / "root", Path(scratch) / "jupyter"
        root.mkdir()
        settings = jupyter / "settings" / "@jupyterlab" / "notebook-extension"
        settings.mkdir(parents=True)
        (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')  # all figures stay there
        browser = driver.launch(playwright)
        with driver.jupyterlab(root, jupyter, peers.environment()) as url:
            track = Track(browser, url, root, folder)
            results = {"slider": race_sliders(track, turns), "hover": {}, "first paint": {}}
            for n in SIZES:  # BertViz draws a line for each weight: 196,608 of them at 128, seconds a turn
                hover, first = race_hovers(track, turns if n < SIZES[-1] else max(2, turns // 4), n)
                results["hover"] |= hover
                results["first paint"] |= first
        browser.close()
    for rows in results.values():
        for row in rows.values():
            row["p50"], row["p95"] = (round(float(q), 1) for q in np.percentile(row["milliseconds"], (50, 95)))
    return results


def _answer_with(path):
    return lambda route: route.fulfill(path=path)


def report(results):
    """Print ours, theirs and the ratio for each race."""

    def line(title, row, ours, note=""):
        ratio = f"{row['p50'] / ours['p50']:8.1f}" if row is not ours else f"{'':8}"
        print(f"{title:34}{row['p50']:8.0f}{row['p95']:8.0f}{ratio}   {note}")

    print(
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}; to the frame that was painted"
    )
    print(f"{'slider':34}{'p50 ms':>8}{'p95 ms':>8}{'ratio':>8}   values of a drag shown")
    for code, (title, _) in SLIDERS.items():
        row = results["slider"][code]
        ours = results["slider"]["scaling()" if code.startswith("by") else code]
        line(title, row, ours, f"{row['shown']} of {row['passed']}")
    for race_name, goals in (("hover", {32: 17, 64: 17, 128: 34}), ("first paint", {32: 150})):
        print(f"{race_name:34}{'p50 ms':>8}{'p95 ms':>8}{'ratio':>8}   goal, p50")
        for n, goal in goals.items():
            ours, theirs = (results[race_name][f"{name}({n})"] for name in ("explorer", "bertviz"))
            line(f"AttentionExplorer, {n} x 12", ours, ours, f"{goal} ms")
            line(f"BertViz head view, {n} x 12", theirs, ours)
    for code, row in results["first paint"].items():
        print(f"  {code}: {np.median(row['since Shift+Enter']):.0f} ms from Shift+Enter")


def main(turns: int = 21, save: Annotated[Path | None, typer.Option("--json", help="Write the numbers here.")] = None):
    """Race the figures and print what a learner feels."""
    results = race(turns)
    report(results)
    if save:
        save.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        Console().print(f"The numbers are in {save}.")


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(main)
    app()
