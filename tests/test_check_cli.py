"""`course check FILE`: the notebook's verdicts from its JSON, and nothing else on standard output."""

import json
import os
import subprocess
import sys

import pytest
from learner import code_cell, notebook

from course_lib import progress
from course_lib.checks import LESSONS, find
from course_tools import check, targets
from course_tools.notebooks import Unusable

SCALING = LESSONS["03_scaling"]
KEYS = ["lesson", "exercise", "function", "outcome", "mistake", "message", "points", "max_points"]


@pytest.fixture
def saved(tmp_path):
    """Write a notebook, its cells changed by a function; return its path."""

    def save(change=lambda cells: None, exercises=SCALING, name="mine.ipynb", **options):
        made = notebook(exercises, **options)
        change(made["cells"])
        path = tmp_path / name
        path.write_text(json.dumps(made), "utf-8")
        return path

    return save


def cell(cells, id):
    return next(cell for cell in cells if cell["id"] == id)


def with_scale(source):
    return lambda cells: cell(cells, "scale-answer").update(source=source)


def of_scale(path):
    return check.check_file(path)[1]


# ---------------------------------------------------------------- the command


def run(*words, **options):
    command = [sys.executable, "-m", "course_tools", "check", *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8", **options)


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_references_of_a_lesson_are_all_correct(lesson, saved):
    done = run(str(saved(exercises=LESSONS[lesson])), "--json")
    records = json.loads(done.stdout)
    assert done.returncode == 0 and done.stderr == ""
    assert [record["function"] for record in records] == [exercise.name for exercise in LESSONS[lesson]]
    assert all(list(r) == KEYS and r["outcome"] == "correct" and r["points"] == r["max_points"] for r in records)


def test_a_mistake_is_named_and_the_exit_code_is_1(saved):
    done = run(str(saved(bodies={"scale": "return scores / d_k"})), "--json")
    record = json.loads(done.stdout)[1]
    assert done.returncode == 1
    assert (record["outcome"], record["mistake"], record["points"]) == ("not yet", "divided-by-d-k", 0)


def test_words_say_the_same_as_json_and_count_the_points(saved):
    path = str(saved(bodies={"scale": "return scores / d_k"}))
    words, records = run(path).stdout, json.loads(run(path, "--json").stdout)
    assert "scale: not yet. 0 of 2 points.\nAt dₖ = 64" in words and words.endswith("03_scaling: 6 of 8 points.\n")
    for record in records:
        assert all(sentence in words.replace("\n", " ") for sentence in record["message"].split("  "))


def test_nothing_but_json_reaches_standard_output(saved):
    body = "import os, sys\nprint('a')\nos.write(1, b'b')\nsys.__stdout__.write('c')\nos.system('echo d')\n"
    done = run(str(saved(bodies={"scale": body + "return scores / d_k ** 0.5"})), "--json")
    assert json.loads(done.stdout)[1]["outcome"] == "correct"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("none.ipynb", None, "cannot be read: No such file or directory."),
        ("text.ipynb", "hello", "is no notebook"),
        ("list.ipynb", "[1, 2]", "is no notebook"),
        ("cells.ipynb", '{"cells": [{"cell_type": "code"}]}', "is no notebook"),
        ("other.ipynb", '{"cells": []}', "names no lesson of this course"),
        ("bytes.ipynb", b"\xff\xfe\x00", "is no notebook"),
    ],
)
def test_an_unusable_file_is_one_sentence_and_2(name, content, says, tmp_path, capsys):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert check.main(path, json=True) == 2
    out, err = capsys.readouterr()
    assert out == "" and says in err and err.count("\n") == 1


def test_a_folder_and_a_huge_file_are_refused(tmp_path, monkeypatch):
    with pytest.raises(Unusable, match="cannot be read"):
        check.check_file(tmp_path)
    monkeypatch.setattr("course_tools.notebooks.LARGEST", 10)
    (tmp_path / "big.ipynb").write_text(" " * 11)
    with pytest.raises(Unusable, match="larger than any exercise"):
        check.check_file(tmp_path / "big.ipynb")


def test_a_lesson_stands_for_the_learners_notebook(saved, tmp_path, monkeypatch):
    (tmp_path / "exercises").mkdir()
    (tmp_path / progress.MARK).touch()
    path = saved(name="exercises/03_scaling.ipynb", bodies={"scale": "return scores"})
    monkeypatch.chdir(tmp_path)
    assert targets.notebook_of("03_scaling") == path
    assert check.main("03_scaling", json=True) == 1
    assert [entry["points"] for entry in progress.entries(tmp_path)] == [2, 0, 1, 2, 1]


def test_an_answer_that_was_right_in_jupyterlab_and_is_not_on_disk_is_told(saved, tmp_path, monkeypatch, capsys):
    (tmp_path / "exercises").mkdir()
    (tmp_path / progress.MARK).touch()
    monkeypatch.chdir(tmp_path)
    saved(name="exercises/03_scaling.ipynb")
    check.main("scale")
    saved(with_scale("def scale(scores, d_k):\n    raise NotImplementedError"), name="exercises/03_scaling.ipynb")
    capsys.readouterr()
    assert check.main("scale") == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("scale is not written yet")
    assert said[1] == "Remark: " + check.UNSAVED.format("2 of 2 points")


# ---------------------------------------------------------------- which cell


