"""By one who has read the source of the grader: what looked like a way in when the protocol was finished."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from grading import SECRET, SPEC, hand_in, needs_jail, of, row_of
from learner import notebook
from test_grading_files import put, zipped

from course_lib import given
from course_lib.checks import EXERCISES, LESSONS
from course_lib.checks.bench import Bench
from course_tools.grading import archives, gathering, learner, ward
from course_tools.grading.deadlines import Deadlines
from course_tools.grading.gathering import gather
from course_tools.grading.inputs import inputs_for
from course_tools.grading.judging import Jailed
from course_tools.grading.learner import rows_of, task_of
from course_tools.grading.nursery import Orphaned
from course_tools.grading.reading import Unreadable

pytestmark = needs_jail
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def judge():
    made = Jailed(seconds=2, idle=1.0)
    yield made
    made.close()


# ---------------------------------------------------------------- the answer, looked for in the child's own memory

LOST = """
import gc, os, sys, types, course_lib.given as given
from course_tools.grading import stripping, zygote
zygote._without_lessons()
from course_tools.grading import child
functions = [f for f in gc.get_objects() if isinstance(f, types.FunctionType)]
lessons = LESSONS_OF
for number, function in given.EXERCISES.items():
    stripping.plan(lessons[number], number, function.__name__)
del functions, function
for number in NUMBERS:
    lesson = lessons[number]
    strip = stripping.plan(lesson, number, given.EXERCISES[number].__name__)
    if os.fork():  # as the zygote does
        os.wait()
        continue
    allowed = {f.__code__ for f in given.for_lesson(lesson, before=number).values()}
    later = {f.__code__ for n, f in given.EXERCISES.items() if f.__code__ not in allowed}
    stripping.strip(strip)
    gc.collect()
    left = [f for f in gc.get_objects() if isinstance(f, types.FunctionType) and f.__code__ in later]
    print(number, len(later) > 0, sorted(f.__name__ for f in left), flush=True)
    os._exit(0)
"""
NUMBERS = ["0.1", "3.2", "4.1", "4.6", "5.5", "6.3", "7.7"]


def test_no_function_that_answers_the_question_is_left_in_the_memory_of_its_child():
    lessons = {e.number: e.lesson for e in EXERCISES}
    code = LOST.replace("LESSONS_OF", repr(lessons)).replace("NUMBERS", repr(NUMBERS))
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == [f"{number} True []" for number in NUMBERS]


IN_THE_CACHE = """
import gc
from course_tools.grading import stripping

def scale(scores, d_k):
    todo = [stripping.plan]
    for _ in range(5):
        todo = [o for o in gc.get_referents(*todo) if not isinstance(o, type)]
        for found in todo:
            if getattr(found, "__name__", "") == "scale" and found is not scale:
                return found(scores, d_k)
    return scores
"""


def test_what_is_known_of_one_question_does_not_answer_another(judge):
    row_of(judge, hand_in(exercises=LESSONS["04_softmax"], only=("attention",)), name="04_softmax.ipynb")
    assert of(row_of(judge, hand_in(IN_THE_CACHE)))["points"] == 0


def test_the_box_that_lesson_03_uses_is_closed_in_lesson_04(judge):
    source = "from course_lib import given\n\ndef softmax(x, axis=-1):\n    return given.EARLY[3]['softmax'](x, axis)\n"
    made = notebook([LESSONS["04_softmax"][0]])
    assert made["cells"][1]["id"] == "softmax-answer"
    made["cells"][1]["source"] = source
    read = {"cells": [[cell["id"], "".join(cell["source"])] for cell in made["cells"]], "answers": {"softmax": source}}
    with judge.sit(read, SECRET, "0") as sitting:
        result, _ = sitting.ask(LESSONS["04_softmax"][0])
    assert result.points == 0, result.message


# ---------------------------------------------------------------- what an earlier report gave away


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.key)
def test_a_table_of_yesterdays_inputs_and_answers_does_not_hold_all_of_todays(exercise):
    earlier = given.for_lesson(exercise.lesson, before=exercise.number)
    yesterday, today = (
        {repr((case.args, case.kwargs)) for case in cases if case.kind == "base"}
        for cases in (Bench(exercise, earlier, inputs_for(SECRET, exercise, day)).cases for day in "yt")
    )
    assert today - yesterday, "all that earns the first half was printed yesterday"


# ---------------------------------------------------------------- time

DRIP = """
import os, time
def scale(scores, d_k):
    os.write(3, b"00100000")
    while True:
        os.write(3, b" ")
        time.sleep(0.03)
