"""`course doctor`: what on this machine keeps the course from working, each with its cure."""

import os
from pathlib import Path

from course_tools import lab
from course_tools.doctor import machine, software
from course_tools.doctor.finding import REINSTALL, Finding

ROOT = Path(__file__).resolve().parents[2]
CHECKS = {
    "Python": software.python,
    "Packages": software.packages,
    "Kernel": software.kernel,
    "Extensions": software.extensions,
    "Port": machine.port,
    "Disk": machine.disk,
    "Writing": machine.writing,
    "Lessons": machine.lessons,
}
COLOURS = {"fine": "green", "note": "yellow", "mend": "bold red"}
WELL = "All is well: `course lab` opens the lessons."
ILL = "{} to mend. Each cure stands beside what was found; then run `course doctor` again."


def main(root: Path = ROOT) -> int:
    """Print a table of findings. Return 0 when nothing is to mend, else 1."""
    os.environ.update(lab.environment())  # look where `course lab` will look
    found = {what: _run(check, root) for what, check in CHECKS.items()}
    ill = sum(finding.state == "mend" for finding in found.values())
    _print(found, ILL.format("One thing is" if ill == 1 else f"{ill} things are") if ill else WELL)
    return 1 if ill else 0


def _run(check, root: Path) -> Finding:
    """Return what a check finds; where it stumbles over a broken installation, that is the finding."""
    try:
        return check(root)
    except Exception as problem:
        return Finding("mend", f"{type(problem).__name__}: {problem}".rstrip(": "), REINSTALL)


def _print(found: dict[str, Finding], last: str) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table("", "", "found", "cure", box=box.SIMPLE_HEAD, pad_edge=False)
    for what, finding in found.items():
        state = f"[{COLOURS[finding.state]}]{finding.state}[/]"
        table.add_row(what, state, escape(finding.says), escape(finding.cure))
    console = Console(highlight=False)
    console.print(table)
    console.print(escape(last))
