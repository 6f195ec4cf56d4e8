"""`course assemble`: the learner's own six functions become attention.py, which then stands before two checks."""

import errno
import json
import os
import subprocess
import sys

import pytest
from learner import code_cell, notebook
from typer.testing import CliRunner

from course_lib import progress
from course_lib.checks import LESSONS
from course_tools import assemble, assembled, cli

SIX = ("dot_scores", "scale", "masked_softmax", "weighted_sum", "split_heads", "merge_heads")
STEMS = ("02_dot_product", "03_scaling", "04_softmax", "05_masking", "06_multi_head")


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A learner's folder, its name with spaces, where every answer is right but for what `write` changes."""
    folder = tmp_path / "meine Arbeit"
    (folder / "exercises").mkdir(parents=True)
    (folder / progress.MARK).touch()
    monkeypatch.chdir(folder)
    for stem in STEMS:
        write(folder, stem)
    return folder


def write(folder, stem, change=lambda cells: None, **bodies):
    made = notebook(LESSONS[stem], bodies)
    change(made["cells"])
    (folder / "exercises" / f"{stem}.ipynb").write_text(json.dumps(made), encoding="utf-8")


def answer(name, source):
    """A change that replaces the text of an answer's cell."""
    return lambda cells: next(cell for cell in cells if cell["id"] == f"{name}-answer").update(source=source)


def text(work):
    return (work / "attention.py").read_text(encoding="utf-8")


def test_the_file_is_made_of_the_learners_own_lines_and_is_right(work, capsys):
    write(work, "03_scaling", scale="return scores / d_k**0.5  # my own line")
    assert assemble.main() == 0
    assert "my own line" in text(work) and text(work).count("\ndef ") == len(SIX) + 3
    out = capsys.readouterr().out
    assert out.splitlines()[:6] == [f"{name}: correct. {points}." for name, points in zip(SIX, POINTS, strict=True)]
    assert "\nattention: correct. 3 of 3 points.\n\nmulti_head: correct. 4 of 4 points.\n" in out


POINTS = ("1 of 1 point", "2 of 2 points", "4 of 4 points", "1 of 1 point", "3 of 3 points", "2 of 2 points")


def test_the_file_needs_no_notebook(work):
    assemble.main()
    code = "from attention import attention; print(*attention([[1.0]], [[1.0]], [[7.0, 8.0]])[0])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=work)
    assert (done.stdout, done.stderr) == ("7.0 8.0\n", "")


def test_dot_scores_which_knows_two_axes_is_called_once_per_slice(work):
    write(work, "02_dot_product", dot_scores="assert Q.ndim == K.ndim == 2\nreturn Q @ K.T")
    assert assemble.main() == 0


@pytest.mark.parametrize(("stem", "name"), [("05_masking", "masked_softmax"), ("06_multi_head", "merge_heads")])
def test_a_function_that_is_not_right_is_named_and_nothing_is_written(work, capsys, stem, name):
    write(work, stem, **{name: "raise NotImplementedError"})
    assert assemble.main() == 1
    out = capsys.readouterr().out
    assert f"{name} is not written yet" in out and f"all six right: mend {name}, save" in out
    assert not (work / "attention.py").exists()


def test_what_a_function_needs_comes_along_and_what_else_its_cell_holds_does_not(work):
    def change(cells):
        cells.insert(1, code_cell("helper", "import math\nHALF = 0.5\ndef power(x):\n    return math.pow(x, HALF)"))
        source = "print('hello')\ndef scale(scores, d_k):\n    return scores / power(d_k)\nresult = scale(1, 4)\n"
        answer("scale", source)(cells)

    write(work, "03_scaling", change)
    assert assemble.main() == 0
    assert "import math" in text(work) and "HALF = 0.5" in text(work) and "def power(x)" in text(work)
    assert "hello" not in text(work) and "result" not in text(work)


def test_the_answers_own_helper_counts_and_not_one_of_that_name_in_another_cell(work):
    def change(cells):
        cells.append(code_cell("late", "def root(x):\n    return x"))
        answer("scale", "def root(x):\n    return x**0.5\n\ndef scale(scores, d_k):\n    return scores / root(d_k)")(
            cells
        )

    write(work, "03_scaling", change)
    assert assemble.main() == 0
    assert "return x**0.5" in text(work)


def test_a_helper_in_the_answers_own_cell_counts_even_where_it_bears_the_name_of_a_function_of_the_course(work):
    source = """def softmax(s):  # my own
    e = np.exp(s - np.maximum(s.max(-1, keepdims=True), -1e300))
    z = e.sum(-1, keepdims=True)
    return e / np.where(z == 0, 1, z)

def masked_softmax(scores, allowed):
    return softmax(np.where(allowed, scores, -np.inf))"""
    write(work, "05_masking", answer("masked_softmax", source))
    assert assemble.main() == 0
    assert "# my own" in text(work) and "course_lib" not in text(work)


