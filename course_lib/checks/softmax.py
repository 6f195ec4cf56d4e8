"""Lesson 04: from scores to weights, from weights to a mix, and both together: attention."""

import math

import numpy as np

from course_lib.checks.exercise import Case, Exercise, Mistake

LESSON = "04_softmax"

NEW_ARRAY = "Which operation makes a new array instead?"


def shares(rng, *shape, spread=2.0):
    """Random weights along the last axis."""
    e = np.exp(spread * rng.standard_normal(shape))
    return e / e.sum(-1, keepdims=True)


def weights_of(scores):
    """One row of scores -> its weights, one number at a time."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    return [power / sum(powers) for power in powers]


# ---------------------------------------------------------------- 4.1


def softmax(x, axis=-1):
    """(...) -> the same shape: along `axis`, exp of each entry over the sum of them all."""
    weights = np.zeros(np.shape(x))
    rows, answer = np.moveaxis(np.asarray(x, float), axis, -1), np.moveaxis(weights, axis, -1)  # views
    for row in np.ndindex(rows.shape[:-1]):
        answer[row] = weights_of(rows[row])
    return weights


TWO_ONE_HALF = np.array([[2, 1, 0.5]])


def softmax_inputs(rng):
    x = 2 * rng.standard_normal((5, 7))
    return [
        Case((TWO_ONE_HALF,)),
        Case((x,)),
        Case((2 * rng.standard_normal((3, 2)),)),
        Case((x,), "property", {"axis": 0}, says="along axis 0"),
        Case((rng.standard_normal((2, 3, 5, 7)),), "property", {"axis": 1}, says="along axis 1 of four"),
        Case((2 * rng.standard_normal(5),), "property", says="with a single row"),
        Case((rng.integers(-4, 5, (3, 5)),), "property", says="with whole numbers"),
        Case((np.array([[1000.0, 999, 998], [-1000, -1001, -1000]]),), "property", says="with rows of 1000 and -1000"),
        Case((np.array([[1000.0, -1000, 0], [1, 2, 3]]),), "property", says="with 1000, -1000 and 0 in one row"),
        Case((np.full((1, 2), -2000.0),), "property", says="with a row of -2000"),
        Case((rng.standard_normal((3, 5)).astype(np.float32),), "property", says="with float32"),
        Case((np.array([[3.0], [-3.0]]),), "property", says="with a single key"),
    ]


def first_row(call):
    return " ".join(f"{weight:.3f}".lstrip("0") for weight in call(TWO_ONE_HALF)[0])


SOFTMAX_LAST = "return e / e.sum(axis, keepdims=True)"

SOFTMAX = Exercise(
    lesson=LESSON,
    number="4.1",
    spec=softmax,
    reference="e = np.exp(x - x.max(axis, keepdims=True))\n" + SOFTMAX_LAST,
    promise="Turn scores into weights that are positive and sum to 1 along an axis.",
    points=3,
    difficulty=2,
    importance=5,
    minutes=8,
    hints=(
        "Two steps turn any numbers into shares: make them positive, then make them sum to 1. "
        "What does each step have to look at: one entry, or a whole row?",
        "exp makes them positive. It overflows above 709, but a constant taken away from a whole row cancels in the "
        "ratio: "
        "which one makes the largest entry 0? Mind keepdims, so that each row meets its own number.",
        "Take x.max(axis, keepdims=True) away before np.exp; then divide by the sum along the same axis, keepdims "
        "again.",
    ),
    inputs=softmax_inputs,
    square=lambda rng: Case((rng.standard_normal((4, 4)),)),
    axes=("queries", "keys"),
    picture="heat pair",
    alternatives=(
        "e = np.exp(x - x.max(axis, keepdims=True))\nreturn e / np.add.reduce(e, axis=axis, keepdims=True)",
        "z = x - x.max(axis, keepdims=True)\nreturn np.exp(z - np.log(np.exp(z).sum(axis, keepdims=True)))",
        "z = np.moveaxis(x, axis, -1)\ne = np.exp(z - z.max(-1)[..., None])\n"
        "return np.moveaxis(e / e.sum(-1)[..., None], -1, axis)",
        "return np.apply_along_axis(lambda r: np.exp(r - r.max()) / np.exp(r - r.max()).sum(), axis, x)",
    ),
    mistakes=(
        Mistake(
            "no-exp",
            "return x / x.sum(axis, keepdims=True)",
            "For [2, 1, .5] you gave {row}: divided by the sum without exp. And negative scores would give negative "
            "shares.",
            fill=lambda call: {"row": first_row(call)},
            question="Which function turns every number into a positive one and keeps their order?",
            variants=("return x / x.sum()",),
        ),
        Mistake(
            "no-maximum",
            "e = np.exp(x)\n" + SOFTMAX_LAST,
            "nan at a score of 1000: exp(1000) is infinite. Which constant may you subtract for free?",
        ),
        Mistake(
            "one-maximum",
            "e = np.exp(x - x.max())\n" + SOFTMAX_LAST,
            "The row of -1000 gave nan: you subtracted one maximum for the whole array, each row has its own.",
            question="What is left of a row when a maximum 2000 above it is taken away?",
        ),
        Mistake(
            "axis-ignored",
            "e = np.exp(x - x.max(-1, keepdims=True))\nreturn e / e.sum(-1, keepdims=True)",
            "axis=0 was asked for; your rows sum to 1, your columns do not. axis is ignored.",
            variants=("e = np.exp(x - x.max(1, keepdims=True))\nreturn e / e.sum(1, keepdims=True)",),
            question="Where in your lines should axis stand?",
        ),
        Mistake(
            "over-queries",
            "e = np.exp(x - x.max(0, keepdims=True))\nreturn e / e.sum(0, keepdims=True)",
            "Your columns sum to 1, your rows do not: the softmax ran over queries. Which axis holds the keys?",
        ),
        Mistake(
            "all-together",
            "e = np.exp(x - x.max(axis, keepdims=True))\nreturn e / e.sum()",
            "All entries together sum to 1: normalise each row by its own sum.",
            variants=("e = np.exp(x)\nreturn e / e.sum()",),
            question="How much does each query have to spend?",
        ),
        Mistake(
            "base-2",
            "e = 2.0 ** (x - x.max(axis, keepdims=True))\n" + SOFTMAX_LAST,
            "Base 2: for [2, 1, .5] you gave {row}. The softmax uses e.",
            fill=lambda call: {"row": first_row(call)},
            question="Which NumPy function raises e to a power?",
        ),
        Mistake(
            "epsilon",
            "e = np.exp(x - x.max(axis, keepdims=True))\nreturn e / (e.sum(axis, keepdims=True) + 1e-6)",
            "Your rows sum to {total:.7f}: nothing needs protecting here, the largest term is exactly 1.",
            matches=lambda call: adds_an_epsilon(call),
            fill=lambda call: {"total": call(TWO_ONE_HALF).sum()},
            question="How small can a sum be that holds a 1?",
        ),
        Mistake(
            "no-keepdims",
            "e = np.exp(x - x.max(axis, keepdims=True))\nreturn e / e.sum(axis)",
            "No keepdims: the sums line up with the wrong axis; a square matrix does not even complain.",
            variants=("e = np.exp(x)\nreturn e / e.sum(axis)", "e = np.exp(x - x.max())\nreturn e / e.sum(axis)"),
            question="Which shape must the sums have, so that each row meets its own?",
        ),
        Mistake(
            "no-keepdims-in-maximum",
            "e = np.exp(x - x.max(axis))\n" + SOFTMAX_LAST,
            "No keepdims in the maximum: it lines up with the wrong axis, and a square matrix does not even complain.",
            variants=("e = np.exp(x - x.max(axis))\nreturn e / e.sum(axis)",),
            question="Which shape must the maxima have, so that each row meets its own?",
        ),
        Mistake(
            "changed-the-scores",
            "x -= x.max(axis, keepdims=True)\ne = np.exp(x)\n" + SOFTMAX_LAST,
            "The numbers are right, but the caller's scores were changed.",
            question=NEW_ARRAY,
        ),
        Mistake(
            "not-normalised",
            "return np.exp(x - x.max(axis, keepdims=True))",
            "Your rows do not sum to 1: the first sums to {total:.2f}. The largest entry is 1, the others come on top.",
            fill=lambda call: {"total": call(TWO_ONE_HALF)[0].sum()},
            question="What turns positive numbers into shares?",
            variants=("return np.exp(x - x.max())",),
        ),
        Mistake(
            "exp-only",
            "return np.exp(x)",
            "These are the exponentials; they sum to {total:.2f} in the first row. A share is a part of 1.",
            fill=lambda call: {"total": call(TWO_ONE_HALF)[0].sum()},
            question="What turns positive numbers into shares?",
        ),
        Mistake(
            "logarithm",
            "z = x - x.max(axis, keepdims=True)\nreturn z - np.log(np.exp(z).sum(axis, keepdims=True))",
            "All your entries are negative: these are the logarithms of the weights.",
            question="Which function undoes a logarithm?",
        ),
        Mistake(
            "sigmoid",
            "return 1 / (1 + np.exp(-x))",
            "A sigmoid looks at one score alone; in a softmax the others have a say. Your first row sums to "
            "{total:.2f}.",
            fill=lambda call: {"total": call(TWO_ONE_HALF)[0].sum()},
            question="What happens to the weight of key 0 when only the score of key 1 rises?",
        ),
        Mistake(
            "minus",
            "e = np.exp(x.min(axis, keepdims=True) - x)\n" + SOFTMAX_LAST,
            "The smallest score won: the exponent has the wrong sign.",
            question="Which score should get the largest weight?",
        ),
        Mistake(
            "maximum-added",
            "e = np.exp(x + x.max(axis, keepdims=True))\n" + SOFTMAX_LAST,
            "You added the maximum; take it away, or exp overflows twice as soon. (On ordinary scores both are free.)",
            question="Which sign makes the largest exponent 0?",
        ),
        Mistake(
            "minimum",
            "e = np.exp(x - x.min(axis, keepdims=True))\n" + SOFTMAX_LAST,
            "You took the smallest score away: 1000 above it, exp still overflows. Which entry must become 0?",
        ),
        Mistake(
            "mean",
            "e = np.exp(x - x.mean(axis, keepdims=True))\n" + SOFTMAX_LAST,
            "You took the mean away: a score far above it still overflows. Which entry must become 0?",
        ),
        Mistake(
            "winner-takes-all",
            "return (x == x.max(axis, keepdims=True)).astype(float)",
            "You gave everything to the winner: that is a hard maximum. A soft one lets the others share.",
            question="How much should a score get that is only a little below the largest?",
        ),
        Mistake(
            "zeros-for-small",
            "e = np.exp(np.clip(x, -700, 700))\n" + SOFTMAX_LAST,
            "You clipped the scores: 1000 and 999 became equal. Nothing has to be cut off.",
            question="Which constant may you subtract for free?",
        ),
    ),
)


def adds_an_epsilon(call):
    """Every row sums to a little less than 1, by one common number beside the sum of the exponentials."""
    x = np.array([[2.0, 1, 0.5], [3, -1, 0], [0, 0, 0]])
    e = np.exp(x - x.max(1, keepdims=True))
    missing = call(x) * 0 + e / call(x) - e.sum(1, keepdims=True)
    return 1e-13 < missing[0, 0] < 1e-2 and np.allclose(missing, missing[0, 0], rtol=1e-2, atol=0)


# ---------------------------------------------------------------- 4.2


def weighted_sum(weights, V):
    """(..., n_q, n_k), (..., n_k, d_v) -> (..., n_q, d_v): each query's weights times the values, added over keys."""
    batch = np.broadcast_shapes(weights.shape[:-2], V.shape[:-2])
    weights = np.broadcast_to(weights, batch + weights.shape[-2:])
    V = np.broadcast_to(V, batch + V.shape[-2:])
    answer = np.zeros((*weights.shape[:-1], V.shape[-1]))
    for *outer, query, feature in np.ndindex(answer.shape):
        for key in range(V.shape[-2]):
            answer[(*outer, query, feature)] += weights[(*outer, query, key)] * V[(*outer, key, feature)]
    return answer


