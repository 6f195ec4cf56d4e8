"""Predict: a guess first, then the truth beside it. A guess once committed stays."""

from html import escape
from math import floor, isfinite, log10
from numbers import Real

import anywidget
import ipywidgets as widgets
import traitlets

from course_lib.views import predictions
from course_lib.views.base import View
from course_lib.views.parts import STYLE, Shown, script
from course_lib.views.style import number


class _Card(anywidget.AnyWidget):
    """The question, the form, and after a guess the verdict and what to draw of it."""

    _esm, _css = script("predict.js"), STYLE
    question = traitlets.Unicode().tag(sync=True)
    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)  # none: a number is asked for
    guess = traitlets.Any(None).tag(sync=True)
    verdict = traitlets.Unicode().tag(sync=True)
    strip = traitlets.Dict().tag(sync=True)


class Predict(Shown, widgets.VBox):
    """A question that is answered before the truth is shown.

    key       under which the guess is kept, unlike that of any other card
    choices   a list of words, or "number"
    truth     one of the choices, or a number; or a function that computes it
    reveal    a view to show after the guess

    >>> Predict("03-spread", "the spread at dₖ = 256", "number", truth=16)
    Predict(03-spread)
    the spread at dₖ = 256: a number
    """

    def __init__(self, key, question, choices, truth, reveal=None):
        self.key, self.question = _words("key", key), _words("question", question)
        self.choices = _choices(choices)
        self.truth = _truth(truth() if callable(truth) else truth, self.choices, self.key)
        if reveal is not None and not isinstance(reveal, View):
            raise ValueError(f"reveal must be a view such as ScalingView(), not {type(reveal).__name__}")
        self.reveal = reveal
        self._card = _Card(question=self.question, choices=self.choices)
        super().__init__([self._card], layout={"overflow": "visible"})
        kept = predictions.recall(self.key)
        if _possible(kept, self.choices):
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
        elif _possible(change["new"], self.choices):
            predictions.keep(self.key, change["new"])
            self._show(change["new"])

    def _show(self, guess):
        self._first = guess
        with self._card.hold_sync():
            self._card.verdict = verdict(guess, self.truth)
            self._card.strip = strip(guess, self.truth, self.choices)
        if self.reveal is not None:
            self.children = (self._card, self.reveal)

    def __repr__(self):
        return f"Predict({self.key})\n{self.question}: {', '.join(self.choices) or 'a number'}"

    def html(self):
        """Return question, choices and, folded away, the answer with its figure; the guess never stands here."""
        asked = "".join(f"<li>{escape(choice)}</li>" for choice in self.choices) or "<li>a number</li>"
        figure = self.reveal.html() if self.reveal is not None else ""
        return (
            f"<div><p><b>Predict:</b> {escape(self.question)}</p><ul>{asked}</ul>"
            f"<details><summary>Answer</summary><p>{escape(_said(self.truth))}</p>{figure}</details></div>"
        )


def verdict(guess, truth):
    """Return guess beside truth, in words.

    >>> verdict("shrinks", "grows"), verdict(0.5, 0.2184)
    ('You guessed: shrinks. The answer: grows.', 'You guessed .5. It is .218: you were off by .282.')
    """
    if isinstance(guess, str):
        right = "and so it is." if guess == truth else f"The answer: {truth}."
        return f"You guessed: {guess}" + (f", {right}" if guess == truth else f". {right}")
    gap = abs(_rounded(truth) - guess)
    end = f", and {_said(truth)} it is." if gap < 1e-12 else f". It is {_said(truth)}: you were off by {_said(gap)}."
    return f"You guessed {_said(guess)}{end}"


def strip(guess, truth, choices):
    """Return what the card draws: which choices to mark, or two places between 0 and 1 with their texts."""
    if choices:
        return {"guess": choices.index(guess), "truth": choices.index(truth)}
    shown = _rounded(truth)
    low, high = min(0, guess, shown), max(0, guess, shown)
    width = (high - low) or 1
    places = {"guess": (guess - low) / width, "truth": (shown - low) / width, "zero": -low / width}
    return places | {"guess_text": _said(guess), "truth_text": _said(truth)}


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


def _possible(answer, choices):
    if choices:
        return answer in choices
    return isinstance(answer, Real) and not isinstance(answer, bool) and isfinite(answer)
