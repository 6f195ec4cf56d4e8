"""What a learner feels: our figures beside `interact`, ipympl and BertViz, in one real JupyterLab, taking turns.

    python benchmarks/figures.py [--turns N] [--json FILE]

Three races. *Slider*: a trusted mouse moves the handle to another option. *Hover*: it moves to another word, all twelve
heads shown. *First paint*: a cell runs. What starts and stops the clock stands in race.js. A drag sweeps the slider to
and fro at one option every two frames; counted is how many of the values it passed were ever on the screen.
"""

import json
import platform
import random
import tempfile
from pathlib import Path
from typing import Annotated

import numpy as np
import peers
import typer
from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.progress import track as progress
from track import FIGURE, WORDS, Track, driver

SIZES = (32, 64, 128)
SLIDERS = {  # name -> what it is, how many options its slider has
    "explorer(32)": ("AttentionExplorer, 32 x 12", 10),
    "scaling()": ("ScalingView", 11),
    "by_ipympl()": ("same drawing, ipympl", 11),
    "by_interact()": ("same drawing, interact", 11),
}


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
