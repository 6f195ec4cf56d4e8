"""Which beams an explorer draws, and the sentence that says them. static/beams.js computes the same."""

import numpy as np

from course_lib.views.style import number, weight

THRESHOLDS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)  # shares of the thickest beam
ALMOST = 1 - 1e-6  # .7 comes back from float32 a little smaller, and is .7 all the same
NAMED = 4  # as many as a sentence holds


def letter(head):
    """Return the letter of a head: A to Z, then A2, B2, ...

    >>> letter(0), letter(11), letter(26)
    ('A', 'L', 'A2')
    """
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[head % 26] + (str(head // 26 + 1) if head >= 26 else "")


def names_of(tokens):
    """Return what a sentence calls each token: itself, or with its number, from 0, where it stands more than once.

    >>> names_of(["the", "cat", "the"])
    ['the (0)', 'cat', 'the (2)']
    """
    return [f"{token} ({at})" if tokens.count(token) > 1 else token for at, token in enumerate(tokens)]


def beams(weights, selection, full):
    """Return the beams drawn as head, query, key (m, 3): those of the pin, or all from the threshold up.

    `weights` (n_heads, n_q, n_k); the beam of a weight `full` is the thickest.
    """
    shown = np.zeros(weights.shape, bool)
    query, key = selection["query"], selection["key"]
    rows = slice(None) if query is None else query
    columns = slice(None) if key is None else key
    pinned = query is not None or key is not None
    least = 0 if pinned else selection["threshold"] * full * ALMOST
    for head in selection["heads"]:
        part = weights[head, rows, columns]
        shown[head, rows, columns] = (part > 0) & (part >= least)
    return np.argwhere(shown)


def first_threshold(weights, full):
    """Return the lowest threshold that leaves at most three beams a query, or 0 where that would leave none."""
    most = 3 * weights[..., 0].size
    counts = {share: int(((weights >= share * full * ALMOST) & (weights > 0)).sum()) for share in THRESHOLDS}
    share = next((share for share, count in counts.items() if count <= most), THRESHOLDS[-1])
    return share if counts[share] else 0.0


def sentence(explorer, selection, mean, drawn):
    """Return what the figure shows at this selection; `mean` (n_q, n_k) over its heads, `drawn` from beams()."""
    q, k = explorer.names
    query, key = selection["query"], selection["key"]
    if query is not None and key is not None:
        place = 1 + int((mean[query] > mean[query, key]).sum())
        said = f"{q[query]} looks at {k[key]} with weight {weight(mean[query, key])}, number {place} of its {len(k)}"
    elif query is not None:
        looks = mean[query].any()
        said = f"{q[query]} looks at {_listed(mean[query], k)}" if looks else f"{q[query]} looks at nobody"
        said += "" if looks else ": all its weights are 0"
    elif key is not None:
        total = number(sum(mean[:, key].tolist()))
        seen = mean[:, key].any()
        said = (
            f"{k[key]} is looked at by {_listed(mean[:, key], q)}: {total} in all"
            if seen
            else (f"{k[key]} is looked at by nobody")
        )
    else:
        said = _overview(explorer, selection, drawn)
    return f"{said}; {_source(explorer, selection)}{explorer.note and '; ' + explorer.note}."


def _overview(explorer, selection, drawn):
    q, k = explorer.names
    weights, limit = explorer.exact(), selection["threshold"] * explorer.full
    size, least = f"{len(q)} × {len(k)} weights", f"{weight(limit)} or more" if limit else "any weight above 0"
    if not len(drawn):
        return f"{size}, and no beam has {least}"
    top = max(drawn.tolist(), key=lambda beam: weights[tuple(beam)])
    strongest = f"the strongest from {q[top[1]]} to {k[top[2]]} ({weight(weights[tuple(top)])})"
    return f"{size}, {len(drawn):,} beam{'s' * (len(drawn) > 1)} of {least}, {strongest}"


def _listed(row, names):
    """Return the largest weights with their names, and the rest as a sum."""
    order = np.argsort(-row, kind="stable")
    few = len(row) if len(row) <= NAMED + 1 else NAMED
    parts = [f"{names[at]} ({weight(row[at])})" for at in order[:few]]
    if few < len(row):
        rest = sum(row[order[few:]].tolist())
        parts.append(f"{len(row) - few} others ({weight(rest)} together)")
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _source(explorer, selection):
    heads, count = selection["heads"], len(explorer.weights)
    if not explorer.headed:
        return f"{explorer.label} weights"
    if len(heads) == 1:
        return f"{explorer.label} weights of head {letter(heads[0])}"
    which = f"all {count} heads" if len(heads) == count else f"heads {', '.join(letter(head) for head in heads)}"
    return f"{explorer.label} weights, mean of {which}"
