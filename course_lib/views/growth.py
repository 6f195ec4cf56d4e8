"""Lesson 07: seconds and memory from 1,000 to 200,000 tokens, as a committed run of benchmarks/sparse.py found them."""

import json
from pathlib import Path

import numpy as np

from course_lib.views.base import View
from course_lib.views.style import BLUE, GREEN, VERMILION, number

FILE = Path(__file__).resolve().parents[1] / "measured" / "sparse_growth.json"
LINES = {  # name and sign: told apart without their colour, and where one covers another
    "attention": ("attention", {"color": VERMILION, "marker": "o", "ms": 9}),
    "streaming": ("streaming, exact", {"color": BLUE, "marker": "s", "ms": 13, "mfc": "none", "mew": 2}),
    "window": ("window", {"color": GREEN, "marker": "^", "ms": 8}),
}
PANELS = {
    "seconds": ("seconds", {-3: ".001", -1: ".1", 1: "10", 3: "1,000"}),
    "megabytes": ("MB, input and output included", {0: "1", 1: "10", 2: "100", 3: "1,000"}),
}


class GrowthPlot(View):
    """How time and memory grow with the number of tokens: full attention, exact streaming attention, a window.

    results: what `python benchmarks/sparse.py --growth FILE` wrote; left out, the run that is committed. Memory is
    what a caller has to hold: Q, K, V, the output and the workspace.
    """

    size = (760, 420)
    stored_colours = 20

    def __init__(self, results=None):
        self.results = json.loads(FILE.read_text(encoding="utf-8")) if results is None else results
        missing = [name for name in ("machine", "features", "radius", *LINES) if name not in self.results]
        if missing:
            raise ValueError(f"results must be what benchmarks/sparse.py --growth writes: {', '.join(missing)} missing")
        super().__init__()

    def numbers(self):
        """Return for each line n, seconds and megabytes, and by what power of n either grows (its slope)."""
        found = {}
        for name in LINES:
            points = {key: np.array([point[key] for point in self.results[name]], float) for key in ("n", *PANELS)}
            points["megabytes"] += 3 * points["n"] * self.results["features"] * 4 / 1e6  # Q, K and V as float32
            slopes = {f"{key}_slope": slope(points["n"], points[key]) for key in PANELS}
            found[name] = points | slopes
        return found

    def describe(self):
        """Return the slopes; the seconds belong to one machine and are to be seen in the picture."""
        found = self.numbers()
        lines = "; ".join(
            f"{label} to {found[name]['n'].max():,.0f} tokens {number(found[name]['seconds_slope'])} and "
            f"{number(found[name]['megabytes_slope'])}"
            for name, (label, _) in LINES.items()
        )
        where = f"one head with {self.results['features']} features, one core ({self.results['machine']['cpu']})"
        return (
            f"Slopes of time and memory against the number of tokens on logarithmic scales, {where}: {lines}; "
            f"the window has radius {self.results['radius']}."
        )

    def build(self, figure):
        """Draw points and lines on logarithmic scales, and the slopes as a table under them."""
        found = self.numbers()
        for left, (key, (title, ticks)) in zip((0.085, 0.585), PANELS.items(), strict=True):
            axes = figure.add_axes((left, 0.4, 0.4, 0.52), xlim=(2.85, 5.45))
            axes.set_title(title, loc="left")
            axes.text(1, -0.28, "slope", ha="right", va="center_baseline", transform=axes.transAxes)
            axes.set_xticks([3, 4, np.log10(200_000)], ["1k", "10k", "200k"])
            powers = np.log10(np.concatenate([found[name][key] for name in LINES]))
            axes.set_ylim(powers.min() - 0.2, powers.max() + 0.2)
            inside = {at: words for at, words in ticks.items() if powers.min() - 0.2 <= at <= powers.max() + 0.2}
            axes.set_yticks(list(inside), list(inside.values()))
            for row, (name, (label, sign)) in enumerate(LINES.items()):
                axes.plot(*np.log10([found[name]["n"], found[name][key]]), ls="", **sign)
                self._row(
                    axes, -0.41 - 0.135 * row, sign, label if left < 0.5 else "", number(found[name][f"{key}_slope"])
                )

    def _row(self, axes, y, sign, label, power):
        words = {"va": "center_baseline", "transform": axes.transAxes}
        if label:
            axes.plot([0], [y], transform=axes.transAxes, clip_on=False, **sign)
        axes.text(0.06, y, label, **words)
        axes.text(1, y, power, ha="right", weight="bold", **words)


def slope(n, values):
    """Return by what power of n the values grow: the slope of a straight line through their logarithms."""
    return float(np.polyfit(np.log(n), np.log(values), 1)[0])
