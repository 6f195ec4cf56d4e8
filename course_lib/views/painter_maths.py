"""What a MaskPainter computes: patterns from settings, links from a seed, which outputs a poke moves.

static/painter_maths.js computes the same in the browser.
"""

import numpy as np

from course_lib.attention import weighted_sum
from course_lib.masks import block_mask, causal_mask, combine, strided_mask, window_mask
from course_lib.scaling import scale
from course_lib.scores import dot_scores
from course_lib.softmax import softmax

MOVED = 1e-12  # outputs are of size 1, and float64 rounds them by 1e-16
LIMITS = ("none", "causal", "strict")
POKES = ("key and value", "key", "value")
ORDERS = ("before", "after", "after + renormalise")
HIDDEN = ("-inf", "-1e9", "-1e9 added", "0")
OFF = {
    "all": False, "radius": None, "stride": None, "block": None, "globals": 0, "links": 0, "seed": 0,
    "limit": "none", "padding": False,
}  # fmt: skip
_32_BITS = 0xFFFFFFFF


def presets(n_q, n_k, cross, compose):
    """Return the patterns that have a button, by name, in their order. cross: the keys are other tokens."""
    every, last = OFF | {"all": True}, max(n_k - 1, 1)
    causal = every | {"limit": "causal"}
    if cross:
        return {"cross-attention": every, "padding": every | {"padding": True}, "causal": causal}
    if compose:
        window, few = {"radius": min(2, last)}, min(4, n_k)
        gallery = {
            "window": window, "strided": {"stride": few}, "blocks": {"block": few},
            "global + local": window | {"globals": 1}, "random links": {"links": min(2, n_k)},
            "BigBird": {"radius": 1, "globals": 1, "links": min(2, n_k)},
        }  # fmt: skip
        return {"all": every, "causal": causal} | {name: OFF | parts for name, parts in gallery.items()}
    return {
        "all": every, "causal": causal, "previous only": every | {"limit": "strict"},
        "padding": every | {"padding": True}, "causal + padding": causal | {"padding": True},
        "window": OFF | {"radius": 1}, "nobody": OFF,
    }  # fmt: skip


def pattern_mask(pattern, n_q, n_k, real):
    """Return who may look at whom (n_q, n_k): the patterns joined by "or", then what limits them by "and".

    `real` (n_k,) booleans, False = padding. All but "all" need as many queries as keys.
    """
    parts = [np.full((n_q, n_k), pattern["all"])]
    if n_q == n_k:
        token = np.arange(n_k)
        parts += [make(n_k, pattern[name]) for name, make in _MASKS.items() if pattern[name] is not None]
        parts.append(np.minimum(token[:, None], token) < pattern["globals"])  # both ways: rows and columns
        parts.append(random_links(n_k, pattern["links"], pattern["seed"]))
    allowed = combine(*parts)
    if pattern["limit"] != "none":
        allowed = allowed & causal_mask(n_q, n_k)
    if pattern["limit"] == "strict":
        allowed = allowed & ~np.eye(n_q, n_k, n_k - n_q, dtype=bool)
    return allowed & np.asarray(real) if pattern["padding"] else allowed


_MASKS = {"radius": window_mask, "stride": strided_mask, "block": block_mask}


def random_links(n, links, seed):
    """Return a mask (n, n) that gives each query `links` different keys, the same in the browser for this seed.

    The first steps of a Fisher-Yates shuffle, for each query anew.
    """
    allowed, draw = np.zeros((n, n), bool), mulberry32(seed)
    for row in allowed:
        keys = list(range(n))
        for at in range(links):
            other = at + (next(draw) * (n - at) >> 32)
            keys[at], keys[other] = keys[other], keys[at]
        row[keys[:links]] = True
    return allowed


def mulberry32(seed):
    """Yield integers from 0 to 2**32 - 1 that look random. NumPy's generators have no twin in a browser.

    Source: Tommy Ettinger 2017, mulberry32 (public domain).
    """
    state = seed
    while True:
        state = (state + 0x6D2B79F5) & _32_BITS
        mixed = ((state ^ state >> 15) * (state | 1)) & _32_BITS
        mixed ^= (mixed + (mixed ^ mixed >> 7) * (mixed | 61)) & _32_BITS
        yield mixed ^ mixed >> 14


def masked_attention(Q, K, V, allowed, order, hidden):
    """Return weights (n_q, n_k) and output (n_q, d_v), with the mask where a learner may put it, rightly or not.

    order   one of ORDERS: where the softmax is. hidden: one of HIDDEN, what a hidden score becomes before it
    """
    scaled = scale(dot_scores(Q, K), d_k=K.shape[-1])
    if order != "before":
        weights = softmax(scaled) * allowed
        total = weights.sum(-1, keepdims=True)
        weights = weights / np.where(total == 0, 1, total) if order == "after + renormalise" else weights
    elif hidden == "-1e9 added":
        weights = softmax(scaled + np.where(allowed, 0.0, -1e9))
    else:
        weights = softmax(np.where(allowed, scaled, float(hidden)))
    return weights, weighted_sum(weights, V)


def poked(Q, K, V, allowed, selection):
    """Return what adding 1 to one token's key, its value or both does.

    weights (n_q, n_k) and output (n_q, d_v) before; moved (n_q,), how far each output went; leaks, the places of
    those that went further than rounding although they may not look at the token.
    """
    how = selection["order"], selection["hidden"]
    weights, output = masked_attention(Q, K, V, allowed, *how)
    step = (np.arange(len(K)) == selection["poke"])[:, None].astype(float)
    K_after = K if selection["what"] == "value" else K + step
    V_after = V if selection["what"] == "key" else V + step
    _, after = masked_attention(Q, K_after, V_after, allowed, *how)
    moved = np.abs(after - output).max(-1)
    leaks = np.flatnonzero((moved > MOVED) & ~allowed[:, selection["poke"]])
    return {"weights": weights, "output": output, "moved": moved, "leaks": leaks.tolist()}


def unmasked_weights(Q, K):
    """Return the weights (n_q, n_k) that there would be without a mask."""
    return softmax(scale(dot_scores(Q, K), d_k=K.shape[-1]))
