"""A batch: every file gets its row, a run that was killed goes on, and no way of sharing the work changes a byte."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from grading import SECRET, children_of, hand_in, needs_jail

from course_lib.checks import LESSONS
from course_tools.grading import batch, command, results, workers
from course_tools.grading.batch import Batch
from course_tools.grading.learner import Task

ROOT = Path(__file__).resolve().parents[1]
WHY = LESSONS["00_why_attention"]
pytestmark = needs_jail


def light(number):
    """A hand-in of one answer; every third one is wrong."""
    bodies = {"shares": "return scores"} if number % 3 == 0 else {}
    return hand_in(exercises=WHY, only=("shares",), bodies=bodies, change=lambda m: m["metadata"].update(number=number))


def class_of(folder, count, broken=()):
    """Write what `count` learners hand in; some of it is broken."""
    folder.mkdir()
    for number in range(count):
        content = b"{" if number in broken else light(number)
        (folder / f"learner{number:04}_00_why_attention.ipynb").write_bytes(content)
    return folder


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret"
    path.write_bytes(SECRET)
    return path


def grade(folder, out, secret, **options):
    assert command.main(folder, out, secret, **options) == 0
    return (out / "results.jsonl").read_bytes() if (out / "results.jsonl").exists() else b""


def rows_in(content):
    return [json.loads(line) for line in content.splitlines()]


# ---------------------------------------------------------------- all of them, and once


def test_a_thousand_files_make_a_thousand_rows_though_some_are_broken(tmp_path, secret):
    broken = set(random.Random(0).sample(range(1000), 50))
    rows = rows_in(grade(class_of(tmp_path / "in", 1000, broken), tmp_path / "out", secret, jobs=2))
    assert len(rows) == 1000 and [row["learner"] for row in rows] == sorted(row["learner"] for row in rows)
    for number, row in enumerate(rows):
        wanted = ("unreadable", 0) if number in broken else ("graded", 0 if number % 3 == 0 else 1)
        assert (row["status"], row["points"]) == wanted, row["learner"]


def test_jobs_and_shards_change_no_byte(tmp_path, secret):
    folder = class_of(tmp_path / "in", 12, {3})
    serial = grade(folder, tmp_path / "one", secret)
    assert grade(folder, tmp_path / "two", secret, jobs=2) == serial
    for i in (1, 2, 3):
        grade(folder, tmp_path / "parts", secret, shard=f"{i}/3")
    parts = [(tmp_path / "parts" / f"results-{i}-of-3.jsonl").read_bytes() for i in (1, 2, 3)]
    assert sum(map(len, parts)) == len(serial) and all(parts)
    assert grade(folder, tmp_path / "parts", secret) == serial


def test_the_last_run_takes_what_the_shards_found_and_grades_nothing_anew(tmp_path, secret, monkeypatch):
    folder = class_of(tmp_path / "in", 4)
    grade(folder, tmp_path / "out", secret, shard="1/2")
    grade(folder, tmp_path / "out", secret, shard="2/2")
    monkeypatch.setattr(workers, "pool_rows", lambda tasks, jobs: [pytest.fail("graded anew") for _ in tasks])
    assert len(rows_in(grade(folder, tmp_path / "out", secret))) == 4


def test_a_rerun_grades_only_what_is_new_or_changed(tmp_path, secret, monkeypatch):
    folder, asked = class_of(tmp_path / "in", 4), []
    grade(folder, tmp_path / "out", secret)
    whole = workers.pool_rows
    monkeypatch.setattr(
        workers, "pool_rows", lambda tasks, jobs: whole((asked.append(t.learner) or t for t in tasks), 1)
    )
    (folder / "learner0001_00_why_attention.ipynb").write_bytes(light(99))
    (folder / "new_00_why_attention.ipynb").write_bytes(light(98))
    (folder / "learner0002_00_why_attention.ipynb").unlink()
    rows = rows_in(grade(folder, tmp_path / "out", secret))
    assert asked == ["learner0001", "new"]
    assert [row["learner"] for row in rows] == ["learner0000", "learner0001", "learner0003", "new"]
    assert rows[1]["points"] == 0, "99 is wrong"


def test_a_torn_last_line_costs_one_learner_and_no_byte(tmp_path, secret):
    folder = class_of(tmp_path / "in", 3)
    (folder / "zoe").mkdir()
    (folder / "zoe" / "00_why_attention.ipynb").write_bytes(light(4))
    (folder / "zoe" / "03_scaling.ipynb").write_bytes(hand_in())
    whole = grade(folder, tmp_path / "out", secret)
    assert len(rows_in(whole)) == 5
    for torn in (1, 20, 4000):
        (tmp_path / "out" / "results.jsonl").write_bytes(whole[:-torn])
        assert grade(folder, tmp_path / "out", secret) == whole


def test_another_secret_means_other_inputs_and_a_new_batch(tmp_path):
    assert results.spec_version(b"one") != results.spec_version(b"two")


# ---------------------------------------------------------------- lost on the way


def state(number):
    """The letter that the kernel gives a process: T for one that stands still, Z for one that has ended."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def alive(number):
    return state(number) != "Z"


