"""A sentence's weights as cells: row, the word that asks; column, the word that is looked at."""

import numpy as np

from course_lib.views.base import View
from course_lib.views.matrix import CELL, draw_matrix
from course_lib.views.style import LABELS, number

MOST = 16  # cells on a side that a reader at the back can still read


class HeatMap(View):
    """Weights (n_q, n_k) with a number in each cell. Rows of queries, columns of keys.

    rows, columns: the words; columns are the rows' where they are left out. label: "hand-built", "random" or "trained".
    """

    def __init__(self, weights, rows, columns=None, title="", label="hand-built"):
        self.weights = np.asarray(weights, float)
        self.rows, self.columns = list(rows), list(rows if columns is None else columns)
        self.title, self.label = title, label
        _check(self.weights, self.rows, self.columns, label)
        self.size = (760, (130 if title else 100) + CELL * len(self.rows))
        super().__init__()

    def numbers(self):
        """Return the weights, and for each row the column of its largest."""
        return {"weights": self.weights, "top": self.weights.argmax(-1)}

    def describe(self):
        """Return the size, and where each row looks most."""
        looks = ", ".join(
            f"{row} {self._favourite(weights, top)} ({number(weights[top])})"
            for row, weights, top in zip(self.rows, self.weights, self.numbers()["top"], strict=True)
        )
        shape = f"{len(self.rows)} x {len(self.columns)} weights, {self.label}".replace(" x ", " × ")
        return f"{self.title + ': ' if self.title else ''}{shape}; each row looks most: {looks}."

    def _favourite(self, weights, top):
        return "equally at all" if np.ptp(weights) < 1e-9 else f"at {self.columns[top]}"

    def build(self, figure):
        """Draw the cells, the words, and where the numbers come from."""
        height = self.size[1]
        width = min(590, 74 * len(self.columns)) / 760
        axes = figure.add_axes((0.15, 36 / height, width, CELL * len(self.rows) / height))
        draw_matrix(axes, self.weights, self.rows, self.columns, most=1)
        axes.tick_params(labelsize=16)
        axes.set_ylabel("asks", labelpad=10)
        top = (36 + CELL * len(self.rows) + 36) / height
        figure.text(0.15 + width / 2, top, "is looked at", ha="center")
        figure.text(0.015, 1 - 22 / height, self.title, weight="bold")
        figure.text(0.15 + width, 10 / height, self.label, ha="right", style="italic")


def _check(weights, rows, columns, label):
    if weights.ndim != 2 or weights.shape != (len(rows), len(columns)):
        names = f"{len(rows)} rows and {len(columns)} columns"
        raise ValueError(f"weights must have one row a query and one column a key, {names}: they have {weights.shape}")
    if not 0 < max(weights.shape) <= MOST:
        raise ValueError(f"a heat map with readable numbers has at most {MOST} rows and columns, not {weights.shape}")
    if label not in LABELS:
        raise ValueError(f"label must say where the weights come from, {', '.join(LABELS)}: got {label!r}")
