"""One page for each learner: their answers, what the check says, a hint, and where to read on."""

import hashlib
import re

from course_lib.checks import find
from course_lib.checks.result import score
from course_tools.grading.page import code, page, table, text


def file_name(learner):
    """Return the name of a learner's page: readable, harmless, and no two learners share one."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", learner)[:40].strip("-")
    return f"{plain}-{hashlib.sha256(learner.encode(errors='replace')).hexdigest()[:8]}.html"


def report(learner, rows):
    """Return the page of a learner, from their rows."""
    head = ("lesson", "file", "status", "points", "remarks")
    lines = [(row["lesson"], row["file"], row["status"], _points(row), _aside(row)) for row in rows]
    sections = [_exercise(record) for row in rows for record in row["exercises"]]
    points, most = (sum(row[key] for row in rows) for key in ("points", "max_points"))
    earned = f"<p>{text(score(points, most))}.</p>" if most else ""
    return page(learner, "\n".join([earned, table(head, lines), *sections]))


def _points(row):
    return score(row["points"], row["max_points"]) if row["max_points"] else ""


def _aside(row):
    older = f"older: {', '.join(row['others'])}" if row["others"] else ""
    return "; ".join(filter(None, (row["reason"], older)))


def _exercise(record):
    """Return the section of an exercise: what was asked, the answer, what the check says, and how to go on."""
    exercise, right = find(record["function"], record["lesson"]), record["outcome"] == "correct"
    said, points = record["outcome"], score(record["points"], record["max_points"])
    mark = "✓" if right else "○"
    parts = [f"<h2>{mark} {text(exercise.number)} {text(exercise.name)}: {text(said)}, {text(points)}</h2>"]
    parts += [f"<p>{text(exercise.promise)}</p>", code(record["answer"]) if said != "not attempted" else ""]
    message = record["message"].removeprefix(f"{exercise.name}: correct. {points}.").strip()  # the head has said so
    parts += [f"<p>{text(message)}</p>" if message else ""]
    if not right:
        parts += [f"<p>Hint: {text(exercise.hints[0])}</p>"]
        parts += [f"<p>Read on in <code>work/notebooks/{exercise.lesson}.ipynb</code>.</p>"]
    return "<section>" + "\n".join(filter(None, parts)) + "</section>"
