"""Lesson 02: all pairs at once, the three projections, and two other ways to score a pair."""

import math

import numpy as np

from course_lib.checks.exercise import Case, Exercise, Mistake

LESSON = "02_dot_product"


def whole(rng, *shape):
    """Small whole numbers as floats: a counter-example that can be followed by hand."""
    return rng.integers(-4, 5, shape).astype(float)


def normal(rng, *shapes):
    """One array of bell-curve numbers per shape."""
    return tuple(rng.standard_normal(shape) for shape in shapes)


def shape_of(*args):
    """A `fill`: the shape of the learner's answer to these arguments, as {shape}."""
    return lambda call: {"shape": np.shape(call(*args))}


def product(A, B):
    """Matrix product, one entry at a time."""
    answer = np.zeros((A.shape[0], B.shape[1]))
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            for f in range(A.shape[1]):
                answer[i, j] += A[i, f] * B[f, j]
    return answer


# ---------------------------------------------------------------- 2.1


def dot_scores(Q, K):
    """(n_q, d_k), (n_k, d_k) -> (n_q, n_k): entry [i, j] = query i . key j."""
    scores = np.zeros((len(Q), len(K)))
    for i, query in enumerate(Q):
        for j, key in enumerate(K):
            for q, k in zip(query, key, strict=True):
                scores[i, j] += q * k
    return scores


def dot_scores_inputs(rng):
    shown = whole(rng, 5, 3), whole(rng, 7, 3)
    shown[0][0], shown[1][0] = [1, 2, 3], [4, 5, 6]  # 32, and 14 with itself
    holed = rng.standard_normal((3, 5))
    holed[1] = 0
    return [
        Case(shown),
        Case(normal(rng, (2, 11), (3, 11))),
        Case((rng.standard_normal((2, 5)), holed), "property", says="with a key of zeros"),
        Case(normal(rng, (1, 7), (5, 7)), "property", says="with a single query"),
        Case((rng.integers(-9, 10, (3, 2)), rng.integers(-9, 10, (7, 2))), "property", says="with integers"),
    ]


PAIRS = np.arange(15.0).reshape(5, 3), np.arange(21.0).reshape(7, 3)

