"""The accidents of a learner's day: what happens is said in a sentence, and no answer that was checked is lost.

Each heading is one accident. Those of `course update` stand in tests/test_update.py.
"""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from learners_folder import LESSON, RIGHT, SCALE, WRONG, Folder, cell, scale, shipped, solved

from course_lib import progress
from course_lib.checks import LESSONS
from course_tools import check, jupyter_hooks, learner, reset, targets, work

FIRST_CELL = f"""import numpy as np
from course_lib.feedback import for_lesson
check, hint = for_lesson("{LESSON}")"""
LOAD = "%load ../answers/03_scaling/scale/001.py"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    made = Folder(tmp_path)
    monkeypatch.chdir(made.path)
    return made


def said(capsys, word="scale"):
    """What `course check WORD` says, on both streams, and its exit code."""
    code = check.main(word)
    out, err = capsys.readouterr()
    return code, (out + err).strip()


def checked(folder, capsys, body=WRONG):
    folder.write(body)
    return said(capsys)


@pytest.fixture
def kernel(folder):
    from kernels import Kernel

    with Kernel(folder.book.parent) as running:
        running.run(FIRST_CELL)
        yield running


# ---------------------------------------------------------------- 1 kernel restarted in mid-cell


def test_after_a_restart_in_mid_cell_a_sentence_says_what_to_run_and_the_answer_can_be_loaded(kernel, folder):
    kernel.run(scale(RIGHT))
    assert kernel.run("check(scale)").text == "scale: correct. 2 of 2 points."
    kernel.restart_while("import time\ntime.sleep(600)")
    kernel.run(f'from course_lib.feedback import for_lesson\ncheck, hint = for_lesson("{LESSON}")')
    lines = kernel.run("check(scale)").error
    assert lines[0] == "scale is not known to this kernel: run the cell with def scale first, then this one."
    assert lines[-1] == f"Your last checked answer is kept: run {LOAD} in an empty cell."
    back = kernel.run(LOAD).next_input
    assert back.partition("\n")[2].strip() == scale(RIGHT)
    assert kernel.run(back).error == [] and kernel.run("check(scale)").text == "scale: correct. 2 of 2 points."
    assert progress.best(folder.path) == {(LESSON, "scale"): 2}


def test_before_the_first_cell_has_run_a_sentence_names_it(folder):
    """In the kernel that `course lab` starts; another knows nothing of the course before that cell."""
    from kernels import Kernel

    with Kernel(folder.book.parent, jupyter_hooks.KernelSpecs()) as kernel:
        assert kernel.run(scale(RIGHT)).error == []
        for cell, name in (("check(scale)", "check"), ('hint("scale")', "hint"), ("np.zeros(3)", "np")):
            (said,) = kernel.run(cell).error
            assert said.startswith(f"{name} is not known to this kernel: run the first cell of the notebook,")
        for cell in ("nobody", "def f():\n    return np\nf()"):
            assert "NameError: name '" in "\n".join(kernel.run(cell).error), "Python's own words, with the place"
        kernel.run(FIRST_CELL)
        assert kernel.run("check(scale)").text == "scale: correct. 2 of 2 points."


def test_a_first_answer_that_python_cannot_read_or_under_another_name_is_told_so(kernel):
    kernel.run("def scale(scores, d_k):\nreturn scores", id="scale-answer")
    assert kernel.run("check(scale)").error == [
        "The cell of scale stopped before scale was made: line 2 is no Python (expected an indented block after "
        "function definition on line 1): return scores.",
        "Mend it and run it first, then this one.",
    ]
    kernel.run("def Scale(scores, d_k):\n    return scores", id="scale-answer")
    assert kernel.run("check(scale)").error[0] == (
        "The cell of scale defines Scale: write def scale(scores, d_k): there, its own name."
    )


def test_another_unknown_name_keeps_pythons_own_words(kernel):
    assert "NameError: name 'nobody' is not defined" in "\n".join(kernel.run("nobody").error)
    inside = kernel.run("def f():\n    return scale\nf()").error
    assert "NameError: name 'scale' is not defined" in "\n".join(inside), (
        "a fault inside a function needs its traceback"
    )


def test_a_check_of_what_an_answer_gives_asks_for_the_function_itself(kernel):
    kernel.run(scale(RIGHT))
    for asked in ("check(scale())", "check(scale(scores, d_k))", "x = 3\ncheck(\n    scale(np.ones((2, 3)), 4)\n)"):
        said = "check wants the function itself, without parentheses behind its name: check(scale)."
        assert kernel.run(asked).error == [said]
    for asked, own in (("scale()", "TypeError: scale() missing"), ("check(scores)", "NameError: name 'scores'")):
        assert own in "\n".join(kernel.run(asked).error), "Python's own words"
    assert kernel.run("check(scale)").text == "scale: correct. 2 of 2 points."


