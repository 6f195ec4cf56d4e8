"""class.html: how many made which mistake, by exercise, and the sentence to say in the next lecture."""

from collections import Counter

from course_lib import given
from course_lib.checks import LESSONS
from course_lib.checks.bench import function_from
from course_lib.checks.running import Runner
from course_lib.checks.wording import fill, split_question
from course_tools.grading.page import page, table, text

UNKNOWN = "no mistake of the catalogue"
FIRST = 5  # mistakes that the page begins with: a lecture has room for no more


def class_report(rows):
    """Return the page about all rows together."""
    learners = len({row["learner"] for row in rows})
    statuses = sorted(Counter(row["status"] for row in rows).items())
    parts = [f"<p>{learners} learner{'s' * (learners != 1)}.</p>", table(("status", "files"), statuses)]
    found = {exercise: records for exercise, records in _by_exercise(rows) if records}
    said = {exercise: _lines(exercise, records) for exercise, records in found.items()}
    return page("The class", "\n".join([*parts, _first(said), *(_section(e, found[e], said[e]) for e in found)]))


def _by_exercise(rows):
    """Yield (exercise, its records), in order of the course."""
    records = {}
    for row in rows:
        for record in row["exercises"] if row["max_points"] else ():
            records.setdefault((record["lesson"], record["function"]), []).append(record)
    for exercises in LESSONS.values():
        yield from ((exercise, records.get((exercise.lesson, exercise.name))) for exercise in exercises)


def _lines(exercise, records):
    """Return (learners, mistake, what to say) for each mistake that was made, the commonest first."""
    wrong = Counter(record["mistake"] or UNKNOWN for record in records if record["outcome"] == "not yet")
    often = sorted(wrong.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(count, name, to_say(exercise, name)) for name, count in often]


def _first(said):
    """Return what to say before anything else: the mistakes that most learners share, whatever the exercise."""
    lines = [
        (count, f"{exercise.number} {exercise.name}", words)
        for exercise, lines in said.items()
        for count, name, words in lines
        if name != UNKNOWN and count > 1
    ]
    lines = sorted(lines, key=lambda line: -line[0])[:FIRST]
    shown = table(("learners", "exercise", "what to say"), lines, "said")
    return f"<section><h2>To say first</h2>{shown}</section>" if lines else ""


def _section(exercise, records, lines):
    outcomes = Counter(record["outcome"] for record in records)
    said = ", ".join(f"{outcomes[kind]} {kind}" for kind in ("correct", "not yet", "not attempted"))
    shown = table(("learners", "mistake", "what to say"), lines, "said") if lines else ""
    return f"<section><h2>{text(exercise.number)} {text(exercise.name)}</h2><p>{text(said)}</p>{shown}</section>"


def to_say(exercise, name):
    """Return the sentence for the lecture: what went wrong, in the catalogue's numbers, and the question to ask."""
    mistake = next((mistake for mistake in exercise.mistakes if mistake.id == name), None)
    if mistake is None:
        return exercise.hints[0]
    earlier = given.for_lesson(exercise.lesson, before=exercise.number)
    words, asked = split_question(fill(mistake, Runner(function_from(exercise, mistake.code, earlier))))
    return f"{words} {asked or mistake.question}".strip()
