"""What the catalogues of lessons 06 and 07 promise beyond the general test of all catalogues."""

import re
import tracemalloc

import numpy as np
import pytest
from learner import Notebook, given_to, verdict

from course_lib import given
from course_lib.checks import memory, multi_head, sparse_patterns
from course_lib.checks.bench import function_from, source_of
from course_lib.checks.comparing import compare
from course_lib.checks.judge import judge
from course_lib.checks.running import Runner

EXERCISES = multi_head.EXERCISES + sparse_patterns.EXERCISES
NAMED = {exercise.name: exercise for exercise in EXERCISES}
BANDED, MULTI_HEAD = NAMED["banded_attention"], NAMED["multi_head"]
BY_DEEDS = ("previous_token_head", "same_letter_head")


# ---------------------------------------------------------------- the course


def test_the_lessons_hold_the_points_and_minutes_that_the_course_promises():
    for exercises, points, core, stretch in (
        (multi_head.EXERCISES, 15, 28, 17),
        (sparse_patterns.EXERCISES, 14, 29, 13),
    ):
        assert sum(e.points for e in exercises) == points
        assert sum(e.minutes for e in exercises if e.core) == core
        assert sum(e.minutes for e in exercises if not e.core) == stretch
    numbers = [*(f"6.{i}" for i in range(1, 9)), *(f"7.{i}" for i in range(1, 8))]
    assert [e.number for e in EXERCISES] == numbers
    assert [given.EXERCISES[number].__name__ for number in numbers] == [e.name for e in EXERCISES]


# ---------------------------------------------------------------- the words


def test_what_messages_say_of_token_5_is_what_its_mask_says():
    window = sparse_patterns.window_mask(8, 2)
    assert np.flatnonzero(window[5]).tolist() == [3, 4, 5, 6, 7]
    assert sparse_patterns.count_pairs(8, 2) == window.sum() == 34
    assert np.flatnonzero(sparse_patterns.strided_mask(8, 3)[4]).tolist() == [1, 4, 7]
    assert not sparse_patterns.block_mask(8, 4)[3, 4]


# ---------------------------------------------------------------- half right


@pytest.mark.parametrize(
    ("name", "body", "points", "mistake"),
    [
        ("split_heads", "n, d = X.shape\nreturn X.reshape(n, n_heads, -1).swapaxes(0, 1)", 1.5, "axes-listed"),
        ("merge_heads", "return np.concatenate(list(heads), -1)", 1, "front-axis-joined"),
        ("block_mask", "return np.kron(np.eye(n // block, dtype=bool), np.ones((block, block), bool))", 0.5,
         "last-block-vanished"),
        ("batched_scores", "return Q @ K.transpose(0, 2, 1)", 0.5, "axes-listed"),
        ("multi_head", multi_head.HEADS + "return merge_heads(attention(Q, K, V, allowed)) @ W_o", 2,
         "mask-meets-heads"),
    ],
)  # fmt: skip
def test_right_for_one_sentence_only_is_half_right(name, body, points, mistake):
    result = verdict(NAMED[name], body)
    assert (result.points, result.mistake) == (points, mistake), result.message


def test_wrong_numbers_in_a_batch_are_no_stop_in_a_batch():
    for name in ("split_heads", "merge_heads", "multi_head", "batched_scores"):
        exercise = NAMED[name]
        body = f"answer = spec({', '.join(exercise.arguments)})\nreturn answer * 1.5 if answer.ndim > plain else answer"
        result = verdict(exercise, body, spec=exercise.spec, plain=2 if name == "multi_head" else 3)
        assert (result.outcome, result.points, result.mistake) == ("not yet", exercise.points / 2, None), name


def test_a_mask_for_each_sentence_is_asked_for_with_as_many_sentences_as_heads_and_with_fewer():
    sizes = {(c.args[0].shape[0], c.args[5]) for c in MULTI_HEAD.inputs(np.random.default_rng(0)) if len(c.args) > 6
             and c.args[6].ndim > 2}  # fmt: skip
    assert (3, 3) in sizes and any(batch != heads for batch, heads in sizes)


def test_two_things_that_came_back_are_named_when_one_of_them_is_the_output():
    with_weights = multi_head.multi(f"o = {multi_head.MERGED}\nreturn np.ones((n_heads, len(X), len(X))), o")
    assert verdict(MULTI_HEAD, with_weights).mistake == "steps-returned"
    assert verdict(MULTI_HEAD, "return X, X @ W_o").mistake is None


