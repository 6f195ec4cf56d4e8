"""One Agg figure: what stands still is drawn once, what moves is drawn over a copy of it."""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from course_lib.views import style
from course_lib.views.fingerprint import fingerprint
from course_lib.views.png import quick_png, small_png

STORED_RATIO = 1.5  # pixels of the stored picture to a CSS pixel: sharp enough for a screen, small enough for git


class Sheet:
    """A figure of width x height CSS pixels, filled once by build(figure). Artists made with animated=True move.

    No pyplot: its import takes half a second, and it would keep every figure alive.
    """

    def __init__(self, width, height, build):
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor="none")
        self._canvas = FigureCanvasAgg(self.figure)
        self._still = {}  # ratio -> pixels of all that stands still
        with style.drawing():
            build(self.figure)

    def pixels(self, ratio=1.0):
        """Return the picture now as (height, width, 4) bytes, `ratio` pixels to a CSS pixel; a view, not a copy."""
        if self.figure.dpi != 72 * ratio:
            self.figure.set_dpi(72 * ratio)
        if ratio not in self._still:
            with style.drawing():  # ticks are made while they are drawn
                self._canvas.draw()
            self._still[ratio] = self._canvas.copy_from_bbox(self.figure.bbox)
        else:
            self._canvas.get_renderer()  # of this ratio
            self._canvas.restore_region(self._still[ratio])
        for artist in self._moving():
            self.figure.draw_artist(artist)
        return np.asarray(self._canvas.buffer_rgba())

    def _moving(self):
        panels = [*self.figure.axes, self.figure]
        return [
            artist
            for panel in panels
            for artist in sorted(panel.get_children(), key=lambda artist: artist.get_zorder())
            if artist.get_animated()
        ]

    def png(self, ratio=1.0):
        """Return the picture now as PNG, made quickly, ink on a clear ground."""
        return quick_png(self.pixels(ratio))

    def stored_png(self, colours=16, ratio=STORED_RATIO):
        """Return the picture now as PNG on white paper, made small; words alone need no more than 4 colours."""
        return small_png(self.pixels(ratio), colours)

    def fingerprint(self):
        """Return what the artists hold, in numbers."""
        return fingerprint(self.figure)
