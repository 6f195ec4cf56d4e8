"""Where guesses are kept: `predictions.json` in the learner's own folder, and nowhere else."""

import json
import os
import tempfile

from course_lib.progress import work_dir

NAME = "predictions.json"
_this_session = {}  # outside a learner's folder nothing is written, but a cell may still be run twice


def _path():
    folder = work_dir()
    return None if folder is None else folder / NAME


def _read(path):
    """Return the guesses in the file, or None for a file that is no record of guesses."""
    try:
        kept = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        return None
    return kept if isinstance(kept, dict) else None


def recall(key):
    """Return the guess under this key, or None."""
    path = _path()
    if path is None:
        return _this_session.get(key)
    return (_read(path) or {}).get(key, _this_session.get(key))


def keep(key, guess):
    """Keep a guess for good; return False when it could only be kept until the kernel stops."""
    _this_session[key] = guess
    path = _path()
    try:
        return path is not None and _write(path, key, guess)
    except OSError:  # a full or read-only disk
        return False


def _write(path, key, guess):
    kept = _read(path)
    if kept is None:  # what somebody spoilt by hand is put aside, not thrown away
        os.replace(path, path.with_suffix(".broken.json"))
    kept = (kept or {}) | {key: guess}
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(kept, file, ensure_ascii=False, indent=1)
        os.replace(draft, path)  # readers see the file before or the file after, never half of one
    except OSError:
        os.unlink(draft)
        raise
    return True
