"""Lesson 07: what attention costs beside its projections, over all pairs and within a window, on logarithmic scales."""

import numpy as np

from course_lib.cost import (
    attention_operations,
    break_even,
    projection_operations,
    stored_states,
    stored_weights,
    times_fewer_pairs,
)
from course_lib.views.amounts import large, power_of_ten, size, two_digits
from course_lib.views.base import View
from course_lib.views.parts import Slider
from course_lib.views.style import BLUE, FAINT, GREEN, SMALL, VERMILION
from course_lib.views.words import Words

TOKENS = sorted([*(2**power for power in range(6, 21)), 200_000])
WIDTHS = [2**power for power in range(6, 13)]
RADII = [2**power for power in range(1, 13)]
LINES = {  # colour, dashes, sign and its size: told apart without their colour, and where one covers another
    "projections": (BLUE, (0, (5, 2)), "s", 18),
    "pairs": (VERMILION, "-", "o", 8),
    "window": (GREEN, (0, (1.2, 1.2)), "^", 9),
}
PANELS = {  # title, the range of powers of ten, names of the lines
    "operations": ("multiply-adds for n tokens", (4, 16.5), ("projections", "all pairs", "window")),
    "stored": ("stored numbers", (2, 12.5), ("keys and values", "all weights", "window")),
}


class CostView(View):
    """Multiply-adds and stored numbers of one layer against the number of tokens. Drag n, d_model, the radius.

    n: tokens. d_model: features of a token. radius: how far a window reaches to each side.
    """

    size = (760, 470)
    stored_colours = 24

    def __init__(self, n=1024, d_model=512, radius=64):
        self.n = Slider("tokens n", TOKENS, n, [f"{n:,}" for n in TOKENS])
        self.d_model = Slider("d_model", WIDTHS, d_model, [f"{width:,}" for width in WIDTHS])
        self.radius = Slider("radius", RADII, radius, [f"{radius:,}" for radius in RADII])
        super().__init__(controls=[self.n, self.d_model, self.radius])

    def numbers(self):
        """Return operations and stored numbers (3,) at n, and for all options of n (3, n_options), and the break-even.

        Their rows: projections or keys and values; all pairs; the pairs of the window.
        """
        d_model, radius = self.d_model.value, self.radius.value
        curves = [costs(n, d_model, radius) for n in TOKENS]
        return {
            "operations": costs(self.n.value, d_model, radius)[0],
            "stored": costs(self.n.value, d_model, radius)[1],
            "operations_by_n": np.array([operations for operations, _ in curves]).T,
            "stored_by_n": np.array([stored for _, stored in curves]).T,
            "break_even": break_even(d_model),
        }

    def describe(self):
        """Return what each part costs and how many times less the window does."""
        n = self.numbers()
        project, pairs, window = map(large, n["operations"])
        stored = [f"{large(stored)} ({size(stored)})" for stored in n["stored"]]
        fewer = times_fewer_pairs(self.n.value, self.radius.value)
        return (
            f"At n = {self.n.text} tokens of {self.d_model.text} features projections take {project} multiply-adds; "
            f"scores and mix take {pairs} over all pairs (equal at n = {n['break_even']:,}) and {window} within "
            f"a radius of {self.radius.text}, {two_digits(fewer)} times fewer; as float32, keys and values are "
            f"{stored[0]} numbers, all weights {stored[1]}, those of the window {stored[2]}."
        )

    def build(self, figure):
        """Draw both frames and what stands under them; make the lines, the signs at n, and the numbers."""
        self._curves, self._signs, self._values, self._rulers = {}, {}, {}, []
        for left, (name, (title, powers, lines)) in zip((0.075, 0.575), PANELS.items(), strict=True):
            axes = figure.add_axes((left, 0.4, 0.41, 0.52), xlim=(1.7, 6.15), ylim=powers)
            axes.set_title(title, loc="left")
            axes.set_xticks([2, 3, 4, 5, 6], ["100", "", "10k", "", "1M"])
            ticks = range(4, int(powers[1]) + 1, 4)
            axes.set_yticks(ticks, [power_of_ten(power) for power in ticks])
            self._rulers += axes.plot([0, 0], powers, color=FAINT, lw=1.5, animated=True, zorder=5)
            self._build_lines(axes, name, lines)
        look = {"transform": figure.axes[0].transAxes, "ha": "right", "fontsize": SMALL}
        self._even = figure.axes[0].add_artist(Words(1, 0.04, **look))

    def _build_lines(self, axes, name, lines):
        self._curves[name], self._signs[name], self._values[name] = [], [], []
        below = axes.transAxes
        for row, (line, (colour, dashes, sign, wide)) in enumerate(zip(lines, LINES.values(), strict=True)):
            look, fill = {"color": colour, "animated": True}, "none" if wide > 12 else colour
            self._curves[name] += axes.plot([], [], ls=dashes, lw=3, zorder=6, **look)
            self._signs[name] += axes.plot([], [], sign, ms=wide, mfc=fill, mew=3, zorder=7, **look)
            y = -0.28 - 0.16 * row
            axes.plot([-0.06, 0.04], [y, y], color=colour, ls=dashes, lw=3, transform=below, clip_on=False)
            axes.plot(
                [-0.01], [y], sign, color=colour, mfc=fill, mew=3, ms=min(wide, 11), transform=below, clip_on=False
            )
            axes.text(0.07, y, line, va="center_baseline", transform=below)
            look = {"ha": "right", "va": "center", "weight": "bold", "transform": below}
            self._values[name].append(axes.add_artist(Words(1, y, **look)))

    def update(self, numbers):
        """Move the lines, the signs on them, the rulers at n and the numbers."""
        place, places = np.log10(self.n.value), np.log10(TOKENS)
        for name, ruler in zip(PANELS, self._rulers, strict=True):
            ruler.set_data([place, place], [np.log10(min(numbers[name])), PANELS[name][1][1]])  # the words stand below
            rows = zip(self._curves[name], self._signs[name], self._values[name], strict=True)
            for (curve, sign, words), by_n, here in zip(rows, numbers[f"{name}_by_n"], numbers[name], strict=True):
                curve.set_data(places, np.log10(by_n))
                sign.set_data([place], [np.log10(here)])
                words.set_text(large(here))
        self._even.set_text(f"equal at n = 2 d = {numbers['break_even']:,}")


def costs(n, d_model, radius):
    """Return multiply-adds of projections, all pairs, window, and numbers of keys and values, all weights, window."""
    operations = (
        projection_operations(n, d_model),
        attention_operations(n, d_model),
        attention_operations(n, d_model, radius=radius),
    )
    return operations, (stored_states(n, d_model, d_model), stored_weights(n), stored_weights(n, radius=radius))
