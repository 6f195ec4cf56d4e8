"""docs/grading.md and the workflow for classrooms say what the command does."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer
import yaml
from grading import hand_in, needs_jail

from course_tools import cli

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "grading.md").read_text("utf-8")
BLOCKS = "\n".join(re.findall(r"^```sh\n(.*?)^```", PAGE, flags=re.M | re.S))
LINES = [line.partition("#")[0] for line in re.findall(r"course (?:grade|export) .*", BLOCKS)]
STEP = next(
    step["run"]
    for step in yaml.safe_load((ROOT / ".github/workflows/classroom.yml").read_text("utf-8"))["jobs"]["grade"]["steps"]
    if step.get("name") == "Grade"
)


@pytest.mark.parametrize("line", LINES)
def test_every_command_line_on_the_page_is_one_that_the_command_takes(line):
    words = re.sub(r"\$\w+|\$\(\(.*?\)\)|\{\}", "2", line)
    _, own, *words = shlex.split(words)
    command = typer.main.get_command(cli.app).commands[own]
    assert command.make_context(own, words).info_name == own


def test_the_page_has_the_places_that_messages_send_to():
    from course_tools.grading.command import NO_JAIL

    page, place = re.search(r"\((docs/\w+\.md), `(.*)`\)", NO_JAIL).groups()
    assert f"## {place}\n" in (ROOT / page).read_text("utf-8") and len(LINES) >= 8


@needs_jail
@pytest.mark.parametrize("folder", ["exercises", "handed-in"])
def test_the_classrooms_step_shows_the_points_in_the_summary(folder, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "course").write_text(f'#!/bin/sh\nexec {sys.executable} -m course_tools "$@"\n')
    (tmp_path / "bin" / "course").chmod(0o755)
    for name in {"exercises", folder}:
        (tmp_path / "repo" / name).mkdir(parents=True)
    (tmp_path / "repo" / folder / "03_scaling.ipynb").write_bytes(hand_in())
    (tmp_path / "tmp").mkdir()
    env = os.environ | {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    env |= {"RUNNER_TEMP": str(tmp_path / "tmp"), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    subprocess.run(["bash", "-e", "-c", STEP], cwd=tmp_path / "repo", env=env, check=True)
    assert "learner,2,2,8," in (tmp_path / "summary").read_text()
    assert len(list((tmp_path / "tmp" / "marks" / "reports").iterdir())) == 1
