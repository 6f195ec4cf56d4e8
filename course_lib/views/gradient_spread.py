"""Lesson 04, behind the cut: how the Jacobian's size is spread over queries, unscaled beside scaled, for each dₖ."""

from functools import cache

import numpy as np
from matplotlib.patches import Rectangle

from course_lib.experiments import gradient_study
from course_lib.views.base import View
from course_lib.views.style import BLUE, FAINT, INK, VERMILION, in_words, weight
from course_lib.views.tables import row_under

D_KS = (1, 4, 16, 64, 256, 1024)
LEFT = -1.72  # where the table under the chart begins
EDGES = np.linspace(0, 0.6, 31)
DEAF = 0.001  # a norm below this passes next to nothing on
KINDS = {"unscaled": (False, VERMILION, -1), "scaled": (True, BLUE, 1)}


@cache
def jacobian_norms(d_k, scaled):
    """Return the Jacobian norms (2,000,) of one setting, 64 keys; each is measured once."""
    return gradient_study(d_k, scaled).jacobian


class GradientSpread(View):
    """For each dₖ the spread of the Jacobian's norm over 2,000 queries: unscaled to the left, scaled to the right."""

    size = (760, 440)
    stored_colours = 12

    def numbers(self):
        """Return for "unscaled" and "scaled" the norms (n_d_k, 2000), their medians, and the share below .001."""
        found = {"d_k": D_KS}
        for name, (scaled, *_) in KINDS.items():
            norms = np.array([jacobian_norms(d_k, scaled) for d_k in D_KS])
            found[name] = norms
            found[f"{name}_median"] = np.median(norms, axis=1)
            found[f"{name}_below"] = (norms < DEAF).mean(1)
        return found

    def describe(self):
        """Return the medians, unscaled and scaled."""
        n = self.numbers()
        medians = {name: ", ".join(weight(median) for median in n[f"{name}_median"]) for name in KINDS}
        sizes = ", ".join(f"{d_k:,}" for d_k in D_KS)
        return (
            f"Norm of the softmax's Jacobian, 2,000 random queries with 64 keys, at dₖ = {sizes}: "
            f"the medians are {medians['unscaled']} unscaled and {medians['scaled']} scaled; unscaled, "
            f"{', '.join(map(in_words, n['unscaled_below']))} of the queries stay below .001."
        )

    def build(self, figure):
        """Draw a pair of histograms back to back for each dₖ, a tick at each median, and the medians as a table."""
        axes = figure.add_axes((0.2, 0.29, 0.79, 0.6))
        axes.set(xlim=(-0.6, len(D_KS) - 0.4), ylim=(-0.045, 0.56))
        axes.set_xticks(range(len(D_KS)), [""] * len(D_KS))
        axes.set_yticks([0, 0.25, 0.5], ["0", ".25", ".5"])
        axes.grid(axis="y", color=FAINT, alpha=0.35, lw=1)
        row_under(axes, 0.1, "dₖ", [f"{d_k:,}" for d_k in D_KS], LEFT)
        n = self.numbers()
        for row, (name, (_, colour, side)) in enumerate(KINDS.items()):
            medians, level = n[f"{name}_median"], 0.24 + 0.13 * row
            for place, (norms, median) in enumerate(zip(n[name], medians, strict=True)):
                _half(axes, place, norms, median, colour, side)
            row_under(axes, level, f"      {name}", [weight(median) for median in medians], LEFT)
            corner, extent = (LEFT, -level - 0.035), (0.27, 0.07)
            look = _look(colour, side) | {"transform": axes.get_xaxis_transform(), "clip_on": False}
            axes.add_patch(Rectangle(corner, *extent, **look))
        figure.text(0.015, 0.93, "norm of the Jacobian, 2,000 queries with 64 keys; below: the medians")


def _look(colour, side):
    """Return how one side is filled: the left one striped, so that no one has to tell the colours apart."""
    stripes = {"hatch": "///", "edgecolor": "white"} if side < 0 else {}
    return {"facecolor": colour, "linewidth": 0, "zorder": 2} | stripes


def _half(axes, place, norms, median, colour, side):
    counts, _ = np.histogram(norms, EDGES)
    width = np.repeat(counts / counts.max(), 2) * 0.42 * side
    axes.fill_betweenx(np.repeat(EDGES, 2)[1:-1], place, place + width, **_look(colour, side))
    axes.plot([place, place + 0.46 * side], [median] * 2, color=INK, lw=3, zorder=4)
