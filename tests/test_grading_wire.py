"""The wire: what is honest comes back as it went, and whatever else comes is turned away before it is looked at."""

import base64
from types import SimpleNamespace

import numpy as np
import pytest

from course_lib.checks.exercise import Seed
from course_tools.grading import frames, wire
from course_tools.grading.remote import ENTRIES, Remote, last_words
from course_tools.grading.ward import Gone

VALUES = [
    None,
    True,
    -7,
    2**62,
    0.1,
    float("inf"),
    "word",
    Seed(7),
    np.float32(0.1),
    np.arange(6).reshape(2, 3),
    np.array([[True, False]]),
    np.zeros((3, 0, 2)),
    np.array(1.5),
    np.array([np.nan, -0.0, np.inf]),
    (1, 2.5),
    (np.ones(2), np.ones((2, 3), np.float16)),
]


def there_and_back(value):
    sent = frames.message(frames.frame({"value": wire.encode(value)})[8:])
    return wire.decode(sent["value"], ENTRIES)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: f"{type(value).__name__}-{value}".replace("\n", ""))
def test_what_is_honest_comes_back_as_it_went(value):
    back = there_and_back(value)
    if isinstance(value, (np.ndarray, np.generic)):
        assert type(back) is type(value) and back.dtype == value.dtype and back.shape == value.shape
        assert back.tobytes() == value.tobytes()
    else:
        assert type(back) is type(value) and str(back) == str(value)


@pytest.mark.parametrize("dtype", [">f8", "int8", "uint16", "longdouble", "complex64"])
def test_other_widths_come_back_in_the_widest_of_their_kind(dtype):
    value = np.array([1, 2, 3], dtype)
    back = there_and_back(value)
    assert back.dtype.kind == np.dtype(dtype).kind.replace("u", "i") and np.array_equal(back, value)


def test_a_list_of_rows_comes_back_as_a_list_of_rows():
    back = there_and_back([[1, 2], [3, 4]])
    assert type(back) is list and np.array_equal(back, [[1, 2], [3, 4]])


def test_strided_and_reversed_views_come_back_as_what_they_show():
    value = np.arange(24).reshape(4, 6)[::-2, ::3].T
    assert np.array_equal(there_and_back(value), value)


@pytest.mark.parametrize("value", [object(), {1: 2}, {1}, (x for x in "a"), np.array(["a"]), np.array([None]), 10**40])
def test_what_is_no_number_comes_back_as_a_name_and_nothing_else(value):
    back = there_and_back(value)
    assert type(back).__name__ == type(value).__name__ and not vars(back)


class Evil(int):
    def __reduce__(self):
        raise AssertionError("it was pickled")

    def __eq__(self, other):
        raise AssertionError("it was compared")


def test_a_subclass_of_a_number_is_no_number():
    assert wire.encode(Evil(7)) == ["opaque", "Evil"]


def test_lists_of_words_and_ragged_rows_come_back_as_lists():
    for value in ([["a"] * 60] * 60, [[0.5] * i for i in range(1, 60)]):
        assert there_and_back(value) == value


