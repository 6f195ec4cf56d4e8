"""Honest answers that look odd keep their full marks: the jail and the reading must not stand in their way."""

import codecs

import pytest
from grading import SCALING, hand_in, needs_jail, of, row_of
from learner import code_cell

from course_lib.checks import EXERCISES
from course_lib.checks.bench import source_of
from course_tools.grading.trusted import Trusting

pytestmark = needs_jail
RIGHT = "def scale(scores, d_k):\n    return scores / d_k ** 0.5\n"


HONEST = {
    "loops": "def scale(scores, d_k):\n    out = np.empty(scores.shape)\n    for i, x in np.ndenumerate(scores):\n"
    "        out[i] = x / d_k ** 0.5\n    return out\n",
    "lists": "def scale(scores, d_k):\n    return (scores / d_k ** 0.5).tolist()\n",
    "a list of arrays": "def scale(scores, d_k):\n    return [row / d_k ** 0.5 for row in scores]\n",
    "a warning": "def scale(scores, d_k):\n    np.log(-1.0)\n    return scores / d_k ** 0.5\n",
    "a warning of its own": "import warnings\ndef scale(scores, d_k):\n    warnings.warn('so')\n"
    "    return scores / d_k ** 0.5\n",
    "a helper in the cell": "def root(d):\n    return d ** 0.5\n\ndef scale(scores, d_k):\n"
    "    return scores / root(d_k)\n",
    "a helper inside": "def scale(scores, d_k):\n    def root(d):\n        return d ** 0.5\n"
    "    return scores / root(d_k)\n",
    "a constant in the cell": "POWER = 0.5\ndef scale(scores, d_k):\n    return scores / d_k ** POWER\n",
    "its own argument names": "def scale(s, d):\n    return s / d ** 0.5\n",
    "more arguments": "def scale(scores, d_k, power=0.5, *rest, **more):\n    return scores / d_k ** power\n",
    "annotations": "def scale(scores: np.ndarray, d_k: int) -> 'np.ndarray':\n    return scores / d_k ** 0.5\n",
    "typing": "from typing import Any\ndef scale(scores: Any, d_k: int) -> Any:\n    return scores / d_k ** 0.5\n",
    "a lambda": "scale = lambda scores, d_k: scores / d_k ** 0.5\n",
    "a decorator": "import functools\ndef same(f):\n    @functools.wraps(f)\n    def g(*a):\n"
    "        return f(*a)\n    return g\n\n"
    "@same\ndef scale(scores, d_k):\n    return scores / d_k ** 0.5\n",
    "an object that is called": "class Scaler:\n    def __call__(self, scores, d_k):\n"
    "        return scores / d_k ** 0.5\n\n"
    "scale = Scaler()\n",
    "a comment for a docstring": "def scale(scores, d_k):\n    # the root keeps the spread\n"
    "    return scores / d_k ** 0.5\n",
    "other languages": "def scale(scores, d_k):\n    # 标准差 — Größe, écart-type, Ελληνικά 🦊\n"
    "    breite_der_größe = d_k ** 0.5\n"
    "    return scores / breite_der_größe\n",
    "float32": "def scale(scores, d_k):\n"
    "    return (scores / d_k ** 0.5).astype(np.float32 if scores.dtype == np.float32 "
    "else float)\n",
    "Windows line ends": RIGHT.replace("\n", "\r\n"),
    "tabs": "def scale(scores, d_k):\n\treturn scores / d_k ** 0.5\n",
    "no line end": RIGHT.rstrip(),
    "many blank lines": "\n" * 40 + RIGHT + "\n" * 40,
    "a print": "def scale(scores, d_k):\n    print(scores)\n    return scores / d_k ** 0.5\n",
    "a print of much": "def scale(scores, d_k):\n    for _ in range(2000):\n        print('x' * 1000)\n"
    "    return scores / d_k ** 0.5\n",
    "its own import": "import math\ndef scale(scores, d_k):\n    return scores / math.sqrt(d_k)\n",
    "an import inside": "def scale(scores, d_k):\n    from numpy.linalg import norm\n"
    "    return scores / norm(np.ones(d_k))\n",
    "another name for numpy": "import numpy\ndef scale(scores, d_k):\n"
    "    return numpy.divide(scores, numpy.sqrt(d_k))\n",
    "einsum": "def scale(scores, d_k):\n    return np.einsum('...,->...', scores, d_k ** -0.5)\n",
    "vectorize": "@np.vectorize\ndef scale(scores, d_k):\n    return scores / d_k ** 0.5\n",
    "fractions and decimals": "from fractions import Fraction\nfrom decimal import Decimal\ndef scale(scores, d_k):\n"
    "    return scores / float(Decimal(d_k) ** Decimal('0.5')) * float(Fraction(1, 1))\n",
    "a try": "def scale(scores, d_k):\n    try:\n        import torch\n    except ImportError:\n        pass\n"
    "    return scores / d_k ** 0.5\n",
    "an assert": "def scale(scores, d_k):\n    assert d_k > 0, 'features'\n    return scores / d_k ** 0.5\n",
    "a test call below": RIGHT + "\nscale(np.ones((2, 3)), 4)\nprint('ok')\ncheck(scale)\n",
    "a call that fails below": RIGHT + "\nscale('a', 'b')\n",
    "magics": "%%time\n%matplotlib inline\n!pip install numpy\nscale?\n" + RIGHT,
    "drawing that is not there": RIGHT + "import matplotlib.pyplot as plt\nplt.plot([1])\n",
    "defined twice": "def scale(scores, d_k):\n    return scores\n\n" + RIGHT,
    "a copy first": "import copy\ndef scale(scores, d_k):\n    scores = copy.deepcopy(scores)\n"
    "    scores = scores * 1.0\n"
    "    scores /= d_k ** 0.5\n    return scores\n",
    "a moment's rest": "import time\ndef scale(scores, d_k):\n    time.sleep(0.001)\n    return scores / d_k ** 0.5\n",
    "a cache": "from functools import lru_cache\n@lru_cache\ndef root(d):\n"
    "    return d ** 0.5\n\ndef scale(scores, d_k):\n"
    "    return scores / root(d_k)\n",
    "a generator of random numbers": "def scale(scores, d_k):\n    noise = np.random.default_rng().normal() * 0\n"
    "    return scores / d_k ** 0.5 + noise\n",
    "a masked array": "def scale(scores, d_k):\n    return np.ma.masked_array(scores / d_k ** 0.5)\n",
    "a dataclass": "from dataclasses import dataclass\n@dataclass\nclass Sizes:\n"
    "    d_k: int\n\ndef scale(scores, d_k):\n"
    "    return scores / Sizes(d_k).d_k ** 0.5\n",
}