DOT_SCORES = Exercise(
    lesson=LESSON,
    number="2.1",
    spec=dot_scores,
    reference="return Q @ K.T",
    promise="Return one row per query: its dot product with every key.",
    points=1,
    difficulty=1,
    importance=5,
    minutes=5,
    hints=(
        "Five queries and seven keys: how many scores are there, and which shape holds them?",
        "A matrix product takes rows from the left and columns from the right. "
        "Your keys are rows: what has to happen to them?",
        "Q @ ..., where K is turned so that its features stand on the first axis.",
    ),
    inputs=dot_scores_inputs,
    square=lambda rng: Case(normal(rng, (3, 3), (3, 3))),
    axes=("queries", "keys"),
    alternatives=(
        'return np.einsum("id,jd->ij", Q, K)',
        "return np.array([[q @ k for k in K] for q in Q])",
        "return np.inner(Q, K)",
        "return (Q[:, None] * K[None]).sum(-1)",
        "return (K @ Q.T).T",
    ),
    mistakes=(
        Mistake(
            "transposed",
            "return K @ Q.T",
            "Transposed: row i must be query i. Yours is {shape}, wanted (5, 7).",
            fill=shape_of(*PAIRS),
            question="Which of the two should stand left in the product?",
        ),
        Mistake(
            "elementwise",
            "return Q * K",
            "An elementwise product pairs query i with key i only; every query meets every key.",
            question="How many scores do 5 queries and 7 keys make?",
        ),
        Mistake(
            "averaged",
            "return (Q[:, None] * K[None]).mean(-1)",
            "You averaged over features: your scores are 3 times too small. A dot product adds.",
            question="What gathers the products: a mean or a sum?",
        ),
        Mistake(
            "not-added",
            "return Q[:, None] * K[None]",
            "Three axes, {shape}: the features are multiplied but not added.",
            fill=shape_of(*PAIRS),
            question="Which axis should be gone?",
        ),
        Mistake(
            "cosines",
            "return (Q / np.linalg.norm(Q, axis=1, keepdims=True)) @ (K / np.linalg.norm(K, axis=1, keepdims=True)).T",
            "Cosines: lengths are gone. Here length counts.",
            question="What did you divide away?",
        ),
        Mistake(
            "already-scaled",
            "return Q @ K.T / K.shape[-1] ** 0.5",
            "Already scaled: that is lesson 03. Here the bare dot product.",
            question="Which part of your line is one too many?",
        ),
        Mistake(
            "squared-distance",
            "return -((Q[:, None] - K[None]) ** 2).sum(-1)",
            "Minus squared distance: near, but it punishes long keys; score(q, 0) should be 0.",
            question="What should a query and a key of zeros score?",
        ),
        Mistake(
            "not-turned",
            "return Q @ K",
            "The shapes do not meet: in (5, 3) @ (7, 3) the 3 features of a query would have to meet 7 keys. "
            "Which of the two must be turned?",
        ),
        Mistake(
            "queries-turned",
            "return Q.T @ K",
            "You turned the queries, so that features meet features of all tokens at once. "
            "Queries stay rows; it is the keys that turn.",
            question="Which sizes meet in your product, and which should?",
        ),
        Mistake(
            "one-key-each",
            "return np.array([q @ k for q, k in zip(Q, K)])",
            "zip pairs query i with key i only and stops at the shorter list: {shape}, wanted (5, 7). "
            "Every query meets every key.",
            fill=shape_of(*PAIRS),
            question="How many scores do 5 queries and 7 keys make?",
        ),
        Mistake(
            "paired",
            "return (Q * K).sum(-1)",
            "You paired query i with key i, which needs as many keys as queries; every query meets every key.",
            question="How many scores do 5 queries and 7 keys make?",
        ),
        Mistake(
            "one-number-each",
            "return (Q @ K.T).sum(-1)",
            "One number per query: you added up its scores. Keep one for each key, {wanted} in all.",
            fill=lambda call: {"wanted": len(PAIRS[1])},
            question="Which axis did you add over?",
        ),
    ),
)

# ---------------------------------------------------------------- 2.2


def project(X, W_q, W_k, W_v):
    """(n, d_model) and three matrices -> Q (n, d_k), K (n, d_k), V (n, d_v)."""
    return product(X, W_q), product(X, W_k), product(X, W_v)


def project_inputs(rng):
    def tokens_and_weights(n, d_model, d_k, d_v):
        return normal(rng, (n, d_model), (d_model, d_k), (d_model, d_k), (d_model, d_v))

    whole_numbers = tuple(rng.integers(-4, 5, shape) for shape in ((3, 5), (5, 2), (5, 2), (5, 7)))
    return [
        Case((whole(rng, 5, 4), whole(rng, 4, 3), whole(rng, 4, 3), whole(rng, 4, 7))),
        Case(tokens_and_weights(3, 11, 2, 5)),
        Case(tokens_and_weights(1, 5, 3, 2), "property", says="with a single token"),
        Case(whole_numbers, "property", says="with integers"),
    ]


TOKENS = (np.ones((5, 4)), np.ones((4, 3)), np.ones((4, 3)), np.ones((4, 7)))

