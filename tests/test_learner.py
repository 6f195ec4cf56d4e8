"""`course hint`, `progress`, `solution`, `reset`, and what a word on the command line means."""

import io
import json
import re

import pytest
from learners_folder import LESSON, RIGHT, SCALE, WRONG, Folder, scale, shipped
from rich.console import Console
from typer.testing import CliRunner

from course_lib import feedback, progress
from course_lib.checks import EXERCISES, LESSONS, find
from course_lib.checks.result import Result
from course_tools import check, cli, learner, reset
from course_tools.notebooks import Unusable
from course_tools.targets import ROOT, targets


@pytest.fixture
def folder(tmp_path, monkeypatch):
    made = Folder(tmp_path)
    monkeypatch.chdir(made.path)
    return made


def reach(folder, exercise, points, outcome="not yet"):
    result = Result(exercise.lesson, exercise.number, exercise.name, outcome, points, exercise.points, "")
    progress.record(result, folder.path, source=f"def {exercise.name}():\n    return {points}")


def run(*words):
    return CliRunner().invoke(cli.app, words)


# ---------------------------------------------------------------- what a word means


@pytest.mark.parametrize("word", ["03_scaling", "03_scaling.ipynb", "03", "3", "exercises/03_scaling.ipynb"])
def test_a_lesson_may_be_named_in_short(folder, word):
    (target,) = targets(word)
    assert target.path.resolve() == folder.book and target.exercises == LESSONS[LESSON]


def test_an_exercise_is_itself_and_nothing_is_all(folder):
    for word in ("scale", "03_scaling/scale", "3/scale", "3.2"):
        assert [target.exercises for target in targets(word)] == [(SCALE,)]
    assert [target.path for target in targets()] == [folder.book], "the lessons that are there"


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("attention", "attention stands in two lessons: write 04_softmax/attention or 05_masking/attention."),
        ("scael", "There is no file, lesson or exercise called scael. Did you mean scale?"),
        ("3.9", "There is no file, lesson or exercise called 3.9."),
        ("03_scaling/softmax", "There is no exercise called softmax in 03_scaling."),
        ("04", "There is no notebook of 04_softmax in"),
        ("exercises", "exercises is a folder: name a notebook in it,"),
        ("gone.ipynb", "gone.ipynb cannot be read: No such file or directory."),
    ],
)
def test_a_word_that_means_nothing_gets_one_sentence_from_every_command(folder, word, says):
    with pytest.raises(Unusable) as caught:
        targets(word)
    assert str(caught.value).startswith(says) and "\n" not in str(caught.value)
    for command in ("check", "watch"):
        done = run(command, word)
        assert done.exit_code == 2 and done.output.startswith(says), command


# ---------------------------------------------------------------- hint


def test_a_hint_is_the_notebooks_and_says_how_to_get_the_next_here():
    done = run("hint", "scale", "--stage", "2")
    lines = repr(feedback.for_lesson(LESSON)[1]("scale", 2)).splitlines()
    assert done.exit_code == 0
    assert done.output.splitlines() == [*lines[:2], "The next one: course hint scale --stage 3."]


@pytest.mark.parametrize("words", [["scael"], ["attention"], ["scale", "--stage", "4"]])
def test_a_hint_that_does_not_exist_is_2_and_a_sentence(words):
    done = run("hint", *words)
    assert done.exit_code == 2 and len(done.output.splitlines()) == 1


@pytest.mark.parametrize("command", ["hint", "solution"])
@pytest.mark.parametrize("word", ["03_scaling", "3", "exercises/03_scaling.ipynb", "nobody"])
def test_where_an_exercise_is_wanted_a_lesson_is_told_its_exercises(command, word):
    done = run(command, word)
    unknown = "There is no file, lesson or exercise called nobody. Name one such as scale or 03_scaling, or a notebook."
    names = "score_std, scale, divisor, init_projection, share_saturated"
    lesson = f"{word} is a lesson: name one of its exercises, {names}."
    assert done.exit_code == 2 and done.output == (unknown if word == "nobody" else lesson) + "\n"


# ---------------------------------------------------------------- progress


def test_progress_counts_the_best_of_the_lessons_that_exist(folder):
    reach(folder, SCALE, 2, "correct")
    reach(folder, SCALE, 1)
    said = run("progress")
    assert said.exit_code == 0
    assert said.output == (
        "03_scaling          █████░░░░░░░░░░░░░░░  2 of 8 points\n"
        "2 of 8 points. Next: 3.3 divisor, 4 minutes, in exercises/03_scaling.ipynb.\n"
    )
    reach(folder, find("softmax"), 1.5)
    assert [row.lesson for row in feedback.standing(folder.path).rows] == [LESSON, "04_softmax"]


def test_a_terminal_of_any_colour_tells_an_empty_bar_from_a_full_one(folder):
    reach(folder, SCALE, 2, "correct")
    console = Console(file=io.StringIO(), force_terminal=True, width=80)
    console.print(learner.bars(feedback.standing(folder.path)))
    assert "█████░░░░░░░░░░░░░░░" in console.file.getvalue()


def test_in_a_notebook_progress_is_the_same(folder, monkeypatch):
    reach(folder, SCALE, 2, "correct")
    monkeypatch.chdir(folder.book.parent)
    said = feedback.progress()
    assert repr(said) + "\n" == run("progress").output
    text = re.sub(r"<[^>]*>", " ", said._repr_html_())
    assert text.split() == [word for word in repr(said).split() if not set(word) <= {"█", "░"}]
    assert "max='8' value='2' aria-label='03_scaling'" in said._repr_html_()


def test_outside_a_learners_folder_progress_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert repr(feedback.progress()).startswith("No progress is kept here")


