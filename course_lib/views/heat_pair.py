"""Wanted beside yours: two matrices, and a frame round every cell in which they differ."""

import numpy as np

from course_lib.views.base import View
from course_lib.views.matrix import CELL, cell_text, draw_matrix, mark_cells

MOST = 8  # rows and columns that fit beside another matrix in readable type


class HeatPair(View):
    """What was wanted beside what came out. More than two axes: the first matrix; more than 8 rows: the first 8.

    rows, columns: names of the two axes, such as "query" and "key". tolerance: how far a cell may be off.
    """

    def __init__(self, wanted, yours, rows="row", columns="column", title="", tolerance=1e-9):
        self.whole = [_array("wanted", wanted), _array("yours", yours)]
        self.wanted, self.yours = map(_first_matrix, self.whole)
        self.axes_names, self.title, self.tolerance = (rows, columns), title, tolerance
        self.size = (760, 130 + CELL * max(len(self.wanted), len(self.yours)))
        super().__init__()

    def numbers(self):
        """Return both matrices as shown, and the cells (row, column) that differ; none where the shapes do."""
        if self.wanted.shape != self.yours.shape:
            return {"wanted": self.wanted, "yours": self.yours, "differ": []}
        near = np.isclose(self.yours, self.wanted, rtol=self.tolerance, atol=self.tolerance, equal_nan=True)
        cells = [(int(row), int(column)) for row, column in np.argwhere(~near)]
        return {"wanted": self.wanted, "yours": self.yours, "differ": cells}

    def describe(self):
        """Return how many cells differ and the first of them, or both shapes."""
        shapes = [array.shape for array in self.whole]
        head = f"{self.title}: wanted" if self.title else "Wanted"
        if shapes[0] != shapes[1]:
            return f"{head} shape {shapes[0]} beside yours, {shapes[1]}."
        differ = self.numbers()["differ"]
        if not differ:
            return f"{head} beside yours: the cells shown are equal."
        (row, column), names = differ[0], self.axes_names
        where = f"{names[0]} {row}, {names[1]} {column}" if self.whole[0].ndim > 1 else f"{names[1]} {column}"
        values = f"wanted {cell_text(self.wanted[row, column])}, yours {cell_text(self.yours[row, column])}"
        count = f"{len(differ)} of {self.wanted.size} cells differ"
        return f"{head} beside yours: {count}, first at {where}: {values}."

    def build(self, figure):
        """Draw both matrices in the same shades, and frame what differs in yours."""
        finite = np.abs(np.concatenate([self.wanted.ravel(), self.yours.ravel()]).astype(float))
        shown = self.wanted, self.yours
        most = finite[np.isfinite(finite)].max(initial=0)
        for left, name, whole, values in zip((0.08, 0.58), ("wanted", "yours"), self.whole, shown, strict=True):
            rows, columns = values.shape
            box = (left, 1 - (95 + CELL * rows) / self.size[1], min(0.4, 0.078 * columns), CELL * rows / self.size[1])
            axes = figure.add_axes(box)
            draw_matrix(axes, values, range(rows), range(columns), most)
            if whole.ndim < 2:
                axes.set_yticks([])
            axes.set_ylabel(self.axes_names[0] if whole.ndim > 1 else "", fontsize=14)
            part = ", part of it" if values.size < whole.size else ""
            figure.text(left, 1 - 30 / self.size[1], f"{name}  {whole.shape}{part}", weight="bold")
            figure.text(left + 0.2, 1 - 55 / self.size[1], self.axes_names[1], fontsize=14)
        mark_cells(axes, self.numbers()["differ"])


def _array(name, value):
    try:
        array = np.asarray(value)
    except ValueError:  # rows of unequal lengths
        array = np.asarray(None)
    if array.dtype.kind not in "biuf" or array.size == 0:
        raise ValueError(f"{name} must be an array of numbers that is not empty, to be drawn: got {value!r}")
    return array


def _first_matrix(array):
    array = array.reshape(1, -1) if array.ndim < 2 else array.reshape(-1, *array.shape[-2:])[0]
    return array[:MOST, :MOST]
