"""What the builder leaves on disk: the same bytes again, drift told without running anything, pictures kept."""

import json
import shutil

import nbformat
import pytest
import tiny_course as tiny

from course_tools import build as builder
from course_tools.build import make, notebook, pictures, writing
from course_tools.build.execute import execute
from course_tools.build.places import BuildError


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A tiny lesson, built once."""
    course = tiny.course(tmp_path_factory.mktemp("built"))
    report = builder.build(course=course)
    assert report.problems == [] and report.changed == ["notebooks/03_scaling.ipynb", "docs/instructors.md"]
    return course


def stored(course):
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in course.root.rglob("*.*") if path.is_file()}


def test_a_second_build_changes_no_byte_and_no_date(built):
    before = stored(built)
    assert builder.build(course=built) == builder.Report([], [])
    assert stored(built) == before


def test_a_built_notebook_is_executed_and_says_nothing_of_the_machine(built):
    data = built.built("notebooks", "03_scaling").read_bytes()
    raw = json.loads(data)
    code = [cell for cell in raw["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == [1]
    assert code[0]["outputs"][0]["data"] == {"text/plain": ["array([0, 2, 4])"]}
    assert "version" not in raw["metadata"]["language_info"]
    assert raw["metadata"].keys() == {"kernelspec", "language_info"}
    assert (raw["nbformat"], raw["nbformat_minor"]) == (4, 5)
    assert data == (json.dumps(raw, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def test_widget_views_state_and_times_are_stripped_by_the_run(tmp_path):
    show = (
        "from IPython.display import display\n"
        "display({'application/vnd.jupyter.widget-view+json': {'model_id': 'a'}, 'text/plain': 'bar'}, raw=True)"
    )
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(show, id="a")])
    nb.metadata["widgets"] = {"state": {}}
    execute(nb, tmp_path, {"a": "a"})
    assert nb.cells[0].outputs[0].data == {"text/plain": "bar"}
    assert nb.cells[0].metadata == {} and nb.metadata == notebook.METADATA


def text(course):
    return course.source("lessons", "03_scaling")


def ipynb(course):
    return course.built("notebooks", "03_scaling")


VERSION = '"version": "3.11",\n   "pygments_lexer"'
DRIFTS = {
    "a word": (lambda c: edit(text(c), "Look", "Watch"), "notebooks/03_scaling.ipynb, cell 03_scaling-01, differs"),
    "a new cell": (lambda c: edit(text(c), "Every", "B\n\n+++\n\nEvery"), "from 03_scaling-04 on"),
    "a note": (lambda c: edit(text(c), "first hand", "second hand"), "docs/instructors.md differs"),
    "a slip in the text": (lambda c: edit(text(c), "* 2\n", "* 2;\n"), "ends in `;`"),
    "code in the notebook": (lambda c: edit(ipynb(c), "np.arange(3) * 2", "np.arange(4)"), "03_scaling-02, differs"),
    "a cell id": (lambda c: edit(ipynb(c), "03_scaling-02", "other"), "has other cells than"),
    "a slide type": (lambda c: edit(ipynb(c), "subslide", "slide"), "03_scaling-01, differs"),
    "no execution": (lambda c: edit(ipynb(c), '"execution_count": 1', '"execution_count": null'), "was not executed"),
    "the Python version": (lambda c: edit(ipynb(c), '"pygments_lexer"', VERSION), "other notebook metadata"),
    "a missing notebook": (lambda c: ipynb(c).unlink(), "is not built"),
    "a broken notebook": (lambda c: edit(ipynb(c), "{", "["), "cannot be read as a notebook"),
    "no text": (lambda c: ipynb(c).rename(ipynb(c).with_stem("09_old")), "notebooks/09_old.ipynb has no text"),
}  # fmt: skip


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def copied(built, tmp_path):
    """The built course, in a folder of the test's own."""
    shutil.copytree(built.root, tmp_path, dirs_exist_ok=True)
    return tiny.Course(tmp_path, built.exercises)


def test_no_drift_in_what_was_just_built(built):
    assert builder.build_check(course=built) == []


