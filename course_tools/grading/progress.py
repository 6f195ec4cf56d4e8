"""A bar with an estimate, on standard error and only where somebody watches."""

from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def shown():
    """Yield `told(done, of)`."""
    console = Console(stderr=True)
    columns = TextColumn("Grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("Grading", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
