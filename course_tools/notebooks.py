"""The code cells of a notebook, however its file was saved; a file that is none says what to do."""

import json
import linecache
import re
from pathlib import Path

from course_lib import progress
from course_lib.checks import LESSONS
from course_lib.progress.kept import FOLDER as ANSWERS
from course_tools.borrowing import Cell

LARGEST = 20_000_000  # bytes; a notebook with every picture of the course stays far below
MAGIC = re.compile(r"^([ \t]*)[%!].*$|^([ \t]*)[\w.]+\?{1,2}[ \t]*$", re.M)
CONFLICT = re.compile(r"^(<{7}|={7}|>{7})( .*)?\r?$", re.M)
AGAIN = "`course reset {}` puts a fresh one there and keeps this file beside it; your checked answers are in {}."


class Unusable(Exception):
    """A word or a file that cannot be used; the text says why, and what to do."""


def read_cells(path):
    """Return the code cells of a notebook. Raises Unusable."""
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST:
            raise Unusable(f"{path} is larger than any exercise of this course.")
        text = path.read_bytes().decode("utf-8-sig")  # some editors of Windows put a mark before the first letter
        return _cells(json.loads(text)["cells"])
    except OSError as problem:
        raise Unusable(f"{path} cannot be read: {problem.strerror}.") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise Unusable(_broken(path, problem)) from None


def _broken(path, problem):
    if path.suffix != ".ipynb":
        return f"{path} is no notebook: course check reads .ipynb files."
    text = path.read_bytes().decode("utf-8", "replace")
    lesson = next((stem for stem in LESSONS if stem in path.stem), "LESSON")
    kept = Path(progress.work_dir(path.parent) or "work", ANSWERS)
    again = AGAIN.format(lesson, kept / lesson if lesson in LESSONS else kept)
    mark = CONFLICT.search(text)
    if mark:
        line = text.count("\n", 0, mark.start()) + 1
        return f"{path} is no notebook while a merge conflict stands in it (line {line}: {mark[0].strip()}). {again}"
    if isinstance(problem, json.JSONDecodeError) and _at_its_end(problem, text):
        return f"{path} is no notebook any more: it breaks off in line {problem.lineno}. {again}"
    return f"{path} is no notebook that can be read. {again}"


def _at_its_end(problem, text):
    """Did the text end too early? Of a string that nothing closes, JSON names the beginning."""
    return problem.pos >= len(text.rstrip()) - 1 or problem.msg.startswith("Unterminated string")


def _cells(cells):
    found, files = [], set()
    for i, cell in enumerate(cells):
        if cell["cell_type"] != "code":
            continue
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        source = source.replace("\r\n", "\n")
        file = f"<{cell.get('id') or f'cell {i}'}>"
        file = f"<cell {i}>" if file in files else file  # a cell that was copied with its id
        files.add(file)
        text = MAGIC.sub(lambda found: f"{found[1] or found[2] or ''}pass", source)
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)  # messages quote the line
        found.append(Cell(str(cell.get("id", "")), text, file))
    return found


def lesson_of(cells, path):
    """Return the lesson that the first cell names, or else the file. Raises Unusable."""
    called = re.search(r"for_lesson\(\s*[\"']([\w/]+)[\"']", cells[0].text if cells else "")
    stem = called[1] if called and called[1] in LESSONS else Path(path).stem
    if stem not in LESSONS:
        raise Unusable(f"{path} names no lesson of this course: its first cell should call for_lesson.")
    return stem
