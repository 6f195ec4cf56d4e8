"""Lesson 05: who may look at whom, and what becomes of softmax and attention then."""

import math

import numpy as np

from course_lib.checks.exercise import Case, Caution, Exercise, Mistake, drawn
from course_lib.checks.softmax import KT, NEW_ARRAY, SCORES, TWO_ONE_HALF, qkv, weights_of

LESSON = "05_masking"

RENORMALISED = (
    "you hide after the softmax and share out anew. That is right while scores are moderate; a hidden score far above "
    "the open ones (some 700, or 100 in float32) takes everything before it is hidden, and nothing is left to share "
    "out. Hiding scores before the softmax has no such limit."
)
INDEXED = (
    "An index must have the shape of the scores, and a mask need not: it may have fewer axes, or an axis of 1 that "
    "stands for all queries."
)
STRETCHES = "Which function chooses cell by cell, and stretches the mask to fit?"


ONLY_THE_OUTPUT = (
    "The library's attention returns every step, so the lesson writes .output behind it. The one given here returns "
    "the output alone, as yours did in 5.5."
)
WITHOUT_IT = "What is left to write when the answer is the output already?"


def asks_for_the_output(*args):
    """A `matches`: does the answer to these arguments stop because it asks an array for its `.output`?"""

    def matches(call):
        try:
            call(*args)
        except AttributeError as problem:
            return "attribute 'output'" in str(problem)
        return False

    return matches


def weights_over(scores, allowed):
    """One row of scores and who may be looked at -> its weights; all 0 when nobody may."""
    open_scores = [score for score, may in zip(scores, allowed, strict=True) if may]
    shares = iter(weights_of(open_scores) if open_scores else [])
    return [next(shares) if may else 0.0 for may in allowed]


def some_hidden(rng, *shape):
    """Random booleans for two keys or more: every query may look at somebody, and not at everybody."""
    allowed = rng.random(shape) < 0.5
    for *outer, query in np.ndindex(shape[:-1]):
        allowed[(*outer, query, query % shape[-1])] = True
        allowed[(*outer, query, (query + 1) % shape[-1])] = False
    return allowed


# ---------------------------------------------------------------- 5.1


def causal_mask(n):
    """n -> (n, n): True where key j stands no later than query i."""
    allowed = np.zeros((n, n), bool)
    for i in range(n):
        for j in range(n):
            allowed[i, j] = j <= i
    return allowed


def causal_mask_inputs(rng):
    return [
        Case((3,)),
        Case((5,)),
        Case((2,)),
        Case((drawn(rng, 19, 60),)),
        Case((1,), "property", says="with a single token"),
        Case((17,), "property", says="with 17 tokens"),
    ]


CAUSAL_MASK = Exercise(
    lesson=LESSON,
    number="5.1",
    spec=causal_mask,
    reference="return np.tril(np.ones((n, n), bool))",
    promise="Say who may look at whom when nobody sees the future.",
    points=1,
    difficulty=1,
    importance=5,
    minutes=3,
    hints=(
        "Three tokens. Whom may token 0 look at, whom token 1, whom token 2? And may a token look at itself?",
        "Row i is a query, column j a key: the cell is open when the key is no later than the query. NumPy has a "
        "function that keeps the lower triangle of a matrix; or compare a row of numbers with a column of them.",
        "The lower triangle (np.tril) of an n by n array of ones, made with dtype bool.",
    ),
    inputs=causal_mask_inputs,
    axes=("queries", "keys"),
    kind="bool",
    picture="heat pair",
    alternatives=(
        "return np.arange(n) <= np.arange(n)[:, None]",
        "return np.array([[j <= i for j in range(n)] for i in range(n)])",
        "return np.tri(n, dtype=bool)",
        "return ~np.triu(np.ones((n, n), bool), k=1)",
        "return np.tril(np.ones((n, n))) == 1",
        "allowed = np.zeros((n, n), bool)\nallowed[np.tril_indices(n)] = True\nreturn allowed",
        "return np.triu(np.ones((n, n), bool)).T",
        "return np.cumsum(np.eye(n), axis=1)[::-1, ::-1] > 0.5",
        "return [[j <= i for j in range(n)] for i in range(n)]",
    ),
    mistakes=(
        Mistake(
            "turned-over",
            "return np.triu(np.ones((n, n), bool))",
            "Turned over: token 0 sees the future, the last sees only itself.",
            variants=("return np.arange(n) >= np.arange(n)[:, None]",),
            question="Which triangle lies in the past of each query?",
        ),
        Mistake(
            "strict",
            "return np.tril(np.ones((n, n), bool), k=-1)",
            "The diagonal is closed: token 0 has nobody to look at. A token may look at itself.",
            variants=("return np.arange(n) < np.arange(n)[:, None]",),
            question="Which comparison lets equal positions in?",
        ),
        Mistake(
            "inverted",
            "return ~np.tril(np.ones((n, n), bool))",
            "Inverted: True should mean may look.",
            variants=("return np.triu(np.ones((n, n)), k=1)",),
            question="Whom may token 0 look at in yours?",
        ),
        Mistake(
            "numbers",
            "return np.tril(np.ones((n, n)))",
            "Numbers, not True and False: 1.0 added to a score hides nothing.",
            variants=("return np.tri(n, dtype=int)",),
            question="Which argument makes NumPy fill an array with True and False?",
        ),
        Mistake(
            "additive",
            "return np.where(np.tril(np.ones((n, n))), 0.0, -np.inf)",
            "That is the additive form (5.4). Here a boolean.",
            variants=(
                "return np.where(np.tril(np.ones((n, n))), 0.0, -1e9)",
                "return np.triu(np.full((n, n), -np.inf), k=1)",
            ),
            question="Which of the two says whether, and not how much?",
        ),
        Mistake(
            "first-and-nobody-else",
            "return np.tril(np.ones((n, n), bool)) & ~np.eye(n, dtype=bool) | (np.arange(n) == 0)",
            "Everybody sees token 0, nobody else sees itself.",
            variants=("allowed = np.tril(np.ones((n, n), bool), k=-1)\nallowed[0, 0] = True\nreturn allowed",),
            question="What should the whole diagonal hold?",
        ),
        Mistake(
            "one-too-far",
            "return np.tril(np.ones((n, n), bool), k=1)",
            "Everybody sees one token of the future.",
            variants=("return np.arange(n) <= np.arange(n)[:, None] + 1",),
            question="How far beyond its own place may a token look?",
        ),
        Mistake(
            "everybody",
            "return np.ones((n, n), bool)",
            "Everybody sees everybody: nothing is hidden.",
            question="Which cells lie in the future?",
        ),
        Mistake(
            "nobody",
            "return np.zeros((n, n), bool)",
            "Nobody sees anybody, not even itself.",
            question="Which cells should be open?",
        ),
        Mistake(
            "only-itself",
            "return np.eye(n, dtype=bool)",
            "Every token sees only itself: the past is closed, too.",
            question="Whom else may token 2 look at?",
        ),
        Mistake(
            "only-the-previous",
            "return np.eye(n, dtype=bool) | np.eye(n, k=-1, dtype=bool)",
            "Every token sees itself and one token before it; all of the past is open.",
            question="Whom may token 2 look at?",
        ),
        Mistake(
            "mirrored",
            "return np.tril(np.ones((n, n), bool))[:, ::-1]",
            "Mirrored: token 0 sees the last token only.",
            variants=("return np.tril(np.ones((n, n), bool))[::-1]",),
            question="In which corner does token 0 meet itself?",
        ),
        Mistake(
            "one-row",
            "return np.arange(n) <= n",
            "One row for all: every query has its own past.",
            variants=("return np.ones(n, bool)",),
            question="How many pairs of a query and a key are there?",
        ),
        Mistake(
            "positions",
            "return np.tril_indices(n)",
            "These are the places of the open cells; the mask itself has a cell for every pair.",
            matches=lambda call: isinstance(call(3), tuple) and np.array_equal(call(3), np.tril_indices(3)),
            question="What could you set to True at these places?",
        ),
    ),
)


# ---------------------------------------------------------------- 5.2


def masked_softmax(scores, allowed):
    """(..., n_q, n_k) and booleans that broadcast to it -> weights: a softmax over the open keys of each query."""
    weights = np.zeros(scores.shape)
    allowed = np.broadcast_to(allowed, scores.shape)
    for query in np.ndindex(scores.shape[:-1]):
        weights[query] = weights_over(scores[query], allowed[query])
    return weights


LAST_HIDDEN = np.array([[True, True, False]])


