"""Many small matrices side by side as one image: it moves quickly where eight labelled axes would not."""

from math import ceil, sqrt

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.image import AxesImage

from course_lib.views.matrix import SHADES

HEADER = 20  # pixels over each tile, for its letter
GAP = 10
_PEN = GraphicsContextBase()


def tiles(count, n, side):
    """Return where tiles of n x n cells stand in a square of `side` pixels: [(left, top), ...], and a cell's side.

    >>> tiles(count=2, n=5, side=110)
    ([(0, 20), (60, 20)], 10)
    """
    columns = ceil(sqrt(count))
    rows = ceil(count / columns)
    across, down = (side - GAP * (columns - 1)) // columns, (side - HEADER * rows - GAP * (rows - 1)) // rows
    cell = min(across, down) // n
    if cell < 1:
        raise ValueError(f"{count} matrices of {n} x {n} are too many to be told apart in {side} pixels")
    step = across + GAP, cell * n + HEADER + GAP
    return [(step[0] * (tile % columns), HEADER + step[1] * (tile // columns)) for tile in range(count)], cell


def frames(places, size):
    """Return one line (m, 2) round all tiles of `size` pixels, with nan where the pen is lifted."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0], [np.nan, np.nan]]) * size
    return (np.array(places, float)[:, None] + corners).reshape(-1, 2)


class Mosaic(AxesImage):
    """An image of matrices (count, n, n), numbers from 0 to 1, in axes that are `side` CSS pixels wide and high."""

    def __init__(self, axes, side):
        super().__init__(axes, cmap=SHADES, animated=True, zorder=5)
        self._side = side
        self.set_clim(0, 1)
        axes.add_artist(self)

    def show(self, matrices):
        """Lay these matrices; what the image holds are their numbers, (count * n, n)."""
        self._matrices = matrices
        self.set_data(matrices.reshape(-1, matrices.shape[-1]))

    def draw(self, renderer):
        """Colour the cells, and then copy each to its pixels: matplotlib would colour pixel by pixel."""
        count, n, _ = self._matrices.shape
        places, cell = tiles(count, n, self._side)
        ratio = renderer.dpi / 72
        of_pixel = (np.arange(round(cell * n * ratio)) / (cell * ratio)).astype(int).clip(max=n - 1)
        colours = self.to_rgba(self._matrices.reshape(-1, n), bytes=True).reshape(count, n, n, 4)
        paper = np.zeros((round(self._side * ratio), round(self._side * ratio), 4), np.uint8)
        for place, tile in zip(places, colours, strict=True):
            left, top = (round(edge * ratio) for edge in place)
            paper[top : top + len(of_pixel), left : left + len(of_pixel)] = tile[of_pixel[:, None], of_pixel]
        corner = self.axes.get_window_extent()
        renderer.draw_image(_PEN, round(corner.x0), round(corner.y0), paper[::-1])  # Agg counts rows from below
        self.stale = False
