"""Predict: a guess first, then the truth beside it. A guess once committed stays."""

from html import escape

import anywidget
import ipywidgets as widgets
import traitlets

from course_lib.views import predictions, rooms
from course_lib.views.base import View
from course_lib.views.parts import STATIC, STYLE, Shown, script
from course_lib.views.predict_answers import (
    are_shares,
    choices_of,
    is_row,
    possible,
    true_answer,
    true_shares,
    words_of,
)
from course_lib.views.predict_verdict import paired, said, strip, verdict

BARS = (STATIC / "predict_bars.css").read_text(encoding="utf-8")


class _Card(anywidget.AnyWidget):
    """The question, the form, and after a guess the verdict and what to draw of it."""

    _esm, _css = script("predict_bars.js", "predict_room.js", "predict.js"), STYLE + BARS
    question = traitlets.Unicode().tag(sync=True)
    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)  # none: a number is asked for
    shares = traitlets.Bool().tag(sync=True)  # True: a share of 1 for each choice is asked for
    guess = traitlets.Any(None).tag(sync=True)
    room = traitlets.Bool().tag(sync=True)  # True: a show of hands is asked for, in a kernel behind slides
    hands = traitlets.Any(None).tag(sync=True)  # how many chose each choice
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
        self.key, self.question = words_of("key", key), words_of("question", question)
        self.choices = choices_of(choices)
        truth = truth() if callable(truth) else truth
        self.shares = bool(self.choices) and is_row(truth)
        self.truth = (true_shares if self.shares else true_answer)(truth, self.choices, self.key)
        if reveal is not None and not isinstance(reveal, View):
            raise ValueError(f"reveal must be a view such as ScalingView(), not {type(reveal).__name__}")
        self.reveal = reveal
        room = rooms.presenting() and bool(self.choices) and not self.shares
        self._card = _Card(question=self.question, choices=self.choices, shares=self.shares, room=room)
        super().__init__([self._card], layout={"overflow": "visible"})
        kept = None if rooms.presenting() else predictions.recall(self.key)  # or the wall would tell the next room
        if self._possible(kept):
            self._card.guess = kept
            self._show(kept)
        self._card.observe(self._commit, "guess")
        self._card.observe(self._count, "hands")

    @property
    def guess(self):
        """The guess as it was committed, or None."""
        return self._card.guess if self._card.verdict and not self._card.room else None

    def _commit(self, change):
        if self._card.room:
            return
        if self._card.verdict:
            self._card.guess = self._first  # the first guess counts
        elif self._possible(change["new"]):
            if not rooms.presenting():
                predictions.keep(self.key, change["new"])
            self._show(change["new"])

    def _count(self, change):
        hands = change["new"]
        if self._card.verdict or not rooms.are_hands(hands, len(self.choices)):
            return
        drawn = rooms.bars(hands, rooms.before(self.key, self.choices), self.choices, self.truth)
        if sum(hands):
            rooms.keep(self.key, self.choices, hands)
        self._reveal(rooms.verdict(hands, self.choices, self.truth), drawn)

    def _possible(self, guess):
        return are_shares(guess, len(self.choices)) if self.shares else possible(guess, self.choices)

    def _show(self, guess):
        self._first = guess
        self._reveal(verdict(guess, self.truth), strip(guess, self.truth, self.choices))

    def _reveal(self, said, drawn):
        with self._card.hold_sync():
            self._card.verdict, self._card.strip = said, drawn
        if self.reveal is not None:
            self.children = (self._card, self.reveal)

    def __repr__(self):
        asked = f"shares of {', '.join(self.choices)}" if self.shares else ", ".join(self.choices) or "a number"
        return f"Predict({self.key})\n{self.question}: {asked}"

    def html(self):
        """Return question, choices and, folded away, the answer with its figure; the guess never stands here."""
        asked = "".join(f"<li>{escape(choice)}</li>" for choice in self.choices) or "<li>a number</li>"
        asked = f"<ul>{asked}</ul>" + ("<p>A share of 1 for each.</p>" if self.shares else "")
        answer = paired(self.choices, self.truth) if self.shares else said(self.truth)
        figure = self.reveal.html() if self.reveal is not None else ""
        return (
            f"<div><p><b>Predict:</b> {escape(self.question)}</p>{asked}"
            f"<details><summary>Answer</summary><p>{escape(answer)}</p>{figure}</details></div>"
        )
