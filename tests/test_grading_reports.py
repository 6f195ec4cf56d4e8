"""Reports: whatever a learner wrote into names, answers and errors stays text, and the class is told what to hear."""

import json
import re

import pytest
from grading import hand_in, needs_jail, of, row_of

from course_lib.checks import EXERCISES, LESSONS, find
from course_tools.grading import command, explain
from course_tools.grading.batch import Batch
from course_tools.grading.class_report import class_report, to_say
from course_tools.grading.page import POLICY
from course_tools.grading.reports import file_name, report
from course_tools.grading.similar import MOST, alike, pairs, similar_report

pytestmark = needs_jail
MARKUP = "</pre><script>document.title='x'</script><img src=x onerror=\"document.title='x'\">"
SPITEFUL = f'''# {MARKUP}
def scale(scores, d_k):
    raise ValueError("""{MARKUP}\x1b[31m\u202e""")
'''


@pytest.fixture
def spiteful(judge):
    return row_of(judge, hand_in(SPITEFUL), learner=MARKUP, name=f"{MARKUP.replace('/', '')}_03_scaling.ipynb")


def pages_of(row):
    other = row | {"learner": "ben"}
    return [report(row["learner"], [row]), class_report([row]), similar_report([row, other])]


# ---------------------------------------------------------------- nothing gets through


def test_what_a_learner_wrote_is_text_on_every_page(spiteful):
    for page in pages_of(spiteful):
        body = page.partition("<h1>")[2]
        assert "<script" not in page and "<img" not in page and "\x1b" not in page and "\u202e" not in page
        assert set(re.findall(r"</?(\w+)", body)) <= set(
            "h1 h2 h3 p pre code table tr th td section div a main body html".split()
        )
        assert page.count("Content-Security-Policy") == 1 and "default-src &#x27;none&#x27;" in page
    assert "script" not in POLICY
    assert "&lt;script&gt;" in pages_of(spiteful)[0], "the answer is shown, as text"


def test_the_name_of_a_report_is_harmless_and_nobody_elses():
    names = [file_name(name) for name in ("../../etc/passwd", "a/b", "a-b", "CON", "x" * 999, "", "Ü", "Ö")]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9-]{1,49}\.html", name) for name in names)


def test_a_terminal_sees_no_escapes(tmp_path, capsys, spiteful):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "anna\x1b[31m_03_scaling.ipynb").write_bytes(hand_in(SPITEFUL))
    assert command.main(folder, tmp_path / "out") == 0
    assert command.main(folder, tmp_path / "out", told=("anna�[31m", "scale")) == 0
    assert command.main(folder, tmp_path / "out", told=("anna\x1b[31m", "scale")) == 0
    assert command.main(folder, tmp_path / "out", told=("\x1b[31m", "scale")) == 2
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err and "ValueError" in said.out


# ---------------------------------------------------------------- what they say


def test_a_learner_reads_the_answer_the_message_a_hint_and_where_to_read_on(judge):
    row = row_of(judge, hand_in("def scale(scores, d_k):\n    return scores / d_k"))
    page = report("anna", [row])
    exercise = find("scale", "03_scaling")
    assert "<p>0 of 8 points.</p>" in page
    section = page[page.index("3.2 scale") :].partition("</section>")[0]
    asked, answer, said = map(section.index, (exercise.promise, "return scores / d_k", "you divided by dₖ"))
    assert asked < answer < said < section.index("Hint:")
    assert exercise.hints[0].split("?")[0][:30] in page.replace("&#x27;", "'")
    assert "Read on in <code>work/notebooks/03_scaling.ipynb</code>" in section
    assert "○ 3.2 scale: not yet, 0 of 2 points" in page
    row["exercises"] = [of(row) | {"outcome": "not attempted", "answer": "the stub"}]
    assert "the stub" not in report("anna", [row])


def test_a_right_answer_gets_no_hint(judge):
    row = row_of(judge, hand_in())
    row["exercises"] = [of(row)]
    page = report("anna", [row])
    assert "✓ 3.2 scale: correct, 2 of 2 points" in page and "Hint:" not in page
    assert page.count("correct") == 1, "it is said once"
    row["exercises"][0]["message"] += " Remark: a list came back."
    assert "<p>Remark: a list came back.</p>" in report("anna", [row])


def test_the_class_is_counted_by_mistake_with_the_sentence_to_say(judge):
    wrong = row_of(judge, hand_in("def scale(scores, d_k):\n    return scores / d_k"))
    other = row_of(judge, hand_in("def scale(scores, d_k):\n    return scores / 8"), learner="e")
    rows = [other, *(wrong | {"learner": name} for name in ("a", "b", "c")), row_of(judge, hand_in(), learner="d")]
    page = class_report(rows)
    first, section = (
        page[page.index(f"<h2>{head}<") :].partition("</section>")[0] for head in ("To say first", "3.2 scale")
    )
    assert "1 correct, 4 not yet, 0 not attempted" in section and section.count("<tr>") == 3
    to_hear = "At dₖ = 64 your spread is 0.125, so 16 keys get nearly equal shares: you divided by dₖ. Which power"
    assert f"<td>3</td><td>divided-by-d-k</td><td>{to_hear}" in section.partition("</tr>")[2].partition("</tr>")[0]
    assert f"<td>3</td><td>3.2 scale</td><td>{to_hear}" in first


