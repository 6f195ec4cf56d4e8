"""Every public function of the maths says what it does, and its example runs."""

import doctest
import importlib
import inspect
import pkgutil
import warnings

import numpy as np
import pytest

import course_lib

NOT_MATHS = ("course_lib.views", "course_lib.checks", "course_lib.feedback", "course_lib.progress")
MODULES = [
    module.name
    for module in pkgutil.walk_packages(course_lib.__path__, "course_lib.")
    if not module.name.startswith(NOT_MATHS)
]


def public_functions(name):
    members = vars(importlib.import_module(name)).items()
    return {key: value for key, value in members if inspect.isfunction(value) and value.__module__ == name}


def test_the_maths_was_found():
    assert {"course_lib.softmax", "course_lib.attention", "course_lib.tiny_world.vectors"} <= set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_examples_run_and_print_what_they_say(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = doctest.testmod(importlib.import_module(name), extraglobs={"np": np})
    assert result.failed == 0
    assert result.attempted or not public_functions(name)


@pytest.mark.parametrize("name", MODULES)
def test_public_functions_are_documented(name):
    for key, function in public_functions(name).items():
        assert key.startswith("_") or inspect.getdoc(function), key


EXERCISES = importlib.import_module("course_lib.given").EXERCISES


@pytest.mark.parametrize("number", EXERCISES)
def test_functions_that_learners_write_have_an_example(number):
    assert ">>> " in inspect.getdoc(EXERCISES[number])
