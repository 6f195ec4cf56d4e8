"""The figures that benchmarks/figures.py races, as the cells of its notebook make them.

Each that has a slider carries a marker whose grey says at which option the slider stood when the picture was drawn.
"""

import matplotlib.pyplot as plt
import numpy as np
import peers
from IPython import get_ipython
from IPython.display import display
from ipywidgets import SelectionSlider, interact
from matplotlib.patches import Rectangle

from course_lib.softmax import softmax
from course_lib.views import AttentionExplorer, style
from course_lib.views.beams import THRESHOLDS
from course_lib.views.scaling import POWERS_OF_TWO, ScalingView, measured

GREY_STEP = 20  # eleven options, far enough apart for any rounding
N_HEADS = 12
DRAWN = "beams.show(shown, pinned, found, mean);"
MARK = f"""
  const marker = root.querySelector(".marker") ?? root.appendChild(
    make("canvas", {{ class: "marker", width: 8, height: 8, style: "position:absolute;right:0;bottom:0" }}));
  const pen = marker.getContext("2d", {{ willReadFrequently: true }});
  const grey = {GREY_STEP} * {list(THRESHOLDS)}.indexOf(shown.threshold);
  pen.fillStyle = `rgb(${{grey}}, ${{grey}}, ${{grey}})`;
  pen.fillRect(0, 0, 8, 8);
"""


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


class MarkedExplorer(AttentionExplorer):
    """AttentionExplorer with the marker, drawn in the step that draws the beams, from what that step was given."""

    if AttentionExplorer._esm.count(DRAWN) != 1:
        raise RuntimeError(f"the explorer's script no longer has the line {DRAWN!r}: mend the marker")
    _esm = AttentionExplorer._esm.replace(DRAWN, DRAWN + MARK)


def warm(divisor="none"):
    """Measure every setting once, so that the race is about drawing alone."""
    for d_k in POWERS_OF_TWO:
        measured(d_k, divisor)


def scaling():
    """Return our figure by matplotlib."""
    return MarkedScalingView(d_k=1, divisor="none")


def _by_matplotlib():
    """Return the view, a figure of pyplot's with the same drawing in it, and a function that draws one value."""
    view = MarkedScalingView(d_k=1, divisor="none")
    view.d_k.unobserve_all("value")
    figure = plt.figure(figsize=(view.size[0] / 72, view.size[1] / 72), dpi=72)
    with style.drawing():
        view.build(figure)
        view.update(view.numbers())

    def draw(d_k):
        view.d_k.value = d_k
        with style.drawing():
            view.update(view.numbers())
        for artist in figure.findobj(lambda artist: artist.get_animated()):
            artist.set_animated(False)

    return figure, draw


def by_interact():
    """Show the same drawing the usual way: a function that draws anew for each value of a slider."""
    whole = "InlineBackend.print_figure_kwargs = {'bbox_inches': None}"  # a tight box would cut the marker off
    get_ipython().run_line_magic("matplotlib", "inline")
    get_ipython().run_line_magic("config", whole)

    def draw(d_k):
        _, update = _by_matplotlib()
        update(d_k)
        plt.show()

    interact(draw, d_k=SelectionSlider(options=POWERS_OF_TWO, value=1, description="d_k"))


def by_ipympl():
    """Show the same drawing by ipympl: a slider changes the artists in place, and its canvas follows."""
    get_ipython().run_line_magic("matplotlib", "widget")
    figure, update = _by_matplotlib()
    figure.canvas.header_visible = figure.canvas.footer_visible = figure.canvas.toolbar_visible = False
    slider = SelectionSlider(options=POWERS_OF_TWO, value=1, description="d_k")

    def changed(change):
        update(change["new"])
        figure.canvas.draw_idle()

    update(1)
    slider.observe(changed, "value")
    display(slider, figure.canvas)


def weights(n):
    """Return random weights (12, n, n) and n words: the same for both."""
    scores = 2 * np.random.default_rng(0).standard_normal((N_HEADS, n, n))
    return softmax(scores), [f"word{place}" for place in range(n)]


def explorer(n):
    """Return our figure by the browser, all heads on."""
    figure = MarkedExplorer(*weights(n), label="random")
    figure.selection = {"heads": list(range(N_HEADS)), "threshold": THRESHOLDS[0]}
    return figure


def bertviz(n):
    """Show BertViz's head view of the same weights; all heads are on at first."""
    peers.head_view(*weights(n))
