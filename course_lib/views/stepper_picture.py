"""The stepper where no script runs: the whole way of one query as a table, its weights as one bar."""

import numpy as np
from matplotlib.patches import Rectangle

from course_lib.views.stepper_walk import say, vector
from course_lib.views.style import BLUE, FAINT, INK, SMALL

WIDTH, ROW = 760, 34  # CSS pixels
_INNER = WIDTH - 32


class WholeWay:
    """A picture of numbers that `walk` returned: a row for each token, the sums below."""

    def __init__(self, numbers, tokens, selection, label, masked):
        self.numbers, self.tokens, self.query, self.label = numbers, tokens, selection["query"], label
        self.names = 10 * max(map(len, ["sum", *tokens])) + 16  # the width of the first column
        self.tables = self._tables(self._columns(masked, selection["axis"]))
        self.height = 124 + len(self.tables) * (60 + ROW * (len(tokens) + 1))

    def _columns(self, masked, axis):
        """Return (title, a text for each key, the text below) of each column."""
        n = self.numbers
        columns = {
            "key": n["K"], "q · k": n["scores"], f"÷ {say(n['divisor'])}": n["scaled"], "masked": n["masked"],
            "exp": n["exps"], "weight": n["weights"], "value": n["V"], "weight × value": n["parts"],
        }  # fmt: skip
        below = {"weight": say(n["weights"].sum()), "weight × value": vector(n["output"])}
        below |= {"exp": say(n["totals"][0])} if axis == "keys" else {}
        return [
            (title, [vector(x) if np.ndim(x) else say(x) for x in values], below.get(title, ""))
            for title, values in columns.items()
            if masked or title != "masked"
        ]

    def _tables(self, columns):
        """Return the columns in one table, or in two where they do not fit side by side."""
        fits = sum(map(_width, columns)) <= _INNER - self.names
        return [columns] if fits else [columns[:-2], columns[-3:]]

    def draw(self, figure):
        """Draw it all on an empty figure of WIDTH x height."""
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(self.height, 0))
        axes.set_axis_off()
        asks = f"“{self.tokens[self.query]}” asks with q = {vector(self.numbers['Q'][self.query])}"
        axes.text(16, 28, asks, va="center", weight="bold")
        axes.text(WIDTH - 16, 28, f"numbers: {self.label}", va="center", ha="right", fontsize=SMALL, color=FAINT)
        top = 68
        for table in self.tables:
            top = self._table(axes, table, top)
        self._bar(axes, np.nan_to_num(self.numbers["weights"]), top + 4)

    def _table(self, axes, columns, top):
        """Draw a table from `top` down, and return where it ends."""
        free = _INNER - self.names - sum(map(_width, columns))
        right, end = 16 + self.names, top + 36 + ROW * len(self.tokens)
        look = {"ha": "right", "va": "center", "fontsize": SMALL}
        for column in columns:
            title, cells, below = column
            right += _width(column) + free / len(columns)
            axes.text(right, top, title, color=FAINT, **look)
            for row, cell in enumerate(cells):
                axes.text(right, top + 34 + ROW * row, cell, **look)
            axes.text(right, end + 6, below, weight="bold", **look)
        for row, token in enumerate(self.tokens):
            axes.text(16, top + 34 + ROW * row, token, va="center", weight="bold" if row == self.query else "normal")
        axes.plot([16, WIDTH - 16], [end - 16, end - 16], color=INK, lw=1)
        axes.text(16, end + 6, "sum", va="center")
        return end + 24 + ROW

    def _bar(self, axes, weights, top):
        """Draw the weights side by side, names in the parts that have room."""
        left, unit = 16.0, _INNER / max(1.0, weights.sum())
        for token, share in zip(self.tokens, weights, strict=True):
            axes.add_patch(Rectangle((left, top), unit * share, 28, facecolor="none", edgecolor=BLUE, linewidth=1.5))
            words, middle = f"{token} {say(share)}", left + unit * share / 2
            if 10 * len(words) < unit * share:
                axes.text(middle, top + 14, words, ha="center", va="center", fontsize=SMALL)
            left += unit * share


def _width(column):
    title, cells, below = column
    return 20 + max(8.4 * max(map(len, [title, *cells])), 9.6 * len(below))  # the text below is bold
