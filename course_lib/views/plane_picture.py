"""The plane where no script runs: arrows on a grid; beside them the numbers, and the words in both orders."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from course_lib.views.placing import place_labels
from course_lib.views.plane_maths import grown
from course_lib.views.style import BLUE, FAINT, INK, LARGE, SMALL, VERMILION, number

SIZE = (700, 400)  # CSS pixels
SIDE = 396  # of the plane in it
ROWS = 6  # words in a ranking


def draw_plane(figure, n, words, selection, frame):
    """Draw the arrows with their names; n: what `compare` returns."""
    x, y, width = grown(frame, n["places"])
    axes = figure.add_axes((0.002, 0.01, SIDE / SIZE[0], SIDE / SIZE[1]), xlim=(x, x + width), ylim=(y, y + width))
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set(visible=True, color=FAINT)
    _draw_ground(axes, x, y, width)
    own, other = (words.index(selection[name]) for name in ("chosen", "reference"))
    _draw_pair(axes, n["places"][own], n["places"][other], 36 * width / SIDE)
    _draw_arrows(axes, n["places"], own, other, width / SIDE)
    for word in selection["moved"]:
        at = n["start"][words.index(word)]
        axes.plot([0, at[0]], [0, at[1]], ":", color=FAINT, lw=2, marker="o", mfc="none", ms=9, markevery=[1])
    along = np.linspace(0, 1, 28)[:, None]
    cross = (x, 0) + along * (width, 0), (0, y) + along * (0, width)
    clear = np.concatenate([*cross, *(along[8:] * at for at in n["places"])])
    place_labels(axes, n["places"], words, SMALL, clear, gap=7)


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


def _grid_step(width):
    """Return a round step, 1, 2 or 5 times a power of ten, for a grid of eight lines at most."""
    power = 10 ** np.floor(np.log10(width / 6))
    return next(step for step in power * np.array([1, 2, 5, 10]) if width / step <= 8)


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


def draw_readings(figure, n, selection, d, label):
    """Write the numbers of both words, the words in both orders, and which of the d features these numbers have."""
    left, right = 0.6, 0.995
    chosen, reference = (selection[name] for name in ("chosen", "reference"))
    figure.text(left, 0.94, f"{chosen} and {reference}", weight="bold")
    angle = "none" if np.isnan(n["angle"]) else f"{number(n['angle'], 0)}°"
    said = {"dot product": number(n["dot"]), "cosine": number(n["cosine"]), "angle": angle}
    for row, (name, text) in enumerate(said.items()):
        figure.text(left, 0.865 - 0.07 * row, name)
        figure.text(right, 0.865 - 0.07 * row, text, ha="right", weight="bold", fontsize=LARGE)
    figure.text(left, 0.61, f"nearest to {chosen}", weight="bold")
    axes = figure.add_axes((left, 0.09, right - left, 0.5), xlim=(0, 1), ylim=(ROWS + 0.2, -0.7))
    _draw_orders(axes, n, chosen)
    figure.text(left, 0.045, "2 features" if d == 2 else f"first 2 of {d} features", fontsize=SMALL)
    figure.text(right, 0.045, label, ha="right", style="italic", fontsize=SMALL)


def _draw_orders(axes, n, chosen):
    """Write the words in both orders, and draw from each word a line to itself: dashed where the orders disagree."""
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


def _link(one, other):
    """Return the ends of a line between two lists; a word that is too low for the other one goes off downwards."""
    if one >= ROWS:
        return (0.52, other + 0.8), (0.56, other + 0.5)
    return (0.44, one + 0.5), ((0.56, other + 0.5) if other < ROWS else (0.48, one + 0.8))