# ---------------------------------------------------------------- 2 check cell deleted


def test_without_its_check_cell_an_answer_is_checked_and_reset_puts_the_cell_back(folder, capsys):
    folder.change(lambda cells: cells.remove(cell(cells, "scale-check")))
    assert checked(folder, capsys)[1].startswith("scale: not yet.")
    assert reset.main("scale") == 0
    assert [c["id"] for c in json.loads(folder.book.read_text("utf-8"))["cells"]] == [
        c["id"] for c in json.loads(shipped())["cells"]
    ]


# ---------------------------------------------------------------- 3 answer cell deleted


def test_where_the_answers_cell_is_gone_the_check_says_how_to_bring_it_back(folder, capsys):
    checked(folder, capsys)
    folder.change(lambda cells: cells.remove(cell(cells, "scale-answer")))
    code, words = said(capsys)
    assert code == 1 and words == (
        "scale is missing: no cell of this notebook defines it. "
        f"Your last checked answer is kept: run {LOAD} in an empty cell."
    )
    assert (folder.book.parent / LOAD.split()[1]).read_text().rstrip() == scale(WRONG)
    assert reset.main("scale") == 0 and json.loads(folder.book.read_text("utf-8")) == json.loads(shipped())


# ---------------------------------------------------------------- 4 cell duplicated


@pytest.mark.parametrize("id", ["copy", "scale-answer"])
def test_of_two_cells_that_differ_the_check_says_which_one_counts(folder, capsys, id):
    checked(folder, capsys)
    folder.change(lambda cells: cells.append(cell(cells, "scale-answer") | {"id": id, "source": scale(RIGHT)}))
    words = said(capsys)[1]
    assert words.startswith("scale: not yet.") and "(line 2: return scores / d_k ** 0.5)" not in words
    assert words.endswith(
        "Remark: scale is written in 2 cells that differ: the exercise's own counts here, in the notebook the one that "
        "ran last."
    )


def test_a_reset_makes_a_comment_of_the_copy_so_that_the_stub_counts(folder, capsys):
    checked(folder, capsys)
    folder.change(lambda cells: cells.append(cell(cells, "scale-answer") | {"id": "copy", "source": scale(RIGHT)}))
    before = folder.book.read_bytes()
    assert reset.main("scale") == 0
    last = json.loads(folder.book.read_text("utf-8"))["cells"][-1]
    assert "".join(last["source"]) == "\n".join("# " + line for line in scale(RIGHT).splitlines())
    capsys.readouterr()
    assert said(capsys)[1] == "scale is not written yet: replace the line that raises."
    assert before in folder.bytes()


# ---------------------------------------------------------------- 5 function renamed


def test_a_renamed_function_is_told_its_name(folder, capsys):
    checked(folder, capsys)
    folder.change(lambda cells: cell(cells, "scale-answer").update(source=scale(RIGHT).replace("scale", "scaled")))
    assert said(capsys)[1].splitlines()[1] == (
        "The cell of scale defines scaled: write def scale(scores, d_k): there, its own name."
    )
    assert folder.kept() == [scale(WRONG), scale(RIGHT).replace("scale", "scaled")]


def test_in_the_notebook_a_renamed_function_is_told_the_names_there_are(kernel):
    kernel.run(scale(RIGHT).replace("scale", "scaled"))
    (line,) = kernel.run("check(scaled)").error
    assert line.startswith("There is no exercise called scaled in 03_scaling. There are: score_std, scale,")


STILL = "So scale is still the one of an earlier run, which is not judged: mend its cell and run it first."
NO_PYTHON = scale("return scores / / d_k")


