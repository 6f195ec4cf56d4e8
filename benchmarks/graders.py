"""The graders that ours races against, fetched for the race alone: nbgrader and otter, from PyPI.

Each lands in a folder of its own outside the project, so a second race fetches nothing.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from course_lib.checks import LESSONS

ROOT = Path(__file__).resolve().parents[1]
STEM = "03_scaling"
PACKAGES = {"nbgrader": "nbgrader==0.9.6", "otter": "otter-grader==7.0.0"}
PEERS = Path(tempfile.gettempdir()) / "course-benchmark-graders"
OTTER_TEST = """OK_FORMAT = True
test = {{"name": "{name}", "points": {points}, "suites": [{{"type": "doctest", "scored": True, "cases": [{{
    "code": r'''
>>> from course_lib import given
>>> from course_lib.checks import find
>>> from course_lib.checks.judge import judge
>>> judge(find("{key}"), {name}, given.for_lesson("{lesson}", before="{number}")).outcome
'correct'
'''}}]}}]}}
"""


def timed(run):
    """Return (wall seconds, CPU seconds of this process and its buried children)."""
    start, before = time.perf_counter(), cpu_seconds()
    run()
    return time.perf_counter() - start, cpu_seconds() - before


def cpu_seconds():
    """Return the CPU seconds of this process and its buried children."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def fetched(peer):
    """Return the folder with a peer in it; fetch it when it is not there."""
    folder = PEERS / peer
    if not (folder / peer).is_dir():
        pip = [sys.executable, "-m", "pip", "install", "-q", "--target", str(folder), PACKAGES[peer]]
        subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
    return folder


def surroundings(peer, folder):
    """Return how to run a peer's commands in a folder: its packages before the environment's, its scripts found."""
    home = fetched(peer)
    paths = {"PYTHONPATH": [ROOT, home], "PATH": [home / "bin", Path(sys.executable).parent, os.environ["PATH"]]}
    paths = {name: os.pathsep.join(map(str, parts)) for name, parts in paths.items()}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return {"cwd": folder, "env": {**os.environ, **paths}, "check": True, **quiet}


def nbgrader(contents, folder):
    """Return wall and CPU seconds a submission of `nbgrader autograde`."""
    run, command = surroundings("nbgrader", folder), [sys.executable, "-m", "nbgrader"]
    (folder / "source" / STEM).mkdir(parents=True)
    shutil.copy(ROOT / "solutions" / f"{STEM}.ipynb", folder / "source" / STEM)
    subprocess.run([*command, "generate_assignment", STEM], **run)
    for i, content in enumerate(contents):
        place = folder / "submitted" / f"learner{i:03}" / STEM
        place.mkdir(parents=True)
        (place / f"{STEM}.ipynb").write_bytes(content)
    wall, cpu = timed(lambda: subprocess.run([*command, "autograde", STEM], **run))
    assert len(list((folder / "autograded").rglob("*.ipynb"))) == len(contents)
    return {"wall": wall / len(contents), "cpu": cpu / len(contents)}


def otter(contents, folder):
    """Return wall and CPU seconds a submission of `otter run`."""
    run, command = surroundings("otter", folder), [sys.executable, "-m", "otter"]
    (folder / "tests").mkdir()
    for exercise in LESSONS[STEM]:
        about = {"name": exercise.name, "points": exercise.points, "key": exercise.key}
        text = OTTER_TEST.format(**about, lesson=exercise.lesson, number=exercise.number)
        (folder / "tests" / f"{exercise.name}.py").write_text(text)
    subprocess.run([*command, "generate", "-t", "tests", "-o", "grader.zip", "--no-environment"], **run)
    walls = []
    for i, content in enumerate(contents):
        (folder / f"{i}.ipynb").write_bytes(content)
        words = [*command, "run", "-a", "grader.zip", "-o", str(folder), f"{i}.ipynb"]
        walls.append(timed(lambda words=words: subprocess.run(words, **run)))
    tests = json.loads((folder / "results.json").read_text())["tests"]
    assert sum(test.get("score", 0) for test in tests) == sum(exercise.points for exercise in LESSONS[STEM]), tests
    return {name: sum(pair[k] for pair in walls) / len(walls) for k, name in enumerate(("wall", "cpu"))}
