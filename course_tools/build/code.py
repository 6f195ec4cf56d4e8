"""What the code cells of a notebook must keep to: short, plain Python, course_lib and numpy only, something to see."""

import ast
import io
import re
import tokenize

MAX_LINES = 8
MAX_WIDTH = 109  # letters in a line: what is longer breaks on the wall, at the smallest size that fit.js gives code
ROOMS = ("course_lib", "numpy")
LOOK_AWAY = re.compile(r"#.*\b(NBVAL|PYTEST_VALIDATE)_")
WANTS_TO_BE_A_VIEW = ("plt", "interact", "interactive", "observe")


def parse(text):
    """The syntax tree of a cell, or None where it is not plain Python."""
    try:
        return ast.parse(text)
    except SyntaxError:
        return None


def ends_in_semicolon(text):
    """True where IPython would hide the last value: `;` last, whatever comment follows."""
    skip = (tokenize.COMMENT, tokenize.NEWLINE, tokenize.NL, tokenize.ENDMARKER, tokenize.INDENT, tokenize.DEDENT)
    try:
        tokens = [t for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type not in skip]
    except (tokenize.TokenError, SyntaxError):
        return text.rstrip().endswith(";")
    return bool(tokens) and tokens[-1].string == ";"


def only_imports(tree):
    """True for a cell that shows nothing because it only imports."""
    return all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in tree.body)


def problems(source, is_lesson):
    """Sentences on all code cells of a source; the length is a matter of lessons only."""
    for cell in source.in_notebook():
        if cell.kind == "code":
            yield from _cell_problems(source, cell, is_lesson)


def _cell_problems(source, cell, is_lesson):
    if not cell.text.strip():
        yield source.at(cell.line, "an empty code cell; delete it.")
        return
    lines = len(cell.text.splitlines())
    if is_lesson and lines > MAX_LINES:
        yield source.at(cell.line, f"a cell of {lines} lines; a lesson's have at most {MAX_LINES}. Make it a view.")
    for n, line in enumerate(cell.text.splitlines() if is_lesson else ()):
        if len(line) > MAX_WIDTH:
            yield source.at(cell.line + n, f"a line of {len(line)} letters; the wall has room for {MAX_WIDTH}.")
    if ends_in_semicolon(cell.text):
        yield source.at(cell.line + lines - 1, "the cell ends in `;`, which hides its value; delete the semicolon.")
    if LOOK_AWAY.search(cell.text):
        yield source.at(cell.line, "a comment that makes nbval look away; mend what differs between two runs.")
    tree = parse(cell.text)
    if tree is None:
        yield source.at(cell.line, "the cell is not plain Python; magics and shell lines have no place in a notebook.")
        return
    for node in ast.walk(tree):
        for sentence in _node_problems(node):
            yield source.at(cell.line + node.lineno - 1, sentence)


def _node_problems(node):
    names = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        names = ["." * node.level + (node.module or "")]
    for name in names:
        if name.split(".")[0] not in ROOMS:
            yield f"the cell imports {name}; a notebook imports from {' and '.join(ROOMS)} only."
    used = getattr(node, "id", None) or getattr(node, "attr", None)
    if used in WANTS_TO_BE_A_VIEW:
        yield f"the cell contains `{used}`; such a cell wants to be a view in course_lib/views."
