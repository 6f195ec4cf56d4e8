"""A Predict card in a learner's folder, for the tests of a guess and of a show of hands."""

from course_lib.progress import MARK
from course_lib.views import Predict, predictions

CHOICES = ["same", "shrinks", "grows"]


def stand_in_work(tmp_path, monkeypatch):
    """Make a learner's folder, stand in its notebooks, and forget the guesses of other tests; return the folder."""
    (tmp_path / "work" / "notebooks").mkdir(parents=True)
    (tmp_path / "work" / MARK).touch()
    monkeypatch.chdir(tmp_path / "work" / "notebooks")
    monkeypatch.setattr(predictions, "_this_session", {})
    return tmp_path / "work"


def card(**changed):
    return Predict(**{"key": "03-share", "question": "largest share", "choices": CHOICES, "truth": "grows"} | changed)