def weighted_sum_inputs(rng):
    narrow = shares(rng, 5, 3).astype(np.float32)
    return [
        Case((shares(rng, 5, 7), rng.standard_normal((7, 3)))),
        Case((shares(rng, 2, 3), rng.standard_normal((3, 11)))),
        Case((shares(rng, 2, 3, 5, 7), rng.standard_normal((2, 3, 7, 2))), "property", says="with two batch axes"),
        Case((np.eye(3)[[2, 0]], rng.integers(-9, 10, (3, 5))), "property", says="with whole numbers"),
        Case((np.zeros((2, 5)), rng.standard_normal((5, 3))), "property", says="when all weights are 0"),
        Case((narrow, rng.standard_normal((3, 2)).astype(np.float32)), "property", says="with float32"),
        Case((np.ones((5, 1)), rng.standard_normal((1, 3))), "property", says="with a single key"),
    ]


SMALL_MIX = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]]), np.array([[1.0, 10], [2, 20], [3, 30]])
PRODUCTS = "(weights[..., None] * V[..., None, :, :])"

WEIGHTED_SUM = Exercise(
    lesson=LESSON,
    number="4.2",
    spec=weighted_sum,
    reference="return weights @ V",
    promise="Return each query's mix of the values.",
    points=1,
    difficulty=1,
    importance=5,
    minutes=3,
    hints=(
        "Query 0 has 7 weights, one for each key. How many values are there to spend them on, and over what do you "
        "add?",
        "Multiply value j by weight j and add over the keys: rows of one array meet rows of another. "
        "Which operation of 2.1 does this for all queries at once?",
        "A matrix product: weights, with the keys on its last axis, on the left of V, with the keys on its second "
        "last.",
    ),
    inputs=weighted_sum_inputs,
    square=lambda rng: Case((shares(rng, 4, 4), rng.standard_normal((4, 4)))),
    axes=("queries", "features"),
    picture="heat pair",
    alternatives=(
        'return np.einsum("...qk,...kd->...qd", weights, V)',
        "return np.matmul(weights, V)",
        f"return {PRODUCTS}.sum(-2)",
        "return np.swapaxes(np.swapaxes(V, -1, -2) @ np.swapaxes(weights, -1, -2), -1, -2)",
    ),
    mistakes=(
        Mistake(
            "weights-turned",
            "return np.swapaxes(weights, -1, -2) @ V",
            "Shapes do not meet: each row of weights (over keys) multiplies V, (5, 7) @ (7, 3).",
            question="Which axis of weights counts the keys?",
        ),
        Mistake(
            "not-added",
            f"return {PRODUCTS}",
            "Weighted, not added: the key axis is still there, (5, 7, 3).",
            question="Over which axis should it be added up?",
        ),
        Mistake(
            "averaged",
            f"return {PRODUCTS}.mean(-2)",
            "n_k = 7 times too small: weights that sum to 1 already average.",
            question="What should weights of 1/7 each give?",
        ),
        Mistake(
            "winner-only",
            "return np.take_along_axis(V, weights.argmax(-1)[..., None], -2)",
            "You handed over the winner's value only; the rest of the weights count too.",
            question="What should two weights of one half give?",
        ),
        Mistake(
            "mean-of-values",
            "return np.broadcast_to(V.mean(-2, keepdims=True), weights.shape[:-1] + V.shape[-1:])",
            "Every query got the same mean of V: the weights are not used.",
            question="What would tell one query's mix from another's?",
        ),
        Mistake(
            "softmax-again",
            "return softmax(weights) @ V",
            "You softmaxed weights that already are shares: the mix is flatter than it should be.",
            question="What do the rows of weights sum to as they come?",
        ),
        Mistake(
            "columns-normalised",
            "return (weights / weights.sum(-2, keepdims=True)) @ V",
            "You made the columns sum to 1. A query spends its own 1, along the row.",
            question="What do the rows of weights sum to as they come?",
        ),
        Mistake(
            "values-on-the-left",
            "return V @ weights",
            "Shapes do not meet: (7, 3) @ (5, 7). The axis of keys must be the last on the left and the first on the "
            "right.",
            question="Which of the two arrays has the keys on its last axis?",
        ),
        Mistake(
            "added-over-queries",
            f"return {PRODUCTS}.sum(-3)",
            "You added over the queries: shape (7, 3), one row per key. Each query should keep its own mix.",
            question="Over which axis does one query add?",
        ),
        Mistake(
            "added-over-features",
            f"return {PRODUCTS}.sum(-1)",
            "You added up the features of each value: shape (5, 7). Add over the keys.",
            question="Which of the three axes is gone in a mix?",
        ),
        Mistake(
            "transposed",
            "return np.swapaxes(weights @ V, -1, -2)",
            "Transposed: one row per query. Yours is (3, 5), wanted (5, 3).",
            question="What does one row of the answer hold?",
        ),
        Mistake(
            "one-mix",
            "return (weights @ V).sum(-2)",
            "One row for all queries: you added the mixes together.",
            question="Whose mix is each row of the answer?",
        ),
        Mistake(
            "dot-in-a-batch",
            "return np.dot(weights, V)",
            "np.dot pairs every matrix of one batch with every matrix of the other; @ pairs each with its own.",
            question="Which operator leaves the batch axes alone?",
        ),
        Mistake(
            "normalised-again",
            "return weights @ V / weights.sum(-1, keepdims=True)",
            "Right while rows sum to 1. A row of zeros, a query with nobody to look at, gave 0/0: take the weights "
            "as they come.",
            question="What should a query get that spends nothing?",
        ),
    ),
)


