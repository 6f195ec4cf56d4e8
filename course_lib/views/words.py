"""Words that move: a line of text whose pixels are kept, since setting its glyphs takes most of a draw's time."""

from functools import cache, lru_cache
from math import ceil

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from course_lib.views import style

_TO_THE_LEFT = {"left": 0.0, "center": 0.5, "right": 1.0}  # how much of the width stands left of the place
_BELOW = {"baseline": 0.0, "bottom": 0.0, "center": 0.5, "top": 1.0}  # how much of a digit's height stands below it
_NUMBER = set("0123456789.,−")
_EDGE = 2  # clear pixels round a line
_PEN = GraphicsContextBase()


@cache
def _ruler(dpi):
    return RendererAgg(1, 1, dpi)


@cache
def _measured(words, font, dpi):
    """Return width, height and descent of a line in pixels."""
    return _ruler(dpi).get_text_width_height_descent(words, FontProperties(**dict(font)), ismath=False)


@lru_cache(maxsize=1024)
def _set(words, font, dpi):
    """Return how much ink each pixel of a line has (height, width), and how many rows lie below its base line."""
    width, height, descent = _measured(words, font, dpi)
    above, below = ceil(height - descent) + _EDGE, ceil(descent) + _EDGE
    paper = RendererAgg(ceil(width) + 2 * _EDGE, above + below, dpi)
    with style.drawing():
        paper.draw_text(paper.new_gc(), _EDGE, above, words, FontProperties(**dict(font)), 0)
    return np.array(paper.buffer_rgba())[..., 3], below


@lru_cache(maxsize=4096)
def _line(words, font, dpi):
    """Return what `_set` does; a number is put together from its digits, since most numbers come up only once."""
    if not _NUMBER.issuperset(words):
        return _set(words, font, dpi)
    glyphs = [_set(letter, font, dpi) for letter in words]
    ends = np.cumsum([0, *(_advance(letter, font, dpi) for letter in words)]).round().astype(int)
    below = max(below for _, below in glyphs)
    above = max(len(ink) - below for ink, below in glyphs)
    line = np.zeros((above + below, ends[-1] + 2 * _EDGE), np.uint8)
    for (ink, under), left in zip(glyphs, ends, strict=False):
        ink = ink[:, : line.shape[1] - left]
        part = line[above + under - len(ink) : above + under, left : left + ink.shape[1]]
        np.maximum(part, ink, out=part)
    return line, below


@cache
def _advance(letter, font, dpi):
    """Return how far the pen moves for a letter between two digits."""
    return _measured(f"0{letter}0", font, dpi)[0] - _measured("00", font, dpi)[0]


@lru_cache(maxsize=4096)
def _printed(words, font, colour, dpi):
    """Return the line in its colour, lowest row first; how many rows lie below its base line; a digit's height."""
    ink, below = _line(words, font, dpi)
    pixels = np.empty((*ink.shape, 4), np.uint8)
    pixels[..., :3] = np.round(np.array(to_rgb(colour)) * 255)
    pixels[..., 3] = ink[::-1]  # Agg counts rows from below
    return pixels, below, _measured("0", font, dpi)[1]


class Words(Text):
    """One line of text in one style, made to change often: animated, and in front of what it labels."""

    def __init__(self, x=0.0, y=0.0, words="", **look):
        super().__init__(x, y, words, **{"animated": True, "zorder": 9, "fontsize": style.NORMAL} | look)

    def draw(self, renderer):
        """Copy the line's pixels to its place. A digit's height counts, so that a comma does not lift the line."""
        if not (self.get_visible() and self.get_text()):
            return
        font = ("family", "DejaVu Sans"), ("size", self.get_fontsize()), ("weight", self.get_weight())
        pixels, below, digit = _printed(self.get_text(), font, self.get_color(), renderer.dpi)
        x, y = self.get_transform().transform(self.get_position())
        left = round(x - _TO_THE_LEFT[self.get_horizontalalignment()] * (pixels.shape[1] - 2 * _EDGE)) - _EDGE
        bottom = round(y - _BELOW[self.get_verticalalignment()] * digit) - below
        renderer.draw_image(_PEN, left, bottom, pixels)
        self.stale = False
