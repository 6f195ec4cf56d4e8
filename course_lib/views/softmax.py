"""Lesson 04: scores become shares of 1. Move a score, and every weight answers."""

import numpy as np

from course_lib.softmax import entropy, softmax
from course_lib.views.bars import bars, set_heights
from course_lib.views.base import View
from course_lib.views.parts import Slider
from course_lib.views.style import BLUE, FAINT, GREEN, INK, VERMILION, number, weight
from course_lib.views.words import Words

SCORES = [half / 2 for half in range(-10, 11)]
TEMPERATURES = [0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0]


class SoftmaxView(View):
    """Three to six scores and a temperature, the weights that softmax makes of them, and their entropy.

    scores: between -5 and 5 in steps of a half. temperature: what they are divided by.
    """

    size = (760, 420)
    stored_colours = 12

    def __init__(self, scores=(2.0, 1.0, 0.5), temperature=1.0):
        scores = [float(score) for score in np.ravel(scores)]
        if not 3 <= len(scores) <= 6:
            raise ValueError(f"SoftmaxView shows three to six scores, not {len(scores)}")
        texts = [number(score, 1) for score in SCORES]
        self.scores = [Slider(f"score {place}", SCORES, score, texts) for place, score in enumerate(scores, 1)]
        texts = [f"{heat:g}".removeprefix("0") for heat in TEMPERATURES]
        self.temperature = Slider("temperature", TEMPERATURES, float(temperature), texts)
        super().__init__(controls=[*self.scores, self.temperature])

    def numbers(self):
        """Return scores (n,), weights (n,) = softmax(scores / temperature), and their entropy in bits."""
        scores = np.array([slider.value for slider in self.scores])
        weights = softmax(scores / self.temperature.value)
        return {"scores": scores, "weights": weights, "entropy": float(entropy(weights))}

    def describe(self):
        """Return scores, temperature, weights and entropy."""
        n = self.numbers()
        scores = ", ".join(slider.text for slider in self.scores)
        weights = ", ".join(weight(w) for w in n["weights"])
        return (
            f"Scores {scores} at temperature {self.temperature.text} give the weights {weights}; their entropy is "
            f"{number(n['entropy'])} bits, of {number(np.log2(len(self.scores)))} at most."
        )

    def build(self, figure):
        """Draw three frames: scores above weights, key by key, and the entropy as a column."""
        grid = figure.add_gridspec(2, 2, width_ratios=[5, 1], height_ratios=[3, 4])
        figure.subplots_adjust(left=0.09, right=0.85, top=0.92, bottom=0.1, wspace=0.35, hspace=0.3)
        self._scores = self._build_keys(figure.add_subplot(grid[0, 0]), (-7, 7), FAINT)
        self._weights = self._build_keys(figure.add_subplot(grid[1, 0]), (0, 1.14), BLUE)
        above, below = figure.axes
        above.set(yticks=[-5, 0, 5], yticklabels=["−5", "0", "5"], ylabel="score", xticks=[])
        above.axhline(0, color=INK, lw=1)
        above.spines["bottom"].set_visible(False)
        keys = range(1, len(self.scores) + 1)
        below.set(yticks=[0, 0.5, 1], yticklabels=["0", ".5", "1"], ylabel="weight")
        below.set_xticks(keys, [f"key {key}" for key in keys], fontsize=16)
        self._build_entropy(figure.add_subplot(grid[:, 1]))

    def _build_keys(self, axes, limits, colour):
        places = np.arange(1, len(self.scores) + 1)
        axes.set(xlim=(0.4, len(places) + 0.6), ylim=limits)
        labels = [axes.add_artist(Words(place, 0, ha="center")) for place in places]
        return bars(axes, places, 0.6, facecolor=colour), labels

    def _build_entropy(self, axes):
        most = np.log2(len(self.scores))
        axes.set(xlim=(0, 1), ylim=(0, most * 1.02), xticks=[])
        axes.set_title("entropy", pad=12)
        axes.set_yticks([0, most], ["0\none winner", f"{number(most)}\nall equal"])
        axes.yaxis.tick_right()
        axes.spines[["left", "right"]].set_visible(False)
        axes.axhline(most, color=FAINT, ls=(0, (4, 3)), lw=1.5)
        self._entropy = bars(axes, [0.5], 0.7, facecolor=GREEN)
        self._bits = axes.add_artist(Words(0.5, -0.045, transform=axes.transAxes, ha="center", va="top", weight="bold"))

    def update(self, numbers):
        """Move both rows of bars with their numbers, and the column of the entropy."""
        top = numbers["weights"].argmax()
        for (row, labels), values, text, gap in (
            (self._scores, numbers["scores"], lambda score: number(score, 1), 0.6),
            (self._weights, numbers["weights"], weight, 0.025),
        ):
            set_heights(row, values)
            for label, value in zip(labels, values, strict=True):
                below = value < 0
                label.set(y=value - gap if below else value + gap, va="top" if below else "bottom", text=text(value))
        for place, label in enumerate(self._weights[1]):
            label.set_weight("bold" if place == top else "normal")
        self._weights[0].set_facecolor([VERMILION if place == top else BLUE for place in range(len(self.scores))])
        set_heights(self._entropy, [numbers["entropy"]])
        self._bits.set_text(f"{number(numbers['entropy'])} bits")
