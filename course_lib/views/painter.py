"""MaskPainter: paint who may look at whom, poke a token and see what leaks (05), compose sparse patterns (07)."""

import numpy as np
import traitlets

from course_lib.sparse import hops
from course_lib.views.live import LiveFigure, live_script, live_style
from course_lib.views.live_array import Array
from course_lib.views.painter_inputs import (
    TOOLS,
    cut_note,
    mask_of,
    read_mask,
    read_preset,
    read_selection,
    read_tools,
    read_words,
    real_keys,
    rows_of,
)
from course_lib.views.painter_maths import pattern_mask, poked, presets, unmasked_weights
from course_lib.views.painter_picture import draw_painter, picture_height
from course_lib.views.painter_words import sentence
from course_lib.views.parts import figure_html

MOST = 64  # tokens on a side; cells of more would be smaller than the pointer's tip
D_K, D_V, SEED = 4, 3, 5  # of the random Q, K, V that the leak detector runs on


class MaskPainter(LiveFigure):
    """Click, drag or press Space to paint who may look at whom. `allowed` is the mask, a NumPy array.

    tokens   words, or how many there are; keys: the words that are looked at, the same where they are left out
    allowed  (n_q, n_k) booleans to begin with, True = may look; else `preset`, the name of one of the buttons
    tools    "leak": add 1 to a token's key or value, and see which outputs move, on random Q, K, V;
             "compose": patterns joined by "or", hops, and what a token has heard from after some layers

    >>> MaskPainter(3).allowed.astype(int)
    array([[1, 0, 0],
           [1, 1, 0],
           [1, 1, 1]])
    """

    _esm = live_script("painter_maths.js", "painter_words.js", "painter_grid.js", "painter_tools.js", "painter.js")
    _css = live_style("painter.css")
    words = traitlets.List(help="the queries, then the keys").tag(sync=True)
    tools = traitlets.List(traitlets.Enum(TOOLS)).tag(sync=True)
    presets = traitlets.Dict(help="the patterns that have a button").tag(sync=True)
    real = traitlets.List(traitlets.Bool(), help="False for the keys that are padding").tag(sync=True)
    note = traitlets.Unicode(help="what is not shown").tag(sync=True)
    Q, K, V = Array(), Array(), Array()

    def __init__(self, tokens, keys=None, allowed=None, preset=None, tools=("leak",)):
        queries, keys = read_words("tokens", tokens), read_words("keys", tokens if keys is None else keys)
        tools = read_tools(tools, queries, keys)
        named = presets(len(queries[:MOST]), len(keys[:MOST]), cross=queries != keys, compose="compose" in tools)
        pattern = read_preset(preset, named)
        painted = None if allowed is None else read_mask(allowed, len(queries), len(keys))[:MOST, :MOST]
        note, queries, keys = cut_note(queries, keys, MOST), queries[:MOST], keys[:MOST]
        rng = np.random.default_rng(SEED)
        vectors = {"Q": (len(queries), D_K), "K": (len(keys), D_K), "V": (len(keys), D_V)}
        self.size = (760, picture_height(queries, keys))
        super().__init__(
            words=[queries, keys],
            tools=tools,
            presets=named,
            real=real_keys(keys),
            note=note,
            **{name: rng.standard_normal(shape) for name, shape in vectors.items()},
        )
        self.selection = {"pattern": pattern, "painted": None if painted is None else rows_of(painted)}

    @property
    def allowed(self):
        """The mask as it stands, (n_q, n_k) booleans; a copy. Assign another one to show it."""
        if self.selection["painted"] is not None:
            return mask_of(self.selection["painted"])
        return pattern_mask(self.selection["pattern"], *map(len, self.words), self.real)

    @allowed.setter
    def allowed(self, mask):
        self.selection = self.selection | {"painted": rows_of(read_mask(mask, *map(len, self.words)))}

    def check(self, selection):
        """Return the selection with every part there, or raise ValueError."""
        return read_selection(selection, *map(len, self.words))

    def numbers(self):
        """Return allowed (n_q, n_k), edges, kept (a share), empty (places of rows), and what the tools find.

        compose: hops (n, n), histogram (pairs by hops, from 0), never (pairs), reached (n,) booleans.
        leak: weights and unmasked (n_q, n_k), output (n_q, d_v), moved (n_q,), leaks (places).
        """
        allowed, chosen = self.allowed, self.selection
        n = {"allowed": allowed, "edges": int(allowed.sum()), "kept": float(allowed.mean())}
        n["empty"] = np.flatnonzero(~allowed.any(-1)).tolist()
        if "compose" in self.tools:
            far = hops(allowed)
            heard = far[chosen["token"]]
            n |= {"hops": far, "histogram": np.bincount(far[far >= 0]).tolist(), "never": int((far < 0).sum())}
            n["reached"] = (heard >= 0) & (heard <= chosen["layers"])
        if "leak" in self.tools:
            Q, K, V = (one.astype(float) for one in (self.Q, self.K, self.V))
            n |= {"unmasked": unmasked_weights(Q, K)} | poked(Q, K, V, allowed, chosen)
        return n

    def describe(self):
        """Return how much is kept, which rows are empty, and what the tools find."""
        return sentence(self.words, self.selection, self.presets, self.numbers(), self.note)

    def heading(self):
        """Return the sizes and the tools."""
        return f"MaskPainter({' × '.join(str(len(words)) for words in self.words)}, tools = {', '.join(self.tools)})"

    def build(self, figure):
        """Draw the mask, and beside it what the tools find."""
        draw_painter(figure, self.words, self.numbers(), self.selection)

    def html(self):
        """Return the picture with its sentence; cells and words need few colours."""
        return figure_html(self.sheet().stored_png(colours=8, ratio=1.25), self.describe(), self.size[0])
