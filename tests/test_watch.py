"""`course watch`: save, and a warm process says how the answer stands; no answer can stop it."""

import os
import select
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from learners_folder import LESSON, RIGHT, SCALE, WRONG, Folder, cell, scale, shipped

from course_lib import progress
from course_lib.checks import LESSONS
from course_tools import asking, judging, watch
from course_tools.asking import Judge
from course_tools.targets import Target
from course_tools.watch import Session

SECONDS = 300  # nobody waits that long: a machine with much else to do may need a minute for what takes one second
FIRST, DIVISOR = LESSONS[LESSON][0], LESSONS[LESSON][2]
ALONE = "from course_tools import judging; judging.FORKS = False; judging.serve()"  # as on Windows and macOS


@pytest.fixture
def folder(tmp_path, monkeypatch):
    made = Folder(tmp_path)
    monkeypatch.chdir(made.path)
    return made


@pytest.fixture(params=[asking.COMMAND, ALONE], ids=["forks", "alone"])
def judge(request):
    judge = Judge(request.param, SECONDS)
    yield judge
    judge.close()


@pytest.fixture
def session(folder):
    """A Session at `scale`, whose first verdict has come, and what it says."""
    judge = Judge(seconds=SECONDS)
    session = Session([Target(folder.book, LESSONS[LESSON])], judge, colour=False)
    session.heard = []
    session.say = session.heard.append
    try:
        session.go_to(session.places[1])
        until(session, "scale is not written yet")
        yield session
    finally:
        judge.close()


