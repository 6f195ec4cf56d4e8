"""The stepper: NumPy's numbers on the whole way, what can be typed over, what breaks, and what is refused."""

import json
import re
from html import unescape
from pathlib import Path

import numpy as np
import pytest
import traitlets

from course_lib.attention import attention
from course_lib.masks import causal_mask
from course_lib.scores import project
from course_lib.softmax import softmax
from course_lib.views import AttentionStepper
from course_lib.views.stepper_walk import LEVEL, say

WORDS = ["the", "red", "ball", "rolls"]
X = np.array([[0, 0, 0, 0, 0, 0], [1, 0, 0, 1, 0, 0], [0, 1, 0, 0, 0, 1], [0, 0, 1, 0, 0, 0]])
W_q, W_k, W_v = np.zeros((6, 2)), np.zeros((6, 2)), np.zeros((6, 3))
W_q[1, 0] = W_q[2, 1] = 4
W_k[0, 0] = W_k[1, 1] = 1
W_v[3:] = np.eye(3)
ORACLE = Path(__file__).parent / "js" / "stepper.json"


def stepper(**changed):
    given = {"X": X, "W_q": W_q, "W_k": W_k, "W_v": W_v, "tokens": WORDS, "query": "ball"}
    return AttentionStepper(**given | changed)


def select(figure, **changes):
    """Do what the browser does when the learner steps, switches or types."""
    figure.set_state({"selection": figure.selection | changes})
    return figure


def random_stepper(n, d_model, d_k, d_v, seed=0, size=1.0, **more):
    rng = np.random.default_rng(seed)
    shapes = {"X": (n, d_model), "W_q": (d_model, d_k), "W_k": (d_model, d_k), "W_v": (d_model, d_v)}
    arrays = {name: size * rng.standard_normal(shape) for name, shape in shapes.items()}
    return AttentionStepper(**arrays, tokens=[f"t{i}" for i in range(n)], label="random", **more)


def traced(figure, allowed=None):
    """The same by the course's own attention, from the float32 numbers that the figure holds."""
    Q, K, V = project(*(getattr(figure, name).astype(float) for name in ("X", "W_q", "W_k", "W_v")))
    return attention(Q, K, V, allowed)


@pytest.mark.parametrize("query", range(5))
@pytest.mark.parametrize("masked", [False, True])
def test_the_way_is_that_of_the_courses_attention(query, masked):
    allowed = causal_mask(5) if masked else None
    figure = random_stepper(5, 4, 3, 2, query=query, mask=allowed)
    n, trace = figure.numbers(), traced(figure, allowed)
    for name in ("scores", "scaled", "masked", "weights", "output"):
        np.testing.assert_allclose(n[name], getattr(trace, name)[query], rtol=1e-12, atol=1e-15, err_msg=name)
    np.testing.assert_allclose(n["exps"] / n["totals"], n["weights"])
    np.testing.assert_allclose(n["products"].sum(-1), n["scores"])
    assert figure.steps.index("exp") == (6 if masked else 5)


def test_the_hand_built_head_of_the_lesson():
    n = stepper().numbers()
    np.testing.assert_array_equal(n["products"], [[0, 0], [4, 0], [0, 0], [0, 0]])
    np.testing.assert_allclose(n["output"].round(2), [0.85, 0, 0.05])
    assert n["divisor"] == 2**0.5


def test_a_number_typed_over_changes_what_comes_after_it_and_nothing_before():
    order = ["X", "Q", "K", "products", "scores", "scaled", "exps", "weights", "parts"]
    before = random_stepper(3, 2, 2, 3).numbers()
    for name in ("Q", "products", "scores", "scaled", "exps", "weights"):
        figure = random_stepper(3, 2, 2, 3)
        select(figure, edits=[[name, 0, 1, 7.5]])
        n = figure.numbers()
        row = n[name][0] if n[name].ndim == 2 else n[name]
        assert row[1] == 7.5
        for other in order:
            same = np.array_equal(n[other], before[other])
            assert same == (order.index(other) < order.index(name) or other == "K"), (name, other)


def test_without_the_maximum_a_score_of_1000_makes_nan_and_with_it_does_not():
    broken = select(stepper(), large=True, maximum=False)
    assert np.isnan(broken.numbers()["weights"]).sum() == 1 and np.isnan(broken.numbers()["output"]).all()
    assert "nan" in broken.describe()
    cured = select(broken, maximum=True)
    np.testing.assert_array_equal(cured.numbers()["weights"], [0, 1, 0, 0])


def test_softmax_over_queries_is_softmax_along_the_other_axis():
    figure = select(random_stepper(5, 4, 3, 2, query=3), axis="queries")
    np.testing.assert_allclose(figure.numbers()["weights"], softmax(traced(figure).scaled, axis=0)[3])
    assert not np.isclose(figure.numbers()["weights"].sum(), 1)