"""


def test_a_reply_that_drips_is_not_waited_for_though_it_never_pauses(judge):
    record = of(row_of(judge, hand_in(DRIP)))
    assert (record["points"] == 0 and "did not end" in record["message"].lower()) or "too long" in record["message"]


# ---------------------------------------------------------------- the grader itself, made to stop


@pytest.mark.parametrize("at", ["answer", "call"])
def test_a_zygote_that_is_gone_is_nobodys_fault_and_no_mark(at, monkeypatch):
    own, asked = Jailed(), ward.Child.ask

    def ask(child, message):
        if message["do"] == at:
            own.nursery.process.kill()
            own.nursery.process.wait()
        return asked(child, message)

    monkeypatch.setattr(ward.Child, "ask", ask)
    with pytest.raises(Orphaned):
        row_of(own, hand_in())
    own.close()


def test_a_child_that_cannot_be_locked_in_is_nobodys_fault_and_no_mark():
    with pytest.raises(Orphaned, match="no jail could be made"):
        Jailed(seconds=10**30).nursery.child()  # no limit that the kernel takes


MANY_CELLS = b'{"cells": [' + b"[]," * 3_000_000 + b"[]]}"


def test_a_reader_that_one_notebook_wore_out_does_not_fail_the_next(judge, monkeypatch):
    assert row_of(judge, MANY_CELLS)["status"] == "unreadable"
    monkeypatch.setattr(judge, "_read", worn_out(judge._read, judge.reader))
    assert row_of(judge, hand_in())["points"] == 2


def worn_out(read, reader):
    """A `_read` that fails as a reader does whose memory is in pieces."""

    def failing(task):
        found = read(task)
        is_worn = failing.judge.reader is reader
        return {"problem": "takes too much memory"} if is_worn else found

    failing.judge = read.__self__
    return failing


@pytest.mark.parametrize("method", ["ZIP_LZMA", "ZIP_BZIP2"])
def test_a_bomb_that_unpacks_in_one_go_is_not_unpacked(method, tmp_path, monkeypatch):
    path = tmp_path / "in" / "anna.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w", getattr(zipfile, method)) as archive:
        archive.writestr("03_scaling.ipynb", b" " * 50_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *a: pytest.fail("it was opened"))
    with pytest.raises(Unreadable, match="packed in an unusual way"):
        gather(tmp_path / "in")["anna"][0].read()


def test_of_many_large_files_no_more_is_read_than_there_is_room_for(tmp_path, monkeypatch):
    monkeypatch.setattr(learner, "ROOM", 5000)
    files = {f"{i:03}.ipynb": b" " * 1000 for i in range(300)}
    put(tmp_path, {"anna.zip": zipped(files)})
    ((who, found),) = gather(tmp_path).items()
    task = task_of(who, found, SECRET, SPEC)
    assert sum(len(content or b"") for _, _, content, _ in task.files) == 5000
    assert len(task.files) == 300 and "was not read" in task.files[0][3]


def test_zips_within_a_zip_are_opened_up_to_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "INNER", 1000)
    inner = zipped({"x.ipynb": b"x"})
    put(tmp_path, {"anna.zip": zipped({f"{i:03}.zip": inner for i in range(100)})})
    opened = [file for file in gather(tmp_path)["anna"] if file.name.endswith(".ipynb")]
    assert 0 < len(opened) <= 1000 // len(inner) + 1


def test_deep_and_locked_folders_are_rows_and_stop_nobody(tmp_path, judge):
    deep = tmp_path / "in" / "anna" / "/".join(["x"] * 200)
    deep.mkdir(parents=True)
    put(tmp_path, {"in/ben/03_scaling.ipynb": hand_in(), "in/cleo/locked/x.ipynb": hand_in()})
    (tmp_path / "in" / "cleo" / "locked").chmod(0)
    said = {
        who: [row["reason"] for row in rows_of(judge, task_of(who, f, SECRET, SPEC))]
        for who, f in gather(tmp_path / "in").items()
    }
    assert said["anna"] == ["lies more than 20 folders deep"] and said["ben"] == [""]
    assert said["cleo"][0].startswith("is a folder that cannot be opened") or os.geteuid() == 0
    (tmp_path / "in" / "cleo" / "locked").chmod(0o700)


def test_a_zip_with_a_clock_of_its_own_is_late_all_the_same(tmp_path):
    put(tmp_path, {"in/anna.zip": zipped({"03_scaling.ipynb": ""}), "in/ben/03_scaling.ipynb": ""})
    with zipfile.ZipFile(tmp_path / "in" / "anna.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("03_scaling.ipynb", (1999, 1, 1, 0, 0, 0)), hand_in())
    file = gather(tmp_path / "in")["anna"][0]
    assert file.time == (tmp_path / "in" / "anna.zip").stat().st_mtime
    until = Deadlines({("03_scaling", ""): file.time - 60})
    assert until.reason("anna", "03_scaling", file.time)


PLANTED = "open({!r}, 'w')"


def test_files_that_python_would_load_at_its_start_are_not_loaded_from_where_learners_write(tmp_path):
    touched = str(tmp_path / "touched")
    names = ("sitecustomize", "usercustomize", "numpy", "typer", "course_tools", "course_lib", "json", "conftest")
    put(tmp_path, {f"in/{name}.py": PLANTED.format(touched) for name in names})
    put(tmp_path, {"in/anna_03_scaling.ipynb": hand_in(), "secret": SECRET})
    words = ["grade", ".", "--out", str(tmp_path / "out"), "--secret", str(tmp_path / "secret")]
    # -P: as the script `course` does, which leaves the folder we stand in off the path.
    command = [sys.executable, "-P", "-m", "course_tools", *words]
    where = {"cwd": tmp_path / "in", "env": os.environ | {"PYTHONPATH": str(ROOT)}}
    run = subprocess.run(command, **where, capture_output=True, text=True)
    assert run.returncode == 0 and not os.path.exists(touched), run.stderr
    assert "1 graded" in run.stdout


def swapped(folder, other):
    """A learner moves their folder away and puts a link to another's in its place."""
    folder.rename(folder.with_name("away"))
    folder.symlink_to(other)


