"""What the plane computes: places, dot products, cosines, angles, both orders, and how much is shown."""

import numpy as np

from course_lib.embeddings import cosine

TIES = 9  # decimals that count in a ranking: equal rows must tie, whatever the last bits say
ROOM = 1.7  # the frame, in widths of what stands in it: a word must find room to be dragged to


def compare(start, words, selection):
    """Return the numbers of `EmbeddingPlane.numbers` for words that started at `start` (n, 2)."""
    chosen, reference, moved = (selection[name] for name in ("chosen", "reference", "moved"))
    places = np.array([moved.get(word, at) for word, at in zip(words, start, strict=True)])
    own, other = words.index(chosen), words.index(reference)
    names, rows = list(words), places
    if chosen in moved:
        names, rows = [*names, f"{chosen} before"], np.vstack([places, start[own]])
    dots, cosines = rows @ places[own], cosine(rows, places[own])
    angles = _angles(rows, places[own])
    return {
        "start": start, "places": places, "names": names, "dots": dots, "cosines": cosines, "angles": angles,
        "by_dot": [names[i] for i in _order(dots)], "by_cosine": [names[i] for i in _order(cosines)],
        "dot": float(dots[other]), "cosine": float(cosines[other]), "angle": float(angles[other]),
    }  # fmt: skip


def _angles(rows, one):
    """Return the angle of each row (n, 2) with `one` in degrees; nan where one of them has no direction."""
    cross, dots = rows[:, 0] * one[1] - rows[:, 1] * one[0], rows @ one
    angles = np.degrees(np.arctan2(np.abs(cross), dots))
    return np.where(rows.any(-1) & one.any(), angles, np.nan)


def _order(values):
    return np.argsort(-values.round(TIES), kind="stable")


def frame_round(start):
    """Return low x, low y and width of a square round the origin and all words, with room to move."""
    low, high = start.min(0, initial=0), start.max(0, initial=0)
    width = ROOM * float(max(*(high - low), 1e-3))
    return [round(float(middle) - width / 2, 6) for middle in (low + high) / 2] + [round(width, 6)]


def grown(frame, places):
    """Return the frame, doubled about the origin until every word stands in it, at most four times as wide."""
    for grown in (1, 2, 4):
        x, y, width = (grown * side for side in frame)
        if np.all((places >= (x, y)) & (places <= (x + width, y + width))):
            break
    return x, y, width
