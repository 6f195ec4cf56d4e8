"""From cells of text to the cells of a notebook: ids, slides, exercises. Nothing is executed here."""

import nbformat

from course_tools.build import exercises as ex
from course_tools.build.unbroken import unbroken
from course_tools.shipped import METADATA


def lesson(source, exercises):
    """The notebook of a lesson, not executed. Cell n of stem 03_scaling is called `03_scaling-0n`."""
    cells = [
        _cell(cell, f"{source.stem}-{n:02}", _lines(cell, _text(source, cell, exercises)))
        for n, cell in enumerate(source.in_notebook())
    ]
    return _notebook(cells)


def solution(source, exercises):
    """The notebook with the answers: cells `scale-task`, `scale-answer`, `scale-check`, others by position."""
    cells = []
    for n, cell in enumerate(source.in_notebook()):
        kind, name = ex.role(cell)
        cell_id = f"{name}-{kind}" if kind else f"{source.stem}-exercises-{n:02}"
        made = _cell(cell, cell_id, _text(source, cell, exercises))
        if kind in ("answer", "check"):
            made.metadata["nbgrader"] = ex.nbgrader(kind, exercises[name])
        cells.append(made)
    return _notebook(cells)


def exercise(source, exercises):
    """The learner's notebook: the solution's, with a gap for every answer, as nbgrader would hand it out."""
    notebook = solution(source, exercises)
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader")
        if about and about["solution"]:
            cell.source = ex.stub(cell.source, about["grade_id"].removesuffix("-answer"))
        if about:
            ex.release(cell)
    return notebook


def _text(source, cell, exercises):
    if cell.kind == "code":
        return cell.text
    return ex.fill_in(cell.text, exercises, where=f"{source.shown}:{cell.line}")


def _lines(cell, text):
    return unbroken(text) if cell.kind == "markdown" else text


def _cell(cell, cell_id, text):
    make = nbformat.v4.new_code_cell if cell.kind == "code" else nbformat.v4.new_markdown_cell
    metadata = {key: value for key, value in cell.meta.items() if key != "slide"}
    if "slide" in cell.meta:
        turn = cell.meta["slide"] == "turn"  # to every other reader of slides it is a fragment
        metadata["slideshow"] = {"slide_type": "fragment", "turn": True} if turn else {"slide_type": cell.meta["slide"]}
    return make(text, id=cell_id, metadata=metadata)


def _notebook(cells):
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=METADATA)
    notebook.nbformat_minor = 5
    return notebook


def to_bytes(notebook):
    """The file: nbformat 4.5, indent 1, sorted keys, LF, one newline at the end. Equal notebooks, equal bytes."""
    return (nbformat.writes(notebook, version=4).rstrip("\n") + "\n").encode("utf-8")
