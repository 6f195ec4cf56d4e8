"""The plane: what NumPy says, what the browser is given, what is refused, and a picture of what is selected now."""

import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import numpy as np
import pytest
import traitlets

from course_lib.embeddings import cosine, nearest
from course_lib.tiny_world import WordVectors
from course_lib.views import EmbeddingPlane

WORDS = ["cat", "dog", "happy", "pizza"]
TABLE = np.array([[0.2, 0.9, 0.3], [0.3, 0.9, 0.5], [0.9, 0.1, 0.1], [0.5, 0.0, 0.8]])
ORACLE = Path(__file__).parent / "js" / "plane.json"


def plane(**changed):
    return EmbeddingPlane(**{"table": TABLE, "words": WORDS} | changed)


def select(figure, **changes):
    """Do what the browser does when the learner chooses or drags."""
    figure.set_state({"selection": figure.selection | changes})


def by_hand(a, b):
    """Dot, cosine and angle as a beginner would write them."""
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    cos = dot / sum(x * x for x in a) ** 0.5 / sum(y * y for y in b) ** 0.5
    return dot, cos, np.degrees(np.arccos(np.clip(cos, -1, 1)))


# ---- numbers


def test_the_chosen_word_is_compared_with_the_reference_in_the_first_two_features():
    figure = plane(chosen="dog", reference="happy")
    n = figure.numbers()
    np.testing.assert_allclose([n["dot"], n["cosine"], n["angle"]], by_hand((0.3, 0.9), (0.9, 0.1)), atol=1e-6)


def test_cat_has_a_word_that_is_nearer_by_dot_product_than_cat_itself():
    n = plane(chosen="cat").numbers()
    assert n["by_dot"][0] == "dog" and n["by_cosine"][0] == "cat"


@pytest.mark.parametrize("seed", range(5))
def test_both_orders_are_those_of_nearest(seed):
    table = np.random.default_rng(seed).standard_normal((11, 2)).astype(np.float32)
    words = [f"w{i}" for i in range(11)]
    n = EmbeddingPlane(table, words, chosen="w7").numbers()
    for by in ("dot", "cosine"):
        assert n[f"by_{by}"] == [words[i] for i in nearest(7, table.astype(float), by)]


def test_moving_outward_changes_every_dot_product_and_no_cosine():
    figure = plane(chosen="dog")
    before = figure.numbers()
    select(figure, moved={"dog": (2 * before["places"][1]).tolist()})
    after = figure.numbers()
    others = [0, 2, 3]
    np.testing.assert_allclose(after["dots"][others], 2 * before["dots"][others])
    np.testing.assert_allclose(after["cosines"][others], before["cosines"][others])


def test_a_moved_word_is_compared_with_the_place_it_came_from():
    """Task 3 of lesson 01: land on cat, and the longer old dog scores higher by dot product."""
    figure = plane(chosen="dog")
    assert "dog before" not in figure.numbers()["names"]
    select(figure, moved={"dog": [0.2, 0.9]})
    n = figure.numbers()
    assert n["by_dot"][0] == "dog before"
    assert next(name for name in n["by_cosine"] if name != "dog") == "cat"


def test_a_right_angle_has_the_dot_product_zero():
    figure = plane(chosen="dog")
    select(figure, moved={"dog": [0.9, -0.2]})
    assert "dot product .00, cosine .00, angle 90°" in figure.describe()


def test_at_the_origin_there_is_no_direction():
    figure = plane(chosen="dog")
    select(figure, moved={"dog": [0, 0]})
    n = figure.numbers()
    assert n["cosine"] == 0 and np.isnan(n["angle"]) and "no angle" in figure.describe()
    assert "none" in {text.get_text() for text in figure.sheet().figure.texts}


def test_words_with_equal_rows_tie_and_the_earlier_one_comes_first():
    n = EmbeddingPlane([[1, 1], [1 / 3, 1 / 3], [1 / 3, 1 / 3], [2, 2]], ["a", "b", "c", "d"]).numbers()
    assert n["by_cosine"] == ["a", "b", "c", "d"] and n["by_dot"] == ["d", "a", "b", "c"]


# ---- what it is made of