# ---------------------------------------------------------------- hand-built heads: judged by what they do


@pytest.mark.parametrize("name", BY_DEEDS)
@pytest.mark.parametrize(
    "how",
    [
        lambda W_q, W_k: (3 * W_q, 2 * W_k),
        lambda W_q, W_k: (-W_q, -W_k),
        lambda W_q, W_k: (W_q + 0.1, W_k),
        lambda W_q, W_k: (np.hstack([W_q, W_q]), np.hstack([W_k, W_k])),
        lambda W_q, W_k: (W_q[:, ::-1], W_k[:, ::-1]),
        lambda W_q, W_k: (W_q.astype(int), W_k.astype(int)),
        lambda W_q, W_k: (W_q.tolist(), W_k.tolist()),
        lambda W_q, W_k: [W_q.astype("f4"), W_k],
    ],
)
def test_any_two_matrices_that_do_it_are_right(name, how):
    exercise = NAMED[name]
    spec = exercise.spec
    body = f"return how(*spec({exercise.arguments[0]}))"
    result = verdict(exercise, body, how=how, spec=spec)
    assert result.outcome == "correct", result.message


@pytest.mark.parametrize("name", BY_DEEDS)
@pytest.mark.parametrize(
    "how",
    [
        lambda W_q, W_k: (W_q * np.nan, W_k),
        lambda W_q, W_k: (W_q + np.inf, W_k),
        lambda W_q, W_k: (np.random.default_rng(3).standard_normal(W_q.shape), W_k),
        lambda W_q, W_k: (W_q, W_k, W_k),
        lambda W_q, W_k: W_q,
        lambda W_q, W_k: (W_q > 0, W_k),
        lambda W_q, W_k: (W_q + 0j, W_k),
        lambda W_q, W_k: (W_q, "W_k"),
        lambda W_q, W_k: (W_q[:, 0], W_k[:, 0]),
        lambda W_q, W_k: (np.where(np.arange(len(W_q))[:, None] == 1, -W_q, W_q), W_k),
    ],
)
def test_matrices_that_do_not_do_it_are_wrong_and_given_no_wrong_name(name, how):
    exercise = NAMED[name]
    body = f"return how(*spec({exercise.arguments[0]}))"
    result = verdict(exercise, body, how=how, spec=exercise.spec)
    assert (result.outcome, result.points) == ("not yet", 0)
    assert result.mistake in (None, "wrong-rows", "too-soft"), result.message  # True is a soft 1
    assert result.message.endswith("?") and "…" not in result.message


def test_a_head_that_would_also_like_the_next_token_is_right_because_the_mask_hides_it():
    body = "return 100.0 * (np.eye(n, k=-1) + np.eye(n, k=1)), np.eye(n)"
    assert verdict(NAMED["previous_token_head"], body).outcome == "correct"


@pytest.mark.parametrize("name", BY_DEEDS)
def test_nine_tenths_is_where_a_hand_built_head_becomes_sharp_enough(name):
    """exp(s) / (exp(s) + n - 1) passes .9 at s = log(9 (n - 1)), and scores are divided by the root of n."""
    exercise, n = NAMED[name], exercise_size(name)
    enough = np.log(9 * (n - 1)) * n**0.5
    for times, right in ((1.01, True), (0.99, False)):
        W_q, W_k = exercise.spec(n)
        case = next(case for case in exercise.inputs(np.random.default_rng(0)) if case.args == (n,))
        found = compare(exercise, case, Runner(lambda n, t=times: (W_q / 100 * enough * t, W_k)).run((n,)), (W_q, W_k))  # noqa: B023
        assert found.right == right


def exercise_size(name):
    return 5 if name == "previous_token_head" else 4


# ---------------------------------------------------------------- memory