def test_the_lesson_is_the_first_cells_or_else_the_files(saved):
    assert of_scale(saved())["outcome"] == "correct"
    forget = lambda cells: cells[0].update(source="import numpy as np")  # noqa: E731
    assert of_scale(saved(forget, name="03_scaling.ipynb"))["outcome"] == "correct"
    with pytest.raises(Unusable):
        check.check_file(saved(forget))


def test_a_cell_that_lost_its_id_is_found_by_the_functions_name(saved):
    assert of_scale(saved(lambda cells: cell(cells, "scale-answer").update(id="abc")))["outcome"] == "correct"


def test_an_answer_written_beside_the_stub_counts(saved):
    def beside(cells):
        with_scale("def scale(scores, d_k):\n    'Doc.'\n    raise NotImplementedError('x')")(cells)
        cells.append(code_cell("mine", "def scale(scores, d_k):\n    return scores / d_k ** 0.5"))

    assert of_scale(saved(beside))["outcome"] == "correct"


def test_a_stub_and_a_missing_cell_are_not_attempted(saved):
    stub = of_scale(saved(with_scale("def scale(scores, d_k):\n    'Doc.'\n    raise NotImplementedError('x')")))
    gone = of_scale(saved(lambda cells: cells.remove(cell(cells, "scale-answer"))))
    assert stub["message"] == "scale is not written yet: replace the line that raises."
    assert gone["message"] == "scale is missing: no cell of this notebook defines it."
    assert stub["outcome"] == gone["outcome"] == "not attempted"


def test_the_shipped_exercises_are_not_attempted():
    for lesson in LESSONS:
        records = check.check_file(targets.ROOT / "exercises" / f"{lesson}.ipynb")
        assert {record["outcome"] for record in records} == {"not attempted"}


# ---------------------------------------------------------------- what runs


def test_nothing_runs_but_imports_and_the_answers_cell(saved):
    def litter(cells):
        cells[0]["source"] += "\nraise SystemExit"
        cells.append(code_cell("other", "raise SystemExit"))
        cell(cells, "divisor-answer")["source"] = "raise SystemExit"

    assert of_scale(saved(litter))["outcome"] == "correct"


def test_a_helper_and_what_it_needs_are_fetched_from_other_cells_with_a_remark(saved, monkeypatch):
    monkeypatch.setenv("RAN", "")

    def apart(cells):
        with_scale("def scale(scores, d_k):\n    s = scores\n    return halve(s, d_k)")(cells)
        cells += [
            code_cell("a", "import math\nPOWER = 0.5\ns = __import__('os').environ.update(RAN='s')"),
            code_cell("b", "@np.vectorize\ndef root(b):\n    return math.exp(math.log(b) * POWER)"),
            code_cell("c", "def halve(a, b):\n    return a / float(root([b])[0])\n\nhalve('x', 'y')"),
        ]

    record = of_scale(saved(apart))
    assert record["outcome"] == "correct"
    assert record["message"].partition(" Remark: ")[2].startswith("halve stands in another cell.")
    assert os.environ["RAN"] == "", "s is a local name of scale: the line of another s has no business here"


def test_what_a_notebook_forgives_is_forgiven(saved):
    for source in (
        "%%time\ndef scale(scores, d_k):\n    return scores / d_k ** 0.5",
        "%matplotlib inline\n!ls\nscale?\ndef scale(scores, d_k):\n    return scores / d_k ** 0.5",
        "def scale(scores, d_k):\n    return scores / d_k ** 0.5\n\ncheck(scale)\nscale(1)\nnobody",
    ):
        assert of_scale(saved(with_scale(source)))["outcome"] == "correct", source


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("def scale(scores, d_k):\n    return (scores", "line 2 is no Python ('(' was never closed): return (scores."),
        ("1 / 0\ndef scale(scores, d_k):\n    return scores", "ZeroDivisionError: division by zero."),
        ("import sys\nsys.exit(0)\ndef scale(scores, d_k):\n    return scores", "SystemExit: 0."),
        ("def scale(scores, d_k):\nreturn scores", "line 2 is no Python"),
    ],
)
def test_a_cell_that_stops_before_the_def_says_where(saved, source, says):
    record = of_scale(saved(with_scale(source)))
    assert record["message"].startswith(f"The cell of scale stopped before scale was made: {says}")
    assert (record["outcome"], record["points"]) == ("not yet", 0)


def test_a_cell_that_never_ends_is_stopped(saved, monkeypatch):
    monkeypatch.setattr("course_lib.checks.watch.SECONDS", 0.2)
    endless = with_scale("while True:\n    pass\ndef scale(a, b):\n    pass")
    assert "it did not end" in of_scale(saved(endless))["message"]


def test_the_verdict_is_the_notebooks_though_an_earlier_answer_is_broken(saved):
    exercises = LESSONS["04_softmax"]
    uses = {"softmax": "return x", "attention": find("04_softmax/attention").reference}
    records = {r["function"]: r["outcome"] for r in check.check_file(saved(exercises=exercises, bodies=uses))}
    assert records["softmax"] == "not yet" and records["attention"] == "correct"


def test_messages_quote_the_line_of_the_cell(saved):
    record = of_scale(saved(with_scale("\n\ndef scale(scores, d_k):\n    return scores @ scores")))
    assert "(line 4: return scores @ scores)" in record["message"]


def test_a_check_leaves_the_working_folder_as_it_was(saved, tmp_path, monkeypatch):
    path = saved()
    monkeypatch.chdir(tmp_path)
    check.check_file(path)
    assert os.listdir(tmp_path) == ["mine.ipynb"]
