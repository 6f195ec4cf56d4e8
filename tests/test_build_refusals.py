"""What the builder refuses, each slip by a sentence that names its line and says what to write."""

import nbformat
import pytest
import tiny_course as tiny

from course_tools import build as builder
from course_tools.build import make, outputs
from course_tools.build.execute import WIDGET_VIEW
from course_tools.build.places import BuildError


def refusals(tmp_path, lesson, **options):
    """What the builder says of a lesson before it executes anything."""
    with pytest.raises(BuildError) as caught:
        make.one(tiny.course(tmp_path, lesson, **options), "lessons", "03_scaling")
    return caught.value.sentences


# Slips in a lesson that can be seen without running it

SLIPS = {
    "a cell that ends in a semicolon": (tiny.cell("1 + 1;"), 4, "ends in `;`"),
    "a semicolon before a comment": (tiny.cell("1 + 1;  # quiet"), 4, "ends in `;`"),
    "a line too wide for the wall": (tiny.cell("1\n" + "2" * 110), 5, "of 110 letters; the wall has room for 109."),
    "a cell of nine lines": (tiny.cell("\n".join("123456789")), 4, "a cell of 9 lines"),
    "an import of pyplot": (tiny.cell("import matplotlib.pyplot as plt\nplt.plot([1])"), 4, "imports matplotlib"),
    "plt": (tiny.cell("plt.plot([1])"), 4, "contains `plt`"),
    "interact": (tiny.cell("interact(print, x=1)"), 4, "contains `interact`"),
    "observe": (tiny.cell("1\nslider.observe(print)"), 5, "contains `observe`"),
    "a relative import": (tiny.cell("from . import x"), 4, "imports ."),
    "a magic": (tiny.cell("%time 1"), 4, "not plain Python"),
    "a comment for nbval": (tiny.cell("# NBVAL_IGNORE_OUTPUT\n1"), 4, "makes nbval look away"),
    "an empty cell": ("# A\n\n```{code-cell}\n```\n", 4, "an empty code cell"),
    "a second H1": ("# A\n\n# B\n", 3, "a second H1, 'B'"),
    "no title": ("Text.\n", None, "there is no title"),
    "a heading that skips a level": ("# A\n\n### B\n", 3, "write `## B`"),
    "an H1 that is not first": ("## A\n\n# B\n", 1, "write `# A`"),
    "an underlined H1": ("# A\n\nB\n===\n", 3, "a second H1"),
    "an image without alt text": ("# A\n\n![](x.png)\n", 3, "an image without alt text"),
    "an HTML image without alt text": ('# A\n\n<img src="x.png">\n', 3, "an image without alt text"),
    "an inline HTML image with an empty alt": ('# A\n\nSee <img src="x" alt="">.\n', 3, "an image without alt text"),
    "a rule that makes a heading of the text above": ("# A\n\nB\n---\n", 3, "makes this a heading"),
    "a colon block": ("# A\n\n:::{note}\nB\n:::\n", 3, "use <details>"),
    "a directive": ("# A\n\n```{note}\nB\n```\n", 3, "`{note}` block is not drawn"),
    "a role": ("# A\n\nSee {ref}`b`.\n", 3, "the role {ref}"),
    "a display formula inside a sentence": ("# A\n\nSo $$x$$ it is.\n", 3, "paragraph of its own"),
    "metadata that a code cell would lose": (
        '# A\n\n+++ {"slide": "slide"}\n\n```{code-cell}\n1\n```\n', 3, "inside the cell, as `:slide: fragment`"),
    "an unknown key": ('+++ {"slid": "slide"}\n\n# A\n', 3, "the key 'slid'"),
    "a tag for nbval": ("# A\n\n```{code-cell}\n:tags: [nbval-skip]\n\n1\n```\n", 6, "the key 'tags'"),
    "an unknown slide type": ('+++ {"slide": "slyde"}\n\n# A\n', 3, "slide is 'slyde'"),
    "a note made of code": ("# A\n\n```{code-cell}\n:slide: notes\n\n1\n```\n", 6, "must be text"),
    "a second cut": ('# A\n\n+++ {"cut": true}\n\nB\n\n+++ {"cut": true}\n\nC\n', 9, "a second cut"),
    "metadata that is no JSON": ("+++ {slide}\n\n# A\n", None, "cannot be read as cells"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_the_builder_refuses(tmp_path, slip):
    lesson, line, sentence = SLIPS[slip]
    place = f"content/lessons/03_scaling.md:{tiny.line(line) if line else 1}: "
    told = refusals(tmp_path, lesson)
    assert any(said.startswith(place) and sentence in said for said in told), told


def test_what_only_looks_like_a_slip_passes(tmp_path):
    body = (
        "# A\n\nA span `{x}` and `plt`; costs $1; a formula:\n\n$$\nx = 1\n$$\n\n"
        "```python\n# B\nplt.plot()\n```\n\n![A bar](x.png)\n\n"
        "```{code-cell}\nimport numpy as np\n\nx = [1, 2]; print(x)\nnp.sum(x)  # ends; not\n```\n"
    )
    assert tiny.lesson_notebook(tiny.course(tmp_path, body)).cells


def test_an_unpinned_header_is_refused(tmp_path):
    course = tiny.course(tmp_path)
    path = course.source("lessons", "03_scaling")
    path.write_text(path.read_text().replace("1.19.6", "1.18.0"))
    with pytest.raises(BuildError, match=r"the header's jupytext_version is 1\.18\.0; write 1\.19\.6"):
        make.one(course, "lessons", "03_scaling")


def test_a_stem_that_does_not_exist_is_answered_with_those_that_do(tmp_path):
    report = builder.build(["05"], course=tiny.course(tmp_path))
    assert report.problems == ["There is no lesson 05. The lessons are: 03_scaling."]


# Slips that only a run shows

RUN_SLIPS = {
    "print('w', file=__import__('sys').stderr)": "writes to stderr ('w')",
    "object()": "a memory address",
    "np.arange(3, dtype='int8')": "names a dtype",
    "drawn(text_html='<img src=x>', text_plain='x')": "a picture without alt text",
    "drawn(image_png='AAAA', text_plain='x')": "a picture without words",
    "__import__('os').getcwd()": "a path of this machine",
    "x = 1": "shows nothing",
    "print(*range(40_000), sep='\\n')": "KB, and 150 are allowed",
}
DRAWN = """\
import numpy as np

class Drawn(dict):
    def _repr_mimebundle_(self, **kwargs): return self
def drawn(**data): return Drawn({mime.replace("_", "/"): text for mime, text in data.items()})
print("drawn")
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What the builder says after one run of a lesson with every slip of RUN_SLIPS in it."""
    cells = "\n".join(f"```{{code-cell}}\n{code}\n```\n" for code in [DRAWN, *RUN_SLIPS])
    course = tiny.course(tmp_path_factory.mktemp("slips"), f"# 03 Doubling\n\n{cells}")
    report = builder.build(course=course)
    assert not course.built("notebooks", "03_scaling").exists()  # a refused notebook is not written
    lines = course.source("lessons", "03_scaling").read_text().splitlines()
    return [(lines[int(said.split(":")[1]) - 1], said) for said in report.problems]


@pytest.mark.parametrize("code", RUN_SLIPS)
def test_the_builder_refuses_after_a_run(told, code):
    assert any(line == code and RUN_SLIPS[code] in said for line, said in told), told


def test_nothing_else_is_refused_after_a_run(told):
    assert len(told) == len(RUN_SLIPS)


def test_a_cell_that_raises_is_named_with_its_line_and_stops_the_build(tmp_path):
    report = builder.build(
        course=tiny.course(tmp_path, "# A\n\n```{code-cell}\n1\n```\n\n```{code-cell}\n1 / 0\n```\n")
    )
    assert (
        f"content/lessons/03_scaling.md:{tiny.line(8)}: the cell raises ZeroDivisionError: division by zero"
        in report.problems
    )


def test_a_number_that_nothing_computes_is_refused(tmp_path):
    report = builder.build(course=tiny.course(tmp_path, tiny.LESSON.replace("doubled.", "doubled 7 times.")))
    assert any("the number 7 is neither a claim nor printed" in said for said in report.problems)


def stored(*held, source="1", **metadata):
    """What the builder says of a lesson with one executed cell that holds these outputs."""
    cell = nbformat.v4.new_code_cell(source, execution_count=1, outputs=list(held))
    nb = nbformat.v4.new_notebook(cells=[cell], metadata=metadata)
    return " ".join(outputs.problems(nb, "x.ipynb", {}, must_show=True))


def test_an_unexecuted_cell_is_seen(tmp_path):
    nb = tiny.lesson_notebook(tiny.course(tmp_path))
    assert any("was not executed" in said for said in outputs.problems(nb, "x.ipynb", {}))


def test_a_forgotten_strip_is_seen():
    view = {WIDGET_VIEW: {"model_id": "a"}, "text/plain": "bar"}
    assert "a live widget view is stored" in stored(nbformat.v4.new_output("display_data", view))
    assert "the state of widgets is stored" in stored(nbformat.v4.new_output("stream", text="a"), widgets={})


def test_a_stored_error_is_seen():
    assert "raises ValueError" in stored(nbformat.v4.new_output("error", ename="ValueError", evalue="", traceback=[]))


def test_a_cell_that_only_imports_need_not_show_anything():
    assert stored(source="import numpy as np\nfrom course_lib.scaling import scale") == ""
    assert "shows nothing" in stored(source="import numpy as np\nx = 1")
