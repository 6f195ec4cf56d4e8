"""How the minutes of a lesson fall on its sections: a plan from what there is to read, look at and guess."""

import re
from dataclasses import dataclass, field

from course_tools.build.prose import headings

WORDS_A_MINUTE = 130  # read aloud and thought about
GUESS, FIGURE, CODE = 3.0, 2.0, 0.5  # minutes: hands are counted, something is dragged, a cell is run and read
SHOWS_A_FIGURE = re.compile(r"^(?:\w+ = )?[A-Z]\w+\(", re.M)


@dataclass
class Section:
    """A heading of level 2 with what stands under it; before the first one, the lesson's opening."""

    title: str
    first: int = 1  # its slides, as the wall numbers them; last is 0 where none of it is on the wall
    last: int = 0
    cells: list = field(default_factory=list)
    extra: bool = False  # behind the cut
    minutes: int = 0


def sections(source):
    """The Sections of a lesson in order, the minutes of its hour shared out among those before the cut."""
    found, behind = [Section("Opening")], False
    for cell, slide in numbered(source):
        behind = behind or bool(cell.meta.get("cut"))
        titles = [text for level, text, _ in headings(cell.text) if level == 2] if cell.kind == "markdown" else []
        if titles and not cell.is_note:
            found.append(Section(titles[0], first=slide, extra=behind))
        if cell.meta.get("cut") and not titles:
            continue  # the line that says so
        found[-1].cells.append(cell)
        if cell.meta.get("slide") not in ("skip", "notes"):
            found[-1].last = slide
    hour = [section for section in found if not section.extra]
    for section, minutes in zip(hour, shared(source.course.get("minutes", 0), [*map(weight, hour)]), strict=True):
        section.minutes = minutes
    return found


def numbered(source):
    """Yield each cell with the number of the slide on which it stands, or after which it is left out."""
    slide = 0
    for cell in source.cells:
        slide += cell.meta.get("slide") in ("slide", "subslide")
        yield cell, slide


def weight(section):
    """Minutes that a section would like, before they are fitted into the hour."""
    minutes = 0.0
    for cell in section.cells:
        if cell.kind == "code":
            minutes += GUESS if "Predict(" in cell.text else FIGURE if SHOWS_A_FIGURE.search(cell.text) else CODE
        elif cell.meta.get("slide") != "skip" and not cell.is_note:
            minutes += len(cell.text.split()) / WORDS_A_MINUTE
    return minutes


def shared(total, weights):
    """Whole minutes that sum to `total`, as near to the weights as they come (largest remainders first).

    >>> shared(10, [1, 1, 2]), shared(0, [1.0])
    ([3, 2, 5], [0])
    """
    exact = [weight * total / (sum(weights) or 1) for weight in weights]
    whole = [int(minutes) for minutes in exact]
    order = sorted(range(len(exact)), key=lambda n: whole[n] - exact[n])
    for n in order[: total - sum(whole)]:
        whole[n] += 1
    return whole
