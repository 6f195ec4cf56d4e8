"""Lesson 00: how many words one summary of fixed size gives back, and what attention pays to give back all."""

from functools import cache

import numpy as np

from course_lib.cost import stored_states
from course_lib.experiments.recall import N_WORDS, attention_recall, recall
from course_lib.views.base import View
from course_lib.views.parts import Slider
from course_lib.views.style import BLUE, FAINT, LARGE, SMALL, VERMILION, number
from course_lib.views.words import Words

LENGTHS = [2**power for power in range(9)]
SIZES = [2**power for power in range(5, 10)]
DRAWN = 64  # the size whose recall is drawn as a line, for the markers to be read against
WORK = {recall: 2_000_000, attention_recall: 2_000_000}  # numbers a setting may handle: the slider waits for them


@cache
def measured(read, n, d):
    """Return the share read back, and of how many sentences; each of the settings is measured once."""
    return read(n, d, sentences(read, n, d), np.random.default_rng(1)), sentences(read, n, d)


def sentences(read, n, d):
    """Return how many sentences are read: 1,000, or as many as a slider has the patience for."""
    handled = (n + N_WORDS) * (d + 16) + (n * n * d if read is attention_recall else 0)
    return max(2, min(1000, WORK[read] // handled))


class RecallView(View):
    """The share of n words read back from a summary of d numbers, and by attention over n states of d numbers.

    n: words of the sentence, 1, 2, 4, ... 256. d: numbers of the summary and of each state, 32, 64, ... 512.
    """

    size = (760, 400)
    stored_colours = 24

    def __init__(self, n=8, d=64):
        self.n = Slider("words n", LENGTHS, n)
        self.d = Slider("numbers d", SIZES, d)
        super().__init__(controls=[self.n, self.d])

    def numbers(self):
        """Return both shares, the sentences they were counted on, and how many numbers each of the two stores."""
        n, d = self.n.value, self.d.value
        summary, attention = measured(recall, n, d), measured(attention_recall, n, d)
        return {
            "summary": summary[0],
            "attention": attention[0],
            "sentences": (summary[1], attention[1]),
            "stored": (d, stored_states(n, d, d)),
            "load": n / d,
        }

    def describe(self):
        """Return both shares with their price in stored numbers."""
        n = self.numbers()
        words = "1 word" if self.n.value == 1 else f"{self.n.value} words"
        few, many = n["stored"]
        return (
            f"{words} of a vocabulary of {N_WORDS}: one summary of {few:,} numbers gives {number(n['summary'])} of "
            f"them back, attention over stored states {number(n['attention'])}, with {many:,} stored numbers "
            f"(counted on {n['sentences'][0]:,} and on {n['sentences'][1]:,} random sentences)."
        )

    def build(self, figure):
        """Draw the recall of one size as a line, and the frames; make the markers, the lengths and the numbers."""
        self._build_recall(figure.add_axes((0.075, 0.16, 0.56, 0.72)))
        self._build_stored(figure.add_axes((0.69, 0.16, 0.295, 0.72)))

    def _build_recall(self, axes):
        axes.set(xlim=(-9.4, 3.6), ylim=(0, 1.12), xlabel="words for each number of the summary, n / d")
        axes.set_xticks([-8, -6, -4, -2, 0, 2], ["1/256", "1/64", "1/16", "1/4", "1", "4"])
        axes.set_yticks([0, 0.5, 1], ["0", ".5", "1"])
        axes.set_title("share of the words read back", loc="left")
        axes.axhline(1, color=FAINT, lw=1)
        shares = [measured(recall, n, DRAWN)[0] for n in LENGTHS]
        axes.plot(np.log2(np.array(LENGTHS) / DRAWN), shares, color=VERMILION, lw=2)
        axes.text(-2, 0.52, f"line: d = {DRAWN}", color=FAINT, fontsize=SMALL)
        look = {"animated": True, "zorder": 6, "clip_on": False}
        (self._attention,) = axes.plot([], [], "s", color=BLUE, ms=24, mew=4, mfc="none", **look)
        (self._summary,) = axes.plot([], [], "o", color=VERMILION, ms=14, **look)
        look = {"fontsize": LARGE, "weight": "bold"}
        self._labels = [axes.add_artist(Words(color=colour, **look)) for colour in (VERMILION, BLUE)]

    def _build_stored(self, axes):
        axes.set(xlim=(0, np.log2(stored_states(LENGTHS[-1], SIZES[-1], SIZES[-1]))), ylim=(2, 0))
        axes.set_axis_off()
        axes.set_title("stored numbers, log scale", loc="left")
        rows = (("summary: d", VERMILION, "o"), ("attention: n (d + d)", BLUE, "s"))
        look = {"lw": 16, "solid_capstyle": "butt", "animated": True, "zorder": 5}
        self._lengths = [axes.plot([], [], color=colour, **look)[0] for _, colour, _ in rows]
        look = {"fontsize": LARGE, "weight": "bold"}
        self._stored = [axes.add_artist(Words(0, row + 0.82, va="center", **look)) for row in range(2)]
        for row, (name, colour, sign) in enumerate(rows):
            axes.plot(0.4, row + 0.22, sign, color=colour, ms=12, mew=3, mfc="none" if row else colour, clip_on=False)
            axes.text(1.3, row + 0.22, name, va="center_baseline")
            axes.plot(axes.get_xlim(), [row + 0.5] * 2, color=FAINT, lw=1)

    def update(self, numbers):
        """Move the markers with their labels, and both lengths with their numbers."""
        place = np.log2(numbers["load"])
        summary, label = numbers["summary"], self._labels[0]
        self._summary.set_data([place], [summary])
        self._attention.set_data([place], [numbers["attention"]])
        self._labels[1].set(x=place + 0.4, y=numbers["attention"] + 0.05, text=number(numbers["attention"]))
        # Keep off the line, which falls from left to right, and off the frame.
        above, to_the_right = summary < 0.3, summary < 0.3 or place < np.log2(1 / DRAWN)
        y, x = summary + (0.04 if above else -0.12), place + (0.4 if to_the_right else -0.3)
        label.set(x=x, y=y, ha="left" if to_the_right else "right", text=number(summary))
        for row, (line, words, stored) in enumerate(zip(self._lengths, self._stored, numbers["stored"], strict=True)):
            line.set_data([0, np.log2(stored)], [row + 0.5] * 2)
            words.set_text(f"{stored:,}")
