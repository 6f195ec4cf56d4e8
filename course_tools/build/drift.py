"""Tell where the notebooks are out of step with the text. Nothing is executed."""

from itertools import zip_longest

import nbformat

from course_tools.build import make, outputs
from course_tools.build.places import BuildError


def drift(course, stems=None):
    """Sentences, each with the command that mends it."""
    for kind, stem in course.sources(stems):
        try:
            made = make.one(course, kind, stem)
        except BuildError as error:
            yield from error.sentences
            continue
        for path, wanted in made.notebooks.items():
            for sentence in _of_file(course, made, path, wanted):
                yield f"{sentence.rstrip('.')}: run `course build {stem}`."
    if not stems:
        yield from _left_over(course)
        yield from _pages(course)


def _of_file(course, made, path, wanted):
    shown = course.shown(path)
    if not path.exists():
        return [f"{shown} is not built"]
    try:
        found = nbformat.read(path, as_version=4)
        nbformat.validate(found)
    except Exception as error:
        return [f"{shown} cannot be read as a notebook ({' '.join(str(error).split())[:80]})"]
    sentences = [*_of_cells(made, shown, wanted, found)]
    if path in made.to_execute:
        sentences += outputs.problems(found, shown, {}, course.root)
    elif any(cell.get("outputs") or cell.get("execution_count") for cell in found.cells):
        sentences.append(f"{shown} holds outputs, which an exercise must not")
    return sentences


def _of_cells(made, shown, wanted, found):
    if found.metadata != wanted.metadata:
        yield f"{shown} has other notebook metadata than the builder writes"
    for cell, expected in zip_longest(found.cells, wanted.cells):
        if cell is None or expected is None or cell.get("id") != expected.id:
            odd = expected.id if expected else cell.get("id")
            yield f"{shown} has other cells than {made.source.shown}, from {odd} on"
            return
        if _fixed(cell) != _fixed(expected):
            yield f"{shown}, cell {cell.id}, differs from {made.where[cell.id]}"


def _fixed(cell):
    """What the text alone decides of a cell."""
    return cell.cell_type, cell.source, cell.metadata


def _left_over(course):
    for folder, kind in make.FOLDERS:
        for path in sorted((course.root / folder).glob("*.ipynb")):
            text = course.source(kind, path.stem)
            if not text.exists():
                yield f"{course.shown(path)} has no text ({course.shown(text)} is not there): delete it, with `git rm`."


def _pages(course):
    try:
        pages = make.pages(course)
    except BuildError:
        return  # told above, with the lesson that cannot be read
    for path, text in pages.items():
        if text != (path.read_text(encoding="utf-8") if path.exists() else ""):
            yield f"{course.shown(path)} differs from what the lessons and the checks say: run `course build`."