def wait_for(condition):
    ends = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.01)


# It stands still at the row where it is to be killed, before or after the row is on the disk: however late we look, it
# has not gone on.
STANDING_STILL = """
import os, signal, sys
from course_tools import cli
from course_tools.grading import results
rows_left, before, sys.argv[1:3] = int(sys.argv[1]), sys.argv[2] == "before", []
append = results.append

def stand_still(path, rows):
    global rows_left
    rows_left -= path.name == results.NAME and bool(rows)
    steps = [lambda: append(path, rows), lambda: rows_left or os.kill(os.getpid(), signal.SIGSTOP)]
    for step in reversed(steps) if before else steps:
        step()

results.append = stand_still
cli.main()
"""


def test_a_run_that_is_killed_ten_times_ends_with_the_same_bytes_and_leaves_nobody_behind(tmp_path, secret):
    folder, out = class_of(tmp_path / "in", 50, {7}), tmp_path / "out"
    whole = grade(folder, tmp_path / "undisturbed", secret, jobs=2)
    words = ["grade", str(folder), "--out", str(out), "--secret", str(secret)]  # one job: each start costs a second
    draw, command = random.Random(1), [sys.executable, "-c", STANDING_STILL]
    for _ in range(10):
        place = str(draw.randrange(1, 5)), draw.choice(("before", "after"))
        run = subprocess.Popen([*command, *place, *words], stdout=subprocess.DEVNULL)
        wait_for(lambda run=run: state(run.pid) in "TZ")
        assert run.poll() is None, "it ended before it was killed"
        family = children_of(run.pid)
        run.kill()
        run.wait()
        wait_for(lambda family=family: not any(map(alive, family)))
    subprocess.run([sys.executable, "-m", "course_tools", *words], stdout=subprocess.DEVNULL, check=True)
    assert (out / "results.jsonl").read_bytes() == whole


def test_a_judge_that_is_killed_is_replaced_and_its_learner_retried(tmp_path, secret):
    folder = class_of(tmp_path / "in", 12)
    whole = grade(folder, tmp_path / "undisturbed", secret)
    run, killed = Batch(folder, tmp_path / "out", SECRET), []
    (tmp_path / "out").mkdir()

    def told(done, of):
        judges = judges_here()
        if len(killed) < 2 and judges:
            killed.append(judges[0])
            os.kill(judges[0], signal.SIGKILL)

    rows = batch.run(run, lambda tasks: workers.pool_rows(tasks, 1), told)
    assert len(killed) == 2 and b"".join(map(results.line, rows)) == whole


