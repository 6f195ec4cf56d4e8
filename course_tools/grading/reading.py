"""Reading a submission: bytes from a file that may be anything, cells from bytes that may be anything. Runs nothing."""

import base64
import errno
import json
import linecache
import os
import re
import stat
from types import SimpleNamespace

from course_tools.answers import answer_cell
from course_tools.grading.folders import FILE, descend
from course_tools.grading.trees import tree
from course_tools.notebooks import LARGEST, cells_of, sources

CODE = 1_000_000  # characters of code in a notebook
LESSON = re.compile(r"for_lesson\(\s*[\"']([\w/]+)[\"']")


class Unreadable(Exception):
    """A file that cannot be graded; the text says why."""


def open_file(root, parts, most=LARGEST):
    """Open a regular file below a folder for reading; links, devices and pipes are refused. Raises Unreadable."""
    try:
        handle = descend(root, parts, FILE)
    except (OSError, ValueError) as problem:
        link = getattr(problem, "errno", None) == errno.ELOOP
        raise Unreadable("is a link" if link else f"cannot be read: {getattr(problem, 'strerror', problem)}") from None
    about = os.fstat(handle)
    if stat.S_ISREG(about.st_mode) and about.st_size <= most:
        return os.fdopen(handle, "rb")
    os.close(handle)
    raise Unreadable(too_large(most) if stat.S_ISREG(about.st_mode) else "is no regular file")


def read_file(root, parts, most=LARGEST):
    """Return the bytes of a regular file. Raises Unreadable."""
    with open_file(root, parts, most) as file:
        content = file.read(most + 1)
    if len(content) > most:  # it has grown since
        raise Unreadable(too_large(most))
    return content


def too_large(most):
    return f"is larger than {most / 1e6:g} MB{': a notebook without its outputs is small' if most == LARGEST else ''}"


def read_notebook(content, name, lessons):
    """Return {"cells": [[id, text, file]], "lesson": stem, "answers": {function: text}, "trees": ...} or {"problem"}.

    content: base64; name: the file's; lessons: {stem: [names of functions]}. Called in the jail.
    """
    try:
        return _read_notebook(content, name, lessons)
    except (RecursionError, MemoryError):
        return {"problem": "is nested too deep, or takes too much memory"}


def _read_notebook(content, name, lessons):
    try:
        notebook = json.loads(base64.b64decode(content))  # json finds out about UTF-8, UTF-16 and their marks
        if "worksheets" in notebook:
            return {"problem": "is in an old format (3): open it in JupyterLab and save it"}
        found = sources(notebook["cells"])
        cells = cells_of(found)
    except (ValueError, KeyError, TypeError, AttributeError):
        return {"problem": "is no notebook" if content else "is empty"}
    if sum(len(cell.text) for cell in cells) > CODE:
        return {"problem": f"holds more than {CODE:,} characters of code"}
    lesson = lesson_of(cells[0].text if cells else "", name, lessons)
    chosen = {answer: answer_cell(cells, SimpleNamespace(name=answer)) for answer in lessons.get(lesson, ())}
    texts = {answer: "".join(linecache.getlines(cell.file)) for answer, cell in chosen.items() if cell}
    trees = {answer: tree(cell.text, answer) for answer, cell in chosen.items() if cell}
    return {"cells": found, "lesson": lesson, "answers": texts, "trees": trees}


def lesson_of(first, name, lessons):
    """Return the stem that the first cell names, else the one in the file's name, else ""."""
    called = LESSON.search(first)
    if called and called[1] in lessons:
        return called[1]
    return next((stem for stem in lessons if stem in os.path.basename(name)), "")
