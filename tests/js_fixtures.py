"""What NumPy and the Python side say, for scripts that must say the same. One function for each file of node tests."""

import base64
import json

import numpy as np

from course_lib.attention import attention
from course_lib.masks import causal_mask
from course_lib.softmax import entropy, softmax
from course_lib.views.explorer import AttentionExplorer
from course_lib.views.matrix import draw_matrix
from course_lib.views.sheet import Sheet
from course_lib.views.style import number, weight

TOKENS = "the cat and the dog saw the red ball that rolls".split()
SIZES = [(1, 1, 1, 1), (1, 5, 3, 2), (5, 1, 2, 3), (2, 2, 2, 2)]  # one query, one key, and equal ones


def sent(array):
    """Return an array as it travels to the browser."""
    array = np.asarray(array, np.float32)
    return {"shape": array.shape, "data": base64.b64encode(array.tobytes()).decode("ascii")}


def plain(values):
    """Return values flat, with words for what JSON has no number for."""
    return [float(value) if np.isfinite(value) else str(value) for value in np.ravel(values)]


def attention_case(rng, sizes, spread, hidden):
    n_q, n_k, d_k, d_v = sizes
    shapes = {"Q": (n_q, d_k), "K": (n_k, d_k), "V": (n_k, d_v)}
    arrays = {name: (rng.standard_normal(shape) * spread).astype(np.float32) for name, shape in shapes.items()}
    allowed = rng.random((n_q, n_k)) > hidden if hidden else None
    if allowed is not None:
        allowed[rng.integers(n_q)] = False  # a query with nobody to look at
    trace = attention(*(array.astype(float) for array in arrays.values()), allowed)
    wanted = {name: plain(steps) for name, steps in trace._asdict().items()}
    allowed = allowed if allowed is None else np.ravel(allowed).tolist()
    return {name: sent(array) for name, array in arrays.items()} | {"allowed": allowed, "wanted": wanted}


def maths():
    """Return attention on fuzzed shapes, rows of odd scores, and numbers as the course writes them."""
    rng = np.random.default_rng(0)
    fuzzed = [tuple(rng.integers(1, 14, 4).tolist()) for _ in range(24)]
    cases = [attention_case(rng, sizes, 1, hidden) for sizes in SIZES + fuzzed for hidden in (0, 0.4)]
    cases += [attention_case(rng, sizes, 100, 0) for sizes in fuzzed[:8]]  # scores of 1e4 and more
    inf, nan = np.inf, np.nan
    rows = [[1e4, 1e4 - 1], [-1e4, -1e4 - 3], [1e4, -1e4], [-inf, -inf], [0, -inf], [inf, 0], [nan, 1], [-745, 0]]
    values = np.concatenate([np.arange(0, 2, 0.0625), rng.standard_normal(60) * 3, 10.0 ** np.arange(-12, 7)])
    values = [0.125, 0.375, 2.5, 0.005, 1.005, 0.285, -0.001, 1234567.5, *values.tolist()]
    sizes, shared = [(4, 4), (2, 5), (1, 1)], [[1.0], [0.5, 0.5], [0.7, 0.2, 0.1, 0.0]]
    shares = np.linspace(0, 1, 41)
    sheet = Sheet(99, 99, lambda figure: draw_matrix(figure.subplots(), shares[None], ["a"], shares, most=1))
    image = sheet.figure.axes[0].images[0]
    with np.errstate(invalid="ignore"):  # a score of inf is one of them
        softmaxes = [{"scores": plain(row), "weights": plain(softmax(np.array(row)))} for row in rows]
    return {
        "attention": cases,
        "softmax": softmaxes,
        "causal": [{"sizes": size, "allowed": np.ravel(causal_mask(*size)).tolist()} for size in sizes],
        "entropy": [{"weights": w, "bits": float(entropy(np.array(w)))} for w in shared],
        "number": [[value, places, number(value, places)] for value in values for places in (0, 1, 2, 3)],
        "weight": [[value, weight(value)] for value in values if value >= 0],
        "shade": [[share, image.to_rgba(share)[:3]] for share in shares.tolist()],
    }


def explorers():
    """Yield explorers of many shapes: one token, two kinds of tokens, heads, a query with nobody, a cut one."""
    rng = np.random.default_rng(1)
    for shape in [(1, 1), (4, 4), (3, 7), (7, 2), (1, 9, 9), (3, 5, 6), (12, 11, 11)]:
        weights = softmax(rng.standard_normal(shape) * 2)
        if shape[-2] > 2:
            weights[..., 2, :] = 0
        yield AttentionExplorer(weights, TOKENS[: shape[-2]], TOKENS[-shape[-1] :], label="random")
    yield AttentionExplorer(softmax(rng.standard_normal((6, 6))), TOKENS[:6], normalise="global", label="trained")
    yield AttentionExplorer(np.eye(5) * 3, TOKENS[:5], normalise=False)
    yield AttentionExplorer(np.full((130, 3), 1 / 3), ["a"] * 130, ["b", "c", "d"])
    yield AttentionExplorer(np.full((2, 8), 0.125), ["a", "b"], TOKENS[:8])  # .125 stands between .12 and .13


def selections(explorer):
    """Yield what can be pinned: nothing, queries, keys, cells, several heads."""
    heads, n_q, n_k = explorer.weights.shape
    for some in {(0,), (heads - 1,), tuple(range(0, heads, 2)), tuple(range(heads))}:
        for query in {None, 0, n_q - 1, min(2, n_q - 1)}:
            for key in {None, 0, n_k - 1}:
                for threshold in (0.0, 0.1, 0.9) if query is None and key is None else (0.0,):
                    yield {"query": query, "key": key, "heads": list(some), "threshold": threshold}


def beams():
    """Return for every explorer its state, and for every selection its sentence and its beams."""
    found = []
    for explorer in explorers():
        state, seen = explorer._state(), []
        for selection in selections(explorer):
            explorer.selection = selection
            n = explorer.numbers()
            numbers = {"beams": n["beams"].tolist(), "mean": plain(n["weights"])}
            seen.append(selection | numbers | {"sentence": explorer.describe()})
        found.append({"state": state, "seen": seen})
    return {"explorers": found}


MAKE = {"maths.test.mjs": maths, "beams.test.mjs": beams}


def write(name, folder):
    """Write the fixtures of one test file, where there are any; return the path or None."""
    if name not in MAKE:
        return None
    path = folder / "fixtures.json"
    path.write_text(json.dumps(MAKE[name](), allow_nan=False), encoding="utf-8")
    return path