def test_a_lecture_begins_with_the_mistakes_that_most_learners_share(judge):
    wrong = row_of(judge, hand_in("def scale(scores, d_k):\n    return scores / d_k"))
    record = of(wrong)
    others = [find("scale", "03_scaling").mistakes[i].id for i in range(8)]
    made = [record["mistake"]] * 5 + [name for name in others for _ in range(2)] + [None] * 9
    rows = [wrong | {"learner": str(i), "exercises": [record | {"mistake": name}]} for i, name in enumerate(made)]
    first = class_report(rows).partition("To say first")[2].partition("</section>")[0]
    counts = [int(count) for count in re.findall(r"<tr><td>(\d+)</td>", first)]
    assert counts[0] >= 5 and counts[1:] == [2, 2, 2, 2], "nine that no mistake of the catalogue explains are not there"
    assert "To say first" not in class_report(rows[:1]), "one learner's mistake is no class's"


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.key)
def test_every_mistake_has_a_sentence_to_say_with_numbers_of_its_own(exercise):
    for mistake in exercise.mistakes:
        said = to_say(exercise, mistake.id)
        assert said and not re.search(r"\{.*\}", said) and said.count("…") == mistake.message.count("…"), said


def test_explain_shows_every_case_also_behind_the_first_that_is_wrong(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "anna_03_scaling.ipynb").write_bytes(hand_in("def scale(scores, d_k):\n    return scores / d_k"))
    (folder / "ben_03_scaling.ipynb").write_bytes(b"")
    batch = Batch(folder, tmp_path, b"a secret of the tests")
    lines = explain.explain(batch, "anna", "scale")
    cases = find("scale", "03_scaling").inputs(__import__("numpy").random.default_rng(0))
    assert len(lines) == 2 + len(cases) and lines[2].startswith("1. base: values. scale(")
    assert lines[-1].endswith("right."), "with a single feature both formulas agree"
    for who, what, says in [
        ("nobody", "scale", "Nobody called"),
        ("ann", "scale", "There is anna"),
        ("ben", "scale", "ben handed in nothing for 03_scaling. ben_03_scaling.ipynb is empty."),
        ("anna", "x", "x"),
    ]:
        with pytest.raises(ValueError, match=says):
            explain.explain(batch, who, what)


# ---------------------------------------------------------------- similar answers

LONG = """def scale(scores, d_k):
    {0} = np.zeros(scores.shape)
    for {1}, {2} in np.ndenumerate(scores):
        {0}[{1}] = {2} / d_k ** 0.5
    return {0}
"""


def similar(judge, *sources):
    rows = [row_of(judge, hand_in(source), learner=str(i)) for i, source in enumerate(sources)]
    return [(one["learner"], other["learner"]) for _, _, one, other in pairs(alike(rows))]


def test_answers_that_differ_in_names_and_remarks_only_are_shown_as_a_pair(judge):
    other = LONG.format("b", "k", "v").replace("    b = ", '    """Doc."""\n    # mine\n    b = ', 1)
    assert similar(judge, LONG.format("a", "i", "x"), other) == [("0", "1")]


def test_answers_with_another_thought_in_them_are_no_pair(judge):
    other = LONG.format("b", "k", "v").replace("** 0.5", "** 0.25 ** 1")
    assert similar(judge, LONG.format("a", "i", "x"), other) == []
    assert similar(judge, LONG.format("a", "i", "x"), LONG.format("a", "i", "a")) == []


def test_short_answers_and_those_of_the_course_are_no_pairs(judge):
    short = "def scale(scores, d_k):\n    return scores / d_k ** 0.5 / 1"
    assert similar(judge, short, short) == []
    softmax = LESSONS["04_softmax"]
    rows = [row_of(judge, hand_in(exercises=softmax, only=None), str(i), "04_softmax.ipynb") for i in (1, 2)]
    assert alike(rows) == {}


def test_a_pair_is_shown_with_both_sources_and_without_a_verdict(judge):
    rows = [row_of(judge, hand_in(LONG.format(*names)), names) for names in ("abc", "xyz")]
    page = similar_report(rows)
    assert "a = np.zeros" in page and "x = np.zeros" in page and "read both before you think anything" in page
    assert [row["points"] for row in rows] == [2, 2]
    assert json.dumps(rows)


def test_of_a_class_that_writes_all_alike_a_few_pairs_are_shown_and_all_are_counted(judge):
    row = row_of(judge, hand_in(LONG.format("a", "i", "x")))
    page = similar_report(row | {"learner": f"{i:05}"} for i in range(300))
    assert page.count("<section>") == MOST and f"<p>{300 * 299 // 2 - MOST} more pairs are not shown.</p>" in page
    assert alike([row]) == {}
