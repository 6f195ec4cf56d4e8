"""From save to feedback: `course watch` beside `pytest --nbval` on the same notebook, taking turns.

    python benchmarks/feedback.py [--turns N] [--lesson 03_scaling] [--json FILE]

A turn saves the notebook with another answer and waits until the verdict on it stands in the terminal of `course
watch`, which is warm; then it runs nbval on the same file and waits for its end, as a learner would have to.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from queue import SimpleQueue
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import track

from course_lib.checks import LESSONS
from course_lib.checks.bench import source_of
from course_lib.progress import MARK

ROOT = Path(__file__).resolve().parents[1]
GOAL = 300  # milliseconds
PATIENCE = 60  # seconds
NBVAL = [sys.executable, "-m", "pytest", "-q", "--nbval", "-p", "no:attention_course", "-p", "no:cacheprovider"]


class Watch:
    """`course watch` in a process of its own, and the lines it prints."""

    def __init__(self, lesson, folder):
        command = [sys.executable, "-m", "course_tools", "watch", lesson]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, cwd=folder, env=environment(), encoding="utf-8", **pipes)
        self.lines = SimpleQueue()
        threading.Thread(target=lambda: [self.lines.put(line) for line in self.process.stdout], daemon=True).start()

    def wait_for(self, words):
        """Wait for a line that begins with these words; return the moment it came."""
        while not self.lines.get(timeout=PATIENCE).startswith(words):
            pass
        return time.perf_counter()

    def close(self):
        self.process.communicate("q", timeout=PATIENCE)


def environment():
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def save(path, exercise, body):
    """Write the notebook with this body in the exercise's answer; return the moment before."""
    book = json.loads(path.read_text("utf-8"))
    cell = next(cell for cell in book["cells"] if cell["id"] == f"{exercise.name}-answer")
    cell["source"] = source_of(exercise, body)
    start = time.perf_counter()
    path.write_text(json.dumps(book), "utf-8")
    return start


def nbval(path):
    """Run nbval on the notebook; return the seconds it took."""
    start = time.perf_counter()
    done = subprocess.run([*NBVAL, path], cwd=path.parent, env=environment(), capture_output=True)
    if done.returncode not in (0, 1):  # 1: a cell differs, as a wrong answer's check must
        raise RuntimeError(done.stdout.decode() + done.stderr.decode())
    return time.perf_counter() - start


def race(lesson, turns):
    """Return {"watch": milliseconds, "nbval": milliseconds}, the answers right and wrong by turns."""
    results = {"watch": [], "nbval": []}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "work")
        path = folder / "exercises" / f"{lesson}.ipynb"
        path.parent.mkdir(parents=True)
        (folder / MARK).touch()
        path.write_bytes((ROOT / "solutions" / path.name).read_bytes())
        watch = Watch(lesson, folder)
        watch.wait_for("h hint")
        try:
            for turn in track(range(turns), "feedback", console=Console(stderr=True)):
                exercise = LESSONS[lesson][turn % len(LESSONS[lesson])]
                bodies = (exercise.mistakes[turn % len(exercise.mistakes)].code, exercise.reference)
                for body, words in zip(bodies, ("not yet", "correct"), strict=True):
                    start = save(path, exercise, body)
                    results["watch"].append(1000 * (watch.wait_for(f"{exercise.name}: {words}") - start))
                    if words == "not yet":  # once a turn: nbval has no warm state that a second run could use
                        results["nbval"].append(1000 * nbval(path))
        finally:
            watch.close()
    return results


def report(lesson, results):
    """Print both times and their ratio."""
    print(f"{platform.system()} {platform.machine()}, Python {platform.python_version()}; {lesson}, save to feedback")
    print(f"{'':24}{'p50 ms':>8}{'p95 ms':>8}{'ratio':>8}   goal")
    ours = results["watch"]["p50"]
    for name, title, goal in (("watch", "course watch", f"{GOAL} ms"), ("nbval", "pytest --nbval", "")):
        row = results[name]
        ratio = "" if name == "watch" else f"{row['p50'] / ours:.1f}"
        print(f"{title:24}{row['p50']:8.0f}{row['p95']:8.0f}{ratio:>8}   {goal}")


def main(
    turns: int = 10,
    lesson: str = "03_scaling",
    save_to: Annotated[Path | None, typer.Option("--json", help="Write the numbers here.")] = None,
):
    """Race `course watch` against nbval and print what a learner waits for."""
    results = {}
    for name, times in race(lesson, turns).items():
        p50, p95 = np.percentile(times, (50, 95))
        results[name] = {"milliseconds": times, "p50": round(float(p50), 1), "p95": round(float(p95), 1)}
    report(lesson, results)
    if save_to:
        save_to.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        Console().print(f"The numbers are in {save_to}.")


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(main)
    app()
