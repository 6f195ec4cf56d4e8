"""`course present` finds its lesson, starts from a clean desk, and every lesson keeps to twelve lines a slide."""

import re
import textwrap

import pytest
from typer.testing import CliRunner

from course_lib.views import rooms
from course_tools import cli, lab, present
from course_tools.build import code, source
from course_tools.build.places import Course

LESSONS = [Course().source(kind, stem) for kind, stem in Course().sources() if kind == "lessons"]
MOST_LINES, WIDTH = 12, 90  # lines of text on a slide, and characters in a line of the wall


@pytest.fixture
def root(tmp_path):
    (tmp_path / "notebooks").mkdir()
    for stem in ("03_scaling", "04_softmax"):
        (tmp_path / "notebooks" / f"{stem}.ipynb").write_text("{}")
    return tmp_path


@pytest.fixture
def started(monkeypatch):
    """What `course lab` is asked to start."""
    calls = []
    monkeypatch.setattr(lab, "main", lambda *args, **more: calls.append((*args, more)) or 0)
    monkeypatch.setenv("COURSE_PRESENTING", "")  # so that it is taken back at the end
    return calls


@pytest.mark.parametrize("name", ["03_scaling", "03", "notebooks/03_scaling.ipynb", "03_scaling.md"])
def test_a_lesson_is_found_by_its_name_its_number_and_its_file(root, name):
    assert present.find(name, root) == "03_scaling"


@pytest.mark.parametrize("name", ["03_scalign", "0", "", "exercises"])
def test_a_lesson_that_is_not_there_is_one_sentence(root, started, capsys, name):
    assert present.main(name, None, False, root) == 2
    said = capsys.readouterr().err
    assert "The lessons are: 03_scaling, 04_softmax." in said and len(said.splitlines()) == 1 and not started
    assert name != "03_scalign" or "Did you mean 03_scaling?" in said


def test_the_lesson_is_the_page_that_opens_and_the_kernels_know_of_the_room(root, started, capsys):
    assert present.main("03", 9000, False, root) == 0
    [(port, browser, options, _, more)] = started
    assert (port, browser, more["page"]) == (9000, False, "notebooks/03_scaling.ipynb")
    assert any("extra_labextensions_path" in option for option in options)
    assert rooms.presenting()
    assert "Escape" in capsys.readouterr().out


def test_a_show_starts_from_a_clean_desk_and_leaves_the_learners_own_alone(root, started):
    own = root / "work" / ".jupyter" / "workspaces" / "own"
    old = root / "work" / present.STATE / "settings" / "old"
    for path in (own, old):
        path.parent.mkdir(parents=True)
        path.touch()
    present.main("03", None, False, root)
    assert own.exists() and not old.exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(root, started, capsys):
    (root / "work").write_text("a file, not a folder")
    assert present.main("03", None, False, root) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1 and not started


def test_what_jupyterlab_loads_for_a_show_is_shipped():
    extension = present.EXTENSIONS / "course-slides"
    files = {path.name for path in (extension / "static").iterdir()}
    assert files == {"slides.js", "show.js", "slides.css", "fit.js", "keys.js", "outputs.js", "sizes.js", "turns.js"}
    assert (extension / "package.json").is_file()


@pytest.mark.parametrize("command", ["present", "handout"])
def test_the_command_line_knows_the_commands(command):
    result = CliRunner().invoke(cli.app, [command, "--help"])
    assert result.exit_code == 0 and f"course {command} 03_scaling" in result.output


def slides(path):
    """[[cells]] of a lesson as they come on the wall: a fragment belongs to its slide, what is skipped to none.

    A turn is counted as a slide: it takes the place of the words before it.
    """
    found = []
    for cell in source.read(path).in_notebook():
        if cell.meta.get("slide") in ("slide", "subslide", "turn") or not found:
            found.append([])
        if cell.meta.get("slide") != "skip":
            found[-1].append(cell)
    return found


def lines_of(cells):
    """Lines of text on the wall: code apart (a cell has at most eight), and what only rules a table."""
    text = "\n".join(cell.text for cell in cells if cell.kind == "markdown")
    lines = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S).splitlines()
    return sum(len(textwrap.wrap(line, WIDTH)) for line in lines if not re.fullmatch(r"[|:> $-]*", line))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_slide_has_at_most_twelve_lines_of_text(path):
    crowded = {cells[0].line: lines_of(cells) for cells in slides(path) if lines_of(cells) > MOST_LINES}
    assert not crowded, f"{path.name}, line of the slide: its lines of text {crowded}"


def test_the_widest_line_that_a_lesson_may_have_is_the_widest_that_the_wall_sets_whole():
    fit = (present.EXTENSIONS / "course-slides" / "static" / "fit.js").read_text("utf-8")
    width, margin, smallest, letter = (
        float(re.search(rf"^const [A-Z]+ = {{.*\b{name}: ([\d.]+)", fit, re.M)[1])
        for name in ("width", "margin", "smallest", "wide")
    )
    assert code.MAX_WIDTH == int((width - 2 * margin) / (smallest * letter)) - 1  # fit.js adds a letter to each line


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_slide_opens_with_words_and_a_lesson_with_a_slide(path):
    assert slides(path)[0][0].meta["slide"] == "slide"
    assert all(cells[0].kind == "markdown" for cells in slides(path) if cells)
