"""Lesson 06: one sentence seen by h heads; what the cut changes, and what swapping or silencing a head does."""

import numpy as np

from course_lib.cost import attention_operations, projection_operations
from course_lib.multi_head import count_parameters, count_stored_weights, merge_heads, multi_head
from course_lib.views.base import View
from course_lib.views.beams import letter, names_of
from course_lib.views.hand_heads import Layer, hand_heads
from course_lib.views.heads_picture import SIDE, HeadsPicture
from course_lib.views.mosaic import tiles
from course_lib.views.parts import Choice, Slider
from course_lib.views.style import LABELS, number, weight

SWAPS = {"no": "no", "heads": "the heads alone", "both": "with their rows of W_o"}
SAME = 1e-12  # as in lesson 05: less is rounding
FIRST = 8  # heads of which the sentence says where they look


class HeadsView(View):
    """The weights of all heads as a mosaic. Drag h over the divisors of d_model; swap two heads, silence one.

    layer: (tokens, X, W_q, W_k, W_v, W_o); left out, one whose heads at h = 4 are built by hand.
    n_heads: how many at the start. label: "hand-built", "random" or "trained", where the layer comes from.
    """

    size = (760, 500)
    stored_colours = 12

    def __init__(self, layer=None, n_heads=4, label="hand-built"):
        self.layer, self.label = _checked(hand_heads() if layer is None else layer, label), label
        self.d_model = self.layer.X.shape[1]
        self._picture = HeadsPicture(self.layer.tokens, self.d_model, label, self.size)
        divisors = [h for h in range(1, self.d_model + 1) if self.d_model % h == 0]
        self.n_heads = Slider("heads h", divisors, n_heads)
        self.swap = Choice("swap A and B", list(SWAPS), "no", list(SWAPS.values()))
        self.silent = Slider("silent", range(n_heads + 1), 0, _names(n_heads))
        self.n_heads.observe(self._offer, "value")  # before the picture follows
        super().__init__(controls=[self.n_heads, self.swap, self.silent])

    def _offer(self, change):
        """Offer each head that there is now to be silenced."""
        n_heads, silent = change["new"], self.silent
        with silent.hold_sync():
            silent.value = min(silent.value, n_heads)  # while both lists hold it
            silent.options, silent.texts = list(range(n_heads + 1)), _names(n_heads)

    def numbers(self):
        """Return weights (h, n, n) as shown, which heads they are (h,), how far outputs moved (n,), and the counts.

        moved: how long each output's change is, with the output itself as 1.
        """
        h, (_, X, W_q, W_k, W_v, W_o) = self.n_heads.value, self.layer
        trace, heads = multi_head(X, W_q, W_k, W_v, W_o, h), np.arange(h)
        rows = W_o.reshape(h, -1, W_o.shape[-1])  # (h, d_head, d_model): what W_o makes of each head
        if self.swap.value != "no":
            heads[:2] = heads[:2][::-1]
            rows = rows[heads] if self.swap.value == "both" else rows
        heard = (heads + 1 != self.silent.value)[:, None, None]
        output = merge_heads(trace.heads[heads] * heard) @ rows.reshape(W_o.shape)
        moved, length = (np.linalg.norm(rows, axis=-1) for rows in (output - trace.output, trace.output))
        return {
            "weights": trace.weights[heads],
            "heads": heads,
            "silent": np.flatnonzero(~heard),
            "moved": np.where(moved < SAME * length.max(), 0.0, moved / np.maximum(length, SAME)),
            "d_head": self.d_model // h,
            "parameters": count_parameters(self.d_model, h),
            "operations": projection_operations(len(X), self.d_model) + attention_operations(len(X), self.d_model, h),
            "stored": count_stored_weights(h, len(X), len(X)),
        }

    def describe(self):
        """Return the cut and its counts, where the heads look, what was done to them, and what the output does."""
        n = self.numbers()
        heads = "1 head" if len(n["heads"]) == 1 else f"{len(n['heads'])} heads"
        moved = n["moved"].max()
        effect = f"the outputs move by up to {number(moved)} of their own length" if moved else "no output moves"
        return (
            f"{heads} with {n['d_head']} of {self.d_model} features each, {self.label}: {n['parameters']:,} "
            f"parameters, {n['operations']:,} multiply-adds, {n['stored']:,} stored weights. "
            f"{self._looks(n)}; {self._done()}, and {effect}."
        )

    def build(self, figure):
        """Draw what stands still, and make what moves."""
        self._picture.build(figure)

    def update(self, numbers):
        """Move what moves."""
        self._picture.update(numbers)

    def _looks(self, n):
        """Return where one token looks most in each of the first heads."""
        names, query = names_of(self.layer.tokens), len(self.layer.tokens) - 2
        rows = n["weights"][:FIRST, query].round(9)  # so that rounding settles no tie
        looks = (
            f"{letter(head)} {'all alike' if np.ptp(row) == 0 else f'{names[row.argmax()]} {weight(row.max())}'}"
            for head, row in zip(n["heads"], rows, strict=False)
        )
        return f"“{names[query]}” looks most at: {', '.join(looks)}{', ...' if len(n['heads']) > FIRST else ''}"

    def _done(self):
        silent = f"head {self.silent.text} is silent" if self.silent.value else ""
        if self.n_heads.value == 1 or self.swap.value == "no":
            return silent or "nothing is swapped or silent"
        ways = {"heads": "A and B are swapped, W_o is not", "both": "A and B are swapped with their rows of W_o"}
        return ways[self.swap.value] + (f", {silent}" if silent else "")


def _names(n_heads):
    return ["none", *map(letter, range(n_heads))]


def _checked(layer, label):
    """Return the layer as a Layer, or raise ValueError with a sentence."""
    try:
        tokens, *arrays = layer
        X, W_q, W_k, W_v, W_o = (np.asarray(array, float) for array in arrays)
    except (TypeError, ValueError):
        raise ValueError(f"layer must be (tokens, X, W_q, W_k, W_v, W_o): got {type(layer).__name__}") from None
    n, d_model = len(tokens), X.shape[-1]
    shapes = {(d_model, d_model)} | {W.shape for W in (W_q, W_k, W_v, W_o)}
    if n < 2 or X.shape != (n, d_model) or len(shapes) > 1:
        shapes = f"{n} tokens, X {X.shape}, matrices {[W.shape for W in (W_q, W_k, W_v, W_o)]}"
        raise ValueError(f"layer needs two tokens or more, X (n, d_model), matrices (d_model, d_model): got {shapes}")
    tiles(d_model, n, SIDE)  # raises where the last option of the slider would not fit
    if label not in LABELS:
        raise ValueError(f"label must say where the weights come from, {', '.join(LABELS)}: got {label!r}")
    return Layer(tuple(tokens), X, W_q, W_k, W_v, W_o)