def until(session, words):
    """Look until something with these words is said; return it."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        session.look()
        for said in session.heard:
            if words in said:
                session.heard.clear()
                return said
        time.sleep(0.01)
    raise AssertionError(f"{words!r} was never said, but {session.heard}")


def verdict(judge, folder, body, exercise=SCALE):
    folder.write(body, exercise)
    judge.ask(folder.book, exercise)
    return answer(judge)


def answer(judge):
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        found = judge.answer()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError("no verdict came")


# ---------------------------------------------------------------- the warm process


def test_a_verdict_is_that_of_a_check_and_brings_the_source(judge, folder):
    judge.warm(LESSONS[LESSON])
    for body, outcome, mistake in ((WRONG, "not yet", "divided-by-d-k"), (RIGHT, "correct", None)):
        result, source = verdict(judge, folder, body)
        assert (result.outcome, result.mistake, source.rstrip()) == (outcome, mistake, scale(body))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("import os\nos._exit(0)", asking.DIED),
        ("import sys\nsys.exit(0)", "Your function stopped with an error."),
        ("return 10 ** 10 ** 10", asking.ENDLESS),  # one call into C, which nothing inside Python can stop
        ("input('?')", "EOFError"),
        ("import os\nos.system('kill -9 $PPID')", asking.DIED),
    ],
)
@pytest.mark.parametrize("judge", [asking.COMMAND], ids=["forks"], indirect=True)
def test_an_answer_that_ends_or_holds_its_python_is_told_and_the_next_one_is_checked(judge, folder, body, says):
    judge.warm([SCALE])
    verdict(judge, folder, RIGHT)
    judge.seconds = 1 if says == asking.ENDLESS else SECONDS
    result, _ = verdict(judge, folder, body)
    judge.seconds = SECONDS
    assert result.outcome == "not yet" and says.splitlines()[0] in result.message
    assert verdict(judge, folder, RIGHT)[0].outcome == "correct"


def test_what_an_answer_does_to_numpy_or_prints_is_gone_with_it(judge, folder, capfd):
    judge.warm([SCALE])
    verdict(judge, folder, f"import os\nnp.asarray = None\nos.write(1, b'x' * 10**8)\nos.write(2, b'x')\n{RIGHT}")
    assert verdict(judge, folder, "return np.asarray(scores) / d_k ** 0.5")[0].outcome == "correct"
    assert capfd.readouterr() == ("", "")


def test_a_newer_question_gives_the_older_one_up(judge, folder):
    judge.warm([SCALE])
    folder.write("while True:\n    pass")
    judge.ask(folder.book, SCALE)
    assert judge.answer() is None
    assert verdict(judge, folder, RIGHT)[0].outcome == "correct"


@pytest.mark.parametrize("judge", [asking.COMMAND], ids=["forks"], indirect=True)
def test_a_verdict_that_was_not_fetched_is_not_taken_for_the_next(judge, folder, tmp_path):
    judge.warm([SCALE])
    met = tmp_path / "met"
    folder.write(f"import os, time\nwhile not os.path.exists({str(met)!r}):\n    time.sleep(0.01)\n{RIGHT}")
    judge.ask(folder.book, SCALE)
    while judge.child is None:
        assert judge.answer() is None
    met.touch()
    end = time.monotonic() + SECONDS
    while judge.replies.empty() and time.monotonic() < end:
        time.sleep(0.01)
    judge.seconds = 10  # a reply taken for another has the judge wait for a process that goes on
    assert verdict(judge, folder, WRONG)[0].outcome == "not yet"


LATE = """if True:
    import contextlib, os
    from course_tools import judging
    fork = os.fork
    def late():
        child = fork()
        with contextlib.suppress(ChildProcessError):
            child and os.waitpid(child, 0)
        return child
    os.fork = late
    judging.serve()"""


@pytest.mark.skipif(not judging.FORKS, reason="nobody else says who judges: there is one process")
def test_a_verdict_that_comes_before_the_word_who_judges_leaves_nobody_waiting(folder, monkeypatch):
    judge = Judge(LATE, SECONDS)
    try:
        judge.warm([SCALE])
        with monkeypatch.context() as patched:
            patched.setattr(judge.process, "wait", lambda *_: pytest.fail("it waits for a process that goes on"))
            assert verdict(judge, folder, RIGHT)[0].outcome == "correct" and judge.child is None
            assert verdict(judge, folder, WRONG)[0].outcome == "not yet"
    finally:
        judge.close()


def test_the_time_of_an_answer_begins_with_its_turn_however_long_the_start_takes(judge, folder, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(asking, "time", SimpleNamespace(monotonic=lambda: now[0]))
    judge.seconds = 30
    folder.write(RIGHT)
    judge.ask(folder.book, SCALE)
    now[0] = 100.0
    assert answer(judge)[0].outcome == "correct"


@pytest.mark.parametrize("judge", [asking.COMMAND], ids=["forks"], indirect=True)
def test_where_it_can_fork_the_warm_process_itself_lives_on(judge, folder):
    judge.warm([SCALE])
    first = judge.process.pid
    for body in (WRONG, RIGHT):
        verdict(judge, folder, body)
    assert (judge.process.pid == first) is judging.FORKS


# ---------------------------------------------------------------- what is saved


def test_a_save_brings_the_verdict_and_is_kept(session, folder):
    folder.write(WRONG)
    said = until(session, "scale: not yet. 0 of 2 points.")
    assert "you divided by dₖ." in said and said.endswith(watch.KEYS)
    folder.write(RIGHT)
    until(session, "scale: correct. 2 of 2 points.")
    assert folder.kept() == [scale(WRONG), scale(RIGHT)]
    assert [entry["outcome"] for entry in progress.entries(folder.path)] == ["not yet", "correct"]


def test_a_save_of_another_answer_turns_to_it(session, folder):
    folder.write("return 1", DIVISOR)
    assert until(session, "divisor: not yet.").startswith("03_scaling · 3.3 divisor · 03_scaling.ipynb\n")
    assert session.at[1] is DIVISOR


def test_a_save_that_changes_no_code_says_nothing(session, folder):
    folder.change(lambda cells: cells[0].update(source="# Another title"))
    for _ in range(30):
        session.look()
    assert session.heard == [] and session.judge.exercise is None


def test_a_helper_in_another_cell_has_the_answer_checked_anew(session, folder):
    helper = {"cell_type": "code", "id": "h", "metadata": {}, "outputs": [], "execution_count": None}
    folder.change(lambda cells: cells.append(helper | {"source": "def half(x):\n    return x"}))
    folder.write("return half(scores)")
    until(session, "scale: not yet.")
    folder.change(lambda cells: cell(cells, "h").update(source="def half(x):\n    return x / 3 ** 0.5"))
    until(session, "scale: not yet.")


def test_a_spoilt_file_is_told_once_and_watched_until_it_is_mended(session, folder):
    folder.book.write_bytes(shipped()[:999])
    until(session, "breaks off")
    for _ in range(30):
        session.look()
    assert session.heard == []
    folder.book.write_bytes(shipped())
    until(session, "scale is not written yet")
    folder.book.unlink()
    until(session, "cannot be read: No such file or directory.")


def test_a_file_that_is_half_saved_for_a_moment_is_not_told(session, folder):
    folder.write(RIGHT)
    whole = folder.book.read_bytes()
    folder.book.write_bytes(whole[:999])
    session.look()
    assert session.heard == []
    folder.book.write_bytes(whole)
    until(session, "scale: correct.")


# ---------------------------------------------------------------- keys


def test_h_gives_the_hints_one_after_the_other(session):
    for stage in (1, 2, 3, 3):
        session.press("h")
        assert session.heard.pop().strip().startswith(f"scale, hint {stage} of 3\n{SCALE.hints[stage - 1]}")


def test_n_goes_to_the_next_that_is_not_right_and_round(session, folder):
    folder.write(RIGHT)
    until(session, "scale: correct.")
    met = []
    for _ in range(5):
        session.press("n")
        met.append(session.at[1].number)
    assert met == ["3.3", "3.4", "3.5", "3.1", "3.3"]


def test_r_resets_and_says_where_the_old_answer_is(session, folder):
    session.colour = True
    folder.write(WRONG)
    until(session, "scale: not yet.")
    before = folder.book.read_bytes()
    session.press("r")
    assert "03_scaling.kept-1.ipynb" in session.heard[-1] and before in folder.bytes()
    assert not until(session, "scale is not written yet").startswith(watch.WIPE), "that is still to be read"
    folder.write(WRONG)
    assert until(session, "scale: not yet.").startswith(watch.WIPE)


def test_l_lists_the_lesson_and_q_ends(session):
    session.press("l")
    assert session.heard[1] == "> 3.2  scale                   0 of 2 points" and len(session.heard) == 5
    session.press("x")
    session.press(None)
    assert not session.over
    session.press("q")
    assert session.over


# ---------------------------------------------------------------- in a terminal


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals to test with")
def test_in_a_terminal_it_starts_at_what_is_next_takes_keys_without_enter_and_leaves_it_as_it_was(folder):
    import pty
    import termios

    folder.write(RIGHT)
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    command = [sys.executable, "-m", "course_tools", "watch", str(folder.book)]
    process = subprocess.Popen(command, cwd=folder.path, stdin=theirs, stdout=theirs, stderr=theirs)
    try:
        read_until(ours, "3.1 score_std")
        os.write(ours, b"h")
        read_until(ours, "score_std, hint 1 of 3")
        os.write(ours, b"q")
        assert process.wait(SECONDS) == 0
        assert termios.tcgetattr(theirs) == before
    finally:
        process.kill()


def read_until(terminal, words):
    end, heard = time.monotonic() + SECONDS, b""
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            heard += os.read(terminal, 65536)
        if words.encode() in heard and watch.KEYS.encode() in heard + watch.KEYS.encode() * ("hint" in words):
            return
    raise AssertionError(f"{words!r} never came, but {heard.decode()!r}")


def test_words_that_cannot_be_used_are_one_sentence_and_2(folder, capsys):
    assert watch.main("nothing") == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("There is no file, lesson or exercise called nothing.") and err.count("\n") == 1
