"""View: public controls, numbers from the maths, a drawing of those numbers, and one sentence that says them."""

import ipywidgets as widgets

from course_lib.views.parts import Picture, Shown, figure_html
from course_lib.views.sheet import Sheet


class Figure(Shown):
    """The face of every figure, whoever draws it: numbers, one sentence that says them, a drawing of them."""

    def numbers(self):
        """Return a dict of the numbers and arrays, from the maths, that the figure shows now."""
        raise NotImplementedError

    def describe(self):
        """Return one sentence that says what the figure shows now, with its numbers."""
        raise NotImplementedError

    def build(self, figure):
        """Draw on an empty matplotlib figure."""
        raise NotImplementedError


class View(Figure, widgets.VBox):
    """A figure that follows its controls. A subclass says what, this class keeps picture and sentence in step.

    A subclass sets its controls, calls super().__init__(controls=[...]) and has

    numbers()      a dict of numbers and arrays from the maths, at the controls as they stand
    describe()     one sentence with those numbers
    build(figure)  draws what stands still, and makes what moves with animated=True and a zorder of 5 or more
    update(n)      hands those numbers to what moves
    """

    size = (760, 380)  # CSS pixels
    stored_colours = 16  # of the stored picture, however many are drawn
    true_colours = False  # True: white paper in the dark theme, too, where lightness would else be turned round

    def __init__(self, controls=()):
        self.controls = list(controls)
        self.sheet = Sheet(*self.size, self.build)
        self.update(self.numbers())
        self.picture = Picture(self.sheet.png(), self.describe(), *self.size, self.true_colours)
        row = widgets.HBox(self.controls, layout={"flex_flow": "row wrap", "overflow": "visible"})
        # Visible, or the box would cut off the ring round what has the focus.
        super().__init__([row, self.picture] if self.controls else [self.picture], layout={"overflow": "visible"})
        self.add_class("course-view")
        for control in self.controls:
            control.observe(self._follow, "value")
        self.picture.observe(self._redraw, "ratio")

    def update(self, numbers):
        """Hand the numbers to the artists that move; a figure without controls has none."""

    def _follow(self, _):
        self.update(self.numbers())
        self._redraw()

    def _redraw(self, _=None):
        self.picture.show(self.sheet.png(self.picture.ratio), self.describe())

    def __repr__(self):
        settings = ", ".join(f"{control.label} = {control.text}" for control in self.controls)
        return f"{type(self).__name__}({settings})\n{self.describe()}\n{self.sheet.fingerprint()}"

    def html(self):
        """Return the picture as it stands, with its sentence; it needs no kernel."""
        return figure_html(self.sheet.stored_png(self.stored_colours), self.describe(), self.size[0])
