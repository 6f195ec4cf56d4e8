"""Timed: how long a run takes and how much memory it needs here and now; what is stored keeps only what stays true."""

import tracemalloc
from html import escape
from time import perf_counter
from typing import NamedTuple

import anywidget
import numpy as np
import traitlets

from course_lib.views.amounts import duration, two_digits
from course_lib.views.parts import STATIC, STYLE, Shown, script

HERE = "Run the cell to see the seconds and the memory of your machine."


class Run(NamedTuple):
    """What to run. With `times`, the same for `stands_for` is estimated: not run, but that many times the seconds."""

    label: str
    function: object
    times: float | None = None
    stands_for: str = ""


class Timed(Shown, anywidget.AnyWidget):
    """Runs functions of no argument and shows, live, their seconds and the memory they took on top.

    Timed(label, function) or Timed(Run(label, function), Run(...), ...). Each function runs twice, for its seconds and
    for its memory, since to watch memory takes time. `results` holds what they returned; `seconds` and `megabytes`
    (10⁶ bytes, the result included) what was measured. Neither stands in anything that a notebook stores.

    >>> Timed("the 9 sums", lambda: np.ones((3, 3)) @ np.ones((3, 3)))
    Timed(the 9 sums)
    the 9 sums: (3, 3). Run the cell to see the seconds and the memory of your machine.
    """

    _esm = script("timed.js")
    _css = STYLE + (STATIC / "timed.css").read_text(encoding="utf-8")
    rows = traitlets.List(help="what the table shows: name, result, seconds, memory, share, estimated").tag(sync=True)

    def __init__(self, *runs):
        self.runs = _checked(runs)
        measured = [measure(run.function) for run in self.runs]
        self.results, self.seconds, self.megabytes = map(list, zip(*measured, strict=True))
        super().__init__(rows=self._rows())

    def _rows(self):
        """Return what the browser shows, as texts, and each run's share of the longest."""
        estimates = [
            times * seconds for (_, _, times, _), seconds in zip(self.runs, self.seconds, strict=True) if times
        ]
        longest = max(*self.seconds, *estimates, 1e-9)
        rows = []
        for run, result, seconds, megabytes in zip(self.runs, self.results, self.seconds, self.megabytes, strict=True):
            row = {"name": run.label, "result": shape(result), "memory": f"{two_digits(megabytes)} MB"}
            rows.append(row | {"seconds": duration(seconds), "share": seconds / longest, "estimated": False})
            if run.times:
                seconds *= run.times
                row = {"name": run.stands_for, "result": _estimate(run), "memory": "", "seconds": duration(seconds)}
                rows.append(row | {"share": seconds / longest, "estimated": True})
        return rows

    def facts(self):
        """Return name and result of every row: what is the same on all machines."""
        return [(row["name"], row["result"]) for row in self.rows]

    def describe(self):
        """Return what ran and what came out, and that the seconds are to be seen live."""
        return "; ".join(f"{name}: {result}" for name, result in self.facts()) + f". {HERE}"

    def __repr__(self):
        return f"Timed({'; '.join(run.label for run in self.runs)})\n{self.describe()}"

    def html(self):
        """Return the table without what was measured."""
        rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(result)}</td></tr>" for name, result in self.facts())
        return f"<table><tr><th>run</th><th>result</th></tr>{rows}</table><p>{HERE}</p>"


def measure(function):
    """Return the function's result, its seconds, and the megabytes it took at most on top of what was there."""
    start = perf_counter()
    result = function()
    seconds = perf_counter() - start
    already = tracemalloc.is_tracing()
    if not already:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        function()
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        if not already:
            tracemalloc.stop()
    return result, seconds, peak / 1e6


def shape(result):
    """Return what came out, without its numbers: the shape of an array, or of each in a tuple.

    >>> shape(np.ones((2, 3))), shape((np.ones(2), np.ones(3))), shape("text")
    ('(2, 3)', '(2,), (3,)', 'str')
    """
    if isinstance(result, np.ndarray):
        return str(result.shape)
    return ", ".join(map(shape, result)) if isinstance(result, tuple) else type(result).__name__


def _estimate(run):
    return f"extrapolated, not run: {two_digits(run.times)} × the row above"


def _checked(runs):
    """Return a list of Runs, or raise ValueError with a sentence."""
    if len(runs) == 2 and isinstance(runs[0], str):
        runs = [Run(*runs)]
    if not runs or isinstance(runs[0], str):
        raise ValueError("Timed needs something to run: Timed(label, function) or Timed(Run(label, function), ...)")
    for run in runs:
        if not isinstance(run, Run) or not isinstance(run.label, str) or not callable(run.function):
            raise ValueError(f"each run must be Run(label, function), words and a function of no argument: got {run!r}")
        if run.times is not None and not (run.times > 0 and run.stands_for):
            raise ValueError(f"an extrapolated run needs times above 0 and what it stands_for: got {run.times!r}")
    return list(runs)
