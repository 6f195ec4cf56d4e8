"""`course`: a mistake on the command line is answered in a sentence, and no command loads what it does not use."""

import shlex
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from course_tools import cli
from course_tools.cli_page import PAGE, Page, example, first_sentence


def run(*words):
    return CliRunner().invoke(cli.app, words)


COMMANDS = {name: command for name, command in typer.main.get_command(cli.app).commands.items() if not command.hidden}


@pytest.mark.parametrize("words", [["nonsense"], ["hint"], ["lab", "--port", "99999"], ["test", "--nonsense"]])
def test_a_mistake_is_answered_in_a_sentence(words):
    result = run(*words)
    assert result.exit_code == 2
    assert "Traceback" not in result.output and "Usage: " in result.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_and_ends_with_its_example(name):
    result = run(name, "--help")
    assert result.exit_code == 0 and len(result.output.splitlines()) > 5, result.output
    assert result.output.split()[-len(example(COMMANDS[name]).split()) :] == example(COMMANDS[name]).split()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_example_is_a_command_line_that_its_command_takes(name):
    course, own, *words = shlex.split(example(COMMANDS[name]))
    assert (course, own) == ("course", name)
    assert COMMANDS[name].make_context(name, words).info_name == name  # it raises UsageError for other words


def test_the_help_is_a_page_with_one_line_for_every_command_on_a_narrow_screen(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    lines = run("--help").output.splitlines()
    assert max(map(len, lines)) <= 80
    for name, command in COMMANDS.items():
        (line,) = [line for line in lines if line.startswith(f"  {name} ")]
        assert line.split() == [name, *first_sentence(command).split(), *example(command).split()]
    indented = [line for line in lines if line.startswith("  ") and line.strip()]
    assert len(indented) == len(COMMANDS)


def test_every_command_has_its_place_on_the_page_and_in_the_pages_order():
    places = Page(commands=COMMANDS).places()
    assert "More" not in places
    for panel, names in places.items():
        assert names == [name for name in PAGE[panel] if name in COMMANDS]


def test_a_command_without_a_place_is_shown_last_and_a_hidden_one_not_at_all():
    app = typer.Typer(cls=Page)
    for name, hidden in {"spare": False, "secret": True, "lab": False}.items():
        app.command(name, hidden=hidden)(lambda: None)
    assert typer.main.get_command(app).places() == {"Learn": ["lab"], "More": ["spare"]}


def test_no_words_at_all_show_the_page():
    assert "Learn" in run().output


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