PROJECT = Exercise(
    lesson=LESSON,
    number="2.2",
    spec=project,
    reference="return X @ W_q, X @ W_k, X @ W_v",
    promise="Return Q, K and V: every token seen through three matrices.",
    points=1,
    difficulty=1,
    importance=5,
    minutes=4,
    hints=(
        "Each token has 4 features and needs 3 as a query. On which axis of each matrix do the 4 stand?",
        "One matrix product for each of the three, tokens on the left. "
        "Python returns several things with commas between them.",
        "X @ W_q is the first of the three. Mind the order: queries, keys, values.",
    ),
    inputs=project_inputs,
    square=lambda rng: Case(normal(rng, (3, 3), (3, 3), (3, 3), (3, 3))),
    parts=("Q", "K", "V"),
    axes=(("tokens", "features"),) * 3,
    alternatives=(
        'return tuple(np.einsum("nd,de->ne", X, W) for W in (W_q, W_k, W_v))',
        "return np.dot(X, W_q), np.dot(X, W_k), np.dot(X, W_v)",
        "return [X @ W for W in (W_q, W_k, W_v)]",
        "return np.split(X @ np.concatenate([W_q, W_k, W_v], 1), [W_q.shape[1], 2 * W_q.shape[1]], axis=1)",
    ),
    mistakes=(
        Mistake(
            "weights-on-the-left",
            "return W_q.T @ X, W_k.T @ X, W_v.T @ X",
            "Shapes do not meet: features are the last axis of X, so X stands left: (5, 4) @ (4, 3).",
            question="Which sizes meet in your product, and which should?",
        ),
        Mistake(
            "w-q-twice",
            "return X @ W_q, X @ W_q, X @ W_v",
            "Your K equals your Q: you used W_q twice.",
            question="Which matrix makes the keys?",
        ),
        Mistake(
            "q-and-k-exchanged",
            "return X @ W_k, X @ W_q, X @ W_v",
            "Q and K are exchanged: with these, who asks is who is asked.",
            question="Which matrix makes the queries?",
        ),
        Mistake(
            "w-k-twice",
            "return X @ W_q, X @ W_k, X @ W_k",
            "Your V equals your K: what is found is not what is handed over.",
            question="Which matrix makes the values?",
        ),
        Mistake(
            "v-not-projected",
            "return X @ W_q, X @ W_k, X",
            "V is not projected: shape {shape}, wanted (5, 7).",
            fill=lambda call: {"shape": np.shape(call(*TOKENS)[2])},
            question="Which matrix makes the values?",
        ),
        Mistake(
            "transposed",
            "return (X @ W_q).T, (X @ W_k).T, (X @ W_v).T",
            "Transposed: one row per token. Yours is {shape}, wanted (5, 3).",
            fill=lambda call: {"shape": np.shape(call(*TOKENS)[0])},
            question="Which axis counts the tokens?",
        ),
        Mistake(
            "k-and-v-exchanged",
            "return X @ W_q, X @ W_v, X @ W_k",
            "K and V are exchanged: the order is queries, keys, values.",
            question="What is the second thing that comes back?",
        ),
        Mistake(
            "weights-turned",
            "return X @ W_q.T, X @ W_k.T, X @ W_v.T",
            "You turned the matrices. They come as (d_model, d_k), ready to stand right of X: (5, 4) @ (4, 3).",
            question="Which sizes meet in your product, and which should?",
        ),
        Mistake(
            "left-without-turning",
            "return W_q @ X, W_k @ X, W_v @ X",
            "Shapes do not meet: (4, 3) @ (5, 4). In NumPy a token is a row, so X stands left.",
            question="Which sizes meet in your product, and which should?",
        ),
        Mistake(
            "chained",
            "Q = X @ W_q\nK = Q @ W_k\nreturn Q, K, K @ W_v",
            "You projected the projection: K was made from Q. All three start from X.",
            question="What stands on the left of W_k?",
        ),
        Mistake(
            "summed-over-tokens",
            "return (X @ W_q).sum(0), (X @ W_k).sum(0), (X @ W_v).sum(0)",
            "One query for the whole sentence: you added over the tokens. Each token keeps a row of its own: "
            "yours is {shape}, wanted (5, 3).",
            fill=lambda call: {"shape": np.shape(call(*TOKENS)[0])},
            question="How many queries do 5 tokens ask?",
        ),
        Mistake(
            "summed-over-features",
            "return (X @ W_q).sum(-1), (X @ W_k).sum(-1), (X @ W_v).sum(-1)",
            "One number per token: @ has added up the products already, and your sum adds up the features of the query "
            "too. Yours is {shape}, wanted (5, 3).",
            fill=lambda call: {"shape": np.shape(call(*TOKENS)[0])},
            question="What does @ leave to be added?",
        ),
        Mistake(
            "added-together",
            "return X @ W_q + X @ W_k + X @ W_v",
            "You added queries, keys and values to one array. They are three answers: return them side by side.",
            question="How does a Python function return three things?",
            variants=("return X @ (W_q + W_k + W_v)",),
        ),
        Mistake(
            "elementwise",
            "return X * W_q, X * W_k, X * W_v",
            "* multiplies entry by entry, and the shapes (5, 4) and (4, 3) have no entries to pair. "
            "A feature of the query is a sum over all features of the token.",
            question="Which sign multiplies and adds?",
            variants=(
                "return (X * W_q).sum(-1), (X * W_k).sum(-1), (X * W_v).sum(-1)",
                "return (X * W_q).sum(0), (X * W_k).sum(0), (X * W_v).sum(0)",
                "return (X * W_q).sum(), (X * W_k).sum(), (X * W_v).sum()",
            ),
        ),
        Mistake(
            "glued",
            "return np.concatenate([X @ W_q, X @ W_k, X @ W_v], axis=-1)",
            "One array {shape}: the three stand glued together. Return three arrays, with commas between them.",
            fill=shape_of(*TOKENS),
            question="How does a Python function return three things?",
        ),
    ),
)

