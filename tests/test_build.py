"""The builder: what it makes of a text, byte for byte, and what it refuses, sentence by sentence."""

from pathlib import Path

import pytest
import tiny_course as tiny

from course_tools.build import make, source
from course_tools.build.places import BuildError
from course_tools.build.unbroken import unbroken

ROOT = Path(__file__).resolve().parents[1]

# What a text becomes


def test_cells_are_named_by_stem_and_position(tmp_path):
    cells = tiny.lesson_notebook(tiny.course(tmp_path)).cells
    assert [cell.id for cell in cells] == [f"03_scaling-{n:02}" for n in range(4)]


def test_one_word_changes_one_cell(tmp_path):
    before = tiny.lesson_notebook(tiny.course(tmp_path)).cells
    after = tiny.lesson_notebook(tiny.course(tmp_path, tiny.LESSON.replace("Look", "Watch"))).cells
    assert [a != b for a, b in zip(before, after, strict=True)] == [False, True, False, False]


def test_a_note_lands_with_the_instructors_under_its_heading_and_in_no_notebook(tmp_path):
    course = tiny.course(tmp_path)
    assert "first hand" not in str(tiny.lesson_notebook(course))
    page = make.instructors_page(course)
    order = ["## 03 Doubling", "Wait for the first hand.", "### Look", "Ask who expected an error."]
    assert [line for line in page.splitlines() if line in order] == order


def test_a_new_note_moves_no_cell_id(tmp_path):
    before = tiny.lesson_notebook(tiny.course(tmp_path))
    more = tiny.LESSON.replace('+++ {"slide": "notes"}', '+++ {"slide": "notes"}\n\nOne.\n\n+++ {"slide": "notes"}', 1)
    assert tiny.lesson_notebook(tiny.course(tmp_path, more)) == before


def test_what_stands_around_the_notes_is_kept(tmp_path):
    course = tiny.course(tmp_path)
    course.instructors.parent.mkdir()
    page = make.instructors_page(course).replace("# For instructors", "# Teaching\n\nBring water.") + "\nThe end.\n"
    course.instructors.write_text(page)
    assert make.instructors_page(course) == page


def test_slide_types_and_the_cut_come_from_the_text(tmp_path):
    cells = tiny.lesson_notebook(tiny.course(tmp_path)).cells
    types = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in cells]
    assert types == ["slide", "subslide", "fragment", "slide"]
    assert [cell.metadata.get("cut", False) for cell in cells] == [False, False, False, True]


def test_a_turn_is_a_fragment_to_whoever_does_not_know_turns(tmp_path):
    cells = tiny.lesson_notebook(tiny.course(tmp_path, tiny.LESSON.replace("fragment", "turn"))).cells
    assert cells[2].metadata.slideshow == {"slide_type": "fragment", "turn": True}


def test_cells_are_read_as_jupytext_reads_them(tmp_path):
    import jupytext

    course = tiny.course(tmp_path, exercises=tiny.EXERCISES)
    for kind in ("lessons", "exercises"):
        path = course.source(kind, "03_scaling")
        ours = [(cell.kind, cell.text) for cell in source.read(path).cells]
        assert ours == [(cell.cell_type, cell.source) for cell in jupytext.read(path).cells]


def test_messages_name_the_line_on_which_a_cell_begins(tmp_path):
    course = tiny.course(tmp_path)
    lines = course.source("lessons", "03_scaling").read_text().splitlines()
    for cell in source.read(course.source("lessons", "03_scaling")).cells:
        assert lines[cell.line - 1] == cell.text.splitlines()[0]


# Exercises


def exercise_notebooks(tmp_path, text=tiny.EXERCISES):
    made = make.one(tiny.course(tmp_path, exercises=text), "exercises", "03_scaling")
    by_folder = {path.parent.name: nb for path, nb in made.notebooks.items()}
    return by_folder["exercises"], by_folder["solutions"]


def by_id(nb):
    return {cell.id: cell for cell in nb.cells}


def test_cells_of_an_exercise_bear_its_name(tmp_path):
    for nb in exercise_notebooks(tmp_path):
        assert [cell.id for cell in nb.cells][2:5] == ["scale-task", "scale-answer", "scale-check"]


def test_an_exercise_notebook_ends_with_the_lesson_that_follows(tmp_path):
    course = tiny.course(tmp_path, exercises=tiny.EXERCISES)

    def last():
        return {nb.cells[-1].source for nb in make.one(course, "exercises", "03_scaling").notebooks.values()}

    assert last() == {"**Next**: these are the last exercises so far; `progress()` says which ones are still open."}
    for stem in ("02_halving", "04_trebling", "05_squaring"):
        text = course.source("lessons", "03_scaling").read_text(encoding="utf-8")
        course.source("lessons", stem).write_text(text.replace("# 03 Doubling", f"# {stem[:2]} It"), encoding="utf-8")
    assert last() == {"**Next**: [04 It](../notebooks/04_trebling.ipynb)."}


