"""Deadlines, from a CSV file with the columns lesson, until, and (for those with more time) learner."""

import csv
import unicodedata
from datetime import datetime
from pathlib import Path

from course_lib.checks import LESSONS


class Deadlines:
    """`reason(learner, lesson, time)` is "" in time, else says how late. The row that names the learner counts."""

    def __init__(self, until=None):
        self.until = until or {}

    def reason(self, learner, lesson, time):
        until = self.until.get((lesson, learner), self.until.get((lesson, "")))
        if until is None or time <= until:
            return ""
        return f"handed in {_how_long(time - until)} after the deadline"

    def late(self, learner, time):
        """Return {lesson: how late} of a file saved at that time, whatever lesson it may turn out to be."""
        return {
            lesson: self.reason(learner, lesson, time) for lesson, who in sorted(self.until) if who in ("", learner)
        }

    def absent(self, learners):
        """Return those with more time who are none of the learners: perhaps their names are spelt otherwise there."""
        return sorted({who for _, who in self.until if who} - set(learners))


def read_deadlines(path):
    """Return the Deadlines in a file. Raises ValueError with a sentence."""
    until = {}
    try:
        lines = Path(path).read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ValueError(f"{Path(path).name} is not in UTF-8: save it as `CSV UTF-8`.") from None
    for number, row in enumerate(csv.DictReader(lines), 2):
        try:
            time = datetime.fromisoformat(row["until"].strip()).timestamp()
            lesson = row["lesson"].strip()
            if lesson not in LESSONS:
                raise ValueError
            until[lesson, unicodedata.normalize("NFC", (row.get("learner") or "").strip())] = time
        except (KeyError, ValueError, AttributeError):
            sample = "lesson,until,learner and below 04_softmax,2026-05-04T23:59+02:00,"
            raise ValueError(f"{Path(path).name}, line {number} is no deadline: write {sample}") from None
    return Deadlines(until)


def _how_long(seconds):
    hours = seconds / 3600
    return (
        f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours" if hours >= 2 else f"{seconds / 60:.0f} min"
    )