def test_a_folder_that_becomes_a_link_after_it_was_listed_shows_nobody_elses_work(tmp_path):
    put(tmp_path, {f"in/{who}/my/{name}": who for who in ("anna", "ben") for name in ("x.ipynb", "y.zip")})
    put(tmp_path, {f"in/{who}/my/y.zip": zipped({"z.ipynb": who}) for who in ("anna", "ben")})
    files = gather(tmp_path / "in")["ben"]
    assert [file.read() for file in files] == [b"ben", b"ben"]
    archives.Zip.open.close()  # as any other zip of the class would have it
    swapped(tmp_path / "in" / "ben" / "my", tmp_path / "in" / "anna" / "my")
    for file in files:
        with pytest.raises(Unreadable):
            file.read()


def test_a_folder_that_becomes_a_link_while_it_is_listed_is_not_entered(tmp_path):
    put(tmp_path, {"in/ben/x.ipynb": "", "elsewhere/named.ipynb": ""})
    found = gathering._files(tmp_path / "in")
    listed = gathering.listing

    def late(root, parts, most):
        if parts == ("ben",):
            swapped(tmp_path / "in" / "ben", tmp_path / "elsewhere")
        return listed(root, parts, most)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering, "listing", late)
        ((parts, _, read),) = found
    assert parts == ("ben",)
    with pytest.raises(Unreadable, match="cannot be opened"):
        read()


# ---------------------------------------------------------------- few bytes that stand for much in the parent


def test_a_row_stays_small_whatever_stands_in_the_cell_and_in_the_names_of_a_zip(judge, tmp_path):
    row = row_of(judge, hand_in(f"# {'x' * 900_000}\ndef scale(scores, d_k):\n    return scores / d_k ** 0.5"))
    assert of(row)["points"] == 2 and len(json.dumps(row)) < 30_000
    content = zipped({"y" * 60_000: "z" * 100}).replace(b"y" * 100, b"x" * 100, 1)  # one of the two places of a name
    put(tmp_path, {"anna.zip": content})
    (file,) = gather(tmp_path)["anna"]
    (row,) = rows_of(judge, task_of("anna", [file], SECRET, SPEC))
    assert row["reason"].startswith("cannot be taken from its zip") and len(json.dumps(row)) < 2000


def test_a_name_is_cut_before_its_marks_are_put_in_order(monkeypatch):
    asked = []  # 32,000 marks take a second, and a zip holds many such names
    monkeypatch.setattr(gathering.unicodedata, "normalize", lambda form, name: asked.append(len(name)) or name)
    assert len(gathering.printable("a" + "\u0301\u0316" * 32_000)) == 200 and asked == [400]


def test_a_zip_whose_list_of_files_would_fill_the_memory_is_not_listed(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "LISTING", 1000)
    put(tmp_path, {"anna.zip": zipped({f"{i:03}.ipynb": "" for i in range(100)}), "ben.zip": zipped({"x.ipynb": "x"})})
    (anna,), (ben,) = gather(tmp_path).values()
    with pytest.raises(Unreadable, match="MB in one piece"):
        anna.read()
    assert ben.read() == b"x"


def test_folders_without_end_are_looked_at_up_to_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr("course_tools.grading.gathering.ENTRIES", 5)
    for i in range(9):
        (tmp_path / "in" / "anna" / f"{i}" / "empty").mkdir(parents=True)
    put(tmp_path, {"in/ben/x.ipynb": "x"} | {f"in/cleo/{i}.ipynb": "" for i in range(9)})
    found = gather(tmp_path / "in")
    for who, count in (("anna", 0), ("cleo", 4)):
        *read, last = sorted(found[who], key=lambda file: not file.name.endswith(".ipynb"))
        assert len(read) == count
        with pytest.raises(Unreadable, match="more than 5 files"):
            last.read()
    assert [file.read() for file in found["ben"]] == [b"x"]
