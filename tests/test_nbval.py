"""`pytest --nbval` cannot be talked into a green exercise: whatever a learner does around a wrong answer, it stays red.

All notebooks below are run by one pytest in a process of its own; the tests read its report.
"""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
STEM = "03_scaling"
SHIPPED = sorted(path.stem for path in (ROOT / "exercises").glob("*.ipynb"))
WRONG = "def scale(scores, d_k):\n    return scores / d_k\n"
# In the kernel, nothing tells this from the check's own words.
SHOWS_CORRECT = "from course_lib.feedback import Shown; Shown(('scale: correct. 2 of 2 points.',), 'correct')"
TRANSFORMER = f"""
try:
    get_ipython().input_transformers_cleanup.append(
        lambda lines: [{SHOWS_CORRECT!r}] if "check(scale)" in "".join(lines) else lines)
except NameError:
    pass
"""

FORGED_CHECK = f"""
check = globals().get("check")
def check(function, honest=check):
    if function.__name__ != "scale":
        return honest(function)
    {SHOWS_CORRECT.replace("; ", "; return ")}
"""


def handed_in(**answers):
    """The notebook of a learner: all answers right but those given, checks run and stored as a browser would."""
    notebook = nbformat.read(ROOT / "exercises" / f"{STEM}.ipynb", as_version=4)
    solution = nbformat.read(ROOT / "solutions" / f"{STEM}.ipynb", as_version=4)
    for cell, solved in zip(notebook.cells, solution.cells, strict=True):
        name = cell.id.removesuffix("-answer")
        if cell.id.endswith("-answer"):
            cell.source = answers.get(name, solved.source)
    return notebook


def cell(notebook, cell_id):
    return next(cell for cell in notebook.cells if cell.id == cell_id)


def extra(notebook, source):
    """Put a cell of the learner's own before the first answer."""
    at = next(n for n, cell in enumerate(notebook.cells) if cell.id.endswith("-answer"))
    notebook.cells.insert(at, nbformat.v4.new_code_cell(source))


def with_wrong_scale(change):
    notebook = handed_in(scale=WRONG)
    change(notebook)
    return notebook


def stored_as_correct(notebook):
    check = cell(notebook, "scale-check")
    check.execution_count = 1
    text = "scale: correct. 2 of 2 points."
    check.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": text}, execution_count=1)]


def without_points(notebook):
    for one in notebook.cells:
        one.metadata = {}
    notebook.metadata = {"kernelspec": {"name": "none", "display_name": "none"}}


def named_as_in_a_lesson(notebook):
    for n, one in enumerate(notebook.cells):
        one.id = f"{STEM}-{n:02}"


TAMPERED = {
    "the check deleted": lambda nb: nb.cells.remove(cell(nb, "scale-check")),
    "the check emptied": lambda nb: cell(nb, "scale-check").update(source=""),
    "a raises-exception tag": lambda nb: cell(nb, "scale-check").metadata.update(tags=["raises-exception"]),
    "an nbval-skip tag": lambda nb: cell(nb, "scale-check").metadata.update(tags=["nbval-skip"]),
    "an nbval-skip comment in the answer": lambda nb: cell(nb, "scale-answer").update(source="# NBVAL_SKIP\n" + WRONG),
    "an input transformer in a cell of its own": lambda nb: extra(nb, TRANSFORMER),
    "an input transformer in the answer": lambda nb: cell(nb, "scale-answer").update(source=WRONG + TRANSFORMER),
    "the value of the shown case, written down": lambda nb: cell(nb, "scale-answer").update(
        source="def scale(scores, d_k):\n    return scores / 8\n"
    ),
    "check redefined in a cell of its own": lambda nb: extra(nb, "check = print"),
    "check redefined in the answer": lambda nb: cell(nb, "scale-answer").update(source=WRONG + FORGED_CHECK),
    "metadata edited away": without_points,
    "the output edited to correct": stored_as_correct,
    "another function's name": lambda nb: cell(nb, "scale-answer").update(source=WRONG.replace("scale(", "scales(")),
    "all cells named as in a lesson": named_as_in_a_lesson,
    "the answer deleted": lambda nb: nb.cells.remove(cell(nb, "scale-answer")),
}
ELSEWHERE = {"another file name": "homework.ipynb", "a course_lib beside the notebook": f"{STEM}.ipynb"}
RIGHT = {
    "the solution's answer": handed_in,
    "an answer that earns a remark": lambda: handed_in(
        scale="print('read')\ndef scale(scores, d_k):\n    print('run')\n    return scores / np.sqrt(d_k)\n"
    ),
}