# ---------------------------------------------------------------- 4.3


def softmax_jacobian(weights):
    """(n,) -> (n, n): entry [i, j] = the change of weight i per change of score j."""
    n = len(weights)
    answer = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            answer[i, j] = weights[i] * (1 - weights[i]) if i == j else -weights[i] * weights[j]
    return answer


HALF_THIRD_SIXTH = np.array([1 / 2, 1 / 3, 1 / 6])


def softmax_jacobian_inputs(rng):
    return [
        Case((HALF_THIRD_SIXTH,)),
        Case((shares(rng, 5),)),
        Case((np.array([1.0, 0, 0]),), "property", says="when one weight is 1"),
        Case((np.array([1.0]),), "property", says="with a single key"),
        Case((np.full(7, 1 / 7),), "property", says="with equal weights"),
        Case((shares(rng, 3).astype(np.float32),), "property", says="with float32"),
    ]


SOFTMAX_JACOBIAN = Exercise(
    lesson=LESSON,
    number="4.3",
    spec=softmax_jacobian,
    reference="return np.diag(weights) - np.outer(weights, weights)",
    promise="Return how each weight answers to a small push on each score.",
    points=2,
    difficulty=4,
    importance=2,
    minutes=8,
    hints=(
        "Push score j up a little. Which weight rises, which fall, and what must all the changes add up to?",
        "Differentiate weight i = exp(score i) / sum twice: once for the score above the fraction (only when i is j), "
        "once for the sum below it (always). Each part is a product of weights.",
        "Two matrices: one with the weights on its diagonal, and from it take away the table of all products weight "
        "i · weight j.",
    ),
    inputs=softmax_jacobian_inputs,
    axes=("weights", "scores"),
    picture="heat pair",
    core=False,
    alternatives=(
        "return np.array([[w * ((i == j) - u) for j, u in enumerate(weights)] for i, w in enumerate(weights)])",
        "return weights[:, None] * (np.eye(len(weights)) - weights)",
        "J = -np.outer(weights, weights)\nJ[np.diag_indices(len(weights))] += weights\nreturn J",
    ),
    mistakes=(
        Mistake(
            "diagonal-of-weights",
            "return np.diag(weights)",
            "Your rows sum to the weights; they must sum to 0: raising all scores together changes nothing.",
            question="What does weight 0 do when score 1 rises?",
        ),
        Mistake(
            "outer-only",
            "return np.outer(weights, weights)",
            "Off the diagonal the sign must be minus: raising one score lowers the others.",
            question="And what does a score do to its own weight?",
        ),
        Mistake(
            "sign-turned",
            "return np.outer(weights, weights) - np.diag(weights)",
            "Sign: raising a score lowers its own weight in yours.",
            question="Which of the two terms should be taken from the other?",
        ),
        Mistake(
            "only-the-diagonal",
            "return np.diag(weights * (1 - weights))",
            "Only the diagonal: every weight is pushed down by its rivals, too.",
            question="What does weight 0 do when score 1 rises?",
        ),
        Mistake(
            "diagonal-as-vector",
            "return weights * (1 - weights)",
            "These are the diagonal entries; how weight 0 answers to score 1 is missing.",
            question="How many pairs of a weight and a score are there?",
        ),
        Mistake(
            "softmax-again",
            "w = softmax(weights)\nreturn np.diag(w) - np.outer(w, w)",
            "You put the weights through softmax again; they already are weights.",
            question="What does the argument sum to as it comes?",
        ),
        Mistake(
            "identity",
            "return np.eye(len(weights)) - np.outer(weights, weights)",
            "The identity should carry the weights: diag(w), not I.",
            question="What must each row sum to?",
        ),
        Mistake(
            "minus-outer",
            "return -np.outer(weights, weights)",
            "The diagonal is missing its own part: in yours every weight falls, even the one whose score rises.",
            question="What must each row sum to?",
        ),
        Mistake(
            "plus",
            "return np.diag(weights) + np.outer(weights, weights)",
            "You added the products: in yours every weight rises when one score does. They sum to 1, so some must "
            "fall.",
            question="Which sign makes each row sum to 0?",
        ),
        Mistake(
            "squares-on-the-diagonal",
            "return np.diag(weights ** 2) - np.outer(weights, weights)",
            "Your diagonal is 0: you put w² there and took w² away. What does a score do to its own weight?",
        ),
        Mistake(
            "diagonal-all-the-same",
            "return np.diag(weights) - weights ** 2",
            "The second term must be a table of products, weight i · weight j; a vector fills every row alike.",
            question="Which NumPy function makes all products of two vectors?",
        ),
        Mistake(
            "columns-scaled",
            "return weights[:, None] * (1 - weights)",
            "Off the diagonal the 1 must go: [i, j] is -w_i·w_j there, and w_i·(1 - w_i) only where i is j.",
            question="Which matrix is 1 on its diagonal and 0 elsewhere?",
        ),
    ),
)