def masked_softmax_inputs(rng):
    def scores(*shape):
        return 2 * rng.standard_normal(shape)

    empty = some_hidden(rng, 3, 5)
    empty[1] = False
    high_and_low = np.array([[1000.0, 999, 998, 997], [-1000, -1001, -1000, -1002]])
    return [
        Case((TWO_ONE_HALF, LAST_HIDDEN)),
        Case((scores(5, 7), some_hidden(rng, 5, 7))),
        Case((scores(3, 2), np.tril(np.ones((3, 2), bool)))),
        Case(
            (rng.uniform(-201, -199, (2, 3)), np.array([[True, False, True], [False, True, True]])),
            "property",
            says="with scores near -200",
        ),
        Case(
            (high_and_low, np.array([[True, True, True, False], [True, True, False, True]])),
            "property",
            says="with rows of 1000 and -1000",
        ),
        Case(
            (np.array([[1000.0, -1000, 0], [1, 2, 3]]), np.array([[True, False, True], [True, True, False]])),
            "property",
            says="with 1000, -1000 and 0 in one row",
        ),
        Case((scores(3, 5), empty), "property", says="when a query has nobody to look at"),
        Case((scores(2, 3, 5, 7), some_hidden(rng, 5, 7)), "property", says="with two batch axes"),
        Case((scores(2, 5, 3), some_hidden(rng, 2, 3)[:, None]), "property", says="with a mask for each of a batch"),
        Case((scores(5, 3), LAST_HIDDEN), "property", says="with one row of the mask for all queries"),
        Case((scores(3, 5), np.ones((3, 5), bool)), "property", says="when nothing is hidden"),
        Case((rng.integers(-4, 5, (3, 5)), some_hidden(rng, 3, 5)), "property", says="with whole numbers"),
        Case((scores(3, 5).astype(np.float32), some_hidden(rng, 3, 5)), "property", says="with float32"),
        Case((scores(2, 1), np.array([[True], [False]])), "property", says="with a single key"),
    ]


HIDE = "s = np.where(allowed, scores, -np.inf)\n"
SM = "e = np.exp(s - s.max(-1, keepdims=True))\nreturn e / e.sum(-1, keepdims=True)"  # no guard for empty rows
NO_NAN = "np.where(z == 0, 1, z)"


def sm(masked):
    """An unguarded softmax of the scores that `masked` makes."""
    return f"s = {masked}\n{SM}"


PROBE = np.array([[0.5, -1, 2, 0.3], [1, 0, -0.5, 2]])
PROBE_OPEN = np.array([[True, False, True, True], [True, True, False, False]])


def hidden_moves_open(call):
    """What a rise of the hidden score does to the weight of an open key."""
    before = call(TWO_ONE_HALF, LAST_HIDDEN)
    after = call(TWO_ONE_HALF + np.array([0, 0, 3]), LAST_HIDDEN)
    return {"total": before.sum(), "before": before[0, 0], "after": after[0, 0]}


def standing_number(call):
    """The one finite number that stands for hidden scores, found by lowering the open ones until they tie."""

    def weight(k):
        return call(np.array([[-k, 0.0]]), np.array([[True, False]]))[0, 1]

    low, high = 0.0, 2.0**10
    if not (weight(low) < 0.5 < weight(high)):
        return None
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if weight(middle) < 0.5 else (low, middle)
    return -round(low, 4)


def hides_by_a_small_number(call):
    number = standing_number(call)
    if number is None or not -205 < number < -1:  # below that it hides well enough here, but for empty rows
        return False
    filled = np.where(PROBE_OPEN, PROBE, number)
    e = np.exp(filled - filled.max(-1, keepdims=True))
    return np.allclose(call(PROBE, PROBE_OPEN), e / e.sum(-1, keepdims=True), rtol=1e-6, atol=0)


def right_but_for_empty_rows(call):
    return np.allclose(call(PROBE, PROBE_OPEN), masked_softmax(PROBE, PROBE_OPEN), rtol=1e-9, atol=1e-12)


EMPTY_PROBE = np.array([[0.5, -1, 2, 0.3]]), np.zeros((1, 4), bool)


def indexes_by_the_mask(call):
    """Right with a mask as large as the scores, empty rows too, and a stop where one row stands for all queries."""
    try:
        call(PROBE, PROBE_OPEN[:1])
    except IndexError:
        return right_but_for_empty_rows(call) and not call(*EMPTY_PROBE).any()
    return False


def all_keys_tie(call):
    """With one finite number for all hidden scores, an empty row comes out uniform."""
    return right_but_for_empty_rows(call) and np.allclose(call(*EMPTY_PROBE), 0.25, rtol=1e-12)


def comes_back_to_life(call):
    """With one finite number added to all hidden scores, an empty row comes out as if nothing were hidden."""
    scores, nobody = EMPTY_PROBE
    everybody = masked_softmax(scores, ~nobody)
    return right_but_for_empty_rows(call) and np.allclose(call(scores, nobody), everybody, atol=0.02)


def sums_to_a_little_less(call):
    """Every row is right but for one common factor a little below 1; an empty row is 0."""
    ratio = (call(PROBE, PROBE_OPEN) / masked_softmax(PROBE, PROBE_OPEN))[PROBE_OPEN]
    missing = 1 - ratio
    alike = np.ptp(ratio[:3]) < 1e-3 * missing[0] and np.ptp(ratio[3:]) < 1e-3 * missing[3]
    return alike and (1e-11 < missing).all() and (missing < 1e-2).all() and not call(*EMPTY_PROBE).any()


def shares_out_anew(call):
    """Right on moderate scores, yet a hidden score of 1000 leaves nothing for the open key."""
    weights = np.asarray(call(np.array([[0.0, 1000]]), np.array([[True, False]])))
    return not np.allclose(weights, [[1, 0]], atol=1e-6)


