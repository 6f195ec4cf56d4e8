"""Imports point one way: numpy <- maths <- views; numpy <- checks <- feedback; the library needs no tools."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import course_lib

ROOT = Path(course_lib.__file__).parent
DRAWING = {"matplotlib", "ipywidgets", "anywidget", "traitlets", "IPython", "PIL"}


def imported(path):
    """Return the full names of the modules that the file at `path` imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where they point"
            names |= {_module(node.module, alias.name) for alias in node.names}
    return names


def _module(package, name):
    """`from course_lib import given` imports course_lib.given, `from course_lib.given import softmax` too."""
    parts = [*package.split("."), name]
    here = ROOT.parent.joinpath(*parts)
    return ".".join(parts) if here.with_suffix(".py").exists() or here.is_dir() else package


def room(module):
    """Return where a module lives: "maths", "views", "checks", "feedback", "progress", or its top-level name."""
    top, *rest = module.split(".")
    if top != "course_lib":
        return "python" if top in sys.stdlib_module_names else top
    return rest[0] if rest and rest[0] in {"views", "checks", "feedback", "progress"} else "maths"


MAY_IMPORT = {
    "maths": {"python", "numpy", "maths"},
    "checks": {"python", "numpy", "checks"},
    "progress": {"python", "progress"},
    "views": {"python", "numpy", "maths", "views", "progress"} | DRAWING,
    "feedback": {"python", "numpy", "maths", "checks", "views", "progress", "feedback", "IPython"},
}
FILES = sorted(ROOT.rglob("*.py"))


def module_of(path):
    return ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_imports_point_one_way(path):
    here = room(module_of(path))
    wrong = {name for name in imported(path) if room(name) not in MAY_IMPORT[here]}
    assert not wrong, f"{module_of(path)} is one of the {here} and imports {sorted(wrong)}"


def test_feedback_takes_from_the_maths_only_what_is_given():
    for path in FILES:
        if room(module_of(path)) == "feedback":
            maths = {name for name in imported(path) if room(name) == "maths"}
            assert maths <= {"course_lib", "course_lib.given"}


def fresh(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize("module", ["course_lib.attention", "course_lib.experiments", "course_lib.given"])
def test_the_maths_can_be_imported_without_anything_that_draws(module):
    loaded = fresh(f"import sys, {module}; print(*{{name.split('.')[0] for name in sys.modules}})")
    assert "numpy" in loaded and not DRAWING & set(loaded)


def test_the_files_were_found_and_read():
    assert {"course_lib.softmax", "course_lib.tiny_world.grammar"} <= set(map(module_of, FILES))
    assert "course_lib.softmax" in imported(ROOT / "attention.py")
    assert room("course_lib.views.scaling") == "views" and room("course_tools.cli") == "course_tools"
