"""What the catalogues of lessons 00 and 05 promise beyond the general test of all catalogues."""

import re

import numpy as np
import pytest
from learner import Notebook, answer, given_to, notebook, verdict

from course_lib.checks import find, masking, why_attention
from course_lib.checks.bench import bench, function_from, source_of
from course_lib.checks.judge import judge
from course_tools import check

MASKED, ATTENTION = find("masked_softmax"), find("05_masking/attention")
SCORES = masking.SCORES


# ---------------------------------------------------------------- the loops


def test_without_a_mask_both_lessons_ask_for_the_same_attention():
    Q, K, V = masking.qkv(np.random.default_rng(1), 2, 3, 5, 7, batch=(2,))
    wanted = find("04_softmax/attention").spec(Q, K, V)
    np.testing.assert_allclose(ATTENTION.spec(Q, K, V), wanted, rtol=1e-12)
    np.testing.assert_allclose(ATTENTION.spec(Q, K, V, np.ones((2, 3), bool)), wanted, rtol=1e-12)


def test_random_masks_hide_something_from_every_query_and_leave_it_somebody():
    for seed in range(50):
        for shape in ((5, 7), (3, 2), (2, 3, 5), (1, 5)):
            allowed = masking.some_hidden(np.random.default_rng(seed), *shape)
            assert allowed.any(-1).all() and not allowed.all(-1).any()


# ---------------------------------------------------------------- the mistakes


@pytest.mark.parametrize(
    ("exercise", "body", "named"),
    [
        ("shares", "return relevance / (1e-10 + sum(relevance))", "epsilon"),
        ("shares", "return [r / max(relevance) for r in relevance]", "by-the-largest"),
        ("context_vector", "return np.mean(states * weights[:, None], axis=0)", "averaged"),
        ("context_vector", "return (states.T * weights)", None),
        ("path_length", "return len(range(i, j)) if kind == 'rnn' else 1", "other-way-only"),
        ("causal_mask", "return [[j < i for j in range(n)] for i in range(n)]", "strict"),
        ("causal_mask", "return np.tril(np.ones((n, n))).T", "turned-over"),
        ("masked_softmax", masking.sm("np.where(allowed, scores, -12345.0)"), "all-keys-tie"),
        ("masked_softmax", masking.sm("np.where(allowed, scores, -300.0)"), "all-keys-tie"),
        ("masked_softmax", "return softmax(np.where(allowed, scores, -50))", "small-number"),
        ("masked_softmax", "return softmax(scores - 20 * (1 - allowed))", "small-number-added"),
        ("masked_softmax", masking.sm("scores - 1e6 * ~allowed"), "comes-back-to-life"),
        ("masked_softmax", "return softmax(scores) * (1 - allowed)", None),
        ("padding_mask", "return np.arange(n_k)[None] < lengths[:, None]", "no-query-axis"),
        ("additive_mask", "return np.log(allowed + 1e-9)", None),
        ("additive_mask", "return np.where(allowed, 0, -5000)", "finite"),
        ("05_masking/attention", f"{SCORES}return (s if allowed is None else masked_softmax(s, allowed)) @ V", None),
        ("05_masking/attention", f"{SCORES}if not allowed:\n    return softmax(s) @ V\nreturn 0", "truth-of-an-array"),
        ("05_masking/attention", f"{SCORES}return softmax(s + additive_mask(allowed)) @ V", "stops-without-a-mask"),
        ("05_masking/attention", f"{SCORES}assert allowed is None\nreturn softmax(s) @ V", None),
        ("05_masking/attention", "if allowed is not None:\n    raise ValueError('no')\nreturn V", None),
        ("cross_attention", "return attention(X @ W_q, memory @ W_k, memory @ W_v, causal_mask(5, 7))", None),
    ],
)  # fmt: skip
def test_answers_that_are_not_in_the_catalogue_are_named_only_where_the_message_is_true(exercise, body, named):
    result = verdict(find(exercise), body)
    assert (result.outcome, result.mistake) == ("not yet", named), result.message


# ---------------------------------------------------------------- half the points