# ---------------------------------------------------------------- 2.3


def additive_scores(Q, K, W, v):
    """(n_q, d_q), (n_k, d_k), (d_q + d_k, d_hidden), (d_hidden,) -> (n_q, n_k): tanh([q; k] @ W) @ v."""
    scores = np.zeros((len(Q), len(K)))
    for i, query in enumerate(Q):
        for j, key in enumerate(K):
            joined = [*query, *key]
            for hidden, weight in enumerate(v):
                total = sum(x * W[row, hidden] for row, x in enumerate(joined))
                scores[i, j] += math.tanh(total) * weight
    return scores


def additive_inputs(rng):
    # d_q + d_k is odd and d_q no half of it: a W cut in the middle cannot pass
    return [
        Case(normal(rng, (5, 2), (7, 11), (13, 3), (3,))),
        Case(normal(rng, (2, 7), (3, 5), (12, 11), (11,))),
        Case((np.zeros((2, 3)), *normal(rng, (5, 2), (5, 7), (7,))), "property", says="with queries of zeros"),
        Case(normal(rng, (3, 2), (1, 5), (7, 11), (11,)), "property", says="with a single key"),
    ]


QK = "n_q, n_k = len(Q), len(K)\nqk = np.concatenate([np.repeat(Q[:, None], n_k, 1), np.repeat(K[None], n_q, 0)], -1)\n"


def only_equal_sizes(call):
    """Right where d_q = d_k, a stop everywhere else: no wrong number ever shows it."""
    rng = np.random.default_rng(0)
    equal, unequal = normal(rng, (3, 3), (3, 3), (6, 3), (3,)), normal(rng, (5, 2), (7, 11), (13, 3), (3,))
    try:
        call(*unequal)
    except Exception:
        return np.allclose(call(*equal), additive_scores(*equal))
    return False


ADDITIVE_SHOWN = (np.zeros((5, 2)), np.zeros((7, 11)), np.ones((13, 3)), np.array([1.0, 2, 4]))

