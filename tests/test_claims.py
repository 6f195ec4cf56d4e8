"""Every number in a lesson's prose is a claim that holds, a number that the notebook shows, or exempt."""

import json
from decimal import Decimal
from pathlib import Path

import nbformat
import pytest
import tiny_course as tiny

from course_tools.build import claims, numerals, source

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "content" / "lessons").glob("*.md"))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_claim_of_a_lesson_holds(path):
    assert list(claims.problems(source.read(path, f"content/lessons/{path.name}"))) == []


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_number_in_a_lesson_is_claimed_or_shown(path):
    built = ROOT / "notebooks" / f"{path.stem}.ipynb"
    assert built.exists(), f"notebooks/{path.stem}.ipynb is not built: run `course build {path.stem}`"
    notebook = nbformat.read(built, as_version=4)
    assert list(claims.unclaimed(source.read(path, f"content/lessons/{path.name}"), notebook)) == []


# Reading numbers

READ = {
    ".96": ("0.96", 2), "0.5": ("0.5", 1), "1,024": ("1024", 0), "−3": ("-3", 0), "-3.50": ("-3.50", 2), 
    "2e-4": ("0.0002", 4),
    "25 %": ("0.25", 2), "99.5%": ("0.995", 3), "fifteen": ("15", 0), "Twenty": ("20", 0), "1,048,576": ("1048576", 0),
}  # fmt: skip


@pytest.mark.parametrize("words", READ)
def test_words_are_read_as_numbers(words):
    value, decimals = READ[words]
    assert numerals.number(words) == (Decimal(value), decimals)


@pytest.mark.parametrize("words", ["", "n", "1/16", "16 keys", "1,02", "float32", "x 2"])
def test_other_words_are_no_numbers(words):
    assert numerals.number(words) is None


ROUNDING = {
    (".96", 0.9649): True, (".96", 0.9651): False, (".96", 0.955): True, ("32", 31.6): True, ("32", 31.4): False,
    ("1,024", 1024): True, ("25 %", 0.254): True, ("25 %", 25): False, ("−3", -3): True, ("-3", 3): False,
    ("2e-4", 0.00024): True, ("2e-4", 0.00026): False,
}  # fmt: skip


@pytest.mark.parametrize("words, value", ROUNDING)
def test_a_value_must_round_to_the_words(words, value):
    assert numerals.number(words).is_shown_by(value) is ROUNDING[words, value]


# Claims


def told_of(tmp_path, body, claims_yaml):
    text = tiny.course(tmp_path, f"# A\n\n{body}\n", claims=claims_yaml).source("lessons", "03_scaling")
    return list(claims.problems(source.read(text)))


HOLDS = [
    ("It is .96.", ".96", "0.9604"),
    ("It is .96.", ".96", "np.float32(0.9604)"),
    ("All fifteen lost.", "fifteen", "16 - 1"),
    ("softmax shares .73.", ".73", "softmax(np.array([1.0, 0.0]))[0]"),
    ("spread 2 at 4", "spread 2 at 4", "round(score_std(4, 2000, np.random.default_rng(0))) == 2"),
    ("It is −3 here.", "−3", "-3"),
    ("More is more.", "More is more", "np.all(np.arange(3) >= 0)"),
]


@pytest.mark.parametrize("body, words, expression", HOLDS)
def test_a_claim_holds(tmp_path, body, words, expression):
    assert told_of(tmp_path, body, json.dumps({words: expression}, ensure_ascii=False)) == []


FAILS = [
    ("It is .96.", '".96": 0.9404', "the prose says .96; 0.9404 is 0.94 (0.9404)."),
    ("It is .97.", '".96": 0.96', 'the claim ".96" stands nowhere in the prose'),
    ("It is 0.96.", '".96": 0.96', 'the claim ".96" stands nowhere in the prose'),
    ("It is .96.", ".96: 0.96", "put the words of the claim 0.96 in quotes"),
    ("It is .96.", '".96": larges(1)', "cannot be computed: NameError: name 'larges' is not defined"),
    ("It is .96.", '".96": "str(1)"', "the claim \".96\" is a number, but str(1) is '1'"),
    ("It is 1.", '"1": 2 > 1', 'the claim "1" is a number, but 2 > 1 is True'),
    ("more is less", '"more is less": 1 > 2', 'the claim "more is less" does not hold: 1 > 2 is False'),
    ("more is less", '"more is less": "16"', 'the claim "more is less" does not hold: 16 is 16'),
]


@pytest.mark.parametrize("body, claim, sentence", FAILS)
def test_a_claim_fails_with_its_line(tmp_path, body, claim, sentence):
    (said,) = told_of(tmp_path, body, "{" + claim + "}")
    assert said.startswith(f"03_scaling.md:{tiny.CLAIMS_LINE}: ") and sentence in said


# Numbers in prose


