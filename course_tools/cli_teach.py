"""The commands for whoever stands in front of a room: `course present` and `course handout`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
LESSON = typer.Argument(help="A lesson such as 03_scaling, or 03.")


@app.command(epilog="Example: course present 03_scaling")
def present(
    lesson: Annotated[str, LESSON],
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address and open nothing.")] = False,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Use this port only. Without it: the next free one.")
    ] = None,
) -> None:
    """Show a lesson as slides. Their figures are live. Notes for you stand in docs/instructors.md, not on the wall.

    Arrows and Page keys move. Tab goes into a figure, which then keeps its arrows; Escape comes back to the slide.
    Escape on a slide ends the show, r runs its code again, b makes the wall black. What a cell prints waits for a key.
    Guesses are asked as a show of hands: type the counts.
    """
    from course_tools import present

    raise typer.Exit(present.main(lesson, port, not no_browser))


@app.command(epilog="Example: course handout 03_scaling")
def handout(
    lesson: Annotated[str, LESSON],
    to: Annotated[Path | None, typer.Option(help="Write it here and not into work/handouts/.")] = None,
) -> None:
    """Write two pages to print. With figures and gaps to fill. Open the file in a browser and print it."""
    from course_tools import handout

    raise typer.Exit(handout.main(lesson, to))