# ---------------------------------------------------------------- 4.4


def temperature_for(scores, share):
    """The T at which the largest of softmax(scores / T) is `share`: halve the interval again and again."""
    low, high = 1e-6, 1e6
    for _ in range(200):
        middle = math.sqrt(low * high)
        if max(weights_of([score / middle for score in scores])) > share:
            low = middle  # still too sharp: hotter
        else:
            high = middle
    return middle


def top_weight(scores, T):
    """The largest of softmax(scores / T) for any T other than 0; nan for 0."""
    z = np.asarray(scores, float) / T
    e = np.exp(z - z.max())
    return float((e / e.sum()).max())


def temperature_inputs(rng):
    def case(scores, share, kind="base", says=""):
        def top(T, scores=scores):
            """the top weight at your T."""
            return top_weight(scores, T) if T > 0 else np.nan

        return Case((scores, share), kind, measure=top, rtol=0.001 / share, says=says)

    five = np.array([0.3, 2.1, 1.2, -0.4, 0.9]) + 0.1 * rng.standard_normal(5)
    return [
        case(np.array([2.0, 1, 0.5]), 0.5),
        case(np.array([2.0, 1, 0.5]), 0.8),
        case(five, 0.7),
        case(five, 0.35),
        case(np.array([1.0, 0]), 0.6, says="with two keys"),
        case(20 * five, 0.6, "property", says="with wide scores"),
        case(five / 20, 0.6, "property", says="with scores close together"),
        case(five, 0.97, "property", says="with a share near 1"),
        case(five - 50, 0.5, "property", says="with negative scores"),
        case(np.array([3, 1, 0, -1]), 0.5, "property", says="with whole numbers"),
    ]


def top_at_your_t(call):
    scores = np.array([2.0, 1, 0.5])
    return {"top": top_weight(scores, call(scores, 0.5))}


def search(change="", lo_hi="1e-3, 1e3", test="softmax(scores / t).max() > share", answer="t"):
    """The reference's bisection with one line exchanged."""
    return (
        f"lo, hi = {lo_hi}\nfor _ in range(100):\n    t = (lo * hi) ** 0.5\n    if {test}:\n"
        f"        lo = t\n    else:\n        hi = t\nreturn {answer}"
    )


def stops_at_a_bound(call):
    """Scores ten times wider need ten times the temperature; a search that has run into its end does not notice."""
    wide, narrow = np.array([2000.0, 1000, 500]), np.array([2e-5, 1e-5, 0])
    ends = [(call(s, 0.5), call(10 * s, 0.5), call(np.array([2.0, 1, 0.5]), 0.5)) for s in (wide, narrow)]
    right_between = abs(top_weight(np.array([2.0, 1, 0.5]), ends[0][2]) - 0.5) < 1e-3
    stuck = [math.isclose(a, b, rel_tol=1e-3) and not math.isclose(a, c, rel_tol=1e-3) for a, b, c in ends]
    return right_between and any(stuck)


def nearly_there(call):
    """Off, but not by much, whatever the scores; and deaf to a change of share that is smaller than its last step."""
    tries = ((np.array([2.0, 1, 0.5]), 0.5), (np.array([4.0, 1]), 0.6), (np.array([1, 2.0, 3]), 0.7))
    misses = [abs(top_weight(scores, call(scores, share)) - share) for scores, share in tries]
    deaf = [call(scores, share) == call(scores, share + 1e-5) for scores, share in tries]
    return misses[0] > 1e-3 and max(misses) < 0.1 and all(deaf)


def the_bound(call):
    scores = np.array([0.3, 2.1, 1.2, -0.4, 0.9])
    last = call(20 * scores, 0.6)
    return {"bound": last if abs(top_weight(20 * scores, last) - 0.6) > 0.01 else call(scores / 20, 0.6)}


