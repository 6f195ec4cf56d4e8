"""A guess comes before the truth, stays as it was, and is kept under the learner's own folder alone."""

import json
from html import unescape

import numpy as np
import pytest
from cards import CHOICES, card, stand_in_work

from course_lib import views
from course_lib.progress import MARK
from course_lib.views import predictions
from course_lib.views.predict_verdict import strip, verdict


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A learner's folder, and a notebook's folder inside it to stand in."""
    return stand_in_work(tmp_path, monkeypatch)


def commit(predict, guess):
    """Do what the browser does when the learner commits."""
    predict._card.set_state({"guess": guess})


def test_nothing_is_told_before_the_guess(work):
    predict = card(reveal=views.SoftmaxView())
    assert predict.guess is None and predict.children == (predict._card,)
    sent = predict._card.get_state()
    assert sent["verdict"] == "" and sent["strip"] == {}
    assert "grows" not in repr({name: value for name, value in sent.items() if name not in ("choices", "_esm", "_css")})


def test_a_guess_brings_verdict_drawing_and_reveal(work):
    view = views.SoftmaxView()
    predict = card(reveal=view)
    commit(predict, "shrinks")
    assert predict.guess == "shrinks"
    assert predict._card.verdict == "You guessed: shrinks. The answer: grows."
    assert predict._card.strip == {"guess": 1, "truth": 2}
    assert predict.children == (predict._card, view)


def test_the_first_guess_counts(work):
    predict = card()
    commit(predict, "shrinks")
    commit(predict, "grows")
    assert predict.guess == "shrinks" and predict._card.verdict.startswith("You guessed: shrinks")
    assert json.loads((work / "predictions.json").read_text()) == {"03-share": "shrinks"}


def test_a_guess_survives_running_the_cell_again_and_a_new_kernel(work, monkeypatch):
    commit(card(), "same")
    monkeypatch.setattr(predictions, "_this_session", {})
    again = card(reveal=views.SoftmaxView())
    assert again.guess == "same" and len(again.children) == 2 and again._card.verdict


def test_guesses_lie_in_the_work_folder_and_nowhere_else(work):
    commit(card(), "same")
    commit(card(key="03-spread", choices="number", truth=16), 20)
    files = {path.relative_to(work.parent).as_posix() for path in work.parent.rglob("*") if path.is_file()}
    assert files == {f"work/{MARK}", "work/predictions.json"}
    assert json.loads((work / "predictions.json").read_text("utf-8")) == {"03-share": "same", "03-spread": 20}


def test_outside_a_work_folder_nothing_is_written_and_the_guess_lasts_as_long_as_the_kernel(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(predictions, "_this_session", {})
    commit(card(), "grows")
    assert not list(tmp_path.iterdir()) and card().guess == "grows"


SPOILT = ["", "{", "[1, 2]", '"grows"', '{"03-share": "sideways"}', '{"03-share": 7}', "\x00"]


@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_spoilt_file_costs_nobody_a_guess(work, spoilt):
    (work / "predictions.json").write_text(spoilt)
    predict = card()
    assert predict.guess is None
    commit(predict, "same")
    assert json.loads((work / "predictions.json").read_text())["03-share"] == "same"
    aside = work / "predictions.broken.json"
    assert not aside.exists() or aside.read_text() == spoilt


def test_a_file_that_is_no_record_is_put_aside_and_not_lost(work):
    (work / "predictions.json").write_text('{"01-dog": "dots"')
    commit(card(), "same")
    assert (work / "predictions.broken.json").read_text() == '{"01-dog": "dots"'


def test_a_disk_that_takes_nothing_loses_no_verdict(work, monkeypatch):
    monkeypatch.setattr(predictions.os, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    predict = card()
    commit(predict, "same")
    assert predict.guess == "same" and [path.name for path in work.iterdir() if path.is_file()] == [MARK]
    assert card().guess == "same"


def test_a_reader_never_sees_half_a_file(work, monkeypatch):
    commit(card(), "same")
    before = (work / "predictions.json").read_text()

    def stop_half_way(kept, file, **look):
        file.write(json.dumps(kept)[:9])
        raise OSError("power cut")

    monkeypatch.setattr(predictions.json, "dump", stop_half_way)
    commit(card(key="03-other"), "grows")
    assert (work / "predictions.json").read_text() == before


@pytest.mark.parametrize(
    ("guess", "truth", "says"),
    [
        ("grows", "grows", "You guessed: grows, and so it is."),
        ("same", "grows", "You guessed: same. The answer: grows."),
        (20, 16.034, "You guessed 20. It is 16: you were off by 4."),
        (16, 16.034, "You guessed 16, and 16 it is."),
        (0.5, 0.2184, "You guessed .5. It is .218: you were off by .282."),
        (0, 1000000, "You guessed 0. It is 1,000,000: you were off by 1,000,000."),
        (-2, 0, "You guessed −2. It is 0: you were off by 2."),
        (0.3, 0.1 + 0.2, "You guessed .3, and .3 it is."),
        (1234.5, 1200, "You guessed 1,230. It is 1,200: you were off by 34.5."),
    ],
)
def test_the_verdict_says_guess_truth_and_distance(guess, truth, says):
    assert verdict(guess, truth) == says


def test_the_strip_puts_guess_and_truth_to_scale():
    assert strip(20, 15, []) == {"guess": 1, "truth": 0.75, "zero": 0, "guess_text": "20", "truth_text": "15"}
    below = strip(-10, 30, [])
    assert below["guess"] == 0 and below["zero"] == 0.25 and below["truth"] == 1
    assert strip(0, 0, [])["truth"] == 0


@pytest.mark.parametrize("guess", ["sideways", "", 3, None, float("nan")])
def test_what_is_no_answer_is_no_guess(work, guess):
    predict = card()
    commit(predict, guess)
    assert predict.guess is None and not (work / "predictions.json").exists()


def test_a_guess_stands_in_no_repr_and_no_html(work):
    predict = card(reveal=views.SoftmaxView())
    before = repr(predict), predict.html()
    commit(predict, "shrinks")
    assert (repr(predict), predict.html()) == before == (repr(card()), card(reveal=views.SoftmaxView()).html())


def test_html_folds_the_answer_and_its_figure_away(work):
    html = card(question="is 1 < 2?", reveal=views.SoftmaxView()).html()
    question, answer = html.split("<details>")
    assert "is 1 &lt; 2?" in question and all(f"<li>{choice}</li>" in question for choice in CHOICES)
    assert "<summary>Answer</summary><p>grows</p><figure" in answer and "widget" not in html
    assert unescape(html).count(views.SoftmaxView().describe()) == 2


def test_the_truth_may_be_computed_and_may_be_a_numpy_number(work):
    predict = card(choices="number", truth=lambda: np.float64(16.03))
    commit(predict, 16)
    assert predict._card.verdict == "You guessed 16, and 16 it is."


# ---- shares: a row of truths, and bars that always sum to 1

SHARES = {"choices": ["2", "1", ".5"], "truth": [0.629, 0.231, 0.14]}


def test_a_truth_of_shares_asks_for_shares_and_tells_none_of_them(work):
    predict = card(**SHARES)
    sent = predict._card.get_state()
    assert sent["shares"] is True and sent["strip"] == {} and "0.629" not in str(sent["choices"])
    assert card()._card.shares is False
    assert repr(predict) == "Predict(03-share)\nlargest share: shares of 2, 1, .5"


def test_a_guess_of_shares_is_kept_and_told_with_its_distance(work):
    predict = card(**SHARES)
    commit(predict, [0.5, 0.3, 0.2])
    assert predict.guess == [0.5, 0.3, 0.2]
    assert predict._card.verdict == (
        "You guessed .50, .30, .20. It is .629, .231, .140. "
        "Move .13 of the whole, and they agree (half the sum of all differences)."
    )
    assert predict._card.strip["truth_texts"] == [".629", ".231", ".140"]
    assert json.loads((work / "predictions.json").read_text()) == {"03-share": [0.5, 0.3, 0.2]}
    assert card(**SHARES).guess == [0.5, 0.3, 0.2]
    commit(predict, [1, 0, 0])
    assert predict.guess == [0.5, 0.3, 0.2]


def test_the_distance_of_shares_is_what_would_have_to_move():
    assert "Move 1.00 of the whole" in verdict([1, 0, 0], [0, 0.5, 0.5])
    assert verdict([0.63, 0.23, 0.14], [0.629, 0.231, 0.14]).endswith("as near as bars can come.")


@pytest.mark.parametrize(
    "guess", [[0.5, 0.5], [0.5, 0.6, 0.2], [1.2, -0.2, 0], ["a", "b", "c"], "2", 0.5, None, [True, False, False]]
)
def test_what_are_no_shares_is_no_guess(work, guess):
    predict = card(**SHARES)
    commit(predict, guess)
    assert predict.guess is None and not (work / "predictions.json").exists()


def test_a_guess_of_another_form_under_the_same_key_costs_nothing(work):
    commit(card(), "same")
    assert card(**SHARES).guess is None


def test_the_shares_are_folded_away_in_html(work):
    question, answer = card(**SHARES).html().split("<details>")
    assert "A share of 1 for each" in question and ".629" not in question
    assert "2: .629, 1: .231, .5: .140" in answer


def test_shares_may_be_computed_as_an_array(work):
    predict = card(choices=["a", "b"], truth=lambda: np.array([0.25, 0.75]))
    commit(predict, [0.25, 0.75])
    assert predict.truth == [0.25, 0.75] and predict._card.verdict.endswith("as near as bars can come.")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"truth": [0.5, 0.5]}, "got 2 shares, 3 choices"),
        ({"truth": [0.5, 0.2, 0.2]}, "must be shares, none below 0, that sum to 1"),
        ({"truth": [1.5, -0.5, 0.0]}, "must be shares, none below 0, that sum to 1"),
        ({"truth": [float("nan"), 0.5, 0.5]}, "must be shares"),
        ({"choices": "number", "truth": [0.5, 0.5]}, "must be a number"),
        ({"key": ""}, "key must be words"),
        ({"question": 3}, "question must be words"),
        ({"choices": "numbers"}, 'a list of words or "number"'),
        ({"choices": ["one"]}, "at least two different words"),
        ({"choices": ["a", "a"]}, "at least two different words"),
        ({"choices": [1, 2]}, "at least two different words"),
        ({"truth": "sideways"}, "truth of 03-share must be one of same, shrinks, grows"),
        ({"choices": "number", "truth": "grows"}, "truth of 03-share must be a number"),
        ({"choices": "number", "truth": float("inf")}, "must be a number"),
        ({"reveal": "a view"}, "reveal must be a view"),
    ],
)
def test_a_wrong_argument_is_refused_in_a_sentence(work, changed, says):
    with pytest.raises(ValueError, match=says):
        card(**changed)