def test_where_the_latest_run_made_no_function_the_check_says_so_and_judges_no_earlier_one(kernel, folder, capsys):
    kernel.run(scale(RIGHT), "scale-answer")
    assert kernel.run("check(scale)", "scale-check").text == "scale: correct. 2 of 2 points."
    stopped = "The cell of scale stopped before scale was made: "
    for text, says in (
        (NO_PYTHON, stopped + "line 2 is no Python (invalid syntax): return scores / / d_k."),
        ("1 / 0\n" + scale(WRONG), stopped + "ZeroDivisionError: division by zero."),
        (
            scale(WRONG).replace("scale", "scaled"),
            "The cell of scale defines scaled: write def scale(scores, d_k): there, its own name.",
        ),
        ("half = 0.5", "The cell of scale defines no scale: it should begin with def scale(scores, d_k):"),
    ):
        kernel.run(text, "scale-answer")
        lines = kernel.run("check(scale)", "scale-check").error
        assert lines == ["scale: not yet. 0 of 2 points.", says, STILL], "and a hint would not help"
        assert folder.kept()[-1] == text, "what was checked is kept, not what was left over"
        folder.change(lambda cells, text=text: cell(cells, "scale-answer").update(source=text))
        assert said(capsys)[1].splitlines()[:2] == lines[:2], "in the terminal the same words"
    kernel.run(scale(RIGHT), "scale-answer")
    assert kernel.run("check(scale)", "scale-check").text == "scale: correct. 2 of 2 points."
    assert kernel.run(f"{NO_PYTHON}\n", "scale-answer").error
    together = kernel.run(f"{scale(RIGHT)}\ncheck(scale)", "scale-answer")
    assert together.text == "scale: correct. 2 of 2 points.", "the function of the very run that checks is no old one"


def test_a_notebook_that_sends_no_ids_is_told_of_an_error_and_a_cell_beside_it_may_say_what_it_likes(kernel):
    kernel.run(scale(RIGHT))
    kernel.run(NO_PYTHON)
    assert kernel.run("check(scale)").error[2] == STILL
    kernel.run(scale(RIGHT), "copy")
    kernel.run("half = 0.5", "scale-answer")
    kernel.run("class Trial:\n    def scale(self):\n        pass", "another")
    assert kernel.run("check(scale)").text == "scale: correct. 2 of 2 points.", "the cell that made it ran well"


# ---------------------------------------------------------------- 6 notebook renamed


def test_a_renamed_notebook_is_found_though_a_fresh_copy_took_its_name(folder, capsys):
    folder.write(RIGHT)
    renamed = folder.book.rename(folder.book.with_name("my answers.ipynb"))
    for fresh in (False, True):
        if fresh:
            folder.book.write_bytes(shipped())
        assert said(capsys) == (0, "03_scaling, from my answers.ipynb\n\nscale: correct. 2 of 2 points.")
    assert said(capsys, str(renamed))[1].startswith("03_scaling, from my answers.ipynb\n\nscore_std is not written yet")
    folder.write(WRONG)
    assert said(capsys)[1].startswith("scale: not yet."), "where both are begun, the one with the name counts"


# ---------------------------------------------------------------- 7 merge conflict, 8 truncated


def conflict(text):
    line = next(line for line in text.splitlines() if "raise NotImplementedError" in line)
    return text.replace(line, f"<<<<<<< HEAD\n{line}\n=======\n{line}\n>>>>>>> main", 1)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (conflict, "while a merge conflict stands in it (line {}: <<<<<<< HEAD)"),
        (lambda text: text[: text.index("for_lesson") + 5], "breaks off"),  # within a string
        (lambda text: text[: text.index('"cell_type"')], "breaks off"),  # between two
        (lambda text: text[: text.index("→")] + "\udce2\udc86", "breaks off"),  # within a letter
    ],
)
def test_a_spoilt_file_is_told_in_a_sentence_and_a_reset_keeps_its_bytes(folder, capsys, spoil, says):
    checked(folder, capsys)
    folder.book.write_bytes(spoil(shipped().decode()).encode("utf-8", "surrogateescape"))
    spoilt = folder.book.read_bytes()
    lines = enumerate(spoilt.split(b"\n"), 1)
    line = next((n for n, text in lines if text.startswith(b"<<<<<<<")), None)
    code, words = said(capsys)
    assert code == 2 and says.format(line) in words and "`course reset 03_scaling` puts a fresh one there" in words
    assert f"your checked answers are in {folder.path / 'answers' / LESSON}." in words and "\n" not in words
    assert folder.book.read_bytes() == spoilt and reset.main("scale") == 2
    assert reset.main(LESSON) == 0 and folder.book.read_bytes() == shipped()
    assert spoilt in folder.bytes() and folder.kept() == [scale(WRONG)]


# ---------------------------------------------------------------- 9 open in two tabs


