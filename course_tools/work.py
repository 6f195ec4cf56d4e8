"""Fill work/, where a learner's notebooks live: copy what is missing, follow the course where nobody has edited."""

import json
import os
import re
import tempfile
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

MARKER = ".attention-course"  # tells course_lib.progress that this is a learner's folder, and us what we copied
FOLDERS = ("notebooks", "exercises")
WELCOME = "welcome.ipynb"


def fill(root: Path, work: Path) -> list[str]:
    """Bring work/ up to the course in `root` and return remarks for the learner.

    A file of the learner's is never written: it may be replaced only while it is, byte for byte, what we copied.
    Where an edited file has a newer version in the course, a remark says so, once.
    """
    shipped, copied, kept = course_files(root), _read_marker(work), []
    for name, content in shipped.items():
        target, digest = work / name, _digest(name, content)
        theirs = _digest(name, target.read_bytes()) if target.exists() else None
        if theirs is None or (copied.get(name) != digest and copied.get(name) == theirs):
            write_atomically(target, content)
        elif name in copied and copied[name] != digest and theirs != digest:
            kept.append(name)
        copied[name] = digest
    marker = {"course": "attention", "version": version("attention-course"), "copied": copied}
    write_atomically(work / MARKER, json.dumps(marker, indent=1).encode())
    return [f"work/{name} is yours and stays; the course has a newer one: rename yours to get it." for name in kept]


def course_files(root: Path) -> dict[str, bytes]:
    """Return name in work/ -> content: lessons, exercises and the page that links them."""
    paths = [path for folder in FOLDERS for path in sorted((root / folder).glob("*.ipynb"))]
    return {WELCOME: welcome(root)} | {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def welcome(root: Path) -> bytes:
    """Return content/welcome.md as a notebook: +++ separates cells, {{ lessons }} becomes the table of lessons."""
    text = (root / "content" / "welcome.md").read_text(encoding="utf-8").replace("{{ lessons }}", lesson_table(root))
    cells = [_cell(number, part.strip()) for number, part in enumerate(re.split(r"^\+\+\+$", text, flags=re.M))]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


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


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that whoever reads it finds all of it or nothing, whatever stops us in between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def _digest(name: str, content: bytes) -> str:
    """Return what tells an edited file from our copy: all of it, and of the welcome page only what its cells say.

    Every start opens that page, and JupyterLab saves what it has opened with metadata of its own.
    """
    if name == WELCOME:
        with suppress(ValueError, LookupError, TypeError):
            content = json.dumps(["".join(cell["source"]) for cell in json.loads(content)["cells"]]).encode()
    return sha256(content).hexdigest()


def _read_marker(work: Path) -> dict[str, str]:
    try:
        return dict(json.loads((work / MARKER).read_text(encoding="utf-8"))["copied"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # a first start, or a marker that something broke: then every file counts as the learner's
