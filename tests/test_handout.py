"""`course handout` makes two pages of any lesson: its figures, and gaps where the lesson has the answer."""

import json
import re

import pytest

from course_tools import handout

NOTEBOOKS = sorted((handout.ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def scaling():
    return handout.page(handout.ROOT / "notebooks" / "03_scaling.ipynb")


def test_it_is_written_where_one_is_told(tmp_path, capsys):
    assert handout.main("03", tmp_path / "my notes" / "03.html") == 0
    assert (tmp_path / "my notes" / "03.html").read_text("utf-8").startswith("<!doctype html>")
    assert "my notes" in capsys.readouterr().out


def test_a_lesson_that_is_not_there_and_a_folder_that_cannot_be_written_are_one_sentence(tmp_path, capsys):
    assert handout.main("99", tmp_path / "x.html") == 2
    (tmp_path / "file").touch()
    assert handout.main("03", tmp_path / "file" / "x.html") == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2 and "The lessons are: " in said[0] and "cannot be written" in said[1]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_lesson_has_two_pages_a_picture_with_words_and_gaps_and_asks_nobody(path):
    page = handout.page(path)
    assert page.count('<div class="page">') == 2
    assert page.count("<img alt=") == page.count("<figure>") >= 1
    assert page.count('class="gap"') >= 5 and page.count('class="line"') >= 10
    assert not re.search(r"https?:|src=\"(?!data:)|<script|<link|\]\(", page)


def test_the_guesses_are_asked_and_not_answered(scaling):
    assert "<b>My guess:</b> largest share as dₖ grows" in scaling
    for choice in ("same", "shrinks", "grows"):
        assert f'<span class="box"></span> {choice}' in scaling
    assert "You guessed" not in scaling and "Answer" not in scaling


def test_shares_are_asked_with_a_gap_for_each_and_choices_with_a_box():
    card = "<p><b>Predict:</b> which?</p><ul><li>a</li><li>b</li></ul>"
    [shares], [choices] = (handout.CARD.findall(card + end) for end in ("<p>A share of 1 for each.</p>", "<details>"))
    assert f"a {handout.GAP} b {handout.GAP}" in handout.guess(*shares) and "box" not in handout.guess(*shares)
    assert handout.guess(*choices).count("box") == 2


def test_the_line_you_own_keeps_its_name_and_loses_its_answer(scaling):
    assert "scaled = " in scaling and "d_k**0.5" not in scaling
    assert "<b>Shape</b>:" in scaling and "nothing changes" not in scaling


def test_a_caption_has_gaps_for_its_shares_and_the_figure_keeps_its_alt_text():
    figure = '<figure><img alt="give .25" src="data:,"><figcaption>give .25 and 1.25, −.5</figcaption></figure>'
    gapped = handout.gapped(figure)
    caption = re.search(r"<figcaption>(.*)</figcaption>", gapped)[1]
    assert caption == f"give {handout.GAP} and 1.25, {handout.GAP}" and 'alt="give .25"' in gapped


def test_a_long_caption_ends_where_there_is_enough_to_fill_in():
    rows = "; ".join(f"row {n} gives .1, .2, .3" for n in range(5))
    figure = f'<figure><img alt="" src="data:,"><figcaption>{rows}.</figcaption></figure>'
    assert handout.gapped(figure).count(handout.GAP) == 6 and "row 2" not in handout.gapped(figure)


def small(tmp_path):
    """A lesson of four cells: a link, an answered guess with its figure folded away, and an idea behind the cut."""
    text = ["# 09 Small\n\n**The question.** As in [lesson 02](02.ipynb)?", "## Before", "---", "## Behind"]
    cells = [{"cell_type": "markdown", "metadata": {}, "source": [one]} for one in text]
    cells[2]["metadata"]["cut"] = True
    card = (
        "<p><b>Predict:</b> which?</p><ul><li>a</li><li>b</li></ul><details><p>b</p><figure><img alt=''>secret</figure>"
    )
    html = {"data": {"text/html": f"<div>{card}</details></div>"}}
    cells.insert(1, {"cell_type": "code", "metadata": {}, "source": ["Predict()"], "outputs": [html]})
    path = tmp_path / "small.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return path


def test_an_answer_with_its_figure_and_what_stands_behind_the_cut_are_not_handed_out(tmp_path):
    page = handout.page(small(tmp_path))
    assert "which?" in page and "<figure>" not in page and "secret" not in page
    assert "Before" in page and "Behind" not in page


def test_a_link_leaves_its_words_on_paper(tmp_path):
    assert "As in lesson 02?" in handout.page(small(tmp_path))


def test_the_myths_are_to_be_mended(scaling):
    assert scaling.count(f"What is wrong with it:{2 * handout.LINE}") == 2
    assert "No float minds" not in scaling
