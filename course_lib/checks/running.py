"""One call of a learner's function: copied inputs, prints kept, warnings silenced, nothing left behind."""

import contextlib
import copy
import inspect
import io
import types
import warnings
from dataclasses import dataclass

import numpy as np

from course_lib.checks.exercise import Seed

KEPT = 2000  # characters of print, so that a loop that prints cannot fill the memory


class Stopped(Exception):
    """Stands for a SystemExit or a TimeUp where a message or a law asks the function something."""


@dataclass(frozen=True)
class Call:
    """What one call did. `changed` lists (position, before, after) of the arguments it changed."""

    answer: object = None
    error: BaseException | None = None
    printed: str = ""
    changed: tuple = ()


class Runner:
    """Calls a function, under a Watch or without; `runner(*args)` is the `call` that messages and laws are given."""

    def __init__(self, function, watch=None):
        self.function, self.watch = function, watch
        self.printed = ""  # by all calls so far

    def run(self, args, kwargs=None):
        """Return the Call; only a KeyboardInterrupt, which is the learner's own hand, gets out."""
        given, kept = fresh(args), fresh(args)
        heard, answer, error = _Heard(), None, None
        try:
            with quiet(heard):
                answer = kept_apart(self._limited(lambda: self.function(*given, **(kwargs or {}))))
        except KeyboardInterrupt:
            raise
        except BaseException as problem:
            error = problem
        self.printed += heard.getvalue()
        return Call(answer, error, heard.getvalue(), changes(kept, given))

    def each(self, inputs):
        """Yield the Call of each (args, kwargs), made when it is asked for."""
        for args, kwargs in inputs:
            yield self.run(args, kwargs)

    def _limited(self, thunk):
        return self.watch.run(thunk) if self.watch else thunk()

    def __call__(self, *args, **kwargs):
        """Return the answer; raise what the learner's function raised, as an Exception."""
        call = self.run(args, kwargs)
        if call.error is not None:
            raise call.error if isinstance(call.error, Exception) else Stopped(type(call.error).__name__)
        return _as_array(call.answer)


def _as_array(answer):
    """Return a list of numbers as an array: a right answer may be a list, and messages and laws ask arrays."""
    try:
        array = np.asarray(answer) if isinstance(answer, list) else None
    except ValueError:  # lists of different lengths
        return answer
    return array if array is not None and array.dtype.kind in "biuf" else answer


class _Heard(io.StringIO):
    def write(self, text):
        return super().write(text[: max(KEPT - self.tell(), 0)])


@contextlib.contextmanager
def quiet(heard=None):
    """Print goes to `heard`; warnings and NumPy's floating-point complaints go nowhere."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        with contextlib.redirect_stdout(heard or _Heard()), contextlib.redirect_stderr(_Heard()):
            yield


def fresh(args):
    """Return a deep copy; a Seed becomes a generator in its first state."""
    return [np.random.default_rng(a.number) if isinstance(a, Seed) else copy.deepcopy(a) for a in args]


def kept_apart(answer):
    """Return a copy, or the next call could still change it: an answer may be a buffer that its function keeps."""
    return copy.deepcopy(answer) if isinstance(answer, (np.ndarray, list, tuple)) else answer


def changes(before, after):
    """Return (position, before, after) of every array or list that is no longer what it was."""
    pairs = enumerate(zip(before, after, strict=True))
    return tuple((i, b, a) for i, (b, a) in pairs if isinstance(b, (np.ndarray, list)) and not _same(b, a))


def _same(before, after):
    before, after = np.asarray(before), np.asarray(after)
    return before.shape == after.shape and before.dtype == after.dtype and before.tobytes() == after.tobytes()


@contextlib.contextmanager
def standing_in(function, given):
    """While inside, `function` sees the course's own version of every name in `given`, but for its own name.

    A function that stands in the same cell as the answer is a part of the answer, and stays.
    """
    function = inspect.unwrap(function) if callable(function) else function
    scope = getattr(function, "__globals__", {})
    names = [n for n in given if n != getattr(function, "__name__", "") and not _same_cell(scope.get(n), function)]
    kept = {name: scope[name] for name in names if name in scope}
    scope.update({name: given[name] for name in names})
    try:
        yield
    finally:
        scope.update(kept)
        for name in set(names) - set(kept):
            scope.pop(name, None)


def _same_cell(other, function):
    if not isinstance(other, types.FunctionType) or not isinstance(function, types.FunctionType):
        return False
    return other.__code__.co_filename == function.__code__.co_filename