def test_two_tabs_that_check_at_once_lose_neither_a_line_nor_an_answer(folder):
    code = (
        "import sys\nfrom course_lib.progress import record\nfrom course_lib.checks.result import Result\n"
        "result = Result('03_scaling', '3.2', 'scale', 'not yet', 0, 2, '')\n"
        "for i in range(40):\n    record(result, source=f'def scale(scores, d_k):\\n    return {sys.argv[1]}{i}')"
    )
    tabs = [subprocess.Popen([sys.executable, "-c", code, str(tab)], cwd=folder.book.parent) for tab in (1, 2)]
    assert [tab.wait() for tab in tabs] == [0, 0]
    lines = (folder.path / progress.NAME).read_text("utf-8").splitlines()
    assert len([json.loads(line) for line in lines if line]) == 80
    assert {text.split()[-1] for text in folder.kept()} == {f"{tab}{i}" for tab in (1, 2) for i in range(40)}
    named = [folder.path / entry["answer"] for entry in progress.entries(folder.path)]
    assert len(set(named)) == 80 and all(path.is_file() for path in named)


# ---------------------------------------------------------------- 10 work/ moved


def test_a_folder_that_was_moved_goes_on_where_it_is(kernel, folder, capsys, monkeypatch):
    kernel.run(scale(WRONG))
    kernel.run("check(scale)")
    moved = folder.path.rename(folder.path.with_name("moved"))
    monkeypatch.chdir(moved)
    kernel.run(scale(RIGHT))
    kernel.run("check(scale)")
    assert [entry["points"] for entry in progress.entries(moved)] == [0, 2] and not folder.path.exists()
    assert said(capsys)[0] == 1 and (moved / "exercises").is_dir()


