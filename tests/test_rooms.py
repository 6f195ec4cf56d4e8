"""A show of hands: what a room answered is drawn beside the truth, kept for the next room, and tells it nothing."""

import json

import pytest
from cards import CHOICES, card, stand_in_work

from course_lib import views
from course_lib.progress import MARK
from course_lib.views import rooms
from course_tools import present


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A learner's folder, and a kernel that `course present` started in it."""
    for name, value in present.environment().items():
        monkeypatch.setenv(name, value)
    return stand_in_work(tmp_path, monkeypatch)


def raise_hands(predict, hands):
    """Do what the browser does when the presenter asks for the answer."""
    predict._card.set_state({"hands": hands})


def test_a_room_is_drawn_beside_the_truth_and_said_in_words(work):
    view = views.SoftmaxView()
    predict = card(reveal=view)
    assert predict._card.room and predict.children == (predict._card,)
    raise_hands(predict, [3, 12, 9])
    assert predict._card.verdict == "The answer: grows. 9 of 24 in the room had it (same 3, shrinks 12, grows 9)."
    assert predict._card.strip == {
        "truth": 2, "room": [3 / 24, 12 / 24, 9 / 24], "room_texts": ["3 of 24", "12 of 24", "9 of 24"]
    }  # fmt: skip
    assert predict.children == (predict._card, view)


def test_the_next_room_sees_the_rooms_before_it_and_only_after_it_has_answered(work):
    raise_hands(card(), [3, 12, 9])
    raise_hands(card(), [1, 1, 3])
    third = card()
    assert third._card.verdict == "" and third._card.strip == {}
    raise_hands(third, [0, 2, 2])
    assert third._card.strip["before_texts"] == ["4 of 29", "13 of 29", "12 of 29"]
    assert third._card.strip["room_texts"] == ["0 of 4", "2 of 4", "2 of 4"]


def test_rooms_are_kept_in_the_work_folder_and_no_guess_of_the_presenters_is(work):
    raise_hands(card(), [3, 12, 9])
    files = {path.name for path in work.rglob("*") if path.is_file()}
    assert files == {MARK, "rooms.jsonl"}
    lines = (work / "rooms.jsonl").read_text("utf-8").split("\n")
    assert json.loads(lines[1]) == {"key": "03-share", "choices": CHOICES, "hands": [3, 12, 9]}


def test_an_answer_is_counted_once(work):
    predict = card()
    raise_hands(predict, [3, 12, 9])
    raise_hands(predict, [24, 0, 0])
    assert predict._card.strip["room_texts"][0] == "3 of 24"
    assert rooms.before("03-share", CHOICES) == [3, 12, 9]


@pytest.mark.parametrize("hands", [None, [3, 12], [3, 12, -9], [3, 12, 9.5], [True, 1, 1], "3, 12, 9", {"same": 3}])
def test_what_is_no_show_of_hands_shows_nothing(work, hands):
    predict = card()
    raise_hands(predict, hands)
    assert predict._card.verdict == "" and not (work / "rooms.jsonl").exists()


def test_a_room_without_a_hand_sees_the_truth_and_is_not_kept(work):
    predict = card()
    raise_hands(predict, [0, 0, 0])
    assert predict._card.verdict == "The answer: grows." and predict._card.strip == {"truth": 2}
    assert not (work / "rooms.jsonl").exists()


@pytest.mark.parametrize("spoilt", ['{"key": "03-sh', "[1]", '{"key": "03-share"}', "\x00\xff", "[" * 100_000])
def test_a_torn_or_foreign_line_costs_no_other_room(work, spoilt):
    raise_hands(card(), [3, 12, 9])
    with open(work / "rooms.jsonl", "a", encoding="utf-8") as file:
        file.write(spoilt)  # no line end: the next line must not be swallowed
    raise_hands(card(), [1, 1, 3])
    assert rooms.before("03-share", CHOICES) == [4, 13, 12]


def test_a_card_that_has_other_choices_by_now_forgets_its_rooms(work):
    raise_hands(card(), [3, 12, 9])
    assert rooms.before("03-share", ["same", "grows", "shrinks"]) == [0, 0, 0]
    assert rooms.before("03-other", CHOICES) == [0, 0, 0]


def test_a_disk_that_takes_nothing_stops_no_show(work):
    (work / "rooms.jsonl").mkdir()
    predict = card()
    raise_hands(predict, [3, 12, 9])
    assert predict._card.verdict.startswith("The answer: grows.")


def test_a_guess_made_while_preparing_tells_the_room_nothing(work, monkeypatch):
    monkeypatch.delenv("COURSE_PRESENTING")
    alone = card()
    alone._card.set_state({"guess": "grows"})
    assert alone.guess == "grows" and not alone._card.room
    monkeypatch.setenv("COURSE_PRESENTING", "1")
    assert card()._card.verdict == ""


def test_numbers_and_shares_are_asked_as_ever_and_asked_again(work):
    for changed, guess in (({"choices": "number", "truth": 16}, 7), ({"truth": [0.5, 0.25, 0.25]}, [0.5, 0.5, 0])):
        predict = card(**changed)
        assert not predict._card.room
        predict._card.set_state({"guess": guess})
        assert predict._card.verdict and card(**changed)._card.verdict == ""
    assert not (work / "predictions.json").exists()
