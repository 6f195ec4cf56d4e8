"""Read a lesson or an exercise file: MyST Markdown with code cells, kept with line numbers for messages."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from course_tools.build.places import BuildError

HEADER = {"extension": ".md", "format_name": "myst", "format_version": "0.13", "jupytext_version": "1.19.6"}
SLIDES = ("slide", "subslide", "fragment", "turn", "skip", "notes")
KEYS = ("slide", "cut")
LOST_METADATA = re.compile(r"^\+\+\+ *\{.*\}[ \t]*\n(?:[ \t]*\n)*```+\{code-cell\}", re.M)


@dataclass
class Cell:
    """One cell of the text. `line` is the line of the file on which `text` begins, counted from 1."""

    kind: str  # "markdown" or "code"
    text: str
    line: int
    meta: dict

    @property
    def is_note(self):
        return self.meta.get("slide") == "notes"


@dataclass
class Source:
    """A text and what its front matter says under `course:`."""

    path: Path
    shown: str  # the path as messages name it
    text: str
    course: dict
    cells: list[Cell]
    header: dict = field(default_factory=dict)

    @property
    def stem(self):
        return self.path.stem

    def at(self, line, sentence):
        """A problem as people and editors read it: `content/lessons/03_scaling.md:41: sentence`."""
        return f"{self.shown}:{line}: {sentence}"

    def in_notebook(self):
        """The cells that land in a notebook: all but the presenter's notes."""
        return [cell for cell in self.cells if not cell.is_note]


def read(path, shown=None):
    """Return the Source of one file. BuildError, with the line, where it cannot be read as cells."""
    from jupytext.myst import MystMetadataParsingError, myst_to_notebook

    shown = shown or path.name
    text = path.read_text(encoding="utf-8")
    try:
        notebook = myst_to_notebook(text, add_source_map=True)
    except (MystMetadataParsingError, yaml.YAMLError) as error:
        raise BuildError(f"{shown}:1: the file cannot be read as cells: {' '.join(str(error).split())}") from None
    lines = text.splitlines()
    starts = notebook.metadata.pop("source_map")
    cells = [_cell(cell, start, lines) for cell, start in zip(notebook.cells, starts, strict=True)]
    header = dict(notebook.metadata)
    return Source(path, shown, text, header.pop("course", None) or {}, cells, header)


def _cell(cell, start, lines):
    # jupytext gives the line on which a block begins; options and blank lines come before the cell's own text.
    first = cell.source.split("\n", 1)[0]
    line = next((i for i in range(start, len(lines)) if lines[i] == first), start)
    return Cell(cell.cell_type, cell.source, line + 1, dict(cell.metadata))


def problems(source):
    """Sentences on the form of the file: its header, its cells' metadata, its cut."""
    yield from _header_problems(source)
    for match in LOST_METADATA.finditer(source.text):
        line = source.text.count("\n", 0, match.start()) + 1
        yield source.at(line, "metadata before a code cell is lost; write it inside the cell, as `:slide: fragment`.")
    for cell in source.cells:
        yield from _metadata_problems(source, cell)
    cuts = [cell.line for cell in source.cells if cell.meta.get("cut")]
    for line in cuts[1:]:
        yield source.at(line, f"a second cut; the first stands at line {cuts[0]}.")


def _header_problems(source):
    found = source.header.get("jupytext", {}).get("text_representation", {})
    for key, value in HEADER.items():
        if str(found.get(key)) != value:
            yield source.at(1, f"the header's {key} is {found.get(key)}; write {value}.")
    if source.header.get("kernelspec", {}).get("name") != "python3":
        yield source.at(1, "the header names no kernelspec; write `kernelspec:` with `name: python3`.")


def _metadata_problems(source, cell):
    if cell.kind == "raw":
        yield source.at(cell.line, "a raw cell; a lesson has Markdown and code only.")
    for key in cell.meta:
        if key not in KEYS:
            yield source.at(cell.line, f"the cell has the key {key!r}; known are {' and '.join(KEYS)}.")
    slide = cell.meta.get("slide")
    if slide is not None and slide not in SLIDES:
        yield source.at(cell.line, f"slide is {slide!r}; it can be {', '.join(SLIDES)}.")
    if cell.kind == "code" and cell.is_note:
        yield source.at(cell.line, "a note for the presenter must be text, not code.")
