"""`pytest tests` leaves tests/oracle out, which needs PyTorch; `pytest tests/oracle` runs it, and fails without."""

import signal

import pytest

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell starts what it runs in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)  # or no program that a test starts would hear Ctrl+C

collect_ignore = ["oracle"]

# What takes longest starts first, so that no worker ends with a long file while the other waits.
LONGEST = (
    "browser/test_present.py",
    "browser/test_accessibility.py",
    "test_nbval.py",
    "browser/test_lesson_03.py",
    "browser/test_painter_page.py",
    "browser/test_explorer_page.py",
    "browser/test_stepper_page.py",
    "test_grading_batch.py",
    "browser/",
    "test_lab.py",
    "test_watch.py",
    "test_start.py",
)


def pytest_collection_modifyitems(items):
    def place(item):
        path = item.path.as_posix()
        return next((n for n, name in enumerate(LONGEST) if f"/tests/{name}" in path), len(LONGEST))

    items.sort(key=place)


@pytest.fixture
def clock(monkeypatch):
    """An empty list: a check's time is up as soon as something is in it, and not before, however slow the machine."""
    from course_lib.checks import watch

    filled = []
    monkeypatch.setattr(watch.time, "process_time", lambda: float(len(filled)))
    monkeypatch.setattr(watch, "PATIENCE", 3000)  # of a tenth of a second: for a check that hangs
    return filled


@pytest.fixture(scope="module")
def judge():
    """The grader's judge, with its jail."""
    from course_tools.grading.judging import Jailed

    made = Jailed()
    yield made
    made.close()