def test_a_judge_that_is_killed_between_two_learners_is_replaced_like_any_other(tmp_path, secret):
    folder = class_of(tmp_path / "in", 3)
    whole = grade(folder, tmp_path / "undisturbed", secret)
    run = Batch(folder, tmp_path / "out", SECRET)
    (tmp_path / "out").mkdir()

    def one_by_one(tasks):
        """A pool that is broken, and knows it, before the next learner is handed to it."""
        for number, task in enumerate(tasks):
            if number == 2:
                os.kill(judges_here()[0], signal.SIGKILL)
                wait_for(lambda: not judges_here() and not pool_threads())
            yield task

    rows = batch.run(run, lambda tasks: workers.pool_rows(one_by_one(tasks), 1))
    assert b"".join(map(results.line, rows)) == whole


def judges_here():
    """The numbers of this process's judges."""
    return [child for child in children_of(os.getpid()) if b"spawn_main" in command_line(child)]


def pool_threads():
    """The threads that look after a pool: they end once they know that it is broken."""
    return [thread for thread in threading.enumerate() if type(thread).__name__ == "_ExecutorManagerThread"]


def command_line(number):
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return b""


def test_a_learner_at_whom_every_judge_is_lost_gets_a_row_and_the_others_their_marks(tmp_path, secret):
    folder = class_of(tmp_path / "in", 4)
    run = Batch(folder, tmp_path / "out", SECRET)
    (tmp_path / "out").mkdir()

    def poisoned(tasks):
        for task in tasks:
            yield Poison(**vars(task)) if task.learner == "learner0001" else task

    rows = batch.run(run, lambda tasks: workers.pool_rows(poisoned(tasks), 1))
    assert [row["status"] for row in rows] == ["graded", "unreadable", "graded", "graded"]
    assert "lost 3 times" in rows[1]["reason"]


class Poison(Task):
    """A task that ends the judge who takes it up."""

    def __reduce__(self):
        return _poison_or(os.getpid()), (os.getpid(), vars(self).copy())


def _poison_or(_):
    return _made


def _made(parent, values):
    if os.getpid() != parent:
        os._exit(1)
    return Poison(**values)


# ---------------------------------------------------------------- the command


def refuses(capsys, *words, **options):
    assert command.main(*words, **options) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and "Traceback" not in said.err
    return said.err


def test_words_that_make_no_batch_are_one_sentence_and_2(tmp_path, secret, capsys, monkeypatch):
    folder, out = class_of(tmp_path / "in", 1), tmp_path / "out"
    assert "is no folder" in refuses(capsys, tmp_path / "none", out)
    assert "There is no lesson 99" in refuses(capsys, folder, out, secret, lesson="99")
    assert "lies in" in refuses(capsys, folder, folder / "out")
    assert "the second of eight is 2/8" in refuses(capsys, folder, out, secret, shard="3/2")
    assert "Shards must share a secret" in refuses(capsys, folder, out, shard="1/2")
    short = tmp_path / "short"
    short.write_text("short")
    assert "too short" in refuses(capsys, folder, out, short)
    monkeypatch.setattr("course_tools.grading.seccomp.available", lambda: False)
    said = refuses(capsys, folder, out, secret)
    assert "docs/grading.md, `In a container`" in said and "--trusted" in said


def test_without_a_secret_one_is_made_once_and_for_the_instructors_eyes(tmp_path):
    folder, out = class_of(tmp_path / "in", 1), tmp_path / "out"
    assert command.main(folder, out) == 0
    made = (out / "secret").read_bytes()
    assert len(made) == 64 and (out / "secret").stat().st_mode & 0o077 == 0
    assert command.main(folder, out) == 0 and (out / "secret").read_bytes() == made


def test_one_lesson_alone_can_be_graded(tmp_path, secret):
    folder = class_of(tmp_path / "in", 2)
    (folder / "anna_03_scaling.ipynb").write_bytes(hand_in())
    rows = rows_in(grade(folder, tmp_path / "out", secret, lesson="3"))
    assert [(row["learner"], row["points"]) for row in rows] == [("anna", 2)]