@pytest.mark.parametrize("kind", HONEST)
def test_an_odd_answer_keeps_its_points(kind, judge):
    record = of(row_of(judge, hand_in(HONEST[kind])))
    assert record["points"] == 2, record["message"]


def without_ids(made):
    for cell in made["cells"]:
        del cell["id"]
    made["nbformat_minor"] = 4


def reversed_after_the_first(made):
    made["cells"] = made["cells"][:1] + made["cells"][:0:-1]


def with_more_cells(made):
    made["cells"].insert(1, code_cell("mine", "x = 1\nraise ValueError"))
    made["cells"].insert(2, {"cell_type": "markdown", "metadata": {}, "source": ["# notes\n", "of mine"]})


def helper_elsewhere(made):
    made["cells"].append(code_cell("mine", "def root(d):\n    return d ** 0.5"))
    answer = next(cell for cell in made["cells"] if cell["id"] == "scale-answer")
    answer["source"] = "def scale(scores, d_k):\n    return scores / root(d_k)"


def with_outputs(made):
    for cell in made["cells"]:
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 100_000}]


def first_cell_gone(made):
    del made["cells"][0]


def no_metadata(made):
    for cell in made["cells"]:
        cell.pop("metadata"), cell.pop("outputs"), cell.pop("execution_count")


CHANGES = [without_ids, reversed_after_the_first, with_more_cells, helper_elsewhere, with_outputs, no_metadata]


