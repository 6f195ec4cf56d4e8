"""What an exercise is: the data that the notebook, the command line, nbval, the grader and the reports all read."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Seed:
    """Stands for `np.random.default_rng(number)` among a case's arguments: every call gets a fresh generator."""

    number: int


def drawn(rng, low, high):
    """Return an int from low to high - 1: a size that no table of earlier inputs holds."""
    return int(rng.integers(low, high))


@dataclass(frozen=True)
class Case:
    """One call of the learner's function, compared with the same call of the loop spec.

    kind:     "base" (values on small ordinary inputs) or "property" (empty rows, extremes, batch axes, odd sizes)
    measure:  what is compared, when it is not the answer itself: a function of the answer (a spread, a softmax of it)
    rtol:     relative tolerance for statistical answers; None means the exercise's own tolerance
    says:     how a message introduces the call, "with a row of -1000" (optional)
    wanted:   what is right (after `measure`), where the loop's own random draw would only add noise (optional)
    """

    args: tuple
    kind: str = "base"
    kwargs: dict = field(default_factory=dict)
    measure: Callable | None = None
    rtol: float | None = None
    says: str = ""
    wanted: object = None


@dataclass(frozen=True)
class Law:
    """What must hold between several calls, and no single call can show: "the same rng gives the same number".

    says:   the sentence a message opens with when it does not hold
    holds:  `holds(call) -> bool`; `call(*args)` runs the learner's function, a Seed among args becomes a generator
    """

    says: str
    holds: Callable
    kind: str = "base"


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that learners give, and the one message that names it.

    id:       kebab-case, unique within the exercise ("divided-by-d_k" is written "divided-by-d-k")
    code:     the whole body of the function, as the learner would write it (several lines allowed, not indented; a
              last line that is a bare expression is returned, so "scores / d_k" is a body). The names of `given` and
              np are in scope
    message:  the first sentence or two; {braces} are filled from the learner's own values. A question at its end is
              shown last, after the learner's value beside the wanted one
    question: the question to end with, when `message` does not end in one
    variants: other bodies with the same fault, where their answers differ from those of `code`
    fill:     `fill(call) -> dict` for the braces; `call(*args)` runs the learner's function on any arguments. Numbers
              are shortened to three digits; strings and format specs ({spread:.3f}) stay as they are
    matches:  `matches(call) -> bool`, for what equal outputs cannot show; it then replaces the comparison with
              `code`, and counts as no when it raises. Default None: recognised when the answer behaves like `code` on
              the cases (a case with `rtol`: within that of each other, so random draws need no recogniser)
    """

    id: str
    code: str
    message: str
    fill: Callable | None = None
    matches: Callable | None = None
    question: str = ""
    variants: tuple[str, ...] = ()


@dataclass(frozen=True)
class Caution:
    """What a right answer is told besides, because it will not do everywhere.

    says:     the remark
    matches:  `matches(call) -> bool`, as a Mistake has it
    """

    says: str
    matches: Callable


@dataclass(frozen=True)
class Exercise:
    """One exercise. `spec` is a loop a beginner can read; its name and arguments are the exercise's own."""

    lesson: str  # "03_scaling"
    number: str  # "3.2"
    spec: Callable
    reference: str  # the body that the solution notebook shows
    promise: str
    points: int
    difficulty: int  # 1-5
    importance: int  # 1-5
    minutes: int
    hints: tuple[str, str, str]  # a question, a pointer, nearly the line; no code of the answer in the first two
    inputs: Callable[[np.random.Generator], list[Case]]  # smallest case first
    mistakes: tuple[Mistake, ...]
    alternatives: tuple[str, ...] = ()  # other right bodies
    axes: tuple = ()  # names of the answer's axes, last one last: ("queries", "keys"); () for a number
    kind: str = "float"  # "float", "int" or "bool": what the answer's entries must be
    core: bool = True  # False: a stretch exercise, behind the cut
    square: Callable[[np.random.Generator], Case] | None = None  # all sizes equal: tells which formula a crash was
    laws: tuple[Law, ...] = ()  # what several calls must agree on
    cautions: tuple[Caution, ...] = ()  # remarks on answers that are right here and fail elsewhere
    parts: tuple[str, ...] = ()  # for a tuple: the names of its parts ("Q", "K", "V"); axes then holds a tuple for each
    tolerance: float = 1e-9
    picture: str = ""  # "heat pair": how `feedback` draws wanted beside yours; checks know no views

    @property
    def name(self):
        return self.spec.__name__

    @property
    def arguments(self):
        """The names of the function's arguments, in order."""
        return tuple(inspect.signature(self.spec).parameters)

    @property
    def signature(self):
        """`softmax(x, axis=-1)`, as the exercise's def line has it."""
        return f"{self.name}{inspect.signature(self.spec)}"

    @property
    def key(self):
        """`03_scaling/scale`: names stand in more than one lesson, keys do not."""
        return f"{self.lesson}/{self.name}"