def test_word_vectors_give_the_rows_of_the_words_asked_for():
    world = WordVectors(("a", "b", "c"), np.arange(12.0).reshape(3, 4))
    figure = EmbeddingPlane(world, ["c", "a"], label="trained")
    np.testing.assert_array_equal(figure.table, [[8, 9, 10, 11], [0, 1, 2, 3]])
    with pytest.raises(ValueError, match="no vectors for z"):
        EmbeddingPlane(world, ["a", "z"])


def test_more_words_than_can_be_told_apart_are_cut_and_it_says_so():
    words = [f"w{i}" for i in range(131)]
    figure = EmbeddingPlane(np.random.default_rng(0).standard_normal((131, 3)), words)
    assert figure.words == words[:40] and len(figure.table) == 40
    assert figure.describe().startswith("The first 40 of 131 words. ")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"words": WORDS[:3]}, "4 rows, 3 words"),
        ({"table": TABLE[:2]}, "2 rows, 4 words"),
        ({"table": TABLE[:, :1]}, r"two features or more: it has shape \(4, 1\)"),
        ({"table": TABLE[0]}, r"shape \(3,\)"),
        ({"table": [[1, 2], [3]]}, "rows of equal length"),
        ({"table": np.where(TABLE == 0.5, np.nan, TABLE)}, r"row 1 \(dog\), column 2 is nan"),
        ({"table": np.where(TABLE == 0.5, np.inf, TABLE)}, r"row 1 \(dog\), column 2 is inf"),
        ({"table": TABLE[:1], "words": WORDS[:1]}, "at least two"),
        ({"table": TABLE[:0], "words": []}, "at least two"),
        ({"words": ["cat", "dog", "cat", "pizza"]}, "different names"),
        ({"words": ["cat", "dog", 3, "pizza"]}, "different names"),
        ({"chosen": "horse"}, "chosen must be one of the words shown, cat, dog, happy, pizza: got 'horse'"),
        ({"reference": "horse"}, "reference must be one of"),
        ({"label": "learned"}, "hand-built, random, trained: got 'learned'"),
    ],
)
def test_a_wrong_argument_is_refused_in_a_sentence(changed, says):
    with pytest.raises(ValueError, match=says):
        plane(**changed)


@pytest.mark.parametrize(
    "selection",
    [
        {},
        {"chosen": "horse"},
        {"reference": None},
        {"moved": {"horse": [0, 0]}},
        {"moved": {"dog": [0]}},
        {"moved": {"dog": [0, float("nan")]}},
        {"moved": {"dog": "up"}},
        {"moved": []},
    ],
)
def test_a_selection_that_cannot_be_is_refused_and_the_one_before_stays(selection):
    figure = plane()
    before = figure.selection
    with pytest.raises((ValueError, traitlets.TraitError)):
        figure.selection = {**before, **selection} if selection else selection
    assert figure.selection == before


def test_the_table_given_stays_as_it_is_and_the_figures_own_cannot_be_changed():
    table = TABLE.copy()
    figure = plane(table=table)
    select(figure, moved={"dog": [9.0, 9.0]})
    np.testing.assert_array_equal(table, TABLE)
    with pytest.raises(ValueError, match="read-only"):
        figure.table[0, 0] = 7


# ---- picture and text


def test_picture_sentence_and_fingerprint_follow_the_selection():
    figure = plane(chosen="dog")
    before = repr(figure)
    assert before == repr(plane(chosen="dog"))
    select(figure, moved={"dog": [0.9, -0.2]})
    after = repr(figure)
    assert after != before and "dog (.90, −.20)" in after
    select(figure, moved={})
    assert repr(figure) == before


def test_a_picture_of_turned_axes_has_another_fingerprint():
    assert plane(table=TABLE[:, [1, 0, 2]]).sheet().fingerprint() != plane().sheet().fingerprint()


def test_an_arrow_ends_where_its_word_stands():
    _, shafts, heads = plane().sheet().figure.axes[0].collections
    tips = [head.vertices[0] for head in heads.get_paths()]
    np.testing.assert_allclose(tips, TABLE[[2, 3, 1, 0], :2], atol=1e-6)  # reference and chosen word lie on top
    for shaft, tip in zip(shafts.get_segments(), tips, strict=True):
        np.testing.assert_allclose(shaft[0], 0)
        assert abs(shaft[1][0] * tip[1] - shaft[1][1] * tip[0]) < 1e-9


