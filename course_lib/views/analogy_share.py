"""Lesson 01, behind the cut: how many analogies come out right, by the numbers that a word may have."""

from functools import cache

import numpy as np

from course_lib.experiments import analogy_shares
from course_lib.views.base import View
from course_lib.views.style import BLUE, FAINT, SMALL, VERMILION, number
from course_lib.views.tables import row_under

DIMS = (8, 16, 24, 32, 40, 64)
LEFT = -1.63  # where the table under the chart begins
FORMS = {  # what happens to the question's own words -> label, colour, marker, line, shift to the side
    "excluded": ("left out", BLUE, "s", "--", -0.12),
    "allowed": ("allowed", VERMILION, "o", "-", 0.12),
}


@cache
def shares(n_corpora):
    """Return the shares for all dimensions; 20 corpora take about two seconds, so they are measured once."""
    return analogy_shares(DIMS, n_corpora)


class AnalogyShare(View):
    """The share of 17 analogies answered rightly, by the dimension of the vectors; a dot for each corpus."""

    size = (760, 400)

    def __init__(self, n_corpora=20):
        if not isinstance(n_corpora, int) or n_corpora < 1:
            raise ValueError(f"n_corpora must be a whole number from 1 up, not {n_corpora!r}")
        self.n_corpora = n_corpora
        super().__init__()

    def numbers(self):
        """Return for "excluded" and "allowed" the shares (n_dims, n_corpora) and their means (n_dims,)."""
        found = {"dims": DIMS}
        for form in FORMS:
            each = np.array([getattr(shares(self.n_corpora)[dim], form) for dim in DIMS])
            found |= {form: each, f"{form}_mean": each.mean(1)}
        return found

    def describe(self):
        """Return the means by dimension in both forms."""
        n = self.numbers()
        means = {form: ", ".join(number(mean) for mean in n[f"{form}_mean"]) for form in FORMS}
        return (
            f"Share of 17 analogies answered rightly with {', '.join(map(str, DIMS))} numbers a word, mean of "
            f"{self.n_corpora} corpora: {means['excluded']} with the words of the question left out, "
            f"{means['allowed']} with them allowed."
        )

    def build(self, figure):
        """Draw a dot for each corpus, a line through the means, and the means as a table under the axis."""
        axes = figure.add_axes((0.19, 0.34, 0.8, 0.56))
        axes.set(xlim=(-0.4, len(DIMS) - 0.6), ylim=(-0.05, 1.07), yticks=[0, 0.5, 1], yticklabels=["0", ".5", "1"])
        axes.set_xticks(range(len(DIMS)), [""] * len(DIMS))
        axes.grid(axis="y", color=FAINT, alpha=0.35, lw=1)
        row_under(axes, 0.12, "numbers a word", DIMS, LEFT)
        n, places = self.numbers(), np.arange(len(DIMS))
        for row, (form, (label, colour, marker, line, aside)) in enumerate(FORMS.items()):
            spread = np.linspace(-0.07, 0.07, self.n_corpora)  # side by side, or equal shares would hide each other
            at, means = places[:, None] + aside + spread, n[f"{form}_mean"]
            axes.scatter(at, n[form], s=26, marker=marker, facecolor="none", edgecolor=colour, linewidth=1.2)
            axes.plot(places + aside, means, line, marker=marker, color=colour, lw=3, ms=10, label=label)
            level = 0.29 + 0.15 * row
            below = row_under(axes, level, "    mean", [number(mean) for mean in means], LEFT)
            axes.plot(LEFT + 0.1, -level, marker=marker, color=colour, ms=10, transform=below, clip_on=False)
        axes.legend(loc="lower right", frameon=False, fontsize=SMALL, title="the question's own words", borderpad=0)
        figure.text(0.015, 0.93, f"share of 17 analogies answered rightly, {self.n_corpora} corpora")