def left(tmp_path, prose, shown=(), claim=""):
    """The numbers of the prose that nothing covers."""
    course = tiny.course(tmp_path, f"# A\n\n{prose}\n", claims="{" + claim + "}")
    cells = [nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("stream", text=text)]) for text in shown]
    said = claims.unclaimed(source.read(course.source("lessons", "03_scaling")), nbformat.v4.new_notebook(cells=cells))
    return [sentence.split("the number ")[1].split(" is neither")[0] for sentence in said]


@pytest.mark.parametrize("words", ["7", ".96", "1,024", "−3", "25 %", "2e-4", "7.5"])
def test_a_bare_number_is_seen(tmp_path, words):
    assert left(tmp_path, f"It is {words} here, and {words}.") == [words, words]


@pytest.mark.parametrize(
    "place", ["> **Myth.** *{}*", "| a | {} |\n|---|---|\n| b | c |", "- at {}", "**{}**", "({})", "<p>{}</p>"]
)
def test_no_corner_of_the_prose_hides_a_number(tmp_path, place):
    assert left(tmp_path, place.format(7.25)) == ["7.25"]


EXEMPT = [
    "## At 64 features", "Vaswani et al. 2017 say so (2015, too).", "`x = 64`", "```python\nx = 64\n```", "``a ` 64``",
    "$d_k = 64$", "$$\nd_k = 64\n$$", "[64 keys](x.ipynb)", "![64 keys](x.png)", "<https://example.org/64>",
    "https://example.org/64", "In lesson 04 and lessons 08 and 11.", "Lesson 04 (04) and 04_softmax.", "Exercise 3.2.",
    "[lesson 03](x.ipynb), exercises 3.1 to 3.4 and 3.5", "*45 minutes · you need 3 things*", "It takes 5 minutes.",
    "*45 minutes end here: 3 lessons.*", "1. First.\n2. Second.", "<img alt='64' src='x'>", "float32 and W2 and Q_1",
    "## Reading\n\nPaper 7, §3.2.1, pages 8 to 9.", "**Reading.** Section 3, footnote 4.", 
    "A 2-D array.", "NumPy 2.4.6",
]  # fmt: skip


@pytest.mark.parametrize("prose", EXEMPT)
def test_exempt_numbers_are_passed_over(tmp_path, prose):
    assert left(tmp_path, prose) == []


@pytest.mark.parametrize(
    "prose", ["In 2048 keys", "lesson plan 7", "7 minute hands", "Costs $5 and $6", "2,017", "read 7 pages"]
)
def test_exemptions_reach_no_further(tmp_path, prose):
    assert left(tmp_path, prose)


def test_a_note_for_the_presenter_may_hold_wrong_answers(tmp_path):
    assert left(tmp_path, 'Text.\n\n+++ {"slide": "notes"}\n\nExpect 384.') == []


def test_a_printed_number_needs_no_claim(tmp_path):
    assert left(tmp_path, "It is .96 of 1,024.", ["[0.9604, 1024]"]) == []


def test_a_whole_number_must_be_printed_as_it_stands(tmp_path):
    assert left(tmp_path, "It is 32.", ["31.9"]) == ["32"]
    assert left(tmp_path, "It is 32.", ["32.0"]) == []


def test_a_number_may_not_show_more_than_was_printed(tmp_path):
    assert left(tmp_path, "It is .961.", ["0.96"]) == [".961"]
    assert left(tmp_path, "It is .50.", ["0.5"]) == []


def test_a_claim_covers_its_words_and_no_others(tmp_path):
    claim = '"16 keys": "True"'
    assert left(tmp_path, "With 16 keys, 16 queries.", claim=claim) == ["16"]


def test_a_claim_does_not_reach_into_a_longer_number(tmp_path):
    assert left(tmp_path, "It is 10.96 and 0.96 and .96.", claim='".96": 1') == ["10.96", "0.96"]


def test_the_words_of_a_picture_count_as_shown_and_its_sum_of_pixels_does_not(tmp_path):
    html = '<figure><img alt="top .96" src="data:image/png;base64,AA77AA"><figcaption>top .96</figcaption></figure>'
    cell = nbformat.v4.new_code_cell("View(d_k=20_000)")
    cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": html, "text/plain": "View 31.4"})]
    notebook = nbformat.v4.new_notebook(cells=[cell])
    course = tiny.course(tmp_path, "# A\n\nIt is .96 at 20,000, not 31.4 or 77.\n")
    said = list(claims.unclaimed(source.read(course.source("lessons", "03_scaling")), notebook))
    assert [sentence.split()[3] for sentence in said] == ["31.4", "77"]


def test_the_author_is_told_the_line_and_what_to_write(tmp_path):
    course = tiny.course(tmp_path, "# A\n\nOne.\nThey are 16 keys.\n")
    (said,) = claims.unclaimed(source.read(course.source("lessons", "03_scaling")), nbformat.v4.new_notebook())
    assert said.startswith(f"03_scaling.md:{tiny.line(4)}: the number 16 is neither a claim nor printed")
    assert '`"16": <what computes it>` (or `"16 keys": <what is True>`)' in said
