"""A pytest plugin: under `--nbval`, a notebook of the course is held to the shipped checks, whatever was done to it.

Lessons and solutions are compared with their own stored outputs, pictures' bytes and remarks left out. A learner's
exercise is put together anew: checks and expected outputs from the shipped solution, answers from the learner.
Inert unless `--nbval` meets such a notebook, and without nbval.
"""

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    """Put our collector in nbval's place for a notebook of the course."""
    collectors = yield
    option = parent.config.option
    asked = getattr(option, "nbval", False) or getattr(option, "nbval_lax", False)
    if not asked or file_path.suffix != ".ipynb":
        return collectors
    from course_tools.nbval_items import collector

    return collector(file_path, parent, otherwise=collectors)
