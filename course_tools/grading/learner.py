"""The rows of one learner: every file is read, the newest notebook of each lesson is judged."""

import hashlib
from dataclasses import dataclass, field

from course_tools.grading.deadlines import Deadlines
from course_tools.grading.judging import marks
from course_tools.grading.reading import Unreadable

MANY, ROOM = 200, 200_000_000  # files that are read of one learner, and bytes of them
REASON = 300  # characters: a zip's complaint may hold names of 64 kB
TOO_MANY = f"was not read: of one learner the newest {MANY} files count, and {ROOM / 1e6:g} MB"
EMPTY = {"lesson": "", "status": "unreadable", "reason": "", "points": 0, "max_points": 0, "others": []}


@dataclass(frozen=True)
class Task:
    """All that the rows of a learner depend on. files: (name, seconds, bytes or None, why not), oldest first.

    `spec` stands for the checks and the secret.
    """

    learner: str
    files: tuple
    secret: bytes
    spec: str
    only: str = ""
    deadlines: Deadlines = field(default_factory=Deadlines)

    @property
    def hand_in(self):
        """Twelve digits that change with anything that could change the rows; the times count by their order alone."""
        names = [(name, _sha256(content), problem) for name, _, content, problem in self.files]
        late = [self.deadlines.late(self.learner, time) for _, time, _, _ in self.files]
        return hashlib.sha256(repr((self.spec, self.only, late, names)).encode()).hexdigest()[:12]


def task_of(learner, files, secret, spec, only="", deadlines=None):
    """Return the Task, its files read: the newest first, since they count, and no more than has ROOM."""
    found, room = [], ROOM
    for i, file in enumerate(reversed(files)):
        content, problem = _content(file) if i < MANY and room > 0 else (None, TOO_MANY)
        found.append((file.name, file.time, content, problem))
        room -= len(content or b"")
    return Task(learner, tuple(reversed(found)), secret, spec, only, deadlines or Deadlines())


def _content(file):
    try:
        return file.read(), ""
    except (Unreadable, OSError) as problem:
        return None, str(problem)


def rows_of(judge, task):
    """Return the rows of a learner: one for each lesson, and one for each file that belongs to none."""
    unusable, by_lesson = _sorted_out(judge, task)
    rows = [*unusable]
    for row, notebook in _newest(task, by_lesson).values():
        found = marks(judge, notebook, task.secret, row["sha256"])
        rows.append(row | found | ({"status": "late"} if row["reason"] else {}))
    return [row | {"spec": task.spec, "hand_in": task.hand_in, "of": len(rows)} for row in rows]


def chosen(judge, task):
    """Return {lesson: (row without marks, notebook)}: what counts of all that a learner handed in."""
    return _newest(task, _sorted_out(judge, task)[1])


def _sorted_out(judge, task):
    """Return (rows of unusable files, {lesson: [(seconds, row, notebook)], oldest first})."""
    unusable, by_lesson = [], {}
    for name, time, content, problem in task.files:
        row = EMPTY | {"learner": task.learner, "file": name, "sha256": _sha256(content), "exercises": []}
        notebook = _read(judge, name, content, problem)
        row["lesson"] = notebook.get("lesson", "")
        if "problem" in notebook:
            unusable.append(
                row | {"status": notebook.get("status", "unreadable"), "reason": notebook["problem"][:REASON]}
            )
        elif not task.only or row["lesson"] == task.only:
            by_lesson.setdefault(row["lesson"], []).append((time, row, notebook))
    return unusable, by_lesson


def _newest(task, by_lesson):
    """Return {lesson: (row, notebook)} of the newest that was in time; of the newest of all, where none was."""
    found = {}
    for lesson, tries in by_lesson.items():
        reasons = [task.deadlines.reason(task.learner, lesson, time) for time, _, _ in tries]
        best = max((i for i, reason in enumerate(reasons) if not reason), default=len(tries) - 1)
        _, row, notebook = tries[best]
        others = [other["file"] for i, (_, other, _) in enumerate(tries) if i != best]
        found[lesson] = row | {"others": others, "reason": reasons[best]}, notebook
    return found


def _read(judge, name, content, problem):
    if content is None:
        return {"problem": problem}
    if not name.lower().endswith(".ipynb"):
        return {"problem": "is no notebook: the course reads .ipynb files", "status": "not this course"}
    notebook = judge.read(content, name)
    if "problem" in notebook or notebook["lesson"]:
        return notebook
    return {"problem": "names no lesson: its first cell should call for_lesson", "status": "not this course"}


def _sha256(content):
    return hashlib.sha256(content or b"").hexdigest()