DENSE = {
    "mask": "return attention(Q, K, V, window_mask(len(Q), radius))",
    "booleans only": sparse_patterns.BANDED_ATTENTION.mistakes[-1].variants[0],
    "one buffer": "s = Q @ K.T / K.shape[-1] ** 0.5\nfor i in range(len(Q)):\n"
    "    s[i, :max(i - radius, 0)] = s[i, i + radius + 1:] = -np.inf\ns -= s.max(1, keepdims=True)\n"
    "np.exp(s, out=s)\ns /= s.sum(1, keepdims=True)\nreturn s @ V",
    "weights first": "n = len(Q)\nw = np.zeros((n, n), np.float16)\nout = np.zeros((n, V.shape[-1]))\n"
    "for i in range(n):\n    a, b = max(i - radius, 0), i + radius + 1\n"
    "    out[i] = softmax(K[a:b] @ Q[i] / K.shape[-1] ** 0.5) @ V[a:b]\nreturn out",
    "half at a time": "n = len(Q)\nh = (n + 1) // 2\nm = window_mask(n, radius)\n"
    "return np.concatenate([attention(Q[:h], K, V, m[:h]), attention(Q[h:], K, V, m[h:])]) if n > 1 else V * 1.0",
}


@pytest.mark.parametrize("body", DENSE.values(), ids=DENSE)
def test_a_right_answer_that_builds_n_by_n_earns_half_and_is_told_what_it_would_take(body):
    result = verdict(BANDED, body)
    assert (result.outcome, result.points, result.mistake) == ("not yet", 2, "n-by-n"), result.message
    assert re.search(r"16,384 tokens would need [\d.]+ GB", result.message)


def test_the_gigabytes_are_the_learners_own():
    """Two answers that differ by a factor: n x n of eight bytes and n x n of one."""
    told = {name: gigabytes(verdict(BANDED, DENSE[name]).message) for name in ("mask", "booleans only")}
    assert told["booleans only"] == pytest.approx(0.3, abs=0.4)  # 16,384 squared bytes are .27 GB
    assert told["mask"] > 3 * told["booleans only"]


def gigabytes(message):
    return float(re.search(r"need ([\d.]+) GB", message)[1])


HONEST = {f"tiles of {t}": sparse_patterns.tiles(t=t) for t in (16, 100, 128, 512, 1000, 1024, 2048)} | {
    "float64 tiles": "Q, K, V = (A.astype(np.float64) for A in (Q, K, V))\n" + sparse_patterns.tiles(t=256),
    "rows kept in a list": "rows = []\nfor i in range(len(Q)):\n    a, b = max(i - radius, 0), i + radius + 1\n"
    "    rows.append((softmax(K[a:b] @ Q[i] / K.shape[-1] ** 0.5) @ V[a:b]).tolist())\nreturn np.array(rows)",
    "all windows at once": sparse_patterns.gathered(),
    "a mask for each tile": sparse_patterns.tiles(
        row="attention(Q[s:s + t], K[a:b], V[a:b], window_mask(b - a, radius)[s - a:s - a + len(q)])"
    ),
    "a generator": "def rows():\n    for i in range(len(Q)):\n        a, b = max(i - radius, 0), i + radius + 1\n"
    "        yield attention(Q[i:i + 1], K[a:b], V[a:b])\nreturn np.concatenate(list(rows()))",
}


@pytest.mark.parametrize("body", HONEST.values(), ids=HONEST)
def test_an_honest_answer_is_not_punished_for_its_tiles(body):
    result = verdict(BANDED, body)
    assert (result.outcome, result.points) == ("correct", 4), result.message


def test_memory_is_asked_only_where_all_numbers_are_right(monkeypatch):
    asked = []
    monkeypatch.setattr(memory, "growth", lambda *args: asked.append(args) or (0.0, 0))
    assert verdict(BANDED, "return np.zeros((len(Q), V.shape[-1]))").mistake == "zeros"
    assert verdict(BANDED, DENSE["mask"].replace("radius)", "radius) & (len(Q) != 263)")).points == 2
    assert asked == []
    assert verdict(BANDED, BANDED.reference).outcome == "correct" and len(asked) == 1


def test_an_answer_that_is_stopped_while_its_memory_is_measured_is_not_accused_of_n_by_n(clock):
    body = "while len(Q) > 300:\n    clock or clock.append(1)\n" + BANDED.reference
    function = Notebook(**given_to(BANDED), clock=clock).run(source_of(BANDED, body)).names["banded_attention"]
    result = judge(BANDED, function, given_to(BANDED), seconds=0.1)
    assert result.message.startswith("Your function did not end") and result.mistake is None and result.points == 2


def test_a_peak_counts_what_was_held_at_once_and_not_what_was_there_before():
    kept = np.zeros(300_000)

    def one_after_the_other():
        for _ in range(7):
            np.ones(20_000)

    def together():
        return [np.ones(20_000) for _ in range(7)]

    assert 160_000 < memory.peak(one_after_the_other) < 400_000
    assert 1_120_000 < memory.peak(together) < 1_300_000
    assert kept.size and not tracemalloc.is_tracing()


