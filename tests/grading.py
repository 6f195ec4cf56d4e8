"""What the tests of the grader share: notebooks to hand in, a judge, and a look at what runs and what was touched."""

import json
from pathlib import Path

import pytest
from learner import notebook

from course_lib.checks import LESSONS
from course_tools.grading import seccomp
from course_tools.grading.learner import Task, rows_of

SCALING = LESSONS["03_scaling"]
SECRET = b"a secret of the tests"
SPEC = "spec"
needs_jail = pytest.mark.skipif(not seccomp.available(), reason="there is no jail on this system: grading refuses")


def hand_in(source=None, exercises=SCALING, only=("scale",), change=None, **options):
    """The bytes of a notebook with these answers alone; `source` is the cell of `scale`, `change` alters the JSON."""
    made = notebook([e for e in exercises if only is None or e.name in only], **options)
    if source is not None:
        next(cell for cell in made["cells"] if cell["id"] == "scale-answer")["source"] = source
    if change:
        made = change(made) or made
    return json.dumps(made).encode()


def row_of(judge, content, learner="anna", name="03_scaling.ipynb"):
    """The one row of a learner who handed in this file."""
    (row,) = rows_of(judge, Task(learner, ((name, 0.0, content, ""),), SECRET, SPEC))
    return row


def of(row, name="scale"):
    """The record of one exercise in a row."""
    return next(record for record in row["exercises"] if record["function"] == name)


def children_of(number):
    """The numbers of the processes that a process has started, and those have, and so on."""
    try:
        lists = [path.read_text().split() for path in Path(f"/proc/{number}/task").glob("*/children")]
    except OSError:
        return []
    own = [int(child) for found in lists for child in found]
    return own + [further for child in own for further in children_of(child)]


def most_memory():
    """The bytes that this process has had in memory at its height."""
    import resource  # not on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
