"""Every exercise's catalogue: each mistake is rejected and named by its own message, each right answer is accepted.

`python tests/test_catalogue.py` prints the table of what was tried, rejected, named and accepted.
"""

import re
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from arguments import random_arguments
from learner import answer, given_to, verdict

from course_lib import given, scaling
from course_lib.checks import EXERCISES, LESSONS, embeddings, find, multi_head
from course_lib.checks.bench import Bench, bench, function_from, same_answer
from course_lib.checks.comparing import compare
from course_lib.checks.exercise import Case
from course_lib.checks.running import Call, Runner
from course_lib.checks.wording import fill

ONE_PAIR = "q = rng.standard_normal(d_k)\nk = rng.standard_normal(d_k)\n"
each = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.key)
MISTAKES = [(e, replace(m, code=code)) for e in EXERCISES for m in e.mistakes for code in (m.code, *m.variants)]
RIGHT = [(exercise, body) for exercise in EXERCISES for body in (exercise.reference, *exercise.alternatives)]


def name_of(value):
    if callable(value):
        return ""
    return getattr(value, "id", None) or getattr(value, "key", None) or str(value).split("\n")[-1][:40]


# ---------------------------------------------------------------- rejected, named, accepted


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES, ids=name_of)
def test_a_mistake_is_rejected_and_named_by_its_own_message(exercise, mistake):
    result = verdict(exercise, mistake.code)
    assert result.outcome == "not yet"
    assert (result.mistake, result.message) == (mistake.id, result.message)
    assert result.message.startswith(first_words(mistake.message))
    assert "…" not in result.message, "a brace of the message could not be filled"
    assert result.points in (0, exercise.points / 2)


def first_words(message):
    """The message up to its first brace, colon or full stop."""
    return re.split(r"\{|: |\.\s|\?", message)[0]


FIRST_HOUR = [  # what newcomers wrote, word for word
    ("cosine", "return a @ b / np.linalg.norm(a) * np.linalg.norm(b)", "multiplied-by-length-of-b"),
    ("cosine", "return np.dot(a, b) / np.linalg.norm(a) * np.linalg.norm(b)", "multiplied-by-length-of-b"),
    ("nearest", "return np.argsort(table @ table[i])", "farthest-first-and-by-unread"),
    ("nearest", "return np.argsort([cosine(row, table[i]) for row in table])", "farthest-first-and-by-unread"),
    ("analogy", "return int(np.argmax(cosine(table, table[b] - table[a] + table[c])))", "question-not-left-out"),
    ("analogy", "s = table @ (table[b] - table[a] + table[c])\nreturn int(s.argmax())", "lengths-left-in"),
    ("score_std", ONE_PAIR + "return (q * k).std()", "one-pair"),
    ("score_std", ONE_PAIR + "return float(q @ k)", "one-pair"),
    ("score_std", ONE_PAIR + "return float(np.std(q @ k))", "no-spread"),
    ("score_std", ONE_PAIR + "return np.std([q @ k for _ in range(trials)])", "no-spread"),
    ("score_std", "q, k = rng.standard_normal(trials, d_k), 0\nreturn q", "sizes-without-brackets"),
    ("project", "return (X @ W_q).sum(0), (X @ W_k).sum(0), (X @ W_v).sum(0)", "summed-over-tokens"),
    ("project", "return (X @ W_q).sum(-1), (X @ W_k).sum(-1), (X @ W_v).sum(-1)", "summed-over-features"),
    ("project", "return X @ W_q + X @ W_k + X @ W_v", "added-together"),
    ("project", "return (X * W_q).sum(-1), (X * W_k).sum(-1), (X * W_v).sum(-1)", "elementwise"),
    ("multiplicative_scores", "return Q @ K.T @ W", "w-outside"),
    ("init_projection", "return rng.standard_normal(d_model, d_k)", "sizes-without-brackets"),
    ("init_projection", "return rng.standard_normal(d_model, d_k) / np.sqrt(d_model)", "sizes-without-brackets"),
]


@pytest.mark.parametrize(("name", "body", "mistake"), FIRST_HOUR)
def test_what_newcomers_wrote_is_named(name, body, mistake):
    result = verdict(find(name), body)
    assert (result.outcome, result.mistake) == ("not yet", mistake), result.message


@pytest.mark.parametrize(("exercise", "body"), RIGHT, ids=name_of)
def test_a_right_answer_is_accepted(exercise, body):
    result = verdict(exercise, body)
    assert result.outcome == "correct", result.message
    assert result.points == exercise.points


