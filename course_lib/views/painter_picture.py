"""The painter where no script runs: the mask as cells, what moved beside its rows, hops as bars."""

import numpy as np
from matplotlib.patches import Rectangle

from course_lib.views.matrix import draw_shades
from course_lib.views.painter_beside import draw_beside, short
from course_lib.views.painter_maths import MOVED
from course_lib.views.style import FAINT, INK, SMALL, VERMILION, weight

WIDTH, _BOTTOM, _WIDEST = 760, 14, 290  # CSS pixels
_NAMED = 16  # tokens whose names have room
_LOOKS, _HEARD = 0.66, 0.28  # shades


def picture_height(queries, keys):
    """Return the height in CSS pixels."""
    return round(_top(keys) + _BOTTOM + max(210, _cell(len(queries), len(keys)) * len(queries)))


def _cell(n_q, n_k):
    return min(30, _WIDEST / max(n_q, n_k))


def _top(keys):
    longest = max(len(short(word)) for word in keys)
    return 34 if longest <= 2 or len(keys) > _NAMED else 44 + 8 * longest


def _left(queries):
    return 14 + 10 * max(len(_label(queries, at)) for at in range(len(queries)))


def draw_painter(figure, words, n, selection):
    """Draw all on an empty figure: `words` of queries and keys, `n` from numbers()."""
    n_q, n_k = n["allowed"].shape
    width, height = figure.bbox.size
    cell, top = _cell(n_q, n_k), _top(words[1])
    start = _left(words[0])
    right = start + cell * n_k
    box = start / width, 1 - (top + cell * n_q) / height, cell * n_k / width, cell * n_q / height
    axes = figure.add_axes(box)
    _draw_cells(axes, n, selection)
    _draw_names(axes, words)
    if "leaks" in n:
        _draw_moved(axes, n, selection["poke"], 1 + 8 / (cell * n_k), cell)
        right += 70
    draw_beside(figure, max(right + 24, 340) / width, words, n, selection)


def _draw_cells(axes, n, selection):
    shown = np.where(n["allowed"], _LOOKS, 0.0)
    n_q, n_k = shown.shape
    if "hops" in n:
        token = selection["token"]
        heard = n["reached"] & ~n["allowed"][token]
        shown[token, heard] = _HEARD
        frame = Rectangle((-0.5, token - 0.5), n_k, 1, fill=False, ec=INK, lw=2, clip_on=False, zorder=3)
        axes.add_patch(frame)
        for key in np.flatnonzero(heard) if n_k <= _NAMED else ():
            axes.text(key, token, str(n["hops"][token, key]), ha="center", va="center", fontsize=SMALL)
    draw_shades(axes, shown, 1)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set(visible=True, color=FAINT)
    if n_k <= _NAMED and n_q <= _NAMED:
        look = {"color": FAINT, "lw": 0.5}
        axes.hlines(np.arange(n_q - 1) + 0.5, -0.5, n_k - 0.5, **look)
        axes.vlines(np.arange(n_k - 1) + 0.5, -0.5, n_q - 0.5, **look)
    for row in n["empty"]:
        axes.plot([-0.2, n_k - 0.8], [row, row], ":", color=VERMILION, lw=2)


def _draw_names(axes, words):
    queries, keys = ([_label(side, at) for at in range(len(side))] for side in words)
    upright = max(map(len, keys)) > 2 and len(keys) <= _NAMED
    cell = _cell(len(queries), len(keys))
    down, across = (
        int(np.ceil(room / cell)) for room in (17, 17 if upright else 25)
    )  # room for every, every other ...
    axes.set_yticks(range(len(queries))[::down], queries[::down])
    axes.set_xticks(range(len(keys))[::across], keys[::across])
    axes.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False, labelsize=SMALL)
    if upright:
        axes.tick_params(axis="x", rotation=90)


def _label(words, at):
    return str(at) if len(words) > _NAMED or words[at] == str(at) else f"{at} {short(words[at])}"


def _draw_moved(axes, n, poke, left, cell):
    """Mark the column that was poked, and write beside each row how far its output moved."""
    n_q, n_k = n["allowed"].shape
    axes.add_patch(Rectangle((poke - 0.5, -0.5), 1, n_q, fill=False, ec=INK, lw=2, ls="--", clip_on=False, zorder=3))
    beside = axes.get_yaxis_transform()
    axes.text(left, -0.5 - 14 / cell, "moved", transform=beside, va="center_baseline", fontsize=SMALL)
    for row, far in enumerate(n["moved"]):
        leak = row in n["leaks"]
        look = {"color": VERMILION if leak else INK, "transform": beside}
        if n_q <= _NAMED:
            said = f"{weight(far)}{' ⚠' * leak}" if far > MOVED else "·"
            axes.text(
                left, row, said, va="center_baseline", weight="bold" if leak else "normal", fontsize=SMALL, **look
            )
        elif far > MOVED:
            long = (26 if leak else 9) / (cell * n_k)
            axes.add_patch(Rectangle((left, row - 0.4), long, 0.8, clip_on=False, **look))
