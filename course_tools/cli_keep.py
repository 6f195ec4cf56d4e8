"""The commands that look after a learner's folder: `course update`, `doctor`, `export` and `assemble`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
FOLDER = typer.Argument(help="The learner's folder. Without it: the one you stand in, or work/.", show_default=False)


@app.command(epilog="Example: course update")
def update(folder: Annotated[Path | None, FOLDER] = None) -> None:
    """Take new lessons into work/. Nothing of yours is changed.

    Run it after the folder of the course has got a new version. A lesson that changed under one you have begun is
    put beside yours and told. What is open in JupyterLab is left alone.
    """
    from course_tools import update

    raise typer.Exit(update.main(folder))


@app.command(epilog="Example: course doctor")
def doctor() -> None:
    """Say what is wrong here, with its cure. Exit code 0 when all is well.

    It looks at Python, the packages, the kernel, JupyterLab's extensions, a port, the disk, and whether work/ can be
    written. It changes nothing.
    """
    from course_tools import doctor

    raise typer.Exit(doctor.main())


@app.command(epilog="Example: course export ada")
def export(
    name: Annotated[str, typer.Argument(help="Your name: ada makes ada.zip.")],
    lessons: Annotated[list[str] | None, typer.Argument(help="Lessons, such as 03_scaling. None: all.")] = None,
    to: Annotated[Path | None, typer.Option(help="Write it into this folder and not into work/.")] = None,
) -> None:
    """Pack your exercises to hand them in. Every answer is checked, and what is missing is named.

    Only what is on disk is packed: save in JupyterLab first. Exit code 1 when something is missing.
    """
    from course_tools import export

    raise typer.Exit(export.main(name, lessons or [], to))


@app.command(epilog="Example: course assemble")
def assemble() -> None:
    """Make attention.py of your functions. It goes to work/ once all six are right.

    They become attention with a mask and multi_head, and the checks of 5.5 and 6.3 run on the result.
    """
    from course_tools import assemble

    raise typer.Exit(assemble.main())
