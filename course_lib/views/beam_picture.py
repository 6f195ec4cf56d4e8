"""The explorer's stored picture: beams as ribbons, so that their thickness is read back from the artists, and cells."""

import numpy as np
from matplotlib.collections import PolyCollection

from course_lib.views.matrix import draw_matrix, draw_shades
from course_lib.views.style import FAINT, SMALL

THICKEST = 0.7  # of the distance between two tokens
_BOTTOM = 36  # CSS pixels under the drawing
_FAINT = ("#499ac8", "#dc7829", "#13a57d", "#c675a2")  # blue, vermilion, green, purple at 3:1 on white ...
_STRONG = ("#003350", "#602a00", "#004734", "#5c364b")  # ... and at more than 10:1; explorer.css has the same
_NAMED, _NUMBERED = 20, 7  # tokens whose names, and whose numbers, have room


def picture_height(n_q, n_k):
    """Return the height in CSS pixels."""
    return _top(n_q, n_k) + _BOTTOM + min(520, max(120, 34 * max(n_q, n_k)))


def _top(n_q, n_k):
    return 92 if max(n_q, n_k) <= _NUMBERED else 42  # room for the words that stand upright over the columns


def draw_explorer(figure, tokens, weights, drawn, mean, full, label):
    """Draw beams and matrix: weights (n_heads, n_q, n_k), drawn (m, 3) beams, mean (n_q, n_k) for the cells."""
    width, height = figure.bbox.size
    rows, bottom, tall = max(mean.shape), _BOTTOM / height, 1 - (_top(*mean.shape) + _BOTTOM) / height
    sky = figure.add_axes((0.13, bottom, 0.24, tall), xlim=(0, 1), ylim=(rows - 0.5, -0.5))
    sky.set_axis_off()
    for words, x, side in ((tokens[0], -0.04, "right"), (tokens[1], 1.04, "left")):
        for at, word in _sparse(words):
            sky.text(x, at, word, ha=side, va="center", fontsize=SMALL)
    head = bottom + tall + 8 / height
    figure.text(0.12, head, "asks", ha="right", style="italic")
    figure.text(0.38, head, "is looked at", style="italic")
    _draw_beams(sky, weights, drawn, full)
    cell = min(52, 320 / rows)
    across, down = cell * mean.shape[1] / width, min(cell, tall * height / rows) * mean.shape[0] / height
    _draw_cells(figure.add_axes((0.985 - across, bottom + tall - down, across, down)), mean, tokens, full)
    figure.text(0.985, 8 / height, f"{label} weights", ha="right", style="italic")


def ribbons(queries, keys, thickness):
    """Return the corners (m, 48, 2) of m beams from (0, query) to (1, key); all (m,), thickness in rows."""
    t = np.linspace(0, 1, 24)
    y = queries[:, None] + (keys - queries)[:, None] * t**2 * (3 - 2 * t)
    half = thickness[:, None] / 2
    upper, lower = (np.stack([np.broadcast_to(t, y.shape), edge], -1) for edge in (y - half, y + half))
    return np.concatenate([upper, lower[:, ::-1]], axis=1)


def _draw_beams(axes, weights, drawn, full):
    strength = weights[tuple(drawn.T)] / full
    order = np.argsort(strength, kind="stable")  # the strongest in front
    (heads, queries, keys), strength = drawn[order].T, strength[order]
    corners = ribbons(queries, keys, THICKEST * strength)
    beams = PolyCollection(corners, facecolor=_colours(heads, strength), linewidth=0)
    axes.add_collection(beams, autolim=False)


def _draw_cells(axes, mean, tokens, full):
    if max(mean.shape) <= _NUMBERED:
        draw_matrix(axes, mean, *([_short(word) for word in words] for words in tokens), most=full)
        axes.tick_params(axis="x", rotation=90)
        return
    draw_shades(axes, mean, full)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set(visible=True, color=FAINT)


def _colours(heads, strength):
    faint, strong = (np.array([_channels(colour) for colour in colours])[heads % 4] for colours in (_FAINT, _STRONG))
    return faint + np.minimum(1.0, strength)[:, None] * (strong - faint)


def _channels(colour):
    return np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])


def _sparse(words):
    """Return places and words, as many as have room; where words are left out, the place stands instead."""
    step = -(-len(words) // _NAMED)
    return [(at, _short(word) if step == 1 else f"{at + 1}") for at, word in enumerate(words)][::step]


def _short(word):
    return word if len(word) <= 9 else word[:8] + "…"