MASKED_SOFTMAX = Exercise(
    lesson=LESSON,
    number="5.2",
    spec=masked_softmax,
    reference=f"{HIDE}m = s.max(-1, keepdims=True)\ne = np.exp(s - np.where(np.isfinite(m), m, 0))\n"
    f"z = e.sum(-1, keepdims=True)\nreturn e / {NO_NAN}",
    promise="Turn scores into weights over the keys that may be looked at.",
    points=4,
    difficulty=3,
    importance=5,
    minutes=8,
    hints=(
        "exp of which score is exactly 0, whatever the other scores are? And what has to come first, hiding or "
        "sharing out?",
        "Put minus infinity where allowed is False, with np.where, and then do what softmax does. A row in which all "
        "is hidden has minus infinity as its largest score and 0 as its sum: both need another number there.",
        "With s for the scores after hiding and m for their row maximum: take away m where it is finite and 0 where "
        "it is not; then divide by the row sum where it is above 0 and by 1 where it is 0.",
    ),
    inputs=masked_softmax_inputs,
    square=lambda rng: Case((rng.standard_normal((4, 4)), some_hidden(rng, 4, 4))),
    axes=("queries", "keys"),
    picture="heat pair",
    cautions=(Caution(RENORMALISED, shares_out_anew),),
    alternatives=(
        f"w = softmax(scores) * allowed\nz = w.sum(-1, keepdims=True)\nreturn w / {NO_NAN}",
        "return softmax(np.where(allowed, scores, -1e9)) * allowed",
        f'{HIDE}with np.errstate(all="ignore"):\n    e = np.exp(s - s.max(-1, keepdims=True))\n'
        "    return np.nan_to_num(e / e.sum(-1, keepdims=True))",
        "return softmax(np.where(allowed, scores, -np.inf))",
        "return softmax(scores + np.where(allowed, 0.0, -np.inf))",
        "return softmax(scores + np.where(allowed, 1.0, -np.inf))",  # 1 is as good as 0: shifts cancel
        "w = softmax(scores) * allowed\nreturn np.nan_to_num(w / w.sum(-1, keepdims=True))",
        "w = softmax(np.where(allowed, scores, -1e9))\nreturn np.where(allowed, w, 0.0)",
        "w = softmax(scores - 1e12 * ~allowed)\nreturn w * allowed.any(-1, keepdims=True)",
        "s = np.ma.masked_array(scores, np.broadcast_to(~allowed, scores.shape))\n"
        "e = np.ma.exp(s - s.max(-1, keepdims=True))\nreturn (e / e.sum(-1, keepdims=True)).filled(0.0)",
        f"e = np.exp(scores - scores.max(-1, keepdims=True)) * allowed\nz = e.sum(-1, keepdims=True)\n"
        f"return e / {NO_NAN}",
        f"{HIDE}m = np.maximum(s.max(-1, keepdims=True), -1e300)\ne = np.exp(s - m)\n"
        "return e / np.maximum(e.sum(-1, keepdims=True), 1e-300)",
    ),
    mistakes=(
        Mistake(
            "after-softmax",
            "return softmax(scores) * allowed",
            "Hidden weights are 0, but your rows no longer sum to 1 (the first sums to {total:.2f}), and raising the "
            "hidden score by 3 moved the weight of key 0 from {before:.2f} to {after:.2f}: the mask came after the "
            "softmax.",
            fill=hidden_moves_open,
            variants=("return np.where(allowed, softmax(scores), 0.0)",),
            question="Who should share the 1?",
        ),
        Mistake(
            "scores-of-0",
            "return softmax(np.where(allowed, scores, 0.0))",
            "Hidden keys keep a share: their score became 0 and e^0 = 1. (Multiplying by the mask does the same.) "
            "Which score makes exp vanish?",
            variants=("return softmax(scores * allowed)",),
        ),
        Mistake(
            "small-number",
            "return softmax(np.where(allowed, scores, -100.0))",
            "{number} hides only while real scores are near 0: at scores of -200 the hidden key takes everything.",
            matches=hides_by_a_small_number,
            fill=lambda call: {"number": standing_number(call)},
            variants=("return softmax(np.where(allowed, scores, -10.0))",),
            question="Which number lies below every score there can be?",
        ),
        Mistake(
            "small-number-added",
            "return softmax(scores + np.where(allowed, 0.0, -10.0))",
            "You lowered the hidden scores by {number}: that makes their share small, not 0. From which score does "
            "exp make 0?",
            matches=lambda call: lowered_by(call) is not None,
            fill=lambda call: {"number": lowered_by(call)},
            variants=("return softmax(np.where(allowed, scores, scores - 5))",),
        ),
        Mistake(
            "inverted",
            "return softmax(np.where(allowed, -np.inf, scores))",
            "Inverted: you hid what may be seen.",
            variants=(sm("np.where(allowed, -np.inf, scores)"),),
            question="What does True mean in allowed?",
        ),
        Mistake(
            "ignored",
            "return softmax(scores)",
            "The mask is ignored.",
            question="Which weights must be 0?",
        ),
        Mistake(
            "nan-for-nobody",
            sm("np.where(allowed, scores, -np.inf)"),
            "A query with nobody to look at gave nan (-inf minus -inf, or 0/0). We agreed on weights 0.",
            question="What is the largest score of a row in which all is hidden?",
        ),
        Mistake(
            "all-keys-tie",
            sm("np.where(allowed, scores, -1e9)"),
            "A query with nobody to look at looks everywhere equally: with -1e9, or any finite number, all hidden "
            "scores tie.",
            matches=all_keys_tie,
            variants=(
                sm("np.where(allowed, scores, -1e4)"),
                sm("np.where(allowed, scores, np.finfo(float).min)"),
                sm("np.where(allowed, scores, 0) + np.where(allowed, 0, -1e30)"),
            ),
            question="What should a query hear when nobody may be heard?",
        ),
        Mistake(
            "comes-back-to-life",
            sm("scores + np.where(allowed, 0.0, -1e9)"),
            "A query with nobody to look at sees everything as if there were no mask: -1e9 on all cancels in the "
            "softmax.",
            matches=comes_back_to_life,
            variants=(sm("scores - 1e10 * (1 - allowed)"), sm("scores + (allowed - 1.0) * 1e4")),
            question="What happens to shares when all scores fall by the same number?",
        ),
        Mistake(
            "over-queries",
            "return softmax(np.where(allowed, scores, -np.inf), axis=-2)",
            "The softmax ran over queries.",
            variants=(
                f"{HIDE}e = np.exp(s - s.max(-2, keepdims=True))\nreturn e / e.sum(-2, keepdims=True)",
                f"{HIDE}e = np.exp(s - s.max(0))\nreturn e / e.sum(0)",
            ),
            question="Which axis holds the keys?",
        ),
        Mistake(
            "nan-everywhere",
            sm("scores + (1.0 - allowed) * -np.inf"),
            "nan everywhere: 0 times -inf is not a number. If you multiply by infinity, choose with np.where instead.",
            variants=("return softmax(scores + (1.0 - allowed) * -np.inf)",),
            question="What stands where nothing was to be hidden?",
        ),
        Mistake(
            "multiplied-by-minus-inf",
            "return softmax(scores * np.where(allowed, 1.0, -np.inf))",
            "You multiplied by -inf: a hidden score below 0 became +inf, and its row nan. A score of 0 would be nan "
            "at once.",
            variants=(sm("scores * np.where(allowed, 1.0, -np.inf)"),),
            question="Which operation hides a score whatever its sign?",
        ),
        Mistake(
            "multiplied-by-minus-1e9",
            "return softmax(scores * np.where(allowed, 1.0, -1e9))",
            "You multiplied by -1e9: a hidden score below 0 became the largest of its row.",
            variants=(sm("np.where(allowed, scores, -1e9 * scores)"),),
            question="Which operation hides a score whatever its sign?",
        ),
        Mistake(
            "true-added",
            "return softmax(scores + allowed)",
            "Adding True adds 1: hidden keys lost a little, that is all.",
            question="How much must a hidden score lose?",
        ),
        Mistake(
            "nan-for-hidden",
            "return softmax(np.where(allowed, scores, np.nan))",
            "One nan, or one +inf, spoils its whole row: every query with a hidden key lost its weights.",
            variants=("return softmax(np.where(allowed, scores, np.inf))", sm("np.where(allowed, scores, np.nan)")),
            question="Which score stands for never, and leaves the others alone?",
        ),
        Mistake(
            "minus-inf-for-weights",
            "return np.where(allowed, softmax(scores), -np.inf)",
            "-inf is a score; the weight of a hidden key is 0. And the softmax came too early.",
            question="Which of the two steps comes first?",
        ),
        Mistake(
            "no-softmax",
            "return np.where(allowed, scores, -np.inf)",
            "These are the masked scores; weights are what the softmax makes of them.",
            question="Which step is missing?",
        ),
        Mistake(
            "cut-out",
            "return softmax(scores[np.broadcast_to(allowed, scores.shape)])",
            "You cut the hidden scores out: the rest is one long row, and no query knows its own keys.",
            question="What keeps a row's length, and still gives nothing to a key?",
        ),
        Mistake(
            "equal-shares",
            f"w = np.broadcast_to(allowed, scores.shape) * 1.0\nz = w.sum(-1, keepdims=True)\nreturn w / {NO_NAN}",
            "Every open key got the same share: the scores are not used.",
            variants=("w = allowed * np.ones_like(scores)\nreturn w / w.sum(-1, keepdims=True)",),
            question="What should a higher score get?",
        ),
        Mistake(
            "columns-shared-out",
            f"w = softmax(scores) * allowed\nz = w.sum(-2, keepdims=True)\nreturn w / {NO_NAN}",
            "You shared out anew down the columns: your columns sum to 1, your rows do not.",
            variants=("w = softmax(scores) * allowed\nreturn np.nan_to_num(w / w.sum(-2, keepdims=True))",),
            question="Along which axis does a query spend its 1?",
        ),
        Mistake(
            "all-shared-out",
            "w = softmax(scores) * allowed\nreturn w / w.sum()",
            "All weights together sum to 1; each query has its own 1 to spend.",
            variants=("e = np.exp(np.where(allowed, scores, -np.inf))\nreturn e / e.sum()",),
            question="Along which axis should the weights sum to 1?",
        ),
        Mistake(
            "no-maximum",
            f"e = np.exp(scores) * allowed\nz = e.sum(-1, keepdims=True)\nreturn e / {NO_NAN}",
            "exp(1000) is infinite, and exp(-1000) is 0 for all of a row. Which constant may you subtract for free?",
            variants=(
                f"e = np.exp(np.where(allowed, scores, -np.inf))\nz = e.sum(-1, keepdims=True)\nreturn e / {NO_NAN}",
                "e = np.exp(scores) * allowed\nreturn np.nan_to_num(e / e.sum(-1, keepdims=True))",
                "e = np.exp(np.where(allowed, scores, -np.inf))\nreturn e / e.sum(-1, keepdims=True)",
            ),
        ),
        Mistake(
            "one-maximum",
            f"{HIDE}e = np.exp(s - s.max())\nz = e.sum(-1, keepdims=True)\nreturn e / {NO_NAN}",
            "You subtracted one maximum for the whole array: a row 2000 below it lost everything. Each row has one.",
            variants=(
                f"e = np.exp(scores - scores.max()) * allowed\nz = e.sum(-1, keepdims=True)\nreturn e / {NO_NAN}",
                f"{HIDE}e = np.exp(s - s.max())\nreturn np.nan_to_num(e / e.sum(-1, keepdims=True))",
            ),
            question="Which argument of max keeps the rows apart?",
        ),
        Mistake(
            "mask-turned",
            "return softmax(np.where(np.swapaxes(allowed, -1, -2), scores, -np.inf))",
            "The mask is turned: its rows are the queries, as they are in scores.",
            question="Does the mask need to be turned at all?",
        ),
        Mistake(
            "not-shared-out",
            f"{HIDE}return np.exp(s - s.max(-1, keepdims=True))",
            "Your rows do not sum to 1: the first sums to {total:.2f}. Hiding is done, sharing out is not.",
            fill=lambda call: {"total": call(TWO_ONE_HALF, LAST_HIDDEN).sum()},
            variants=("return np.exp(np.where(allowed, scores, -np.inf))", "return np.exp(scores) * allowed"),
            question="What turns positive numbers into shares?",
        ),
        Mistake(
            "epsilon",
            "w = softmax(scores) * allowed\nreturn w / (w.sum(-1, keepdims=True) + 1e-6)",
            "Your rows sum to {total:.10f}: the little that you added to keep 0 away shifts every row.",
            matches=sums_to_a_little_less,
            fill=lambda call: {"total": call(TWO_ONE_HALF, LAST_HIDDEN).sum()},
            variants=(
                "w = softmax(scores) * allowed\nreturn w / (w.sum(-1, keepdims=True) + 1e-8)",
                "e = np.exp(scores - scores.max(-1, keepdims=True)) * allowed\n"
                "return e / (e.sum(-1, keepdims=True) + 1e-6)",
            ),
            question="How can you divide by 1 in empty rows alone?",
        ),
        Mistake(
            "zeros",
            "return np.zeros(scores.shape)",
            "All zeros: nobody looks at anybody.",
            question="Which rows should be 0, and which sum to 1?",
        ),
        Mistake(
            "changed-scores",
            "scores[~allowed] = -np.inf\nreturn softmax(scores)",
            "The numbers are right, but you changed the caller's scores.",
            variants=("scores -= scores.max(-1, keepdims=True)\nreturn softmax(np.where(allowed, scores, -np.inf))",),
            question=NEW_ARRAY,
        ),
        Mistake(
            "indexed-by-the-mask",
            "s = scores.astype(float)\ns[~allowed] = -np.inf\nreturn softmax(s)",
            INDEXED,
            matches=indexes_by_the_mask,
            variants=("s = scores.copy()\ns[~allowed] = -np.inf\nreturn softmax(s)",),
            question=STRETCHES,
        ),
    ),
)


