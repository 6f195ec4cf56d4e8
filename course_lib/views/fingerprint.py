"""What was drawn, in numbers read from the artists: a picture of A.T has another fingerprint than one of A.

nbval compares text and skips pictures. So a view says in its repr what its artists hold, not what it meant to draw.
"""

import zlib

import numpy as np
from matplotlib.collections import Collection
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle, StepPatch
from matplotlib.text import Text


def _four(value, size):
    """Return value to four digits; rounding noise of a sum whose terms have this size is 0."""
    return "0" if abs(value) <= 1e-9 * size else f"{value:.4g}"


def _sums(values):
    """Return n, sum and position-weighted sum; the last one notices when values change places."""
    values = np.nan_to_num(np.ravel(np.ma.filled(np.ma.asarray(values, float), 0.0)), posinf=1e9, neginf=-1e9)
    places = np.arange(1, values.size + 1)
    size = np.abs(values).sum()
    return f"n {values.size}, sum {_four(values.sum(), size)}, weighted {_four(values @ places, size * values.size)}"


def _points(points):
    """Return the sums of x and of y, each on its own: places that never change must not hide heights that do."""
    points = np.asarray(points, float).reshape(-1, 2)
    return f"x {_sums(points[:, 0])}, y {_sums(points[:, 1])}"


def _sizes(boxes):
    return ", ".join(
        f"{name} {_sums([getattr(box, f'get_{name}')() for box in boxes])}" for name in ("width", "height", "facecolor")
    )


def _image(image):
    shown = np.ma.filled(np.ma.asarray(image.get_array(), float), 0.0)
    size = np.abs(shown).max(initial=0.0)
    extremes = f"min {_four(shown.min(), size)}, max {_four(shown.max(), size)}"
    return f"image {' x '.join(map(str, shown.shape))}, {extremes}, {_sums(shown)}"


def _shapes(artist):
    offsets = np.asarray(artist.get_offsets())
    corners = [path.vertices for path in artist.get_paths()]
    return f"shapes {_points(offsets if np.any(offsets) else np.concatenate(corners or [np.empty((0, 2))]))}"


def _one(artist):
    """Return what one artist holds, or nothing for a frame, an axis and the like."""
    if isinstance(artist, AxesImage):
        return _image(artist)
    if isinstance(artist, Line2D):
        return f"line {_points(artist.get_xydata())}"
    if isinstance(artist, StepPatch):
        return f"steps {_sums(artist.get_data().values)}"
    return _shapes(artist) if isinstance(artist, Collection) else ""


def _all(panel):
    """Yield what the artists of axes or of a figure hold; words as their number and a checksum, in drawing order."""
    shown = [artist for artist in panel.get_children() if artist.get_visible() and artist is not panel.patch]
    yield from filter(None, map(_one, shown))
    bars = [artist for artist in shown if isinstance(artist, Rectangle)]
    if bars:
        yield f"boxes {_points([bar.get_xy() for bar in bars])}, {_sizes(bars)}"
    words = [artist.get_text() for artist in shown if isinstance(artist, Text) and artist.get_text()]
    if words:
        yield f"words {len(words)}, {zlib.crc32(chr(10).join(words).encode()):08x}"


def fingerprint(figure):
    """Return a line for each axes and one for the figure: images, lines, shapes, bars by their sums, and words."""
    panels = {f"panel {number}": axes for number, axes in enumerate(figure.axes, 1)} | {"around": figure}
    lines = {name: "; ".join(_all(panel)) for name, panel in panels.items()}
    return "\n".join(f"{name}: {line}" for name, line in lines.items() if line)