WRONG_ONLY_THERE = [
    ("shares", "if 0 in relevance:\n    return relevance", "nothing relevant about two of them"),
    ("shares", "if len(relevance) == 1:\n    return relevance", "with a single word"),
    ("context_vector", "if len(weights) == 1:\n    return weights", "with a single state"),
    ("path_length", "if abs(i - j) == 1:\n    return 0", "between neighbours"),
    ("causal_mask", "if n == 1:\n    return np.zeros((1, 1), bool)", "with a single token"),
    ("masked_softmax", "if not allowed.any(-1).all():\n    return scores * 0 + 1", "nobody to look at"),
    ("masked_softmax", "if scores.max() < -150:\n    return scores * 0", "with scores near -200"),
    ("masked_softmax", "if scores.ndim > 3:\n    return scores * 0", "with two batch axes"),
    ("masked_softmax", "if allowed.ndim == 3:\n    return scores * 0", "with a mask for each of a batch"),
    ("masked_softmax", "if len(allowed) < len(scores):\n    return scores * 0", "with one row of the mask"),
    ("masked_softmax", "if allowed.all():\n    return scores * 0", "when nothing is hidden"),
    ("masked_softmax", "if scores.dtype.kind == 'i':\n    return scores * 0", "with whole numbers"),
    ("masked_softmax", "if scores.dtype == 'f4':\n    return scores * 0", "with float32"),
    ("masked_softmax", "if scores.shape[-1] == 1:\n    return scores * 0", "with a single key"),
    ("padding_mask", "if lengths.max() == n_k:\n    return np.zeros((len(lengths), 1, n_k), bool)", "fills all places"),
    ("padding_mask", "if 0 in lengths:\n    return np.ones((len(lengths), 1, n_k), bool)", "with an empty sentence"),
    ("additive_mask", "if allowed.ndim == 1:\n    return np.zeros(len(allowed))", "with a single row"),
    ("additive_mask", "if allowed.ndim > 2:\n    return np.zeros(allowed.shape)", "with a batch axis"),
    ("05_masking/attention", "if allowed is None:\n    return 0 * Q @ V[:1] if 0 else Q", "without a mask"),
    ("05_masking/attention", "if Q.ndim == 3:\n    return Q", "with a padding mask for a batch"),
    ("05_masking/attention", "if Q.ndim == 4:\n    return Q", "with two batch axes"),
    ("05_masking/attention", "if allowed is not None and len(allowed) == 1:\n    return Q", "one row of the mask"),
    ("05_masking/attention", "if abs(Q).max() > 300:\n    return Q", "near -200"),
    ("cross_attention", "if len(X) == len(memory):\n    return X", "both sides are equally long"),
    ("cross_attention", "if len(X) == 1:\n    return X", "with a single query"),
    ("cross_attention", "if len(memory) == 1:\n    return X", "with a memory of one token"),
]  # fmt: skip


@pytest.mark.parametrize(("exercise", "wrong", "says"), WRONG_ONLY_THERE)
def test_an_answer_wrong_only_there_earns_half_and_hears_where(exercise, wrong, says):
    exercise = find(exercise)
    result = verdict(exercise, f"{wrong}\n{exercise.reference}")
    assert (result.outcome, result.points) == ("not yet", exercise.points / 2)
    assert says in result.message


@pytest.mark.parametrize(
    ("exercise", "mistake", "share"),
    [
        (MASKED, "nan-for-nobody", 0.5),
        (MASKED, "all-keys-tie", 0.5),
        (MASKED, "comes-back-to-life", 0.5),
        (MASKED, "small-number", 0.5),
        (MASKED, "no-maximum", 0.5),
        (MASKED, "one-maximum", 0.5),
        (MASKED, "after-softmax", 0),
        (MASKED, "inverted", 0),
        (MASKED, "changed-scores", 0),
        (ATTENTION, "none-hides-all", 0.5),
        (ATTENTION, "stops-without-a-mask", 0.5),
        (ATTENTION, "all-axes-turned", 0.5),
        (ATTENTION, "truth-of-an-array", 0),
        (find("causal_mask"), "numbers", 0),
        (find("padding_mask"), "numbers", 0),
        (find("additive_mask"), "finite", 0),
        (find("path_length"), "fraction", 0),
    ],
)
def test_what_is_right_on_ordinary_inputs_is_worth_half(exercise, mistake, share):
    (code,) = [m.code for m in exercise.mistakes if m.id == mistake]
    assert verdict(exercise, code).points == share * exercise.points


# ---------------------------------------------------------------- the policy on masks

RENORMALISES = "w = softmax({s}) * allowed\nz = w.sum(-1, keepdims=True)\nw = w / np.where(z == 0, 1, z)\n"
MASKS_FIRST = "w = softmax(np.where(allowed, {s}, {number})) * allowed\n"
IF_NONE = "allowed = np.ones(s.shape, bool) if allowed is None else allowed\n"


def both(body):
    """The body as an answer to 5.2 and as one to 5.5."""
    yield verdict(MASKED, body.format(s="scores", number=-1e9) + "return w")
    yield verdict(ATTENTION, SCORES + IF_NONE + body.format(s="s", number=-1e9) + "return w @ V")


