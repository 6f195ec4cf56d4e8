"""gradebook.csv and canvas.csv: points by learner and lesson, safe to open in a spreadsheet."""

import csv
import io

from course_lib.checks import LESSONS

MARK = "\ufeff"  # without it Excel reads ü as Ã¼
REMARKS = 20  # on the files of a learner: Excel takes 32,767 characters in a cell
FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # what makes a spreadsheet run a cell


def safe(value):
    """Return a cell that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.lstrip(" '\"").startswith(FORMULA) or text.startswith(FORMULA) else text


def points_of(rows):
    """Return {learner: {lesson: row}} of the rows that bear points; every learner is there."""
    book = {}
    for row in rows:
        lessons = book.setdefault(row["learner"], {})
        if row["max_points"]:
            lessons[row["lesson"]] = row
    return book


def gradebook(rows):
    """Return the text of gradebook.csv: a row a learner, a column a lesson, the sum, and what needs a look."""
    book, lessons, remarks = points_of(rows), _lessons(rows), _remarks(rows)
    head = ["learner", *lessons, "points", "max_points", "remarks"]
    lines = [[learner, *_points(book[learner], lessons), _joined(remarks.get(learner, ()))] for learner in book]
    return MARK + _csv([head, *lines])


def _points(by_lesson, lessons):
    points = [by_lesson[lesson]["points"] if lesson in by_lesson else "" for lesson in lessons]
    return [*points, sum(p for p in points if p != ""), sum(most_of(lesson) for lesson in lessons)]


def _remarks(rows):
    """Return {learner: what is said of their files that are not simply graded}."""
    said = {}
    for row in rows:
        if row["status"] != "graded":
            words = f"{row['file']}: {row['status']}{', ' + row['reason'] if row['reason'] else ''}"
            said.setdefault(row["learner"], []).append(words)
    return said


def _joined(remarks):
    more = [f"and {len(remarks) - REMARKS} more"] if len(remarks) > REMARKS else []
    return "; ".join([*remarks[:REMARKS], *more])


def canvas(rows):
    """Return the text of canvas.csv, as Canvas imports it: Student, ID, and a column a lesson."""
    book, lessons = points_of(rows), _lessons(rows)
    head = ["Student", "ID", "SIS Login ID", "Section", *lessons]
    most = ["    Points Possible", "", "", "", *map(most_of, lessons)]
    lines = []
    for learner, mine in book.items():
        name, _, number = learner.rpartition("_")
        name, number = (name, number) if number.isdigit() and name else (learner, "")
        lines.append([name, number, "", "", *(mine[x]["points"] if x in mine else "" for x in lessons)])
    return _csv([head, most, *lines])


def most_of(lesson):
    """Return the points that a lesson's exercises can bring."""
    return sum(exercise.points for exercise in LESSONS[lesson])


def _lessons(rows):
    there = {row["lesson"] for row in rows if row["max_points"]}
    return [lesson for lesson in LESSONS if lesson in there]


def _csv(lines):
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([[safe(cell) for cell in line] for line in lines])
    return file.getvalue()
