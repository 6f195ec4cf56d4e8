"""Lesson 01: words as arrows in a plane. Drag one, and see dot product and cosine disagree about who is near."""

import numpy as np
import traitlets
from matplotlib.collections import LineCollection, PolyCollection

from course_lib.embeddings import cosine
from course_lib.tiny_world import WordVectors
from course_lib.views.live import LABELS, Array, LiveFigure, live_style
from course_lib.views.parts import figure_html, script
from course_lib.views.placing import place_labels
from course_lib.views.style import BLUE, FAINT, INK, LARGE, SMALL, VERMILION, number

MOST = 40  # arrows that can still be told apart
SIDE = 396  # CSS pixels of the stored plane
ROWS = 6  # words in a ranking
TIES = 9  # decimals that count in a ranking: equal rows must tie, whatever the last bits say
ROOM = 1.7  # the frame, in widths of what stands in it: a word must find room to be dragged to


class EmbeddingPlane(LiveFigure):
    """Words as arrows from the origin, by the first two columns of their table. Drag one, or use the arrow keys.

    table      (n, d) numbers with d >= 2, or what `word_vectors` returns: then the rows of `words` are taken from it
    words      a name for each row; more than 40 would hide each other, and the first 40 are shown
    chosen     the word to move, by default the first; reference: the word that it is compared with
    label      where the numbers come from: "hand-built", "random" or "trained"
    selection  {"chosen", "reference", "moved": {word: [x, y]}}: what the learner did; the next cell can read it

    >>> plane = EmbeddingPlane([[0.2, 0.9, 0.3], [0.3, 0.9, 0.5]], ["cat", "dog"], chosen="dog")
    >>> plane.selection
    {'chosen': 'dog', 'reference': 'cat', 'moved': {}}
    """

    _esm = script("maths.js", "plane_maths.js", "plane_picture.js", "plane.js")
    _css = live_style("plane.css")
    size = (700, 400)

    table = Array()
    words = traitlets.List(traitlets.Unicode()).tag(sync=True)
    total = traitlets.Int(help="how many words there were").tag(sync=True)
    frame = traitlets.List(traitlets.Float(), help="low x, low y, width of what is shown").tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)

    def __init__(self, table, words, chosen=None, reference=None, label="hand-built"):
        words = [words] if isinstance(words, str) else list(words)
        table, total = _table(table, words), len(words)
        if label not in LABELS:
            raise ValueError(f"label must say where the numbers come from, {', '.join(LABELS)}: got {label!r}")
        table, words = table[:MOST], words[:MOST]
        chosen = words[0] if chosen is None else _known("chosen", chosen, words)
        others = [word for word in words if word != chosen]
        reference = others[0] if reference is None else _known("reference", reference, words)
        selection = {"chosen": chosen, "reference": reference, "moved": {}}
        frame = _frame(np.asarray(table[:, :2], np.float32).astype(float))
        super().__init__(table=table, words=words, total=total, frame=frame, label=label, selection=selection)

    def check(self, selection):
        """Return a selection with known words, and places that are two numbers each."""
        if set(selection) != {"chosen", "reference", "moved"} or not isinstance(selection["moved"], dict):
            raise ValueError(f"a selection has chosen, reference and moved: got {selection!r}")
        for name in ("chosen", "reference"):
            _known(name, selection[name], self.words)
        moved = {_known("moved", w, self.words): _place(w, at) for w, at in selection["moved"].items()}
        return selection | {"moved": moved}

    def numbers(self):
        """Return where the words stand, and the chosen one against all of them, at the selection as it stands.

        places, start (n, 2); `names` of all that are compared: the words, and for a word that was moved the place it
        came from; for these dots, cosines, angles (degrees; nan without a direction), and the order by either.
        """
        start = self.table[:, :2].astype(float)
        chosen, reference, moved = (self.selection[name] for name in ("chosen", "reference", "moved"))
        places = np.array([moved.get(word, at) for word, at in zip(self.words, start, strict=True)])
        own, other = self.words.index(chosen), self.words.index(reference)
        names, rows = list(self.words), places
        if chosen in moved:
            names, rows = [*names, f"{chosen} before"], np.vstack([places, start[own]])
        dots, cosines = rows @ places[own], cosine(rows, places[own])
        angles = _angles(rows, places[own])
        return {
            "start": start, "places": places, "names": names, "dots": dots, "cosines": cosines, "angles": angles,
            "by_dot": [names[i] for i in _order(dots)], "by_cosine": [names[i] for i in _order(cosines)],
            "dot": float(dots[other]), "cosine": float(cosines[other]), "angle": float(angles[other]),
        }  # fmt: skip

    def describe(self):
        """Return the two words with their places, what they have in common, and the nearest by either measure."""
        n, (chosen, reference) = self.numbers(), (self.selection[name] for name in ("chosen", "reference"))
        at = dict(zip(self.words, n["places"], strict=True))
        one, other = (f"{word} ({number(at[word][0])}, {number(at[word][1])})" for word in (chosen, reference))
        angle = "no angle" if np.isnan(n["angle"]) else f"angle {number(n['angle'], 0)}°"
        by_dot, by_cosine = (
            ", ".join("itself" if name == chosen else name for name in names[:3])
            for names in (n["by_dot"], n["by_cosine"])
        )
        cut = f"The first {len(self.words)} of {self.total} words. " if self.total > len(self.words) else ""
        return (
            f"{cut}{one} and {other}: dot product {number(n['dot'])}, cosine {number(n['cosine'])}, {angle}. "
            f"Nearest to {chosen} by dot product: {by_dot}; by cosine: {by_cosine}."
        )

    def heading(self):
        """Return how many words are shown, by which of their features, and where these come from."""
        d = self.table.shape[1]
        features = "their 2 features" if d == 2 else f"the first 2 of their {d} features"
        return f"EmbeddingPlane({len(self.words)} words by {features}, {self.label})"

    def html(self):
        """Return the picture as it stands, pixel for pixel: lesson 01 stores two of them."""
        return figure_html(self.sheet().stored_png(colours=12, ratio=1.0), self.describe(), self.size[0])

    def build(self, figure):
        """Draw the arrows with their names; beside them the numbers, and the words in both orders."""
        n = self.numbers()
        x, y, width = _grown(self.frame, n["places"])
        axes = figure.add_axes((0.002, 0.01, SIDE / 700, SIDE / 400), xlim=(x, x + width), ylim=(y, y + width))
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set(visible=True, color=FAINT)
        _draw_ground(axes, x, y, width)
        own, other = (self.words.index(self.selection[name]) for name in ("chosen", "reference"))
        _draw_pair(axes, n["places"][own], n["places"][other], 36 * width / SIDE)
        _draw_arrows(axes, n["places"], own, other, width / SIDE)
        for word in self.selection["moved"]:
            at = n["start"][self.words.index(word)]
            axes.plot([0, at[0]], [0, at[1]], ":", color=FAINT, lw=2, marker="o", mfc="none", ms=9, markevery=[1])
        along = np.linspace(0, 1, 28)[:, None]
        cross = (x, 0) + along * (width, 0), (0, y) + along * (0, width)
        clear = np.concatenate([*cross, *(along[8:] * at for at in n["places"])])
        place_labels(axes, n["places"], self.words, SMALL, clear, gap=7)
        self._build_numbers(figure, n)

    def _build_numbers(self, figure, n):
        left, right = 0.6, 0.995
        chosen, reference = (self.selection[name] for name in ("chosen", "reference"))
        figure.text(left, 0.94, f"{chosen} and {reference}", weight="bold")
        angle = "none" if np.isnan(n["angle"]) else f"{number(n['angle'], 0)}°"
        said = {"dot product": number(n["dot"]), "cosine": number(n["cosine"]), "angle": angle}
        for row, (name, text) in enumerate(said.items()):
            figure.text(left, 0.865 - 0.07 * row, name)
            figure.text(right, 0.865 - 0.07 * row, text, ha="right", weight="bold", fontsize=LARGE)
        figure.text(left, 0.61, f"nearest to {chosen}", weight="bold")
        axes = figure.add_axes((left, 0.09, right - left, 0.5), xlim=(0, 1), ylim=(ROWS + 0.2, -0.7))
        axes.set_axis_off()
        axes.text(0, -0.25, "by dot product", fontsize=SMALL)
        axes.text(1, -0.25, "by cosine", fontsize=SMALL, ha="right")
        links = {True: [], False: []}
        for name, dot, cos in zip(n["names"], n["dots"], n["cosines"], strict=True):
            one, other = n["by_dot"].index(name), n["by_cosine"].index(name)
            said = "itself" if name == chosen else name
            if one < ROWS:
                axes.text(0, one + 0.5, f"{number(dot)}  {said}", fontsize=SMALL, va="center")
            if other < ROWS:
                axes.text(1, other + 0.5, f"{said}  {number(cos)}", fontsize=SMALL, va="center", ha="right")
            if min(one, other) < ROWS:
                links[one == other].append(_link(one, other))
        for agree, look in ((True, (FAINT, 1.5, "-")), (False, (VERMILION, 3, "--"))):
            look = dict(zip(("colors", "linewidths", "linestyles"), look, strict=True))
            axes.add_collection(LineCollection(links[agree], **look), autolim=False)
        d = self.table.shape[1]
        figure.text(left, 0.045, "2 features" if d == 2 else f"first 2 of {d} features", fontsize=SMALL)
        figure.text(right, 0.045, self.label, ha="right", style="italic", fontsize=SMALL)