def lowered_by(call):
    """How much lower than it is a hidden score counts, when that is a small number that every row agrees on."""
    scores = np.array([[0.0, 1.5], [2.0, -0.5]])
    weights = call(scores, np.array([[True, False], [True, False]]))
    lost = scores[:, 1] - scores[:, 0] - np.log(weights[:, 1] / weights[:, 0])
    agreed = np.ptp(lost) < 1e-6 and 1.001 < lost[0] < 60 and np.allclose(weights.sum(-1), 1)
    if not agreed:
        return None
    filled = np.where(PROBE_OPEN, PROBE, PROBE - lost[0])
    return round(lost[0], 4) if np.allclose(call(PROBE, PROBE_OPEN), masked_softmax(filled, True), atol=1e-6) else None


# ---------------------------------------------------------------- 5.3


def padding_mask(lengths, n_k):
    """(batch,) lengths -> (batch, 1, n_k): True for the first `length` keys of each sentence."""
    allowed = np.zeros((len(lengths), 1, n_k), bool)
    for sentence, length in enumerate(lengths):
        for key in range(n_k):
            allowed[sentence, 0, key] = key < length
    return allowed


TWO_THREE_ONE = np.array([2, 3, 1])


def padding_mask_inputs(rng):
    return [
        Case((TWO_THREE_ONE, 5)),
        Case((rng.permutation([2, 4]), 7)),
        Case((rng.integers(1, 11, 5), 11)),
        Case((np.array([5, 1, 3]), 5), "property", says="when a sentence fills all places"),
        Case((np.array([2, 0]), 3), "property", says="with an empty sentence"),
        Case((np.array([4]), 7), "property", says="with a single sentence"),
        Case((np.array([3, 1, 2]), 3), "property", says="with as many sentences as keys"),
        Case((np.array([1, 1]), 1), "property", says="with a single key"),
    ]


REAL = "np.arange(n_k) < lengths[:, None, None]"


def shape_of_mask(call):
    return {"shape": np.shape(call(TWO_THREE_ONE, 5))}


PADDING_MASK = Exercise(
    lesson=LESSON,
    number="5.3",
    spec=padding_mask,
    reference=f"return {REAL}",
    promise="Say which keys are real tokens and which only fill up the row.",
    points=2,
    difficulty=2,
    importance=4,
    minutes=4,
    hints=(
        "A sentence of 2 tokens lies in a row of 5 places. At which positions do real tokens stand?",
        "Compare the positions 0, 1, 2, ... with the length of each sentence. For the comparison to make a table, "
        "the lengths need axes of their own: one for the sentences, then one of size 1 that stands for all queries, "
        "then one that meets the positions.",
        "np.arange of n_k, smaller than lengths indexed as [:, None, None].",
    ),
    inputs=padding_mask_inputs,
    square=lambda rng: Case((np.array([3, 1, 2]), 3)),
    axes=("sentences", "queries", "keys"),
    kind="bool",
    alternatives=(
        "return (np.arange(n_k)[None, :] < lengths[:, None])[:, None, :]",
        "return (np.arange(n_k) < lengths.reshape(-1, 1))[:, np.newaxis]",
        "return np.arange(n_k) < np.expand_dims(lengths, (1, 2))",
        "return np.array([[[key < length for key in range(n_k)]] for length in lengths])",
        "return [[[True] * length + [False] * (n_k - length)] for length in lengths]",
        "return np.less.outer(np.arange(n_k), lengths).T[:, None]",
        "allowed = np.zeros((len(lengths), 1, n_k), bool)\nfor row, length in zip(allowed, lengths):\n"
        "    row[:, :length] = True\nreturn allowed",
    ),
    mistakes=(
        Mistake(
            "one-too-many",
            "return np.arange(n_k) <= lengths[:, None, None]",
            "One too many: length 2 means positions 0 and 1.",
            question="At which position does the padding of a sentence of 2 begin?",
        ),
        Mistake(
            "one-too-few",
            "return np.arange(n_k) < lengths[:, None, None] - 1",
            "One too few: length 2 means positions 0 and 1, and positions count from 0.",
            variants=("return np.arange(1, n_k + 1) < lengths[:, None, None]",),
            question="At which position does the padding of a sentence of 2 begin?",
        ),
        Mistake(
            "inverted",
            "return np.arange(n_k) >= lengths[:, None, None]",
            "Inverted: True marks real tokens here. (Some libraries mean the opposite: read theirs.)",
            question="Which of the two may be looked at?",
        ),
        Mistake(
            "no-query-axis",
            "return np.arange(n_k) < lengths[:, None]",
            "Shape (3, 5): against scores (3, n_q, 5) this lines batch up with queries. Leave an axis of 1 for the "
            "queries.",
            question="Where does None put a new axis?",
        ),
        Mistake(
            "rows-blocked",
            "return (np.arange(n_k) < lengths[:, None])[:, :, None]",
            "You blocked rows: padding is something nobody looks at, so columns.",
            question="Which axis of scores holds the keys?",
        ),
        Mistake(
            "as-wide-as-the-longest",
            "return np.arange(lengths.max()) < lengths[:, None, None]",
            "As wide as the longest sentence, 3; the keys are 5.",
            question="Which argument says how many keys there are?",
        ),
        Mistake(
            "additive",
            f"return np.where({REAL}, 0.0, -np.inf)",
            "The additive form; here a boolean.",
            variants=(f"return np.where({REAL}, 0.0, -1e9)",),
            question="Which of the two says whether, and not how much?",
        ),
        Mistake(
            "numbers",
            f"return ({REAL}) * 1.0",
            "Numbers, not True and False: 1.0 added to a score hides nothing.",
            variants=(f"return ({REAL}).astype(int)",),
            question="What does a comparison give, before anything is done to it?",
        ),
        Mistake(
            "queries-blocked-too",
            "real = np.arange(n_k) < lengths[:, None]\nreturn real[:, :, None] & real[:, None, :]",
            "You hid the padding as queries, too: shape (3, 5, 5). A filler may look; nobody reads what it finds, and "
            "no row is left empty.",
            question="Who must not be looked at?",
        ),
        Mistake(
            "repeated-for-queries",
            f"return np.repeat({REAL}, n_k, axis=1)",
            "Right, but written out for 5 queries: shape (3, 5, 5). An axis of 1 fits any number of them.",
            question="How many queries will there be?",
        ),
        Mistake(
            "head-axis-too",
            "return np.arange(n_k) < lengths[:, None, None, None]",
            "An axis too many: {shape}, wanted (3, 1, 5). The heads of lesson 06 get theirs when they come.",
            fill=shape_of_mask,
            question="Which axes do scores have here?",
        ),
        Mistake(
            "lengths-not-turned",
            "return np.arange(n_k) < lengths",
            "Positions and lengths met one by one: (5,) and (3,). Every position must meet every length.",
            question="Which axes must lengths get, so that the comparison makes a table?",
        ),
        Mistake(
            "sentences-last",
            "return (np.arange(n_k)[:, None] < lengths)[:, None, :]",
            "Turned: your first axis counts the keys, the last one the sentences: {shape}, wanted (3, 1, 5).",
            fill=shape_of_mask,
            question="Which axis of scores comes first in a batch?",
        ),
        Mistake(
            "padded-on-the-left",
            "return np.arange(n_k) >= n_k - lengths[:, None, None]",
            "You put the padding in front; here it stands behind the tokens.",
            question="At which position does a sentence begin?",
        ),
        Mistake(
            "last-token-only",
            "return np.arange(n_k) == lengths[:, None, None] - 1",
            "Only the last token of each sentence is open; the ones before it are real, too.",
            variants=("return np.arange(n_k) == lengths[:, None, None]",),
            question="Which comparison takes in all that stand before?",
        ),
        Mistake(
            "everything-real",
            "return np.ones((len(lengths), 1, n_k), bool)",
            "Everything is real in yours: lengths are not used.",
            question="What stands at position 4 of a sentence of 2?",
        ),
        Mistake(
            "nothing-real",
            "return np.zeros((len(lengths), 1, n_k), bool)",
            "Nothing is real in yours: nobody could look at anything.",
            question="What stands at position 0 of every sentence?",
        ),
        Mistake(
            "one-sentence",
            "return np.arange(n_k) < lengths[0]",
            "One row, for the first sentence alone; every sentence has its own length.",
            question="How many sentences are there?",
        ),
    ),
)


# ---------------------------------------------------------------- 5.4


def additive_mask(allowed):
    """(...) booleans -> the same shape: 0 where one may look, -inf where not."""
    numbers = np.zeros(allowed.shape)
    for cell in np.ndindex(allowed.shape):
        if not allowed[cell]:
            numbers[cell] = -math.inf
    return numbers


OPEN_HIDDEN = np.array([[True, False], [True, True]])


def additive_mask_inputs(rng):
    return [
        Case((OPEN_HIDDEN,)),
        Case((np.tril(np.ones((5, 5), bool)),)),
        Case((some_hidden(rng, 3, 7),)),
        Case((np.array([[True, False], [False, False]]),), "property", says="when a query has nobody to look at"),
        Case((np.ones((2, 3), bool),), "property", says="when nothing is hidden"),
        Case((np.array([True, False, False]),), "property", says="with a single row"),
        Case((some_hidden(rng, 2, 3, 5),), "property", says="with a batch axis"),
    ]


