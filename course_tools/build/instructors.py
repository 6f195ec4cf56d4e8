"""The presenter's notes of all lessons, gathered into docs/instructors.md."""

from course_tools.build.prose import headings

BEGIN = "<!-- notes: written by `course build` from the cells of slide type notes; edit those -->"
END = "<!-- end of notes -->"
NEW_PAGE = f"# For instructors\n\n{BEGIN}\n{END}\n"


def page(old, sources):
    """The page with the notes of `sources` between its two marks; what stands around them is kept."""
    old = old or NEW_PAGE
    before, _, rest = old.partition(BEGIN)
    after = rest.partition(END)[2] if rest else "\n"
    notes = "\n\n".join(text for text in map(_of_lesson, sources) if text)
    return f"{before.rstrip()}\n\n{BEGIN}\n\n{notes}\n\n{END}{after}"


def _of_lesson(source):
    """The notes of one lesson, under its title and the headings they stand under; "" where it has none."""
    title, section, lines = source.stem, None, []
    for cell in source.cells:
        if cell.kind != "markdown":
            continue
        if cell.is_note:
            lines += ([f"### {section}"] if section else []) + [cell.text]
            section = None  # a second note under one heading does not repeat it
            continue
        for level, text, _ in headings(cell.text):
            title, section = (text, None) if level == 1 else (title, text)
    return "\n\n".join([f"## {title}", *lines]) if lines else ""