def _link(one, other):
    """Return the ends of a line between two lists; a word that is too low for the other one goes off downwards."""
    if one >= ROWS:
        return (0.52, other + 0.8), (0.56, other + 0.5)
    return (0.44, one + 0.5), ((0.56, other + 0.5) if other < ROWS else (0.48, one + 0.8))


def _draw_ground(axes, x, y, width):
    """Draw a grid with its numbers, and the two axes."""
    step = _grid_step(width)
    places = range(int(np.ceil(min(x, y) / step)), int((max(x, y) + width) / step) + 1)
    upright = [((k * step, y), (k * step, y + width)) for k in places]
    level = [((x, k * step), (x + width, k * step)) for k in places]
    strength = [0.25 if k else 1.0 for k in places] * 2
    look = {"colors": FAINT, "linewidths": 1, "alpha": strength, "zorder": 1}
    axes.add_collection(LineCollection(upright + level, **look), autolim=False)
    look = {"fontsize": 12, "color": FAINT, "clip_on": True}
    for k in filter(None, places):
        text = number(k * step, 2 if step < 0.1 else int(step < 1))
        if x < k * step < x + 0.96 * width:
            axes.text(k * step, -0.04 * width, text, ha="center", **look)
        if y < k * step < y + 0.96 * width:
            axes.text(-0.012 * width, k * step, text, ha="right", va="center", **look)


