"""Every exercise's catalogue: each mistake is rejected and named by its own message, each right answer is accepted.

`python tests/test_catalogue.py` prints the table of what was tried, rejected, named and accepted.
"""

import re
from dataclasses import replace

import numpy as np
import pytest
from learner import answer, given_to, verdict

from course_lib import attention as attention_module
from course_lib import given, scaling, softmax
from course_lib.checks import EXERCISES, LESSONS, find
from course_lib.checks.bench import bench
from course_lib.checks.comparing import compare
from course_lib.checks.running import Runner
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
def test_the_first_two_hints_hold_no_line_of_the_answer(exercise):
    lines = [line.removeprefix("return ").strip() for line in exercise.reference.splitlines() if len(line) > 12]
    for hint in exercise.hints[:2]:
        assert not any(line in hint for line in lines)
    assert exercise.hints[0].endswith("?")


@each
def test_a_message_whose_numbers_cannot_be_had_keeps_its_sentence(exercise):
    def hopeless(*arguments):
        raise ValueError

    for mistake in exercise.mistakes:
        assert first_words(mistake.message) in fill(mistake, Runner(hopeless))


# ---------------------------------------------------------------- the loops against the library

LIBRARY = {"attention": lambda Q, K, V: attention_module.attention(Q, K, V).output}


def weights(rng, *shape):
    return softmax.softmax(3 * rng.standard_normal(shape))


def random_arguments(name, rng):
    """Arguments at random sizes, all different, with leading axes where the exercise has them."""
    a, b, c, d, e = (int(n) for n in rng.choice([2, 3, 5, 7, 11], 5, replace=False))
    draw, batch = rng.standard_normal, [(), (e,), (2, e)][int(rng.integers(3))]
    peak = draw(a)
    return {
        "scale": (draw((*batch, a, b)), c),
        "divisor": (c, float(rng.uniform(0.1, 4)), float(rng.uniform(0.1, 4))),
        "share_saturated": (weights(rng, *batch, a, b), 0.6),
        "softmax": (30 * draw((*batch, a, b)), int(rng.integers(-2, 2))),
        "weighted_sum": (weights(rng, *batch, a, b), draw((*batch, b, c))),
        "softmax_jacobian": (weights(rng, a),),
        "temperature_for": (peak, float(rng.uniform(1.05 / a, 0.95))),
        "broken_rows": (weights(rng, a, b) * rng.choice([1, 1.1, -1], (a, 1)),),
        "attention": (draw((*batch, a, d)), draw((*batch, b, d)), draw((*batch, b, c))),
        "entropy": (weights(rng, *batch, a) * (rng.random((*batch, a)) < 0.8),),
    }.get(name)


@each
def test_the_loop_and_the_library_say_the_same(exercise):
    rng, tried = np.random.default_rng(3), 0
    library = LIBRARY.get(exercise.name) or given.for_lesson(exercise.lesson)[exercise.name]
    for _ in range(25):
        arguments = random_arguments(exercise.name, rng) if exercise.lesson[:2] in ("03", "04") else None
        if arguments is not None:
            np.testing.assert_allclose(library(*arguments), exercise.spec(*arguments), 1e-9, 1e-12)
            tried += 1
    drawn = exercise.lesson[:2] not in ("03", "04") or exercise.name in ("score_std", "init_projection")
    assert tried or drawn, "test_catalogue_00_05 and its like have those lessons' arguments, the next test the draws"


def test_the_loops_that_draw_at_random_spread_as_the_library_does():
    for name in ("score_std", "init_projection"):
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