def test_a_stub_keeps_def_and_docstring_and_raises_in_one_line(tmp_path):
    exercise, solution = map(by_id, exercise_notebooks(tmp_path))
    assert exercise["scale-answer"].source.splitlines() == [
        "def scale(scores, d_k):",
        '    """scores (..., n_q, n_k), d_k int -> the same shape."""',
        '    raise NotImplementedError("scale is not written yet: replace this line")',
    ]
    assert "return scores / d_k**0.5" in solution["scale-answer"].source


def test_number_points_and_minutes_come_from_the_exercise_object(tmp_path):
    exercise, _ = exercise_notebooks(tmp_path)
    text = by_id(exercise)["scale-task"].source
    assert text.startswith(
        "## 3.2 scale\n\n*2 points · difficulty 1 of 5 · importance 5 of 5 · 5 minutes · core*\n\nDivide"
    )
    assert by_id(exercise)["scale-check"].metadata["nbgrader"]["points"] == 2


def test_nbgrader_finds_answers_to_grade_by_hand_nowhere_and_checks_locked(tmp_path):
    _, solution = exercise_notebooks(tmp_path)
    about = {cell.id: cell.metadata["nbgrader"] for cell in solution.cells if "nbgrader" in cell.metadata}
    assert [about["scale-answer"][key] for key in ("solution", "grade", "locked")] == [True, False, False]
    assert [about["scale-check"][key] for key in ("solution", "grade", "locked")] == [False, True, True]
    assert {cell["schema_version"] for cell in about.values()} == {3}


EXERCISE_SLIPS = {
    "an exercise without its check": ("check(scale)", "scale(1, 2)", "it needs a task, an answer and a check"),
    "an exercise that the checks do not know": ("{{ scale }}", "{{ shrink }}", "shrink is no exercise of 03_scaling"),
    "other arguments than the check's": ("(scores, d_k):", "(scores, d):", "takes (scores, d) here and (scores, d_k)"),
    "an answer without an end": ("    ### END SOLUTION\n", "", "one `### BEGIN SOLUTION` and one `### END SOLUTION`"),
    "an answer that is no Python": ("d_k**0.5\n    ###", "d_k**\n    ###", "not plain Python"),
    "a def that is no Python": ("(scores, d_k):", "(scores, d_k)", "not plain Python"),
    "a def without a docstring": ('    """scores (..., n_q, n_k), d_k int -> the same shape."""\n', "", "docstring"),
    "the check of another lesson": ('for_lesson("03_scaling")', 'for_lesson("04_softmax")', 'for_lesson("03_scaling")'),
    "an import from elsewhere": ("check, hint", "import torch\n\ncheck, hint", "imports torch"),
}


@pytest.mark.parametrize("slip", EXERCISE_SLIPS)
def test_the_builder_refuses_in_an_exercise(tmp_path, slip):
    old, new, sentence = EXERCISE_SLIPS[slip]
    assert old in tiny.EXERCISES
    with pytest.raises(BuildError) as caught:
        exercise_notebooks(tmp_path, tiny.EXERCISES.replace(old, new))
    assert any(sentence in said for said in caught.value.sentences), caught.value.sentences


def test_an_author_who_saves_a_text_in_jupyterlab_loses_nothing(tmp_path):
    from jupytext.sync_contentsmanager import TextFileContentsManager

    course = tiny.course(tmp_path, exercises=tiny.EXERCISES, claims='{".5": 0.5}')
    (tmp_path / "jupytext.toml").write_text((ROOT / "jupytext.toml").read_text())
    manager = TextFileContentsManager(root_dir=str(tmp_path))
    for kind in ("lessons", "exercises"):
        path = course.source(kind, "03_scaling")
        before = source.read(path)
        content = manager.get(f"content/{kind}/03_scaling.md", type="notebook")["content"]
        manager.save({"type": "notebook", "content": content, "format": "json"}, f"content/{kind}/03_scaling.md")
        after = source.read(path)
        assert after.course == before.course
        assert [(cell.text, cell.meta) for cell in after.cells] == [(cell.text, cell.meta) for cell in before.cells]
        assert list(source.problems(after)) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("its variance is 1 · 1. Each has √512 · √512 = 512.", "its variance is 1~·~1. Each has √512~·~√512~=~512."),
        ("At dₖ = 64, n_q · n_k of them; an n × n array", "At dₖ~=~64, n_q~·~n_k of them; an n~×~n array"),
        ("more than 99 %, and p (1 − p) of (dₖ + dᵥ)", "more than 99~%, and p (1~−~p) of (dₖ~+~dᵥ)"),
        ("the cat · the dog, words = more", "the cat · the dog, words = more"),
        ("`n = 2 · 3` and $n = 2$", "`n = 2 · 3` and $n = 2$"),
    ],
)
def test_no_line_breaks_within_a_formula_of_the_prose(text, shown):
    assert unbroken(text) == shown.replace("~", "\u00a0")
