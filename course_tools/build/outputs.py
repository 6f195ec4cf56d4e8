"""What the outputs of a notebook must keep to, so that a fresh clone shows them and nbval can compare them."""

import re

from course_tools.build import code
from course_tools.build.execute import WIDGET_VIEW
from course_tools.build.notebook import to_bytes
from course_tools.build.prose import html_alts

MAX_BYTES = 150_000
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")


def problems(notebook, name, where, root=None, must_show=False):
    """Sentences on one executed notebook.

    name:       how to call the file, "notebooks/03_scaling.ipynb"
    where:      {cell id: place in the text}
    must_show:  True in a lesson, where each cell shows something (one that only imports need not)
    """
    if "widgets" in notebook.metadata:
        yield f"{name}: the state of widgets is stored; it reopens as an error. Run `course build`."
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for sentence in _cell_problems(cell, root, must_show):
                yield f"{where.get(cell.id, name)}: {sentence}"
    size = len(to_bytes(notebook))
    if size > MAX_BYTES:
        cell = max(notebook.cells, key=lambda cell: len(str(cell.get("outputs", ""))))
        yield (
            f"{where.get(cell.id, name)}: {name} takes {size / 1000:.0f} KB, and {MAX_BYTES // 1000} are allowed; "
            "this cell's output is the largest: draw it smaller or with fewer colours."
        )


def _cell_problems(cell, root, must_show):
    if cell.execution_count is None:
        yield "the cell was not executed, so that nbval would compare nothing."
        return
    tree = code.parse(cell.source)
    if must_show and not cell.outputs and not (tree and code.only_imports(tree)):
        yield "the cell shows nothing; end it in an expression or a print."
    for output in cell.outputs:
        yield from _output_problems(output)
        words = str(output.get("text", "")) + "".join(map(str, output.get("data", {}).values()))
        if ADDRESS.search(words):
            yield "an output holds a memory address, which differs on every run; give the object a __repr__."
        if "dtype=" in words:
            yield "an output names a dtype, which differs by platform; print the numbers (`.round(2)`, `.tolist()`)."
        if root and str(root) in words:
            yield "an output holds a path of this machine."


def _output_problems(output):
    if output.output_type == "error":
        yield f"the cell raises {output.ename}."
    if output.output_type == "stream" and output.name == "stderr":
        yield f"the cell writes to stderr ({' '.join(output.text.split())[:80]!r}); mend the warning's cause."
    data = output.get("data", {})
    if WIDGET_VIEW in data:
        yield "a live widget view is stored; it reopens as an error. Run `course build`."
    alts = html_alts(data.get("text/html", ""))
    if any(not (alt or "").strip() for alt in alts):
        yield "a picture without alt text; a view gives it from describe()."
    if any(mime.startswith("image/") for mime in data) and not alts:
        yield "a picture without words; show it through a view, which gives it alt text."
