"""The command `course grade`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
FOLDER = typer.Argument(help="What was handed in: a folder per learner, files, zips, an export of Canvas or Moodle.")


@app.command(epilog="Example: course grade in --out marks")
def grade(
    folder: Annotated[Path, FOLDER],
    out: Annotated[Path, typer.Option("--out", help="Where results.jsonl, gradebook.csv and the reports go.")],
    secret: Annotated[Path | None, typer.Option(help="A file with the secret that makes the inputs.")] = None,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="How many to grade at a time.")] = 1,
    shard: Annotated[str | None, typer.Option(help="Grade a part of the learners, such as 2/8.")] = None,
    lesson: Annotated[str, typer.Option(help="Grade this lesson only, such as 04_softmax.")] = "",
    deadline: Annotated[Path | None, typer.Option(help="A CSV file: lesson,until,learner.")] = None,
    explain: Annotated[
        tuple[str, str] | None, typer.Option(help="LEARNER EXERCISE: judge one answer again, show every case.")
    ] = None,
    cluster: Annotated[str | None, typer.Option(help="Grade on dask: a scheduler's address, or local.")] = None,
    trusted: Annotated[bool, typer.Option("--trusted", help="No jail: all answers are your own.")] = False,
) -> None:
    """Grade what learners handed in. Their code runs in a jail; a rerun goes on where one stopped."""
    from course_tools.grading import command

    raise typer.Exit(command.main(folder, out, secret, jobs, shard, lesson, deadline, trusted, explain, cluster))