def test_who_has_more_time_under_a_name_that_nobody_bears_is_told(tmp_path, secret, capsys):
    folder, until = class_of(tmp_path / "in", 1), tmp_path / "until.csv"
    until.write_text(
        "lesson,until,learner\n" + "".join(f"00_why_attention,2001-01-01,{who}\n" for who in ("learner0000", "Ann", ""))
    )
    grade(folder, tmp_path / "out", secret, deadline=until)
    said = capsys.readouterr()
    assert said.err == f"{until} gives Ann more time, who handed in nothing: is that the name in gradebook.csv?\n"
    assert said.out.startswith("1 learner: 1 late.\nSee class.html, gradebook.csv")


def test_ones_own_answers_are_graded_without_a_jail_and_get_the_same_marks(tmp_path, secret):
    folder = class_of(tmp_path / "in", 4, {1})
    jailed, here = (rows_in(grade(folder, tmp_path / x, secret, trusted=x == "here")) for x in ("jail", "here"))
    assert [[row[key] for key in ("status", "points", "exercises")] for row in here] == [
        [row[key] for key in ("status", "points", "exercises")] for row in jailed
    ]


WINDOWS = """
import importlib, os, pathlib, platform, sys, typer, numpy, rich.progress, multiprocessing
for module in ("resource", "fcntl", "pwd", "grp"):
    sys.modules[module] = None
for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_DIRECTORY", "fork", "setresuid", "geteuid", "setgroups"):
    delattr(os, name)
os.supports_dir_fd, os.supports_fd = set(), set()
from course_tools.grading import command, seccomp
seccomp.available = lambda: False  # it asks for sys.platform first
folder, out = map(pathlib.Path, sys.argv[1:])
print(command.main(folder, out), command.main(folder, out, trusted=True))
"""


def test_a_system_without_a_jail_refuses_in_a_sentence_and_grades_ones_own_answers(tmp_path):
    folder = class_of(tmp_path / "in", 2)
    (folder / "link_00_why_attention.ipynb").symlink_to(folder / "learner0001_00_why_attention.ipynb")
    words = [sys.executable, "-c", WINDOWS, str(folder), str(tmp_path / "out")]
    run = subprocess.run(words, capture_output=True, text=True, cwd=ROOT)
    assert run.stdout.startswith("3 learners: 2 graded, 1 unreadable.") and run.stdout.endswith("2 0\n"), run.stderr
    assert run.stderr == f"{command.NO_JAIL}\n"


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "'=1", '"=1', "＝1"]


@pytest.mark.parametrize("name", FORMULAS)
def test_no_cell_of_a_table_is_a_formula(name):
    from course_tools.grading.gradebook import canvas, gradebook

    row = {"learner": name, "lesson": "03_scaling", "status": "late", "reason": name, "file": name}
    row |= {"points": 1.5, "max_points": 8}
    for text in (gradebook([row]), canvas([row])):
        cells = [cell for line in csv.reader(text.splitlines()) for cell in line]
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "＝")) for cell in cells), cells
        assert "1.5" in cells


def test_tables_hold_points_by_lesson_and_what_needs_a_look():
    from course_tools.grading.gradebook import canvas, gradebook

    common = {"status": "graded", "reason": "", "file": "f"}
    unreadable = {"status": "unreadable", "reason": "is empty"}
    rows = [
        common | {"learner": "Ito_77", "lesson": "03_scaling", "points": 6.5, "max_points": 8},
        common | {"learner": "Ito_77", "lesson": "04_softmax", "points": 14, "max_points": 14},
        common | {"learner": "Roe", "lesson": "", "points": 0, "max_points": 0} | unreadable,
    ]
    assert gradebook(rows) == (
        "\ufefflearner,03_scaling,04_softmax,points,max_points,remarks\n"
        'Ito_77,6.5,14,20.5,22,\nRoe,,,0,22,"f: unreadable, is empty"\n'
    )
    assert canvas(rows) == (
        "Student,ID,SIS Login ID,Section,03_scaling,04_softmax\n    Points Possible,,,,8,14\n"
        "Ito,77,,,6.5,14\nRoe,,,,,\n"
    )
    (_, many) = csv.reader(gradebook(rows[2:] * 20_000).splitlines())
    assert many[-1].endswith("; f: unreadable, is empty; and 19980 more") and len(many[-1]) < 1000
