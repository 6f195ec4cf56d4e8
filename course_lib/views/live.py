"""LiveFigure: a figure that the browser draws and computes, so that it lives on in a page without Python."""

from pathlib import Path

import anywidget
import matplotlib as mpl
import traitlets

from course_lib.views import style
from course_lib.views.base import Figure
from course_lib.views.live_page import alive, public_state, whole_page
from course_lib.views.parts import STATIC, STYLE, figure_html, script
from course_lib.views.sheet import Sheet

FORMATS = (".svg", ".png", ".html")
NOTEBOOK_RATIO = 1.25  # pixels to a CSS pixel: where it stands in for the live figure, and a notebook has 150 KB


def live_script(*names):
    """Return the script of a live figure: what all share, the maths, its own."""
    return script("maths.js", *names)


def live_style(name):
    """Return the style of a live figure, the shared one first; every rule hangs on its root class."""
    return STYLE + (STATIC / name).read_text(encoding="utf-8")


class LiveFigure(Figure, anywidget.AnyWidget):
    """A figure computed in the browser. Python owns the data, the browser owns the selection.

    A subclass sets `_esm, _css = live_script("x.js"), live_style("x.css")`, tags its traits with sync=True, and has

    numbers()        a dict of numbers and arrays from the maths, at the selection as it stands
    describe()       one sentence with those numbers, the same as the browser shows
    build(figure)    the same picture by matplotlib, for where no script runs; size is in CSS pixels
    check(selection) returns a selection as it should be, or raises ValueError: a browser can send anything
    heading()        optional: how the repr begins
    """

    size = (760, 380)
    selection = traitlets.Dict(help="what is selected; the browser writes it, the next cell reads it").tag(sync=True)

    def check(self, selection):
        """Return the selection as it should be."""
        return selection

    def heading(self):
        """Return how the repr begins."""
        return f"{type(self).__name__}()"

    def __init__(self, **traits):
        self._sheet = None
        super().__init__(**traits)
        self.observe(self._forget)

    def _forget(self, _change):
        self._sheet = None

    @traitlets.validate("selection")
    def _checked(self, proposal):
        return self.check(dict(proposal["value"]))

    def sheet(self):
        """Return the picture of what the figure shows now; it is drawn once until something changes."""
        if self._sheet is None:
            self._sheet = Sheet(*self.size, self.build)
        return self._sheet

    def __repr__(self):
        return f"{self.heading()}\n{self.describe()}\n{self.sheet().fingerprint()}"

    def html(self):
        """Return the picture as it stands, with its sentence; it needs neither kernel nor script."""
        return figure_html(self.sheet().stored_png(ratio=NOTEBOOK_RATIO), self.describe(), self.size[0])

    def live_html(self):
        """Return html in which the figure is alive without a kernel."""
        return alive(self._state(), self._esm)

    def _state(self):
        return public_state(self)

    def page(self):
        """Return a whole page that asks nobody for anything: no kernel, no network."""
        return whole_page(self.heading(), self._css, self.live_html())

    def save(self, path):
        """Write the figure to path, "x.svg", "x.png" or "x.html" (alive, without a kernel); return the path."""
        path = Path(path)
        if path.suffix not in FORMATS:
            raise ValueError(f"a figure is saved as {', '.join(FORMATS)}: {path.name!r} ends in none of them")
        if path.suffix == ".html":
            path.write_text(self.page(), encoding="utf-8")
        elif path.suffix == ".png":
            path.write_bytes(self.sheet().stored_png())
        else:
            sheet = self.sheet()
            with style.drawing(), mpl.rc_context({"svg.hashsalt": "course"}):  # names in it equal in every run
                look = {"format": "svg", "metadata": {"Date": None}, "facecolor": "white"}
                sheet.figure.savefig(path, **look)
        return path
