"""A cell that says check(scale()) where check(scale) is meant: Python runs scale first, whatever comes of that."""

import ast
import linecache

from course_lib.checks import LESSONS

SAID = "check wants the function itself, without parentheses behind its name: check({name})."


def called(lesson, file, line):
    """Return what to write instead where this line of a cell hands check an exercise that it calls, else None."""
    names = [exercise.name for exercise in LESSONS.get(lesson, ())]
    try:
        cell = ast.parse("".join(linecache.getlines(file)))
    except SyntaxError:  # the file of something else
        return None
    checks = (node for node in _calls(ast.walk(cell), ["check"]) if node.lineno <= line <= node.end_lineno)
    found = next((call for check in checks for call in _calls(check.args, names)), None)
    return found and SAID.format(name=found.func.id)


def _calls(nodes, names):
    return (node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "id", None) in names)
