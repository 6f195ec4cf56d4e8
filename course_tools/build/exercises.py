"""From the text of an exercise to its two notebooks: stubs, the line of points, what nbgrader wants to know."""

import ast
import hashlib
import inspect
import re

from course_tools.build import code
from course_tools.build.places import BuildError

NAME = re.compile(r"\{\{\s*([\w/]+)\s*\}\}")
TASK = re.compile(r"^## \{\{\s*(\w+)\s*\}\}[ \t]*$", re.M)
CHECK = re.compile(r"check\((\w+)\)")
REGION = re.compile(r"^([ \t]*)### BEGIN SOLUTION\n.*?^[ \t]*### END SOLUTION[ \t]*$", re.S | re.M)


def role(cell):
    """("task" | "answer" | "check", name of the exercise), or (None, None) for any other cell."""
    if cell.kind == "markdown":
        match = TASK.search(cell.text)
        return ("task", match[1]) if match else (None, None)
    if "### BEGIN SOLUTION" in cell.text:
        defined = re.search(r"^def (\w+)", cell.text, re.M)
        return "answer", defined[1] if defined else ""
    match = CHECK.fullmatch(cell.text.strip())
    return ("check", match[1]) if match else (None, None)


def stub(text, name):
    """The learner's cell: one raising line where the answer stood, `def` and docstring kept."""
    line = f'raise NotImplementedError("{name} is not written yet: replace this line")'
    return REGION.sub(lambda region: region[1] + line, text)


def facts(exercise):
    """The line under an exercise's heading: "2 points · difficulty 1 of 5 · importance 5 of 5 · 5 minutes · core"."""
    points = "1 point" if exercise.points == 1 else f"{exercise.points} points"
    minutes = "1 minute" if exercise.minutes == 1 else f"{exercise.minutes} minutes"
    levels = f"difficulty {exercise.difficulty} of 5 · importance {exercise.importance} of 5"
    return f"{points} · {levels} · {minutes} · {'core' if exercise.core else 'stretch'}"


def fill_in(text, exercises, where="a cell"):
    """Write "3.2 scale" for {{ scale }}, and the line of facts under an exercise's own heading."""

    def title(match):
        if match[1] not in exercises:
            raise BuildError(f"{where}: {{{{ {match[1]} }}}} is no exercise of this lesson in course_lib/checks.")
        return f"{exercises[match[1]].number} {match[1]}"

    def heading(match):
        return f"## {title(match)}\n\n*{facts(exercises[match[1]])}*"

    return NAME.sub(title, TASK.sub(heading, text))


def nbgrader(kind, exercise):
    """The metadata of an answer or a check cell, in nbgrader's schema 3."""
    metadata = {
        "grade": kind == "check",
        "grade_id": f"{exercise.name}-{kind}",
        "locked": kind == "check",
        "schema_version": 3,
        "solution": kind == "answer",
        "task": False,
    }
    return metadata | ({"points": exercise.points} if kind == "check" else {})


def release(cell):
    """What nbgrader adds when it hands out: cells that cannot be deleted, checks that cannot be edited."""
    about = cell.metadata["nbgrader"]
    cell.metadata["deletable"] = False
    if about["grade"]:
        cell.metadata["editable"] = False
    parts = [cell.source, cell.cell_type, str(about["grade"]), str(about["solution"]), str(about["grade"])]
    parts += [about["grade_id"]] + ([str(float(about["points"]))] if about["grade"] else [])
    # nbgrader's own recipe (nbgrader.utils.compute_checksum): its validator tells by it that a check was edited.
    about["checksum"] = hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()
    about["cell_type"] = cell.cell_type


def problems(source, exercises):
    """Sentences on an exercise file: each exercise has a task, an answer and a check, and none is unknown."""
    roles = [(*role(cell), cell) for cell in source.in_notebook()]
    first = next((cell for cell in source.in_notebook() if cell.kind == "code"), None)
    binding = f'check, hint = for_lesson("{source.stem}")'
    if first is None or binding not in first.text:
        yield source.at(first.line if first else 1, f"the first code cell must hold `{binding}`.")
    for kind, name, cell in roles:
        if kind and name not in exercises:
            yield source.at(cell.line, f"{name or 'this'} is no exercise of {source.stem} in course_lib/checks.")
        elif kind == "answer":
            yield from _answer_problems(source, cell, exercises[name])
    for name in exercises:
        found = [kind for kind, named, _ in roles if named == name]
        if found != ["task", "answer", "check"]:
            yield source.at(1, f"{name} has {', '.join(found) or 'no cells'}; it needs a task, an answer and a check.")


def _answer_problems(source, cell, exercise):
    if len(REGION.findall(cell.text)) != 1 or cell.text.count("### BEGIN SOLUTION") != 1:
        yield source.at(cell.line, "an answer stands between one `### BEGIN SOLUTION` and one `### END SOLUTION`.")
        return
    tree = code.parse(stub(cell.text, exercise.name))
    if tree is None:
        return  # told with the other slips of code
    function = tree.body[-1]
    if not isinstance(function, ast.FunctionDef) or not ast.get_docstring(function):
        yield source.at(cell.line, "an answer is one `def` with a docstring that gives the shapes.")
        return
    arguments = [argument.arg for argument in function.args.args]
    wanted = list(inspect.signature(exercise.spec).parameters)
    if arguments != wanted:
        here, there = ", ".join(arguments), ", ".join(wanted)
        yield source.at(cell.line, f"{exercise.name} takes ({here}) here and ({there}) in course_lib/checks.")