def test_a_trace_that_the_learner_had_begun_goes_on():
    tracemalloc.start()
    try:
        kept = np.ones(300_000)
        np.ones(500_000)  # gone again, and higher than anything that follows
        assert kept.size
        assert 800_000 < memory.peak(lambda: np.ones(100_000)) < 900_000
        assert tracemalloc.is_tracing()
    finally:
        tracemalloc.stop()


def test_tracing_ends_when_the_call_fails():
    with pytest.raises(ZeroDivisionError):
        memory.peak(lambda: 1 / 0)
    assert not tracemalloc.is_tracing()


def test_what_an_n_by_n_answer_takes_at_16_384_tokens_grows_with_the_square():
    def dense(n):
        return lambda: np.ones((n, n), np.float32)

    assert memory.at(16_384, memory.peak(dense(memory.THIRD))) == pytest.approx(4 * 16_384**2, rel=0.01)


def test_each_measurement_is_made_once_for_law_mistake_and_message(monkeypatch):
    measured = []
    height = memory.height
    monkeypatch.setattr(memory, "height", lambda call, inputs, n: measured.append(n) or height(call, inputs, n))
    verdict(BANDED, DENSE["mask"])
    assert measured == [memory.FIRST, memory.SECOND, memory.THIRD]


# ---------------------------------------------------------------- tiles whose rims are wrong, of any size


@pytest.mark.parametrize("t", [8, 50, 64, 128])
def test_a_last_tile_cut_short_is_named_whatever_its_size(t):
    body = sparse_patterns.tiles(starts="range(0, n - n % t or n, t)", t=t)
    assert verdict(BANDED, body).mistake == "last-tile-missing"
    whole_tiles = (
        "return np.concatenate([attention(Q[s:s + t], K, V, window_mask(n, radius)[s:s + t]) "
        "for s in range(0, max(n - t, 0) + 1, t)])"
    )
    shorter = verdict(BANDED, f"n, t = len(Q), {t}\n{whole_tiles}")
    assert shorter.mistake == "last-tile-missing"


@pytest.mark.parametrize("t", [16, 50, 64, 100])
def test_tiles_that_do_not_see_over_their_rim_are_named_whatever_their_size(t):
    assert verdict(BANDED, sparse_patterns.tiles(edges="s, min(n, s + t)", t=t)).mistake == "tile-edges-closed"


def test_a_halo_that_is_one_too_narrow_is_seen():
    for edges in ("max(0, s - radius + 1), min(n, s + t + radius)", "max(0, s - radius), min(n, s + t + radius - 1)"):
        result = verdict(BANDED, sparse_patterns.tiles(edges=edges))
        assert (result.outcome, result.points) == ("not yet", 2), edges


def test_every_base_case_of_a_window_has_a_token_with_a_whole_one():
    """A radius that reaches both ends from everywhere would hide every fault of the rim."""
    for name in ("window_mask", "count_pairs", "banded_attention"):
        for case in NAMED[name].inputs(np.random.default_rng(0)):
            n, radius = (len(case.args[0]), case.args[3]) if name == "banded_attention" else case.args
            assert case.kind == "property" or n > 2 * radius


# ---------------------------------------------------------------- helpers that stand in


def test_a_broken_split_does_not_sink_multi_head():
    cells = ("def split_heads(X, n_heads):\n    return X", "def merge_heads(heads):\n    return heads")
    notebook = Notebook(attention=given.attention)
    for cell in (*cells, source_of(MULTI_HEAD, MULTI_HEAD.reference)):
        notebook.run(cell)
    assert judge(MULTI_HEAD, notebook.names["multi_head"], given_to(MULTI_HEAD)).outcome == "correct"


def test_the_library_s_own_tiles_would_pass_as_an_answer():
    mine = function_from(BANDED, "return tiled(Q, K, V, radius)", {"tiled": given.banded_attention})
    for case in BANDED.inputs(np.random.default_rng(0)):
        np.testing.assert_allclose(mine(*case.args), BANDED.spec(*case.args), 1e-9, 1e-9)
    assert memory.growth(mine, sparse_patterns.many_tokens)[0] < memory.QUADRATIC
