"""Boxes and arrows of the drawn diagrams: rectangles and lines, which a fingerprint reads back, and words in them."""

import numpy as np
from matplotlib.patches import Rectangle

from course_lib.views.style import FAINT, INK, NORMAL


def canvas(figure):
    """Return axes over the whole figure, in CSS pixels, counted from the top left corner."""
    width, height = figure.bbox.size
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    return axes


def box(axes, centre, size, words="", sheets=1, **look):
    """Draw a box with words in its middle; `sheets` of them behind each other say "one for each head"."""
    (x, y), (width, height) = centre, size
    for behind in range(sheets - 1, -1, -1):
        corner = x - width / 2 + 5 * behind, y - height / 2 + 5 * behind
        edge = {"facecolor": "white", "edgecolor": INK, "linewidth": 2, "zorder": 3} | look
        axes.add_patch(Rectangle(corner, width, height, **edge))
    axes.text(x, y, words, ha="center", va="center_baseline", fontsize=NORMAL, zorder=4)


def arrow(axes, *points, width=2.0, colour=INK, head=9):
    """Draw a line through points, each (x, y), with a head at the last one: one line, shaft and barbs."""
    points = np.array(points, float)
    tip, angle = points[-1], np.arctan2(*(points[-1] - points[-2])[::-1])
    barbs = [tip - head * np.array([np.cos(angle + turn), np.sin(angle + turn)]) for turn in (0.5, -0.5)]
    way = np.array([*points, barbs[0], tip, barbs[1]])
    look = {"solid_capstyle": "round", "solid_joinstyle": "round", "zorder": 2}
    axes.plot(*way.T, color=colour, lw=width, **look)


def note(axes, place, words, **look):
    """Write words in the quieter ink, at 14 pixels."""
    axes.text(*place, words, **{"va": "center_baseline", "fontsize": 14, "color": FAINT} | look)
