"""`course export NAME`: one zip of exercise notebooks to hand in, checked, with a word on what is missing."""

import io
import re
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from course_lib import feedback
from course_lib.checks import LESSONS
from course_lib.checks.result import score
from course_tools.answers import judged
from course_tools.check import SAVE, recorded, silent
from course_tools.keeping import write_keeping
from course_tools.notebooks import Unusable
from course_tools.targets import lesson_named, notebook_of, work_folder

ROOT = Path(__file__).resolve().parents[1]
NO_NAME = re.compile(r'[/\\:*?"<>|\x00-\x1f]|^[.\s]|^$')  # what some system refuses in the name of a file
BAD_NAME = '{!r} makes no file: write your name without / \\ : * ? " < > | and with no dot before it.'
NONE_HERE = "None of these notebooks can be handed in, so there is no zip."


@dataclass
class Sheet:
    """One lesson of a hand-in: its notebook's bytes and Results, or the sentence that says why there is none."""

    lesson: str
    content: bytes | None = None
    results: list = field(default_factory=list)
    trouble: str = ""

    @property
    def begun(self) -> bool:
        return any(result.outcome != "not attempted" for result in self.results)

    @property
    def missing(self) -> list[str]:
        """The functions before the cut that nobody has written."""
        core = {exercise.name for exercise in LESSONS[self.lesson] if exercise.core}
        return [r.function for r in self.results if r.outcome == "not attempted" and r.function in core]


def main(name: str, lessons: list[str], to: Path | None = None, root: Path = ROOT) -> int:
    """Write NAME.zip and say what is in it. Return 0; 1 where something is missing, 2 where there is nothing to do."""
    try:
        stem = _stem(name)
        work = work_folder()
        if to is not None and not to.is_dir():
            raise Unusable(f"{to} is no folder: make it first, or leave --to out.")
        sheets = [_sheet(lesson) for lesson in _wanted(lessons, root)]
        if not any(sheet.content for sheet in sheets):
            raise Unusable("\n".join([*(sheet.trouble for sheet in sheets), NONE_HERE]))
        path = (to or work) / f"{stem}.zip"
        kept = write_keeping(path, packed(sheets))
    except Unusable as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped before the zip was written. Run the same command again.", file=sys.stderr)
        return 130
    except OSError as error:
        where = (to or work) / f"{stem}.zip"
        print(f"{where} cannot be written ({error.strerror}): mend that, or name a folder with --to.", file=sys.stderr)
        return 1
    print(_words(sheets, path, kept))
    return 1 if any(sheet.trouble or sheet.missing for sheet in sheets) else 0


def _stem(name: str) -> str:
    stem = name.removesuffix(".zip").strip()
    if NO_NAME.search(stem):
        raise Unusable(BAD_NAME.format(name))
    return stem


def _wanted(words: list[str], root: Path) -> list[str]:
    """Return the lessons that the words name, in order; for no words, all whose exercises the course has."""
    unknown = [word for word in words if lesson_named(word) is None]
    if unknown:
        raise Unusable(f"There is no lesson {unknown[0]}. There are: {', '.join(LESSONS)}.")
    named = {lesson_named(word) for word in words}
    there = {lesson for lesson in LESSONS if (root / "exercises" / f"{lesson}.ipynb").is_file()}
    return [lesson for lesson in LESSONS if lesson in (named or there)]


def _sheet(lesson: str) -> Sheet:
    """Check a lesson's notebook, as `course check` does, and take its bytes."""
    try:
        path = notebook_of(lesson)
        with silent():
            found = judged(path, LESSONS[lesson])
        return Sheet(lesson, path.read_bytes(), [recorded(result, source, path) for result, source in found])
    except Unusable as problem:
        return Sheet(lesson, trouble=str(problem))


def packed(sheets: list[Sheet]) -> bytes:
    """Return a zip of the notebooks, each under its lesson's name: equal notebooks make equal bytes, anywhere.

    Nothing is compressed, since two versions of zlib need not agree, and no time is kept.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for sheet in sheets:
            if sheet.content is not None:
                entry = zipfile.ZipInfo(f"{sheet.lesson}.ipynb", (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_STORED
                entry.create_system, entry.external_attr = 3, 0o100644 << 16  # as on Unix, on every system
                archive.writestr(entry, sheet.content)
    return buffer.getvalue()


def _words(sheets: list[Sheet], path: Path, kept: Path | None) -> str:
    """Return what to print: the points of each lesson, a line per answer that is not right, and what is missing."""
    lines = [line for sheet in sheets for line in _lines(sheet)]
    results = [result for sheet in sheets for result in sheet.results]
    points = score(sum(result.points for result in results), sum(result.max_points for result in results))
    inside = sum(sheet.content is not None for sheet in sheets)
    lines += ["", f"{path} holds {inside} notebook{'s' * (inside != 1)} as saved on disk: {points}."]
    if kept:
        lines.append(f"Your older {path.name} is kept beside it: {kept.name}.")
    gone = [_gone(sheet) for sheet in sheets if sheet.trouble or sheet.missing]
    return "\n".join([*lines, f"Missing: {'; '.join(gone)}." if gone else "It is complete."])


def _gone(sheet: Sheet) -> str:
    return f"all of {sheet.lesson}" if not sheet.begun else f"{', '.join(sheet.missing)} of {sheet.lesson}"


def _lines(sheet: Sheet) -> list[str]:
    if sheet.trouble:
        return [f"{sheet.lesson}: {sheet.trouble}"]
    results = sheet.results
    points = score(sum(result.points for result in results), sum(result.max_points for result in results))
    better = ", ".join(result.function for result in results if result.better)
    more = [f"    A better one than that on disk was checked, of {better}: {SAVE}"] if better else []
    if not sheet.begun:
        return [f"{sheet.lesson}: {points}. Nothing is written yet.", *more]
    wrong = [feedback.shown(result).lines[0] for result in results if result.outcome != "correct"]
    return [f"{sheet.lesson}: {points}.", *(f"    {line}" for line in wrong), *more]