def number_for_hidden(call):
    """The one finite number that stands in all hidden cells when all open ones hold 0; else nan."""
    mine = np.asarray(call(np.tril(np.ones((3, 3), bool))), float)
    hidden = mine[np.triu_indices(3, k=1)]
    finite = np.isfinite(hidden).all() and (hidden == hidden[0]).all()
    return float(hidden[0]) if finite and not mine[np.tril_indices(3)].any() else math.nan


def in_short(number):
    return f"{number:g}".replace("e+0", "e").replace("e+", "e")


ADDITIVE_MASK = Exercise(
    lesson=LESSON,
    number="5.4",
    spec=additive_mask,
    reference="return np.where(allowed, 0.0, -np.inf)",
    promise="Turn a boolean mask into numbers that can be added to scores.",
    points=1,
    difficulty=1,
    importance=3,
    minutes=3,
    hints=(
        "Which number can you add to a score without changing it, and which takes it below every other score?",
        "Open cells get 0, hidden ones minus infinity. Choose between them cell by cell; multiplying will not do, "
        "since 0 times infinity is not a number.",
        "np.where with three arguments: allowed, the number for True, the number for False.",
    ),
    inputs=additive_mask_inputs,
    axes=("queries", "keys"),
    core=False,
    alternatives=(
        'with np.errstate(divide="ignore"):\n    return np.log(allowed.astype(float))',
        "numbers = np.zeros(allowed.shape)\nnumbers[~allowed] = -np.inf\nreturn numbers",
        "return np.array([0.0, -np.inf])[(~allowed).astype(int)]",
        "return np.select([allowed], [0.0], -np.inf)",
        'return np.where(allowed, 0, float("-inf"))',
        "return np.zeros(allowed.shape) - np.where(allowed, 0, np.inf)",
    ),
    mistakes=(
        Mistake(
            "ones-for-open",
            "return np.where(allowed, 1.0, -np.inf)",
            "A 1 added to every open score changes nothing by luck (softmax ignores shifts); add 0 and no luck is "
            "needed.",
            question="Which number leaves a score as it is?",
        ),
        Mistake(
            "inverted",
            "return np.where(allowed, -np.inf, 0.0)",
            "Inverted: you hid what may be seen.",
            question="What does True mean in allowed?",
        ),
        Mistake(
            "true-times-minus-inf",
            "return allowed * -np.inf",
            "nan: False times -inf is 0 · inf. And the open cells are hidden.",
            question="Which function chooses between two numbers without multiplying?",
        ),
        Mistake(
            "false-times-minus-inf",
            "return (1.0 - allowed) * -np.inf",
            "nan where open: 0 · inf is not a number. Use where.",
            variants=("return ~allowed * -np.inf", "return (allowed - 1.0) * np.inf"),
            question="Which function chooses between two numbers without multiplying?",
        ),
        Mistake(
            "finite",
            "return np.where(allowed, 0.0, -1e9)",
            "{number} is not -inf: a row that is hidden entirely comes back to life.",
            matches=lambda call: number_for_hidden(call) <= -30,
            fill=lambda call: {"number": in_short(number_for_hidden(call))},
            variants=(
                "return (1.0 - allowed) * -1e9",
                "return np.where(allowed, 0.0, -100)",
                "return np.where(allowed, 0.0, np.finfo(float).min)",
            ),
            question="What happens to shares when all scores of a row fall by the same number?",
        ),
        Mistake(
            "a-little-lower",
            "return (allowed - 1) * 1.0",
            "{number} lowers a hidden score and leaves it a share: e^{number} of what it had.",
            matches=lambda call: -30 < number_for_hidden(call) < 0,
            fill=lambda call: {"number": in_short(number_for_hidden(call))},
            variants=("return np.where(allowed, 0.0, -10.0)",),
            question="From which score does exp make 0?",
        ),
        Mistake(
            "booleans",
            "return allowed",
            "These are the booleans as they came; True adds 1 to a score and False nothing.",
            matches=lambda call: answers_with_booleans(call, OPEN_HIDDEN),
            question="What must be added to a score, for exp to make 0 of it?",
        ),
        Mistake(
            "booleans-turned",
            "return ~allowed",
            "These are the booleans turned over; True adds 1 to a hidden score and False nothing.",
            matches=lambda call: answers_with_booleans(call, ~OPEN_HIDDEN),
            question="What must be added to a score, for exp to make 0 of it?",
        ),
        Mistake(
            "one-and-0",
            "return allowed.astype(float)",
            "1 and 0 are not additive: nothing is hidden.",
            question="What must be added to a score, for exp to make 0 of it?",
        ),
        Mistake(
            "one-for-hidden",
            "return np.where(allowed, 0.0, 1.0)",
            "Hidden scores rise by 1 in yours: what should be hidden shows more.",
            question="What must be added to a score, for exp to make 0 of it?",
        ),
        Mistake(
            "plus-inf",
            "return np.where(allowed, 0.0, np.inf)",
            "+inf in place of -inf: a hidden key would take everything.",
            question="Which sign takes a score below every other?",
        ),
        Mistake(
            "nan",
            "return np.where(allowed, 0.0, np.nan)",
            "nan is no score: added to one, it spoils the whole row.",
            question="Which number lies below every score, and is one?",
        ),
        Mistake(
            "one-and-minus-1",
            "return np.where(allowed, 1.0, -1.0)",
            "1 and -1 shift scores a little; hidden ones keep a share of e^-2 beside the open ones.",
            question="What must be added to a score, for exp to make 0 of it?",
        ),
        Mistake(
            "zeros",
            "return np.zeros(allowed.shape)",
            "All zeros: nothing is hidden.",
            question="Which cells need another number?",
        ),
        Mistake(
            "all-hidden",
            "return np.full(allowed.shape, -np.inf)",
            "-inf everywhere: nobody may look at anybody.",
            question="Which cells need another number?",
        ),
        Mistake(
            "mask-of-positions",
            "return np.triu(np.full(allowed.shape, -np.inf), k=1)",
            "You made a causal mask of your own: which cells are hidden is for allowed to say.",
            question="Which argument is not used?",
        ),
    ),
)


def answers_with_booleans(call, wanted):
    mine = np.asarray(call(OPEN_HIDDEN))
    return mine.dtype == bool and np.array_equal(mine, wanted)


# ---------------------------------------------------------------- 5.5


def attention(Q, K, V, allowed=None):
    """(..., n_q, d_k), (..., n_k, d_k), (..., n_k, d_v), (..., n_q, n_k) -> (..., n_q, d_v), query by query."""
    arrays = [np.asarray(A, float) for A in (Q, K, V)]
    batch = np.broadcast_shapes(*(A.shape[:-2] for A in arrays), np.shape(allowed)[:-2])
    Q, K, V = (np.broadcast_to(A, batch + A.shape[-2:]) for A in arrays)
    allowed = np.broadcast_to(True if allowed is None else allowed, (*batch, Q.shape[-2], K.shape[-2]))
    answer = np.zeros((*batch, Q.shape[-2], V.shape[-1]))
    for *outer, i in np.ndindex(answer.shape[:-1]):
        at = tuple(outer)
        query = Q[at][i]
        scores = [sum(q * k for q, k in zip(query, key, strict=True)) / math.sqrt(len(query)) for key in K[at]]
        for weight, value in zip(weights_over(scores, allowed[at][i]), V[at], strict=True):
            for feature, number in enumerate(value):
                answer[(*at, i, feature)] += weight * number
    return answer


def with_scores(scores, V, d_k):
    """Q and K whose scaled scores are these, for a d_k that is at least n_k."""
    n_q, n_k = scores.shape
    Q, K = np.zeros((n_q, d_k)), np.eye(n_k, d_k)
    Q[:, :n_k] = scores * d_k**0.5
    return Q, K, V


def attention_inputs(rng):
    empty = some_hidden(rng, 3, 5)
    empty[1] = False
    far = np.array([[400.0, 0], [0, 300], [-400, 0]])
    low = with_scores(rng.uniform(-201, -199, (2, 3)), rng.standard_normal((3, 7)), 5)
    whole = tuple(rng.integers(-3, 4, shape) for shape in ((3, 2), (5, 2), (5, 7)))
    narrow = tuple(A.astype(np.float32) for A in qkv(rng, 3, 5, 2, 7))
    real = np.arange(5) < np.array([4, 2])[:, None, None]
    return [
        Case((*qkv(rng, 5, 7, 3, 11, times=1.6), some_hidden(rng, 5, 7))),
        Case((*qkv(rng, 3, 2, 11, 5), some_hidden(rng, 3, 2))),
        Case((*qkv(rng, 5, 5, 3, 7, times=1.6), np.tril(np.ones((5, 5), bool)))),
        Case(qkv(rng, 3, 5, 2, 7), "property", says="without a mask"),
        Case(qkv(rng, 3, 5, 2, 7), "property", {"allowed": None}, says="with a mask of None"),
        Case((*low, np.array([[True, False, True], [False, True, True]])), "property", says="with scores near -200"),
        Case(
            (far, far[:2], rng.standard_normal((2, 5)), np.array([[True, False], [True, True], [False, True]])),
            "property",
            says="with scores of 100,000",
        ),
        Case((*qkv(rng, 3, 5, 2, 7), empty), "property", says="when a query has nobody to look at"),
        Case((*qkv(rng, 3, 5, 2, 7, batch=(2,)), real), "property", says="with a padding mask for a batch"),
        Case((*qkv(rng, 2, 3, 5, 1, batch=(3, 2)), some_hidden(rng, 2, 3)), "property", says="with two batch axes"),
        Case((*qkv(rng, 3, 5, 2, 7), some_hidden(rng, 1, 5)), "property", says="with one row of the mask for all"),
        Case((*whole, some_hidden(rng, 3, 5)), "property", says="with whole numbers"),
        Case((*narrow, some_hidden(rng, 3, 5)), "property", says="with float32"),
        Case((*qkv(rng, 3, 1, 2, 5), np.array([[True], [False], [True]])), "property", says="with a single key"),
    ]


