"""Predict: a guess first, then the truth beside it. A guess once committed stays."""

from html import escape
from math import floor, isfinite, log10
from numbers import Real

import anywidget
import ipywidgets as widgets
import traitlets

from course_lib.views import predictions
from course_lib.views.base import View
from course_lib.views.parts import STATIC, STYLE, Shown, script
from course_lib.views.style import number

BARS = (STATIC / "predict_bars.css").read_text(encoding="utf-8")


class _Card(anywidget.AnyWidget):
    """The question, the form, and after a guess the verdict and what to draw of it."""

    _esm, _css = script("predict_bars.js", "predict.js"), STYLE + BARS
    question = traitlets.Unicode().tag(sync=True)
    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)  # none: a number is asked for
    shares = traitlets.Bool().tag(sync=True)  # True: a share of 1 for each choice is asked for
    guess = traitlets.Any(None).tag(sync=True)
    verdict = traitlets.Unicode().tag(sync=True)
    strip = traitlets.Dict().tag(sync=True)


class Predict(Shown, widgets.VBox):
    """A question that is answered before the truth is shown.

    key       under which the guess is kept, unlike that of any other card
    choices   a list of words, or "number"
    truth     one of the choices, or a number, or a share of 1 for each of the choices (then the guess is drawn as bars
              that always sum to 1); or a function that computes it
    reveal    a view to show after the guess

    >>> Predict("03-spread", "the spread at dₖ = 256", "number", truth=16)
    Predict(03-spread)
    the spread at dₖ = 256: a number
    >>> Predict("00-boxes", "which box has the ball", ["left", "right"], truth=[0.25, 0.75])
    Predict(00-boxes)
    which box has the ball: shares of left, right
    """

    def __init__(self, key, question, choices, truth, reveal=None):
        self.key, self.question = _words("key", key), _words("question", question)
        self.choices = _choices(choices)
        truth = truth() if callable(truth) else truth
        self.shares = bool(self.choices) and _is_row(truth)
        self.truth = _shares(truth, self.choices, self.key) if self.shares else _truth(truth, self.choices, self.key)
        if reveal is not None and not isinstance(reveal, View):
            raise ValueError(f"reveal must be a view such as ScalingView(), not {type(reveal).__name__}")
        self.reveal = reveal
        self._card = _Card(question=self.question, choices=self.choices, shares=self.shares)
        super().__init__([self._card], layout={"overflow": "visible"})
        kept = predictions.recall(self.key)
        if self._possible(kept):
            self._card.guess = kept
            self._show(kept)
        self._card.observe(self._commit, "guess")

    @property
    def guess(self):
        """The guess as it was committed, or None."""
        return self._card.guess if self._card.verdict else None

    def _commit(self, change):
        if self._card.verdict:
            self._card.guess = self._first  # the first guess counts
        elif self._possible(change["new"]):
            predictions.keep(self.key, change["new"])
            self._show(change["new"])

    def _possible(self, guess):
        return _are_shares(guess, len(self.choices)) if self.shares else _possible(guess, self.choices)

    def _show(self, guess):
        self._first = guess
        with self._card.hold_sync():
            self._card.verdict = verdict(guess, self.truth)
            self._card.strip = strip(guess, self.truth, self.choices)
        if self.reveal is not None:
            self.children = (self._card, self.reveal)

    def __repr__(self):
        asked = f"shares of {', '.join(self.choices)}" if self.shares else ", ".join(self.choices) or "a number"
        return f"Predict({self.key})\n{self.question}: {asked}"

    def html(self):
        """Return question, choices and, folded away, the answer with its figure; the guess never stands here."""
        asked = "".join(f"<li>{escape(choice)}</li>" for choice in self.choices) or "<li>a number</li>"
        asked = f"<ul>{asked}</ul>" + ("<p>A share of 1 for each.</p>" if self.shares else "")
        answer = _paired(self.choices, self.truth) if self.shares else _said(self.truth)
        figure = self.reveal.html() if self.reveal is not None else ""
        return (
            f"<div><p><b>Predict:</b> {escape(self.question)}</p>{asked}"
            f"<details><summary>Answer</summary><p>{escape(answer)}</p>{figure}</details></div>"
        )


