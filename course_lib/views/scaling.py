"""Lesson 03: what dₖ does to random scores, and what a divisor does against it."""

from functools import cache
from types import MappingProxyType

import numpy as np

from course_lib.experiments import largest_share, random_scores, random_weights, saturated_share
from course_lib.experiments.scaling import DIVISORS
from course_lib.views.bars import bars, set_heights
from course_lib.views.base import View
from course_lib.views.parts import Choice, Slider
from course_lib.views.style import BLUE, FAINT, INK, SMALL, VERMILION, in_words, number, percent
from course_lib.views.words import Words

POWERS_OF_TWO = [2**power for power in range(11)]
NAMES = {"none": "none", "sqrt": "√dₖ", "d_k": "dₖ"}
N_QUERIES, N_KEYS = 2000, 16
EDGE = 40  # the histogram ends here: five spreads of the scores at dₖ = 64
TITLE = 1.06  # in heights of the axes, for both panels
BINS = np.arange(-EDGE - 1, EDGE + 2, 2)


@cache
def measured(d_k, divisor):
    """Return what 2,000 random queries do at one setting; each of the 33 is measured once."""
    scores = random_scores(d_k, N_QUERIES, N_KEYS) / float(d_k) ** DIVISORS[divisor]
    weights = random_weights(d_k, divisor, N_KEYS, N_QUERIES)
    weights.setflags(write=False)
    return MappingProxyType(
        {
            "histogram": np.histogram(scores, BINS)[0] / scores.size,
            "spread": float(scores.std()),
            "outside": float((np.abs(scores) > BINS[-1]).mean()),
            "weights": weights,
            "largest_share": largest_share(d_k, divisor, N_KEYS, N_QUERIES),
            "saturated_share": saturated_share(d_k, divisor, N_KEYS, N_QUERIES),
        }
    )


def spread(numbers):
    """Return the spread of the scores as it is shown: 8.0, but .03."""
    return number(numbers["spread"], 1 if numbers["spread"] >= 0.95 else 2)


class ScalingView(View):
    """Scores of random queries and keys, and the shares that softmax makes of them. Drag dₖ.

    d_k: 1, 2, 4, ... 1,024. divisor: "none", "sqrt" or "d_k", what the scores are divided by.
    """

    def __init__(self, d_k=64, divisor="sqrt"):
        texts = [f"{power:,}" for power in POWERS_OF_TWO]
        self.d_k = Slider("dₖ", POWERS_OF_TWO, d_k, texts)
        self.divisor = Choice("divided by", list(DIVISORS), divisor, [NAMES[name] for name in DIVISORS])
        self.query = Slider("query", range(1, N_QUERIES + 1), 1, [f"{query:,}" for query in range(1, N_QUERIES + 1)])
        super().__init__(controls=[self.d_k, self.divisor, self.query])

    def numbers(self):
        """Return the histogram, the averages over 2,000 queries, and the weights (16,) of the query chosen."""
        all_queries = measured(self.d_k.value, self.divisor.value)
        return {**all_queries, "weights": all_queries["weights"][self.query.value - 1]}

    def describe(self):
        """Return the setting, the spread and the averages, then the query's own largest share."""
        n = self.numbers()
        divided = "not divided" if self.divisor.value == "none" else f"divided by {self.divisor.text}"
        return (
            f"At dₖ = {self.d_k.text}, {divided}, the scores spread by {spread(n)}; over 2,000 queries the "
            f"largest of 16 shares is {number(n['largest_share'])} on average, and {in_words(n['saturated_share'])} of "
            f"the queries give one key more than .99. Query {self.query.text} gives key {n['weights'].argmax() + 1} "
            f"the most: {number(n['weights'].max())}."
        )

    size = (760, 370)

    def build(self, figure):
        """Draw the frames, the rule at 1/16 and the words; make the histogram, the bars and the numbers."""
        left, right = figure.subplots(1, 2, gridspec_kw={"width_ratios": [4, 5]})
        figure.subplots_adjust(left=0.03, right=0.94, top=0.72, bottom=0.16, wspace=0.22)
        self._build_scores(left)
        self._build_weights(right)
        figure.text(0.03, 0.915, "largest of 16 shares,\naverage of 2,000 queries", va="center")
        figure.text(0.53, 0.915, "queries with one\nshare above .99", va="center")
        look = {"va": "center", "fontsize": 32, "weight": "bold"}
        self._average = figure.add_artist(Words(0.35, 0.915, **look))
        self._saturated = figure.add_artist(Words(0.745, 0.915, **look))

    def _build_scores(self, axes):
        axes.set(xlim=(-EDGE, EDGE), ylim=(-0.2, 1.25), yticks=[], xlabel="score, after the divisor")
        axes.spines["left"].set_visible(False)
        axes.set_xticks([-40, -20, 0, 20, 40], ["−40", "−20", "0", "20", "40"])
        axes.text(0, TITLE, "32,000 scores", transform=axes.transAxes)
        self._histogram = axes.stairs(np.zeros(len(BINS) - 1), BINS, fill=True, color=BLUE, animated=True, zorder=5)
        (self._ruler,) = axes.plot([0, 0], [-0.09] * 2, "|-", color=INK, lw=3, ms=12, mew=3, animated=True, zorder=6)
        look = {"transform": axes.transAxes, "ha": "right", "va": "top"}
        self._spread = axes.add_artist(Words(1, 0.98, weight="bold", **look))
        self._outside = axes.add_artist(Words(1, 0.87, fontsize=SMALL, color=FAINT, **look))

    def _build_weights(self, axes):
        axes.set(xlim=(0.2, 16.8), ylim=(0, 1.1), xlabel="key")
        axes.set_xticks([1, 4, 8, 12, 16])
        axes.set_yticks([0, 0.5, 1], ["0", ".5", "1"])
        axes.axhline(1 / N_KEYS, color=FAINT, ls=(0, (4, 3)), lw=1.5)
        axes.text(16.9, 1 / N_KEYS, "1/16", va="center", fontsize=SMALL, color=FAINT)
        self._bars = bars(axes, np.arange(1, N_KEYS + 1), facecolor=BLUE)
        self._winner = axes.add_artist(Words(ha="center", weight="bold"))
        self._title = axes.add_artist(Words(0, TITLE, transform=axes.transAxes))

    def update(self, numbers):
        """Move the histogram, the bars, the two averages and the labels that go with them."""
        self._histogram.set_data(numbers["histogram"] / numbers["histogram"].max())
        self._ruler.set_xdata([-numbers["spread"], numbers["spread"]])
        self._spread.set_text(f"spread {spread(numbers)}")
        self._outside.set_text(f"{percent(numbers['outside'])} outside" if numbers["outside"] else "")
        weights, top = numbers["weights"], numbers["weights"].argmax()
        set_heights(self._bars, weights)
        self._bars.set_facecolor([VERMILION if key == top else BLUE for key in range(N_KEYS)])
        self._winner.set(x=top + 1, y=weights[top] + 0.02, text=number(weights[top]))
        self._title.set_text(f"the 16 shares of query {self.query.text}")
        self._average.set_text(number(numbers["largest_share"]))
        self._saturated.set_text(percent(numbers["saturated_share"]))
