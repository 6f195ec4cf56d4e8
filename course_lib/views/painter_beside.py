"""What stands beside the painter's stored picture: how much is kept, the verdict on a leak, pairs by hops."""

from course_lib.views.painter_maths import MOVED
from course_lib.views.painter_words import counted, named, places, treatment
from course_lib.views.style import BLUE, INK, LARGE, SMALL, VERMILION, percent

_BARS = 7


def draw_beside(figure, left, words, n, selection):
    """Write and draw from `left` on, a share of the figure's width."""
    width, height = figure.bbox.size
    top, line = 1 - 26 / height, 32 / height
    kept = f"{n['edges']:,} of {n['allowed'].size:,} kept: {percent(n['kept'])}"
    figure.text(left, top, kept, va="top", weight="bold")
    if n["empty"]:
        figure.text(left, top - line, f"∅ {_few('row', n['empty'])} empty", va="top", color=VERMILION)
    if "hops" in n:
        left += 40 / width  # room for the names of the bars
        axes = figure.add_axes((left, 0.03, 0.99 - left, top - 2.2 * line - 0.03))
        _draw_hops(axes, n, len(words[0]), selection)
    elif "leaks" in n:
        _draw_verdict(figure, words, n, selection, left, top - 2.2 * line, line)


def short(word):
    """Return a word, or the beginning of a long one."""
    return word if len(word) <= 8 else word[:7] + "…"


def _draw_verdict(figure, words, n, selection, left, top, line):
    where, *how = treatment(selection)
    token = named([short(word) for word in words[1]], selection["poke"])
    lines = [f"1 added to {selection['what']}", f"of {token}", f"mask {where}", *how]
    for row, text in enumerate(lines):
        figure.text(left, top - 0.75 * row * line, text, va="top", fontsize=SMALL)
    said = "no leak" if (n["moved"] > MOVED).any() else "no output moved"
    if n["leaks"]:
        said = f"⚠ leak: {_few('output', n['leaks'])}"
    look = {"color": VERMILION if n["leaks"] else INK, "weight": "bold", "fontsize": LARGE}
    figure.text(left, top - (0.75 * len(lines) + 0.4) * line, said, va="top", **look)


def _few(thing, at):
    """Return things by their places, or their number where that would be long."""
    told = places(at)
    return f"{thing}{'s' * (len(at) > 1)} {told}" if len(told) < 12 else counted(len(at), thing)


def _draw_hops(axes, n, size, selection):
    """Draw how many pairs are how many hops apart, as bars with their numbers."""
    counts = {str(hop): count for hop, count in enumerate(n["histogram"]) if hop}
    if len(counts) > _BARS:
        rest = sum(list(counts.values())[_BARS - 1 :])
        counts = dict(list(counts.items())[: _BARS - 1]) | {f"{_BARS}+": rest}
    counts |= {"never": n["never"]} if n["never"] else {}
    most = max([1, *counts.values()])
    axes.barh(range(len(counts)), list(counts.values()), color=BLUE, height=0.7)
    for row, count in enumerate(counts.values()):
        axes.text(count + 0.02 * most, row, f"{count:,}", va="center_baseline", fontsize=SMALL)
    axes.set(yticks=range(len(counts)), yticklabels=counts, xticks=[], ylim=(_BARS + 1.6, -0.6), xlim=(0, 1.3 * most))
    axes.set_title("pairs by hops", loc="left")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    layers, heard = counted(selection["layers"], "layer"), f"{int(n['reached'].sum())} of {size}"
    axes.text(0, len(counts), f"{layers}: {selection['token']} has heard {heard}", fontsize=SMALL, va="center")
