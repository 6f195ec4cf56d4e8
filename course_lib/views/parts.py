"""The parts every figure stands on: a slider, a choice and a picture, small widgets with hand-written scripts."""

from html import escape
from pathlib import Path

import anywidget
import ipywidgets as widgets
import traitlets

from course_lib.views.png import data_url

STATIC = Path(__file__).parent / "static"
_WIDGET = "application/vnd.jupyter.widget-view+json"
STYLE = (STATIC / "parts.css").read_text(encoding="utf-8")


def script(*names):
    """Return a part's scripts with the shared one in front of them, as one text."""
    return "\n".join((STATIC / file).read_text(encoding="utf-8") for file in ("core.js", *names))


def figure_html(png, alt, width):
    """Return a figure that needs no kernel: the picture on white paper, with its sentence as alt and under it."""
    sentence = escape(alt)
    return (
        f'<figure style="margin:0"><img alt="{sentence}" width="{width}" '
        f'style="background:#fff;max-width:100%;height:auto" src="{data_url(png)}">'
        f"<figcaption>{sentence}</figcaption></figure>"
    )


class Shown:
    """What a part shows: the live widget, html for where no kernel runs, and a repr that is equal in every run."""

    def html(self):
        """Return html that stands without a kernel."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **_):
        live = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {_WIDGET: live, "text/html": self.html(), "text/plain": repr(self)}


def _plain(option):
    return option.item() if hasattr(option, "item") else option  # NumPy's numbers are not JSON


def _checked(label, options, value, texts):
    """Return options and texts as lists, or raise ValueError with a sentence."""
    options, texts = [_plain(option) for option in options], list(texts or ())
    if len(options) < 2:
        raise ValueError(f"{label} needs at least two options, and has {len(options)}")
    if len(set(options)) < len(options):
        raise ValueError(f"the options of {label} must differ, and some are equal: {options}")
    if value not in options:
        raise ValueError(f"{label} must be one of {_listed(options)}, not {value!r}")
    if texts and len(texts) != len(options):
        raise ValueError(f"{label} has {len(options)} options and {len(texts)} texts: one text for each option")
    return options, texts


def _listed(options):
    shown = options if len(options) <= 12 else [*options[:3], "...", options[-1]]
    return ", ".join(str(option) for option in shown)


class Slider(Shown, anywidget.AnyWidget, widgets.ValueWidget):
    """A slider over a list of options, with a name that a screen reader says. `value` is one of the options.

    texts: what to show for each option, where its own str would not do.
    """

    _esm, _css = script("slider.js"), STYLE
    label = traitlets.Unicode().tag(sync=True)
    options = traitlets.List().tag(sync=True)
    texts = traitlets.List(traitlets.Unicode()).tag(sync=True)
    value = traitlets.Any().tag(sync=True)

    def __init__(self, label, options, value, texts=None):
        options, texts = _checked(label, options, value, texts)
        super().__init__(label=label, options=options, value=value, texts=texts)

    @traitlets.validate("value")
    def _one_of_the_options(self, proposal):
        value = proposal["value"]
        if value not in self.options:
            raise ValueError(f"{self.label} must be one of {_listed(self.options)}, not {value!r}")
        return self.options[self.options.index(value)]  # a browser sends 1 for 1.0

    @property
    def text(self):
        """What the slider shows now."""
        return self.texts[self.options.index(self.value)] if self.texts else str(self.value)

    def __repr__(self):
        return f"{type(self).__name__}({self.label} = {self.text})"

    def html(self):
        """Return the name and the value."""
        return f"<p>{escape(self.label)} = {escape(self.text)}</p>"


class Choice(Slider):
    """A few options side by side, where a slider would suggest an order between them."""

    _esm = script("choice.js")


class Picture(Shown, anywidget.AnyWidget):
    """A PNG of width x height CSS pixels with a sentence: its alt text, and the line under it.

    ratio: how many pixels the browser would like to a CSS pixel; the browser sets it.
    true_colours: stand on white paper in the dark theme, instead of being turned into light ink.
    """

    _esm, _css = script("picture.js"), STYLE
    png = traitlets.Bytes().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    width = traitlets.Int().tag(sync=True)
    height = traitlets.Int().tag(sync=True)
    true_colours = traitlets.Bool().tag(sync=True)
    ratio = traitlets.Float(1.0, min=1.0, max=2.0).tag(sync=True)

    def __init__(self, png, alt, width, height, true_colours=False):
        if not png.startswith(b"\x89PNG"):
            raise ValueError("a picture is made of the bytes of a PNG file, and these are not")
        if not alt:
            raise ValueError("a picture needs a sentence that says what it shows")
        super().__init__(png=png, alt=alt, width=width, height=height, true_colours=true_colours)

    def show(self, png, alt):
        """Put another picture and its sentence up, in one message."""
        with self.hold_sync():
            self.png, self.alt = png, alt

    def __repr__(self):
        return f"Picture({self.alt})"

    def html(self):
        """Return the picture, as it is, with its sentence."""
        return figure_html(self.png, self.alt, self.width)