TEMPERATURE_FOR = Exercise(
    lesson=LESSON,
    number="4.4",
    spec=temperature_for,
    reference=search(),
    promise="Return the temperature T at which the largest weight of softmax(scores / T) is share, to .001.",
    points=2,
    difficulty=3,
    importance=3,
    minutes=7,
    hints=(
        "Try T = 1 and look at the largest weight. It is above share: should T grow or shrink?",
        "The largest weight falls steadily as T grows, so you can halve an interval: keep a T that is too sharp, a T "
        "that "
        "is too flat, and try one between them, again and again. Temperatures live on a scale of factors.",
        "Start with lo, hi = 1e-3, 1e3; a hundred times take t = (lo · hi) to the power .5, look at softmax(scores / "
        "t).max(), "
        "and move lo or hi to t.",
    ),
    inputs=temperature_inputs,
    core=False,
    alternatives=(
        "ts = np.geomspace(1e-2, 1e2, 200001)\nz = scores[None] / ts[:, None]\n"
        "e = np.exp(z - z.max(1, keepdims=True))\n"
        "return float(ts[np.abs((e / e.sum(1, keepdims=True)).max(1) - share).argmin()])",
        "lo, hi = 0.0, 1000.0\nfor _ in range(80):\n    t = (lo + hi) / 2\n"
        "    lo, hi = (t, hi) if softmax(scores / t).max() > share else (lo, t)\nreturn t",
        "lo, hi = -20.0, 20.0\nwhile hi - lo > 1e-9:\n    mid = (lo + hi) / 2\n"
        "    if softmax(scores * np.exp(-mid)).max() > share:\n        lo = mid\n    else:\n        hi = mid\n"
        "return np.exp(lo)",
    ),
    mistakes=(
        Mistake(
            "one-over-t",
            search(answer="1 / t"),
            "You returned 1/T: at your value the top weight is {top:.2f}. Scores are divided by T.",
            matches=lambda call: all(
                abs(top_weight(s, 1 / call(s, p)) - p) < 1e-3 and abs(call(s, p) - 1) > 0.01
                for s, p in ((np.array([2.0, 1, 0.5]), 0.5), (np.array([2.0, 1, 0.5]), 0.8), (np.array([1.0, 0]), 0.6))
            ),
            fill=top_at_your_t,
            question="Does a higher T make the weights sharper or flatter?",
        ),
        Mistake(
            "always-1",
            "return 1.0",
            "T = 1 changes nothing: the top weight stays {top:.2f}.",
            fill=top_at_your_t,
            question="What did you do with share?",
        ),
        Mistake(
            "proportional",
            "return softmax(scores).max() / share",
            "Weights are not proportional to 1/T: at your T the top weight is {top:.2f}, not .5.",
            fill=top_at_your_t,
            question="How could you find T by trying?",
        ),
        Mistake(
            "two-keys-only",
            "a, b = np.sort(scores)[::-1][:2]\nreturn (a - b) / np.log(share / (1 - share)) if share != 0.5 else 1.0",
            "Right for two keys. Here the others take their share too.",
            question="How much do the keys from the third on take away?",
        ),
        Mistake(
            "wrong-way",
            search(test="softmax(scores / t).max() < share"),
            "You walked the wrong way: a higher T flattens, a lower one sharpens.",
            question="The top weight is above share: which end of the interval moves?",
        ),
        Mistake(
            "smallest-weight",
            search(test="softmax(scores / t).min() > share"),
            "You set the smallest weight to the share; the largest was asked for.",
            question="Which weight does share speak of?",
        ),
        Mistake(
            "stops-at-a-bound",
            search(lo_hi="0.5, 2.0"),
            "Your search stops at {bound:.2g}; the answer for these scores lies outside.",
            matches=stops_at_a_bound,
            fill=the_bound,
            question="How wide should the first interval be?",
        ),
        Mistake(
            "too-few-steps",
            "lo, hi = 1e-3, 1e3\nfor _ in range(8):\n    t = (lo * hi) ** 0.5\n"
            "    if softmax(scores / t).max() > share:\n        lo = t\n    else:\n        hi = t\nreturn t",
            "Near, but not to .001: your search takes too wide a last step.",
            matches=nearly_there,
            question="How often must an interval be halved until a thousandth is left of it?",
        ),
        Mistake(
            "the-weight",
            search(answer="softmax(scores / t).max()"),
            "You returned the weight that is reached, {value:.2f}; return the T that reaches it.",
            fill=lambda call: {"value": call(np.array([2.0, 1, 0.5]), 0.5)},
            question="Which number of your search did the work?",
        ),
        Mistake(
            "share-of-scores",
            "return scores.max() / (share * scores.sum())",
            "Shares of the scores are no shares of the weights: exp stands between them.",
            question="How could you find T by trying?",
        ),
    ),
)


# ---------------------------------------------------------------- 4.5


def broken_rows(weights):
    """(n_q, n_k) -> (m,) ids of the rows that are no distribution, a rounding error apart."""
    broken = []
    for i, row in enumerate(weights):
        total, negative = 0.0, False
        for weight in row:
            total += weight
            negative = negative or weight < 0
        if negative or abs(total - 1) > 1e-6:
            broken.append(i)
    return np.array(broken, int)


TOO_MUCH = np.array(
    [
        [0.3, 0.2, 0.2, 0.1, 0.1, 0.1],  # .9999999999999999 in binary
        [0.1, 0.2, 0.3, 0.1, 0.2, 0.1],
        [0.3, 0.2, 0.2, 0.2, 0.1, 0.1],  # 1.1
        [0.0, 0.0, 1.0, 0.0, 0.0, 0.0],
    ]
)
NEGATIVE = np.array([[0.2, 0.3, 0.5], [0.7, 0.5, -0.2], [0.1, 0.2, 0.3], [0.25, 0.25, 0.5], [0.0, 1.0, 0.0]])


def broken_rows_inputs(rng):
    sound = shares(rng, 7, 5)
    spoilt = sound.copy()
    spoilt[[1, 4]] *= [[1.05], [0.9]]
    spoilt[5, :2] += [-1.0, 1.0]
    return [
        Case((TOO_MUCH,), says="in the first table"),
        Case((NEGATIVE,), says="in the second table"),
        Case((spoilt,)),
        Case((sound,), "property", says="when all rows are sound"),
        Case((np.zeros((3, 2)),), "property", says="with rows of zeros"),
    ]


SUMS_TO_1 = "np.abs(weights.sum(-1) - 1)"

BROKEN_ROWS = Exercise(
    lesson=LESSON,
    number="4.5",
    spec=broken_rows,
    reference=f"return np.flatnonzero(({SUMS_TO_1} > 1e-9) | (weights < 0).any(-1))",
    promise="Return the numbers of the rows that are no distribution.",
    points=1,
    difficulty=1,
    importance=4,
    minutes=3,
    hints=(
        "Two things make a row of numbers a distribution. Which of them can a computer check only nearly?",
        "Sums of floats miss 1 by a hair: compare with a tolerance. Then ask the second question, "
        "and join both answers with | before you look for the rows.",
        "np.flatnonzero of (the distance of each row's sum from 1 is above 1e-9) | (any weight of the row is below 0).",
    ),
    inputs=broken_rows_inputs,
    square=lambda rng: Case((np.array([[0.5, 0.5, 0], [0.2, 0.3, 0.6], [0.3, 0.7, 0]]),)),
    axes=("broken rows",),
    kind="int",
    alternatives=(
        "return np.array([i for i, r in enumerate(weights) if not np.isclose(r.sum(), 1) or r.min() < 0], int)",
        "ok = np.isclose(weights.sum(-1), 1) & (weights >= 0).all(-1)\nreturn np.where(~ok)[0]",
        "ok = np.isclose(weights.sum(-1), 1) & (weights >= 0).all(-1)\nreturn np.nonzero(~ok)[0]",
        "return [i for i in range(len(weights)) if abs(sum(weights[i]) - 1) > 1e-5 or min(weights[i]) < 0]",
    ),
    mistakes=(
        Mistake(
            "no-tolerance",
            "return np.flatnonzero(weights.sum(-1) != 1)",
            "You also accuse rows {rows}: .3 + .2 + .2 + .1 + .1 + .1 is .9999999999999999 in binary. Compare with a "
            "tolerance.",
            matches=lambda call: bool(hairsplitting(call)),
            fill=lambda call: {"rows": " and ".join(map(str, hairsplitting(call)))},
            question="How far from 1 may a sum of floats lie?",
        ),
        Mistake(
            "columns",
            "return np.flatnonzero(np.abs(weights.sum(-2) - 1) > 1e-9)",
            "You added up columns. Each query spends its 1 along its row.",
            question="Which axis holds the keys of one query?",
        ),
        Mistake(
            "negative-forgotten",
            f"return np.flatnonzero({SUMS_TO_1} > 1e-9)",
            "Row 1 of the second table sums to 1 and still is none: a share cannot be -.2.",
            question="What else must hold for every weight?",
        ),
        Mistake(
            "sum-forgotten",
            "return np.flatnonzero((weights < 0).any(-1))",
            "Row 2 of the first table sums to 1.1.",
            question="What must the weights of a query add up to?",
        ),
        Mistake(
            "sound-rows",
            f"return np.flatnonzero({SUMS_TO_1} < 1e-9)",
            "These are the sound rows.",
            matches=lambda call: 2 not in list(call(TOO_MUCH)) and {0, 1, 3} <= set(call(TOO_MUCH)),
            question="Which comparison turns sound into broken?",
        ),
        Mistake(
            "the-rows-themselves",
            f"return weights[{SUMS_TO_1} > 1e-9]",
            "You returned the rows; return their numbers.",
            matches=lambda call: np.ndim(call(TOO_MUCH)) == 2 and np.shape(call(TOO_MUCH))[-1] == 6,
            question="Which NumPy function turns True and False into positions?",
        ),
        Mistake(
            "too-much-only",
            "return np.flatnonzero(weights.sum(-1) > 1 + 1e-9)",
            "A row can also sum to less than 1: row 2 of the second table sums to .6.",
            question="Which function forgets on which side of 1 a sum lies?",
        ),
        Mistake(
            "too-much-or-negative",
            "return np.flatnonzero((weights.sum(-1) > 1 + 1e-9) | (weights < 0).any(-1))",
            "A row can also sum to less than 1: row 2 of the second table sums to .6.",
            question="Which function forgets on which side of 1 a sum lies?",
        ),
        Mistake(
            "yes-or-no",
            f"return ({SUMS_TO_1} > 1e-9) | (weights < 0).any(-1)",
            "You say of each row whether it is broken; return the numbers of those that are.",
            matches=lambda call: np.asarray(call(TOO_MUCH)).dtype == bool and np.shape(call(TOO_MUCH)) == (4,),
            question="Which NumPy function turns True and False into positions?",
        ),
        Mistake(
            "where-is-a-tuple",
            f"return np.where(({SUMS_TO_1} > 1e-9) | (weights < 0).any(-1))",
            "np.where returns a tuple with one array for each axis; the array itself was asked for.",
            matches=lambda call: isinstance(call(TOO_MUCH), tuple) and list(call(TOO_MUCH)[0]) == [2],
            question="Which entry of the tuple holds the rows?",
        ),
        Mistake(
            "argwhere",
            f"return np.argwhere(({SUMS_TO_1} > 1e-9) | (weights < 0).any(-1))",
            "np.argwhere gives one row of coordinates per find, (1, 1) here; wanted is a flat (1,).",
            matches=lambda call: np.shape(call(TOO_MUCH)) == (1, 1) and np.shape(call(NEGATIVE)) == (2, 1),
            question="Which function of the same family gives a flat answer?",
        ),
        Mistake(
            "how-many",
            f"return (({SUMS_TO_1} > 1e-9) | (weights < 0).any(-1)).sum()",
            "That is how many rows are broken; say which.",
            question="Which NumPy function turns True and False into positions?",
        ),
        Mistake(
            "both-at-once",
            f"return np.flatnonzero(({SUMS_TO_1} > 1e-9) & (weights < 0).any(-1))",
            "You ask for rows that break both rules; one is enough.",
            question="Which sign joins two conditions when either will do?",
        ),
    ),
)