@each
def test_the_reference_earns_no_remark(exercise):
    assert verdict(exercise, exercise.reference).remarks == ()


@each
def test_an_untouched_gap_is_not_attempted(exercise):
    result = verdict(exercise, f'raise NotImplementedError("{exercise.name} is not written yet: replace this line")')
    assert result.outcome == "not attempted" and result.points == 0
    assert result.message == f"{exercise.name} is not written yet: replace the line that raises."


# ---------------------------------------------------------------- never named falsely

OTHERWISE_WRONG = {
    "noise": lambda right: right + 3 * np.random.default_rng(1).standard_normal(right.shape),
    "another factor": lambda right: 1.7 * right + 0.001 * np.arange(right.size).reshape(right.shape),
    "another shift": lambda right: right + 0.123 + 0.01 * right**2,
    "one entry": lambda right: right + 77.7 * (np.arange(right.size) == 0).reshape(right.shape),
    "many axes": lambda right: np.ones((2, 2, 2, 2, 2, 2)),
    "nan": lambda right: right + np.nan,
    "infinity": lambda right: right + np.inf,
    "a narrow float": lambda right: (right + 0.2 * np.cos(np.arange(right.size).reshape(right.shape))).astype("f4"),
    "a stranger": lambda right: np.full_like(right, 12345.678) + np.arange(right.size).reshape(right.shape),
}


WHOLE_AND_WRONG = {
    "some seven": lambda right: right + 7,
    "at random": lambda right: np.random.default_rng(5).integers(0, 50, right.shape),
    "many axes": lambda right: np.ones((2, 2, 2, 2, 2, 2), int),
    "fractions": lambda right: right + 0.123,
}
YES_OR_NO_AND_WRONG = {
    "every third turned": lambda right: right ^ (np.arange(right.size).reshape(right.shape) % 3 == 0),
    "at random": lambda right: np.random.default_rng(5).random(right.shape) < 0.5,
    "many axes": lambda right: np.ones((2, 2, 2, 2, 2, 2), bool),
    "numbers": lambda right: 7 * right + 3,
}
BY_KIND = {"float": OTHERWISE_WRONG, "int": WHOLE_AND_WRONG, "bool": YES_OR_NO_AND_WRONG}


def judged_by_deeds(exercise):
    """Are parts measured together, so that others may do as well? test_catalogue_06_07 has twists for those."""
    return bool(exercise.parts) and any(case.measure for case in exercise.inputs(np.random.default_rng(0)))


TWISTS = [
    (exercise, twist, distort)
    for exercise in EXERCISES
    if not judged_by_deeds(exercise)
    for twist, distort in BY_KIND[exercise.kind].items()
]


@pytest.mark.parametrize(("exercise", "twist", "distort"), TWISTS, ids=name_of)
def test_an_answer_wrong_in_a_way_of_its_own_is_given_no_name(exercise, twist, distort):
    spec, kind = exercise.spec, {"int": int, "bool": bool}.get(exercise.kind, float)

    def wrong(*arguments):
        right = spec(*arguments)
        parts = [distort(np.asarray(part, kind)) for part in as_tuple(right)]
        return tuple(parts) if isinstance(right, tuple) else parts[0]

    twisted = f"return wrong({', '.join(exercise.arguments)})"
    result = verdict(exercise, twisted, wrong=wrong)
    nobody_could_tell = [m.id for m in exercise.mistakes if twist == "nan" and only_nan(exercise, m)]
    assert result.outcome == "not yet" and result.mistake in (None, *nobody_could_tell), result.message


def only_nan(exercise, mistake):
    """Is the mistake's answer nan everywhere, whatever the arguments?"""
    laid_out = bench(exercise, given_to(exercise))
    mistake = laid_out.mistakes[[m.id for m in laid_out.mistakes].index(mistake.id)]
    calls = [laid_out.outcome(mistake, i)[0] for i in laid_out.places("base")]
    return all(call.error is None and np.isnan(part).all() for call in calls for part in as_tuple(call.answer))


@each
def test_a_known_mistake_with_something_added_is_no_longer_that_mistake(exercise):
    if exercise.kind != "float" or any(case.rtol for case in exercise.inputs(np.random.default_rng(0))):
        return  # whole numbers stay equal, and statistics need room
    for mistake in exercise.mistakes:
        known = answer(exercise, mistake.code)
        if not moves_when_shifted(exercise, mistake, known):
            continue

        def shifted(*arguments, known=known):
            parts = known(*arguments)
            moved = [
                1.01 * part + 0.01 + 0.001 * np.arange(np.size(part)).reshape(np.shape(part))
                for part in as_tuple(parts)
            ]
            return tuple(moved) if isinstance(parts, tuple) else moved[0]

        result = verdict(exercise, f"return shifted({', '.join(exercise.arguments)})", shifted=shifted)
        assert (result.outcome, result.mistake) == ("not yet", None), (mistake.id, result.message)


