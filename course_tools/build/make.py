"""Read the texts, hold them to the rules, and make their notebooks, not yet executed."""

import re
from dataclasses import dataclass
from pathlib import Path

from course_tools.build import code, exercises, instructors, mistakes, notebook, prose, source
from course_tools.build.places import BuildError

FOLDERS = (("notebooks", "lessons"), ("exercises", "exercises"), ("solutions", "exercises"))


@dataclass
class Made:
    """What one text becomes: {path: notebook}, and for messages {cell id: "content/lessons/03_scaling.md:41"}."""

    kind: str
    source: source.Source
    notebooks: dict[Path, object]
    where: dict[str, str]

    @property
    def to_execute(self):
        return {path: nb for path, nb in self.notebooks.items() if path.parent.name != "exercises"}


def one(course, kind, stem):
    """The Made of one text; BuildError with every sentence that its author should read."""
    path = course.source(kind, stem)
    text = source.read(path, course.shown(path))
    known = course.of_lesson(stem)
    sentences = [*source.problems(text), *prose.problems(text), *code.problems(text, is_lesson=kind == "lessons")]
    if kind == "exercises":
        sentences += exercises.problems(text, known)
    if sentences:
        raise BuildError(*sentences)
    if kind == "lessons":
        notebooks = {course.built("notebooks", stem): notebook.lesson(text, known)}
    else:
        text.cells.append(source.Cell("markdown", what_follows(course, stem), len(text.text.splitlines()), {}))
        notebooks = {
            course.built("exercises", stem): notebook.exercise(text, known),
            course.built("solutions", stem): notebook.solution(text, known),
        }
    cells = next(iter(notebooks.values())).cells
    places = [f"{text.shown}:{cell.line}" for cell in text.in_notebook()]
    return Made(kind, text, notebooks, {cell.id: place for cell, place in zip(cells, places, strict=True)})


def what_follows(course, stem):
    """The last line of an exercise notebook: the lesson after its own, as that one calls itself."""
    later = [other for kind, other in course.sources() if kind == "lessons" and other > stem]
    if not later:
        return "**Next**: these are the last exercises so far; `progress()` says which ones are still open."
    heading = re.search(r"^# (.+)$", course.source("lessons", later[0]).read_text(encoding="utf-8"), re.M)
    return f"**Next**: [{heading[1] if heading else later[0]}](../notebooks/{later[0]}.ipynb)."


def pages(course):
    """{path: text} of the pages in docs/ that are made of the texts and of the catalogue; "" for one not needed."""
    return {course.instructors: instructors_page(course), course.mistakes: mistakes.page(course.exercises)}


def instructors_page(course):
    """docs/instructors.md as the lessons make it."""
    lessons = [course.source("lessons", stem) for kind, stem in course.sources() if kind == "lessons"]
    path = course.instructors
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    return instructors.page(old, [source.read(lesson, course.shown(lesson)) for lesson in lessons], course.of_lesson)
