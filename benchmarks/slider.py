"""From a moved slider to changed pixels: ScalingView beside the same figure by `interact` + inline matplotlib.

    python benchmarks/slider.py [--steps N] [--json FILE]

Both stand in one JupyterLab, one kernel, one page, and take turns. A trusted mouse moves the handle; the clock starts
at the browser's own time stamp of that event and stops at the first animation frame whose picture carries the new
value, read from the marker's pixels. A drag sweeps the slider to and fro at one option every two frames; counted is
how many of the values it passed were ever on the screen.
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
import typer
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))
import driver  # noqa: E402

GREY_STEP = 20
OPTIONS = 11
SWEEPS = 5

PAGE = """() => {
  window.race = {
    output: {},   // name -> the cell's output area
    stamp: 0,     // time stamp of the last trusted move
    grey(name) {
      const image = race.output[name].querySelector('img[src^="blob:"], img[src^="data:image/png"]');
      if (!image || !image.complete || !image.naturalWidth) return null;
      const canvas = race.canvas ??= new OffscreenCanvas(1, 1);
      const context = canvas.getContext('2d', { willReadFrequently: true });
      context.clearRect(0, 0, 1, 1);
      const w = image.naturalWidth, h = image.naturalHeight;
      context.drawImage(image, w * 0.01, h * 0.98, 1, 1, 0, 0, 1, 1);
      return Math.round(context.getImageData(0, 0, 1, 1).data[0] / STEP);
    },
    value(name) {
      const native = race.output[name].querySelector('input[type=range]');
      if (native) return Number(native.value);
      return Math.round(Number(race.output[name].querySelector('[role=slider]').getAttribute('aria-valuenow')));
    },
    until(name, index) {
      return new Promise(done => {
        const look = () => {
          if (race.grey(name) === index) done(performance.now() - race.stamp);
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
    },
    watch(name) {
      race.seen = [race.grey(name)];
      race.passed = [race.value(name)];
      race.watching = true;
      const look = () => {
        const now = race.grey(name), value = race.value(name);
        if (now !== null && now !== race.seen.at(-1)) race.seen.push(now);
        if (value !== race.passed.at(-1)) race.passed.push(value);
        if (race.watching) requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    },
  };
  window.addEventListener('mousemove', event => { if (event.isTrusted) race.stamp = event.timeStamp; }, true);
}""".replace("STEP", str(GREY_STEP))

FRAME = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Racer:
    """One of the two figures on the page: where its slider is, and how to move it."""

    def __init__(self, lab, name, cell_id):
        self.page, self.name = lab.page, name
        cell = lab.cell(cell_id)
        cell.evaluate("(cell, name) => { race.output[name] = cell.querySelector('.jp-OutputArea') }", name)
        self.handle = cell.locator("input[type=range], .noUi-handle").first
        self.track = cell.locator("input[type=range], .noUi-base").first
        self.page.wait_for_function("name => race.grey(name) === 0", arg=name)

    def grasp(self):
        """Take hold of the slider and learn where on the screen each option lies."""
        self.track.scroll_into_view_if_needed()
        box = self.track.bounding_box()
        self.y = box["y"] + box["height"] / 2
        native = self.handle.evaluate("element => element.tagName === 'INPUT'")
        inset = 12 if native else 0  # a native thumb stops half its width before the ends
        self.x = np.linspace(box["x"] + inset, box["x"] + box["width"] - inset, OPTIONS)
        self.page.mouse.move(self.x[self.value()], self.y)
        self.page.mouse.down()

    def value(self):
        return self.page.evaluate("name => race.value(name)", self.name)

    def step(self, index):
        """Move to an option; return the milliseconds until the picture shows it."""
        self.page.mouse.move(self.x[index], self.y)
        self.page.wait_for_function("([name, index]) => race.value(name) === index", arg=[self.name, index])
        return self.page.evaluate("([name, index]) => race.until(name, index)", [self.name, index])

    def drag(self):
        """Sweep to and fro; return (values passed, values shown)."""
        path = [*range(1, OPTIONS), *range(OPTIONS - 2, -1, -1)] * SWEEPS
        self.page.evaluate("name => race.watch(name)", self.name)
        for index in path:
            self.page.mouse.move(self.x[index], self.y)
            self.page.evaluate(FRAME)
        self.page.wait_for_function("([name, last]) => race.grey(name) === last", arg=[self.name, path[-1]])
        passed, seen = self.page.evaluate("() => { race.watching = false; return [race.passed, race.seen] }")
        return len(passed) - 1, len(seen) - 1


def notebook():
    path = f"import sys\nsys.path.insert(0, {str(ROOT / 'benchmarks')!r})\n"
    start = path + "import slider_figures as figures\nfigures.warm()"
    cells = [nbformat.v4.new_code_cell(source) for source in (start, "figures.ours()", "figures.peer()")]
    for cell, name in zip(cells, ("start", "ours", "peer"), strict=True):
        cell.id = name
    return nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )


def race(steps):
    """Return {"ours": {...}, "peer": {...}} measured in one page, the two taking turns."""
    results = {name: {"milliseconds": [], "passed": 0, "shown": 0} for name in ("ours", "peer")}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder) / "root"
        root.mkdir()
        nbformat.write(notebook(), root / "race.ipynb")
        browser = driver.launch(playwright)
        with driver.jupyterlab(root, Path(folder) / "jupyter") as url:
            lab = driver.Lab(browser, url, viewport=(1280, 1400)).open("race.ipynb")
            lab.page.evaluate(PAGE)
            lab.run_all()
            racers = [Racer(lab, name, name) for name in results]
            shuffle = random.Random(0)
            for turn in range(steps):
                for racer in racers:
                    racer.grasp()
                    here = racer.value()
                    for index in shuffle.sample([i for i in range(OPTIONS) if i != here], 5):
                        elapsed = racer.step(index)
                        if turn:  # the first turn warms both
                            results[racer.name]["milliseconds"].append(elapsed)
                    lab.page.mouse.up()
            for racer in racers:
                racer.grasp()
                racer.step(0) if racer.value() else None
                results[racer.name]["passed"], results[racer.name]["shown"] = racer.drag()
                lab.page.mouse.up()
        browser.close()
    return results


def main(steps: int = 21, save: Annotated[Path | None, typer.Option("--json", help="Write the numbers here.")] = None):
    """Race the two figures and print what a learner feels."""
    results = race(steps)
    print(f"slider -> pixels, {platform.system()} {platform.machine()}, Python {platform.python_version()}")
    print(f"{'':28}{'p50 ms':>8}{'p95 ms':>8}   values of a drag shown")
    for name, title in (("ours", "ScalingView"), ("peer", "interact + inline matplotlib")):
        row = results[name]
        row["p50"], row["p95"] = (float(q) for q in np.percentile(row["milliseconds"], (50, 95)))
        print(f"{title:28}{row['p50']:8.0f}{row['p95']:8.0f}   {row['shown']} of {row['passed']}")
    ratios = {q: results["peer"][q] / results["ours"][q] for q in ("p50", "p95")}
    print(f"{'ratio':28}{ratios['p50']:8.1f}{ratios['p95']:8.1f}   (p50 <= 80, p95 <= 150 on an idle machine, >= 1.5)")
    if save:
        save.write_text(json.dumps({"results": results, "ratios": ratios}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(main)
    app()
