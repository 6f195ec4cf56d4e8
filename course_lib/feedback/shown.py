"""One result, one rendering: as plain text, as HTML and in a terminal."""

import html
import os
from dataclasses import dataclass

from course_lib.checks.result import score

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
    lines = result.message.splitlines()
    if result.outcome == "not yet":
        lines.insert(0, f"{result.function}: not yet. {score(result.points, result.max_points)}.")
    return Shown(tuple(lines), result.outcome, tuple(result.remarks))


class NotYet(AssertionError):
    """A check that did not pass. A notebook shows its few lines and no traceback."""

    def __init__(self, shown):
        super().__init__(repr(shown))
        self.shown = shown

    def _render_traceback_(self):
        return repr(self.shown).splitlines()