def test_the_frame_grows_until_a_far_word_stands_in_it():
    figure = plane(chosen="dog")
    narrow = figure.sheet().figure.axes[0].get_xlim()
    select(figure, moved={"dog": [0.6, 1.8]})
    axes = figure.sheet().figure.axes[0]
    np.testing.assert_allclose(axes.get_xlim(), 2 * np.array(narrow))
    assert axes.get_ylim()[1] > 1.8


def test_all_words_at_the_origin_are_drawn():
    assert "no angle" in repr(EmbeddingPlane(np.zeros((2, 2)), ["a", "b"]))


def test_it_says_which_features_it_shows_and_where_they_come_from():
    assert repr(plane()).startswith("EmbeddingPlane(4 words by the first 2 of their 3 features, hand-built)")
    drawn = {text.get_text() for text in plane(label="random").sheet().figure.texts}
    assert {"first 2 of 3 features", "random"} <= drawn


def test_html_and_files_hold_the_picture_as_it_stands(tmp_path):
    figure = plane(chosen="dog")
    select(figure, moved={"dog": [0.9, -0.2]})
    (alt,) = re.findall(r'<img alt="([^"]*)"', figure.html())
    assert unescape(alt) == figure.describe()
    assert b"<svg" in figure.save(tmp_path / "x.svg").read_bytes()
    assert figure.save(tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")
    page = figure.save(tmp_path / "x.html").read_text("utf-8")
    assert "-0.2" in page and "http" not in page.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")


def test_the_picture_is_small():
    assert len(plane().html()) < 16_000


# ---- the oracle of the browser's own maths: node reads the file, this test holds it to NumPy


def oracle():
    """Return cases: tables, selections, and what NumPy makes of them."""
    rng = np.random.default_rng(3)
    cases = []
    for n, d, scale in [(2, 2, 1.0), (4, 3, 1.0), (7, 5, 100.0), (13, 2, 1e-3), (40, 11, 3.0)]:
        words = [f"w{i}" for i in range(n)]
        figure = EmbeddingPlane(rng.standard_normal((n, d)) * scale, words, chosen=words[n // 2])
        moves = [{}, {words[n // 2]: [round(2.5 * scale, 3), -scale]}, {words[0]: [0.0, 0.0], words[-1]: [scale, 0.5]}]
        cases += [case(figure, moved) for moved in moves]
    equal = EmbeddingPlane([[0, 0], [0.1, 0.1], [0.1, 0.1], [-3, -3], [0.2, 0.9]], ["o", "b", "c", "d", "cat"])
    cases += [case(equal, moved) for moved in ({}, {"o": [0.2, 0.9]}, {"o": [0.1, 0.1]})]
    lesson = plane(chosen="dog")
    return [*cases, *(case(lesson, moved) for moved in ({}, {"dog": [0.9, -0.2]}, {"dog": [0.2, 0.9]}))]


def case(figure, moved):
    select(figure, moved=moved)
    n = figure.numbers()
    state = {"words": figure.words, "frame": figure.frame, "total": figure.total, "selection": figure.selection}
    start = {"start": n["start"].tolist()}
    wanted = {name: np.nan_to_num(n[name], nan=-1).tolist() for name in ("places", "dots", "cosines", "angles")}
    named = {name: n[name] for name in ("names", "by_dot", "by_cosine")}
    return state | start | wanted | named | {"sentence": figure.describe()}


def close(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(close(a[name], b[name]) for name in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(close, a, b))
    return a == b if isinstance(a, str) else abs(a - b) <= 1e-9 * max(1, abs(a))


def test_the_file_that_node_reads_is_what_numpy_says():
    """After a change on purpose: python tests/test_plane.py"""
    assert close(json.loads(ORACLE.read_text("utf-8")), json.loads(json.dumps(oracle())))


def test_importing_the_plane_alone_draws_nothing():
    code = "import course_lib.embeddings, sys; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_cosines_are_those_of_the_course():
    n = plane(chosen="dog").numbers()
    np.testing.assert_array_equal(n["cosines"], cosine(n["places"], n["places"][1]))


if __name__ == "__main__":
    ORACLE.write_text(json.dumps(oracle(), ensure_ascii=False) + "\n", encoding="utf-8")
