"""The machine under the course: a port, room on the disk, folders that can be written, and what is in work/.

Each function takes the course's folder and returns a Finding. None of them changes a thing.
"""

import os
import shutil
import tempfile
from pathlib import Path

from course_lib import progress
from course_tools.doctor.finding import Finding, listed
from course_tools.shipped import BrokenCourse, course_files
from course_tools.work import is_behind

PORTS = range(8888, 8939)  # JupyterLab's own: it takes the first free one
ROOM = 200  # MB, for what a learner saves; the packages are installed already


def port(root: Path) -> Finding:
    from course_tools.lab import claim

    trouble = None
    for number in PORTS:
        try:
            claim(number)
        except OSError as error:
            trouble = error
            continue
        busy = "" if number == PORTS[0] else f"{PORTS[0]} is taken; "
        return Finding("fine", f"{busy}{number} is free.")
    cure = "Stop other Jupyter servers, or name a port: `course lab --port 9999`."
    return Finding("mend", f"None from {PORTS[0]} to {PORTS[-1]} is to be had ({trouble.strerror or trouble}).", cure)


def disk(root: Path) -> Finding:
    free = {folder: shutil.disk_usage(folder).free // 10**6 for folder in (str(root), tempfile.gettempdir())}
    folder, least = min(free.items(), key=lambda item: item[1])
    if least < ROOM:
        return Finding("mend", f"Only {least} MB are free in {folder}.", f"Make room: the course wants {ROOM} MB.")
    return Finding("fine", f"{least / 1000:.0f} GB are free." if least > 1000 else f"{least} MB are free.")


def writing(root: Path) -> Finding:
    """Try to write where the learner's files, JupyterLab's own and temporary ones go."""
    from jupyter_core.paths import jupyter_runtime_dir

    work = _work(root)
    folders = [work, *(path for path in sorted(work.glob("*")) if path.is_dir()), Path(jupyter_runtime_dir())]
    for folder in [*folders, Path(tempfile.gettempdir())]:
        there = next(place for place in (folder, *folder.parents) if place.exists())
        try:
            tempfile.TemporaryFile(dir=there).close()
        except OSError as error:
            cure = f"Make it yours (`chmod u+rwx`), or move the course to a folder of your own. ({error.strerror})"
            return Finding("mend", f"Nothing can be written in {there}.", cure)
    locked = [str(path.relative_to(work)) for path in sorted(work.rglob("*.ipynb")) if not os.access(path, os.W_OK)]
    if locked:
        return Finding("mend", f"In {work.name}/ these cannot be saved: {listed(locked)}", "Run `chmod u+w` on them.")
    return Finding("fine", f"{work} can be written.")


def lessons(root: Path) -> Finding:
    work = _work(root)
    try:
        shipped = course_files(root)
    except BrokenCourse as problem:
        return Finding("mend", str(problem), "With git: `git checkout -- notebooks exercises`.")
    if not work.is_dir():
        return Finding("note", "You have not started yet.", "`course lab` makes work/.")
    behind = is_behind(work, shipped)
    if behind:
        return Finding("note", f"The course has something newer: {listed(behind)}", "Run `course update`.")
    return Finding("fine", f"{work.name}/ has all {len(shipped)} that the course has.")


def _work(root: Path) -> Path:
    return progress.work_dir() or root / "work"