def test_no_scaling_another_root_and_a_temperature():
    figure = random_stepper(5, 4, 3, 2)
    scores = traced(figure).scores[0]
    np.testing.assert_allclose(select(figure, divide=False).numbers()["weights"], softmax(scores))
    np.testing.assert_allclose(select(figure, temperature=4).numbers()["weights"], softmax(scores / 4))
    np.testing.assert_allclose(select(figure, divide=True, d_k=64).numbers()["weights"], softmax(scores / 32))


def test_a_query_that_may_see_nobody_gets_zeros():
    n = stepper(mask=np.zeros((4, 4), bool)).numbers()
    assert not n["weights"].any() and not n["output"].any() and (n["masked"] == -np.inf).all()


def test_the_selection_is_the_browsers_and_readable():
    figure = stepper()
    assert figure.selection["query"] == 2 and figure.selection["step"] == 0 and figure.selection["edits"] == []
    select(figure, step=5, edits=[["K", 1, 0, 2.5]])
    assert figure.selection["step"] == 5 and figure.selection["edits"] == [["K", 1, 0, 2.5]]
    assert figure.numbers()["K"][1, 0] == 2.5


def test_what_a_selection_leaves_out_is_as_at_the_start():
    figure = stepper()
    figure.selection = {"step": 3}
    assert figure.selection == figure.start | {"step": 3}


def test_text_picture_and_sentence_follow_the_selection():
    figure = stepper()
    before, picture = repr(figure), figure.sheet().stored_png()
    select(figure, edits=[["scores", 0, 3, 2]])
    assert repr(figure) != before and figure.sheet().stored_png() != picture
    assert repr(figure) == repr(select(stepper(), edits=[["scores", 0, 3, 2]])) and "0x" not in repr(figure)
    select(figure, edits=[])
    assert repr(figure) == before and figure.sheet().stored_png() == picture


def test_the_sentence_says_the_numbers_of_the_whole_way():
    assert stepper().describe() == (
        "“ball” asks with q = [4 0]; its scores: the 0, red 4, ball 0, rolls 0; divided by 1.41: the 0, red 2.83, "
        "ball 0, rolls 0; the weights: the .05, red .85, ball .05, rolls .05, which add up to 1; "
        "the output: [.85 0 .05]."
    )


def test_it_is_seen_without_a_kernel_and_lives_without_one():
    figure = stepper()
    (alt,) = re.findall(r'<img alt="([^"]*)"', figure.html())
    assert unescape(alt) == figure.describe() and len(figure.html()) < 10_000
    assert "tableOf" in figure.page() and not re.search(r"https?://(?!www\.w3\.org)", figure.page())


@pytest.mark.parametrize("suffix", ["svg", "png", "html"])
def test_it_is_saved_as_picture_and_as_page(tmp_path, suffix):
    paths = [stepper().save(tmp_path / f"{name}.{suffix}") for name in "ab"]
    assert paths[0].stat().st_size > 5_000
    if suffix == "png":
        assert paths[0].read_bytes() == paths[1].read_bytes()


def test_nothing_is_written_outside_the_picture_or_over_another_column():
    for figure in (stepper(), random_stepper(8, 3, 3, 4, mask=causal_mask(8)), random_stepper(2, 1, 4, 4, size=30)):
        sheet = figure.sheet()
        boxes = [text.get_window_extent() for text in sheet.figure.axes[0].texts if text.get_text()]
        assert all(box.x0 > 0 and box.x1 < figure.size[0] and box.y0 > 0 and box.y1 < figure.size[1] for box in boxes)
        for at, box in enumerate(boxes):
            assert not any(box.overlaps(other) for other in boxes[:at])


WRONG = [
    ({"tokens": WORDS[:3]}, "X has shape (4, 6), and there are 3 tokens"),
    ({"tokens": []}, "at least one token, and got 0"),
    ({"X": X * np.nan}, "X must hold finite numbers"),
    ({"X": [[1], [1, 2]]}, "X must be numbers in rows of equal length"),
    ({"X": np.zeros(4)}, "with nothing empty: got X (4,)"),
    ({"W_q": np.zeros((6, 3))}, "got X (4, 6), W_q (6, 3), W_k (6, 2)"),
    ({"W_v": np.zeros((5, 3))}, "W_v (5, 3)"),
    ({"W_v": np.zeros((6, 0))}, "W_v (6, 0)"),
    ({"X": np.zeros((2000, 6)), "tokens": ["a"] * 2000}, "Got 2000 tokens"),
    ({"W_v": np.zeros((6, 9))}, "d_model + 2 d_k + d_v at most 13. Got 4 tokens and 19"),
    ({"query": 4}, "query must be a row of X, 0 to 3, or one of the, red, ball, rolls: got 4"),
    ({"query": "cat"}, "got 'cat'"),
    ({"query": True}, "got True"),
    ({"label": "real"}, "hand-built, random, trained"),
    ({"colours": ["#ffffff"]}, "got 1 colours and 4 tokens"),
    ({"colours": ["red"] * 4}, "not 'red'"),
    ({"mask": np.ones((4, 4))}, "got float64 of shape (4, 4)"),
    ({"mask": np.ones((4, 3), bool)}, "got bool of shape (4, 3)"),
]


