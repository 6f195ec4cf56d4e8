"""`course present`: a lesson as slides in JupyterLab, with live figures."""

import difflib
import os
import shutil
import sys
from pathlib import Path

from course_tools import lab

EXTENSIONS = lab.CONFIG / "presenting"  # what only a presentation loads into JupyterLab
STATE = f"{lab.STATE}/presenting"  # in work/: settings and open tabs, apart from those of whoever learns here

KEYS = """Arrows and Page keys move, Tab goes into a figure, Escape comes back; Escape on a slide ends the show.
r runs the slide's code again, b makes the wall black. What runs on the wall is not saved."""


def main(lesson: str, port: int | None, browser: bool, root: Path = lab.ROOT) -> int:
    """Open JupyterLab on the lesson's slides and return when it has stopped: 0; 2 for a lesson that is not there."""
    try:
        stem = find(lesson, root)
    except LookupError as problem:
        print(problem.args[0], file=sys.stderr)
        return 2
    work = root / "work"
    try:
        prepare(work)
    except OSError as error:
        print(f"{error.filename} cannot be written ({error.strerror}): mend that and try again.", file=sys.stderr)
        return 1
    os.environ.update(environment())
    print(KEYS)
    return lab.main(port, browser, options(work), root, page=f"notebooks/{stem}.ipynb", state=STATE)


def prepare(work: Path) -> None:
    """Forget how the last show was left, its open tabs above all, and set what a show needs of JupyterLab."""
    shutil.rmtree(work / STATE, ignore_errors=True)
    path = work / STATE / "settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    path.parent.mkdir(parents=True)
    # A deck shows cells from anywhere. To leave the other ways while cells run is an error on JupyterLab's console.
    path.write_text('{"windowingMode": "none"}', encoding="utf-8")


def environment() -> dict[str, str]:
    """Return the variables by which a kernel knows that a room is watching; JupyterLab hands them to its kernels."""
    return {"COURSE_PRESENTING": "1"}


def options(work: Path) -> list[str]:
    """Return what JupyterLab is told for a presentation, beside what `course lab` tells it."""
    settings = work / STATE / "settings"
    return [f"--LabApp.extra_labextensions_path={EXTENSIONS}", f"--LabApp.user_settings_dir={settings}"]


def find(lesson: str, root: Path) -> str:
    """Return the stem of a lesson named in full, cut short ("03") or by its file; LookupError with a sentence."""
    stems = sorted(path.stem for path in (root / "notebooks").glob("*.ipynb"))
    name = Path(lesson).stem if lesson.endswith((".ipynb", ".md")) else Path(lesson).name
    found = [stem for stem in stems if stem.startswith(name)] if name else []
    if len(found) == 1:
        return found[0]
    near = difflib.get_close_matches(name, stems, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise LookupError(f"There is no lesson {lesson!r}.{hint} The lessons are: {', '.join(stems) or 'none yet'}.")
