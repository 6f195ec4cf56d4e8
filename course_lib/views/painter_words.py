"""The sentence of a MaskPainter. static/painter_words.js writes the same."""

import numpy as np

from course_lib.views.painter_maths import MOVED
from course_lib.views.style import in_words

_ALIKE = 1e-5  # -1e9 added and taken away leaves 7 digits of a score
_ORDERS = {"after": ["after the softmax"], "after + renormalise": ["after the softmax", "rows renormalised"]}
_HIDDEN = {
    "-inf": "hidden scores −∞", "-1e9": "−1e9 in place of hidden scores", "-1e9 added": "−1e9 added to hidden scores",
    "0": "0 in place of hidden scores",
}  # fmt: skip


def places(at):
    """Return places as words, three in a row or more as a range.

    >>> places([0, 1, 2, 5]), places([0, 1]), places([4])
    ('0–2 and 5', '0 and 1', '4')
    """
    runs = np.split(np.array(at), np.flatnonzero(np.diff(at) > 1) + 1)
    parts = [text for run in runs for text in ([f"{run[0]}–{run[-1]}"] if len(run) > 2 else map(str, run))]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def named(words, at):
    """Return a token's place with its word, where the word says more.

    >>> named(["the", "cat"], 1), named(["0", "1"], 1)
    ('1 (cat)', '1')
    """
    return str(at) if words[at] == str(at) else f"{at} ({words[at]})"


def counted(number, thing):
    """Return a number with its thing, and an s where there is more than one."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def pattern_words(selection, presets):
    """Return what the pattern is called, or what it is made of."""
    if selection["painted"] is not None:
        return "mask painted by hand"
    pattern = selection["pattern"]
    name = next((name for name, preset in presets.items() if preset == pattern), None)
    if name is not None:
        return {"all": "mask that hides nobody", "nobody": "mask that hides everybody"}.get(name, f"{name} mask")
    limits = {"causal": ", causal", "strict": ", previous only"}.get(pattern["limit"], "")
    return _joined(pattern) + limits + (", without padding" if pattern["padding"] else "")


def _joined(pattern):
    parts = ["everybody"] if pattern["all"] else []
    parts += [f"radius {pattern['radius']}"] if pattern["radius"] is not None else []
    parts += [f"stride {pattern['stride']}"] if pattern["stride"] is not None else []
    parts += [f"blocks of {pattern['block']}"] if pattern["block"] is not None else []
    parts += [counted(pattern["globals"], "global token")] if pattern["globals"] else []
    links = f"{counted(pattern['links'], 'random link')} each (seed {pattern['seed']})"
    return " or ".join(parts + ([links] if pattern["links"] else [])) or "no pattern"


def sentence(words, selection, presets, n, note=""):
    """Return what the figure shows: `words` of queries and keys, `n` from numbers()."""
    what, (n_q, n_k) = pattern_words(selection, presets), n["allowed"].shape
    said = [
        f"{what[0].upper()}{what[1:]}, {n_q} × {n_k}: {n['edges']:,} of {n_q * n_k:,} pairs kept "
        f"({in_words(n['kept'])}).",
        _empty(words[0], n),
    ]
    if "hops" in n:
        said.append(_reached(words[0], selection, n))
    if "leaks" in n:
        said.append(_poked(words[1], selection, n))
    return " ".join(filter(None, [*said, note]))


def _empty(words, n):
    rows = n["empty"]
    if not rows:
        return ""
    one = len(rows) == 1
    said = f"Row {named(words, rows[0])} is empty" if one else f"Rows {places(rows)} are empty"
    said += f": {'it' if one else 'they'} may look at nobody"
    if "weights" in n:
        said += f", and {'its' if one else 'their'} weights are {_state(n['weights'][rows], n['unmasked'][rows])}"
    return said + "."


def _state(weights, unmasked):
    """Return in words what became of the weights of empty rows."""
    if not weights.any():
        return "all 0"
    if np.abs(weights - 1 / weights.shape[-1]).max() < _ALIKE:
        return f"all equal, 1/{weights.shape[-1]}"
    return "as if there were no mask" if np.abs(weights - unmasked).max() < _ALIKE else "neither 0 nor equal"


def _reached(words, selection, n):
    size, token, never = len(words), selection["token"], n["never"]
    said = (
        f"After {counted(selection['layers'], 'layer')} {named(words, token)} has heard from "
        f"{int(n['reached'].sum())} of {size}"
    )
    most = len(n["histogram"]) - 1
    if most:
        said += f"; the farthest pair that meets needs {counted(most, 'hop')}"
    return f"{said}; {counted(never, 'pair')} never {'meets' if never == 1 else 'meet'}." if never else f"{said}."


def _poked(words, selection, n):
    token = selection["poke"]
    order = ", ".join(treatment(selection))
    said = f"1 added to the {selection['what']} of {named(words, token)} (random Q, K, V), mask {order}:"
    return f"{said} {verdict(token, n)}."


def treatment(selection):
    """Return in words where the mask stands, and what it makes of hidden scores or of the rows."""
    return _ORDERS.get(selection["order"]) or ["before the softmax", _HIDDEN[selection["hidden"]]]


def verdict(token, n):
    """Return which outputs moved when a token was poked, and whether they may."""
    leaks, moved = n["leaks"], np.flatnonzero(n["moved"] > MOVED)
    if not len(moved):
        return "no output moved"
    if not leaks:
        return f"no leak, {_outputs(moved)} moved and may look at it"
    who = "it" if len(leaks) == 1 else "they"
    return f"a leak, {_outputs(leaks)} moved although {who} may not look at {token}"


def _outputs(at):
    return f"output{'s' if len(at) > 1 else ''} {places(at)}"