def hairsplitting(call):
    """Rows 0 and 1 of the first table that are accused, when the truly broken row is, too."""
    found = [int(i) for i in call(TOO_MUCH)]
    return [i for i in (0, 1) if i in found] if 2 in found and 3 not in found else []


# ---------------------------------------------------------------- 4.6


def attention(Q, K, V):
    """(..., n_q, d_k), (..., n_k, d_k), (..., n_k, d_v) -> (..., n_q, d_v), one query at a time."""
    batch = np.broadcast_shapes(Q.shape[:-2], K.shape[:-2], V.shape[:-2])
    Q, K, V = (np.broadcast_to(np.asarray(A, float), batch + A.shape[-2:]) for A in (Q, K, V))
    answer = np.zeros((*batch, Q.shape[-2], V.shape[-1]))
    for *outer, i in np.ndindex(answer.shape[:-1]):
        at = tuple(outer)
        query = Q[at][i]
        scores = [sum(q * k for q, k in zip(query, key, strict=True)) / math.sqrt(len(query)) for key in K[at]]
        for weight, value in zip(weights_of(scores), V[at], strict=True):
            for feature, number in enumerate(value):
                answer[(*at, i, feature)] += weight * number
    return answer


def qkv(rng, n_q=5, n_k=7, d_k=3, d_v=11, batch=(), times=1.0):
    return tuple(times * rng.standard_normal((*batch, *shape)) for shape in ((n_q, d_k), (n_k, d_k), (n_k, d_v)))


def attention_inputs(rng):
    # Wide enough for the scaling to show, far from one weight taking all.
    Q, K, V = qkv(rng, 2, 3, 5, 7)
    far = np.array([[400.0, 0], [0, 300], [-400, 0]])
    whole = tuple(rng.integers(-3, 4, shape) for shape in ((3, 2), (5, 2), (5, 7)))
    return [
        Case(qkv(rng, times=1.6)),
        Case(qkv(rng, 3, 2, 11, 5)),
        Case((Q, K, V)),
        Case(qkv(rng, 2, 5, 3, 7, batch=(2,)), "property", says="with a batch axis"),
        Case(qkv(rng, 2, 3, 5, 1, batch=(3, 2)), "property", says="with two batch axes"),
        Case((far, far[:2], np.array([[1.0, 2, 3, 4], [5, 6, 7, 8]])), "property", says="with scores of 100,000"),
        Case(whole, "property", says="with whole numbers"),
        Case(tuple(A.astype(np.float32) for A in (Q, K, V)), "property", says="with float32"),
        Case(qkv(rng, 3, 1, 2, 5), "property", says="with a single key"),
    ]


SHOWN = qkv(np.random.default_rng(46), times=1.6)
KT = "np.swapaxes(K, -1, -2)"
SCORES = f"s = Q @ {KT} / K.shape[-1] ** 0.5\n"


def largest_weight(call):
    """The learner's largest weight and the right one, read off with V = identity."""
    Q, K, _ = SHOWN
    return {"mine": f"{call(Q, K, np.eye(7)).max():.2f}", "wanted": f"{attention(Q, K, np.eye(7)).max():.2f}"}


def shaped_like_q(call):
    """With one feature in V the answer still has as many as Q, all alike."""
    Q, K, V = SHOWN
    answer = call(Q, K, V[:, :1])
    return answer.shape == Q.shape and np.allclose(answer, attention(Q, K, V[:, :1]))


def shaped_like_k_or_v(call):
    """As many rows as there are keys: only n_q of them could ever be filled."""
    Q, K, V = SHOWN
    return call(Q[:1], K, V).shape == V.shape