MASK = "if allowed is not None:\n    s = np.where(allowed, s, -np.inf)\n"
IF_ANY = "if allowed is not None:\n    "


def sm_attention(masked):
    """Attention with an unguarded softmax of the scores that `masked` makes."""
    return (
        f"{SCORES}{IF_ANY}s = {masked}\ne = np.exp(s - s.max(-1, keepdims=True))\n"
        "return e / e.sum(-1, keepdims=True) @ V"
    )


SHOWN = qkv(np.random.default_rng(55), 5, 7, 3, 11, times=1.6)
SHOWN_OPEN = some_hidden(np.random.default_rng(55), 5, 7)


def read_off(call):
    """The learner's attention as a masked softmax: keys and values that are the identity show the weights."""

    def masked(scores, allowed):
        n = scores.shape[-1]
        return call(scores * n**0.5, np.eye(n), np.eye(n), allowed)

    return masked


def seen_through(recogniser):
    """A recogniser of masked softmaxes, for attention."""
    return lambda call: recogniser(read_off(call))


def first_total(call):
    """What the weights of the first query sum to."""
    Q, K, _ = SHOWN
    return {"total": call(Q, K, np.ones((7, 1)), SHOWN_OPEN)[0, 0]}


def asks_an_array_whether_it_is_true(call):
    """`if allowed:` and `if allowed == None:` stop where the mask has several cells, and only there."""
    try:
        call(*SHOWN, SHOWN_OPEN)
    except ValueError as problem:
        return "ambiguous" in str(problem)
    return False


def stops_without_a_mask(call):
    if not np.allclose(call(*SHOWN, SHOWN_OPEN), attention(*SHOWN, SHOWN_OPEN)):
        return False
    try:
        call(*SHOWN)
    except Exception:
        return True
    return False


def largest_weight(call):
    """The learner's largest weight and the right one, read off with V = identity."""
    Q, K, _ = SHOWN
    mine, wanted = (f(Q, K, np.eye(7), SHOWN_OPEN).max(-1).min() for f in (call, attention))
    return {"mine": f"{mine:.2f}", "wanted": f"{wanted:.2f}"}


