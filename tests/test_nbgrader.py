"""nbgrader as the judge of our pipeline: its release equals our exercises, and its marks are the course's points."""

import os
import re
import shutil
import sqlite3
import sys
from pathlib import Path

import nbformat
import pytest

from course_lib.checks import EXERCISES

ROOT = Path(__file__).resolve().parents[1]
STEMS = sorted(path.stem for path in (ROOT / "solutions").glob("*.ipynb"))
pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted")  # said by nbgrader to itself
GRADED = "03_scaling"  # the lesson that is graded below, with a kernel for each submission
POINTS = {exercise.name: exercise.points for exercise in EXERCISES if exercise.lesson == GRADED}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """An nbgrader course with our solutions as its source, released and graded: ada hands in answers, bob the stubs."""
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader calls `alembic` by its bare name.
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        yield released_and_graded(tmp_path_factory.mktemp("nbgrader"))


def released_and_graded(root):
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.db_url = f"sqlite:///{root}/gradebook.db"
    config.CourseDirectory.course_id = "attention"
    config.Exchange.root = str(root / "exchange")
    # On a busy machine a first cell, which imports, takes longer than nbgrader waits for one; and its one kernel for a
    # notebook may find that another program has taken its port.
    config.Execute.timeout = config.Execute.iopub_timeout = 300
    config.Execute.execute_retries = 1
    api = NbGraderAPI(config=config)
    for stem in STEMS:
        (root / "source" / stem).mkdir(parents=True)
        shutil.copy(ROOT / "solutions" / f"{stem}.ipynb", root / "source" / stem)
        succeed(api.generate_assignment(stem, force=True))
    for student, folder in {"ada": "solutions", "bob": "exercises"}.items():
        submitted = root / "submitted" / student / GRADED
        submitted.mkdir(parents=True)
        shutil.copy(ROOT / folder / f"{GRADED}.ipynb", submitted)
        succeed(api.autograde(GRADED, student))
    return root


def succeed(result):
    assert result["success"], result.get("error") or result.get("log")


def release(course, stem):
    return nbformat.read(course / "release" / stem / f"{stem}.ipynb", as_version=4)


def marks(course, student):
    """{grade_id: points} that nbgrader gave."""
    query = """
        select base_cell.name, coalesce(grade.manual_score, grade.auto_score)
        from grade join base_cell on grade.cell_id = base_cell.id
        join submitted_notebook on grade.notebook_id = submitted_notebook.id
        join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
        where submitted_assignment.student_id = ?
    """
    with sqlite3.connect(course / "gradebook.db") as database:
        return dict(database.execute(query, [student]).fetchall())


@pytest.mark.parametrize("stem", STEMS)
def test_its_release_is_our_exercise_but_for_the_text_of_the_stubs(course, stem):
    theirs, ours = release(course, stem), nbformat.read(ROOT / "exercises" / f"{stem}.ipynb", as_version=4)
    for cell in [*theirs.cells, *ours.cells]:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = re.sub(
                r"^    (# YOUR CODE HERE\n    )?raise NotImplementedError\(.*\)$", "    ...", cell.source, flags=re.M
            )
            cell.metadata["nbgrader"].pop("checksum")  # it is a checksum of that text
    assert ours == theirs


def test_its_checksums_are_ours(course):
    from nbgrader.utils import compute_checksum

    for stem in STEMS:
        cells = nbformat.read(ROOT / "exercises" / f"{stem}.ipynb", as_version=4).cells
        marked = [cell for cell in cells if "nbgrader" in cell.metadata]
        assert [cell.metadata.nbgrader.checksum for cell in marked] == [compute_checksum(cell) for cell in marked]


def test_right_answers_get_every_point(course):
    assert marks(course, "ada") == {f"{name}-check": points for name, points in POINTS.items()}


def test_untouched_stubs_get_none(course):
    assert marks(course, "bob") == {f"{name}-check": 0 for name in POINTS}
