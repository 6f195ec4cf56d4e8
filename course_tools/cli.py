"""The command `course`: one function a command, which imports what it needs when it runs and returns its exit code."""

from importlib.util import find_spec
from typing import Annotated

import typer

from course_tools import cli_keep, cli_learn, cli_teach
from course_tools.cli_page import Page
from course_tools.grading import cli_grade

app = typer.Typer(
    name="course",
    cls=Page,
    help="Attention, by hand: lessons, exercises and their checks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(cli_learn.app)  # without a name: its commands stand beside ours; Page knows their order
app.add_typer(cli_teach.app)
app.add_typer(cli_grade.app)
app.add_typer(cli_keep.app)


def main() -> None:
    """Run the command that the words on the command line name."""
    app(prog_name="course")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, epilog="Example: course lab")
def lab(
    context: typer.Context,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address and open nothing.")] = False,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Use this port only. Without it: the next free one.")
    ] = None,
) -> None:
    """Open the lessons in JupyterLab. They are copied into work/ first. Further options go to JupyterLab."""
    from course_tools import lab

    raise typer.Exit(lab.main(port=port, browser=not no_browser, options=context.args))


@app.command(epilog="Example: course test -k scaling")
def test(
    skip_browser_tests: Annotated[
        bool, typer.Option("--skip-browser-tests", help="Accept that no browser is to be had.")
    ] = False,
    words: Annotated[str | None, typer.Option("-k", help="Only tests whose names hold these words.")] = None,
) -> None:
    """Run every test. In Chromium too, and every notebook against its stored outputs."""
    _need("test", "pytest", "nbval", "xdist")
    from course_tools import testing

    raise typer.Exit(testing.main(skip_browser_tests, words))


@app.command(epilog="Example: course build 03_scaling")
def build(
    stems: Annotated[list[str] | None, typer.Argument(help="Lessons, such as 03_scaling. None: all.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing: tell what is out of step.")] = False,
    redraw: Annotated[bool, typer.Option("--redraw", help="Draw every picture anew.")] = False,
) -> None:
    """Make the notebooks from content/. They go to notebooks/, exercises/ and solutions/."""
    _need("build", "jupytext", "nbclient")
    from course_tools import build

    raise typer.Exit(build.main(stems or [], check=check, redraw=redraw))


def _need(command: str, *packages: str) -> None:
    """Stop with a sentence where a developer's package is missing: a learner's .venv does not hold them."""
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        typer.echo(f"`course {command}` needs {', '.join(missing)}: run `python start.py {command}`.", err=True)
        raise typer.Exit(1)
