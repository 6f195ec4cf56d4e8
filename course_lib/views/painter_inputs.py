"""What a MaskPainter accepts, from a learner and from a browser; everything else is refused in a sentence."""

import numpy as np

from course_lib.views.painter_maths import HIDDEN, LIMITS, OFF, ORDERS, POKES

TOOLS = ("leak", "compose")
PADDING = ("<pad>", "[PAD]")


def read_words(name, words):
    """Return a list of words; a number n stands for the words "0" to "n - 1"."""
    if isinstance(words, str):
        raise ValueError(f"{name} must be a list of words or a number, not one text: {words!r}.split() may be meant")
    if isinstance(words, bool | float):
        raise ValueError(f"{name} must be a list of words or a whole number of them, not {words!r}")
    words = [str(word) for word in (range(words) if isinstance(words, int | np.integer) else words)]
    if not words:
        raise ValueError(f"{name} must be at least one: 0 tokens make no mask")
    return words


def read_tools(tools, queries, keys):
    """Return a list of tools that fit these tokens."""
    tools = [tools] if isinstance(tools, str) else list(tools)
    if not set(tools) <= set(TOOLS):
        raise ValueError(f"tools must be some of {', '.join(TOOLS)}: got {tools!r}")
    if "compose" in tools and queries != keys:
        raise ValueError(
            f"tokens hear from each other over several layers only where queries and keys are the same tokens: "
            f"'compose' cannot be used with {len(queries)} queries and {len(keys)} other keys"
        )
    return tools


def read_preset(name, presets):
    """Return the pattern of this name; None is causal, or everybody where the keys are other tokens."""
    name = ("cross-attention" if "cross-attention" in presets else "causal") if name is None else name
    if name not in presets:
        raise ValueError(f"preset must be one of {', '.join(presets)}, not {name!r}")
    return presets[name]


def read_mask(allowed, n_q, n_k):
    """Return the mask as an array of booleans (n_q, n_k)."""
    allowed = np.asarray(allowed)
    if allowed.dtype != bool:  # 0 and -inf would be read the wrong way round
        raise TypeError(f"allowed must be boolean, True = may look: it holds {allowed.dtype}")
    if allowed.shape != (n_q, n_k):
        raise ValueError(
            f"allowed must have a row for each query and a column for each key, shape ({n_q}, {n_k}): "
            f"it has shape {allowed.shape}"
        )
    return allowed


def rows_of(mask):
    """Return a mask as it travels: a text of 0 and 1 for each row."""
    return ["".join("01"[int(cell)] for cell in row) for row in mask]


def mask_of(rows):
    """Return the mask (n_q, n_k) that such rows mean."""
    return np.array([[cell == "1" for cell in row] for row in rows])


def real_keys(keys):
    """Return False for padding: the keys that say so, or the last quarter where none does."""
    named = [word not in PADDING for word in keys]
    return named if not all(named) else [at < len(keys) - max(1, len(keys) // 4) for at in range(len(keys))]


def cut_note(queries, keys, most):
    """Return in words what is not shown, or nothing."""
    sizes = {"queries": len(queries)} | ({"keys": len(keys)} if keys != queries else {})
    cut = [f"the first {most} of {n:,} {name if len(sizes) > 1 else 'tokens'}" for name, n in sizes.items() if n > most]
    return f"Shown are {' and '.join(cut)}." if cut else ""


def read_selection(selection, n_q, n_k):
    """Return a selection with every part there, or raise ValueError with a sentence."""
    first = {
        "pattern": {}, "painted": None, "token": n_q - 1, "layers": 1, "poke": n_k - 1, "what": POKES[0],
        "order": ORDERS[0], "hidden": HIDDEN[0],
    }  # fmt: skip
    full = _known("a selection", first, selection)
    full["pattern"] = _known("a pattern", OFF, full["pattern"])
    for name, options in _options(n_q, n_k).items():
        value = (full if name in full else full["pattern"])[name]
        if not _is_one(value, options):
            shown = f"from {options[0]} to {options[-1]}" if isinstance(options, range) else f"one of {list(options)}"
            raise ValueError(f"{name} must be {shown}, not {value!r}")
    return full | {"painted": _painted(full["painted"], n_q, n_k)}


def _is_one(value, options):
    if isinstance(options, range):
        return type(value) is int and value in options
    return any(value == option and type(value) is type(option) for option in options)  # 1 is not True


def _known(what, first, given):
    if not isinstance(given, dict) or set(given) - set(first):
        raise ValueError(f"{what} has {', '.join(first)}, and nothing else: got {given!r}")
    return first | given


def _options(n_q, n_k):
    return {
        "all": (False, True), "radius": [None, *range(n_k)], "stride": (None, *range(1, n_k + 1)),
        "block": (None, *range(1, n_k + 1)), "globals": range(n_k + 1), "links": range(n_k + 1), "seed": range(2**32),
        "limit": LIMITS, "padding": (False, True), "token": range(n_q), "layers": range(1, n_q + 1),
        "poke": range(n_k), "what": POKES, "order": ORDERS, "hidden": HIDDEN,
    }  # fmt: skip


def _painted(rows, n_q, n_k):
    if rows is None:
        return None
    sound = isinstance(rows, list | tuple) and len(rows) == n_q
    if not sound or not all(isinstance(row, str) and len(row) == n_k and set(row) <= {*"01"} for row in rows):
        raise ValueError(f"painted must be None or {n_q} texts of {n_k} times 0 or 1, not {rows!r}")
    return list(rows)
