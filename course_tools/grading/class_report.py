"""class.html: how many made which mistake, by exercise, and the sentence to say in the next lecture."""

import re
from collections import Counter

from course_lib.checks import LESSONS
from course_lib.checks.wording import split_question
from course_tools.grading.page import page, table, text

UNKNOWN = "no mistake of the catalogue"


def class_report(rows):
    """Return the page about all rows together."""
    graded = [row for row in rows if row["max_points"]]
    learners = len({row["learner"] for row in rows})
    statuses = sorted(Counter(row["status"] for row in rows).items())
    parts = [f"<p>{learners} learners.</p>", table(("status", "files"), statuses)]
    for exercises in LESSONS.values():
        for exercise in exercises:
            records = [r for row in graded for r in row["exercises"] if _is_of(r, exercise)]
            parts += [_section(exercise, records)] if records else []
    return page("The class", "\n".join(parts))


def _is_of(record, exercise):
    return (record["lesson"], record["function"]) == (exercise.lesson, exercise.name)


def _section(exercise, records):
    outcomes = Counter(record["outcome"] for record in records)
    said = ", ".join(f"{outcomes[kind]} {kind}" for kind in ("correct", "not yet", "not attempted"))
    wrong = Counter(record["mistake"] or UNKNOWN for record in records if record["outcome"] == "not yet")
    often = sorted(wrong.items(), key=lambda pair: (-pair[1], pair[0]))
    lines = [(count, name, to_say(exercise, name)) for name, count in often]
    shown = table(("learners", "mistake", "what to say"), lines) if lines else ""
    return f"<section><h2>{text(exercise.number)} {text(exercise.name)}</h2><p>{text(said)}</p>{shown}</section>"


def to_say(exercise, name):
    """Return the sentence for the lecture: what went wrong without anybody's own numbers, and the question to ask."""
    mistake = next((mistake for mistake in exercise.mistakes if mistake.id == name), None)
    if mistake is None:
        return exercise.hints[0]
    words, asked = split_question(re.sub(r"\{[^}]*\}", "…", mistake.message))
    return f"{words} {asked or mistake.question}".strip()