def _draw_pair(axes, chosen, reference, radius):
    """Draw the angle, and the shadow that the chosen arrow casts on the other."""
    if not (chosen.any() and reference.any()):
        return
    foot = reference * (chosen @ reference) / (reference @ reference)
    axes.plot([0, foot[0]], [0, foot[1]], color=BLUE, alpha=0.35, lw=12, solid_capstyle="butt", zorder=2)
    axes.plot([chosen[0], foot[0]], [chosen[1], foot[1]], color=BLUE, lw=1.5, ls=(0, (4, 4)), zorder=2)
    start, end = (np.arctan2(at[1], at[0]) for at in (reference, chosen))
    turn = (end - start + np.pi) % (2 * np.pi) - np.pi
    arc = start + turn * np.linspace(0, 1, 30)
    axes.plot(radius * np.cos(arc), radius * np.sin(arc), color=INK, lw=2, zorder=2)


def _grid_step(width):
    """Return a round step, 1, 2 or 5 times a power of ten, for a grid of eight lines at most."""
    power = 10 ** np.floor(np.log10(width / 6))
    return next(step for step in power * np.array([1, 2, 5, 10]) if width / step <= 8)


def _angles(rows, one):
    """Return the angle of each row (n, 2) with `one` in degrees; nan where one of them has no direction."""
    cross, dots = rows[:, 0] * one[1] - rows[:, 1] * one[0], rows @ one
    angles = np.degrees(np.arctan2(np.abs(cross), dots))
    return np.where(rows.any(-1) & one.any(), angles, np.nan)


