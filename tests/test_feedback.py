"""What a learner sees: in a notebook, as text, as HTML, in a terminal, and kept in the record."""

import contextlib
import html.parser
import json
import re
from types import SimpleNamespace

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from learner import answer

from course_lib import feedback, progress
from course_lib.checks import EXERCISES, find
from course_lib.checks.bench import source_of
from course_lib.checks.result import Result
from course_lib.feedback import NotYet, for_lesson, latest, shown

RIGHT = "return scores / d_k ** 0.5"
NBVAL = (r"(.)(?:\nRemark: [^\n]*)+", r"\1")  # how course_tools drops remarks before nbval compares


@pytest.fixture
def scaling():
    return for_lesson("03_scaling")


def scale(body):
    return answer(find("scale"), body)


def failing(check, function):
    with pytest.raises(NotYet) as caught:
        check(function)
    return caught.value


# ---------------------------------------------------------------- right


def test_a_right_answer_is_one_line(scaling):
    check, _ = scaling
    assert repr(check(scale(RIGHT))) == "scale: correct. 2 of 2 points."


def test_remarks_stand_on_lines_of_their_own_which_nbval_drops(scaling):
    check, _ = scaling
    plain, remarked = check(scale(RIGHT)), check(scale("print(1)\nreturn list(scores / d_k ** 0.5)"))
    lines = repr(remarked).splitlines()
    assert lines[0] == repr(plain) and len(lines) == 3 and all(line.startswith("Remark: ") for line in lines[1:])
    for kind in ("__repr__", "_repr_html_"):
        assert re.sub(*NBVAL, getattr(remarked, kind)()) == getattr(plain, kind)()


# ---------------------------------------------------------------- not right


def test_a_wrong_answer_is_an_assertion_that_says_its_few_lines(scaling):
    problem = failing(scaling[0], scale("return scores / d_k"))
    lines = problem._render_traceback_()
    assert isinstance(problem, AssertionError) and str(problem).splitlines() == lines
    assert lines[0] == "scale: not yet. 0 of 2 points."
    assert "you divided by dₖ." in lines[1] and "wanted" in lines[2] and lines[3].endswith("?")


def test_the_first_failure_points_to_the_hints_and_the_third_offers_them(scaling):
    check, _ = scaling
    failing(check, scale("raise NotImplementedError"))  # no try, so no failure
    tail = [failing(check, scale("return scores"))._render_traceback_()[-1] for _ in range(4)]
    assert tail[0] == 'hint("scale") helps with a question.' and tail[1].endswith("?") and tail[3] == tail[1]
    assert tail[2] == (
        'Stuck? hint("scale") is a question, hint("scale", 2) a pointer, hint("scale", 3) nearly the line.'
    )


def test_an_untouched_gap_says_one_line(scaling):
    problem = failing(scaling[0], scale('raise NotImplementedError("scale is not written yet: replace this line")'))
    assert problem._render_traceback_() == ["scale is not written yet: replace the line that raises."]


def test_ipython_shows_these_lines_and_nothing_of_ours(scaling, capsys):
    shell = InteractiveShell()
    shell.push({"check": scaling[0], "scale": scale("return nobody")})
    shell.run_cell("check(scale)")
    out = capsys.readouterr().out
    assert out.startswith("scale: not yet. 0 of 2 points.\nPython does not know the name nobody.\n")
    assert "NameError: name 'nobody' is not defined (line 2: return nobody)" in out
    assert "Traceback" not in out and "course_lib" not in out


@pytest.mark.parametrize(
    ("thing", "says"),
    [
        ("scale", "check wants the function itself, without quotes, as in check(scale); it was given a str."),
        (3, "check wants the function itself, as in check(score_std); it was given an int."),
        (np.ones(2), "check wants the function itself, as in check(score_std); it was given an array."),
        (None, "check wants the function itself, as in check(score_std); it was given nothing."),
        (lambda scores, d_k: scores, "A lambda has no name to go by: write the answer with def."),
        (print, "There is no exercise called print in 03_scaling. There are: score_std, scale, divisor,"),
    ],
)
def test_a_thing_that_is_no_answer_gets_one_friendly_sentence(scaling, thing, says):
    (line,) = failing(scaling[0], thing)._render_traceback_()
    assert line.startswith(says)


