"""After the guess: guess and truth beside each other, in a sentence and as what the card draws."""

from math import floor, log10

from course_lib.views.predict_answers import is_row
from course_lib.views.style import number


def verdict(guess, truth):
    """Return guess beside truth, in words.

    >>> verdict("shrinks", "grows"), verdict(0.5, 0.2184)
    ('You guessed: shrinks. The answer: grows.', 'You guessed .5. It is .218: you were off by .282.')
    >>> verdict([0.5, 0.5], [0.25, 0.75])
    'You guessed .50, .50. It is .250, .750. Move .25 of the whole, and they agree (half the sum of all differences).'
    """
    if is_row(guess):
        return _shares_verdict(guess, truth)
    if isinstance(guess, str):
        right = "and so it is." if guess == truth else f"The answer: {truth}."
        return f"You guessed: {guess}" + (f", {right}" if guess == truth else f". {right}")
    gap = abs(_rounded(truth) - guess)
    end = f", and {said(truth)} it is." if gap < 1e-12 else f". It is {said(truth)}: you were off by {said(gap)}."
    return f"You guessed {said(guess)}{end}"


def strip(guess, truth, choices):
    """Return what the card draws: two rows of shares, or which choices to mark, or two places between 0 and 1."""
    if is_row(guess):
        guess_texts, truth_texts = [number(share) for share in guess], [number(share, 3) for share in truth]
        return {"guess": [*guess], "truth": [*truth], "guess_texts": guess_texts, "truth_texts": truth_texts}
    if choices:
        return {"guess": choices.index(guess), "truth": choices.index(truth)}
    shown = _rounded(truth)
    low, high = min(0, guess, shown), max(0, guess, shown)
    width = (high - low) or 1
    places = {"guess": (guess - low) / width, "truth": (shown - low) / width, "zero": -low / width}
    return places | {"guess_text": said(guess), "truth_text": said(truth)}


def _shares_verdict(guess, truth):
    """Return both rows, and their distance: the part of the whole that sits with the wrong choice."""
    guessed, true = ", ".join(map(number, guess)), ", ".join(number(share, 3) for share in truth)
    gap = sum(abs(one - other) for one, other in zip(guess, truth, strict=True)) / 2
    if gap < 0.005:
        return f"You guessed {guessed}. It is {true}: as near as bars can come."
    moved = f"Move {number(gap)} of the whole, and they agree (half the sum of all differences)."
    return f"You guessed {guessed}. It is {true}. {moved}"


def paired(choices, shares):
    """Return each choice with its share."""
    return ", ".join(f"{choice}: {number(share, 3)}" for choice, share in zip(choices, shares, strict=True))


def _rounded(value):
    """Return value to three digits: no guess is meant more exactly."""
    return round(value, 2 - floor(log10(abs(value)))) if value else 0


def said(value):
    """Return words as they are, and a number as the course writes it: .218, 16, 1,040."""
    if isinstance(value, str):
        return value
    digits = max(0, 2 - floor(log10(abs(value)))) if value else 0
    text = number(_rounded(value), digits)
    return text.rstrip("0").rstrip(".") if "." in text else text