ADDITIVE = Exercise(
    lesson=LESSON,
    number="2.3",
    spec=additive_scores,
    reference=QK + "return np.tanh(qk @ W) @ v",
    promise="Return the score of every pair by a small network: tanh([q; k] @ W) @ v.",
    points=3,
    difficulty=3,
    importance=3,
    minutes=9,
    hints=(
        "Before any product: how many numbers does one joined pair [q; k] hold, and how many pairs are there?",
        "Two ways lead there. Lay out all pairs in one array (n_q, n_k, d_q + d_k); np.repeat makes the copies. "
        "Or cut W into the rows that meet the query and the rows that meet the key, and let broadcasting pair them.",
        "With d = Q.shape[-1]: Q @ W[:d] is (n_q, d_hidden), K @ W[d:] is (n_k, d_hidden). "
        "Give one of them a new axis 1, the other a new axis 0, add, bend with np.tanh, weigh with v.",
    ),
    inputs=additive_inputs,
    square=lambda rng: Case(normal(rng, (3, 3), (3, 3), (6, 3), (3,))),
    axes=("queries", "keys"),
    core=False,
    alternatives=(
        "d = Q.shape[-1]\nreturn np.tanh((Q @ W[:d])[:, None] + (K @ W[d:])[None]) @ v",
        "return np.array([[np.tanh(np.concatenate([q, k]) @ W) @ v for k in K] for q in Q])",
        "a, b = np.split(W, [Q.shape[-1]])\nh = np.tanh(np.expand_dims(Q @ a, 1) + K @ b)\nreturn (h * v).sum(-1)",
    ),
    mistakes=(
        Mistake(
            "no-tanh",
            QK + "return qk @ W @ v",
            "No tanh: every query now ranks the keys alike; all rows of weights are equal. What bends the sum?",
        ),
        Mistake(
            "tanh-outside",
            QK + "return np.tanh(qk @ W @ v)",
            "tanh is outside: all your scores lie between -1 and 1 and every query ranks the keys alike. "
            "Bend first, then weigh with v.",
            question="What does your tanh bend: hidden units, or one number for each pair?",
        ),
        Mistake(
            "v-missing",
            QK + "return np.tanh(qk @ W).sum(-1)",
            "v is missing: you added the hidden units with equal weight.",
            question="How much should each hidden unit count?",
        ),
        Mistake(
            "sigmoid",
            QK + "return 1 / (1 + np.exp(-(qk @ W))) @ v",
            "A sigmoid instead of tanh: with v = [1, 2, 4] the score of zero vectors is {value:g}, wanted 0.",
            fill=lambda call: {"value": call(*ADDITIVE_SHOWN)[0, 0]},
            question="Which curve passes through 0 at 0?",
        ),
        Mistake(
            "multiplied",
            "d = Q.shape[-1]\nreturn np.tanh((Q @ W[:d])[:, None] * (K @ W[d:])[None]) @ v",
            "You multiplied the two parts. [q; k] @ W adds them: hence the name.",
            question="What does a matrix product do with its terms?",
        ),
        Mistake(
            "key-first",
            "n_q, n_k = len(Q), len(K)\n"
            "qk = np.concatenate([np.repeat(K[None], n_q, 0), np.repeat(Q[:, None], n_k, 1)], -1)\n"
            "return np.tanh(qk @ W) @ v",
            "You joined [k; q]: the first rows of W belong to the query.",
            question="Which comes first in [q; k]?",
        ),
        Mistake(
            "one-row",
            "d = Q.shape[-1]\nreturn np.tanh((Q @ W[:d]).sum(0) + K @ W[d:]) @ v",
            "One row for all queries: shape {shape}, wanted (5, 7).",
            fill=shape_of(*ADDITIVE_SHOWN),
            question="Which axis did you add away?",
        ),
        Mistake(
            "transposed",
            "d = Q.shape[-1]\nreturn np.tanh((Q @ W[:d])[None] + (K @ W[d:])[:, None]) @ v",
            "Transposed: rows are queries. Yours is {shape}, wanted (5, 7).",
            fill=shape_of(*ADDITIVE_SHOWN),
            question="Which of the two parts needs a new axis in the middle?",
        ),
        Mistake(
            "tanh-too-early",
            QK + "return np.tanh(qk) @ W @ v",
            "You bent the features before W mixed them: every query still ranks the keys alike. Mix, bend, weigh.",
            question="What should be bent: features, or hidden units?",
        ),
        Mistake(
            "not-added",
            QK + "return np.tanh(qk @ W) * v",
            "Weighed with v but not added: {shape}, wanted (5, 7).",
            fill=shape_of(*ADDITIVE_SHOWN),
            question="Which product adds over the hidden units?",
        ),
        Mistake(
            "sizes-mixed-up",
            "d = K.shape[-1]\nreturn np.tanh((Q @ W[:d])[:, None] + (K @ W[d:])[None]) @ v",
            "Right only when queries and keys have the same size: somewhere one size stands for another. "
            "W has d_q + d_k rows, and the first d_q of them belong to the query.",
            matches=only_equal_sizes,
            question="How many rows of W meet the query?",
        ),
    ),
)

# ---------------------------------------------------------------- 2.4


def multiplicative_scores(Q, K, W):
    """(n_q, d_q), (n_k, d_k), (d_q, d_k) -> (n_q, n_k): entry [i, j] = q_i W k_j."""
    scores = np.zeros((len(Q), len(K)))
    for i, query in enumerate(Q):
        for j, key in enumerate(K):
            for row, q in enumerate(query):
                for column, k in enumerate(key):
                    scores[i, j] += q * W[row, column] * k
    return scores


