"""Answers that were checked: `answers/03_scaling/scale/001.py` holds a cell as it stood, and nothing overwrites it."""

import ast
import os
from itertools import count
from pathlib import Path

FOLDER = "answers"


def keep(source, lesson, function, folder):
    """Write the source under `answers/`, unless it is kept already or nothing but the stub; return its path or None."""
    if not source.strip() or is_stub(source, function):
        return None
    content = source.rstrip("\n").encode("utf-8", "surrogatepass") + b"\n"
    for path in kept(lesson, function, folder):
        if path.stat().st_size == len(content) and path.read_bytes() == content:
            return path
    place = Path(folder, FOLDER, lesson, function)
    place.mkdir(parents=True, exist_ok=True)
    return add_file(content, (place / f"{number:03}.py" for number in count(1)))


def add_file(content, paths):
    """Write a file at the first of the paths where nothing is, whoever else is writing there; return its path."""
    for path in paths:
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
        except FileExistsError:
            continue
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())  # what we say is kept is on the disk
        except BaseException:
            os.unlink(path)
            raise
        return path


def kept(lesson, function, folder):
    """Return the paths of the answers kept for an exercise, the first one first."""
    return sorted(Path(folder, FOLDER, lesson, function).glob("*.py"), key=lambda path: (len(path.name), path.name))


def is_stub(text, name):
    """Is the function `name` in this text nothing but its docstring and the line that raises?"""
    try:
        functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name == name]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    if not functions:
        return False
    body = functions[-1].body[1 if ast.get_docstring(functions[-1]) else 0 :]
    return bool(body) and all(isinstance(statement, ast.Raise) for statement in body)