ATTENTION = Exercise(
    lesson=LESSON,
    number="4.6",
    spec=attention,
    reference=SCORES + "w = softmax(s)\nreturn w @ V",
    promise="Return the output of attention: every query's mix of the values.",
    points=4,
    difficulty=2,
    importance=5,
    minutes=8,
    hints=(
        "Four steps lead from Q, K and V to the output; you have written or met each of them. Which, and in which "
        "order?",
        "Scores of all pairs, scaled; a softmax over the keys; a mix of the values. In a batch only the last two "
        "axes of K "
        "change places: which function swaps two axes and leaves the rest?",
        "Q @ np.swapaxes(K, -1, -2), divided by the root of K.shape[-1]; softmax of that; the result @ V.",
    ),
    inputs=attention_inputs,
    square=lambda rng: Case(qkv(rng, 4, 4, 4, 4, batch=(4,))),
    axes=("queries", "features"),
    picture="heat pair",
    alternatives=(
        's = np.einsum("...qd,...kd->...qk", Q, K) / np.sqrt(K.shape[-1])\nreturn softmax(s) @ V',
        f"s = (Q / K.shape[-1] ** 0.5) @ {KT}\nreturn softmax(s) @ V",
        f"return weighted_sum(softmax(scale(Q @ {KT}, Q.shape[-1])), V)",
        f"s = Q @ {KT} / K.shape[-1] ** 0.5\ne = np.exp(s - s.max(-1, keepdims=True))\n"
        "return (e @ V) / e.sum(-1, keepdims=True)",
    ),
    mistakes=(
        Mistake(
            "no-scaling",
            f"s = Q @ {KT}\nreturn softmax(s) @ V",
            "No scaling: your largest weight is {mine}, wanted {wanted}. Which line of lesson 03 is missing?",
            fill=largest_weight,
        ),
        Mistake(
            "divided-by-d-k",
            f"s = Q @ {KT} / K.shape[-1]\nreturn softmax(s) @ V",
            "You divided by dₖ = 3, not by its root: your weights are too even.",
            question="How widely do scores spread that add 3 products?",
        ),
        Mistake(
            "multiplied",
            f"s = Q @ {KT} * K.shape[-1] ** 0.5\nreturn softmax(s) @ V",
            "You multiplied by √dₖ: the spread grew.",
            question="Should the spread grow or shrink?",
        ),
        Mistake(
            "by-number-of-keys",
            f"s = Q @ {KT} / K.shape[-2] ** 0.5\nreturn softmax(s) @ V",
            "You divided by √7, the number of keys; the spread comes from the 3 features.",
            question="Which axis of K does a dot product add over?",
        ),
        Mistake(
            "fixed-number",
            f"s = Q @ {KT} / 8\nreturn softmax(s) @ V",
            "8 is √64; here dₖ is 3.",
            question="Where can you read dₖ off?",
        ),
        Mistake(
            "over-queries",
            SCORES + "w = softmax(s, axis=-2)\nreturn w @ V",
            "Your columns sum to 1, your rows do not: the softmax ran over queries.",
            question="Which axis holds the keys?",
        ),
        Mistake(
            "all-together",
            SCORES + "w = softmax(s.reshape(s.shape[:-2] + (-1,))).reshape(s.shape)\nreturn w @ V",
            "All weights together sum to 1; each query has its own 1 to spend.",
            question="Along which axis should the weights sum to 1?",
        ),
        Mistake(
            "axis-1",
            SCORES + "w = softmax(s, axis=1)\nreturn w @ V",
            "Axis 1 holds the keys in 2-D only; in a batch it holds the queries, and the softmax ran over them.",
            question="Which number means the last axis, however many there are?",
        ),
        Mistake(
            "shape-1",
            f"s = Q @ {KT} / K.shape[1] ** 0.5\nreturn softmax(s) @ V",
            "shape[1] is the number of features in 2-D only; in a batch it counts tokens.",
            variants=(f"s = Q @ {KT} / Q.shape[1] ** 0.5\nreturn softmax(s) @ V",),
            question="Which index means the last axis, however many there are?",
        ),
        Mistake(
            "all-axes-turned",
            "s = Q @ K.T / K.shape[-1] ** 0.5\nreturn softmax(s) @ V",
            "K.T turns all axes round: fine in 2-D, wrong in a batch. Swap the last two.",
            question="Which function swaps two axes and leaves the rest?",
        ),
        Mistake(
            "mixed-keys",
            SCORES + "return softmax(s) @ K",
            "You mixed the keys. Keys are for being found; values are what is handed over.",
            question="Which of the three has not been used yet?",
        ),
        Mistake(
            "best-match",
            SCORES + "w = softmax(s)\nreturn np.take_along_axis(V, w.argmax(-1)[..., None], -2)",
            "You returned the best match only: that is a lookup. A soft lookup mixes.",
            question="What do the other weights do?",
        ),
        Mistake(
            "no-maximum",
            SCORES + "w = np.exp(s) / np.exp(s).sum(-1, keepdims=True)\nreturn w @ V",
            "nan: exp of a score above 709 is infinite. Your softmax from 4.1 knows the way round.",
            question="Which line of yours could call it?",
        ),
        Mistake(
            "shaped-like-q",
            SCORES + "o = np.zeros_like(Q)\no[...] = softmax(s) @ V\nreturn o",
            "Shaped like Q: the output has d_v columns, 11, not dₖ = 3.",
            matches=shaped_like_q,
            question="Whose features does the output carry?",
        ),
        Mistake(
            "changed-q",
            f"Q /= K.shape[-1] ** 0.5\nreturn softmax(Q @ {KT}) @ V",
            "The numbers are right, but you changed the caller's Q.",
            question=NEW_ARRAY,
        ),
        Mistake(
            "zeros",
            "return np.zeros(Q.shape[:-1] + V.shape[-1:])",
            "All zeros: right shape, no attention.",
            question="Which four steps lead from Q, K and V to the output?",
        ),
        Mistake(
            "uniform",
            "return np.broadcast_to(V.mean(-2, keepdims=True), Q.shape[:-1] + V.shape[-1:]).copy()",
            "Uniform weights: every query got the same mean. The scores are not used.",
            question="What would tell one query's weights from another's?",
        ),
        Mistake(
            "no-softmax",
            SCORES + "return s @ V",
            "The scores went into the mix as they are: they do not sum to 1, and some are negative.",
            question="What turns scores into shares?",
        ),
        Mistake(
            "softmax-before-scaling",
            f"w = softmax(Q @ {KT}) / K.shape[-1] ** 0.5\nreturn w @ V",
            "You scaled the weights after the softmax: now they sum to .58. The scores are what spreads too widely.",
            question="Which of the two steps comes first?",
        ),
        Mistake(
            "softmax-twice",
            SCORES + "return softmax(softmax(s)) @ V",
            "Softmax ran twice: weights of weights are nearly even.",
            question="What is already true of the rows after the first one?",
        ),
        Mistake(
            "weights",
            SCORES + "return softmax(s)",
            "These are the weights, (5, 7); the output is the mix they make, (5, 11).",
            question="What do the weights weigh?",
        ),
        Mistake(
            "by-number-of-values-too",
            SCORES + "return softmax(s / V.shape[-1] ** 0.5) @ V",
            "You scaled by √d_v, too: only dₖ, the features that a dot product adds over, widens the scores.",
            question="Which features did the scores add over?",
        ),
        Mistake(
            "by-number-of-values",
            f"s = Q @ {KT} / V.shape[-1] ** 0.5\nreturn softmax(s) @ V",
            "You divided by √11, the features of a value; a score adds over the 3 features of query and key.",
            question="Which axis do Q and K share?",
        ),
        Mistake(
            "by-number-of-queries",
            f"s = Q @ {KT} / Q.shape[-2] ** 0.5\nreturn softmax(s) @ V",
            "You divided by √5, the number of queries; the spread comes from the 3 features.",
            question="Which axis of Q does a dot product add over?",
        ),
        Mistake(
            "not-turned",
            "s = Q @ K / K.shape[-1] ** 0.5\nreturn softmax(s) @ V",
            "Shapes do not meet: (5, 3) @ (7, 3). The features of Q must meet the features of K.",
            question="Which of the two must be turned?",
        ),
        Mistake(
            "steps-returned",
            SCORES + "w = softmax(s)\nreturn w @ V, w",
            "Two things came back. Here attention returns the output alone.",
            question="Which of the two do the later lessons build on?",
        ),
    ),
)


