"""Film the README's moving picture in a real JupyterLab: the explorer of lesson 04, then the d_k slider of lesson 03.

    python docs/film.py

Run it anew when one of the two figures looks different.
"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from course_tools import lab as course
from course_tools.work import fill

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))
import driver  # noqa: E402

FILM = ROOT / "docs" / "attention.gif"
SIZE = (780, 540)
COLOURS = 48
QUICK, SLOW = 450, 1500  # milliseconds a frame stands
STEADY = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def frame(page, figure):
    """Return the figure's picture on white, its upper left corner where the frame's is."""
    page.evaluate(STEADY)
    shot = Image.open(io.BytesIO(figure.screenshot(animations="disabled"))).convert("RGB")
    canvas = Image.new("RGB", SIZE, "white")
    canvas.paste(shot, (10, (SIZE[1] - shot.height) // 2))
    return canvas


def explorer(lab):
    """Yield (frame, milliseconds): each word in turn is looked at."""
    lab.open("notebooks/04_softmax.ipynb")
    lab.run_all()
    cell = next(c["id"] for c in _cells("04_softmax") if "explorer = AttentionExplorer" in c["source"])
    figure = lab.cell(cell).locator(".course-explorer")
    words = figure.locator(".course-tokens").first.locator("[role=option]")
    figure.scroll_into_view_if_needed()
    for at in range(words.count()):
        words.nth(at).hover()
        yield frame(lab.page, figure), 2 * QUICK


def scaling(lab):
    """Yield (frame, milliseconds): d_k from 1 to 1,024, raw and then scaled."""
    lab.open("notebooks/03_scaling.ipynb")
    lab.run_all()
    view = lab.page.locator(".jp-Cell:has(.course-predict)").first
    view.locator("[type=radio]").last.check()
    view.get_by_role("button", name="Commit").click()
    slider = view.get_by_role("slider", name="dₖ", exact=True)
    slider.wait_for()
    figure = view.locator(".course-view").last
    for divisor in ("none", "√dₖ"):
        figure.get_by_role("radio", name=divisor, exact=True).check()
        slider.press("Home")
        for step in range(11):
            if step:
                slider.press("ArrowRight")
            shown = f"At dₖ = {2**step:,}, "
            lab.page.wait_for_function("text => document.body.textContent.includes(text)", arg=shown)
            yield frame(lab.page, figure), SLOW if step == 10 else QUICK


def _cells(stem):
    import nbformat

    return nbformat.read(ROOT / "notebooks" / f"{stem}.ipynb", as_version=4).cells


def main():
    """Write the film and say how large it is."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        work = Path(scratch) / "work"
        fill(ROOT, work)
        browser = driver.launch(playwright)
        with driver.jupyterlab(work, Path(scratch) / "jupyter", course.environment()) as url:
            reel = []
            for scene in (explorer, scaling):
                lab = driver.Lab(browser, url, viewport=(1180, 1100))
                reel += scene(lab)
                lab.close()
        browser.close()
    frames, times = zip(*reel, strict=True)
    wall = Image.new("RGB", (SIZE[0], SIZE[1] * len(frames)))
    for at, one in enumerate(frames):
        wall.paste(one, (0, at * SIZE[1]))
    palette = wall.quantize(COLOURS, dither=Image.Dither.NONE)  # one for all: what stands still costs nothing
    few = [one.quantize(palette=palette, dither=Image.Dither.NONE) for one in frames]
    few[0].save(FILM, save_all=True, append_images=few[1:], duration=times, loop=0, optimize=True)
    print(f"{FILM.relative_to(ROOT)}: {len(frames)} frames, {FILM.stat().st_size / 1000:.0f} KB")


if __name__ == "__main__":
    main()
