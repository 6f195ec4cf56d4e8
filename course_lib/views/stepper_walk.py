"""One query's whole way through attention, each number open to be typed over. static/stepper_walk.js is its twin."""

import numpy as np

from course_lib.masking import apply_mask
from course_lib.scores import dot_scores, project
from course_lib.views.style import number

# How far along the way a table stands; a number typed over counts until something before it is typed over.
LEVEL = {"X": 0, "W_q": 0, "W_k": 0, "W_v": 0, "Q": 1, "K": 1, "V": 1}
LEVEL |= {"products": 2, "scores": 3, "scaled": 4, "exps": 5, "weights": 6}


def walk(X, W_q, W_k, W_v, allowed, selection):
    """Return a dict of every number on the way of `selection["query"]`, in float64.

    `X` (n, d_model), `W_q W_k` (d_model, d_k), `W_v` (d_model, d_v), `allowed` (n, n) booleans or None. Unlike
    `attention` it can be made to fail: no maximum, softmax over queries, no scaling, a score of 1,000.
    """
    query, over_queries = selection["query"], selection["axis"] == "queries"
    typed = _typist(selection["edits"])
    X, W_q, W_k, W_v = (typed(name, one) for name, one in zip(LEVEL, (X, W_q, W_k, W_v), strict=False))
    Q, K, V = (typed(name, one) for name, one in zip("QKV", project(X, W_q, W_k, W_v), strict=True))
    products = typed("products", Q[query] * K)
    scores = dot_scores(Q, K)
    scores[query] = typed("scores", products.sum(-1))
    divisor = (selection["d_k"] ** 0.5 if selection["divide"] else 1.0) * selection["temperature"]
    scaled = scores / divisor
    if selection["large"]:
        scaled[query, scores[query].argmax()] = 1000.0
    scaled[query] = typed("scaled", scaled[query])
    masked = scaled if allowed is None else apply_mask(scaled, allowed)
    steps = _softmax(masked, query, over_queries, selection["maximum"], typed)
    parts = steps["weights"][:, None] * V
    return {
        "X": X, "W_q": W_q, "W_k": W_k, "W_v": W_v, "Q": Q, "K": K, "V": V, "products": products,
        "scores": scores[query], "divisor": divisor, "scaled": scaled[query], "masked": masked[query], **steps,
        "parts": parts, "output": parts.sum(0),
    }  # fmt: skip


def _softmax(masked, query, over_queries, subtract, typed):
    """Return the four steps of softmax for one query; where nothing is subtracted, exactly as the formula has it."""
    rows = masked.T if over_queries else np.broadcast_to(masked[query], masked.shape[::-1])  # a row for each key
    place = query if over_queries else np.arange(len(rows))
    tops = rows.max(-1)
    shift = np.where(subtract & (tops > -np.inf), tops, 0.0)
    with np.errstate(over="ignore", invalid="ignore"):
        exponents, every = masked[query] - shift, np.exp(rows - shift[:, None])
        exps = typed("exps", np.exp(exponents))
        every[np.arange(len(rows)), place] = exps
        if not over_queries:
            every = np.broadcast_to(exps, every.shape)
        totals = every.sum(-1)
        empty = subtract & (totals == 0)  # nobody to look at: the course's softmax gives zeros, the formula 0 / 0
        weights = typed("weights", np.where(empty, 0.0, exps / np.where(empty, 1.0, totals)))
    return {"tops": tops, "exponents": exponents, "exps": exps, "totals": totals, "weights": weights}


def _typist(edits):
    """Return a function that gives a float64 copy of a table with what was typed over it."""

    def typed(name, table):
        table = np.array(table, float)
        for other, row, column, value in edits:
            if other == name:
                table[(row, column) if table.ndim == 2 else column] = value
        return table

    return typed


def say(x):
    """Return a number as it stands in the tables: whole ones whole, very small and large ones by a power of ten.

    >>> [say(x) for x in (4.0, 2.828, -0.5, 1000.0, 2e-5, 3e38, np.inf, np.nan)]
    ['4', '2.83', '−.50', '1,000', '2·10⁻⁵', '3·10³⁸', '∞', 'nan']
    """
    size = abs(x)
    if not np.isfinite(x):
        return "nan" if np.isnan(x) else "∞" if x > 0 else "−∞"
    if size == 0 or 5e-4 <= size < 1e5:
        whole = abs(size - round(size)) < 1e-9  # as near as a sum of rounded numbers comes
        return number(x, 0 if whole or size >= 100 else 3 if size < 0.005 else 2)
    digit, power = f"{size:.0e}".split("e")
    raised = str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{'−' if x < 0 else ''}{digit}·10{raised}"


def vector(row):
    """Return a row of numbers in brackets."""
    return f"[{' '.join(say(x) for x in row)}]"
