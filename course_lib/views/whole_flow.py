"""Lesson 06: the whole way of multi-head attention in one picture, with the shape of what travels on each arrow."""

import numpy as np

from course_lib.multi_head import merge_heads, multi_head, split_heads
from course_lib.scores import dot_scores
from course_lib.views.base import View
from course_lib.views.boxes import arrow, box, canvas, note

Q, K, V, MIDDLE, LAST = 180, 340, 500, 260, 694  # CSS pixels: the lanes from left to right
STEPS = ("", "project", "split", "score", "share", "mix", "merge", "mix heads")
ROWS = (26, 120, 204, 304, 380, 462, 538, 604)  # where each step stands
SYMBOLS = {
    "X": "(n, d_model)",
    "Q": "(n, d_model)",
    "split": "(h, n, d_head)",
    "scores": "(h, n, n)",
    "weights": "(h, n, n)",
    "heads": "(h, n, d_head)",
    "merged": "(n, d_model)",
    "output": "(n, d_model)",
}


class WholeFlow(View):
    """From tokens X to the output: project, split into heads, score, softmax, mix, merge, mix the heads.

    n tokens, d_model features, n_heads heads: the sizes that the shapes are shown for; n_heads divides d_model.
    """

    size = (760, 628)
    stored_colours = 4

    def __init__(self, n=5, d_model=12, n_heads=3):
        if d_model % n_heads:
            raise ValueError(f"n_heads must divide d_model: {d_model} features cannot be shared by {n_heads} heads")
        self.n, self.d_model, self.n_heads = n, d_model, n_heads
        super().__init__()

    def numbers(self):
        """Return the shape of every array on the way, as the course's own functions make them."""
        X, W = np.zeros((self.n, self.d_model)), np.eye(self.d_model)
        trace = multi_head(X, W, W, W, W, self.n_heads)
        arrays = {"X": X, "Q": X @ W, "split": split_heads(X @ W, self.n_heads)}
        arrays |= {
            "scores": dot_scores(arrays["split"], arrays["split"]),
            "weights": trace.weights,
            "heads": trace.heads,
        }
        arrays |= {"merged": merge_heads(trace.heads), "output": trace.output}
        return {name: array.shape for name, array in arrays.items()}

    def describe(self):
        """Return the steps with their shapes."""
        n = self.numbers()
        return (
            f"With {self.n_heads} heads, X {n['X']} becomes queries, keys and values {n['Q']}; split into heads "
            f"{n['split']}; scores {n['scores']}, masked, give weights {n['weights']}; they mix the values into heads "
            f"{n['heads']}, which are merged {n['merged']}, and W_o mixes them into the output {n['output']}."
        )

    def build(self, figure):
        """Draw the boxes from the top down, the step's name to the left, the shape beside each arrow."""
        axes = canvas(figure)
        for name, y in zip(STEPS, ROWS, strict=True):
            axes.text(16, y, name, va="center_baseline", weight="bold")
        self._lanes(axes, *ROWS[:3])
        self._heads(axes, *ROWS[3:])
        places = {
            "X": (K + 14, 55),
            "Q": (V + 10, 159),
            "split": (V + 10, 258),
            "scores": (MIDDLE + 10, 343),
            "weights": (MIDDLE + 10, 421),
        }
        places |= {"heads": (MIDDLE + 10, 500), "merged": (MIDDLE + 10, 567), "output": (456, 592)}
        for name, place in places.items():
            note(axes, place, f"{SYMBOLS[name]} = {self.numbers()[name]}")

    def _lanes(self, axes, top, project, split):
        box(axes, (K, top), (100, 34), "X")
        for lane, name in ((Q, "q"), (K, "k"), (V, "v")):
            arrow(axes, (K, top + 18), (K, top + 42), (lane, top + 42), (lane, project - 20))
            box(axes, (lane, project), (100, 34), f"X W_{name}")
            arrow(axes, (lane, project + 18), (lane, split - 20))
            box(axes, (lane, split), (100, 34), name.upper(), sheets=3)

    def _heads(self, axes, score, share, mix, merge, last):
        for lane in (Q, K):
            arrow(axes, (lane, score - 72), (lane, score - 46), (MIDDLE, score - 46), (MIDDLE, score - 20))
        for y, words in ((score, "Q Kᵀ / √d_head"), (share, "mask, softmax"), (mix, "weights V")):
            box(axes, (MIDDLE, y), (200, 34), words, sheets=3)
            arrow(axes, (MIDDLE, y + 28), (MIDDLE, ROWS[ROWS.index(y) + 1] - 20))
        arrow(axes, (V, score - 72), (V, mix), (MIDDLE + 114, mix))
        box(axes, (MIDDLE, merge), (200, 34), "in one row")
        arrow(axes, (MIDDLE, merge + 18), (MIDDLE, last - 20))
        box(axes, (MIDDLE, last), (200, 34), "heads W_o")
        arrow(axes, (MIDDLE + 101, last), (LAST - 53, last))
        box(axes, (LAST, last), (100, 34), "output")