def test_empty_brackets_are_answered_with_a_sentence(scaling):
    check, hint = scaling
    with pytest.raises(NotYet, match=r"as in check\(score_std\); it was given nothing\.$"):
        check()
    assert repr(hint()).startswith("No exercise is named in 03_scaling. There are: score_std, scale, ")


def test_a_check_is_bound_to_its_lesson():
    check, hint = for_lesson("04_softmax")
    assert failing(check, scale(RIGHT))._render_traceback_()[0].startswith("There is no exercise called scale in 04_")
    assert "no exercise called scale" in repr(hint("scale"))


def test_a_function_from_before_the_first_cell_is_nobodys_left_over(monkeypatch):
    monkeypatch.setattr(latest, "KNOWN", {})
    names = {"scale": scale(RIGHT)}
    latest.begin("03_scaling", names)
    first = SimpleNamespace(raw_cell='check, hint = for_lesson("03_scaling")', cell_id="first")
    for _ in range(2):
        latest.note(SimpleNamespace(info=first, error_before_exec=None, error_in_exec=None), names)
    assert latest.left_over("03_scaling", names["scale"]) is None


# ---------------------------------------------------------------- hints


def test_hints_come_one_at_a_time_and_say_how_to_get_the_next(scaling):
    _, hint = scaling
    exercise = find("scale")
    for stage, end in ((1, 'The next one: hint("scale", 2).'), (2, 'The next one: hint("scale", 3).')):
        assert repr(hint("scale", stage)).splitlines() == [f"scale, hint {stage} of 3", exercise.hints[stage - 1], end]
    assert repr(hint("scale", 3)).endswith("That was the last one.")
    assert repr(hint(scale(RIGHT))) == repr(hint("scale")) == repr(hint("scale", 1))
    assert repr(hint("3.2")).splitlines() == [*repr(hint("scale")).splitlines()[:2], 'The next one: hint("3.2", 2).']


@pytest.mark.parametrize("stage", [0, 4, -1, "two", None, 1.5])
def test_a_stage_that_does_not_exist_is_answered_with_those_that_do(scaling, stage):
    assert repr(scaling[1]("scale", stage)) == 'scale has hints 1 to 3: hint("scale", 1) shows the first.'


# ---------------------------------------------------------------- html and terminal