DATA = base64.b64encode(bytes(8)).decode()
FORGED = {
    "unknown": ["pickle", "gASV"],
    "no list": 7,
    "empty": [],
    "unhashable": [[], 1],
    "float of text": ["float", 7],
    "float of a list": ["float", ["0x1p0"] * 50],
    "plain of a list": ["plain", []],
    "plain of a float": ["plain", 0.5],
    "object dtype": ["array", "object", [1], DATA],
    "void dtype": ["array", "V8", [1], DATA],
    "negative": ["array", "float64", [-1, -1], DATA],
    "huge": ["array", "float64", [2**31 - 1, 2**31 - 1], ""],
    "huge but empty": ["array", "bool", [2**31 - 1, 0], ""],
    "many axes": ["array", "bool", [1] * 9, "AA=="],
    "true for a size": ["array", "bool", [True], "AA=="],
    "shape of text": ["array", "bool", "1", "AA=="],
    "too short": ["array", "float64", [2], DATA],
    "too long": ["array", "float64", [1], DATA * 2],
    "no base64": ["array", "float64", [1], "!" * 12],
    "data of a list": ["array", "float64", [1], [0] * 12],
    "rows of a scalar": ["rows", "list", ["plain", 7]],
    "rows of nothing": ["rows", "list", None],
    "rows in rows": ["rows", "list", ["rows", "list", ["rows", "list", ["rows", "list", ["rows", "list", 7]]]]],
    "deep": ["list", [["list", [["list", [["list", [["list", [["list", []]]]]]]]]]]],
    "wide": ["list", [["plain", 1]] * 65],
    "too many words": ["plain", 1, 2],
    "few words for many rows": ["tuple", [["rows", "list", ["array", "bool", [ENTRIES // 2, 0], ""]]] * 3],
    "few words for many things": ["list", [["list", [["opaque", "a"]] * 64]] * 64],
}


@pytest.mark.parametrize("kind", FORGED)
def test_what_no_honest_child_sends_is_turned_away(kind):
    with pytest.raises(frames.Malformed):
        wire.decode(FORGED[kind], ENTRIES)


def test_the_bytes_of_forged_booleans_become_true_and_false():
    back = wire.decode(["array", "bool", [3], base64.b64encode(b"\x02\x00\xff").decode()], ENTRIES)
    assert back.view(np.uint8).tolist() == [1, 0, 1]


@pytest.mark.parametrize("head", [b"0000000", b"0000000G", b"-0000001", b"0x000001", b"+0000001", b"00 00001"])
def test_a_length_is_eight_digits(head):
    with pytest.raises(frames.Malformed, match="eight digits"):
        frames.length(head, 100)


def test_a_length_has_a_limit_and_a_frame_is_an_object():
    assert frames.length(b"00000064", 100) == 100
    with pytest.raises(frames.Malformed, match="too long"):
        frames.length(b"00000065", 100)
    for body in (b"[1]", b"{", b"\xff", b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}"):
        with pytest.raises(frames.Malformed):
            frames.message(body)


# ---------------------------------------------------------------- what a reply may say of a call


HONEST = {"printed": False, "changed": [], "answer": ["plain", 1]}


def remote_of(*replies):
    """Return a Remote whose child says these, and is gone where one is a Gone."""

    def ask_each(task, count):
        for reply in replies:
            if isinstance(reply, Gone):
                raise reply
            yield reply

    return Remote(SimpleNamespace(ask_each=ask_each), None)


def replying(**said):
    return remote_of(HONEST | said).run((np.ones(3), 2))


def test_an_honest_reply_is_the_call():
    call = replying(changed=[[0, wire.encode(np.zeros(3))]])
    assert call.answer == 1 and call.error is None and call.changed[0][0] == 0


ZEROS = wire.encode(np.zeros(3))
CHANGED = [
    [[-1, ZEROS]],
    [[9, ZEROS]],
    [[True, ZEROS]],
    [[1, ZEROS]],
    [["0", ZEROS]],
    [[0, ["text", "x"]]],
    7,
    [7],
    [[0]],
]


@pytest.mark.parametrize("changed", CHANGED, ids=range(len(CHANGED)))
def test_an_argument_that_cannot_have_changed_ends_the_child(changed):
    assert type(replying(changed=changed).error).__name__ == "Ended"


@pytest.mark.parametrize("name", ["SystemExit", "KeyboardInterrupt", "print", "__import__", "a b", 7, None])
def test_an_error_has_the_learners_name_and_is_none_of_ours(name):
    call = replying(error=[name, "text", ""])
    assert isinstance(call.error, Exception) and str(call.error) == "text"
    assert not isinstance(call.error, (SystemExit, KeyboardInterrupt))


def test_of_the_last_words_only_words_are_read():
    deep = [[] for _ in range(3)]
    said = {"outcome": deep, "message": {"a": 1}, "remarks": ["so", 7, None, "x" * 999, *["y"] * 99]}
    outcome, message, remarks = last_words(said)
    assert (outcome, message, remarks[:2]) == ("", "", ("so", "x" * wire.TEXT)) and len(remarks) == 18


def test_a_child_that_is_gone_answers_every_further_call_alike():
    remote = remote_of(Gone("its process ended (signal 11)"))
    assert [str(remote.run(()).error) for _ in range(2)] == ["its process ended (signal 11)"] * 2


def test_a_child_that_ends_midway_keeps_the_calls_it_answered():
    first, second, third = remote_of(HONEST, Gone("its process ended (exit 0)")).each([((), None)] * 3)
    assert first.answer == 1 and [str(call.error) for call in (second, third)] == ["its process ended (exit 0)"] * 2


def test_no_reply_is_left_for_the_next_question():
    remote, told = remote_of(), []
    remote.child.ask_each = lambda task, count: (told.append(i) or HONEST for i in range(count))
    remote.each([((), None)] * 3)
    assert told == [0, 1, 2]
