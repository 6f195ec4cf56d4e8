"""The commands of a learner's loop: `course check`, `watch`, `hint`, `progress`, `solution` and `reset`."""

from typing import Annotated

import typer

app = typer.Typer()
MEANT = typer.Argument(
    help="A lesson such as 04_softmax, an exercise such as scale, or a notebook of yours. Without it: all.",
    show_default=False,
)
NAME = typer.Argument(help="An exercise, such as scale or 05_masking/attention.", show_default=False)


@app.command(epilog="Example: course check 04_softmax")
def check(
    meant: Annotated[str | None, MEANT] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON array and nothing else.")] = False,
) -> None:
    """Check your answers. The verdict is the notebook's, word for word.

    What is saved on disk is checked: save in JupyterLab first. Every answer that is checked is kept under work/answers.
    """
    from course_tools import check

    raise typer.Exit(check.main(meant, as_json))


@app.command(epilog="Example: course watch 04_softmax")
def watch(meant: Annotated[str | None, MEANT] = None) -> None:
    """Check one exercise each time you save. Keys: h hint, n next, r reset, l list, q quit."""
    from course_tools import watch

    raise typer.Exit(watch.main(meant))


@app.command(epilog="Example: course hint scale --stage 2")
def hint(
    name: Annotated[str, NAME],
    stage: Annotated[int, typer.Option(help="1 is a question, 2 a pointer, 3 nearly the line.")] = 1,
) -> None:
    """Show a hint. There are three for each exercise."""
    from course_tools import learner

    raise typer.Exit(learner.hint(name, stage))


@app.command(epilog="Example: course progress")
def progress() -> None:
    """Show your points and what is next. In a notebook: progress() from course_lib.feedback."""
    from course_tools import learner

    raise typer.Exit(learner.progress())


@app.command(epilog="Example: course solution scale")
def solution(
    name: Annotated[str, NAME],
    anyway: Annotated[bool, typer.Option("--anyway", help="Show it though yours is not right yet.")] = False,
) -> None:
    """Show our answer once yours is right. Before that, --anyway shows it."""
    from course_tools import learner

    raise typer.Exit(learner.solution(name, anyway))


@app.command(epilog="Example: course reset scale")
def reset(
    meant: Annotated[str, typer.Argument(help="A lesson such as 04_softmax, or an exercise such as scale.")],
) -> None:
    """Put an exercise back to its start. Your notebook is kept beside it, and you are told where."""
    from course_tools import reset

    raise typer.Exit(reset.main(meant))
