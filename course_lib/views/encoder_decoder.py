"""Lesson 00: a sentence squeezed into one vector, and the same sentence with attention, which keeps every state."""

from itertools import pairwise

import numpy as np

from course_lib.summary import shares
from course_lib.views.base import View
from course_lib.views.boxes import arrow, box, canvas, note
from course_lib.views.style import SMALL, VERMILION, number

HEARD, SAID = ["the", "cat", "drank", "milk"], ["die", "Katze", "trank", "Milch"]
STEP = 1  # the decoder is about to say "Katze"
RELEVANCE = np.array([1.5, 7.0, 1.0, 0.5])  # of each word heard, to that step
STATES, MIDDLE, WORDS = [52 + 80 * place for place in range(4)], 385, [477 + 80 * place for place in range(4)]


class EncoderDecoder(View):
    """Above, the decoder has one vector to translate from; below, each of its steps mixes all states of the encoder.

    relevance: how much the step that says "Katze" wants of each word heard, four numbers from 0 up; hand-built.
    """

    size = (760, 408)
    stored_colours = 6

    def __init__(self, relevance=RELEVANCE):
        self.relevance = np.asarray(relevance, float)
        if self.relevance.shape != (len(HEARD),):
            raise ValueError(f"relevance must be one number for each word, {HEARD}: it has {self.relevance.shape}")
        super().__init__()

    def numbers(self):
        """Return the weights (4,) of the step: its shares of the relevance."""
        return {"weights": shares(self.relevance)}

    def describe(self):
        """Return what each half keeps, and the weights."""
        looks = ", ".join(f"{word} {number(w)}" for word, w in zip(HEARD, self.numbers()["weights"], strict=True))
        return (
            f"Above, the encoder turns “{' '.join(HEARD)}” into one vector, and the decoder says "
            f"“{' '.join(SAID)}” from that vector alone; below, all {len(HEARD)} states are stored, and the step that "
            f"says {SAID[STEP]} mixes them with hand-built weights: {looks}."
        )

    def build(self, figure):
        """Draw both halves, one above the other."""
        axes = canvas(figure)
        axes.text(16, 22, "one vector for the whole sentence", va="center_baseline", weight="bold")
        axes.text(16, 192, "attention: every state is kept, each step mixes them", va="center_baseline", weight="bold")
        note(axes, (744, 192), "weights hand-built", ha="right", style="italic")
        self._rows(axes, 72)
        self._rows(axes, 332)
        for places, name in ((STATES, "encoder"), (WORDS, "decoder")):
            note(axes, (np.mean(places), 152), name, ha="center")
        self._squeezed(axes, 72)
        self._mixed(axes, 332, 250)

    def _rows(self, axes, y):
        for places, words, up in ((STATES, HEARD, 1), (WORDS, SAID, -1)):
            for x, word in zip(places, words, strict=True):
                box(axes, (x, y), (52, 36))
                axes.text(x, y + 56, word, ha="center", va="center_baseline")
                arrow(axes, *[(x, y + 43), (x, y + 22)][::up])
            for left, right in pairwise(places):
                arrow(axes, (left + 27, y), (right - 29, y))

    def _squeezed(self, axes, y):
        box(axes, (MIDDLE, y), (30, 58), facecolor=VERMILION)
        arrow(axes, (STATES[-1] + 27, y), (MIDDLE - 18, y))
        arrow(axes, (MIDDLE + 16, y), (WORDS[0] - 29, y))

    def _mixed(self, axes, y, sum_y):
        for x, weight in zip(STATES, self.numbers()["weights"], strict=True):
            axes.plot([x, MIDDLE], [y - 19, sum_y], color=VERMILION, lw=1 + 12 * weight, zorder=1)
            axes.text(x, y, number(weight), ha="center", va="center_baseline", fontsize=SMALL, zorder=4)
        box(axes, (MIDDLE, sum_y), (40, 40), "mix", edgecolor=VERMILION)
        arrow(axes, (MIDDLE + 21, sum_y), (WORDS[STEP], sum_y), (WORDS[STEP], y - 22), colour=VERMILION, width=3)
