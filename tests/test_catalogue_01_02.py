"""What the catalogues of lessons 01 and 02 promise beyond the general test of all catalogues."""

import re
from itertools import combinations

import numpy as np
import pytest

from course_lib import embeddings as maths_01
from course_lib import given
from course_lib import scores as maths_02
from course_lib.checks import dot_product, embeddings
from course_lib.checks.bench import function_from, same_answer
from course_lib.checks.comparing import compare
from course_lib.checks.exercise import Case
from course_lib.checks.running import Runner

EXERCISES = embeddings.EXERCISES + dot_product.EXERCISES
each = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.key)


# ---------------------------------------------------------------- the loops against the library


def sizes(rng, count):
    return rng.choice([2, 3, 5, 7, 11, 13], count, replace=False)


def random_arguments(name, rng):
    """Arguments of one exercise at random sizes, all different."""
    a, b, c, d, e = sizes(rng, 5)
    table = rng.standard_normal((17, a)) * rng.uniform(0.1, 9, (17, 1))
    draw = rng.standard_normal
    return {
        "one_hot": (rng.integers(0, a, (b, c)), int(a)),
        "embed": (rng.integers(0, 17, (b, c)), table),
        "cosine": (np.where(rng.random((b, 1, a)) < 0.2, 0, draw((b, 1, a))), draw((c, a))),
        "nearest": (int(rng.integers(17)), table, str(rng.choice(["dot", "cosine"]))),
        "analogy": (*(int(i) for i in rng.permutation(17)[:3]), table),
        "dot_scores": (draw((a, b)), draw((c, b))),
        "project": (draw((a, b)), draw((b, c)), draw((b, c)), draw((b, d))),
        "additive_scores": (draw((a, b)), draw((c, d)), draw((b + d, e)), draw(e)),
        "multiplicative_scores": (draw((a, b)), draw((c, d)), draw((b, d))),
        "top_key": (rng.integers(-2, 3, (a, b)).astype(float),),
    }[name]


@each
def test_the_loop_and_the_library_say_the_same(exercise):
    maths = maths_01 if exercise.lesson == "01_embeddings" else maths_02
    rng = np.random.default_rng(0)
    for _ in range(20):
        arguments = random_arguments(exercise.name, rng)
        case = Case(arguments)
        call = Runner(getattr(maths, exercise.name)).run(arguments)
        verdict = compare(exercise, case, call, exercise.spec(*arguments))
        assert verdict.right, (verdict, call.error)


# ---------------------------------------------------------------- the mistakes among themselves


def behaviour(exercise, body, cases, wanted):
    """The call of this body and whether it was right, case by case."""
    function = function_from(exercise, body, given.for_lesson(exercise.lesson, before=exercise.number))
    calls = [Runner(function).run(case.args) for case in cases]
    return [
        (call, compare(exercise, case, call, right).right)
        for case, call, right in zip(cases, calls, wanted, strict=True)
    ]


def alike(exercise, case, one, other):
    (one, one_is_right), (other, other_is_right) = one, other
    if one_is_right != other_is_right:
        return False
    if one.error is not None or other.error is not None:
        return type(one.error) is type(other.error)
    return same_answer(exercise, case, one.answer, other.answer)


def look_alike(exercise, cases, one, other):
    """Could the judge take one for the other? It compares the base cases; the property cases once all base ones are
    right; and the square probe, the last case here, once something stopped."""
    *ordinary, square = range(len(cases))
    both_right = {i for i in ordinary if one[i][1] and other[i][1]}
    on_base = any(cases[i].kind == "base" and i not in both_right for i in ordinary)
    places = [i for i in ordinary if (cases[i].kind == "base") == on_base]
    stopped = any(one[i][0].error is not None for i in places)
    return all(alike(exercise, cases[i], one[i], other[i]) for i in places + [square] * stopped)


@each
@pytest.mark.parametrize("seed", range(3))  # a grader draws inputs that nobody has seen
def test_mistakes_are_wrong_and_no_two_look_alike(exercise, seed):
    rng = np.random.default_rng(seed)
    cases = [*exercise.inputs(rng), exercise.square(rng)]
    wanted = [exercise.spec(*case.args) for case in cases]
    done = {mistake.id: behaviour(exercise, mistake.code, cases, wanted) for mistake in exercise.mistakes}
    assert [name for name, calls in done.items() if all(right for _, right in calls[:-1])] == []
    pairs = combinations(done, 2)
    assert [pair for pair in pairs if look_alike(exercise, cases, done[pair[0]], done[pair[1]])] == []


@each
def test_zeros_of_the_right_shape_are_no_answer(exercise):
    case = exercise.inputs(np.random.default_rng(0))[0]
    wanted = exercise.spec(*case.args)
    parts = wanted if isinstance(wanted, tuple) else (wanted,)
    assert all(np.any(part) for part in parts)


# ---------------------------------------------------------------- the words


@each
def test_every_message_ends_in_one_question(exercise):
    for mistake in exercise.mistakes:
        asked = [bool(mistake.question), mistake.message.endswith("?")]
        assert sum(asked) == 1, mistake.id
        assert not mistake.question or mistake.question.endswith("?"), mistake.id


@each
def test_shapes_in_messages_are_shapes_of_the_cases(exercise):
    wanted = [exercise.spec(*case.args) for case in exercise.inputs(np.random.default_rng(0))]
    shapes = {np.shape(part) for answer in wanted for part in (answer if isinstance(answer, tuple) else (answer,))}
    for mistake in exercise.mistakes:
        for numbers in re.findall(r"wanted \(([\d, ]+)\)", mistake.message):
            assert tuple(map(int, numbers.split(","))) in shapes, mistake.id


@each
def test_the_first_two_hints_hold_no_code_of_the_answer(exercise):
    first, second, third = ("".join(hint.split()) for hint in exercise.hints)
    lines = ["".join(re.sub(r"^return |^\w+(, \w+)* = ", "", line).split()) for line in exercise.reference.splitlines()]
    for line in lines:
        assert line not in first + second, line
    assert exercise.hints[0].endswith("?")
    assert "".join(exercise.reference.removeprefix("return ").split()) not in third


def test_the_words_of_lesson_01_are_as_near_as_the_messages_say():
    cat, dog = embeddings.CAT, embeddings.DOG
    assert (round(float(cat @ dog), 2), round(float(cat @ cat), 2)) == (1.02, 0.94)
    assert embeddings.KINGDOM_NAMES[embeddings.analogy(0, 1, 2, embeddings.KINGDOM)] == "queen"
    assert embeddings.KINGDOM_NAMES[embeddings.analogy(1, 3, 0, embeddings.KINGDOM)] == "woman"
