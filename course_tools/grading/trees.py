"""What is left of an answer when its names and remarks are taken away: the shape that a copy keeps."""

import ast


def tree(text, name):
    """Return the syntax tree of an answer as text, without names, docstring and comments; "" where it is no Python.

    Two answers with one tree were written alike, whatever their variables are called.
    """
    try:
        body = ast.parse(text).body
        functions = [node for node in body if isinstance(node, ast.FunctionDef) and node.name == name]
        return ast.dump(_Nameless().visit(functions[-1])) if functions else ""
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""


class _Nameless(ast.NodeTransformer):
    """Numbers the names in the order of their first appearance."""

    def __init__(self):
        self.seen = {}

    def _number(self, name):
        return f"n{self.seen.setdefault(name, len(self.seen))}"

    def visit_Name(self, node):
        return ast.Name(self._number(node.id), ast.Load())

    def visit_arg(self, node):
        return ast.arg(self._number(node.arg))

    def visit_FunctionDef(self, node):
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        args = self.visit(node.args)
        return ast.FunctionDef("f", args, [self.visit(statement) for statement in body], [])
