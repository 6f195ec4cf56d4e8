"""The README's commands exist, its links hold, and its table names the exercises that there are."""

import re
from pathlib import Path

import pytest
import typer
from PIL import Image

from course_lib.checks import EXERCISES, find
from course_lib.checks.judge import judge
from course_lib.feedback import shown
from course_lib.given import for_lesson
from course_tools import cli
from course_tools.cli_page import PAGE

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ["README.md", "CONTRIBUTING.md", "docs/why.md", "CHANGELOG.md"]


@pytest.mark.parametrize("page", PAGES)
def test_every_relative_link_leads_to_a_file(page):
    text = re.sub(r"```.*?```", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.S)
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    missing = [link for link in links if not ((ROOT / page).parent / link).exists()]
    assert missing == []


def test_the_moving_picture_moves_and_loads_quickly():
    film = ROOT / re.search(r"\]\((docs/[\w-]+\.gif)\)", README).group(1)
    with Image.open(film) as picture:
        assert picture.n_frames > 10
    assert film.stat().st_size < 1_000_000


def test_the_table_names_every_exercise_of_every_lesson_in_order():
    rows = [row for row in README.splitlines() if "](exercises/" in row]
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row.rsplit("|", 2)[1])]
    assert named == [exercise.name for exercise in EXERCISES]


def test_every_command_of_the_readme_is_one_that_start_knows_and_no_learners_command_is_missing():
    named = set(re.findall(r"python start\.py (\w+)", README))
    assert named <= set(typer.main.get_command(cli.app).commands)
    assert {"test", "build", "present", "handout", *PAGE["Learn"], *PAGE["Keep"]} <= named


def test_the_message_quoted_in_the_readme_is_the_one_the_check_gives():
    result = judge(find("scale"), lambda scores, d_k: scores / d_k, for_lesson("03_scaling"))
    assert re.search(r"```text\n(.+?)\n```", README, flags=re.S).group(1) == repr(shown(result))