ATTENTION = Exercise(
    lesson=LESSON,
    number="5.5",
    spec=attention,
    reference=f"{SCORES}{MASK}return softmax(s) @ V",
    promise="Return the output of attention in which a mask may hide keys.",
    points=3,
    difficulty=3,
    importance=5,
    minutes=6,
    hints=(
        "Your attention of 4.6 has three lines. Between which two of them must a key be hidden, so that the others "
        "share what it would have got?",
        "Put minus infinity where allowed is False, in the scaled scores, before the softmax. And None is no mask: "
        "ask for it with `is not None`, since an array has no single truth.",
        "Scores as in 4.6; if there is a mask, s becomes np.where of allowed, s and -np.inf; then softmax, then @ V.",
    ),
    inputs=attention_inputs,
    square=lambda rng: Case((*qkv(rng, 4, 4, 4, 4, batch=(4,)), some_hidden(rng, 4, 4))),
    axes=("queries", "features"),
    picture="heat pair",
    cautions=(Caution(RENORMALISED, seen_through(shares_out_anew)),),
    alternatives=(
        f"{SCORES}if allowed is None:\n    allowed = np.ones(s.shape, bool)\nw = softmax(s) * allowed\n"
        f"z = w.sum(-1, keepdims=True)\nreturn w / {NO_NAN} @ V",
        f"{SCORES}if allowed is None:\n    allowed = True\nreturn softmax(np.where(allowed, s, -np.inf)) @ V",
        f"{SCORES}if allowed is not None:\n    s = s + np.where(allowed, 0.0, -np.inf)\nreturn softmax(s) @ V",
        f"s = scale(Q @ {KT}, K.shape[-1])\n{MASK}return weighted_sum(softmax(s), V)",
        f"{SCORES}if allowed is None:\n    return softmax(s) @ V\n"
        "return softmax(np.where(allowed, s, -1e9)) * allowed @ V",
        f"s = Q @ {KT}\nif allowed is not None:\n    s = np.where(allowed, s, -np.inf)\n"
        "return softmax(s / K.shape[-1] ** 0.5) @ V",
        f"{SCORES}allowed = np.ones(s.shape[-2:], bool) if allowed is None else allowed\n"
        "return np.nan_to_num(masked_softmax(s, allowed)) @ V",
        f"{SCORES}{IF_ANY}s = s + additive_mask(allowed)\nreturn softmax(s) @ V",
    ),
    mistakes=(
        Mistake(
            "none-hides-all",
            f"{SCORES}s = np.where(allowed, s, -np.inf)\nreturn softmax(s) @ V",
            "allowed=None should mean everybody may look at everybody; None is falsy, so where hid everything.",
            question="What should happen to s when there is no mask?",
        ),
        Mistake(
            "ignored",
            f"{SCORES}return softmax(s) @ V",
            "The mask is ignored.",
            question="Between which two lines does it belong?",
        ),
        Mistake(
            "after-softmax",
            f"{SCORES}w = softmax(s)\nreturn (w if allowed is None else w * allowed) @ V",
            "Your rows no longer sum to 1 (the first sums to {total:.2f}): mask the scores, before the softmax.",
            fill=first_total,
            variants=(f"{SCORES}w = softmax(s)\n{IF_ANY}w = np.where(allowed, w, 0)\nreturn w @ V",),
            question="Who should share what the hidden keys would have got?",
        ),
        Mistake(
            "nan-for-nobody",
            sm_attention("np.where(allowed, s, -np.inf)"),
            "nan for the query with nobody to look at; we agreed on output 0.",
            question="Which softmax of this course knows such rows?",
        ),
        Mistake(
            "small-number",
            f"{SCORES}{IF_ANY}s = np.where(allowed, s, -100.0)\nreturn softmax(s) @ V",
            "{number} hides only while real scores are near 0: at scores of -200 the hidden key takes everything.",
            matches=seen_through(hides_by_a_small_number),
            fill=lambda call: {"number": standing_number(read_off(call))},
            variants=(f"{SCORES}{IF_ANY}s = np.where(allowed, s, -10.0)\nreturn softmax(s) @ V",),
            question="Which number lies below every score there can be?",
        ),
        Mistake(
            "all-keys-tie",
            f"{SCORES}return softmax(s if allowed is None else np.where(allowed, s, -1e9)) @ V",
            "The query with nobody to look at got the mean of all values: -1e9, or any finite number, makes all keys "
            "tie.",
            matches=seen_through(all_keys_tie),
            variants=(
                f"{SCORES}{IF_ANY}s = np.where(allowed, s, np.finfo(float).min)\nreturn softmax(s) @ V",
                f"{SCORES}{IF_ANY}s = np.where(allowed, s, -1e4)\nreturn softmax(s) @ V",
            ),
            question="Which number makes softmax give a row of zeros?",
        ),
        Mistake(
            "comes-back-to-life",
            f"{SCORES}{IF_ANY}s = s + np.where(allowed, 0.0, -1e9)\nreturn softmax(s) @ V",
            "The query with nobody to look at sees everything as if there were no mask: -1e9 on all of its scores "
            "cancels.",
            matches=seen_through(comes_back_to_life),
            variants=(f"{SCORES}{IF_ANY}s = s - 1e10 * (1 - allowed)\nreturn softmax(s) @ V",),
            question="What happens to shares when all scores of a row fall by the same number?",
        ),
        Mistake(
            "inverted",
            f"{SCORES}return softmax(s if allowed is None else np.where(~allowed, s, -np.inf)) @ V",
            "Inverted: True means may look.",
            variants=(sm_attention("np.where(allowed, -np.inf, s)"),),
            question="Which of the two numbers goes where allowed is True?",
        ),
        Mistake(
            "true-added",
            f"{SCORES}{IF_ANY}s = s + allowed\nreturn softmax(s) @ V",
            "Adding True adds 1: hidden keys lost a little, that is all.",
            question="How much must a hidden score lose?",
        ),
        Mistake(
            "scaled-twice",
            f"{SCORES}{MASK}return softmax(s / K.shape[-1] ** 0.5) @ V",
            "Scaled twice: once is in the scores already. (Dividing by dₖ itself is the same.)",
            variants=(f"s = Q @ {KT} / K.shape[-1]\n{MASK}return softmax(s) @ V",),
            question="How often should √dₖ appear?",
        ),
        Mistake(
            "scores-of-0",
            f"{SCORES}{IF_ANY}s = np.where(allowed, s, 0.0)\nreturn softmax(s) @ V",
            "Hidden keys keep a share: their score became 0 and e^0 = 1. (Multiplying by the mask does the same.) "
            "Which score makes exp vanish?",
            variants=(f"{SCORES}{IF_ANY}s = s * allowed\nreturn softmax(s) @ V",),
        ),
        Mistake(
            "truth-of-an-array",
            f"{SCORES}if allowed:\n    s = np.where(allowed, s, -np.inf)\nreturn softmax(s) @ V",
            "An array of booleans is neither true nor false, so `if` cannot ask it; it can ask whether there is one.",
            matches=asks_an_array_whether_it_is_true,
            variants=(f"{SCORES}if allowed != None:\n    s = np.where(allowed, s, -np.inf)\nreturn softmax(s) @ V",),
            question="Which two words compare with None itself, not cell by cell?",
        ),
        Mistake(
            "stops-without-a-mask",
            f"{SCORES}s[np.broadcast_to(~allowed, s.shape)] = -np.inf\nreturn softmax(s) @ V",
            "allowed=None should mean everybody may look at everybody; your line took None for a mask and stopped.",
            matches=stops_without_a_mask,
            variants=(f"{SCORES}return masked_softmax(s, allowed) @ V",),
            question="What should happen to s when there is no mask?",
        ),
        Mistake(
            "indexed-by-the-mask",
            f"{SCORES}{IF_ANY}s[~allowed] = -np.inf\nreturn softmax(s) @ V",
            INDEXED,
            question=STRETCHES,
        ),
        Mistake(
            "nan-everywhere",
            sm_attention("s + (1.0 - allowed) * -np.inf"),
            "nan: 0 times -inf is not a number. If you multiply by infinity, choose with np.where instead.",
            variants=(f"{SCORES}{IF_ANY}s = s + (1.0 - allowed) * -np.inf\nreturn softmax(s) @ V",),
            question="What stands where nothing was to be hidden?",
        ),
        Mistake(
            "multiplied-by-minus-inf",
            f"{SCORES}{IF_ANY}s = s * np.where(allowed, 1.0, -np.inf)\nreturn softmax(s) @ V",
            "You multiplied by -inf: a hidden score below 0 became +inf, and its row nan.",
            variants=(sm_attention("s * np.where(allowed, 1.0, -np.inf)"),),
            question="Which operation hides a score whatever its sign?",
        ),
        Mistake(
            "mask-turned",
            f"{SCORES}{IF_ANY}s = np.where(np.swapaxes(allowed, -1, -2), s, -np.inf)\nreturn softmax(s) @ V",
            "The mask is turned: its rows are the queries, as they are in the scores.",
            question="Does the mask need to be turned at all?",
        ),
        Mistake(
            "causal-always",
            f"{SCORES}s = np.where(np.tri(*s.shape[-2:], dtype=bool), s, -np.inf)\nreturn softmax(s) @ V",
            "You made a causal mask of your own: who may look at whom is for allowed to say.",
            question="Which argument is not used?",
        ),
        Mistake(
            "no-scaling",
            f"s = Q @ {KT}\n{MASK}return softmax(s) @ V",
            "No scaling: the largest weight of the calmest query is {mine}, wanted {wanted}. Which line of lesson 03 "
            "is missing?",
            fill=largest_weight,
        ),
        Mistake(
            "by-number-of-keys",
            f"s = Q @ {KT} / K.shape[-2] ** 0.5\n{MASK}return softmax(s) @ V",
            "You divided by √7, the number of keys; the spread comes from the 3 features.",
            question="Which axis of K does a dot product add over?",
        ),
        Mistake(
            "shape-1",
            f"s = Q @ {KT} / K.shape[1] ** 0.5\n{MASK}return softmax(s) @ V",
            "shape[1] is the number of features in 2-D only; in a batch it counts tokens.",
            variants=(f"s = Q @ {KT} / Q.shape[1] ** 0.5\n{MASK}return softmax(s) @ V",),
            question="Which index means the last axis, however many there are?",
        ),
        Mistake(
            "over-queries",
            f"{SCORES}{MASK}return softmax(s, axis=-2) @ V",
            "Your columns sum to 1, your rows do not: the softmax ran over queries.",
            variants=(f"{SCORES}{MASK}return softmax(s, axis=0) @ V",),
            question="Which axis holds the keys?",
        ),
        Mistake(
            "axis-1",
            f"{SCORES}{MASK}return softmax(s, axis=1) @ V",
            "Axis 1 holds the keys in 2-D only; in a batch it holds the queries, and the softmax ran over them.",
            question="Which number means the last axis, however many there are?",
        ),
        Mistake(
            "all-axes-turned",
            f"s = Q @ K.T / K.shape[-1] ** 0.5\n{MASK}return softmax(s) @ V",
            "K.T turns all axes round: fine in 2-D, wrong in a batch. Swap the last two.",
            question="Which function swaps two axes and leaves the rest?",
        ),
        Mistake(
            "mixed-keys",
            f"{SCORES}{MASK}return softmax(s) @ K",
            "You mixed the keys. Keys are for being found; values are what is handed over.",
            question="Which of the three has not been used yet?",
        ),
        Mistake(
            "weights",
            f"{SCORES}{MASK}return softmax(s)",
            "These are the weights, (5, 7); the output is the mix they make, (5, 11).",
            question="What do the weights weigh?",
        ),
        Mistake(
            "steps-returned",
            f"{SCORES}{MASK}w = softmax(s)\nreturn w @ V, w",
            "Two things came back. Here attention returns the output alone.",
            question="Which of the two do the later lessons build on?",
        ),
        Mistake(
            "no-softmax",
            f"{SCORES}if allowed is not None:\n    s = np.where(allowed, s, 0.0)\nreturn s @ V",
            "The scores went into the mix as they are: they do not sum to 1, and some are negative.",
            variants=(f"{SCORES}return s @ V",),
            question="What turns scores into shares?",
        ),
        Mistake(
            "no-maximum",
            f"{SCORES}{MASK}e = np.exp(s)\nz = e.sum(-1, keepdims=True)\nreturn e / {NO_NAN} @ V",
            "exp of a score above 709 is infinite, and of a row of -2000 it is 0. The given softmax knows the way "
            "round.",
            variants=(f"{SCORES}{MASK}e = np.exp(s)\nreturn e / e.sum(-1, keepdims=True) @ V",),
            question="Which line of yours could call it?",
        ),
        Mistake(
            "equal-shares",
            f"{SCORES}w = np.ones(s.shape) if allowed is None else allowed * np.ones(s.shape)\n"
            f"z = w.sum(-1, keepdims=True)\nreturn w / {NO_NAN} @ V",
            "Every open key got the same share: the scores are not used.",
            question="What should a higher score get?",
        ),
        Mistake(
            "epsilon",
            f"{SCORES}w = softmax(s)\nif allowed is not None:\n    w = w * allowed\n"
            "return w / (w.sum(-1, keepdims=True) + 1e-6) @ V",
            "Your weights sum to {total:.10f}: the little that you added to keep 0 away shifts every row.",
            matches=seen_through(sums_to_a_little_less),
            fill=first_total,
            question="How can you divide by 1 in empty rows alone?",
        ),
        Mistake(
            "zeros",
            "return np.zeros(Q.shape[:-1] + V.shape[-1:])",
            "All zeros: right shape, no attention.",
            question="Which steps lead from Q, K and V to the output?",
        ),
        Mistake(
            "uniform",
            "return np.broadcast_to(V.mean(-2, keepdims=True), Q.shape[:-1] + V.shape[-1:]).copy()",
            "Uniform weights: every query got the same mean. Neither scores nor mask are used.",
            question="What would tell one query's weights from another's?",
        ),
        Mistake(
            "changed-q",
            f"Q /= K.shape[-1] ** 0.5\ns = Q @ {KT}\n{MASK}return softmax(s) @ V",
            "The numbers are right, but you changed the caller's Q.",
            question=NEW_ARRAY,
        ),
        Mistake(
            "not-turned",
            f"s = Q @ K / K.shape[-1] ** 0.5\n{MASK}return softmax(s) @ V",
            "Shapes do not meet: (5, 3) @ (7, 3). The features of Q must meet the features of K.",
            question="Which of the two must be turned?",
        ),
    ),
)


# ---------------------------------------------------------------- 5.6


def cross_attention(X, memory, W_q, W_k, W_v):
    """(n_q, d_model) asks, (n_k, d_model) is read, three matrices -> (n_q, d_v)."""
    Q, K, V = times(X, W_q), times(memory, W_k), times(memory, W_v)
    return attention(Q, K, V)


def times(X, W):
    """(n, d_model), (d_model, d) -> (n, d), one number at a time."""
    answer = np.zeros((len(X), W.shape[1]))
    for token, feature in np.ndindex(answer.shape):
        for i, x in enumerate(X[token]):
            answer[token, feature] += x * W[i, feature]
    return answer


def cross(rng, n_q=5, n_k=7, d_model=13, d_k=3, d_v=11):
    X, memory = rng.standard_normal((n_q, d_model)), rng.standard_normal((n_k, d_model))
    matrices = (1.4 * rng.standard_normal((d_model, d)) / d_model**0.5 for d in (d_k, d_k, d_v))
    return X, memory, *matrices


