"""Lesson 05: three families of transformers in six lines, told apart by who may look at whom."""

import numpy as np

from course_lib.masks import causal_mask
from course_lib.views.base import View
from course_lib.views.boxes import canvas, note
from course_lib.views.matrix import draw_shades

N, WRITTEN, CELL, ROW = 5, 4, 17, 112  # tokens read, tokens written, CSS pixels of a cell and of a family
MASKS = (420, 548, 659)  # where masks begin
FAMILIES = {
    "encoder": (("self",), "BERT", "every token looks at every token", "reads: search, sort, tag"),
    "decoder": (("causal",), "GPT", "left and itself only, no cross-attention", "writes, word by word"),
    "encoder-decoder": (("self", "causal", "cross"), "T5", "writes, looking back at all it read", "translates"),
}


class ModelFamilies(View):
    """Encoder, decoder and encoder-decoder, each with its small masks (filled: may look) and two lines of words."""

    size = (760, 40 + 3 * ROW)
    stored_colours = 8

    def numbers(self):
        """Return for each family its masks, booleans: (5, 5) read, (4, 4) written, (4, 5) written looks at read."""
        made = {
            "self": np.ones((N, N), bool),
            "causal": causal_mask(WRITTEN),
            "cross": np.ones((WRITTEN, N), bool),
        }
        return {family: {kind: made[kind] for kind in kinds} for family, (kinds, *_) in FAMILIES.items()}

    def describe(self):
        """Return for each family how many cells its masks let through, and what it is for."""
        parts = []
        for family, masks in self.numbers().items():
            _, model, looks, does = FAMILIES[family]
            cells = ", ".join(f"{kind} {mask.sum()} of {mask.size} cells" for kind, mask in masks.items())
            parts.append(f"{family} ({model}), {looks}; {does} ({cells})")
        return f"Three families: {'; '.join(parts)}."

    def build(self, figure):
        """Draw a row for each family: its masks with their names, its own name, and the two lines."""
        axes, height = canvas(figure), self.size[1]
        note(axes, (744, 20), "rows ask, filled: may look", ha="right")
        for row, (family, masks) in enumerate(self.numbers().items()):
            top = 40 + ROW * row
            _, model, *lines = FAMILIES[family]
            axes.text(16, top + 12, f"{family}: {model}", va="center_baseline", weight="bold")
            for place, line in enumerate(lines):
                axes.text(16, top + 42 + 26 * place, line, va="center_baseline")
            for left, (kind, mask) in zip(MASKS, masks.items(), strict=False):
                rows, columns = mask.shape
                corner = left / 760, 1 - (top + CELL * rows) / height
                _draw_mask(figure.add_axes((*corner, CELL * columns / 760, CELL * rows / height)), mask)
                note(axes, (left, top + CELL * rows + 12), kind)


def _draw_mask(axes, mask):
    draw_shades(axes, mask.astype(float), 1.5)
    rows, columns = mask.shape
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set(visible=True, linewidth=1)
    axes.hlines(np.arange(1, rows) - 0.5, -0.5, columns - 0.5, color="white", lw=1)
    axes.vlines(np.arange(1, columns) - 0.5, -0.5, rows - 0.5, color="white", lw=1)