def test_next_is_what_was_tried_last_then_what_follows_and_the_core_before_the_rest(folder):
    def next_one():
        return feedback.standing(folder.path).next

    assert next_one().name == "score_std"
    reach(folder, SCALE, 0)
    assert next_one() is SCALE
    reach(folder, SCALE, 2, "correct")
    assert next_one().name == "divisor"
    for exercise in LESSONS[LESSON]:
        if exercise.core and exercise.name != "score_std":
            reach(folder, exercise, exercise.points, "correct")
    assert next_one().name == "score_std", "share_saturated comes after it, and is no core exercise"
    reach(folder, LESSONS[LESSON][-1], 0)
    assert next_one().name == "share_saturated", "it was tried last"
    reach(folder, LESSONS[LESSON][0], 2, "correct")
    assert next_one().name == "share_saturated"
    reach(folder, LESSONS[LESSON][-1], 1, "correct")
    assert next_one() is None and feedback.standing(folder.path).last_line == "8 of 8 points. Every exercise is right."


def test_a_clock_that_jumps_back_changes_nothing(folder):
    for time, name in (("2031-01-01T00:00:00+00:00", "scale"), ("1970-01-01T00:00:00+00:00", "divisor")):
        with open(folder.path / progress.NAME, "a") as file:
            file.write(json.dumps({"time": time, "lesson": LESSON, "function": name, "points": 0}) + "\n")
    assert feedback.standing(folder.path).next.name == "divisor"


@pytest.mark.parametrize("line", ["[]", "3", '{"points": "2"}', '{"lesson": [], "function": {}}', "\x00", "[" * 5000])
def test_a_line_that_somebody_spoilt_costs_that_line_only(folder, line):
    (folder.path / progress.NAME).write_text(line + "\n", "utf-8")
    reach(folder, SCALE, 2, "correct")
    assert feedback.standing(folder.path).rows[0].points == 2


def test_a_check_of_an_untouched_gap_is_no_try(folder):
    check.main("scale")
    assert progress.entries(folder.path) == [] and feedback.standing(folder.path).next.name == "score_std"


# ---------------------------------------------------------------- solution


def test_the_solution_opens_when_the_answer_is_right(folder, capsys):
    folder.write(WRONG)
    assert learner.solution("scale") == 1
    assert capsys.readouterr() == ("", learner.CLOSED.format("scale") + "\n")
    folder.write(RIGHT)
    assert learner.solution("scale") == 0, "it is right now, though nobody has checked it"
    assert capsys.readouterr().out == f"{scale(SCALE.reference)}\n"
    folder.write(WRONG)
    assert learner.solution("scale") == 0, "it was right once"


def test_anyway_shows_it_at_once(folder, capsys):
    assert learner.solution("scale", anyway=True) == 0
    assert capsys.readouterr().out == f"{scale(SCALE.reference)}\n"


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.key)
def test_no_hint_and_no_offer_is_the_answer(exercise):
    reference = exercise.reference.replace("return ", "").strip()
    offers = [feedback.hints.offer(exercise.name, failures) or "" for failures in range(6)]
    assert reference not in "".join(offers) and reference not in "".join(exercise.hints[:2])


# ---------------------------------------------------------------- reset


def test_a_reset_puts_one_exercise_back_and_says_where_the_old_one_is(folder, capsys):
    folder.write(WRONG)
    folder.write("return 7", LESSONS[LESSON][2])
    before = folder.book.read_bytes()
    assert reset.main("scale") == 0
    out = capsys.readouterr().out.splitlines()
    kept = folder.book.with_name("03_scaling.kept-1.ipynb")
    assert out == [
        f"scale is at its start again in 03_scaling.ipynb. Your notebook as it was: {kept}.",
        "To bring the answer back, run %load ../answers/03_scaling/scale/001.py in an empty cell.",
    ]
    assert kept.read_bytes() == before and folder.kept() == [scale(WRONG)]
    records = {record["function"]: record["outcome"] for record in check.check_file(folder.book)}
    assert records["scale"] == "not attempted" and records["divisor"] == "not yet"
    assert reset.main("scale") == 0 and capsys.readouterr().out == "scale is at its start already.\n"
    assert not folder.book.with_name("03_scaling.kept-2.ipynb").exists()


def test_a_reset_of_a_lesson_is_the_shipped_notebook(folder, capsys):
    for body in (WRONG, RIGHT):
        folder.write(body)
        assert reset.main("03") == 0 and folder.book.read_bytes() == shipped()
    assert [scale(WRONG), scale(RIGHT)] == folder.kept()
    assert len(list(folder.book.parent.glob("*.kept-*"))) == 2


def test_a_reset_says_when_jupyterlab_has_the_notebook_open(folder, capsys, monkeypatch):
    folder.write(WRONG)
    monkeypatch.setattr(reset, "open_places", lambda place: {folder.book.resolve()})
    assert reset.main("scale") == 0 and capsys.readouterr().out.endswith(f"{reset.RELOAD}\n")


def test_a_reset_of_a_link_keeps_the_link(folder):
    folder.write(WRONG)
    real = folder.book.rename(folder.path / "elsewhere.ipynb")
    folder.book.symlink_to(real)
    assert reset.main("scale") == 0
    assert folder.book.is_symlink() and json.loads(real.read_text("utf-8")) == json.loads(shipped())


def test_the_courses_own_exercises_are_never_reset_or_written():
    before = {path: path.stat().st_mtime_ns for path in (ROOT / "exercises").iterdir()}
    check.main(str(ROOT / "exercises" / f"{LESSON}.ipynb"))
    assert {path: path.stat().st_mtime_ns for path in (ROOT / "exercises").iterdir()} == before
