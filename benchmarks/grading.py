"""Seconds a submission: ours, `nbgrader autograde` and `otter run` on the same notebook of five questions.

    python benchmarks/grading.py [--submissions 20] [--peers 20] [--json FILE]

The notebook is 03_scaling with the course's own answers; each submission differs in its metadata, so that nothing can
be remembered. Ours: from bytes to marks, in a warm judge (its start is told by itself), then whole batches with 1 and 2
jobs. nbgrader: one command for all submissions, as a school would run it. otter: its own command for each, with tests
that call the course's check; it is fetched for the race alone. CPU seconds include those of all child processes.
"""

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from course_lib.checks import LESSONS
from course_tools.grading.judging import Jailed
from course_tools.grading.learner import Task, rows_of
from course_tools.grading.workers import pool_rows

ROOT = Path(__file__).resolve().parents[1]
STEM = "03_scaling"
OTTER = "otter-grader==7.0.0"
PEERS = Path(tempfile.gettempdir()) / "course-benchmark-otter"
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


def submissions(count):
    """Return the bytes of as many notebooks, no two alike."""
    made = json.loads((ROOT / "solutions" / f"{STEM}.ipynb").read_text("utf-8"))
    return [json.dumps(made | {"metadata": made["metadata"] | {"number": i}}).encode() for i in range(count)]


def task(i, content):
    return Task(f"learner{i:03}", ((f"{STEM}.ipynb", 0.0, content, ""),), b"a secret of the benchmark", "spec")


def timed(run):
    """Return (wall seconds, CPU seconds of this process and its buried children)."""
    start, before = time.perf_counter(), _cpu()
    run()
    return time.perf_counter() - start, _cpu() - before


def _cpu():
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def ours(contents):
    """Return {"start": wall, "wall", "cpu": a submission}."""
    start = time.perf_counter()
    judge = Jailed()
    rows_of(judge, task(0, contents[0]))
    ready = time.perf_counter() - start
    started = _cpu()
    rows, walls = [], []
    for i, content in enumerate(contents):
        walls.append(timed(lambda i=i, content=content: rows.extend(rows_of(judge, task(i, content))))[0])
    judge.close()  # from here on the children's time is counted
    assert all(row["points"] == row["max_points"] for row in rows)
    cpu = (_cpu() - started) / (len(contents) + 1)
    return {"start": ready, "wall": sorted(walls)[len(walls) // 2], "least": min(walls), "cpu": cpu}


def throughput(contents, jobs):
    """Return submissions a second of a pool, from its first row to its last."""
    tasks = [task(i, content) for i, content in enumerate(contents)]
    times = [time.perf_counter() for _ in pool_rows(tasks, jobs)]
    return (len(times) - 1) / (times[-1] - times[0])


def nbgrader(contents, folder):
    """Return wall and CPU seconds a submission of `nbgrader autograde`."""
    scripts = {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    run = {"cwd": folder, "env": {**os.environ, **scripts, "PYTHONPATH": str(ROOT)}, "check": True}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    (folder / "source" / STEM).mkdir(parents=True)
    shutil.copy(ROOT / "solutions" / f"{STEM}.ipynb", folder / "source" / STEM)
    command = [sys.executable, "-m", "nbgrader"]
    subprocess.run([*command, "generate_assignment", STEM], **run, **quiet)
    for i, content in enumerate(contents):
        place = folder / "submitted" / f"learner{i:03}" / STEM
        place.mkdir(parents=True)
        (place / f"{STEM}.ipynb").write_bytes(content)
    wall, cpu = timed(lambda: subprocess.run([*command, "autograde", STEM], **run, **quiet))
    return {"wall": wall / len(contents), "cpu": cpu / len(contents)}


def otter(contents, folder):
    """Return wall and CPU seconds a submission of `otter run`."""
    if not (PEERS / "otter").is_dir():
        pip = [sys.executable, "-m", "pip", "install", "-q", "--target", str(PEERS), OTTER]
        subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
    paths = os.pathsep.join([str(ROOT), str(PEERS)])
    run = {"cwd": folder, "env": {**os.environ, "PYTHONPATH": paths}, "check": True, "stdout": subprocess.DEVNULL}
    (folder / "tests").mkdir()
    for exercise in LESSONS[STEM]:
        about = {"name": exercise.name, "points": exercise.points, "key": exercise.key}
        text = OTTER_TEST.format(**about, lesson=exercise.lesson, number=exercise.number)
        (folder / "tests" / f"{exercise.name}.py").write_text(text)
    command = [sys.executable, "-m", "otter"]
    subprocess.run([*command, "generate", "-t", "tests", "-o", "grader.zip", "--no-environment"], **run)
    walls = []
    for i, content in enumerate(contents):
        (folder / f"{i}.ipynb").write_bytes(content)
        words = [*command, "run", "-a", "grader.zip", "-o", str(folder), f"{i}.ipynb"]
        walls.append(timed(lambda words=words: subprocess.run(words, **run, stderr=subprocess.DEVNULL)))
    return {name: sum(pair[k] for pair in walls) / len(walls) for k, name in enumerate(("wall", "cpu"))}


def main(
    count: Annotated[int, typer.Option("--submissions", min=2)] = 20,
    peers: Annotated[int, typer.Option(min=1, help="Submissions for the peers, who take their time.")] = 20,
    as_json: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file, too.")] = None,
) -> None:
    """Race, and print seconds a submission and ratios."""
    contents = submissions(max(count, peers))
    found = {"ours": ours(contents[:count])}
    for name, peer in (("nbgrader", nbgrader), ("otter", otter)):
        with tempfile.TemporaryDirectory() as folder:
            found[name] = peer(contents[:peers], Path(folder))
    mine = found["ours"]
    print(f"{platform.machine()}, Python {platform.python_version()}; a notebook of {len(LESSONS[STEM])} questions")
    print(f"ours      {mine['wall']:.3f} s a submission (least {mine['least']:.3f}), {mine['cpu']:.3f} s of CPU")
    for name in ("nbgrader", "otter"):
        wall, cpu = found[name]["wall"], found[name]["cpu"]
        ratios = f"{wall / mine['wall']:.0f} times ours, in CPU {cpu / mine['cpu']:.0f} times"
        print(f"{name:9} {wall:.3f} s a submission, {cpu:.3f} s of CPU: {ratios}")
    found["jobs"] = {jobs: throughput(contents[:count], jobs) for jobs in (1, 2)}
    print(", ".join(f"{jobs} jobs: {rate:.1f} submissions a second" for jobs, rate in found["jobs"].items()))
    print(f"a judge starts in {mine['start']:.2f} s")
    if as_json:
        as_json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    typer.run(main)
