"""Remarks on a right answer: what will matter where the notebook around it is gone."""

import ast
import builtins
import dis
import linecache
import types
from functools import lru_cache


def remarks_on(function, given, printed):
    """Return sentences for names that stand in another cell, and for print."""
    said = [
        f"{name} stands in another cell. Move it into the cell of {function.__name__}, or a hand-in will miss it."
        for name in names_from_elsewhere(function, given)
    ]
    if printed:
        said.append("your function prints while it works; the check does not show it.")
    return said


def names_from_elsewhere(function, given):
    """Return the learner's own names that `function` needs and its cell does not make (modules are not counted)."""
    code = getattr(function, "__code__", None)
    if code is None:
        return []
    source = "".join(linecache.getlines(code.co_filename))
    settled = {*given, *names_made(source), *dir(builtins)}
    wanted = [name for name in global_names(code) if name in function.__globals__ and name not in settled]
    return [name for name in wanted if _is_elsewhere(function.__globals__[name], code, source)]


def _is_elsewhere(value, code, source):
    if isinstance(value, types.ModuleType) or str(getattr(value, "__module__", "")).startswith(("course_lib", "numpy")):
        return False
    other = getattr(value, "__code__", None)
    return other.co_filename != code.co_filename if other else bool(source)


def global_names(code):
    """Return the names that code looks up outside itself, those of functions inside it too, in order."""
    names = dict.fromkeys(i.argval for i in dis.get_instructions(code) if i.opname in ("LOAD_GLOBAL", "LOAD_NAME"))
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names |= dict.fromkeys(global_names(constant))
    return list(names)


@lru_cache(maxsize=1024)  # a notebook's cells are asked again for every exercise
def names_made(source):
    """Return the names that a cell makes at its top level: by def, class, import or assignment."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return frozenset()
    made = set()
    for statement in body:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            made.add(statement.name)
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            made |= {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
        else:
            made |= {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return frozenset(made)
