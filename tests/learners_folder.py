"""A learner's folder for tests: work/ with the shipped exercises of 03, and ways to write in it."""

import json

from learner import notebook

from course_lib import progress
from course_lib.checks import LESSONS
from course_lib.checks.bench import source_of
from course_tools.targets import ROOT

LESSON = "03_scaling"
SCALE = next(exercise for exercise in LESSONS[LESSON] if exercise.name == "scale")
RIGHT, WRONG = "return scores / d_k ** 0.5", "return scores / d_k"


class Folder:
    """work/ with one notebook; `cells` are the shipped ones, until something is written."""

    def __init__(self, parent):
        self.path = parent / "my work"
        self.book = self.path / "exercises" / f"{LESSON}.ipynb"
        self.book.parent.mkdir(parents=True)
        (self.path / progress.MARK).touch()
        self.book.write_bytes(shipped())

    def change(self, how):
        """Load the notebook, let `how(cells)` change its cells, and save it as JupyterLab does."""
        book = json.loads(self.book.read_text("utf-8"))
        how(book["cells"])
        self.book.write_text(json.dumps(book, indent=1, ensure_ascii=False) + "\n", "utf-8")

    def write(self, body, exercise=SCALE):
        """Write an answer with this body into its cell."""
        self.change(lambda cells: cell(cells, f"{exercise.name}-answer").update(source=source_of(exercise, body)))

    def kept(self, exercise=SCALE):
        """Return the texts of the answers that are kept."""
        place = self.path / "answers" / exercise.lesson / exercise.name
        return [path.read_text("utf-8").rstrip("\n") for path in sorted(place.glob("*.py"))]

    def bytes(self):
        """Return the contents of all files, as a set."""
        return {path.read_bytes() for path in self.path.rglob("*") if path.is_file()}


def shipped():
    return (ROOT / "exercises" / f"{LESSON}.ipynb").read_bytes()


def cell(cells, id):
    return next(cell for cell in cells if cell["id"] == id)


def scale(body):
    """The text of a cell that answers `scale` with this body, without the end of its last line."""
    return source_of(SCALE, body).rstrip("\n")


def solved():
    """The JSON of a notebook of 03 in which every answer is right."""
    return json.dumps(notebook(LESSONS[LESSON]))
