"""LiveFigure: a figure that the browser draws and computes, so that it lives on in a page without Python."""

import base64
import json
import zlib
from html import escape
from pathlib import Path

import anywidget
import matplotlib as mpl
import numpy as np
import traitlets

from course_lib.views import style
from course_lib.views.base import Figure
from course_lib.views.heat_map import LABELS
from course_lib.views.parts import STATIC, STYLE, figure_html, script
from course_lib.views.sheet import Sheet

FORMATS = (".svg", ".png", ".html")
NOTEBOOK_RATIO = 1.25  # pixels to a CSS pixel: where it stands in for the live figure, and a notebook has 150 KB
__all__ = ["LABELS", "Array", "LiveFigure", "live_script", "live_style"]
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 16px; background: var(--jp-layout-color1, #fff); }}
@media (prefers-color-scheme: dark) {{
  :root {{ --jp-layout-color1: #111; --jp-content-font-color1: #eee; --jp-content-font-color2: #bbb;
    --jp-ui-font-color2: #bdbdbd; }}
}}
{css}
</style>
</head>
<body>
<script>
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => {{ document.body.dataset.jpThemeLight = String(!dark.matches); }};
dark.addEventListener("change", follow);
follow();
</script>
{body}
</body>
</html>
"""


def live_script(*names):
    """Return the script of a live figure: what all share, the maths, its own."""
    return script("maths.js", *names)


def live_style(name):
    """Return the style of a live figure, the shared one first; every rule hangs on its root class."""
    return STYLE + (STATIC / name).read_text(encoding="utf-8")


def array_to_json(array, _=None):
    """Return what travels: float32 bytes and a shape."""
    return {"shape": list(array.shape), "data": memoryview(np.ascontiguousarray(array)).cast("B")}


def array_from_json(sent, _=None):
    """Return the array that the bytes and the shape make."""
    return np.frombuffer(bytes(sent["data"]), np.float32).reshape(sent["shape"])


class Array(traitlets.TraitType):
    """A float32 array that nobody changes in place. Both sides compute in float64 from it."""

    info_text = "an array of numbers"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.tag(sync=True, to_json=array_to_json, from_json=array_from_json)

    def validate(self, _, value):
        """Return the value as float32, or raise ValueError with a sentence."""
        try:
            array = np.array(value, np.float32)  # a copy, so that the caller's own stays writable
        except (TypeError, ValueError):
            raise ValueError(f"{self.name} must be numbers in rows of equal length, not {value!r}") from None
        array.flags.writeable = False
        return array


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

    @traitlets.validate("selection")
    def _checked(self, proposal):
        return self.check(dict(proposal["value"]))

    def sheet(self):
        """Return the picture of what the figure shows now."""
        return Sheet(*self.size, self.build)

    def __repr__(self):
        return f"{self.heading()}\n{self.describe()}\n{self.sheet().fingerprint()}"

    def html(self):
        """Return the picture as it stands, with its sentence; it needs neither kernel nor script."""
        return figure_html(self.sheet().stored_png(ratio=NOTEBOOK_RATIO), self.describe(), self.size[0])

    def live_html(self):
        """Return html in which the figure is alive without a kernel: its own script on a model of one page."""
        state = json.dumps(self._state(), ensure_ascii=False).replace("<", "\\u003c")
        name = f"{zlib.crc32(state.encode()):08x}"  # equal in every run; two equal figures fill two places in turn
        stub = (STATIC / "stub.js").read_text(encoding="utf-8")
        place = f"document.querySelector('[data-course-live=\"{name}\"]:empty')"
        start = f"render({{ model: stubModel({state}), el: {place} }});"
        return f'<div data-course-live="{name}"></div>\n<script type="module">\n{self._esm}\n{stub}\n{start}\n</script>'

    def _state(self):
        """Return the public traits as JSON has them, bytes in base64."""
        base = set(anywidget.AnyWidget.class_trait_names())
        names = sorted(name for name in self.trait_names(sync=True) if name not in base and not name.startswith("_"))
        state = {name: self.trait_metadata(name, "to_json", _as_is)(getattr(self, name), self) for name in names}
        return json.loads(json.dumps(state, default=lambda data: base64.b64encode(data).decode("ascii")))

    def page(self):
        """Return a whole page that asks nobody for anything: no kernel, no network."""
        return _PAGE.format(title=escape(self.heading()), css=self._css, body=self.live_html())

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


def _as_is(value, _):
    return value