def test_without_a_folder_a_sentence_says_where_one_comes_from(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(targets, "ROOT", tmp_path)
    for command in (lambda: check.main("scale"), learner.progress, lambda: reset.main("scale"), check.main):
        assert command() == 2
        assert capsys.readouterr() == ("", f"{targets.NOWHERE}\n")
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- 11 work/ read-only, 12 disk full


def test_in_a_read_only_folder_the_verdict_comes_with_a_remark(folder, capsys, monkeypatch):
    folder.write(RIGHT)
    before, real = folder.bytes(), os.open

    def refuse(path, flags, *more, **options):
        if flags & (os.O_WRONLY | os.O_RDWR) and str(folder.path) in str(path):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return real(path, flags, *more, **options)

    monkeypatch.setattr(os, "open", refuse)
    code, words = said(capsys)
    assert code == 0 and words == (
        "scale: correct. 2 of 2 points.\n"
        "Remark: progress.jsonl cannot be written (Read-only file system), so this check is not kept in my work/: "
        "mend that and check again."
    )
    assert reset.main("scale") == 1 and "Nothing was reset: Read-only file system" in capsys.readouterr().err
    assert folder.bytes() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_on_a_full_disk_the_verdict_comes_with_a_remark(folder, capsys):
    (folder.path / progress.NAME).symlink_to("/dev/full")
    assert checked(folder, capsys, RIGHT) == (
        0,
        "scale: correct. 2 of 2 points.\n"
        "Remark: the disk is full, so this check is not kept in my work/: mend that and check again.",
    )
    assert folder.kept() == [scale(RIGHT)]
    assert progress.entries(folder.path) == [], "a device is not read: it has no end"


def test_a_disk_that_fills_up_in_mid_file_leaves_no_half_answer(folder, capsys, monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        assert "Remark: the disk is full" in checked(folder, capsys, RIGHT)[1] and folder.kept() == []
    assert "Remark" not in said(capsys)[1] and folder.kept() == [scale(RIGHT)]


def test_a_line_that_a_full_disk_cut_short_costs_that_line_only(folder, capsys, monkeypatch):
    real = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda handle, line: real(handle, line[: len(line) // 2]))
        assert "the disk is full" in checked(folder, capsys)[1]
    assert checked(folder, capsys, RIGHT)[0] == 0
    assert [entry["points"] for entry in progress.entries(folder.path)] == [2]


# ---------------------------------------------------------------- 13 Ctrl+C in the middle of reset


STEPS = ("open", "fsync", "fdopen", "replace", "chmod")


@pytest.mark.parametrize("word", ["scale", LESSON])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_ctrl_c_at_any_step_of_a_reset_loses_nothing(folder, capsys, monkeypatch, word, after):
    folder.write(WRONG)
    old, stops = folder.book.read_bytes(), 0
    while True:
        count = iter(range(stops + 1))

        def interrupted(real, count=count):
            def call(*args, **options):
                hit = next(count, None) is None
                if hit and not after:
                    raise KeyboardInterrupt
                done = real(*args, **options)
                if hit:
                    raise KeyboardInterrupt
                return done

            return call

        with monkeypatch.context() as patched:
            for name in STEPS:
                patched.setattr(os, name, interrupted(getattr(os, name)))
            code = reset.main(word)
        assert code in (0, 130) and old in folder.bytes()
        assert json.loads(folder.book.read_bytes())["cells"], "whole, whichever it is"
        assert not list(folder.path.rglob(".draft-*"))
        if code == 0:
            break
        assert capsys.readouterr().err == f"{reset.STOPPED}\n"
        folder.book.write_bytes(old)
        for path in folder.book.parent.glob("*.kept-*"):
            path.unlink()
        stops += 1
    assert stops >= 5, "each of the steps was met"


# ---------------------------------------------------------------- 15 an endless loop


def test_an_endless_answer_is_stopped_and_the_others_are_checked(folder, capsys, monkeypatch):
    monkeypatch.setattr("course_lib.checks.watch.SECONDS", 1.0)  # many times what the others need
    monkeypatch.setattr("course_lib.checks.watch.PATIENCE", 1000)
    folder.book.write_text(solved(), "utf-8")
    folder.write("while True:\n    pass")
    code, words = said(capsys, "03")
    assert code == 1 and "Your function did not end: it was stopped after a few seconds." in words
    assert words.count(": correct.") == 4 and folder.kept() == [scale("while True:\n    pass")]


# ---------------------------------------------------------------- 16 an answer that prints 100 MB


def test_an_answer_that_prints_100_mb_says_little(folder, capsys):
    code, words = checked(folder, capsys, f"print('x' * 100_000_000)\n{RIGHT}")
    assert code == 0 and len(words) < 200 and words.startswith("scale: correct. 2 of 2 points.\nRemark: your function")


def test_in_a_notebook_too(kernel):
    kernel.run(scale(f"print('x' * 100_000_000)\n{RIGHT}"))
    said = kernel.run("check(scale)")
    assert said.text.startswith("scale: correct.") and len(said.text) < 200 and said.printed == ""


# ---------------------------------------------------------------- 17 an answer that overwrites check or np


def test_a_cell_that_takes_our_names_is_told_at_once(kernel):
    told = "This cell made {} something else: use another name there, then run the first cell again.\n"
    assert kernel.run(f"check = print\n{scale(RIGHT)}").printed == told.format("check")
    assert kernel.run("1 + 1").printed == "", "once"
    assert kernel.run("np = 3").printed == told.format("np")
    kernel.run(f'from course_lib.feedback import for_lesson\ncheck, hint = for_lesson("{LESSON}")')
    kernel.run(scale("return scores / np.sqrt(d_k)"))
    assert "np is 3 here, not NumPy" in kernel.run("check(scale)").error[1]


def test_outside_the_notebook_only_the_answer_that_takes_np_suffers(folder, capsys):
    folder.book.write_text(solved(), "utf-8")
    taken = f"check = lambda f: 'correct'\nnp = 3\n{scale('return scores / np.sqrt(d_k)')}"
    folder.change(lambda cells: cell(cells, "scale-answer").update(source=taken))
    code, words = said(capsys, "03")
    assert code == 1 and words.count(": correct.") == 4
    assert "np is 3 here, not NumPy: call that something else, then run `import numpy as np` once more." in words


# ---------------------------------------------------------------- 18 Windows line ends and a BOM


def test_a_file_as_windows_saves_it_is_the_same_file(folder, capsys):
    folder.write("\n\nreturn scores @ scores")
    plain = said(capsys)
    windows = folder.book.read_text("utf-8").replace("\\n", "\\r\\n").replace("\n", "\r\n")
    folder.book.write_bytes(b"\xef\xbb\xbf" + windows.encode())
    assert said(capsys) == plain and "(line 4: return scores @ scores)" in plain[1]
    assert len(folder.kept()) == 1, "the same answer"
    before = folder.book.read_bytes()
    assert reset.main("scale") == 0 and before in folder.bytes()
    capsys.readouterr()
    assert said(capsys)[1] == "scale is not written yet: replace the line that raises."


# ---------------------------------------------------------------- and none of them leaves a draft behind


def test_what_reset_keeps_beside_a_notebook_is_no_exercise_of_its_own(folder, capsys):
    folder.write(RIGHT)
    assert reset.main(LESSON) == 0
    capsys.readouterr()
    assert said(capsys)[1] == "scale is not written yet: replace the line that raises."
    assert said(capsys, str(folder.book.with_name(f"{LESSON}.kept-1.ipynb")))[1].count(": correct.") == 1
    assert [exercise.name for exercise in LESSONS[LESSON]].count(SCALE.name) == 1 and work.MARKER == progress.MARK
