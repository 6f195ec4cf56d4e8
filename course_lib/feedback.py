"""What a learner sees of a check: one result in a notebook, as plain text, as HTML and in a terminal.

check, hint = for_lesson("03_scaling")
check(scale)        the verdict: shown when right, raised as NotYet when not
hint("scale", 2)    the second of three hints
"""

import html
import os
from collections import Counter
from dataclasses import dataclass

from course_lib import given, progress
from course_lib.checks import find
from course_lib.checks.judge import judge
from course_lib.checks.result import score
from course_lib.checks.showing import singular

CARD = "border-left:4px solid {ink}; padding:.3em .8em; color:var(--jp-ui-font-color1,inherit); background:transparent"
INK = {
    "correct": "var(--jp-success-color1,#2e7d32)",
    "not yet": "var(--jp-warn-color1,#b45f06)",
    "not attempted": "var(--jp-border-color1,#767676)",
    "hint": "var(--jp-brand-color1,#1565c0)",
}
BRIGHT = {"correct": "32", "not yet": "33", "not attempted": "2", "hint": "34"}


@dataclass(frozen=True)
class Shown:
    """Lines to show: the first says what happened. `tone` chooses the colour, never the words."""

    lines: tuple
    tone: str
    remarks: tuple = ()

    def __repr__(self):
        return "\n".join([*self.lines, *(f"Remark: {remark}" for remark in self.remarks)])

    def _repr_html_(self):
        first, *more = [html.escape(line, quote=False) for line in self.lines]
        body = "".join(f"<div>{line}</div>\n" for line in more)
        # Each remark on a line of its own, nothing else there: nbval's sanitiser drops those lines.
        said = "".join(f"Remark: {html.escape(remark, quote=False)}<br>\n" for remark in self.remarks)
        style = CARD.format(ink=INK[self.tone])
        return f'<div style="{style}">\n<div><b>{first}</b></div>\n{body}{said}</div>'

    def terminal(self, colour=True):
        """Return the lines for a terminal, the first in colour unless NO_COLOR is set or `colour` is False."""
        if not colour or os.environ.get("NO_COLOR"):
            return repr(self)
        first, _, rest = repr(self).partition("\n")
        return f"\x1b[1;{BRIGHT[self.tone]}m{first}\x1b[0m" + (f"\n{rest}" if rest else "")


def shown(result):
    """Return the Shown of a Result: its verdict and points first, then what the check says."""
    if result.outcome == "not yet":
        first = f"{result.function}: not yet. {score(result.points, result.max_points)}."
        return Shown((first, *result.message.splitlines()), result.outcome)
    return Shown(tuple(result.message.splitlines()), result.outcome, tuple(result.remarks))


class NotYet(AssertionError):
    """A check that did not pass. A notebook shows its few lines and no traceback."""

    def __init__(self, shown):
        super().__init__(repr(shown))
        self.shown = shown

    def _render_traceback_(self):
        return repr(self.shown).splitlines()


def for_lesson(lesson):
    """Return (check, hint) for the exercises of one lesson, such as "03_scaling"."""
    failed = Counter()

    def check(function):
        exercise = _exercise_of(function, lesson)
        result = judge(exercise, function, given.for_lesson(lesson, before=exercise.number))
        progress.record(result)
        said = shown(result)
        if result.outcome == "correct":
            return said
        failed[exercise.name] += 1
        _draw(exercise, result)
        if result.outcome == "not yet" and failed[exercise.name] == 1:
            said = Shown((*said.lines, f'hint("{exercise.name}") helps with a question.'), said.tone)
        raise NotYet(said)

    def hint(exercise, stage=1):
        name = getattr(exercise, "__name__", exercise)
        try:
            hints = find(str(name), lesson).hints
        except LookupError as problem:
            return Shown((str(problem),), "hint")
        if stage not in range(1, len(hints) + 1):
            return Shown((f'{name} has hints 1 to {len(hints)}: hint("{name}", 1) shows the first.',), "hint")
        more = (f'The next one: hint("{name}", {stage + 1}).',) if stage < len(hints) else ("That was the last one.",)
        return Shown((f"{name}, hint {stage} of {len(hints)}", hints[stage - 1], *more), "hint")

    return check, hint


def _exercise_of(function, lesson):
    name = getattr(function, "__name__", None)
    if not callable(function) or name is None:
        kind = type(function).__name__
        given_one = f"it was given {'an' if kind[0] in 'aeiou' else 'a'} {kind}"
        raise NotYet(Shown((f"check wants the function itself, as in check(scale); {given_one}.",), "not yet"))
    if name == "<lambda>":
        raise NotYet(Shown(("A lambda has no name to go by: write the answer with def.",), "not yet"))
    try:
        return find(name, lesson)
    except LookupError as problem:
        raise NotYet(Shown((str(problem),), "not yet")) from None


def _draw(exercise, result):
    """Show wanted beside yours, where the exercise has a picture and there is a notebook to show it in."""
    if exercise.picture not in PICTURES or result.got is None:
        return
    try:
        from IPython import get_ipython
        from IPython.display import display

        if get_ipython() is not None:
            display(PICTURES[exercise.picture](exercise, result))
    except Exception:  # a picture is an extra: what it cannot draw must not hide the sentence
        return


def _heat_pair(exercise, result):
    from course_lib.views.heat_pair import HeatPair

    rows, columns = [singular(axis) for axis in exercise.axes[-2:]]
    return HeatPair(result.wanted, result.got, rows, columns, title=exercise.name, tolerance=1e-6)


PICTURES = {"heat pair": _heat_pair}  # imported when drawn: a right answer needs no drawing
