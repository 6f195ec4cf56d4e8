"""How HeadsView looks: the mosaic to the left, what the cut costs and what it does to the outputs to the right."""

import numpy as np

from course_lib.views.bars import bars, set_heights
from course_lib.views.beams import letter
from course_lib.views.mosaic import Mosaic, frames, tiles
from course_lib.views.style import BLUE, FAINT, INK, LARGE, SMALL, VERMILION
from course_lib.views.words import Words

SIDE, MARGIN, RIGHT = 420, 60, 0.68  # the mosaic and what stands left of it, CSS pixels; where the right half begins
MOST = 1.6  # the highest bar: two outputs of one length, at right angles, are 1.4 apart
COUNTS = {"parameters": BLUE, "operations": BLUE, "stored": VERMILION}
NAMES = ("features a head", "parameters", "multiply-adds", "stored weights")


class HeadsPicture:
    """What stands still and what moves, for tokens (n), d_model features and a figure of size (width, height)."""

    def __init__(self, tokens, d_model, label, size):
        self.tokens, self.d_model, self.label, self.size = tokens, d_model, label, size

    def build(self, figure):
        """Draw the frames and the words; make the mosaic, its letters, the lines, the bars and the numbers."""
        width, height = self.size
        self._build_mosaic(figure.add_axes((MARGIN / width, 0.02, SIDE / width, SIDE / height)))
        self._build_counts(figure.add_axes((RIGHT, 0.5, 0.985 - RIGHT, 0.4)))
        self._build_moved(figure.add_axes((RIGHT + 0.02, 0.07, 0.965 - RIGHT, 0.29)))
        figure.text(16 / width, 1 - 26 / height, "rows ask, columns are looked at")
        figure.text(0.985, 1 - 26 / height, self.label, ha="right", style="italic")

    def _build_mosaic(self, axes):
        axes.set(xlim=(0, SIDE), ylim=(SIDE, 0))
        axes.set_axis_off()
        self._mosaic = Mosaic(axes, SIDE)
        (self._frames,) = axes.plot([], [], color=INK, lw=1.5, animated=True, zorder=6, clip_on=False)
        (self._cross,) = axes.plot([], [], color=VERMILION, lw=5, solid_capstyle="butt", animated=True, zorder=7)
        self._letters = [axes.add_artist(Words(weight="bold")) for _ in range(self.d_model)]
        look = {"ha": "right", "va": "center", "fontsize": SMALL}
        self._tokens = [axes.add_artist(Words(-6, 0, **look)) for _ in self.tokens]

    def _build_counts(self, axes):
        axes.set(xlim=(0, self.d_model), ylim=(4, 0))
        axes.set_axis_off()
        for row, name in enumerate(NAMES):
            axes.text(0, row + 0.3, name, va="center_baseline")
        look = {"ha": "right", "va": "center", "weight": "bold"}
        self._counts = [axes.add_artist(Words(self.d_model, row + 0.3, **look)) for row in range(len(NAMES))]
        self._lengths = []
        for row, colour in enumerate(COUNTS.values(), 1):
            look = {"color": colour, "lw": 12, "solid_capstyle": "butt", "animated": True, "zorder": 5}
            self._lengths += axes.plot([], [], **look)
            axes.plot([0, self.d_model], [row + 0.68] * 2, color=FAINT, lw=1)

    def _build_moved(self, axes):
        places = range(len(self.tokens))
        axes.set(xlim=(-0.6, len(places) - 0.4), ylim=(0, MOST))
        axes.set_xticks(places, self.tokens)
        axes.set_yticks([0, 1], ["0", "1"])
        axes.set_title("how far the outputs moved", loc="left", x=-0.08)
        self._moved = bars(axes, places, 0.7, facecolor=VERMILION)
        self._still = axes.add_artist(Words(0.5, 0.45, transform=axes.transAxes, ha="center", fontsize=LARGE))

    def update(self, numbers):
        """Lay the mosaic anew, and move letters, cross, lines, bars and numbers with it."""
        weights, h = numbers["weights"], len(numbers["heads"])
        places, cell = tiles(h, len(self.tokens), SIDE)
        size = cell * len(self.tokens)
        self._mosaic.show(weights)
        self._frames.set_data(*frames(places, size).T)
        self._cross.set_data(*crosses([places[tile] for tile in numbers["silent"]], size).T)
        self._move_words(numbers["heads"], places, cell)
        first = {"parameters": 1, "operations": 1, "stored": h}  # how many times what one head would take
        for words, name in zip(self._counts, ("d_head", *COUNTS), strict=True):
            words.set_text(f"{numbers[name]:,}")
        for row, (line, name) in enumerate(zip(self._lengths, COUNTS, strict=True), 1):
            line.set_data([0, first[name]], [row + 0.68] * 2)
        set_heights(self._moved, np.minimum(numbers["moved"], MOST))
        self._still.set_text("" if numbers["moved"].any() else "not at all")

    def _move_words(self, heads, places, cell):
        """Put each head's letter over its tile, and the tokens beside the first one where its rows have room."""
        for place, words in enumerate(self._letters):
            words.set_text(letter(heads[place]) if place < len(heads) else "")
            if place < len(heads):
                words.set_position((places[place][0], places[place][1] - 4))
        for row, (words, token) in enumerate(zip(self._tokens, self.tokens, strict=True)):
            words.set(text=token if cell >= SMALL else "", y=places[0][1] + (row + 0.5) * cell)


def crosses(places, size):
    """Return one line (m, 2) that crosses out tiles of `size` pixels."""
    strokes = np.array([[0, 0], [1, 1], [np.nan, np.nan], [0, 1], [1, 0], [np.nan, np.nan]]) * size
    return (np.reshape(places, (-1, 1, 2)) + strokes).reshape(-1, 2)
