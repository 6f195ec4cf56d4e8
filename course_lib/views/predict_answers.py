"""What can be an answer on a card: words, one of some choices, a number, or shares of 1."""

from math import isfinite
from numbers import Real


def words_of(name, value):
    """Return the value, which must be words."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} must be words, and not empty: got {value!r}")
    return value


def choices_of(choices):
    """Return the choices as a list, none where a number is asked for."""
    if isinstance(choices, str):
        if choices != "number":
            raise ValueError(f'choices must be a list of words or "number": got {choices!r}')
        return []
    choices = list(choices)
    if len(choices) < 2 or len(set(choices)) < len(choices) or not all(isinstance(choice, str) for choice in choices):
        raise ValueError(f"choices must be at least two different words: got {choices!r}")
    return choices


def true_answer(truth, choices, key):
    """Return the truth, which must be an answer that could be given."""
    truth = truth.item() if hasattr(truth, "item") else truth
    if not possible(truth, choices):
        wanted = f"one of {', '.join(choices)}" if choices else "a number"
        raise ValueError(f"the truth of {key} must be {wanted}: got {truth!r}")
    return truth


def true_shares(truth, choices, key):
    """Return the truth as a list of shares, one for each of the choices."""
    truth = [share.item() if hasattr(share, "item") else share for share in truth]
    if len(truth) != len(choices):
        sizes = f"{len(truth)} shares, {len(choices)} choices"
        raise ValueError(f"the truth of {key} must have one share for each of the choices: got {sizes}")
    if not are_shares(truth, len(choices)):
        raise ValueError(f"the truth of {key} must be shares, none below 0, that sum to 1: got {truth!r}")
    return truth


def is_row(answer):
    """True for an answer of several shares."""
    return isinstance(answer, (list, tuple)) or getattr(answer, "ndim", 0) == 1


def are_shares(answer, count):
    """True for `count` numbers, none below 0, that sum to 1."""
    if not isinstance(answer, (list, tuple)) or len(answer) != count or not all(map(_is_number, answer)):
        return False
    return min(answer) >= 0 and abs(sum(answer) - 1) < 1e-6


def possible(answer, choices):
    """True for an answer that the card lets one give: one of the choices, or a number where there are none."""
    return answer in choices if choices else _is_number(answer)


def _is_number(answer):
    return isinstance(answer, Real) and not isinstance(answer, bool) and isfinite(answer)
