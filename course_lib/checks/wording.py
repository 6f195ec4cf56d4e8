"""What is wrong, in words, and one question: of a known mistake, or of an answer that nobody has seen before."""

import re

import numpy as np

from course_lib.checks.comparing import close
from course_lib.checks.evidence import axes_of
from course_lib.checks.running import quiet
from course_lib.checks.showing import Short, short, singular
from course_lib.checks.stopped import stopped

QUESTIONS = {
    "raised": "What did that line get to work with?",
    "time": "What should end the loop?",
    "nothing": "What should stand after return?",
    "unreadable": "What does your last line hand back?",
    "parts": "What stands between the commas after return?",
    "shape": "Which axis should be which?",
    "kind": "What do you want to say about each entry: whether, which, or how much?",
    "changed": "Which operation makes a new array instead?",
}


def fill(mistake, runner):
    """Return the mistake's message with its braces filled from the learner's own values."""
    try:
        with quiet():
            values = mistake.fill(runner) if mistake.fill else {}
    except Exception:
        values = {}
    return mistake.message.format_map(_Values({k: _shortened(v) for k, v in values.items()}))


class _Values(dict):
    def __missing__(self, name):
        return _Unknown()


class _Unknown(str):
    """A number that could not be had must not cost the sentence around it, whatever its format."""

    def __format__(self, spec):
        return "…"


def _shortened(value):
    is_float = isinstance(value, (float, np.floating)) or (isinstance(value, np.ndarray) and not value.ndim)
    return Short(value) if is_float else value


def split_question(message):
    """Return (words, question): the last sentence, when it asks; what follows the colon of a single one.

    >>> split_question("Too even. Which power? ")
    ('Too even.', 'Which power?')
    >>> split_question("You divided by d_k: which power is it?")
    ('You divided by d_k.', 'Which power is it?')
    """
    sentences = re.split(r"(?<=[.?)]) +(?=[A-Z(])", message.strip())
    if len(sentences) == 1 and ": " in message and message.endswith("?"):
        words, asked = message.rsplit(": ", 1)
        sentences = [f"{words}.", asked[0].upper() + asked[1:]]
    asks = len(sentences) > 1 and sentences[-1].endswith("?")
    return (" ".join(sentences[:-1]), sentences[-1]) if asks else (message.strip(), "")


def headline(exercise, case, call, verdict):
    """Return what is wrong in words, when no known mistake explains it."""
    right_so_far = f"Right on ordinary inputs, but not {case.says or 'on every input'}. "
    return (right_so_far if case.kind == "property" else "") + HEADLINES[verdict.what](exercise, call, verdict)


def _shape(exercise, call, verdict):
    got, wanted = verdict.got.shape, verdict.wanted.shape
    if len(got) > 1 and got == wanted[:-2] + wanted[:-3:-1]:
        names = axes_of(exercise, verdict)
        which = f"{names[-2]} and {names[-1]}" if len(names) > 1 else "the last two axes"
        return f"The axes are exchanged: {which}."
    if len(got) < len(wanted):
        return "Your answer has an axis too few." if got else "You returned one number for all."
    return "Your answer has an axis too many." if len(got) > len(wanted) else "The shape is not right."


def _wrong_values(exercise, call, verdict):
    got, wanted = np.asarray(verdict.got, float), np.asarray(verdict.wanted, float)
    if np.isnan(got).any() and not np.isnan(wanted).any():
        return "There is a nan in your answer: somewhere 0 was divided by 0, or infinity met infinity."
    if np.isinf(got).any() and not np.isinf(wanted).any():
        return "There is an infinity in your answer."
    if not got.ndim:
        return "The number is not right."
    if close(got, -wanted, 1e-9):
        return "The sign is turned: your values are minus the wanted ones."
    factor = _factor(got, wanted)
    if factor:
        return f"All your values are {short(factor)} times what is wanted."
    return f"The shape is right, the values are not: {_count(got, wanted)} of {got.size} entries differ."


def _factor(got, wanted):
    with np.errstate(all="ignore"):
        ratio = got[wanted != 0] / wanted[wanted != 0]
    same = ratio.size > 1 and np.ptp(ratio) < 1e-6 * abs(ratio[0]) and abs(ratio[0] - 1) > 1e-6
    return ratio[0] if same and not got[wanted == 0].any() else None


def _count(got, wanted):
    return int((~np.isclose(got, wanted, 1e-9, 1e-9, equal_nan=True)).sum()) or got.size


def _nothing(exercise, call, verdict):
    return "You printed it, return it." if call.printed else "Your function returned nothing: None came back."


def _parts(exercise, call, verdict):
    count = len(verdict.got) if isinstance(verdict.got, (tuple, list)) else 1
    names = f": {', '.join(exercise.parts)}" if exercise.parts else ""
    return f"{count} {singular('things', count)} came back, wanted {len(verdict.wanted)}{names}."


HEADLINES = {
    "raised": lambda e, call, v: stopped(e, call.error),
    "time": lambda *_: "Your function did not end: it was stopped after a few seconds.",
    "nothing": _nothing,
    "unreadable": lambda e, call, v: f"Your answer is no array of numbers: a {type(v.got).__name__} came back.",
    "parts": _parts,
    "shape": _shape,
    "kind": lambda e, call, v: "The entries are of the wrong kind.",
    "values": _wrong_values,
    "changed": lambda e, call, v: (
        f"The numbers are right, but you changed the caller's {e.arguments[call.changed[0][0]]}."
    ),
}
