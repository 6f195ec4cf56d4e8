"""The two figures that benchmarks/slider.py races: ScalingView, and the same drawing by `interact` + inline matplotlib.

Both carry a marker in a corner whose grey says at which option the slider stood when the picture was drawn.
"""

import matplotlib.pyplot as plt
from IPython import get_ipython
from ipywidgets import SelectionSlider, interact
from matplotlib.patches import Rectangle

from course_lib.views import style
from course_lib.views.scaling import POWERS_OF_TWO, ScalingView, measured

GREY_STEP = 20  # eleven options, far enough apart for any rounding


class MarkedScalingView(ScalingView):
    """ScalingView with the marker."""

    def build(self, figure):
        super().build(figure)
        self._marker = Rectangle((0, 0), 0.02, 0.04, transform=figure.transFigure, animated=True, zorder=99)
        figure.add_artist(self._marker)

    def update(self, numbers):
        super().update(numbers)
        grey = POWERS_OF_TWO.index(self.d_k.value) * GREY_STEP / 255
        self._marker.set(facecolor=(grey, grey, grey), edgecolor="none")


def warm(divisor="none"):
    """Measure every setting once, so that the race is about drawing alone."""
    for d_k in POWERS_OF_TWO:
        measured(d_k, divisor)


def ours():
    """Return our figure."""
    return MarkedScalingView(d_k=1, divisor="none")


def peer():
    """Show the same figure the usual way: a function that draws anew for each value of a slider."""
    whole = "InlineBackend.print_figure_kwargs = {'bbox_inches': None}"  # a tight box would cut the marker off
    get_ipython().run_line_magic("config", whole)
    view = MarkedScalingView(d_k=1, divisor="none")

    def draw(d_k):
        figure = plt.figure(figsize=(view.size[0] / 72, view.size[1] / 72), dpi=72)
        view.d_k.unobserve_all("value")
        view.d_k.value = d_k
        with style.drawing():
            view.build(figure)
            view.update(view.numbers())
        for artist in figure.findobj(lambda artist: artist.get_animated()):
            artist.set_animated(False)
        plt.show()

    interact(draw, d_k=SelectionSlider(options=POWERS_OF_TWO, value=1, description="d_k"))