def multiplicative_inputs(rng):
    return [
        Case((whole(rng, 5, 3), whole(rng, 7, 2), whole(rng, 3, 2))),
        Case(normal(rng, (2, 5), (3, 11), (5, 11))),
        Case(normal(rng, (1, 3), (5, 2), (3, 2)), "property", says="with a single query"),
        Case(tuple(rng.integers(-4, 5, s) for s in ((3, 2), (2, 7), (2, 7))), "property", says="with integers"),
    ]


MULTIPLICATIVE_SHOWN = (np.ones((5, 3)), np.ones((7, 2)), np.ones((3, 2)))

MULTIPLICATIVE = Exercise(
    lesson=LESSON,
    number="2.4",
    spec=multiplicative_scores,
    reference="return Q @ W @ K.T",
    promise="Return the score q W k of every query with every key.",
    points=1,
    difficulty=2,
    importance=4,
    minutes=4,
    hints=(
        "A query has d_q features and a key d_k. Which of the two meets the rows of W?",
        "First bring the queries to the size of the keys. After that it is exercise 2.1 again.",
        "Q @ W is (n_q, d_k). One more product, with the keys turned, and every pair has its score.",
    ),
    inputs=multiplicative_inputs,
    square=lambda rng: Case(normal(rng, (3, 3), (3, 3), (3, 3))),
    axes=("queries", "keys"),
    alternatives=(
        'return np.einsum("id,de,je->ij", Q, W, K)',
        "return np.array([[q @ W @ k for k in K] for q in Q])",
        "return Q @ (K @ W.T).T",
        "return dot_scores(Q @ W, K)",
        "return (K @ (Q @ W).T).T",
    ),
    mistakes=(
        Mistake(
            "transposed",
            "return K @ W.T @ Q.T",
            "Transposed: rows are queries. Yours is {shape}, wanted (5, 7).",
            fill=shape_of(*MULTIPLICATIVE_SHOWN),
            question="Which of the two should stand left?",
        ),
        Mistake(
            "w-not-used",
            "return Q @ K.T",
            "W is not used; with d_q ≠ d_k it could not even run.",
            question="What makes a query as long as a key?",
        ),
        Mistake(
            "w-turned",
            "return Q @ W.T @ K.T",
            "W stands the wrong way round: rows of W belong to q. With a square W no error warns you.",
            question="Which sizes should meet in the first product?",
        ),
        Mistake(
            "tanh",
            "return np.tanh(Q @ W @ K.T)",
            "No tanh here: that is the additive score.",
            question="Which part of your line is one too many?",
        ),
        Mistake(
            "not-added",
            "return (Q @ W)[:, None] * K[None]",
            "The last product is not added over features: {shape}, wanted (5, 7).",
            fill=shape_of(*MULTIPLICATIVE_SHOWN),
            question="Which product adds over the features?",
        ),
        Mistake(
            "keys-not-turned",
            "return Q @ W @ K",
            "The keys are not turned: (5, 2) @ (7, 2) does not meet. Features must meet features.",
            question="Which of the two must be turned?",
        ),
        Mistake(
            "w-outside",
            "return Q @ K.T @ W",
            "W stands outside: Q @ K.T alone lets 3 features of a query meet 2 of a key. "
            "W belongs between the two, where it turns a query into something as long as a key.",
            question="Which two shapes must meet first?",
            variants=("return W @ Q @ K.T",),
        ),
        Mistake(
            "keys-meet-rows",
            "return K @ W @ Q.T",
            "Rows of W belong to q and columns to k; you gave them to each other. "
            "With a square W it runs, transposed and wrong.",
            question="Which axis of W belongs to the query?",
        ),
        Mistake(
            "already-scaled",
            "return Q @ W @ K.T / K.shape[-1] ** 0.5",
            "Already scaled: that is lesson 03. Here the bare score.",
            question="Which part of your line is one too many?",
        ),
        Mistake(
            "averaged",
            "return ((Q @ W)[:, None] * K[None]).mean(-1)",
            "You averaged over features: your scores are 2 times too small. A dot product adds.",
            question="What gathers the products: a mean or a sum?",
        ),
    ),
)

