"""Lesson 04: one query's whole way through attention, every number real and open to be typed over."""

import numpy as np
import traitlets

from course_lib.views.live import LiveFigure, live_script, live_style
from course_lib.views.live_array import Array
from course_lib.views.parts import figure_html
from course_lib.views.stepper_checks import (
    check_shapes,
    finite_numbers,
    hex_colours,
    is_number,
    is_whole,
    mask_rows,
    row_of,
)
from course_lib.views.stepper_picture import WIDTH, WholeWay
from course_lib.views.stepper_walk import LEVEL, say, vector, walk
from course_lib.views.style import LABELS

OKABE_ITO = ("#E69F00", "#0072B2", "#F0E442", "#CC79A7", "#009E73", "#D55E00", "#56B4E9", "#999999")
STEPS = ("words", "project", "products", "sum", "scale", "mask", "exp", "weights", "values", "output")


class AttentionStepper(LiveFigure):
    """X -> Q, K, V -> products -> scores -> scaled -> exp -> weights -> output for one query, step by step.

    X (n, d_model), W_q and W_k (d_model, d_k), W_v (d_model, d_v), a token for each row of X; `query` is a row or
    a token, `mask` (n, n) booleans, True = may look. colours: "#rrggbb" for each token, for the last step.
    `selection` is what the browser set: query, step, edits as [table, row, column, number], and the switches.
    """

    _esm = live_script("stepper_walk.js", "stepper_table.js", "stepper.js")
    _css = live_style("stepper.css")
    X, W_q, W_k, W_v = Array(), Array(), Array(), Array()
    tokens = traitlets.List(traitlets.Unicode()).tag(sync=True)
    mask = traitlets.List().tag(sync=True)
    colours = traitlets.List(traitlets.Unicode()).tag(sync=True)
    label = traitlets.Enum(LABELS).tag(sync=True)
    start = traitlets.Dict().tag(sync=True)

    def __init__(self, X, W_q, W_k, W_v, tokens, query=0, mask=None, label="hand-built", colours=None):
        tokens, arrays = [str(token) for token in tokens], {"X": X, "W_q": W_q, "W_k": W_k, "W_v": W_v}
        arrays = {name: finite_numbers(name, one) for name, one in arrays.items()}
        check_shapes({name: one.shape for name, one in arrays.items()}, tokens)
        if label not in LABELS:
            raise ValueError(f"label says where the numbers come from: {', '.join(LABELS)}, not {label!r}")
        start = {
            "query": row_of(query, tokens), "step": 0, "edits": [], "d_k": arrays["W_q"].shape[1], "temperature": 1,
            "maximum": True, "large": False, "axis": "keys", "divide": True, "colours": False,
        }  # fmt: skip
        colours = OKABE_ITO[: len(tokens)] if colours is None else colours
        colours, mask = hex_colours(colours, tokens), mask_rows(mask, len(tokens))
        super().__init__(**arrays, tokens=tokens, mask=mask, colours=colours, label=label, start=start)
        self.selection = start

    @property
    def steps(self):
        """The names of the steps, in their order; the mask has one only where there is a mask."""
        return [step for step in STEPS if step != "mask" or self.mask]

    def check(self, selection):
        """Return a selection with a place for everything, or raise ValueError with a sentence."""
        unknown, selection = set(selection) - set(self.start), self.start | selection
        if unknown:
            raise ValueError(f"a selection has {', '.join(self.start)}, and not {', '.join(sorted(unknown))}")
        for name, most in (("query", len(self.tokens)), ("step", len(self.steps))):
            if not (is_whole(selection[name]) and 0 <= selection[name] < most):
                raise ValueError(f"{name} must be a whole number from 0 to {most - 1}, not {selection[name]!r}")
        for name in ("d_k", "temperature"):
            if not (is_number(selection[name]) and selection[name] > 0):
                raise ValueError(f"{name} must be a number above 0, not {selection[name]!r}")
        for name in ("maximum", "large", "divide", "colours"):
            if not isinstance(selection[name], bool):
                raise ValueError(f"{name} must be True or False, not {selection[name]!r}")
        if selection["axis"] not in ("keys", "queries"):
            raise ValueError(f"axis must be keys or queries, not {selection['axis']!r}")
        return selection | {"edits": [self._edit(edit) for edit in selection["edits"]]}

    def _edit(self, edit):
        shapes = self._shapes()
        if not isinstance(edit, list | tuple) or len(edit) != 4 or edit[0] not in shapes:
            raise ValueError(f"an edit is [table, row, column, number], table one of {', '.join(shapes)}: got {edit!r}")
        (name, row, column, value), (n, m) = edit, shapes[edit[0]]
        if not (is_whole(row) and is_whole(column) and 0 <= row < n and 0 <= column < m and is_number(value)):
            raise ValueError(f"{name} has shape ({n}, {m}), and a finite number is typed inside it: got {edit!r}")
        return [name, row, column, value]

    def _shapes(self):
        """Return the shape of each table that can be typed over; from the scores on it is one row, the query's."""
        n, d_k, d_v = len(self.tokens), self.W_k.shape[1], self.W_v.shape[1]
        rows = {"Q": (n, d_k), "K": (n, d_k), "V": (n, d_v), "products": (n, d_k)}
        rows |= {name: getattr(self, name).shape for name in ("X", "W_q", "W_k", "W_v")}
        return {name: rows.get(name, (1, n)) for name in LEVEL}

    def numbers(self):
        """Return every number on the way, by name; scores, exps, weights and the rest (n,) are those of the query."""
        allowed = np.array(self.mask, bool) if self.mask else None
        return walk(self.X, self.W_q, self.W_k, self.W_v, allowed, self.selection)

    def describe(self):
        """Return the whole way in one sentence."""
        n, query = self.numbers(), self.selection["query"]
        return (
            f"“{self.tokens[query]}” asks with q = {vector(n['Q'][query])}; its scores: {self._each(n['scores'])}; "
            f"divided by {say(n['divisor'])}: {self._each(n['scaled'])}; the weights: {self._each(n['weights'])}, "
            f"which add up to {say(n['weights'].sum())}; the output: {vector(n['output'])}."
        )

    def _each(self, values):
        return ", ".join(f"{token} {say(value)}" for token, value in zip(self.tokens, values, strict=True))

    def heading(self):
        """Return the sizes, and where the numbers come from."""
        (n, d_model), d_k, d_v = self.X.shape, self.W_k.shape[1], self.W_v.shape[1]
        return f"AttentionStepper({n} tokens, d_model = {d_model}, dₖ = {d_k}, dᵥ = {d_v}, {self.label})"

    def _picture(self):
        return WholeWay(self.numbers(), self.tokens, self.selection, self.label, bool(self.mask))

    @property
    def size(self):
        """Width and height of the static picture, in CSS pixels."""
        return WIDTH, self._picture().height

    def build(self, figure):
        """Draw the whole way as one picture."""
        self._picture().draw(figure)

    def html(self):
        """Return the picture with its sentence; words in two inks and a bar of lines need four colours."""
        return figure_html(self.sheet().stored_png(colours=4), self.describe(), WIDTH)
