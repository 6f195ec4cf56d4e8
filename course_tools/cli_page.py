"""`course --help` as a page: every command in its place, with one line and an example.

The line is the first sentence of the command's docstring, at most 38 letters; the example is its epilog, at most 27.
"""

from typer.core import TyperGroup

PAGE = {  # a command that stands in none of these is shown under "More"
    "Learn": ("lab", "check", "watch", "hint", "progress", "solution", "reset"),
    "Keep": ("update", "doctor", "export", "assemble"),
    "Teach": ("present", "handout", "grade"),
    "Make": ("build", "test"),
}
EXAMPLE = "Example: "  # how the last line of a command's own --help begins
WORDS = """\
Usage: course COMMAND ...

In a terminal of JupyterLab a command is written as below.
Anywhere else: python start.py COMMAND ... from the folder of the course."""
CODES = """\
course COMMAND --help says more. Paths may hold spaces: put "quotes" around.
Exit codes: 0 all is well, 1 something is not yet, 2 words or a file of no use."""


class Page(TyperGroup):
    """The group of all commands, which shows itself as a page."""

    def format_help(self, ctx, formatter):
        """Print the page; rich is loaded here, since no other command needs it before it prints."""
        from rich.console import Console
        from rich.markup import escape
        from rich.table import Table

        table = Table.grid(padding=(0, 2), pad_edge=False)
        table.add_column(style="bold cyan", no_wrap=True)
        table.add_column()
        table.add_column(style="dim", no_wrap=True)
        for panel, names in self.places().items():
            table.add_row(end_section=True)
            table.add_row(f"[bold default]{panel}[/]")
            for name in names:
                command = self.commands[name]
                table.add_row(f"  {name}", escape(first_sentence(command)), escape(example(command)))
        console = Console(highlight=False)
        console.print(f"[bold]{self.help}[/]\n\n{WORDS}", table, f"\n{CODES}")

    def places(self):
        """Return panel -> the names of those of its commands that exist and are not hidden."""
        shown = [name for name, command in self.commands.items() if not command.hidden]
        placed = {panel: [name for name in names if name in shown] for panel, names in PAGE.items()}
        rest = [name for name in shown if not any(name in names for names in PAGE.values())]
        return {panel: names for panel, names in (placed | {"More": rest}).items() if names}


def first_sentence(command):
    """Return what the page says of a command: the first sentence of its docstring."""
    text = " ".join((command.help or "").split("\n\n")[0].split())
    return text.split(". ")[0].removesuffix(".") + "."


def example(command):
    """Return the example of a command, `course check 04_softmax`; "" where its author gave none."""
    return (command.epilog or "").removeprefix(EXAMPLE)
