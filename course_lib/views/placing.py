"""Labels that do not cover each other: each takes the best free place beside its point."""

import numpy as np

_SIDES = [(1, 0), (-1, 0), (0, 1), (0, -1), (0.8, 1), (-0.8, 1), (0.8, -1), (-0.8, -1)]
_FAR = (1.0, 2.0, 3.5)
_DOT = 12  # pixels that a marker takes


def place_labels(axes, points, words, size, others=(), gap=9):
    """Write each word near its point (n, 2), on the side and at the distance where it covers least.

    others: points (m, 2) to keep clear of, too. Same input, same places.
    """
    figure = axes.figure
    places = axes.transData.transform(np.asarray(points))
    markers = axes.transData.transform(np.asarray([*points, *others]))
    taken = [_box(place, (_DOT, _DOT)) for place in markers]
    frame, (width, height) = axes.get_window_extent(), figure.bbox.size
    look = {"fontsize": size, "ha": "center", "va": "center_baseline", "transform": figure.transFigure}
    for place, word in zip(places, words, strict=True):
        text = axes.text(0, 0, word, **look)
        extent = np.array([text.get_window_extent().width, size])
        choices = [place + np.array(side) * (extent / 2 + gap * far) for far in _FAR for side in _SIDES]
        costs = [_cost(_box(choice, extent), taken, frame) + rank for rank, choice in enumerate(choices)]
        best = choices[int(np.argmin(costs))]
        text.set_position(best / (width, height))  # of the figure: pixels would move with its resolution
        taken.append(_box(best, extent))


def _box(centre, extent):
    (x, y), (width, height) = centre, extent
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _cost(box, taken, frame):
    """Return how much of the box is covered already, in square pixels; leaving the frame costs most."""
    left, low, right, high = np.array(taken).T
    wide = np.minimum(box[2], right) - np.maximum(box[0], left)
    tall = np.minimum(box[3], high) - np.maximum(box[1], low)
    outside = box[0] < frame.x0 or box[2] > frame.x1 or box[1] < frame.y0 or box[3] > frame.y1
    return (np.clip(wide, 0, None) * np.clip(tall, 0, None)).sum() + 1e6 * outside