def _order(values):
    return np.argsort(-values.round(TIES), kind="stable")


def _frame(start):
    """Return low x, low y and width of a square round the origin and all words, with room to move."""
    low, high = start.min(0, initial=0), start.max(0, initial=0)
    width = ROOM * float(max(*(high - low), 1e-3))
    return [round(float(middle) - width / 2, 6) for middle in (low + high) / 2] + [round(width, 6)]


def _grown(frame, places):
    """Return the frame, doubled about the origin until every word stands in it, at most four times as wide."""
    for grown in (1, 2, 4):
        x, y, width = (grown * side for side in frame)
        if np.all((places >= (x, y)) & (places <= (x + width, y + width))):
            break
    return x, y, width


def _draw_arrows(axes, places, own, other, pixel):
    """Draw all arrows; the chosen one and the one that it is compared with are thick. pixel: its part of the plane."""
    looks = {own: (BLUE, 4, 4), other: (INK, 4, 3)}
    colours, widths, orders = zip(*(looks.get(i, (FAINT, 2, 2)) for i in range(len(places))), strict=True)
    lengths = np.hypot(*places.T)[:, None]
    along = np.where(lengths, places / np.where(lengths, lengths, 1), (0, 1))
    across, backs = along[:, ::-1] * (-6, 6) * pixel, places - 14 * along * pixel
    shafts = np.stack([np.zeros_like(places), np.where(lengths > 14 * pixel, backs, 0)], 1)
    heads = np.stack([places, backs + across, backs - across], 1)
    last = np.argsort(orders, kind="stable")  # the two that matter lie on top
    look = {"zorder": 3, "linewidths": np.array(widths)[last], "colors": [colours[i] for i in last]}
    axes.add_collection(LineCollection(shafts[last], **look), autolim=False)
    axes.add_collection(PolyCollection(heads[last], facecolors=look["colors"], zorder=4), autolim=False)


def _table(table, words):
    if len(set(words)) < len(words) or not all(isinstance(word, str) and word for word in words):
        raise ValueError(f"words must be different names, one for each row: got {words[:8]!r}")
    if len(words) < 2:
        raise ValueError(f"a plane compares words, and needs at least two: got {words!r}")
    if isinstance(table, WordVectors):
        missing = [word for word in words if word not in table.words]
        if missing:
            raise ValueError(f"there are no vectors for {', '.join(missing[:5])}: take words of this world")
        return table.table[table.ids(*words)]
    try:
        table = np.array(table, float)
    except (TypeError, ValueError):
        raise ValueError("table must be numbers, rows of equal length: one row a word") from None
    if table.ndim != 2 or table.shape[1] < 2:
        raise ValueError(f"table must have one row a word and two features or more: it has shape {table.shape}")
    if len(table) != len(words):
        raise ValueError(f"table must have one row for each word: {len(table)} rows, {len(words)} words")
    if not np.isfinite(table).all():
        row, column = np.argwhere(~np.isfinite(table))[0]
        bad = f"row {row} ({words[row]}), column {column} is {table[row, column]}"
        raise ValueError(f"a place must be made of finite numbers: {bad}")
    return table


def _known(name, word, words):
    if word not in words:
        shown = ", ".join(words[:8]) + ", ..." * (len(words) > 8)
        raise ValueError(f"{name} must be one of the words shown, {shown}: got {word!r}")
    return word


def _place(word, at):
    place = [float(part) for part in at] if isinstance(at, (list, tuple)) else []
    if len(place) != 2 or not np.isfinite(place).all():
        raise ValueError(f"{word} must be moved to a place of two numbers: got {at!r}")
    return place
