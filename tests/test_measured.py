"""The committed run of benchmarks/sparse.py: what lesson 07 plots and cites is that run, and its goals were met."""

import json
from pathlib import Path

import numpy as np
import pytest

import course_lib

LIBRARY = Path(course_lib.__file__).parent


@pytest.fixture(scope="module")
def run():
    return json.loads((LIBRARY.parent / "benchmarks" / "sparse.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def plotted():
    return json.loads((LIBRARY / "measured" / "sparse_growth.json").read_text("utf-8"))


def test_what_the_lesson_plots_is_the_committed_run(run, plotted):
    assert plotted["machine"] == run["machine"]
    assert {name: plotted[name] for name in run["growth"]} == run["growth"]


def test_the_window_needs_little_memory_and_is_right(run):
    window = run["window"]
    assert (window["n"], window["radius"]) == (200_000, 256)
    assert window["megabytes"] <= 60 and window["largest_error"] < 1e-5


@pytest.mark.parametrize("name", ["window", "streaming"])
def test_memory_grows_with_n_and_the_slope_is_that_of_the_points(run, plotted, name):
    n, megabytes = (np.array([point[key] for point in plotted[name]]) for key in ("n", "megabytes"))
    assert (n.min(), n.max()) == (1_000, 200_000)
    held = megabytes + 3 * n * plotted["features"] * 4 / 1e6
    slope = np.polyfit(np.log(n), np.log(held), 1)[0]
    assert slope == pytest.approx(run["slopes"][name]["megabytes"], abs=0.002)
    assert slope == pytest.approx(1, abs=0.05)


def test_no_machine_but_its_processor_is_named(run):
    assert set(run["machine"]) <= {"cpu", "vector exponential", "numpy", "torch"}
