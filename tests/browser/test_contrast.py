"""Arrows, beams, frames and controls stand out from the paper by 3:1 in both themes (WCAG 2.2, 1.4.11)."""

import numpy as np
import pytest

from course_lib.softmax import softmax
from course_lib.views import AttentionExplorer, AttentionStepper, EmbeddingPlane

LINES = """selector => {
  const parts = (colour) => {
    const pen = new OffscreenCanvas(1, 1).getContext("2d");
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const light = (colour) => {
    const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = parts(colour).map((c) => linear(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = light(getComputedStyle(document.body).backgroundColor);
  const contrast = (colour) => (Math.max(light(colour), paper) + 0.05) / (Math.min(light(colour), paper) + 0.05);
  return [...document.querySelectorAll(selector)].filter((line) => line.checkVisibility()).map((line) => {
    const style = getComputedStyle(line);
    const colour = style.stroke !== "none" ? style.stroke : style.borderTopColor;
    return [line.outerHTML.slice(0, 90), Math.round(contrast(colour) * 100) / 100];
  });
}"""


def explorer():
    weights = softmax(2 * np.random.default_rng(0).standard_normal((5, 7, 7)))
    figure = AttentionExplorer(weights, "the cat sat on the red mat".split(), label="random")
    figure.selection = {"query": 2, "heads": [0, 1, 2, 3, 4]}
    return figure


def stepper():
    rng = np.random.default_rng(1)
    X, W_q, W_k, W_v = (rng.standard_normal(shape) for shape in ((3, 4), (4, 2), (4, 2), (4, 2)))
    return AttentionStepper(X, W_q, W_k, W_v, ["a", "b", "c"], label="random")


def plane():
    return EmbeddingPlane([[0.2, 0.9], [0.3, 0.9], [0.9, 0.1]], ["cat", "dog", "happy"])


FIGURES = {
    "explorer": (explorer, "[data-beam], .course-chip, .course-badge"),
    "stepper": (stepper, "button, input, select"),
    "plane": (plane, ".course-shaft, .course-axis, .course-agree, .course-differ, button:enabled, select"),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", FIGURES)
def test_what_carries_meaning_stands_out_from_the_paper(open_page, name, theme):
    make, selector = FIGURES[name]
    lines = open_page(make(), color_scheme=theme).evaluate(LINES, selector)
    assert len(lines) > 3
    assert [line for line in lines if line[1] < 3] == []