def moves_when_shifted(exercise, mistake, known):
    """nan and infinity stay what they are, and so does an error that is the mark of the mistake."""
    base = [case for case in exercise.inputs(np.random.default_rng(0)) if case.kind == "base"]
    calls = [Runner(known).run(case.args, case.kwargs) for case in base]
    if all(call.error for call in calls):
        return mistake.matches is None
    return any(np.isfinite(part).any() for call in calls if not call.error for part in as_tuple(call.answer))


def as_tuple(value):
    return value if isinstance(value, tuple) else (value,)


@each
def test_an_answer_that_always_raises_is_given_no_name(exercise):
    for error in ("ValueError('no')", "IndexError('no')", "TypeError('no')"):
        result = verdict(exercise, f"raise {error}")
        assert (result.outcome, result.mistake) == ("not yet", None), result.message


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
    laid_out = Bench(exercise, given_to(exercise), np.random.default_rng(seed))
    square = laid_out.square or laid_out.cases[0]
    cases, wanted = [*laid_out.cases, square], [*laid_out.wanted, laid_out.want(square)]
    others = [m for m in exercise.mistakes if not m.matches]  # those have a recogniser of their own
    done = {m.id: behaviour(exercise, m.code, cases, wanted) for m in others}
    assert [name for name, calls in done.items() if all(right for _, right in calls[:-1])] == []
    pairs = combinations(done, 2)
    assert [pair for pair in pairs if look_alike(exercise, cases, done[pair[0]], done[pair[1]])] == []


@each
def test_neither_zeros_nor_ones_of_the_right_shape_are_an_answer(exercise):
    laid_out = bench(exercise, given_to(exercise))
    for filling in (np.zeros, np.ones):
        calls = [Call(filled(right, filling)) for right in laid_out.wanted]
        tried = zip(laid_out.cases, calls, laid_out.wanted, strict=True)
        assert not all(compare(exercise, *one).right for one in tried if one[0].kind == "base")


def filled(right, filling):
    if isinstance(right, tuple):
        return tuple(filled(part, filling) for part in right)
    return filling(np.shape(right), np.asarray(right).dtype)


# ---------------------------------------------------------------- the words


@each
def test_ids_are_kebab_case_and_stand_once(exercise):
    ids = [mistake.id for mistake in exercise.mistakes]
    assert len(set(ids)) == len(ids) and all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id) for id in ids)


@each
def test_every_message_ends_in_one_question(exercise):
    for mistake in exercise.mistakes:
        assert sum([bool(mistake.question), mistake.message.rstrip().endswith("?")]) == 1, mistake.id


@each
def test_every_message_shows_numbers_that_the_learner_can_find_again(exercise):
    for mistake in exercise.mistakes:
        lines = verdict(exercise, mistake.code).message.splitlines()
        assert len(lines) in (2, 3) and lines[-1].endswith("?"), (mistake.id, lines)
        assert not any(mark in " ".join(lines) for mark in ("Traceback", "course_lib", "np.float64")), mistake.id
        assert "!" not in lines[0] + lines[-1]


@each
def test_shapes_in_messages_are_shapes_of_the_cases(exercise):
    wanted = bench(exercise, given_to(exercise)).wanted
    shapes = {np.shape(part) for answer in wanted for part in (answer if isinstance(answer, tuple) else (answer,))}
    for mistake in exercise.mistakes:
        for numbers in re.findall(r"wanted \(([\d, ]+)\)", mistake.message):
            assert tuple(int(n) for n in numbers.split(",") if n.strip()) in shapes, mistake.id


@each
def test_the_first_two_hints_hold_no_code_of_the_answer(exercise):
    first, second, third = ("".join(hint.split()) for hint in exercise.hints)
    lines = ["".join(re.sub(r"^return |^\w+(, \w+)* = ", "", line).split()) for line in exercise.reference.splitlines()]
    for line in lines:
        assert len(line) <= 3 or line not in first + second, line
    assert exercise.hints[0].endswith("?")
    assert "".join(exercise.reference.removeprefix("return ").split()) not in third