@pytest.mark.parametrize("drift", DRIFTS)
def test_drift_is_told_with_the_command_that_mends_it(copied, drift):
    change, sentence = DRIFTS[drift]
    change(copied)
    said = builder.build_check(course=copied)
    assert any(sentence in one for one in said), said
    if "ends in" not in sentence:
        assert all("course build" in one or "git rm" in one for one in said)


def test_an_output_in_an_exercise_is_drift(tmp_path):
    course = tiny.course(tmp_path, None, tiny.EXERCISES)
    made = make.one(course, "exercises", "03_scaling")
    path, nb = next(iter(made.notebooks.items()))
    nb.cells[1].execution_count = 1
    path.parent.mkdir()
    path.write_bytes(notebook.to_bytes(nb))
    assert any("holds outputs" in said for said in builder.build_check(course=course))


# Pictures


def drawing(words, payload):
    html = f'<figure><img alt="{words}" src="data:image/png;base64,{payload}"></figure>'
    data = {"text/plain": words, "text/html": html}
    cell = nbformat.v4.new_code_cell("draw()", outputs=[nbformat.v4.new_output("display_data", data)])
    return nbformat.v4.new_notebook(cells=[cell])


def test_a_picture_is_kept_while_its_words_are_equal():
    new, old = drawing("one bar", "NEW="), drawing("one bar", "OLD=")
    pictures.keep(new, old)
    assert new.cells[0].outputs == old.cells[0].outputs


def test_a_picture_is_drawn_anew_when_its_words_change():
    new = drawing("two bars", "NEW=")
    pictures.keep(new, drawing("one bar", "OLD="))
    assert new.cells[0].outputs == drawing("two bars", "NEW=").cells[0].outputs


def test_a_kept_picture_gets_its_new_alt_text():
    new, old = drawing("one bar", "NEW="), drawing("one bar", "OLD=")
    new.cells[0].outputs[0].data["text/html"] = new.cells[0].outputs[0].data["text/html"].replace('alt="one', 'alt="1')
    pictures.keep(new, old)
    assert 'alt="1 bar"' in str(new) and "OLD=" in str(new)


def test_redraw_keeps_no_picture(built, monkeypatch):
    asked = []
    monkeypatch.setattr(writing, "keep_pictures", lambda nb, path: asked.append(path.name))
    builder.build(redraw=True, course=built)
    assert asked == []
    builder.build(course=built)
    assert asked == ["03_scaling.ipynb"]


def executed(tmp_path, *codes):
    """What the builder says of a notebook whose cells are `codes`."""
    cells = [nbformat.v4.new_code_cell(code, id=f"cell-{line}") for line, code in enumerate(codes, 1)]
    with pytest.raises(BuildError) as caught:
        execute(nbformat.v4.new_notebook(cells=cells), tmp_path, {f"cell-{n}": f"x.md:{n}" for n in (1, 2)})
    return caught.value.sentences


def test_a_kernel_that_dies_is_told_with_the_cell_that_killed_it(tmp_path):
    assert executed(tmp_path, "1", "import os\nos._exit(1)") == ["x.md:2: the kernel died while this cell ran."]


def test_a_cell_that_never_ends_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("course_tools.build.execute.SECONDS_A_CELL", 1)  # no time for a first cell that would end
    assert executed(tmp_path, "while True: pass") == ["x.md:1: the cell runs for more than 1 seconds."]


def test_the_command_prints_what_is_wrong_and_tells_it_by_its_exit_code(monkeypatch, capsys):
    monkeypatch.setattr(builder, "build_check", lambda stems: ["a[b].md:3: mend it."])
    assert builder.main(check=True) == 1
    assert "a[b].md:3: mend it." in capsys.readouterr().out
    monkeypatch.setattr(builder, "build_check", lambda stems: [])
    assert builder.main(check=True) == 0
    assert "Notebooks and text agree." in capsys.readouterr().out
    monkeypatch.setattr(builder, "build", lambda *args, **more: builder.Report(["notebooks/x.ipynb"], []))
    assert builder.main(["x"]) == 0
    assert "wrote notebooks/x.ipynb" in capsys.readouterr().out