def test_the_courses_function_is_imported_where_an_answer_calls_it(work):
    write(work, "05_masking", masked_softmax="return softmax(np.where(allowed, scores, -np.inf))")
    assert assemble.main() == 0
    assert "from course_lib.given import softmax  #" in text(work)


def test_no_import_of_the_course_stands_where_no_answer_needs_it(work):
    assemble.main()
    assert "course_lib" not in text(work)


def test_two_helpers_of_one_name_are_refused_with_both_notebooks_unless_they_are_the_same(work, capsys):
    helper = "def swap(x):\n    return np.swapaxes(x, -2, -3)\n\n"
    split = helper + "def split_heads(X, n_heads):\n    return swap(X.reshape(*X.shape[:-1], n_heads, -1))"
    scale = helper + "def scale(scores, d_k):\n    swap\n    return scores / d_k**0.5"
    write(work, "06_multi_head", answer("split_heads", split))
    write(work, "03_scaling", answer("scale", scale))
    assert assemble.main() == 0 and text(work).count("def swap") == 1
    before = text(work)
    write(work, "03_scaling", answer("scale", scale.replace("-3)", "-1)")))
    assert assemble.main() == 1
    assert capsys.readouterr().err == (
        "swap is made in 03_scaling.ipynb and in 06_multi_head.ipynb, and not the same way: give one of them another "
        "name, and save.\n"
    )
    assert text(work) == before


def test_a_helper_that_bears_the_name_of_a_line_of_ours_is_refused(work, capsys):
    source = "def all_scores(x):\n    return x**0.5\n\ndef scale(scores, d_k):\n    return scores / all_scores(d_k)"
    write(work, "03_scaling", answer("scale", source))
    assert assemble.main() == 1
    assert "all_scores is made in the lines that join them and in 03_scaling.ipynb" in capsys.readouterr().err


def test_the_checks_run_on_the_file_and_see_what_went_lost_on_the_way(work, capsys):
    source = "POWERS = []\nPOWERS.append(0.5)\ndef scale(scores, d_k):\n    return scores / d_k ** POWERS[0]"
    write(work, "03_scaling", answer("scale", source))
    assert assemble.main() == 1
    out = capsys.readouterr().out
    assert "scale: correct." in out and "attention: not yet. 0 of 3 points." in out and "IndexError" in out


def test_a_file_that_stops_is_a_sentence(work, capsys):
    source = "A = {}\nA['half'] = 0.5\nHALF = A['half']\ndef scale(scores, d_k):\n    return scores / d_k**HALF"
    write(work, "03_scaling", answer("scale", source))
    assert assemble.main() == 1
    assert "attention.py stopped with KeyError: 'half'." in capsys.readouterr().out


def test_what_stood_in_attention_py_is_kept_and_said(work, capsys):
    (work / "attention.py").write_text("mine")
    assemble.main()
    assert (work / "attention.kept-1.py").read_text() == "mine"
    assert "What stood there before is kept: attention.kept-1.py." in capsys.readouterr().out
    (work / "attention.py").write_text("mine")
    for _ in range(2):
        assemble.main()
    assert [path.name for path in sorted(work.glob("*.py"))] == ["attention.kept-1.py", "attention.py"]


def test_a_missing_notebook_and_one_that_cannot_be_read_are_sentences(work, capsys):
    (work / "exercises/05_masking.ipynb").write_text("{")
    assert assemble.main() == 2
    (work / "exercises/05_masking.ipynb").unlink()
    assert assemble.main() == 2
    first, second = capsys.readouterr().err.splitlines()
    assert "05_masking.ipynb" in first and "There is no notebook of 05_masking" in second


def test_outside_a_learners_folder_it_says_how_to_get_one(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("course_tools.targets.ROOT", tmp_path)
    assert assemble.main() == 2
    assert capsys.readouterr().err.startswith("There is no work/ here: ")


def test_a_read_only_folder_is_a_sentence(work, monkeypatch, capsys):
    def refuse(dir, **_):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(dir))

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    assert assemble.main() == 1
    assert "Read-only file system" in capsys.readouterr().err


def test_the_command_hands_on_the_exit_code(work):
    write(work, "03_scaling", scale="return scores / d_k")
    assert CliRunner().invoke(cli.app, ["assemble"]).exit_code == 1


def test_our_own_lines_use_each_of_the_six():
    assert all(f"{name}(" in assembled.JOINTS for name in SIX)
