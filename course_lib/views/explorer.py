"""AttentionExplorer: who looks at whom, as beams and as a matrix that answer a click. The browser draws it."""

import numpy as np
import traitlets

from course_lib.views.beam_picture import draw_explorer, picture_height
from course_lib.views.beams import THRESHOLDS, beams, first_threshold, letter, names_of, sentence
from course_lib.views.live import LiveFigure, live_script, live_style
from course_lib.views.live_array import Array
from course_lib.views.style import LABELS

MOST = 128  # tokens on a side; more would be drawn as beams that nobody can tell apart
CLOSE = 1e-3  # float16 weights of many keys sum to 1 no better


class AttentionExplorer(LiveFigure):
    """Click a token to see where it looks: a beam is as thick and as strong as its weight. The matrix answers too.

    weights     (n_q, n_k), or (n_heads, n_q, n_k): then a chip for each head
    queries     the words that ask; keys: the words that are looked at, the same where they are left out
    normalise   "row": each row is shares of 1 (0 for a query that may look at nobody), the thickest beam is 1;
                "global": the same promise, and the thickest beam is the largest weight;
                False: no promise, and the thickest beam is the largest weight
    label       "hand-built", "random" or "trained": where the weights come from

    `selection` has query, key (a place or None), heads and threshold; the next cell may read it.
    """

    _esm = live_script(
        "beams.js", "beam_raster.js", "explorer_sky.js", "explorer_beams.js", "explorer_matrix.js", "explorer.js"
    )
    _css = live_style("explorer.css")
    weights = Array(help="(n_heads, n_q, n_k), as many tokens as are shown")
    tokens = traitlets.List(help="the queries, then the keys").tag(sync=True)
    names = traitlets.List(help="the same, told apart where a word stands twice").tag(sync=True)
    headed = traitlets.Bool(help="do the weights have an axis of heads?").tag(sync=True)
    full = traitlets.Float(help="the weight with the thickest beam").tag(sync=True)
    label = traitlets.Unicode(help="hand-built, random or trained").tag(sync=True)
    note = traitlets.Unicode(help="what is not shown").tag(sync=True)

    def __init__(self, weights, queries, keys=None, normalise="row", label="hand-built"):
        queries, keys = _words("queries", queries), _words("keys", queries if keys is None else keys)
        weights = _numbers(weights, len(queries), len(keys))
        _check(weights, queries, normalise, label)
        whole = weights.reshape(-1, *weights.shape[-2:])[:, :MOST, :MOST]
        shown = queries[:MOST], keys[:MOST]
        full = 1.0 if normalise == "row" else float(whole.max()) or 1.0
        self.size = (760, picture_height(*whole.shape[1:]))
        super().__init__(
            weights=whole,
            tokens=list(shown),
            names=[names_of(words) for words in shown],
            headed=weights.ndim == 3,
            full=full,
            label=label,
            note=_note(len(queries), len(keys)),
            selection={"threshold": first_threshold(whole, full)},
        )

    def exact(self):
        """Return the weights (n_heads, n_q, n_k) as both sides compute with them: float64 of the float32 sent."""
        return self.weights.astype(float)

    def check(self, selection):
        """Return the selection with every part there, or raise ValueError."""
        n_heads, n_q, n_k = self.weights.shape
        full = {"query": None, "key": None, "heads": [0], "threshold": 0.0} | selection
        if strangers := set(full) - {"query", "key", "heads", "threshold"}:
            raise ValueError(f"a selection has query, key, heads and threshold, not {', '.join(sorted(strangers))}")
        for name, count in (("query", n_q), ("key", n_k)):
            if full[name] is not None and full[name] not in range(count):
                raise ValueError(f"{name} must be None or a place from 0 to {count - 1}, not {full[name]!r}")
        heads = sorted(set(full["heads"]))
        if not heads or not set(heads) <= set(range(n_heads)):
            raise ValueError(f"heads must be some of 0 to {n_heads - 1}, not {full['heads']!r}")
        if full["threshold"] not in THRESHOLDS:
            raise ValueError(f"threshold must be one of {', '.join(map(str, THRESHOLDS))}, not {full['threshold']!r}")
        return full | {"heads": heads}

    def numbers(self):
        """Return weights (n_q, n_k), the mean over the heads shown; received (n_k,); beams (m, 3): head, query, key."""
        mean = self.exact()[self.selection["heads"]].mean(0)
        drawn = beams(self.exact(), self.selection, self.full)
        return {"weights": mean, "received": mean.sum(0), "beams": drawn}

    def describe(self):
        """Return who looks at whom at the selection, with the weights and where they come from."""
        n = self.numbers()
        return sentence(self, self.selection, n["weights"], n["beams"])

    def heading(self):
        """Return the sizes, the label and what is pinned."""
        heads, n_q, n_k = self.weights.shape
        return f"AttentionExplorer({f'{heads} heads, ' if self.headed else ''}{n_q} × {n_k}, {self.label})"

    def build(self, figure):
        """Draw the beams on the left, the matrix on the right."""
        n = self.numbers()
        draw_explorer(figure, self.tokens, self.exact(), n["beams"], n["weights"], self.full, self.label)


def _words(name, words):
    """Return a list of words, or raise ValueError."""
    if isinstance(words, str):
        raise ValueError(f"{name} must be a list of words, not one text: {words!r}.split() may be what you mean")
    words = [str(word) for word in words]
    if not words:
        raise ValueError(f"{name} must hold at least one word: 0 tokens make no picture")
    return words


def _numbers(weights, n_q, n_k):
    """Return weights as floats of shape (n_q, n_k) or (n_heads, n_q, n_k), or raise ValueError with both sizes."""
    weights = np.asarray(weights, float)
    if weights.ndim not in (2, 3) or weights.shape[-2:] != (n_q, n_k) or not weights.size:
        raise ValueError(
            f"weights must have one row a query and one column a key, {n_q} queries and {n_k} keys, "
            f"with an axis of heads before them or none: they have shape {weights.shape}"
        )
    return weights


def _check(weights, queries, normalise, label):
    if normalise not in ("row", "global", False):
        raise ValueError(f'normalise must be "row", "global" or False, not {normalise!r}')
    if label not in LABELS:
        raise ValueError(f"label must say where the weights come from, {', '.join(LABELS)}: got {label!r}")
    wrong = np.argwhere(~np.isfinite(weights) | (weights < 0))
    if len(wrong):
        place = tuple(wrong[0].tolist())
        raise ValueError(f"weights must be numbers from 0 up: the one at {place} is {weights[place]}")
    sums = weights.sum(-1)
    wrong = np.argwhere((abs(sums - 1) > CLOSE) & (sums != 0))
    if len(wrong) and normalise is not False:
        place = tuple(wrong[0].tolist())
        row = f"row {place[-1]} ({queries[place[-1]]})" + (f" of head {letter(place[0])}" if len(place) > 1 else "")
        raise ValueError(
            f"each row of weights must sum to 1, or to 0 where a query may look at nobody: {row} sums to "
            f"{sums[place]:.4g}; normalise=False draws such weights as they are"
        )


def _note(n_q, n_k):
    """Return in words what is shown where not all is, or nothing."""
    cut = [f"the first {MOST} of {n:,} {name}" for n, name in ((n_q, "queries"), (n_k, "keys")) if n > MOST]
    return f"shown are {' and '.join(cut)}, the weights of the others are left out" if cut else ""
