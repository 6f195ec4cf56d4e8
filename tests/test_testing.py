"""`course test` says what it could not run, counts what it ran, and is green only if everything ran and passed."""

import pytest

from course_tools import testing

MIXED = """
import os, pytest
def test_passes(): assert os.environ["COURSE_CHROMIUM"] == "/a/browser"
def test_fails(): assert False
def test_skips(): pytest.skip("not here")
@pytest.fixture
def broken(): raise RuntimeError
def test_has_an_error(broken): pass
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course with one run of tests, whose file the test writes, and a browser."""
    (tmp_path / "tests" / "browser").mkdir(parents=True)
    (tmp_path / "tests" / "browser" / "test_page.py").write_text("def test_page(): pass")
    monkeypatch.setattr(testing, "RUNS", {"The tests": ["tests", "-p", "no:cacheprovider"]})
    monkeypatch.setattr(testing, "chromium_path", lambda: "/a/browser")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # these runs need none, and would wait for all of them
    return tmp_path


def last_line(capfd):
    return capfd.readouterr().out.splitlines()[-1]


def test_the_files_that_start_first_are_there(pytestconfig):
    (names,) = [plugin.LONGEST for plugin in pytestconfig.pluginmanager.get_plugins() if hasattr(plugin, "LONGEST")]
    assert [name for name in names if not (testing.ROOT / "tests" / name).exists()] == []


def test_counts_close_the_run_and_one_failure_makes_it_red(course, capfd):
    (course / "tests" / "test_mixed.py").write_text(MIXED)
    assert testing.main(root=course) == 1
    assert last_line(capfd) == "2 passed, 2 failed, 1 skipped"


def test_all_passed_is_green(course, capfd):
    assert testing.main(root=course) == 0
    assert last_line(capfd) == "1 passed, 0 failed, 0 skipped"


def test_a_run_that_collects_nothing_is_red(course, capfd, monkeypatch):
    (course / "tests" / "browser" / "test_page.py").unlink()
    assert testing.main(root=course) == 1
    assert last_line(capfd) == "0 passed, 0 failed, 0 skipped"


def test_words_choose_tests_and_may_choose_none_of_a_run(course, capfd):
    assert testing.main(words="nothing_is_called_so", root=course) == 0
    assert testing.main(words="page", root=course) == 0
    assert last_line(capfd) == "1 passed, 0 failed, 0 skipped"


@pytest.mark.parametrize(("accepted", "code"), [(False, 1), (True, 0)])
def test_without_a_browser_it_says_which_tests_did_not_run(course, capfd, monkeypatch, accepted, code):
    monkeypatch.setattr(testing, "chromium_path", lambda: None)
    (course / "tests" / "test_other.py").write_text("def test_other(): pass")
    assert testing.main(skip_browser_tests=accepted, root=course) == code
    out = capfd.readouterr().out
    assert "test_page.py" in out and "--skip-browser-tests" in out
    assert out.splitlines()[-1] == "1 passed, 0 failed, 0 skipped"


def test_kernels_that_run_side_by_side_wait_for_no_file_that_they_share(tmp_path, monkeypatch):
    from kernels import Kernel

    monkeypatch.setenv("IPYTHONDIR", testing.environment(None, str(tmp_path))["IPYTHONDIR"])
    with Kernel(tmp_path) as kernel:
        assert kernel.run("str(get_ipython().history_manager.hist_file)").text == "':memory:'"
        assert kernel.run("In[1]").text.startswith("'str(get_ipython")


SOURCES = ["_on_path", "_from_playwright", "_fetched_by_playwright", "_from_debian"]


@pytest.mark.parametrize("first", range(len(SOURCES)))
def test_a_browser_is_taken_from_the_first_source_that_has_one_that_runs(monkeypatch, first):
    asked = []
    for number, name in enumerate(SOURCES):
        found = [None, "broken"][number % 2] if number < first else "works"
        monkeypatch.setattr(testing, name, lambda name=name, found=found: asked.append(name) or found)
    monkeypatch.setattr(testing, "_runs", lambda path: path == "works")
    assert testing.chromium_path() == "works"
    assert asked == SOURCES[: first + 1]


def test_no_source_is_no_browser(monkeypatch):
    for name in SOURCES:
        monkeypatch.setattr(testing, name, lambda: None)
    assert testing.chromium_path() is None


@pytest.mark.skipif("os.name == 'nt'", reason="on Windows a browser is believed")
def test_a_program_that_cannot_say_its_version_is_no_browser(tmp_path):
    assert testing._runs("/bin/true") and not testing._runs("/bin/false")
    assert not testing._runs(str(tmp_path / "missing"))