@pytest.mark.parametrize(("arguments", "says"), WRONG)
def test_a_wrong_argument_is_refused_in_a_sentence(arguments, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        stepper(**arguments)


ODD = [
    ({"query": 4}, "query must be a whole number from 0 to 3"),
    ({"step": 9}, "step must be a whole number from 0 to 8"),
    ({"temperature": 0}, "temperature must be a number above 0"),
    ({"axis": "rows"}, "axis must be keys or queries"),
    ({"maximum": 1}, "maximum must be True or False"),
    ({"edits": [["Z", 0, 0, 1]]}, "an edit is [table, row, column, number]"),
    ({"edits": [["X", 4, 0, 1]]}, "X has shape (4, 6)"),
    ({"edits": [["X", 0, 6, 1]]}, "X has shape (4, 6)"),
    ({"edits": [["scores", 1, 0, 1]]}, "scores has shape (1, 4)"),
    ({"edits": [["X", 0, 0, float("nan")]]}, "a finite number"),
    ({"colour": True}, "and not colour"),
]


@pytest.mark.parametrize(("changes", "says"), ODD)
def test_an_odd_selection_is_refused_and_the_last_one_stays(changes, says):
    figure = stepper()
    with pytest.raises((ValueError, traitlets.TraitError), match=re.escape(says)):
        figure.selection = figure.selection | changes
    assert figure.selection == figure.start


# What node compares the browser's numbers with


def cases():
    """Yield figures of many shapes and settings."""
    yield stepper()
    yield select(stepper(query="rolls"), temperature=0.25)
    yield select(stepper(), large=True, maximum=False)
    yield select(stepper(), large=True)
    yield random_stepper(1, 1, 1, 1)
    yield random_stepper(1, 3, 2, 4, mask=causal_mask(1))
    yield stepper(mask=np.zeros((4, 4), bool))
    yield select(stepper(mask=np.zeros((4, 4), bool)), axis="queries")
    yield random_stepper(7, 3, 2, 5, size=20, query=4)  # scores of 1e4 and more
    yield select(random_stepper(7, 3, 2, 5, size=20, query=4), maximum=False, divide=False)
    for seed, shape in enumerate([(2, 3, 1, 5), (3, 5, 2, 1), (5, 2, 3, 4), (8, 3, 4, 2), (7, 1, 4, 3)]):
        mask = np.random.default_rng(seed).random((shape[0], shape[0])) < 0.6
        yield random_stepper(*shape, seed, query=shape[0] - 1)
        yield select(random_stepper(*shape, seed, mask=mask), axis="queries")
        yield select(random_stepper(*shape, seed, query=1, mask=mask), d_k=64, temperature=0.1)
    edits = [["X", 1, 0, -2], ["W_k", 0, 1, 3], ["Q", 2, 0, 1.5], ["V", 0, 2, 9], ["products", 3, 1, -1]]
    edits += [["scores", 0, 2, 2]]
    yield select(random_stepper(5, 3, 2, 3, query=2), edits=edits)
    for name in ("scaled", "exps", "weights"):
        yield select(random_stepper(5, 3, 2, 3, query=2), edits=[[name, 0, 1, 0.75]])
        yield select(random_stepper(5, 3, 2, 3, query=2), edits=[[name, 0, 1, 0.75]], axis="queries")


def plain(value):
    """Return numbers as JSON has them; nan and the infinities as words."""
    if isinstance(value, np.ndarray | list):
        return [plain(one) for one in value]
    return float(f"{value:.10g}") if np.isfinite(value) else str(float(value))  # float32 has 9 digits


def oracle():
    return [
        {
            "given": {name: plain(getattr(figure, name)) for name in ("X", "W_q", "W_k", "W_v")},
            "mask": figure.mask, "tokens": figure.tokens, "selection": figure.selection,
            "numbers": {name: plain(value) for name, value in figure.numbers().items()}, "sentence": figure.describe(),
        }
        for figure in cases()
    ]  # fmt: skip


def same(a, b):
    """Are both equal, numbers to a relative 1e-8? Another processor may round the last digit otherwise."""
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b if isinstance(a, str | bool) else a == pytest.approx(b, rel=1e-8, abs=1e-12)


def test_the_file_that_node_reads_is_what_numpy_says():
    """After a change on purpose: python tests/test_stepper.py"""
    assert same(json.loads(ORACLE.read_text("utf-8")), json.loads(json.dumps(oracle())))


def test_numbers_are_written_as_in_the_course():
    shown = [say(x) for x in (0.0, 4.0, 2.828, -0.5, 1000.0, 2e-5, -3e38, np.inf, -np.inf, np.nan, 0.004, 123.4)]
    assert shown == ["0", "4", "2.83", "−.50", "1,000", "2·10⁻⁵", "−3·10³⁸", "∞", "−∞", "nan", ".004", "123"]
    assert list(LEVEL.values()) == sorted(LEVEL.values())


if __name__ == "__main__":
    ORACLE.write_text(json.dumps(oracle(), ensure_ascii=False) + "\n", encoding="utf-8")
