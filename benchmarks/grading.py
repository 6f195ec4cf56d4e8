"""Seconds a submission: ours, `nbgrader autograde` and `otter run` on the same notebook of five questions.

    python benchmarks/grading.py [--submissions 20] [--peers 20] [--json FILE]

The notebook is 03_scaling with the course's own answers; each submission differs in its metadata, so that nothing can
be remembered. Ours: from bytes to marks, in a warm judge (its start is told by itself), then whole batches with 1 and 2
jobs. nbgrader: one command for all submissions, as a school would run it. otter: its own command for each, with tests
that call the course's check. Both are fetched for the race alone, into a folder outside the project. CPU seconds
include those of all child processes.
"""

import json
import platform
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from graders import ROOT, STEM, cpu_seconds, nbgrader, otter, timed

from course_lib.checks import LESSONS
from course_tools.grading.judging import Jailed
from course_tools.grading.learner import Task, rows_of
from course_tools.grading.workers import pool_rows


def submissions(count):
    """Return the bytes of as many notebooks, no two alike."""
    made = json.loads((ROOT / "solutions" / f"{STEM}.ipynb").read_text("utf-8"))
    return [json.dumps(made | {"metadata": made["metadata"] | {"number": i}}).encode() for i in range(count)]


def task(i, content):
    return Task(f"learner{i:03}", ((f"{STEM}.ipynb", 0.0, content, ""),), b"a secret of the benchmark", "spec")


def ours(contents):
    """Return {"start": wall, "wall", "cpu": a submission}."""
    start = time.perf_counter()
    judge = Jailed()
    rows_of(judge, task(0, contents[0]))
    ready = time.perf_counter() - start
    started = cpu_seconds()
    rows, walls = [], []
    for i, content in enumerate(contents):
        walls.append(timed(lambda i=i, content=content: rows.extend(rows_of(judge, task(i, content))))[0])
    judge.close()  # from here on the children's time is counted
    assert all(row["points"] == row["max_points"] for row in rows)
    cpu = (cpu_seconds() - started) / (len(contents) + 1)
    return {"start": ready, "wall": sum(walls) / len(walls), "least": min(walls), "cpu": cpu}


def throughput(contents, jobs):
    """Return submissions a second of a pool, from its first row to its last."""
    tasks = [task(i, content) for i, content in enumerate(contents)]
    times = [time.perf_counter() for _ in pool_rows(tasks, jobs)]
    return (len(times) - 1) / (times[-1] - times[0])


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