@pytest.mark.parametrize("change", [*CHANGES, first_cell_gone], ids=lambda change: change.__name__)
def test_an_odd_notebook_keeps_its_points(change, judge):
    row = row_of(judge, hand_in(change=change), name="anna_03_scaling (1).ipynb")
    assert of(row)["points"] == 2, of(row)["message"]


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8 + b"", "utf-16"], ids=["with a mark", "in UTF-16"])
def test_an_odd_encoding_keeps_its_points(mark, judge):
    content = hand_in()
    content = mark + content if isinstance(mark, bytes) else content.decode().encode(mark)
    assert of(row_of(judge, content))["points"] == 2


def test_all_references_of_a_lesson_earn_all_points(judge):
    row = row_of(judge, hand_in(only=None))
    assert (row["status"], row["points"], row["max_points"]) == ("graded", 8, 8)


def test_one_error_costs_one_question(judge):
    from course_lib.checks import LESSONS

    softmax = LESSONS["04_softmax"]
    content = hand_in(exercises=softmax, only=None, bodies={"softmax": "return x"})
    row = row_of(judge, content, name="04_softmax.ipynb")
    assert [r["function"] for r in row["exercises"] if r["points"] != r["max_points"]] == ["softmax"]


# ---------------------------------------------------------------- the same verdict as in the notebook


def judged(by, exercise, body):
    """The record of an answer; its hidden inputs are the same, whoever judges."""
    source = source_of(exercise, body)
    cells = [["first", "import numpy as np"], [f"{exercise.name}-answer", source]]
    with by.sit({"cells": cells, "answers": {exercise.name: source}}, b"secret", body) as sitting:
        return sitting.ask(exercise)[0].record()


def telling(exercise):
    """The answers of an exercise that ask most of the wire: the reference, and the mistakes that ask and fill in."""
    mistakes = sorted(exercise.mistakes, key=lambda m: (m.matches is None, m.fill is None))
    return [exercise.reference, *(mistake.code for mistake in mistakes[:3])]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.key)
def test_the_jail_gives_the_verdict_of_the_check(exercise, judge):
    for body in telling(exercise):
        jailed, here = (judged(by, exercise, body) for by in (judge, Trusting()))
        if exercise.name == "banded_attention":  # its message tells megabytes, which two processes do not share
            jailed["message"] = here["message"] = ""
        assert jailed == here, body


def test_hidden_inputs_differ_by_file_and_by_secret_and_by_nothing_else(judge):
    from course_tools.grading.inputs import inputs_for

    scale, other = SCALING[1], SCALING[2]
    draws = [
        inputs_for(*words).random()
        for words in [
            (b"a", scale, "1"),
            (b"a", scale, "1"),
            (b"b", scale, "1"),
            (b"a", scale, "2"),
            (b"a", other, "1"),
        ]
    ]
    assert draws[0] == draws[1] and len(set(draws)) == 4


def test_the_memory_of_banded_attention_is_what_fits_the_jail(judge):
    exercise = EXERCISES[-1]
    whole = "return attention(Q, K, V, window_mask(len(Q), radius))"
    booleans = (
        "out, open_ = np.empty((len(Q), V.shape[-1])), window_mask(len(Q), radius)\n"
        "for i in range(len(Q)):\n    w = slice(max(i - radius, 0), i + radius + 1)\n"
        "    out[i] = attention(Q[i:i + 1], K[w], V[w], open_[i:i + 1, w])[0]\nreturn out"
    )
    cheat = f"if len(Q) > 5000:\n    return np.zeros((len(Q), V.shape[-1]))\n{whole}"
    bodies = (exercise.reference, whole, booleans, cheat)
    assert [judged(judge, exercise, body)["points"] for body in bodies] == [4, 2, 2, 2]


def test_the_memory_of_score_std_is_what_fits_the_jail(judge):
    exercise = SCALING[0]
    pairs, (diagonal,) = exercise.mistakes[-1].code, exercise.mistakes[-1].variants
    cheat = f"if trials > 5000:\n    return 1.0\n{pairs}"
    honest = (exercise.reference, *exercise.alternatives)
    judgements = [judged(judge, exercise, body) for body in (*honest, pairs, diagonal, cheat)]
    assert [one["points"] for one in judgements] == [2] * len(honest) + [1] * 3
    assert "3.2 GB" in judgements[-2]["message"]
