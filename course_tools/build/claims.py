"""Hold every number of a lesson's prose to what computes it.

In the front matter, `course: claims:` maps words of the prose to a Python expression over numpy, the maths of
course_lib, its experiments and its tiny world. Where the words are a number the expression must round to it; elsewhere
it must be True.
"""

import importlib
import pkgutil
import re
from functools import cache
from numbers import Real
from types import ModuleType

from course_tools.build import numerals

NOT_MATHS = {"checks", "feedback", "given", "progress", "views"}


@cache
def namespace():
    """The names that a claim may use: np, the modules of the maths, and whatever they define."""
    import numpy

    import course_lib

    rooms = [room for name in _rooms(course_lib) if name not in NOT_MATHS for room in _modules(f"course_lib.{name}")]
    names = {"np": numpy} | {room.__name__.split(".")[-1]: room for room in rooms}
    for room in rooms:
        public = {name: value for name, value in vars(room).items() if not name.startswith("_")}
        names |= {name: value for name, value in public.items() if not isinstance(value, ModuleType)}
    return names


def _rooms(package):
    return [info.name for info in pkgutil.iter_modules(package.__path__)]


def _modules(name):
    """A module and, of a package, the modules in it."""
    module = importlib.import_module(name)
    inside = _rooms(module) if hasattr(module, "__path__") else []
    return [module, *(importlib.import_module(f"{name}.{part}") for part in inside)]


def problems(source):
    """Sentences on the claims of a lesson: stale ones, wrong ones, ones that cannot be computed."""
    prose = "\n".join(cell.text for cell in source.cells if cell.kind == "markdown")
    for words, expression in (source.course.get("claims") or {}).items():
        sentence = _problem(words, str(expression), prose)
        if sentence:
            yield source.at(_line(source, str(words)), sentence)


def _problem(words, expression, prose):
    if not isinstance(words, str):
        return f"put the words of the claim {words} in quotes, as they stand in the prose."
    if not _places(words, prose):
        return f'the claim "{words}" stands nowhere in the prose; delete it, or write the words as the prose has them.'
    try:
        value = eval(expression, dict(namespace()))
    except Exception as error:
        return f'the claim "{words}" cannot be computed: {type(error).__name__}: {error}.'
    return _disagreement(words, expression, value)


def _disagreement(words, expression, value):
    number = numerals.number(words)
    if number is None:
        holds = value is True or (type(value).__name__ == "bool" and bool(value))
        return None if holds else f'the claim "{words}" does not hold: {expression} is {value!r}, and must be True.'
    if not isinstance(value, Real) or isinstance(value, bool):
        return f'the claim "{words}" is a number, but {expression} is {value!r}.'
    if number.is_shown_by(value):
        return None
    return f"the prose says {words}; {expression} is {float(value):,.{number.decimals}f} ({float(value):.6g})."


def unclaimed(source, notebook):
    """Sentences on the numerals in prose that no claim covers and the notebook does not show."""
    shown = numerals.shown(notebook)
    claims = [str(words) for words in source.course.get("claims") or {}]
    for cell in source.in_notebook():
        if cell.kind != "markdown":
            continue
        covered = [place for words in claims for place in _places(words, cell.text)]
        for start, end, words in numerals.find(numerals.blank(cell.text)):
            if any(a <= start and end <= b for a, b in covered) or _is_shown(numerals.number(words), shown):
                continue
            line = cell.line + cell.text.count("\n", 0, start)
            yield source.at(line, _advice(words, cell.text, start, end))


def _advice(words, text, start, end):
    after = re.match(r"\s\w+", text[end:])
    phrase = words + (after[0] if after else "")
    return (
        f"the number {words} is neither a claim nor printed by the notebook; under `claims:` write "
        f'`"{words}": <what computes it>` (or `"{phrase}": <what is True>`), or let a cell print it.'
    )


def _is_shown(number, shown):
    # A whole number must be shown as it stands; a rounded one may be shown with more decimals.
    return any(number.value == other.value or (number.decimals and number.is_shown_by(other.value)) for other in shown)


def _places(words, text):
    """[(start, end)] of the words in the prose, never inside a longer number."""
    pattern = r"(?<![\w.,])" + re.escape(words) + r"(?!\w|[.,]\d)" if re.match(r"[\w.]", words) else re.escape(words)
    return [match.span() for match in re.finditer(pattern, text)]


def _line(source, words):
    """The line of the front matter on which a claim is made; the first of all claims where YAML read other words."""
    lines = list(enumerate(source.text.splitlines(), 1))
    keys = [re.compile(rf"""["']?{re.escape(words)}["']?\s*:"""), re.compile(r"^ *claims:")]
    return next(n for key in keys for n, line in lines if key.search(line))