# ---------------------------------------------------------------- 2.5


def top_key(scores):
    """(n_q, n_k) -> (n_q,): for each row the column of its largest score, the first where several tie."""
    winners = []
    for row in scores:
        winner = 0
        for key, score in enumerate(row):
            if score > row[winner]:
                winner = key
        winners.append(winner)
    return np.array(winners)


def top_key_inputs(rng):
    tied = rng.standard_normal((2, 5))
    tied[1] = 0
    return [
        Case((rng.permutation(35).reshape(5, 7) - 20.0,)),
        Case((rng.standard_normal((7, 11)),)),
        Case((-1 - rng.random((11, 3)),), "property", says="with scores all below 0"),
        Case((tied,), "property", says="with a row where all keys tie"),
    ]


TOP_SHOWN = (np.arange(35.0).reshape(5, 7),)

TOP_KEY = Exercise(
    lesson=LESSON,
    number="2.5",
    spec=top_key,
    reference="return scores.argmax(-1)",
    promise="Return for each query the number of the key it scores highest.",
    points=1,
    difficulty=1,
    importance=4,
    minutes=3,
    hints=(
        "Is the answer a score or the place of a score? How many of them are there?",
        "NumPy has a function for the place of the largest entry. Say along which axis the keys stand.",
        "scores.argmax(...): the keys are the last axis.",
    ),
    inputs=top_key_inputs,
    square=lambda rng: Case((rng.standard_normal((3, 3)),)),
    axes=("queries",),
    kind="int",
    alternatives=(
        "return np.array([np.argmax(r) for r in scores])",
        "return np.argmax(scores, axis=1)",
        'return np.argsort(-scores, axis=-1, kind="stable")[:, 0]',
    ),
    mistakes=(
        Mistake(
            "down-the-columns",
            "return scores.argmax(0)",
            "You answered for each key which query likes it best. Rows are queries.",
            question="Along which axis do the keys stand?",
        ),
        Mistake(
            "one-for-all",
            "return scores.argmax()",
            "One number for the whole matrix; every query has its own favourite.",
            question="How many queries are there?",
        ),
        Mistake(
            "the-scores",
            "return scores.max(-1)",
            "These are the scores; return which key.",
            question="Which function returns the place instead of the value?",
        ),
        Mistake(
            "least",
            "return scores.argmin(-1)",
            "That is the key each query likes least. (argsort goes upwards, too.)",
            question="Which end of the order do you want?",
        ),
        Mistake(
            "whole-order",
            "return np.argsort(-scores, -1)",
            "The whole order; only the first was asked for: shape (5,), not {shape}.",
            fill=shape_of(*TOP_SHOWN),
            question="Which column of it holds the first choices?",
        ),
        Mistake(
            "size-only",
            "return np.abs(scores).argmax(-1)",
            "You looked at sizes: a score of -20 is low, not high. The sign counts.",
            question="Which score is higher, -20 or 3?",
        ),
        Mistake(
            "counted-from-one",
            "return scores.argmax(-1) + 1",
            "Off by one: keys count from 0.",
            question="Which number does the first key bear?",
        ),
        Mistake(
            "marked",
            "return scores == scores.max(-1, keepdims=True)",
            "You marked the place of the winner. Return its number: shape (5,), not {shape}.",
            fill=shape_of(*TOP_SHOWN),
            question="Which function returns the place itself?",
        ),
        Mistake(
            "kept-the-axis",
            "return scores.argmax(-1, keepdims=True)",
            "The right keys with an axis too many: shape (5,), not {shape}.",
            fill=shape_of(*TOP_SHOWN),
            question="Which argument kept the axis?",
        ),
        Mistake(
            "last-of-a-tie",
            'return np.argsort(scores, -1, kind="stable")[:, -1]',
            "Where keys tie, yours takes the last; we agreed on the lower number. argmax does so by itself.",
            question="From which end did you read the order?",
        ),
    ),
)

EXERCISES = (DOT_SCORES, PROJECT, ADDITIVE, MULTIPLICATIVE, TOP_KEY)