def write(folder, notebook, name=f"{STEM}.ipynb"):
    path = folder / "exercises" / name
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)
    return path


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """{(folder, cell): None when green, else what the red cell says}, for all notebooks of this module."""
    root = tmp_path_factory.mktemp("handed in")
    for name, change in TAMPERED.items():
        write(root / name, with_wrong_scale(change))
    for name, file in ELSEWHERE.items():
        path = write(root / name, handed_in(scale=WRONG), file)
    (path.parent / "course_lib").mkdir()
    (path.parent / "course_lib" / "__init__.py").touch()
    (path.parent / "course_lib" / "feedback.py").write_text("for_lesson = lambda stem: (print, print)\n")
    for name, make in RIGHT.items():
        write(root / name, make())
    for stem in SHIPPED:
        shipped = nbformat.read(ROOT / "exercises" / f"{stem}.ipynb", as_version=4)
        write(root / "shipped" / stem, shipped, f"{stem}.ipynb")
    write(root / "drawn", drawn(), "00_drawn.ipynb")
    write(root / "foreign", nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")]), "foreign.ipynb")
    return run(root)


def drawn():
    """A lesson's notebook whose pictures were stored by another machine, the second one with other words, too."""
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": ""}})
    for words in ("one bar", "two bars"):
        draw = f"from IPython.display import HTML\nimport course_lib\nHTML('{picture('one bar', 'AAAA')}')"
        text = "<IPython.core.display.HTML object>"
        data = {"text/html": picture(words, "BBBBBBBB"), "text/plain": text}
        output = nbformat.v4.new_output("execute_result", data, execution_count=1)
        notebook.cells.append(nbformat.v4.new_code_cell(draw, execution_count=1, outputs=[output]))
    return notebook


def picture(words, payload):
    return f'<img alt="{words}" src="data:image/png;base64,{payload}">'


def run(root):
    """Run pytest --nbval on a folder and read its report."""
    report = root / "report.xml"
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
    subprocess.run([*command, f"--rootdir={root}", str(root)], cwd=root, capture_output=True)
    found = {}
    for case in ElementTree.parse(report).iter("testcase"):
        red = case.find("failure") if case.find("failure") is not None else case.find("error")
        folder = case.get("classname").rsplit(".exercises", 1)[0]
        found[folder, case.get("name")] = None if red is None else red.text
    return found


def of(report, folder):
    """{cell: verdict} of one notebook of the report."""
    found = {name: said for (where, name), said in report.items() if where == folder}
    assert found, f"{folder} did not run; these did: {sorted({where for where, _ in report})}"
    return found


def red(report, folder):
    return {name for name, said in of(report, folder).items() if said is not None}


@pytest.mark.parametrize("variant", [*TAMPERED, *ELSEWHERE])
def test_a_wrong_answer_stays_red_whatever_else_is_changed(report, variant):
    assert red(report, variant) == {"scale-check"}


@pytest.mark.parametrize("variant", RIGHT)
def test_a_right_answer_is_green(report, variant):
    assert red(report, variant) == set()


@pytest.mark.parametrize("stem", SHIPPED)
def test_a_shipped_exercise_is_red_in_exactly_its_graded_cells(report, stem):
    notebook = nbformat.read(ROOT / "exercises" / f"{stem}.ipynb", as_version=4)
    graded = {one.id for one in notebook.cells if one.metadata.get("nbgrader", {}).get("grade")}
    found = of(report, f"shipped.{stem}")
    assert {name for name, said in found.items() if said} == graded
    assert all("is not written yet" in found[name] for name in graded)


def test_the_bytes_of_a_picture_may_differ_and_its_words_may_not(report):
    assert of(report, "drawn")["Cell 0"] is None
    assert "two bars" in of(report, "drawn")["Cell 1"]


def test_a_notebook_that_is_not_of_the_course_is_left_to_nbval(report):
    assert of(report, "foreign") == {"Cell 0": None}


def test_without_nbval_the_plugin_collects_nothing(tmp_path):
    nbformat.write(handed_in(), tmp_path / f"{STEM}.ipynb")
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    assert "no tests collected" in subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout


def test_the_plugin_loads_nothing_before_a_notebook_is_collected():
    code = "import sys, course_tools.nbval_plugin; print({'nbval', 'numpy', 'nbformat'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"


def test_an_answer_cell_that_never_ends_is_not_waited_for_half_an_hour(monkeypatch):
    from nbval.plugin import IPyNbCell

    from course_tools.nbval_items import ExerciseCell

    seen = []
    monkeypatch.setattr(IPyNbCell, "runtest", lambda cell: seen.append(cell.config.option.nbval_cell_timeout))
    item = object.__new__(ExerciseCell)
    option = SimpleNamespace(nbval_cell_timeout=2000)
    item.config, item.cell = SimpleNamespace(option=option), nbformat.v4.new_code_cell()
    item.runtest()
    assert seen == [60] and option.nbval_cell_timeout == 2000


def test_outputs_that_a_busy_machine_brings_late_are_waited_for():
    from course_tools.nbval_items import CourseFile

    file = object.__new__(CourseFile)
    file.kernel = SimpleNamespace(get_message=lambda stream, timeout: (stream, timeout))
    assert file.get_kernel_message(timeout=5) == ("iopub", 60)


@pytest.mark.parametrize("kind", ["CourseFile", "ExerciseFile"])
def test_a_kernel_whose_port_another_program_took_meanwhile_is_started_once_more(kind, monkeypatch):
    from course_tools import nbval_items

    starts = []

    def start(*_, **__):
        starts.append("a kernel")
        if len(starts) == 1:
            raise RuntimeError("Kernel died before replying to kernel_info")

    monkeypatch.setattr(nbval_items.IPyNbFile, "setup", start)
    monkeypatch.setattr(nbval_items, "RunningKernel", start)
    monkeypatch.setattr(nbval_items.restore, "verdicts", lambda notebook, stem: {})
    file = object.__new__(getattr(nbval_items, kind))
    option = SimpleNamespace(nbval_current_env=True, nbval_kernel_startup_timeout=60, nbval_sanitize_with=None)
    file.nb, file.stem, file.config, file.sanitize_patterns = None, STEM, SimpleNamespace(option=option), {}
    file.parent = SimpleNamespace(config=file.config)
    file.setup()
    assert len(starts) == 2


def lesson():
    return nbformat.read(ROOT / "notebooks" / f"{STEM}.ipynb", as_version=4)


def changed(change):
    notebook = handed_in()
    change(notebook)
    return notebook


def without_answers(notebook):
    notebook.cells = notebook.cells[:1]


WHOSE = {
    "a lesson": (f"inbox/{STEM}.ipynb", lesson, None),
    "a lesson among exercises": (f"exercises/{STEM}.ipynb", lesson, STEM),
    "an exercise": (f"inbox/{STEM}.ipynb", handed_in, STEM),
    "a copy with all its answers gone": (f"inbox/my {STEM} (2).ipynb", lambda: changed(without_answers), STEM),
    "an exercise with another name": ("inbox/homework.ipynb", handed_in, STEM),
    "an exercise whose cells are named as a lesson's": (
        f"inbox/{STEM}.ipynb",
        lambda: changed(named_as_in_a_lesson),
        STEM,
    ),
    "an exercise with all its answers gone": (f"inbox/{STEM}.ipynb", lambda: changed(without_answers), STEM),
    "something else": ("exercises/notes.ipynb", lambda: nbformat.v4.new_notebook(), None),
}


@pytest.mark.parametrize("notebook", WHOSE)
def test_a_notebook_is_known_for_what_it_is(notebook, tmp_path):
    from course_tools.nbval_restore import stem_of

    name, make, stem = WHOSE[notebook]
    assert stem_of(tmp_path / name, make()) == stem
