"""`course`: a mistake on the command line is answered in a sentence, and no command loads what it does not use."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from course_tools import cli


def run(*words):
    return CliRunner().invoke(cli.app, words)


@pytest.mark.parametrize("words", [["nonsense"], ["check"], ["lab", "--port", "99999"], ["test", "--nonsense"]])
def test_a_mistake_is_answered_in_a_sentence(words):
    result = run(*words)
    assert result.exit_code == 2
    assert "Traceback" not in result.output and "Usage: " in result.output


def test_every_command_explains_itself():
    for name in ("lab", "test", "build", "check"):
        result = run(name, "--help")
        assert result.exit_code == 0 and len(result.output.splitlines()) > 5, result.output


def test_a_command_that_lacks_a_developers_package_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(cli, "find_spec", lambda name: None)
    result = run("build")
    assert result.exit_code == 1
    assert result.output == "`course build` needs jupytext, nbclient: run `python start.py build`.\n"


def test_options_that_lab_does_not_know_go_to_jupyterlab(monkeypatch):
    from course_tools import lab

    calls = []
    monkeypatch.setattr(lab, "main", lambda **call: calls.append(call) or 0)
    assert run("lab", "--no-browser", "--port", "9000", "--ServerApp.ip=0.0.0.0").exit_code == 0
    assert calls == [{"port": 9000, "browser": False, "options": ["--ServerApp.ip=0.0.0.0"]}]


def test_the_module_is_the_command():
    result = subprocess.run([sys.executable, "-m", "course_tools", "--help"], capture_output=True, encoding="utf-8")
    assert result.returncode == 0 and "Usage: course" in result.stdout


def test_the_command_line_loads_neither_numpy_nor_jupyter():
    heavy = {"numpy", "jupyterlab", "nbformat", "rich"}
    code = f"import course_tools.cli, sys; print(*sorted({heavy} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert result.stdout.strip() == ""