class Outline(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.text = [], ""

    def handle_starttag(self, tag, attributes):
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_html_says_the_words_of_the_text_and_lets_nothing_through():
    nasty = "<script>alert('&')</script>"
    result = Result("03_scaling", "3.2", "scale", "not yet", 0, 2, f"{nasty}\nx < y & z", remarks=(nasty,))
    card = feedback.Shown(shown(result).lines, "not yet", (nasty,))
    outline = Outline()
    outline.feed(card._repr_html_())
    assert outline.open == [] and "<script" not in card._repr_html_()
    assert outline.text.split() == repr(card).split()


@pytest.mark.parametrize("tone", feedback.INK)
def test_a_card_takes_its_colours_from_the_theme(tone):
    text = feedback.Shown(("one",), tone)._repr_html_()
    assert text.count("var(--jp-") == 2 and not re.search(r"(?<!-)color:\s*#", text)


def test_a_terminal_shows_the_same_words_and_colour_only_where_it_is_welcome(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    card = feedback.Shown(("one", "two"), "correct")
    assert re.sub(r"\x1b\[[\d;]*m", "", card.terminal()) == repr(card) != card.terminal()
    assert card.terminal(colour=False) == repr(card)
    monkeypatch.setenv("NO_COLOR", "1")
    assert card.terminal() == repr(card)


# ---------------------------------------------------------------- the picture


@pytest.fixture
def drawn(monkeypatch):
    shell, shown_things = InteractiveShell(), []
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    monkeypatch.setattr("IPython.display.display", shown_things.append)
    return shown_things


def test_a_failed_check_draws_wanted_beside_yours(drawn):
    check, _ = for_lesson("04_softmax")
    failing(check, answer(find("softmax"), "return x"))
    (pair,) = drawn
    assert repr(pair).count("wanted") and pair.wanted.sum() == pytest.approx(1) and pair.yours[0, 0] == 2


@pytest.mark.parametrize("body", ["return 1 / 0", "return None", "return 'text'", "return {}"])
def test_what_cannot_be_drawn_hides_no_sentence(drawn, body):
    check, _ = for_lesson("04_softmax")
    assert failing(check, answer(find("softmax"), body))._render_traceback_()[0].startswith("softmax: not yet.")
    assert drawn == []


def test_a_picture_that_fails_to_import_hides_no_sentence(drawn, monkeypatch):
    monkeypatch.setitem(feedback.PICTURES, "heat pair", lambda exercise, result: 1 / 0)
    check, _ = for_lesson("04_softmax")
    assert failing(check, answer(find("softmax"), "return x")) and drawn == []


def test_every_picture_that_an_exercise_asks_for_is_known():
    assert {exercise.picture for exercise in EXERCISES} - {""} <= set(feedback.PICTURES)


# ---------------------------------------------------------------- the record


def test_each_check_is_recorded_in_the_learners_folder(scaling, tmp_path, monkeypatch):
    (tmp_path / progress.MARK).touch()
    (tmp_path / "exercises").mkdir()
    monkeypatch.chdir(tmp_path / "exercises")
    failing(scaling[0], scale("return scores / d_k"))
    scaling[0](scale(RIGHT))
    one, two = progress.entries()
    assert (one["function"], one["outcome"], one["mistake"], one["points"]) == ("scale", "not yet", "divided-by-d-k", 0)
    assert (two["lesson"], two["outcome"], two["points"]) == ("03_scaling", "correct", 2)
    assert progress.best() == {("03_scaling", "scale"): 2}


def test_each_answer_that_was_checked_is_kept_once_as_it_stood(scaling, tmp_path, monkeypatch):
    (tmp_path / progress.MARK).touch()
    monkeypatch.chdir(tmp_path)
    for body in ("return scores", RIGHT, RIGHT, "return scores"):
        with contextlib.suppress(NotYet):
            scaling[0](scale(body))
    kept = sorted((tmp_path / "answers" / "03_scaling" / "scale").iterdir())
    assert [path.name for path in kept] == ["001.py", "002.py"]
    assert [path.read_text("utf-8") for path in kept] == [source_of(find("scale"), b) for b in ("return scores", RIGHT)]
    assert [entry["answer"][-6:] for entry in progress.entries()] == ["001.py", "002.py", "002.py", "001.py"]
    assert progress.last_kept("03_scaling", "scale") == kept[0], "checked last, though kept first"


def test_an_answer_begun_is_kept_and_a_stub_is_not(scaling, tmp_path, monkeypatch):
    (tmp_path / progress.MARK).touch()
    monkeypatch.chdir(tmp_path)
    failing(scaling[0], scale('"""Doc."""\nraise NotImplementedError("scale is not written yet")'))
    assert not (tmp_path / "answers").exists() and progress.entries() == []
    failing(scaling[0], scale("half = scores / 2\nraise NotImplementedError"))
    assert len(list((tmp_path / "answers").rglob("*.py"))) == 1


def test_outside_a_learners_folder_nothing_is_written(scaling, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scaling[0](scale(RIGHT))
    assert list(tmp_path.iterdir()) == [] and progress.work_dir() is None and progress.entries() == []


def test_a_torn_line_costs_that_line_only(tmp_path):
    result = Result("03_scaling", "3.2", "scale", "correct", 2, 2, "")
    progress.record(result, tmp_path)
    path = tmp_path / progress.NAME
    path.write_bytes(path.read_bytes() + b'{"time": "2026-01-01", "lesson": "03')  # the machine stopped here
    progress.record(result, tmp_path)
    assert [entry["points"] for entry in progress.entries(tmp_path)] == [2, 2]
    assert len(path.read_text().splitlines()) == 3
    path.write_bytes(b"\xff\xfe[1, 2]\n3\n" + path.read_bytes())
    assert len(progress.entries(tmp_path)) == 2


def test_where_nothing_can_be_written_the_verdict_still_comes(tmp_path, monkeypatch, scaling):
    (tmp_path / progress.MARK).touch()
    (tmp_path / progress.NAME).mkdir()  # a folder where the file should be
    monkeypatch.chdir(tmp_path)
    assert repr(scaling[0](scale(RIGHT))).startswith("scale: correct.")
    assert progress.entries() == []


def test_lines_written_at_once_do_not_mix(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    result = Result("03_scaling", "3.2", "scale", "correct", 2, 2, "")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: progress.record(result, tmp_path), range(200)))
    lines = (tmp_path / progress.NAME).read_text().splitlines()
    assert len([json.loads(line) for line in lines if line]) == 200
