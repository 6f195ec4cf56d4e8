"""Lesson 04, behind the cut: how the Jacobian's size is spread over queries, unscaled beside scaled, for each dₖ."""

from functools import cache

import numpy as np

from course_lib.experiments import gradient_study
from course_lib.views.base import View
from course_lib.views.style import BLUE, FAINT, INK, VERMILION, in_words, weight
from course_lib.views.tables import row_under

D_KS = (1, 4, 16, 64, 256, 1024)
LEFT = -1.72  # where the table under the chart begins
PLACES = np.arange(len(D_KS))
BIN = 0.02
EDGES = BIN * np.arange(31)
BAR = 5.5  # CSS pixels, a little more than half a bin
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
        """Draw two histograms back to back for each dₖ, a line at each median, and the medians as a table."""
        axes = figure.add_axes((0.2, 0.29, 0.79, 0.6))
        axes.set(xlim=(-0.6, len(D_KS) - 0.4), ylim=(-0.045, 0.56))
        axes.set_xticks(range(len(D_KS)), [""] * len(D_KS))
        axes.set_yticks([0, 0.25, 0.5], ["0", ".25", ".5"])
        axes.grid(axis="y", color=FAINT, alpha=0.35, lw=1)
        row_under(axes, 0.1, "dₖ", [f"{d_k:,}" for d_k in D_KS], LEFT)
        n = self.numbers()
        for row, (name, (_, colour, side)) in enumerate(KINDS.items()):
            medians, level = n[f"{name}_median"], 0.24 + 0.13 * row
            _draw_half(axes, n[name], side, colour)
            axes.hlines(medians, PLACES, PLACES + 0.46 * side, color=INK, lw=3, zorder=4)
            below = row_under(axes, level, f"      {name}", [weight(median) for median in medians], LEFT)
            _draw_sample(axes, -level, side, colour, below)
        figure.text(0.015, 0.93, "norm of the Jacobian, 2,000 queries with 64 keys; below: the medians")


def _draw_half(axes, norms, side, colour):
    """Draw a histogram for each row of norms (n_d_k, n): to the left in bars, to the right as an area.

    The two must be told apart without their colours.
    """
    counts = np.array([np.histogram(row, EDGES)[0] for row in norms])
    widths = 0.42 * side * counts / counts.max(1, keepdims=True)
    if side < 0:
        levels, starts = np.tile(BIN / 2 + EDGES[:-1], len(norms)), np.repeat(PLACES, len(EDGES) - 1)
        axes.hlines(levels, starts, starts + widths.ravel(), color=colour, lw=BAR)
    else:
        for place, row in zip(PLACES, widths, strict=True):
            axes.fill_betweenx(np.repeat(EDGES, 2)[1:-1], place, place + np.repeat(row, 2), color=colour, lw=0)


def _draw_sample(axes, level, side, colour, below):
    """Draw a small piece of either half in front of its row of the table."""
    levels, width = ([level - 0.028, level, level + 0.028], BAR) if side < 0 else ([level], 18)
    axes.hlines(levels, LEFT, LEFT + 0.27, color=colour, lw=width, transform=below, clip_on=False)
