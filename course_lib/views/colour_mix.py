"""Lesson 04: values as colours, and each output as the mixture that the weights make of them."""

import numpy as np
from matplotlib.patches import Rectangle

from course_lib.attention import weighted_sum
from course_lib.views.base import View
from course_lib.views.matrix import ink_on
from course_lib.views.style import INK, SMALL, number, weight

ROW = 84  # CSS pixels
SLICE = 0.06  # a narrower slice has no room for its name


class ColourMix(View):
    """One bar for each query, cut into its weights and coloured by the values; beside it the colour that comes out.

    weights (n_q, n_k), rows sum to 1. V (n_k, 3): red, green, blue between 0 and 1. names: of the keys.
    """

    true_colours = True
    stored_colours = 24  # its own are many

    def __init__(self, weights, V, names):
        self.weights, self.V, self.names = np.asarray(weights, float), np.asarray(V, float), list(names)
        _check(self.weights, self.V, self.names)
        self.size = (760, 50 + ROW * len(self.weights))
        super().__init__()

    def numbers(self):
        """Return weights, values, and the outputs (n_q, 3) = weights @ V."""
        return {"weights": self.weights, "values": self.V, "output": weighted_sum(self.weights, self.V)}

    def describe(self):
        """Return for each query what it is mixed from and the colour that comes out."""
        return (
            "Red, green and blue of each output: "
            + "; ".join(
                f"query {row} mixes {_parts(weights, self.names)} into {_channels(output)}"
                for row, (weights, output) in enumerate(zip(self.weights, self.numbers()["output"], strict=True), 1)
            )
            + "."
        )

    def build(self, figure):
        """Draw the bars and the swatches, names and weights in the slices that have room."""
        n = self.numbers()
        axes = figure.add_axes((0.09, 0.02, 0.62, 0.9 - 0.02), xlim=(0, 1), ylim=(len(self.weights), -0.15))
        result = figure.add_axes((0.76, 0.02, 0.23, 0.9 - 0.02), xlim=(0, 1), ylim=axes.get_ylim())
        for panel in (axes, result):
            panel.set_axis_off()
        figure.text(0.09, 0.985, "values, as wide as their weights", va="top")
        figure.text(0.76, 0.985, "output", va="top")
        for row, (weights, output) in enumerate(zip(n["weights"], n["output"], strict=True)):
            axes.text(-0.02, row + 0.3, f"query {row + 1}", ha="right", va="center", fontsize=SMALL)
            self._bar(axes, row, weights)
            _block(result, 0, row, 1, output)
            result.text(0.5, row + 0.3, "mix", ha="center", va="center", color=ink_on(output), weight="bold")
            result.text(0.5, row + 0.66, _channels(output), ha="center", va="top", fontsize=SMALL)

    def _bar(self, axes, row, weights):
        left = 0.0
        for share, value, name in zip(weights, self.V, self.names, strict=True):
            _block(axes, left, row, share, value)
            if share >= SLICE:
                middle, look = left + share / 2, {"ha": "center", "fontsize": SMALL}
                axes.text(middle, row + 0.3, number(share), va="center", color=ink_on(value), weight="bold", **look)
                axes.text(middle, row + 0.66, name, va="top", **look)
            left += share


def _block(axes, left, row, width, colour):
    axes.add_patch(Rectangle((left, row), width, 0.6, facecolor=np.clip(colour, 0, 1), edgecolor=INK, linewidth=1))


def _channels(colour):
    return f"[{' '.join(number(channel) for channel in colour)}]"


def _parts(weights, names):
    return ", ".join(f"{weight(share)} {name}" for share, name in zip(weights, names, strict=True))


def _check(weights, V, names):
    if weights.ndim != 2 or V.shape != (weights.shape[-1], 3) or len(names) != len(V):
        shapes = f"weights {weights.shape}, V {V.shape}, {len(names)} names"
        raise ValueError(f"needs weights (n_q, n_k), colours V (n_k, 3) and n_k names: got {shapes}")
    if not np.allclose(weights.sum(-1), 1) or weights.min() < 0:
        raise ValueError(f"each query's weights must be shares of 1: the rows sum to {weights.sum(-1).round(3)}")
    if V.min() < 0 or V.max() > 1:
        raise ValueError(f"a colour's channels must lie between 0 and 1: V goes from {V.min()} to {V.max()}")
