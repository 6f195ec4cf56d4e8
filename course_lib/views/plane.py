"""Lesson 01: words as arrows in a plane. Drag one, and see dot product and cosine disagree about who is near."""

import numpy as np
import traitlets

from course_lib.views.live import LiveFigure, live_style
from course_lib.views.live_array import Array
from course_lib.views.parts import figure_html, script
from course_lib.views.plane_checks import known, place_of, table_of
from course_lib.views.plane_maths import compare, frame_round
from course_lib.views.plane_picture import SIZE, draw_plane, draw_readings
from course_lib.views.style import LABELS, number

MOST = 40  # arrows that can still be told apart


class EmbeddingPlane(LiveFigure):
    """Words as arrows from the origin, by the first two columns of their table. Drag one, or use the arrow keys.

    table      (n, d) numbers with d >= 2, or what `word_vectors` returns: then the rows of `words` are taken from it
    words      a name for each row; more than 40 would hide each other, and the first 40 are shown
    chosen     the word to move, by default the first; reference: the word that it is compared with
    label      where the numbers come from: "hand-built", "random" or "trained"
    selection  {"chosen", "reference", "moved": {word: [x, y]}}: what the learner did; the next cell can read it

    >>> plane = EmbeddingPlane([[0.2, 0.9, 0.3], [0.3, 0.9, 0.5]], ["cat", "dog"], chosen="dog")
    >>> plane.selection
    {'chosen': 'dog', 'reference': 'cat', 'moved': {}}
    """

    _esm = script("maths.js", "plane_maths.js", "plane_picture.js", "plane.js")
    _css = live_style("plane.css")
    size = SIZE

    table = Array()
    words = traitlets.List(traitlets.Unicode()).tag(sync=True)
    total = traitlets.Int(help="how many words there were").tag(sync=True)
    frame = traitlets.List(traitlets.Float(), help="low x, low y, width of what is shown").tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)

    def __init__(self, table, words, chosen=None, reference=None, label="hand-built"):
        words = [words] if isinstance(words, str) else list(words)
        table, total = table_of(table, words), len(words)
        if label not in LABELS:
            raise ValueError(f"label must say where the numbers come from, {', '.join(LABELS)}: got {label!r}")
        table, words = table[:MOST], words[:MOST]
        chosen = words[0] if chosen is None else known("chosen", chosen, words)
        others = [word for word in words if word != chosen]
        reference = others[0] if reference is None else known("reference", reference, words)
        selection = {"chosen": chosen, "reference": reference, "moved": {}}
        frame = frame_round(np.asarray(table[:, :2], np.float32).astype(float))
        super().__init__(table=table, words=words, total=total, frame=frame, label=label, selection=selection)

    def check(self, selection):
        """Return a selection with known words, and places that are two numbers each."""
        if set(selection) != {"chosen", "reference", "moved"} or not isinstance(selection["moved"], dict):
            raise ValueError(f"a selection has chosen, reference and moved: got {selection!r}")
        for name in ("chosen", "reference"):
            known(name, selection[name], self.words)
        moved = {known("moved", w, self.words): place_of(w, at) for w, at in selection["moved"].items()}
        return selection | {"moved": moved}

    def numbers(self):
        """Return where the words stand, and the chosen one against all of them, at the selection as it stands.

        places, start (n, 2); `names` of all that are compared: the words, and for a word that was moved the place it
        came from; for these dots, cosines, angles (degrees; nan without a direction), and the order by either.
        """
        return compare(self.table[:, :2].astype(float), self.words, self.selection)

    def describe(self):
        """Return the two words with their places, what they have in common, and the nearest by either measure."""
        n, (chosen, reference) = self.numbers(), (self.selection[name] for name in ("chosen", "reference"))
        at = dict(zip(self.words, n["places"], strict=True))
        one, other = (f"{word} ({number(at[word][0])}, {number(at[word][1])})" for word in (chosen, reference))
        angle = "no angle" if np.isnan(n["angle"]) else f"angle {number(n['angle'], 0)}°"
        by_dot, by_cosine = (
            ", ".join("itself" if name == chosen else name for name in names[:3])
            for names in (n["by_dot"], n["by_cosine"])
        )
        cut = f"The first {len(self.words)} of {self.total} words. " if self.total > len(self.words) else ""
        return (
            f"{cut}{one} and {other}: dot product {number(n['dot'])}, cosine {number(n['cosine'])}, {angle}. "
            f"Nearest to {chosen} by dot product: {by_dot}; by cosine: {by_cosine}."
        )

    def heading(self):
        """Return how many words are shown, by which of their features, and where these come from."""
        d = self.table.shape[1]
        features = "their 2 features" if d == 2 else f"the first 2 of their {d} features"
        return f"EmbeddingPlane({len(self.words)} words by {features}, {self.label})"

    def html(self):
        """Return the picture as it stands, pixel for pixel: lesson 01 stores two of them."""
        return figure_html(self.sheet().stored_png(ratio=1.0), self.describe(), self.size[0])

    def build(self, figure):
        """Draw the arrows with their names; beside them the numbers, and the words in both orders."""
        n = self.numbers()
        draw_plane(figure, n, self.words, self.selection, self.frame)
        draw_readings(figure, n, self.selection, self.table.shape[1], self.label)
