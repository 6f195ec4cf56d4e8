"""The committed notebooks: what a fresh clone shows, with no kernel and before anybody has trusted anything."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from jupyter_server.services.contents.filemanager import FileContentsManager

from course_tools.build import build_check
from course_tools.build.execute import WIDGET_VIEW
from course_tools.build.notebook import METADATA, to_bytes
from course_tools.build.outputs import MAX_BYTES, problems
from course_tools.build.prose import html_alts

ROOT = Path(__file__).resolve().parents[1]
STEMS = sorted({path.stem for path in (ROOT / "content").glob("*s/*.md")})
EXECUTED = [f"{folder}/{stem}" for folder in ("notebooks", "solutions") for stem in STEMS]
ALL = [*EXECUTED, *(f"exercises/{stem}" for stem in STEMS)]
# Tags and attributes that JupyterLab's sanitiser lets through in an untrusted notebook.
SAFE_TAGS = set(
    "b br code details div em figcaption figure i img li ol p span strong summary table td th tr ul".split()
)
SAFE_ATTRIBUTES = {"alt", "class", "height", "src", "style", "title", "width"}


def path(name):
    return ROOT / f"{name}.ipynb"


def read(name):
    assert path(name).exists(), f"{name}.ipynb is not built: run `course build {name.split('/')[1]}`"
    return nbformat.read(path(name), as_version=4)


def bundles(notebook):
    return [output.data for cell in notebook.cells for output in cell.get("outputs", ()) if "data" in output]


def test_text_and_notebooks_agree():
    assert build_check() == []


@pytest.mark.parametrize("name", ALL)
def test_a_notebook_is_valid_and_written_as_the_builder_writes(name):
    notebook = read(name)
    nbformat.validate(notebook)
    assert notebook.metadata == METADATA
    assert path(name).read_bytes() == to_bytes(notebook)
    assert path(name).stat().st_size <= MAX_BYTES


@pytest.mark.parametrize("name", ALL)
def test_every_cell_has_an_id_of_its_own(name):
    ids = [cell.id for cell in read(name).cells]
    assert len(set(ids)) == len(ids)
    stem = name.split("/")[1]
    assert all(re.fullmatch(rf"{stem}-(exercises-)?\d\d+|\w+-(task|answer|check)", one) for one in ids)


@pytest.mark.parametrize("name", EXECUTED)
def test_lessons_and_solutions_are_executed_in_order_and_hold_nothing_that_nbval_trips_over(name):
    notebook = read(name)
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))
    assert list(problems(notebook, name, {}, ROOT)) == []


@pytest.mark.parametrize("stem", STEMS)
def test_exercises_are_not_executed(stem):
    code = [cell for cell in read(f"exercises/{stem}").cells if cell.cell_type == "code"]
    assert code and all(cell.execution_count is None and cell.outputs == [] for cell in code)


@pytest.mark.parametrize("stem", STEMS)
def test_no_answer_is_left_in_an_exercise(stem):
    answers = [cell for cell in read(f"exercises/{stem}").cells if cell.id.endswith("-answer")]
    assert answers and all("SOLUTION" not in cell.source for cell in answers)
    assert all(cell.source.rstrip().endswith('is not written yet: replace this line")') for cell in answers)


@pytest.mark.parametrize("name", ALL)
def test_a_strip_that_was_forgotten_is_seen(name):
    text = path(name).read_text(encoding="utf-8")
    assert WIDGET_VIEW not in text and "widget-state" not in text


@pytest.mark.parametrize("stem", STEMS)
def test_every_lesson_shows_a_picture_in_words_and_pixels(stem):
    shown = [html for data in bundles(read(f"notebooks/{stem}")) if "<img" in (html := data.get("text/html", ""))]
    assert shown
    for html in shown:
        assert 'src="data:image/png;base64,' in html
        assert all(len(alt or "") > 20 for alt in html_alts(html))


class _Used(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.sources = set(), set(), []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}
        self.sources += [value for name, value in attributes if name == "src"]


@pytest.mark.parametrize("name", EXECUTED)
def test_an_untrusted_notebook_keeps_its_pictures(name, tmp_path):
    """As JupyterLab opens a clone: the server marks outputs untrusted, and the page lets only plain HTML through."""
    manager = FileContentsManager(root_dir=str(ROOT))
    manager.notary.data_dir = str(tmp_path)
    manager.notary.db_file = ":memory:"
    notebook = manager.get(f"{name}.ipynb", type="notebook")["content"]
    rich = [cell for cell in notebook.cells if any("data" in output for output in cell.get("outputs", ()))]
    assert [cell.metadata.get("trusted") for cell in rich] == [False] * len(rich)
    for data in bundles(notebook):
        used = _Used()
        used.feed(data.get("text/html", ""))
        assert used.tags <= SAFE_TAGS and used.attributes <= SAFE_ATTRIBUTES
        assert all(source.startswith("data:image/png;base64,") for source in used.sources)
        assert "image/svg+xml" not in data and "application/javascript" not in data


@pytest.mark.parametrize("name", ALL)
def test_no_notebook_says_of_itself_that_it_is_trusted(name):
    raw = json.loads(path(name).read_text(encoding="utf-8"))
    assert all("trusted" not in cell["metadata"] for cell in raw["cells"])


@pytest.mark.parametrize("name", ALL)
def test_links_between_notebooks_hold(name):
    text = "\n".join(cell.source for cell in read(name).cells if cell.cell_type == "markdown")
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if not re.match(r"https?:|data:", link)]
    missing = [link for link in links if not (path(name).parent / link).exists()]
    assert missing == []
    # work/ holds notebooks/ and exercises/ and nothing else of the course: a link elsewhere would break there.
    outside = [link for link in links if not re.fullmatch(r"(\.\./(notebooks|exercises)/)?\w+\.ipynb", link)]
    assert outside == []


@pytest.mark.parametrize("name", EXECUTED)
def test_what_nbval_would_hold_a_machine_to_is_the_same_on_every_machine(name):
    """No seconds, no megabytes, no integer type that differs by platform."""
    for data in bundles(read(name)):
        assert not re.search(r"\b\d[\d.]* (s|ms|µs|MB|MiB|seconds)\b", data.get("text/plain", ""))
        assert "np.int" not in data.get("text/plain", "") and "np.float" not in data.get("text/plain", "")