@each
def test_a_message_whose_numbers_cannot_be_had_keeps_its_sentence(exercise):
    def hopeless(*arguments):
        raise ValueError

    for mistake in exercise.mistakes:
        assert first_words(mistake.message) in fill(mistake, Runner(hopeless))


def test_the_words_of_lesson_01_are_as_near_as_the_messages_say():
    cat, dog = embeddings.CAT, embeddings.DOG
    assert (round(float(cat @ dog), 2), round(float(cat @ cat), 2)) == (1.02, 0.94)
    assert embeddings.KINGDOM_NAMES[embeddings.analogy(0, 1, 2, embeddings.KINGDOM)] == "queen"
    assert embeddings.KINGDOM_NAMES[embeddings.analogy(1, 3, 0, embeddings.KINGDOM)] == "woman"


# ---------------------------------------------------------------- the loops against the library

BY_DEEDS = ("previous_token_head", "same_letter_head")
DRAWN = ("score_std", "init_projection")  # of these the next test


@pytest.mark.parametrize("exercise", [e for e in EXERCISES if e.name not in DRAWN], ids=name_of)
def test_the_loop_and_the_library_say_the_same(exercise):
    rng = np.random.default_rng(0)
    for _ in range(25):
        arguments = random_arguments(exercise, rng)
        measure = same_strength(exercise, *arguments) if exercise.name in BY_DEEDS else None
        call = Runner(given.EXERCISES[exercise.number]).run(arguments)
        found = compare(exercise, Case(arguments, measure=measure), call, exercise.spec(*arguments))
        assert found.right, (arguments, found, call.error)


def same_strength(exercise, n):
    """What the cases of a hand-built head look at, for n tokens."""
    place = {"previous_token_head": multi_head.on_the_token_before, "same_letter_head": multi_head.on_the_same_letter}
    causal = exercise.name == "previous_token_head"
    return lambda matrices: np.minimum(0.9, place[exercise.name](multi_head.head_weights(matrices, causal)).min())


def test_the_loops_that_draw_at_random_spread_as_the_library_does():
    for name in DRAWN:
        exercise, library = find(name), getattr(scaling, name)
        laid_out = bench(exercise, given_to(exercise))
        for i, case in enumerate(laid_out.cases):
            for function in (library, exercise.spec):
                call = Runner(function).run(case.args)
                assert compare(exercise, case, call, laid_out.wanted[i]).right, (name, i, call)


# ---------------------------------------------------------------- the course


def test_the_lessons_hold_the_points_that_the_course_promises():
    points = {lesson: sum(e.points for e in exercises) for lesson, exercises in LESSONS.items()}
    assert points == {
        "00_why_attention": 3,
        "01_embeddings": 8,
        "02_dot_product": 7,
        "03_scaling": 8,
        "04_softmax": 14,
        "05_masking": 13,
        "06_multi_head": 15,
        "07_sparse_patterns": 14,
    }
    counts = {0: 3, 1: 5, 2: 5, 3: 5, 4: 7, 5: 6, 6: 8, 7: 7}
    assert [e.number for e in EXERCISES] == [f"{n}.{i}" for n, count in counts.items() for i in range(1, count + 1)]


def test_a_name_is_found_alone_with_its_lesson_and_with_the_lesson_bound():
    assert find("scale") is find("03_scaling/scale") is find("scale", "03_scaling")
    with pytest.raises(LookupError, match=r"no exercise called scal in 03_scaling\. There are: score_std, scale"):
        find("scal", "03_scaling")


def test_a_name_that_stands_in_two_lessons_is_refused_with_both():
    with pytest.raises(LookupError, match="write 04_softmax/attention or 05_masking/attention"):
        find("attention")
    assert find("05_masking/attention").number == "5.5" and find("attention", "04_softmax").number == "4.6"


# ---------------------------------------------------------------- the table


def table():
    """Tried, rejected and named mistakes, and accepted right answers, per lesson."""
    rows = [f"{'lesson':16}{'mistakes':>9}{'rejected':>9}{'named':>7}{'right':>7}{'accepted':>9}"]
    for lesson, exercises in LESSONS.items():
        wrong = [(m, verdict(e, m.code)) for e, m in MISTAKES if e.lesson == lesson]
        right = [verdict(e, body) for e in exercises for body in (e.reference, *e.alternatives)]
        rejected = sum(result.outcome == "not yet" for _, result in wrong)
        named = sum(result.mistake == mistake.id for mistake, result in wrong)
        accepted = sum(result.outcome == "correct" for result in right)
        rows.append(f"{lesson:16}{len(wrong):9}{rejected:9}{named:7}{len(right):7}{accepted:9}")
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())