def verdict(guess, truth):
    """Return guess beside truth, in words.

    >>> verdict("shrinks", "grows"), verdict(0.5, 0.2184)
    ('You guessed: shrinks. The answer: grows.', 'You guessed .5. It is .218: you were off by .282.')
    >>> verdict([0.5, 0.5], [0.25, 0.75])
    'You guessed .50, .50. It is .250, .750. Move .25 of the whole, and they agree (half the sum of all differences).'
    """
    if _is_row(guess):
        return _shares_verdict(guess, truth)
    if isinstance(guess, str):
        right = "and so it is." if guess == truth else f"The answer: {truth}."
        return f"You guessed: {guess}" + (f", {right}" if guess == truth else f". {right}")
    gap = abs(_rounded(truth) - guess)
    end = f", and {_said(truth)} it is." if gap < 1e-12 else f". It is {_said(truth)}: you were off by {_said(gap)}."
    return f"You guessed {_said(guess)}{end}"


def strip(guess, truth, choices):
    """Return what the card draws: two rows of shares, or which choices to mark, or two places between 0 and 1."""
    if _is_row(guess):
        guess_texts, truth_texts = [number(share) for share in guess], [number(share, 3) for share in truth]
        return {"guess": [*guess], "truth": [*truth], "guess_texts": guess_texts, "truth_texts": truth_texts}
    if choices:
        return {"guess": choices.index(guess), "truth": choices.index(truth)}
    shown = _rounded(truth)
    low, high = min(0, guess, shown), max(0, guess, shown)
    width = (high - low) or 1
    places = {"guess": (guess - low) / width, "truth": (shown - low) / width, "zero": -low / width}
    return places | {"guess_text": _said(guess), "truth_text": _said(truth)}


def _shares_verdict(guess, truth):
    """Return both rows, and their distance: the part of the whole that sits with the wrong choice."""
    guessed, true = ", ".join(map(number, guess)), ", ".join(number(share, 3) for share in truth)
    gap = sum(abs(one - other) for one, other in zip(guess, truth, strict=True)) / 2
    if gap < 0.005:
        return f"You guessed {guessed}. It is {true}: as near as bars can come."
    moved = f"Move {number(gap)} of the whole, and they agree (half the sum of all differences)."
    return f"You guessed {guessed}. It is {true}. {moved}"


def _paired(choices, shares):
    return ", ".join(f"{choice}: {number(share, 3)}" for choice, share in zip(choices, shares, strict=True))


def _rounded(value):
    """Return value to three digits: no guess is meant more exactly."""
    return round(value, 2 - floor(log10(abs(value)))) if value else 0


def _said(value):
    """Return words as they are, and a number as the course writes it: .218, 16, 1,040."""
    if isinstance(value, str):
        return value
    digits = max(0, 2 - floor(log10(abs(value)))) if value else 0
    text = number(_rounded(value), digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _words(name, value):
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} must be words, and not empty: got {value!r}")
    return value


def _choices(choices):
    if isinstance(choices, str):
        if choices != "number":
            raise ValueError(f'choices must be a list of words or "number": got {choices!r}')
        return []
    choices = list(choices)
    if len(choices) < 2 or len(set(choices)) < len(choices) or not all(isinstance(choice, str) for choice in choices):
        raise ValueError(f"choices must be at least two different words: got {choices!r}")
    return choices


def _truth(truth, choices, key):
    truth = truth.item() if hasattr(truth, "item") else truth
    if not _possible(truth, choices):
        wanted = f"one of {', '.join(choices)}" if choices else "a number"
        raise ValueError(f"the truth of {key} must be {wanted}: got {truth!r}")
    return truth


def _shares(truth, choices, key):
    truth = [share.item() if hasattr(share, "item") else share for share in truth]
    if len(truth) != len(choices):
        sizes = f"{len(truth)} shares, {len(choices)} choices"
        raise ValueError(f"the truth of {key} must have one share for each of the choices: got {sizes}")
    if not _are_shares(truth, len(choices)):
        raise ValueError(f"the truth of {key} must be shares, none below 0, that sum to 1: got {truth!r}")
    return truth


def _is_row(answer):
    return isinstance(answer, (list, tuple)) or getattr(answer, "ndim", 0) == 1


def _are_shares(answer, count):
    if not isinstance(answer, (list, tuple)) or len(answer) != count or not all(map(_is_number, answer)):
        return False
    return min(answer) >= 0 and abs(sum(answer) - 1) < 1e-6


def _possible(answer, choices):
    return answer in choices if choices else _is_number(answer)


def _is_number(answer):
    return isinstance(answer, Real) and not isinstance(answer, bool) and isfinite(answer)
