"""docs/instructors.md: per lesson its minutes, its notes, what to draw, and the wrong answers to expect."""

import ast
import re

from course_tools.build import code, hour
from course_tools.build.mistakes import anchor
from course_tools.build.prose import headings

BEGIN = "<!-- notes: written by `course build` from the lessons and the catalogue of mistakes; edit those -->"
BEGINS = re.compile(r"<!-- notes: written by `course build` [^>]*-->")  # a page of an older builder, too
END = "<!-- end of notes -->"
NEW_PAGE = f"# For instructors\n\n{BEGIN}\n{END}\n"
DRAWN = re.compile(r"\b(?:[Dd]raw|on the board)\b")
SENTENCE = re.compile(r"(?<=[.?!])(?<!e\.g\.)\s+(?=[A-Z\"“])")
SHOWN = 4  # wrong answers of an exercise on this page; all of them stand in mistakes.md


def page(old, sources, of_lesson=lambda stem: {}):
    """The page with the lessons of `sources` between its two marks; what stands around them is kept.

    of_lesson(stem) gives {name: Exercise} of one lesson.
    """
    old = old or NEW_PAGE
    mark = BEGINS.search(old)
    before, rest = (old[: mark.start()], old[mark.end() :]) if mark else (old, "")
    after = rest.partition(END)[2] if rest else "\n"
    notes = "\n\n".join(text for source in sources if (text := _of_lesson(source, of_lesson(source.stem).values())))
    return f"{before.rstrip()}\n\n{BEGIN}\n\n{notes}\n\n{END}{after}"


def _of_lesson(source, exercises):
    """One lesson under its title; "" for a lesson without notes."""
    title, section, notes = source.stem, None, []
    for cell in source.cells:
        if cell.kind != "markdown":
            continue
        if cell.is_note:
            notes += ([f"### {section}"] if section else []) + [cell.text]
            section = None  # a second note under one heading does not repeat it
            continue
        for level, text, _ in headings(cell.text):
            title, section = (text, None) if level == 1 else (title, text)
    if not notes:
        return ""
    parts = [
        f"## {title}",
        _minutes(source),
        _to_guess(source),
        _to_draw(source),
        *notes,
        _to_expect(source.stem, exercises),
    ]
    return "\n\n".join(part for part in parts if part)


def _minutes(source):
    """The sections with their minutes, and where the hour may be cut."""
    lines = ["| minutes | section | slides |", "|---:|---|---:|"]
    total, cut = 0, False
    for section in hour.sections(source):
        if section.extra and not cut:
            cut = True
            lines.append(f"| **{total}** | **cut: all that the next lesson needs stands above** | |")
        total += section.minutes
        slides = f"{section.first}–{section.last}" if section.last > section.first else section.last or ""
        lines.append(f"| {'' if section.extra else section.minutes} | {section.title} | {slides} |")
    return "\n".join(lines)


def _to_guess(source):
    """The questions that are put to the room, with their slides and the answers to choose from."""
    lines = []
    for cell, slide in hour.numbered(source):
        tree = code.parse(cell.text) if cell.kind == "code" and "Predict(" in cell.text else None
        for call in ast.walk(tree) if tree else ():
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Predict":
                question, choices = (ast.literal_eval(part) for part in call.args[1:3])
                choices = "a number" if choices == "number" else " / ".join(choices)
                lines.append(f"- slide {slide}: {question}: {choices}")
    return "\n".join(["**To guess, by a show of hands:**", "", *lines]) if lines else ""


def _to_draw(source):
    """The sentences of the notes that ask for the board."""
    sentences = [one for cell in source.cells if cell.is_note for one in SENTENCE.split(" ".join(cell.text.split()))]
    drawn = [f"- {one}" for one in sentences if DRAWN.search(one)]
    return "\n".join(["**To draw:**", "", *drawn]) if drawn else ""


def _to_expect(stem, exercises):
    """The first wrong answers of each exercise; the whole catalogue is another page."""
    lines = []
    for exercise in exercises:
        wrong = [f"`{m.code}`" if len(m.code) <= 60 and "\n" not in m.code else m.id for m in exercise.mistakes[:SHOWN]]
        if wrong:
            more = len(exercise.mistakes) - len(wrong)
            end = f", [and {more} more](mistakes.md#{anchor(exercise)})" if more else ""
            minutes = f"{exercise.minutes} minute{'s' * (exercise.minutes != 1)}"
            lines.append(f"- {exercise.number} {exercise.name}, {minutes}: {'; '.join(wrong)}{end}")
    return "\n".join(["### Wrong answers to expect in the exercises", "", *lines]) if lines else ""
