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
    lines = [(r["lesson"], r["file"], r["status"], score(r["points"], r["max_points"]), _aside(r)) for r in rows]
    sections = [_exercise(record) for row in rows for record in row["exercises"]]
    return page(learner, "\n".join([table(head, lines), *sections]))


def _aside(row):
    older = f"older: {', '.join(row['others'])}" if row["others"] else ""
    return "; ".join(filter(None, (row["reason"], older)))


def _exercise(record):
    exercise = find(record["function"], record["lesson"])
    points = score(record["points"], record["max_points"])
    parts = [f"<h2>{text(exercise.number)} {text(exercise.name)}: {text(record['outcome'])}, {text(points)}</h2>"]
    parts += [f"<p>{text(record['message'])}</p>", code(record["answer"]) if record["answer"] else ""]
    if record["outcome"] != "correct":
        lesson = f"work/notebooks/{exercise.lesson}.ipynb"
        parts += [f"<p>Hint: {text(exercise.hints[0])}</p>", f"<p>{text(exercise.promise)}</p>"]
        parts += [f'<p>Read on in <a href="{lesson}#{exercise.name}">{lesson}</a>.</p>']
    return "<section>" + "\n".join(filter(None, parts)) + "</section>"