def cross_attention_inputs(rng):
    whole = tuple(rng.integers(-2, 3, shape) for shape in ((3, 2), (5, 2), (2, 7), (2, 7), (2, 11)))
    return [
        Case(cross(rng)),
        Case(cross(rng, 7, 2, 5, 11, 3)),
        Case(cross(rng, 1, 5, 7, 3, 2), "property", says="with a single query"),
        Case(cross(rng, 3, 1, 5, 7, 2), "property", says="with a memory of one token"),
        Case(cross(rng, 5, 5, 7, 3, 2), "property", says="when both sides are equally long"),
        Case(whole, "property", says="with whole numbers"),
        Case(tuple(A.astype(np.float32) for A in cross(rng, 3, 5, 7, 2, 11)), "property", says="with float32"),
    ]


CROSS = "attention(X @ W_q, memory @ W_k, memory @ W_v"

CROSS_ATTENTION = Exercise(
    lesson=LESSON,
    number="5.6",
    spec=cross_attention,
    reference=f"return {CROSS})",
    promise="Return what the tokens of X read in a memory of other tokens.",
    points=2,
    difficulty=2,
    importance=4,
    minutes=5,
    hints=(
        "A translator writes a word and looks back at the source sentence. Who asks, who is found, and who hands "
        "something over?",
        "Queries come from the side that asks, keys and values from the side that is read. Each side is multiplied "
        "by its own matrix, and then attention does the rest; no mask is needed.",
        "Call attention with three products: X by W_q, memory by W_k, memory by W_v.",
    ),
    inputs=cross_attention_inputs,
    square=lambda rng: Case(cross(rng, 4, 4, 4, 4, 4)),
    axes=("queries", "features"),
    picture="heat pair",
    alternatives=(
        "Q, K, V = X @ W_q, memory @ W_k, memory @ W_v\nreturn softmax(Q @ K.T / K.shape[-1] ** 0.5) @ V",
        "return softmax(scale(dot_scores(X @ W_q, memory @ W_k), W_k.shape[1])) @ memory @ W_v",
        f"return {CROSS}, np.ones((len(X), len(memory)), bool))",
        "_, K, V = project(memory, W_q, W_k, W_v)\nreturn attention(X @ W_q, K, V)",
        "return np.concatenate([attention(x[None] @ W_q, memory @ W_k, memory @ W_v) for x in X])",
    ),
    mistakes=(
        Mistake(
            "causal",
            f"return {CROSS}, np.tril(np.ones((len(X), len(memory)), bool)))",
            "A causal mask was left on: target 1 may read all of the source.",
            variants=(f"return {CROSS}, np.tri(len(X), len(memory), len(memory) - len(X), dtype=bool))",),
            question="Is any of the source written later than the target?",
        ),
        Mistake(
            "memory-not-used",
            "return attention(X @ W_q, X @ W_k, X @ W_v)",
            "memory is not used: that is self-attention.",
            question="Whose keys and values should be read?",
        ),
        Mistake(
            "x-not-used",
            "return attention(memory @ W_q, memory @ W_k, memory @ W_v)",
            "X is not used: memory reads itself, one row per source token, (7, 11).",
            question="Who asks?",
        ),
        Mistake(
            "roles-exchanged",
            "return attention(memory @ W_q, X @ W_k, X @ W_v)",
            "Roles exchanged: the output has one row per source token, (7, 11).",
            question="Who asks?",
        ),
        Mistake(
            "values-from-x",
            "return attention(X @ W_q, memory @ W_k, X @ W_v)",
            "The keys come from memory, the values do not: 7 weights for 5 values.",
            question="Where does what is handed over come from?",
        ),
        Mistake(
            "keys-from-x",
            "return attention(X @ W_q, X @ W_k, memory @ W_v)",
            "The values come from memory, the keys do not: who is found is not who is read.",
            question="Where should the keys come from?",
        ),
        Mistake(
            "queries-from-memory",
            "return attention(memory @ W_q, memory @ W_k, X @ W_v)",
            "memory asks memory, and X hands over: 7 weights for 5 values.",
            question="Which of the two sides asks, and which is read?",
        ),
        Mistake(
            "keys-handed-over",
            "return attention(X @ W_q, memory @ W_k, memory @ W_k)",
            "You handed over the keys: W_v is not used.",
            question="What do values have that keys have not?",
        ),
        Mistake(
            "matrices-of-the-other-side",
            "return attention(X @ W_k, memory @ W_q, memory @ W_v)",
            "W_q belongs to the one who asks: you gave each side the other's matrix.",
            question="Which matrix turns X into queries?",
        ),
        Mistake(
            "one-matrix-for-queries-and-keys",
            "return attention(X @ W_q, memory @ W_q, memory @ W_v)",
            "Keys were made with W_q: W_k is not used.",
            question="Which matrix turns memory into keys?",
        ),
        Mistake(
            "queries-made-with-w-k",
            "return attention(X @ W_k, memory @ W_k, memory @ W_v)",
            "Queries were made with W_k: W_q is not used.",
            question="Which matrix turns X into queries?",
        ),
        Mistake(
            "keys-and-values-exchanged",
            "return attention(X @ W_q, memory @ W_v, memory @ W_k)",
            "Keys and values exchanged: queries have 3 features, your keys 11.",
            question="Which matrix turns memory into keys?",
        ),
        Mistake(
            "values-as-they-are",
            "return attention(X @ W_q, memory @ W_k, memory)",
            "memory was handed over as it is, with 13 features: W_v is not used.",
            question="What turns memory into values?",
        ),
        Mistake(
            "not-projected",
            "return attention(X, memory, memory @ W_v)",
            "Queries and keys went in as they are: W_q and W_k are not used.",
            variants=("return attention(X, memory, memory)",),
            question="What turns X into queries?",
        ),
        Mistake(
            "keys-as-they-are",
            "return attention(X @ W_q, memory, memory @ W_v)",
            "The keys went in as they are, with 13 features where queries have 3: W_k is not used.",
            question="What turns memory into keys?",
        ),
        Mistake(
            "queries-as-they-are",
            "return attention(X, memory @ W_k, memory @ W_v)",
            "The queries went in as they are, with 13 features where keys have 3: W_q is not used.",
            question="What turns X into queries?",
        ),
        Mistake(
            "both-sides-read",
            "both = np.concatenate([X, memory])\nreturn attention(X @ W_q, both @ W_k, both @ W_v)",
            "X read itself, too: you joined both sides. Here only memory is read.",
            variants=("both = np.concatenate([memory, X])\nreturn attention(X @ W_q, both @ W_k, both @ W_v)",),
            question="How many keys should a query meet, 7 or 12?",
        ),
        Mistake(
            "joined",
            "both = np.concatenate([X, memory])\nreturn attention(both @ W_q, both @ W_k, both @ W_v)",
            "You joined both sides: everybody asked and everybody was read, (12, 11).",
            question="Who asks, and who is read?",
        ),
        Mistake(
            "no-scaling",
            "return softmax(X @ W_q @ (memory @ W_k).T) @ (memory @ W_v)",
            "No scaling: the scores spread too widely. Which line of lesson 03 is missing?",
        ),
        Mistake(
            "scaled-by-d-model",
            "return softmax(X @ W_q @ (memory @ W_k).T / X.shape[-1] ** 0.5) @ (memory @ W_v)",
            "You divided by √13, the features of X; the scores add over dₖ = 3.",
            question="Over how many products does a score add here?",
        ),
        Mistake(
            "scaled-twice",
            "return attention(X @ W_q / W_k.shape[1] ** 0.5, memory @ W_k, memory @ W_v)",
            "Scaled twice: attention scales by itself.",
            question="How often should √dₖ appear?",
        ),
        Mistake(
            "over-queries",
            "s = X @ W_q @ (memory @ W_k).T / W_k.shape[1] ** 0.5\nreturn softmax(s, axis=0) @ (memory @ W_v)",
            "The softmax ran over queries: your columns sum to 1.",
            question="Which axis holds the keys?",
        ),
        Mistake(
            "weights",
            "return softmax(X @ W_q @ (memory @ W_k).T / W_k.shape[1] ** 0.5)",
            "These are the weights, (5, 7); the output is the mix they make, (5, 11).",
            question="What do the weights weigh?",
        ),
        Mistake(
            "steps-returned",
            f"return {CROSS}), memory @ W_v",
            "Two things came back: return the output alone.",
            matches=lambda call: np.allclose(call(*CROSS_SHOWN)[0], cross_attention(*CROSS_SHOWN)),
            question="What did attention return?",
        ),
        Mistake(
            "added-to-x",
            f"return {CROSS}) + X @ W_v",
            "You added X itself: that is a residual connection, and it comes around attention, not inside it.",
            question="What should a query get when memory hands over nothing?",
        ),
        Mistake(
            "mean-of-memory",
            "return np.broadcast_to((memory @ W_v).mean(0), (len(X), W_v.shape[1])).copy()",
            "Every query got the same mean of memory: nobody asked for anything.",
            question="What would tell one query's mix from another's?",
        ),
        Mistake(
            "zeros",
            "return np.zeros((len(X), W_v.shape[1]))",
            "All zeros: right shape, nothing read.",
            question="Which function mixes values by queries and keys?",
        ),
    ),
)

CROSS_SHOWN = cross(np.random.default_rng(56))

EXERCISES = (CAUSAL_MASK, MASKED_SOFTMAX, PADDING_MASK, ADDITIVE_MASK, ATTENTION, CROSS_ATTENTION)
