"""Build the notebooks from the text: `content/` -> `notebooks/`, `exercises/`, `solutions/`, and two pages in `docs/`.

build()                      # everything; a second run changes no byte
build(["03_scaling"])        # one lesson and its exercises
build(redraw=True)           # draw every picture anew, also where the words are the same
build_check()                # what is out of step; executes nothing
"""

from typing import NamedTuple


class Report(NamedTuple):
    """What a build did: the files it wrote, and sentences on the texts it refused."""

    changed: list
    problems: list


def build(stems=None, redraw=False, course=None, console=None):
    """Build the notebooks of all texts, or of some; return a Report. A text with a problem leaves its files alone."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from course_tools.build.places import BuildError, Course

    course = course or Course()
    changed, problems = [], []
    columns = [SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()]
    with Progress(*columns, console=console, transient=True) as progress:
        try:
            sources = course.sources(stems)
        except BuildError as error:
            return Report([], error.sentences)
        task = progress.add_task("building", total=len(sources))
        for kind, stem in sources:
            progress.update(task, description=f"content/{kind}/{stem}.md", advance=1)
            try:
                changed += _build_one(course, kind, stem, redraw)
            except BuildError as error:
                problems += error.sentences
    try:
        changed += _write_pages(course)
    except BuildError as error:
        problems += [sentence for sentence in error.sentences if sentence not in problems]
    return Report(changed, problems)


def build_check(stems=None, course=None):
    """Sentences on what is out of step with the text, each with the command that mends it. Executes nothing."""
    from course_tools.build.drift import drift
    from course_tools.build.places import BuildError, Course

    try:
        return list(drift(course or Course(), stems))
    except BuildError as error:
        return error.sentences


def main(stems=(), check=False, redraw=False):
    """`course build`: print what was written or what is wrong; 0 when all is well, 1 otherwise."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(soft_wrap=True, highlight=False)
    stems = list(stems) or None
    report = Report([], build_check(stems)) if check else build(stems, redraw, console=console)
    for path in report.changed:
        console.print(f"wrote {escape(path)}")
    for sentence in report.problems:
        console.print(f"[red]{escape(sentence)}[/red]")
    if not report.problems and not report.changed:
        console.print("Notebooks and text agree." if check else "Nothing to write: the notebooks are up to date.")
    return 1 if report.problems else 0


def _build_one(course, kind, stem, redraw):
    """Make, execute, hold to the rules, write. Returns the files that changed."""
    from course_tools.build import execute, make, outputs, writing
    from course_tools.build.claims import problems as claim_problems
    from course_tools.build.claims import unclaimed
    from course_tools.build.places import BuildError

    made = make.one(course, kind, stem)
    for path, notebook in made.to_execute.items():
        execute.execute(notebook, path.parent, made.where)
        sentences = [*outputs.problems(notebook, course.shown(path), made.where, course.root, kind == "lessons")]
        if kind == "lessons":
            sentences += [*claim_problems(made.source), *unclaimed(made.source, notebook)]
        if sentences:
            raise BuildError(*sentences)
        if not redraw:
            writing.keep_pictures(notebook, path)
    return [course.shown(path) for path, notebook in made.notebooks.items() if writing.write(notebook, path)]


def _write_pages(course):
    from course_tools.build import make, writing

    pages = make.pages(course).items()
    return [course.shown(path) for path, text in pages if text and writing.write_bytes(text.encode("utf-8"), path)]
