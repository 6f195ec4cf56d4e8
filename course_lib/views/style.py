"""How every picture looks: ink on a clear ground, big type, Okabe-Ito colours, numbers as the course writes them."""

import matplotlib as mpl

INK, FAINT = "#1a1a1a", "#6b6b6b"
# Of the Okabe-Ito colours those that stand out in both themes; light ones would turn dark on dark.
BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
SMALL, NORMAL, LARGE = 14, 16, 20  # CSS pixels: a figure has 72 dots an inch, so that a point is a pixel
LABELS = ("hand-built", "random", "trained")  # where a picture's numbers come from; each of weights says it

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_RC = {
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, and has ₖ
    "font.size": NORMAL,
    "axes.titlesize": NORMAL,
    "axes.titlepad": 10,
    "axes.labelsize": NORMAL,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.facecolor": "none",
    "hatch.linewidth": 1.5,
}


def drawing():
    """Return a context in which pictures look the same whatever the learner's own matplotlib settings are."""
    kept = {"backend", "backend_fallback", "interactive", "toolbar", "timezone", "date.epoch", "webagg.port"}
    plain = {name: value for name, value in dict.items(mpl.rcParamsDefault) if name not in kept}
    return mpl.rc_context(plain | _RC)


def number(value, decimals=2):
    """Return a number as the course prints it: no zero before the point, a real minus, thousands with a comma.

    >>> number(0.839), number(-0.5, 1), number(1.0), number(1024.0, 0)
    ('.84', '−.5', '1.00', '1,024')
    """
    text = f"{abs(value):,.{decimals}f}"
    minus = "−" if value < 0 and float(text.replace(",", "")) else ""
    return minus + (text[1:] if text.startswith("0.") else text)


def percent(share):
    """Return a share as whole percent, and never 0 or 100 for what is only near it.

    >>> percent(0.287), percent(0.0), percent(0.0004), percent(0.9996)
    ('29 %', '0 %', '< 1 %', '> 99 %')
    """
    if 0 < share <= 0.005:  # NumPy's and Python's rounding takes half to the even 0
        return "< 1 %"
    if 0.995 <= share < 1:
        return "> 99 %"
    return f"{share:.0%}".replace("%", " %")


def in_words(share):
    """Return a share as percent for a sentence.

    >>> in_words(0.0004)
    'under 1 %'
    """
    return percent(share).replace("<", "under").replace(">", "over")


def weight(share):
    """Return a weight with two places, a small one with more: softmax never gives 0.

    >>> weight(0.629), weight(0.002), weight(0.00002), weight(0.0)
    ('.63', '.002', '2·10⁻⁵', '0')
    """
    if not 0 < share < 0.0005:
        return number(share, 2 if share >= 0.005 else 3) if share else "0"
    digit, _, power = f"{share:.0e}".partition("e-")
    return f"{digit}·10⁻{str(int(power)).translate(_RAISED)}"
