"""nbval's collector and cells, for notebooks of the course."""

import tempfile
from collections import defaultdict
from unittest.mock import patch

import nbformat
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile

from course_tools import nbval_restore as restore

# The bytes of a picture differ by machine (its words do not); a remark does not make a right answer wrong.
SANITIZE = {r"(;base64,)[A-Za-z0-9+/=]+": r"\1", r"(.)(?:\nRemark: [^\n]*)+": r"\1"}

SECONDS_A_CELL = 60  # a check stops by itself long before; an answer cell may not, and nbval would wait half an hour


def collector(path, parent, otherwise):
    """Our collectors for a notebook of the course; `otherwise` for any other, and for one that cannot be read."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception:
        return otherwise  # nbval's error says what is wrong with it
    if path.resolve().parent != restore.SOLUTIONS and restore.stem_of(path, notebook):
        return [ExerciseFile.from_parent(parent, path=path)]
    if any("course_lib" in cell.source for cell in notebook.cells):
        return [CourseFile.from_parent(parent, path=path)]
    return otherwise


def twice(start):
    """Return start(). A kernel whose port another program took, between its choice and its use, dies: one more try."""
    try:
        return start()
    except RuntimeError:
        return start()


class CourseFile(IPyNbFile):
    """A lesson or a solution: nbval's own comparison, with our sanitiser."""

    def setup(self):
        twice(super().setup)

    def setup_sanitize_files(self):
        self.sanitize_patterns.update(SANITIZE)
        super().setup_sanitize_files()

    def get_kernel_message(self, timeout=None, stream="iopub"):
        """Outputs follow a cell's end at once, but not on a machine with much else to do: nbval gives up after 5 s."""
        return super().get_kernel_message(SECONDS_A_CELL, stream)


class ExerciseFile(CourseFile):
    """A learner's exercise, restored. Its items are called by their cells: `03_scaling.ipynb::scale-check`."""

    def collect(self):
        notebook = nbformat.read(self.path, as_version=4)
        self.stem = restore.stem_of(self.path, notebook)
        self.nb = restore.restored(notebook, self.stem)
        for n, cell in enumerate(cell for cell in self.nb.cells if cell.cell_type == "code"):
            # No tag and no comment decides here. What an answer cell prints by itself is nobody's business.
            options = defaultdict(bool, check=restore.role(cell) != "answer")
            yield ExerciseCell.from_parent(self, name=cell.id, cell_num=n, cell=cell, options=options)

    def setup(self):
        self.verdicts = restore.verdicts(self.nb, self.stem)  # before anything of the learner's runs here
        option = self.config.option
        name = CURRENT_ENV_KERNEL_NAME if option.nbval_current_env else option.nbval_kernel_name or "python3"
        # A folder of its own: no file beside the notebook can pass for the course, and nothing is written to progress.
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        wait = option.nbval_kernel_startup_timeout
        self.kernel = twice(lambda: RunningKernel(name, cwd=self.folder.name, startup_timeout=wait))
        self.setup_sanitize_files()

    def teardown(self):
        super().teardown()
        self.folder.cleanup()


class ExerciseCell(IPyNbCell):
    """A check must be right twice: in the notebook's kernel, and as `course check` judges it in its own process."""

    def setup(self):
        """No expected failures: nbval would forgive whatever comes after a cell that never ended."""

    def runtest(self):
        option = self.config.option
        with patch.object(option, "nbval_cell_timeout", min(option.nbval_cell_timeout, SECONDS_A_CELL)):
            super().runtest()
        if restore.role(self.cell) != "check":
            return
        verdict = self.parent.verdicts.get(restore.function_of(self.cell))
        if verdict is None:
            self.raise_cell_error("The answer could not be judged outside this notebook")
        if verdict["outcome"] != "correct":
            self.raise_cell_error("Judged outside this notebook, the answer is not right", verdict["message"])

    def reportinfo(self):
        return self.path, 0, f"{self.path.name}::{self.name}"
