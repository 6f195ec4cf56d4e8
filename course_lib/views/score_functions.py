"""Lesson 02: one query, five keys, five ways to score a pair. Turn the query, stretch it."""

import numpy as np

from course_lib.embeddings import cosine
from course_lib.scaling import init_projection
from course_lib.scores import additive_scores, dot_scores, multiplicative_scores, scaled_scores, top_key
from course_lib.views.bars import bars, set_heights
from course_lib.views.base import View
from course_lib.views.parts import Slider
from course_lib.views.style import BLUE, FAINT, INK, LARGE, SMALL, VERMILION, number
from course_lib.views.words import Words

KEYS = np.array([[1.1, -0.35], [0.75, 0.8], [-0.7, 1.7], [-1.2, -0.1], [0.1, -1.2]])  # C is the long one
NAMES = "ABCDE"
QUARTER_TURN = np.array([[0.0, 1.0], [-1.0, 0.0]])  # q @ this is q, turned by 90° counter-clockwise
_rng = np.random.default_rng(163)  # a draw that turning and stretching both change: most draws hardly heed the query
W, V = init_projection(4, 8, _rng), init_projection(8, 1, _rng)[:, 0]
ANGLES = list(range(-180, 181, 5))
LENGTHS = [quarter / 4 for quarter in range(1, 9)]

FUNCTIONS = {  # name -> (what stands under it, scores of one query, the largest that can come out)
    "dot": ("q · k", lambda q: dot_scores(q, KEYS), 4.6),
    "cosine": ("length left out", lambda q: cosine(q, KEYS)[None], 1.0),
    "scaled": ("q · k / √2", lambda q: scaled_scores(q, KEYS), 4.6),
    "additive": ("W and v random", lambda q: additive_scores(q, KEYS, W, V), 0.65),
    "multiplicative": ("W a quarter turn", lambda q: multiplicative_scores(q, KEYS, QUARTER_TURN), 4.6),
}


class ScoreFunctionsView(View):
    """A query among five keys in the plane, and what each score function makes of the five pairs.

    angle: degrees, counter-clockwise from the first axis. length: of the query. functions: which rows to show.
    """

    size = (760, 430)

    def __init__(self, angle=20, length=1.0, functions=tuple(FUNCTIONS)):
        unknown = [name for name in functions if name not in FUNCTIONS]
        if unknown or not functions:
            raise ValueError(f"functions must be some of {', '.join(FUNCTIONS)}: got {functions!r}")
        self.functions = tuple(functions)
        self.angle = Slider("turn", ANGLES, angle, [f"{angle}°".replace("-", "−") for angle in ANGLES])
        self.length = Slider("stretch", LENGTHS, float(length), [number(length) for length in LENGTHS])
        super().__init__(controls=[self.angle, self.length])

    def numbers(self):
        """Return the query (2,), and for each function its five scores (5,)."""
        turned = np.deg2rad(self.angle.value)
        query = self.length.value * np.array([np.cos(turned), np.sin(turned)])
        return {"query": query} | {name: FUNCTIONS[name][1](query[None])[0] for name in self.functions}

    def describe(self):
        """Return where the query points, and which key each function scores highest."""
        n = self.numbers()
        tops = {name: winner(n[name]) for name in self.functions}
        highest = ", ".join(f"{name} {NAMES[top]} ({number(n[name][top])})" for name, top in tops.items())
        return f"The query points to {self.angle.text} and has length {self.length.text}. Highest score: {highest}."

    def build(self, figure):
        """Draw the plane with the five keys, and a row of five bars for each function."""
        grid = figure.add_gridspec(len(self.functions), 2, width_ratios=[1, 1], wspace=0.45, hspace=0.12)
        figure.subplots_adjust(left=0.01, right=0.99, top=0.93, bottom=0.02)
        self._build_plane(figure.add_subplot(grid[:, 0]))
        panels = [figure.add_subplot(grid[row, 1]) for row in range(len(self.functions))]
        self._rows = {name: self._build_row(axes, name) for name, axes in zip(self.functions, panels, strict=True)}
        for place, key in enumerate(NAMES):
            look = {"transform": panels[0].get_xaxis_transform(), "ha": "center", "weight": "bold", "color": BLUE}
            panels[0].text(place, 1.05, key, **look)

    def _build_plane(self, axes):
        axes.set(xlim=(-2.3, 2.3), ylim=(-2.3, 2.3), xticks=[], yticks=[], aspect="equal")
        axes.spines[["left", "bottom"]].set(position="zero", color=FAINT)
        for name, key in zip(NAMES, KEYS, strict=True):
            _arrow(axes, key, color=BLUE, lw=3)
            place = key * (1 + 0.2 / np.linalg.norm(key))
            axes.text(*place, name, ha="center", va="center", weight="bold", color=BLUE)
        self._query = _arrow(axes, (1, 0), color=VERMILION, lw=5, animated=True, zorder=6)
        look = {"weight": "bold", "color": VERMILION, "ha": "center", "va": "center", "fontsize": LARGE}
        self._query_name = axes.add_artist(Words(words="q", **look))

    def _build_row(self, axes, name):
        note, _, most = FUNCTIONS[name]
        axes.set(xlim=(-0.6, 4.6), ylim=(-1.7 * most, 1.1 * most), xticks=[], yticks=[])
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.axhline(0, color=INK, lw=1)
        look = {"transform": axes.transAxes, "ha": "right"}
        axes.text(-0.03, 0.53, name, va="bottom", weight="bold", **look)
        axes.text(-0.03, 0.45, note, va="top", fontsize=SMALL, color=FAINT, **look)
        labels = [axes.add_artist(Words(place, -1.65 * most, ha="center", fontsize=SMALL)) for place in range(5)]
        return bars(axes, range(5), 0.7, facecolor=BLUE), labels

    def update(self, numbers):
        """Turn the query, and move every row of bars with its numbers."""
        query = numbers["query"]
        _point(self._query, query)
        aside = np.array([query[1], -query[0]]) / np.linalg.norm(query)  # the letters of the keys stand at the tips
        self._query_name.set_position(0.6 * query + 0.17 * aside)
        for name, (row, labels) in self._rows.items():
            scores, top = numbers[name], winner(numbers[name])
            set_heights(row, scores)
            row.set_facecolor([VERMILION if key == top else BLUE for key in range(5)])
            for key, (label, score) in enumerate(zip(labels, scores, strict=True)):
                label.set(text=number(score), weight="bold" if key == top else "normal")


def winner(scores):
    """Return the key that one query scores highest."""
    return int(top_key(scores[None])[0])


def _arrow(axes, tip, **look):
    """Return an arrow from the origin, as one line: shaft and head."""
    (line,) = axes.plot([], [], solid_capstyle="round", solid_joinstyle="round", **look)
    _point(line, tip)
    return line


def _point(line, tip):
    x, y = tip
    angle = np.arctan2(y, x)
    size = 0.05 * line.get_linewidth() + 0.03
    barbs = [(x - size * np.cos(angle + turn), y - size * np.sin(angle + turn)) for turn in (0.5, -0.5)]
    line.set_data(*zip((0, 0), tip, barbs[0], tip, barbs[1], strict=True))
