"""What the stepper is given, checked: what comes back is fit to be shown, anything else is refused in a sentence."""

import re

import numpy as np

MOST_TOKENS, MOST_COLUMNS = 8, 13  # what a cell of 760 pixels holds, in type that the last row can read


def is_whole(value):
    """True for an int; True and False are none here."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value):
    """True for a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value)


def row_of(query, tokens):
    """Return the row of a query that is given as a row or as a token."""
    if isinstance(query, str) and query in tokens:
        return tokens.index(query)
    if not (is_whole(query) and 0 <= query < len(tokens)):
        rows = f"a row of X, 0 to {len(tokens) - 1}, or one of {', '.join(tokens)}"
        raise ValueError(f"query must be {rows}: got {query!r}")
    return query


def finite_numbers(name, values):
    """Return values as an array of finite floats."""
    try:
        array = np.asarray(values, float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be numbers in rows of equal length, not {values!r}") from None
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must hold finite numbers, and some are nan or infinite")
    return array


def check_shapes(shapes, tokens):
    """Hold X, W_q, W_k, W_v and the tokens to each other, and to the room there is."""
    told = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
    if not tokens:
        raise ValueError(f"AttentionStepper needs at least one token, and got 0 for X {shapes['X']}")
    if any(len(shape) != 2 or 0 in shape for shape in shapes.values()):
        raise ValueError(f"X must be (n, d_model) and each W (d_model, d), with nothing empty: got {told}")
    n, d_model = shapes["X"]
    if len(tokens) != n:
        raise ValueError(f"each row of X needs a token: X has shape {shapes['X']}, and there are {len(tokens)} tokens")
    if any(shapes[W][0] != d_model for W in ("W_q", "W_k", "W_v")) or shapes["W_q"] != shapes["W_k"]:
        raise ValueError(f"W_q and W_k must be (d_model, d_k), W_v (d_model, d_v), X (n, d_model): got {told}")
    columns = d_model + 2 * shapes["W_q"][1] + shapes["W_v"][1]
    if n > MOST_TOKENS or columns > MOST_COLUMNS:
        raise ValueError(
            f"AttentionStepper shows every number: at most {MOST_TOKENS} tokens, and d_model + 2 d_k + d_v at most "
            f"{MOST_COLUMNS}. Got {n} tokens and {columns} ({told}). Show a few of them, such as X[:{MOST_TOKENS}]; "
            "AttentionExplorer shows the weights of many."
        )


def hex_colours(colours, tokens):
    """Return one colour for each token, "#rrggbb" each."""
    colours = [str(colour) for colour in colours]
    if len(colours) != len(tokens):
        raise ValueError(f"each token needs a colour: got {len(colours)} colours and {len(tokens)} tokens")
    wrong = [colour for colour in colours if not re.fullmatch("#[0-9a-fA-F]{6}", colour)]
    if wrong:
        raise ValueError(f'a colour is written "#rrggbb", not {wrong[0]!r}')
    return colours


def mask_rows(mask, n):
    """Return the mask as lists of 0 and 1, none where there is no mask."""
    if mask is None:
        return []
    mask = np.asarray(mask)
    if mask.dtype != bool or mask.shape != (n, n):
        raise ValueError(f"mask must be ({n}, {n}) booleans, True = may look: got {mask.dtype} of shape {mask.shape}")
    return mask.astype(int).tolist()
