"""What the course has for a learner's folder: lessons, exercises, and a welcome page that links those there are."""

import json
import platform
import re
from copy import deepcopy
from pathlib import Path

FOLDERS = ("notebooks", "exercises")
WELCOME = "welcome.ipynb"
# What every notebook says of itself. No Python version: it would change with the author's machine.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}


class BrokenCourse(Exception):
    """A file of the course itself that cannot be given to a learner; the text says which and what to do."""


def course_files(root: Path) -> dict[str, bytes]:
    """Return name in work/ -> content: lessons, exercises and the page that links them."""
    paths = [path for folder in FOLDERS for path in sorted((root / folder).glob("*.ipynb"))]
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}
    for name, content in files.items():
        try:
            files[name] = at_home(json.loads(content)) or content
        except ValueError:  # a merge that met a conflict, or a download that broke off
            raise BrokenCourse(f"{name} of the course is no notebook: take that file from the course anew.") from None
    return {WELCOME: welcome(root)} | files


def welcome(root: Path) -> bytes:
    """Return content/welcome.md as a notebook: +++ separates cells, {{ lessons }} becomes the table of lessons."""
    text = (root / "content" / "welcome.md").read_text(encoding="utf-8").replace("{{ lessons }}", lesson_table(root))
    cells = [_cell(number, part.strip()) for number, part in enumerate(re.split(r"^\+\+\+$", text, flags=re.M))]
    return at_home({"cells": cells, "metadata": deepcopy(METADATA), "nbformat": 4, "nbformat_minor": 5})


def at_home(notebook: dict) -> bytes | None:
    """Return a notebook's file with this Python's version in it; None for one that says nothing of its language.

    JupyterLab would add it to one that is only opened, and that would count as changed from then on: whoever closes
    what he has read would be asked whether to save.
    """
    try:
        notebook["metadata"]["language_info"]["version"] = platform.python_version()
    except (LookupError, TypeError):
        return None
    return (json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _cell(number: int, text: str) -> dict:
    cell = {"cell_type": "markdown", "id": f"welcome-{number}", "metadata": {}, "source": text}
    code = re.fullmatch(r"```\{code-cell\}\n(.*)\n```", text, flags=re.S)
    return cell | {"cell_type": "code", "source": code[1], "execution_count": None, "outputs": []} if code else cell


def lesson_table(root: Path) -> str:
    """Return a Markdown table of the lessons that stand in notebooks/, each with its exercises if there are any."""
    rows = ["| lesson | exercises |", "|---|---|"]
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        exercise = f"exercises/{path.name}"
        link = f"[write it yourself]({exercise})" if (root / exercise).exists() else ""
        rows.append(f"| [{path.stem[:2]} · {_title(path)}](notebooks/{path.name}) | {link} |")
    return "\n".join(rows)


def _title(notebook: Path) -> str:
    """Return the first heading of a notebook, without a lesson number of its own."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return re.search(r"^# (?:\d\d\W+)?(.+)$", text, flags=re.M)[1]
