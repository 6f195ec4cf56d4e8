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
        return cells_of(sources(json.loads(text)["cells"]))
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
    if _breaks_off(problem, text):
        return f"{path} is no notebook any more: it breaks off in line {text.rstrip().count(chr(10)) + 1}. {again}"
    return f"{path} is no notebook that can be read. {again}"


def _breaks_off(problem, text):
    """Is what could not be read the end of the file: within a letter, within a string, or between two things?"""
    if isinstance(problem, UnicodeDecodeError):
        return problem.reason == "unexpected end of data"
    if not isinstance(problem, json.JSONDecodeError):
        return False
    return problem.msg.startswith("Unterminated string") or problem.pos >= len(text.rstrip()) - 1


def sources(cells):
    """Return [id, source] of the code cells among a notebook's cells. Raises what a broken one makes it raise."""
    return [[str(cell.get("id", "")), _source(cell["source"])] for cell in cells if cell["cell_type"] == "code"]


def _source(source):
    return (source if isinstance(source, str) else "".join(source)).replace("\r\n", "\n")


def cells_of(found):
    """Return the Cells of [id, source] pairs; messages can quote their lines."""
    cells, files = [], set()
    for i, (id, source) in enumerate(found):
        file = f"<{id}>" if id and f"<{id}>" not in files else f"<cell {i}>"  # a copied cell has its twin's id
        files.add(file)
        text = MAGIC.sub(lambda magic: f"{magic[1] or magic[2] or ''}pass", source)
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        cells.append(Cell(id, text, file))
    return cells


def lesson_of(cells, path):
    """Return the lesson that the first cell names, or else the file. Raises Unusable."""
    called = re.search(r"for_lesson\(\s*[\"']([\w/]+)[\"']", cells[0].text if cells else "")
    stem = called[1] if called and called[1] in LESSONS else Path(path).stem
    if stem not in LESSONS:
        raise Unusable(f"{path} names no lesson of this course: its first cell should call for_lesson.")
    return stem