# ---------------------------------------------------------------- 4.7


def entropy(weights):
    """(..., n) -> (...): the mean surprise of each distribution, in bits."""
    answer = np.zeros(weights.shape[:-1])
    for row in np.ndindex(answer.shape):
        for weight in weights[row]:
            if weight > 0:
                answer[row] -= weight * math.log2(weight)
    return answer


HALVES = np.array([[0.5, 0.5]])


def entropy_inputs(rng):
    return [
        Case((HALVES,)),
        Case((np.array([[0.5, 0.25, 0.125, 0.125], [0.25, 0.25, 0.25, 0.25]]),)),
        Case((shares(rng, 5, 7),)),
        Case((shares(rng, 5),), "property", says="with a single row"),
        Case((np.array([[0.5, 0.5, 0], [0.25, 0.75, 0]]),), "property", says="when a weight is 0"),
        Case((np.array([0.0, 1, 0]),), "property", says="when one weight is 1"),
        Case((shares(rng, 2, 3, 5, 7),), "property", says="with two batch axes"),
        Case((shares(rng, 3, 5).astype(np.float32),), "property", says="with float32"),
        Case((np.full(8, 1 / 8),), "property", says="with eight equal weights"),
        Case((np.array([[1 - 3e-10, 1e-10, 2e-10]]),), "property", says="with weights near 0"),
    ]


LOG = "np.log2(np.where(weights > 0, weights, 1))"


def of_halves(call):
    return {"value": f"{np.squeeze(call(HALVES)):.7f}".rstrip("0").rstrip(".")}


ENTROPY = Exercise(
    lesson=LESSON,
    number="4.7",
    spec=entropy,
    reference=f"return -(weights * {LOG}).sum(-1)",
    promise="Return the entropy of each row of weights in bits; a weight of 0 adds nothing.",
    points=1,
    difficulty=2,
    importance=3,
    minutes=4,
    hints=(
        "Two equal weights are worth one yes-or-no question. How many questions do four equal weights need, and eight?",
        "The surprise of a weight is minus its base-2 logarithm; entropy is the mean surprise, each weighed by its "
        "weight. "
        "log 0 is -inf: which number can stand in for 0 there without changing the product?",
        "Minus the sum over the last axis of weights times np.log2 of (weights where they are above 0, else 1).",
    ),
    inputs=entropy_inputs,
    axes=("queries",),
    core=False,
    alternatives=(
        "return np.array(-(weights * np.log2(weights, out=np.zeros_like(weights), where=weights > 0)).sum(-1))",
        "return -np.nansum(weights * np.log2(weights), -1)",
        "return np.array(-(weights * np.log2(np.maximum(weights, 1e-300))).sum(axis=-1))",
        "logs = np.log(np.where(weights > 0, weights, 1)) / np.log(2)\nreturn -(weights * logs).sum(-1)",
    ),
    mistakes=(
        Mistake(
            "zero-gives-nan",
            "return -(weights * np.log2(weights)).sum(-1)",
            "nan where a weight is 0: 0 · log 0 counts as 0.",
            question="Which number can stand in for 0 inside the logarithm?",
        ),
        Mistake(
            "nats",
            "return -(weights * np.log(np.where(weights > 0, weights, 1))).sum(-1)",
            "In nats: two equal weights gave .693, wanted 1 bit.",
            question="Which logarithm counts yes-or-no questions?",
        ),
        Mistake(
            "negative",
            f"return (weights * {LOG}).sum(-1)",
            "Negative: the logarithm of a share is below 0; mind the sign.",
            question="Can a number of questions be negative?",
        ),
        Mistake(
            "not-weighed",
            f"return -{LOG}.sum(-1)",
            "Each surprise is weighed by how often it happens.",
            question="How often does a weight of one eighth surprise you?",
        ),
        Mistake(
            "one-number",
            f"return -(weights * {LOG}).sum()",
            "One number for all rows; each query has its own.",
            question="Over which axis should the sum run?",
        ),
        Mistake(
            "epsilon",
            "return -(weights * np.log2(weights + 1e-6)).sum(-1)",
            "Two equal weights gave {value}: the epsilon shifts every answer.",
            matches=lambda call: shifted_by_epsilon(call),
            fill=of_halves,
            question="Where is the only place that needs help?",
        ),
        Mistake(
            "mean",
            f"return -(weights * {LOG}).mean(-1)",
            "You averaged once more: the weights already weigh. Two equal weights gave {value}, wanted 1 bit.",
            fill=of_halves,
            question="What do the weights sum to?",
        ),
        Mistake(
            "columns",
            f"return -(weights * {LOG}).sum(0)",
            "You added down the columns; a distribution is a row.",
            question="Which axis is the last?",
        ),
        Mistake(
            "axis-1",
            f"return -(weights * {LOG}).sum(1)",
            "Axis 1 is the last one in a table only: a single row has none, and in a batch it is another.",
            question="Which number means the last axis, however many there are?",
        ),
        Mistake(
            "not-added",
            f"return -(weights * {LOG})",
            "These are the parts, one for each weight; their sum is the entropy.",
            question="Over which axis should the sum run?",
        ),
        Mistake(
            "decimal",
            "return -(weights * np.log10(np.where(weights > 0, weights, 1))).sum(-1)",
            "In decimal digits: two equal weights gave .301, wanted 1 bit.",
            question="Which logarithm counts yes-or-no questions?",
        ),
        Mistake(
            "share-of-the-most",
            f"return -(weights * {LOG}).sum(-1) / np.log2(weights.shape[-1])",
            "You divided by the most it could be: a share between 0 and 1. Wanted are bits.",
            question="How many bits do eight equal weights have?",
        ),
        Mistake(
            "perplexity",
            f"return 2 ** -(weights * {LOG}).sum(-1)",
            "Two equal weights gave {value}: that is the perplexity, how many equal keys it feels like. Its base-2 "
            "logarithm was "
            "asked for.",
            fill=of_halves,
            question="How many yes-or-no questions tell two things apart?",
        ),
    ),
)


def shifted_by_epsilon(call):
    """-sum w log2(w + eps): the small excess inside the logarithm is the same for two, four and eight weights."""
    excess = [2.0 ** -call(np.full((1, n), 1 / n))[0] - 1 / n for n in (2, 4, 8)]
    return all(1e-13 < abs(e) < 1e-2 for e in excess) and np.allclose(excess, excess[0], rtol=0.01, atol=0)


EXERCISES = (SOFTMAX, WEIGHTED_SUM, SOFTMAX_JACOBIAN, TEMPERATURE_FOR, BROKEN_ROWS, ATTENTION, ENTROPY)
