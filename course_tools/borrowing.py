"""What an answer's cell needs from other cells of its notebook: helpers, numbers, imports."""

import ast
import builtins
from dataclasses import dataclass

from course_lib.checks.remarks import global_names, names_made


@dataclass(frozen=True)
class Cell:
    """A code cell: its id, its text as plain Python, and the name its lines have in a message."""

    id: str
    text: str
    file: str

    @property
    def makes(self):
        """The names it defines at its top level."""
        return names_made(self.text)


def borrowed(cell, others, scope):
    """Return the statements of other cells that make what this cell needs, in order, as cells of one statement.

    In the notebook they would have run; here they are added, and the judge remarks on those that a hand-in would miss.
    """
    needed, found = names_needed(cell.text) - set(scope), {}
    while needed:
        name = needed.pop()
        for i, statement in _makers(others, name):
            if i not in found:
                found[i] = statement
                needed |= names_needed(statement.text) - set(scope)
    return [found[i] for i in sorted(found)]


def _makers(cells, name):
    """Yield (position, statement) of the last statement at the top level of a cell that makes this name."""
    for i in reversed(range(len(cells))):
        for node in reversed(statements(cells[i].text)):
            if name in names_made(text := _text_of(cells[i].text, node)):
                yield (i, node.lineno), Cell(cells[i].id, text, cells[i].file)
                return


def _text_of(text, node):
    """Return the lines of a statement, its decorators too, at the line numbers they have in their cell."""
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
    return "\n" * (first - 1) + "\n".join(text.splitlines()[first - 1 : node.end_lineno])


def statements(text):
    """Return the statements at the top level of a cell; none where it is no Python."""
    try:
        return ast.parse(text).body
    except SyntaxError:
        return []


def names_needed(text):
    """Return the names that a cell reads and does not make itself."""
    try:
        read = global_names(compile(text, "<cell>", "exec"))
    except SyntaxError:
        return set()
    return {*read} - names_made(text) - {*dir(builtins)}
