"""What a figure of the browser promises to Python, to a notebook without a kernel, to a page without network."""

import base64
import json
import re
from html import unescape

import numpy as np
import pytest
import traitlets

from course_lib.views.live import LiveFigure, live_script, live_style
from course_lib.views.live_array import Array, array_from_json, array_to_json
from course_lib.views.parts import STATIC, STYLE

SCRIPTS = sorted(STATIC.glob("*.js"))


class Bars(LiveFigure):
    """The smallest figure: it shows the largest of some heights."""

    _esm, _css = live_script("slider.js"), STYLE
    size = (300, 200)
    heights = Array()
    names = traitlets.List().tag(sync=True)

    def numbers(self):
        return {"top": self.heights.astype(float).max()}

    def describe(self):
        return f"The largest of {len(self.heights)} is {self.numbers()['top']:.2f} <{self.selection.get('at', 0)}>."

    def build(self, figure):
        figure.subplots().plot(self.heights)

    def check(self, selection):
        if selection.get("at", 0) not in range(len(self.heights)):
            raise ValueError(f"at must be a place from 0 to {len(self.heights) - 1}, not {selection['at']!r}")
        return selection


@pytest.fixture
def bars():
    return Bars(heights=[0.1, 0.5, 0.3], names=["a", "</script><b>", "c"])


def test_a_picture_is_drawn_once_for_html_and_repr_and_anew_after_any_change(bars, monkeypatch):
    drawn = []
    monkeypatch.setattr(bars, "build", drawn.append)
    bars.html(), repr(bars)
    assert len(drawn) == 1
    for change in ({"selection": {"at": 1}}, {"heights": [0.2, 0.1]}, {"names": ["a", "b"]}):
        for name, value in change.items():
            setattr(bars, name, value)
        bars.html(), repr(bars)
    assert len(drawn) == 4


def test_arrays_travel_as_float32_bytes_and_a_shape_and_come_back_as_they_went():
    array = np.arange(6, dtype=np.float32).reshape(2, 3)[:, ::-1]
    wire = array_to_json(array)
    assert wire["shape"] == [2, 3] and wire["data"].nbytes == 24
    np.testing.assert_array_equal(array_from_json(wire), array)


def test_python_computes_from_what_it_sent_and_nobody_changes_it_in_place(bars):
    assert bars.heights.dtype == np.float32 and bars.numbers()["top"] == np.float32(0.5)
    with pytest.raises(ValueError, match="read-only"):
        bars.heights[0] = 9
    mine = np.ones(3, np.float32)
    bars.heights = mine
    mine[0] = 7  # the caller's own array stays the caller's
    assert bars.heights[0] == 1


def test_what_is_no_array_is_refused_in_a_sentence(bars):
    with pytest.raises(ValueError, match="heights must be numbers in rows of equal length"):
        bars.heights = [[1, 2], [3]]


def test_a_selection_is_checked_wherever_it_comes_from(bars):
    bars.selection = {"at": 2}
    assert "<2>" in bars.describe()
    with pytest.raises(ValueError, match="at must be a place from 0 to 2, not 3"):
        bars.selection = {"at": 3}
    assert bars.selection == {"at": 2}


def test_the_repr_has_the_sentence_and_numbers_read_from_the_picture_and_is_equal_in_every_run(bars):
    again = Bars(heights=[0.1, 0.5, 0.3], names=["x", "y", "z"])
    assert repr(bars) == repr(again) and bars.describe() in repr(bars) and "0x" not in repr(bars)
    again.heights = [0.3, 0.5, 0.1]
    assert repr(again) != repr(bars)


def test_a_cell_shows_it_live_as_html_and_as_text(bars):
    bundle = bars._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == bars.model_id
    assert bundle["text/html"] == bars.html() and bundle["text/plain"] == repr(bars)
    (alt,) = re.findall(r'<img alt="([^"]*)"', bars.html())
    assert unescape(alt) == bars.describe() and "script" not in bars.html()


def test_the_page_holds_all_it_needs_and_may_ask_nobody(bars):
    page = bars.page()
    assert "default-src 'none'" in page and "connect-src" not in page
    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?!data:)""", page) and not re.findall(r"^\s*import\b", page, re.M)
    assert bars._esm in page and bars._css in page
    assert page.count("</script>") == page.count("<script") == 2  # a token cannot end the script


def test_the_page_has_the_public_traits_and_nothing_else(bars):
    state = bars._state()
    assert set(state) == {"heights", "names", "selection"}
    assert state["names"][1] == "</script><b>" and "\\u003c/script>" in bars.page()
    bytes_ = base64.b64decode(state["heights"]["data"])
    np.testing.assert_array_equal(np.frombuffer(bytes_, np.float32), bars.heights)
    json.dumps(state, allow_nan=False)


@pytest.mark.parametrize(("name", "start"), [("x.svg", b"<?xml"), ("x.png", b"\x89PNG"), ("x.html", b"<!DOCTYPE")])
def test_it_saves_what_its_name_says_the_same_every_time(bars, tmp_path, name, start):
    path = bars.save(tmp_path / name)
    first = path.read_bytes()
    assert first.startswith(start)
    assert bars.save(str(path)).read_bytes() == first


def test_another_format_is_refused_with_the_three_that_exist(bars, tmp_path):
    with pytest.raises(ValueError, match=r"\.svg, \.png, \.html: 'x.pdf' ends in none"):
        bars.save(tmp_path / "x.pdf")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_small_and_asks_for_nothing(path):
    text = path.read_text(encoding="utf-8")
    code = re.sub(r"/\*.*?\*/|//.*", "", text)
    assert len(text.encode()) <= 15_000 and "// @ts-check" in text
    assert not re.search(r"\bimport\b|\bfetch\b|XMLHttpRequest|WebSocket|https?://(?!www\.w3\.org)", code)
    assert "</script" not in text and "innerHTML" not in code  # words of a learner's are words


def test_every_style_hangs_on_a_root_of_ours():
    for path in STATIC.glob("*.css"):
        css = re.sub(r"/\*.*?\*/|@media[^{]*\{|\{[^}]*\}", "", path.read_text(encoding="utf-8"), flags=re.S)
        for selector in filter(None, (part.strip(" \n}") for part in css.split(","))):
            assert ".course-" in selector.split("\n")[-1], (path.name, selector)


def test_a_style_has_the_shared_one_first():
    assert live_style("explorer.css").startswith(STYLE)