def test_sharing_out_anew_after_the_softmax_is_right_with_a_remark():
    for result in both(RENORMALISES):
        assert (result.outcome, result.points) == ("correct", result.max_points)
        assert result.remarks == (masking.RENORMALISED,)
        assert result.message == f"{result.function}: correct. {result.points} of {result.points} points."


def test_what_the_remark_says_is_so():
    renormalised = answer(MASKED, RENORMALISES.format(s="scores") + "return w")
    hidden = np.array([[True, False]])
    assert "(some 700, or 100 in float32)" in masking.RENORMALISED
    for kind, fine, too_far in ((float, 690.0, 760.0), (np.float32, 80.0, 110.0)):
        assert renormalised(np.array([[0, fine]], kind), hidden)[0, 0] == 1
        assert renormalised(np.array([[0, too_far]], kind), hidden)[0, 0] == 0


def test_minus_1e9_is_accepted_without_a_remark_where_empty_rows_are_minded():
    for result in both(MASKS_FIRST):
        assert (result.outcome, result.remarks) == ("correct", ()), result.message


def test_minus_1e9_is_told_of_the_empty_row_where_they_are_not():
    for result in both(MASKS_FIRST.replace(" * allowed", "")):
        assert (result.mistake, result.points) == ("all-keys-tie", result.max_points / 2)
        assert "when a query has nobody to look at" in result.message.lower()


def test_masking_before_the_scaling_is_as_good_as_after():
    masked = f"s = Q @ {masking.KT}\n{masking.MASK}return softmax(s / K.shape[-1] ** 0.5) @ V"
    assert verdict(ATTENTION, masked).remarks == ()
    assert verdict(ATTENTION, masked.replace("-np.inf", "-1e9")).mistake == "all-keys-tie"


# ---------------------------------------------------------------- two exercises called attention


def test_the_attention_of_lesson_04_is_no_answer_to_the_one_of_lesson_05():
    result = judge(ATTENTION, answer(find("04_softmax/attention"), "return V"), given_to(ATTENTION))
    assert "calls attention(Q, K, V, allowed=None), yours is attention(Q, K, V)." in result.message


def test_cross_attention_is_checked_with_the_courses_own_attention():
    cross = find("cross_attention")
    cells = Notebook().run("def attention(Q, K, V, allowed=None):\n    return 7").run(source_of(cross, cross.reference))
    assert judge(cross, cells.names["cross_attention"], given_to(cross)).outcome == "correct"


def test_the_file_of_lesson_05_is_judged_by_the_exercises_of_lesson_05(tmp_path):
    records = records_of(tmp_path, {"attention": f"{SCORES}return softmax(s) @ V"})
    assert records["attention"]["exercise"] == "5.5" and records["attention"]["mistake"] == "ignored"
    assert {name for name, record in records.items() if record["outcome"] == "correct"} == {*records} - {"attention"}


def test_a_cell_that_stops_before_its_attention_is_not_saved_by_that_of_lesson_04(tmp_path):
    records = records_of(tmp_path, {}, before_attention="1 / 0\n")
    assert records["attention"]["message"].startswith("The cell of attention stopped before attention was made")


def records_of(folder, bodies, before_attention=""):
    import json

    made = notebook(masking.EXERCISES, bodies)
    (cell,) = [cell for cell in made["cells"] if cell["id"] == "attention-answer"]
    cell["source"] = [before_attention, *cell["source"]]
    path = folder / "05_masking.ipynb"
    path.write_text(json.dumps(made), encoding="utf-8")
    return {record["function"]: record for record in check.check_file(path)}


# ---------------------------------------------------------------- the words


@pytest.mark.parametrize("exercise", why_attention.EXERCISES + masking.EXERCISES, ids=lambda exercise: exercise.key)
def test_the_shape_that_a_message_gives_the_learner_is_the_learners(exercise):
    laid_out = bench(exercise, given_to(exercise))
    for mistake in exercise.mistakes:
        said = re.search(r"[Ss]hape \(([\d, ]+)\)|(?:token|weights)?, \(([\d, ]+)\)[;.]", mistake.message)
        call, _ = laid_out.outcome(next(m for m in laid_out.mistakes if m.id == mistake.id), 0)
        if said and call.error is None:
            numbers = tuple(int(n) for n in (said[1] or said[2]).split(",") if n.strip())
            assert np.shape(call.answer) == numbers, mistake.id


def test_the_words_of_5_2_are_true_of_the_case_they_speak_of():
    softmax_only = function_from(MASKED, "return softmax(scores) * allowed", given_to(MASKED))
    said = masking.hidden_moves_open(softmax_only)
    assert (round(said["before"], 2), round(said["after"], 2), round(said["total"], 2)) == (0.63, 0.17, 0.86)
