"""Lesson 06: features cut into heads, attention in each, put together again; what it costs; two heads by hand."""

import math

import numpy as np

from course_lib.checks.dot_product import normal, product
from course_lib.checks.exercise import Case, Exercise, Mistake, drawn
from course_lib.checks.masking import ONLY_THE_OUTPUT, WITHOUT_IT, asks_for_the_output
from course_lib.checks.softmax import weights_of

LESSON = "06_multi_head"


def tagged(*shape):
    """Numbers that say where they stand: entry [1, 2] is 12, entry [1, 2, 3] is 123."""
    places = np.indices(shape)
    return sum(10.0 ** (len(shape) - 1 - axis) * place for axis, place in enumerate(places))


def shape_of(*args):
    """A `fill`: the shape of the learner's answer to these arguments, as {shape}."""
    return lambda call: {"shape": np.shape(call(*args))}


# ---------------------------------------------------------------- 6.1


def split_heads(X, n_heads):
    """(..., n, d_model) -> (..., n_heads, n, d_head): head h has features h * d_head and the next ones."""
    *batch, n, d_model = X.shape
    d_head = d_model // n_heads
    heads = np.zeros((*batch, n_heads, n, d_head))
    for *outer, head, token, feature in np.ndindex(heads.shape):
        heads[(*outer, head, token, feature)] = X[(*outer, token, head * d_head + feature)]
    return heads


SIX_FEATURES = tagged(4, 6), 3


def split_heads_inputs(rng):
    return [
        Case(SIX_FEATURES),
        Case((rng.standard_normal((5, 33)), 3)),
        Case((rng.standard_normal((3, 14)), 2)),
        Case((rng.standard_normal((2, 5, 21)), 3), "property", says="with a batch axis"),
        Case((rng.standard_normal((2, 3, 5, 14)), 7), "property", says="with two batch axes"),
        Case((rng.standard_normal((5, 7)), 1), "property", says="with a single head"),
        Case((rng.standard_normal((3, 5)), 5), "property", says="with one feature for each head"),
        Case((rng.integers(-9, 10, (3, 10)), 2), "property", says="with whole numbers"),
        Case((rng.standard_normal((1, 15)).astype(np.float32), 3), "property", says="with a single token, in float32"),
    ]


CUT = "X.reshape(*X.shape[:-1], n_heads, -1)"


def right_without_a_batch(call, flat, batched, right):
    """Right for one sentence, and a stop as soon as a batch stands in front."""
    return np.allclose(call(*flat), right(*flat)) and stops(call, batched)


def stops(call, args):
    try:
        call(*args)
    except Exception:
        return True
    return False


SPLIT_HEADS = Exercise(
    lesson=LESSON,
    number="6.1",
    spec=split_heads,
    reference=f"return np.swapaxes({CUT}, -2, -3)",
    promise="Cut the features of every token into n_heads parts, one for each head, and put the heads in front.",
    points=3,
    difficulty=3,
    importance=5,
    minutes=8,
    hints=(
        "Token 0 has the features 0 to 5, and there are 3 heads. Which features go to head 0, and does it also get "
        "some of token 1?",
        "Two steps: cut the last axis into two, heads and features of a head; then let the heads and the tokens "
        "change places. A reshape alone can do the first and never the second. Count axes from the end.",
        "Reshape X to (*X.shape[:-1], n_heads, -1), which is (..., n, n_heads, d_head); then np.swapaxes of the axes "
        "-2 and -3.",
    ),
    inputs=split_heads_inputs,
    square=lambda rng: Case((rng.standard_normal((4, 4)), 2)),
    axes=("heads", "tokens", "features"),
    alternatives=(
        f"return np.moveaxis({CUT}, -2, -3)",
        "return np.stack(np.split(X, n_heads, axis=-1), -3)",
        "d = X.shape[-1] // n_heads\nreturn np.stack([X[..., h * d:(h + 1) * d] for h in range(n_heads)], axis=-3)",
        f"h = {CUT}\naxes = list(range(h.ndim))\naxes[-3], axes[-2] = axes[-2], axes[-3]\nreturn h.transpose(axes)",
        'return np.einsum("...nhd->...hnd", X.reshape(X.shape[:-1] + (n_heads, X.shape[-1] // n_heads)))',
    ),
    mistakes=(
        Mistake(
            "reshaped-only",
            "return X.reshape(*X.shape[:-2], n_heads, X.shape[-2], -1)",
            "Right shape, wrong numbers: head 0 holds whole tokens instead of features 0-1 of every token. Look at "
            "head 0, not at the round trip.",
            question="Which features of token 3 does head 0 hold?",
            variants=("return X.reshape(n_heads, X.shape[-2], -1)",),
        ),
        Mistake(
            "tokens-first",
            f"return {CUT}",
            "Token axis first: {shape}, wanted (3, 4, 2). Heads come before tokens.",
            fill=shape_of(*SIX_FEATURES),
            question="Which function lets two axes change places?",
        ),
        Mistake(
            "features-for-heads",
            "return np.swapaxes(X.reshape(*X.shape[:-1], -1, n_heads), -2, -3)",
            "You made n_heads features per head instead of n_heads heads.",
            question="In which order should the new axes of the reshape stand?",
        ),
        Mistake(
            "axis-0",
            f"return np.swapaxes({CUT}, 0, 1)",
            "Right for one sentence; with a batch in front, axis 0 is the batch. Count axes from the end.",
            question="Which numbers mean the second and the third axis from the end?",
        ),
        Mistake(
            "all-features-each",
            "return np.stack([X] * n_heads, -3)",
            "Every head got all features: d_head should be 2, yours is {d_head}.",
            fill=lambda call: {"d_head": np.shape(call(*SIX_FEATURES))[-1]},
            question="How many features are left for each of 3 heads, when there are 6?",
        ),
        Mistake(
            "first-features-for-all",
            "return np.stack([X[..., :X.shape[-1] // n_heads]] * n_heads, -3)",
            "All heads hold the same first features.",
            question="Which features are left for head 1?",
        ),
        Mistake(
            "interleaved",
            "return np.stack([X[..., h::n_heads] for h in range(n_heads)], -3)",
            "You dealt the features out like cards: head 0 holds 0 and 3. They stay together: 0 and 1.",
            question="Which features are the neighbours of feature 0?",
            variants=("return np.moveaxis(X.reshape(*X.shape[:-1], -1, n_heads), -1, -3)",),
        ),
        Mistake(
            "features-before-tokens",
            "return np.swapaxes(X, -1, -2).reshape(*X.shape[:-2], n_heads, -1, X.shape[-2])",
            "Inside a head tokens and features are exchanged: {shape}, wanted (3, 4, 2).",
            fill=shape_of(*SIX_FEATURES),
            question="Which axis stands last in every array of tokens?",
        ),
        Mistake(
            "heads-last",
            "return np.moveaxis(X.reshape(*X.shape[:-1], n_heads, -1), -2, -1)",
            "The heads stand last: {shape}, wanted (3, 4, 2). They come before the tokens.",
            fill=shape_of(*SIX_FEATURES),
            question="Between which two axes do the heads belong?",
        ),
        Mistake(
            "heads-before-the-batch",
            "return np.stack(np.split(X, n_heads, axis=-1))",
            "Right for one sentence; with a batch the heads came before it: they belong right before the tokens.",
            question="Which axis number of np.stack counts from the end?",
        ),
        Mistake(
            "tokens-cut",
            "return np.stack(np.split(X, n_heads, axis=-2), -3)",
            "You shared out the tokens: every head should see all tokens, and a part of their features.",
            question="Which axis holds the features?",
        ),
        Mistake(
            "shape-0",
            "return X.reshape(X.shape[0], n_heads, -1).swapaxes(-2, -3)",
            "Right for one sentence; with a batch X.shape[0] is the batch, and the tokens ran together. Count axes "
            "from the end.",
            question="Which part of X.shape must stay as it is, however many axes there are?",
        ),
        Mistake(
            "axes-listed",
            "n, d_model = X.shape\nreturn X.reshape(n, n_heads, d_model // n_heads).transpose(1, 0, 2)",
            "Right for one sentence; with a batch in front your line stops. Count axes from the end.",
            matches=lambda call: right_without_a_batch(call, SIX_FEATURES, (tagged(2, 4, 6), 3), split_heads),
            question="Which function swaps two axes and leaves the rest, however many there are?",
        ),
        Mistake(
            "zeros",
            "return np.zeros((*X.shape[:-2], n_heads, X.shape[-2], X.shape[-1] // n_heads))",
            "The shape is right, and every entry is 0: the features of X are still to be put there.",
            question="Which entry of X belongs at head 1, token 0, feature 0?",
        ),
    ),
)


# ---------------------------------------------------------------- 6.2


def merge_heads(heads):
    """(..., n_heads, n, d_head) -> (..., n, n_heads * d_head): every token gets its heads back, side by side."""
    *batch, n_heads, n, d_head = heads.shape
    merged = np.zeros((*batch, n, n_heads * d_head))
    for *outer, head, token, feature in np.ndindex(heads.shape):
        merged[(*outer, token, head * d_head + feature)] = heads[(*outer, head, token, feature)]
    return merged


THREE_HEADS = (tagged(3, 4, 2),)


def merge_heads_inputs(rng):
    return [
        Case(THREE_HEADS),
        Case((rng.standard_normal((3, 5, 11)),)),
        Case((rng.standard_normal((2, 3, 7)),)),
        Case((rng.standard_normal((2, 3, 5, 7)),), "property", says="with a batch axis"),
        Case((rng.standard_normal((2, 5, 7, 3, 2)),), "property", says="with two batch axes"),
        Case((rng.standard_normal((1, 5, 7)),), "property", says="with a single head"),
        Case((rng.standard_normal((5, 3, 1)),), "property", says="with one feature for each head"),
        Case((rng.integers(-9, 10, (2, 3, 5)),), "property", says="with whole numbers"),
        Case((rng.standard_normal((3, 1, 5)).astype(np.float32),), "property", says="with a single token, in float32"),
    ]


BACK = "h = np.swapaxes(heads, -2, -3)\n"

MERGE_HEADS = Exercise(
    lesson=LESSON,
    number="6.2",
    spec=merge_heads,
    reference=BACK + "return h.reshape(*h.shape[:-2], -1)",
    promise="Put the heads of every token side by side again: all of head 0, then all of head 1, and so on.",
    points=2,
    difficulty=2,
    importance=4,
    minutes=5,
    hints=(
        "Token 0 has 2 features in each of 3 heads. How many does its row hold in the end, and which two come first?",
        "The two steps of split_heads, backwards: first the tokens and the heads change places, so that the heads of "
        "one token stand together; only then may a reshape join the last two axes.",
        "np.swapaxes of the axes -2 and -3 gives (..., n, n_heads, d_head); reshape that to its shape without the last "
        "two, and -1.",
    ),
    inputs=merge_heads_inputs,
    square=lambda rng: Case((rng.standard_normal((4, 4, 4)),)),
    axes=("tokens", "features"),
    alternatives=(
        "return np.concatenate(list(np.moveaxis(heads, -3, 0)), -1)",
        "h = np.moveaxis(heads, -3, -2)\nreturn h.reshape(h.shape[:-2] + (h.shape[-2] * h.shape[-1],))",
        "return np.concatenate([heads[..., h, :, :] for h in range(heads.shape[-3])], axis=-1)",
        "*batch, h, n, d = heads.shape\nout = np.empty((*batch, n, h * d), heads.dtype)\nfor i in range(h):\n"
        "    out[..., i * d:(i + 1) * d] = heads[..., i, :, :]\nreturn out",
    ),
    mistakes=(
        Mistake(
            "reshaped-only",
            "return heads.reshape(*heads.shape[:-3], heads.shape[-2], -1)",
            "Right shape, wrong numbers: row 0 should be token 0 of every head; yours is the start of head 0.",
            question="Which step of split_heads has not been undone?",
            variants=("return heads.reshape(heads.shape[-2], -1)",),
        ),
        Mistake(
            "averaged",
            "return heads.mean(-3)",
            "Averaged: heads are put side by side, not averaged. {shape}, wanted (4, 6).",
            fill=shape_of(*THREE_HEADS),
            question="How many numbers does one token have in all its heads together?",
        ),
        Mistake(
            "added",
            "return heads.sum(-3)",
            "Added up: heads are put side by side.",
            question="How many numbers does one token have in all its heads together?",
        ),
        Mistake(
            "under-each-other",
            "return np.concatenate(list(np.moveaxis(heads, -3, 0)), -2)",
            "You put the heads under each other, along the tokens: {shape}.",
            fill=shape_of(*THREE_HEADS),
            question="Along which axis do two heads of one token stand side by side?",
        ),
        Mistake(
            "not-joined",
            "return np.swapaxes(heads, -2, -3)",
            "One step is missing: {shape}, the last two axes should become one.",
            fill=shape_of(*THREE_HEADS),
            question="Which function joins two neighbouring axes?",
        ),
        Mistake(
            "interleaved",
            "h = np.moveaxis(heads, -3, -1)\nreturn h.reshape(*h.shape[:-2], -1)",
            "Features interleaved: head by head, please: all of head 0, then all of head 1.",
            question="Which of the last two axes should run faster, heads or features?",
        ),
        Mistake(
            "last-two-joined",
            "return heads.reshape(*heads.shape[:-2], -1)",
            "You joined the tokens with their features: {shape}, one row per head. One row per token was asked for.",
            fill=shape_of(*THREE_HEADS),
            question="Which two axes must be neighbours before a reshape may join them?",
        ),
        Mistake(
            "first-head-only",
            "return heads[..., 0, :, :]",
            "Head 0 alone: {shape}, wanted (4, 6). What the other heads found is lost.",
            fill=shape_of(*THREE_HEADS),
            question="How many numbers does one token have in all its heads together?",
        ),
        Mistake(
            "last-head-first",
            "return np.concatenate(list(np.moveaxis(heads, -3, 0))[::-1], -1)",
            "The last head stands first. W_o expects head 0 first.",
            question="Which head holds the first features of split_heads?",
        ),
        Mistake(
            "front-axis-joined",
            "return np.concatenate(list(heads), -1)",
            "Right for one sentence; with a batch the first axis is the batch, and you joined sentences. Count axes "
            "from the end.",
            variants=("return np.hstack(list(heads))",),
            question="Which number means the axis of the heads, however many stand before it?",
        ),
        Mistake(
            "axis-0",
            "h = np.swapaxes(heads, 0, 1)\nreturn h.reshape(*h.shape[:-2], -1)",
            "Right for one sentence; with a batch in front, axis 0 is the batch. Count axes from the end.",
            question="Which numbers mean the second and the third axis from the end?",
        ),
        Mistake(
            "batch-swallowed",
            BACK + "return h.reshape(h.shape[-3], -1)",
            "Right for one sentence; with a batch your reshape swallowed its axis. The axes in front stay as they are.",
            question="How do you write: all axes but the last two?",
            variants=(BACK + "return h.reshape(-1, h.shape[-2] * h.shape[-1])", BACK + "return h.reshape(len(h), -1)"),
        ),
        Mistake(
            "axes-listed",
            "h = heads.transpose(1, 0, 2)\nreturn h.reshape(len(h), -1)",
            "Right for one sentence; with a batch in front your line stops. Count axes from the end.",
            variants=("h, n, d = heads.shape\nreturn heads.swapaxes(0, 1).reshape(n, h * d)",),
            matches=lambda call: right_without_a_batch(call, THREE_HEADS, (tagged(2, 3, 4, 2),), merge_heads),
            question="Which function swaps two axes and leaves the rest, however many there are?",
        ),
    ),
)


# ---------------------------------------------------------------- 6.3


def multi_head(X, W_q, W_k, W_v, W_o, n_heads, allowed=None):
    """(..., n, d_model) and four matrices -> (..., n, d_model), one head and one query at a time."""
    n, d_model = X.shape[-2:]
    d_head = d_model // n_heads
    answer = np.zeros(X.shape)
    allowed = np.broadcast_to(True if allowed is None else allowed, (*X.shape[:-1], n))
    for at in np.ndindex(X.shape[:-2]):
        Q, K, V = (product(X[at], W) for W in (W_q, W_k, W_v))
        side_by_side = np.zeros((n, d_model))
        for head in range(n_heads):
            mine = range(head * d_head, (head + 1) * d_head)
            for i in range(n):
                keys = [j for j in range(n) if allowed[at][i, j]]
                scores = [sum(Q[i, f] * K[j, f] for f in mine) / math.sqrt(d_head) for j in keys]
                for j, weight in zip(keys, weights_of(scores) if keys else [], strict=True):
                    for f in mine:
                        side_by_side[i, f] += weight * V[j, f]
        answer[at] = product(side_by_side, W_o)
    return answer


def layer(rng, n, d_model, n_heads, batch=()):
    """Tokens, four matrices and the number of heads; scores spread by about 2, so that the scaling shows."""
    matrices = normal(rng, *[(d_model, d_model)] * 4)
    wide = [1.4, 1.4, 1.0, 1.0]
    weights = [times * W / d_model**0.5 for times, W in zip(wide, matrices, strict=True)]
    return (rng.standard_normal((*batch, n, d_model)), *weights, n_heads)


def real_tokens(lengths, n):
    """(batch, 1, n): the padding mask of lesson 05."""
    return np.arange(n) < np.array(lengths)[:, None, None]


def multi_head_inputs(rng):
    causal = np.tril(np.ones((5, 5), bool))
    empty = np.tril(np.ones((3, 3), bool), -1)
    each_its_own = (rng.random((2, 5, 5)) < 0.6) | np.eye(5, dtype=bool)
    two_axes = (rng.random((5, 2, 3, 3)) < 0.6) | np.eye(3, dtype=bool)
    return [
        Case(layer(rng, 5, 6, 3)),
        Case((*layer(rng, 5, 6, 3), causal), says="with a causal mask"),
        Case(layer(rng, 3, 14, 2)),
        Case((*layer(rng, 5, 6, 3, (3,)), real_tokens([4, 5, 2], 5)), "property", says="with a padding mask (3, 1, 5)"),
        Case(layer(rng, 3, 10, 5, (2,)), "property", says="with a batch axis"),
        Case((*layer(rng, 5, 6, 2, (3,)), causal), "property", says="with one mask for a whole batch"),
        Case((*layer(rng, 5, 6, 3, (2,)), each_its_own), "property", says="with a mask for each sentence"),
        Case((*layer(rng, 3, 4, 2, (5, 2)), two_axes), "property", says="with two batch axes"),
        Case((*layer(rng, 3, 10, 2), empty), "property", says="when token 0 has nobody to look at"),
        Case(layer(rng, 3, 5, 1), "property", says="with a single head"),
        Case(layer(rng, 2, 3, 3), "property", says="with one feature for each head"),
    ]


def square_layer(rng):
    return Case((*layer(rng, 4, 4, 4), np.tril(np.ones((4, 4), bool))))


HEADS = "Q, K, V = (split_heads(X @ W, n_heads) for W in (W_q, W_k, W_v))\n"
MASK_AXIS = "if allowed is not None and allowed.ndim > 2:\n    allowed = allowed[..., None, :, :]\n"
MERGED = "merge_heads(attention(Q, K, V, allowed)) @ W_o"
OWN_SCORES = HEADS + MASK_AXIS + "S = Q @ np.swapaxes(K, -1, -2) / K.shape[-1] ** 0.5\n"
OWN_SOFTMAX = "e = np.exp(S - S.max(-1, keepdims=True))\nreturn merge_heads(e / e.sum(-1, keepdims=True) @ V) @ W_o"


def multi(change):
    """The reference with its last line exchanged."""
    return HEADS + MASK_AXIS + change


def nothing_merged(call):
    """With a single head an axis of 1 is left over; with more, d_head columns meet d_model rows."""
    X, *matrices, _ = layer(np.random.default_rng(0), 3, 5, 1)
    answer = call(X, *matrices, 1)
    return answer.shape == (1, 3, 5) and np.allclose(answer[0], multi_head(X, *matrices, 1))


def output_among_others(call):
    args = layer(np.random.default_rng(0), 3, 4, 2)
    answer, right = call(*args), multi_head(*args)
    return isinstance(answer, tuple) and any(np.shape(a) == right.shape and np.allclose(a, right) for a in answer)


def one_sentence_only(call):
    rng = np.random.default_rng(0)
    X, *others = layer(rng, 3, 4, 2)
    batched = rng.standard_normal((5, *X.shape))
    return right_without_a_batch(call, (X, *others), (batched, *others), multi_head)


MULTI_HEAD = Exercise(
    lesson=LESSON,
    number="6.3",
    spec=multi_head,
    reference=multi(f"return {MERGED}"),
    promise="Return the output of multi-head attention: attend in each head, put the heads side by side, mix with W_o.",
    points=4,
    difficulty=3,
    importance=5,
    minutes=10,
    hints=(
        "Project, split, attend, merge, mix: which of these five need to know how many heads there are?",
        "Project with the big matrices first, then split each of the three results; attention takes the heads as one "
        "more batch axis. A mask for each sentence lacks that axis: where does it belong, so that all heads share it?",
        "Split X @ W_q, X @ W_k and X @ W_v. Where allowed has more than two axes, take allowed[..., None, :, :]. "
        "Then merge_heads of the attention, @ W_o.",
    ),
    inputs=multi_head_inputs,
    square=square_layer,
    axes=("tokens", "features"),
    picture="heat pair",
    alternatives=(
        multi(
            "d = X.shape[-1] // n_heads\n"
            "if allowed is not None and allowed.ndim > 2:\n    allowed = allowed[..., 0, :, :]\n"
            "return sum(attention(Q[..., h, :, :], K[..., h, :, :], V[..., h, :, :], allowed) "
            "@ W_o[h * d:(h + 1) * d] for h in range(n_heads))"
        ),
        HEADS + "mask = None if allowed is None else allowed[..., None, :, :]\n"
        "return merge_heads(attention(Q, K, V, mask)) @ W_o",
        "d = X.shape[-1] // n_heads\nparts = []\nfor h in range(n_heads):\n    c = slice(h * d, (h + 1) * d)\n"
        "    parts.append(attention(X @ W_q[:, c], X @ W_k[:, c], X @ W_v[:, c], allowed))\n"
        "return np.concatenate(parts, axis=-1) @ W_o",
        OWN_SCORES + "if allowed is not None:\n    S = np.where(allowed, S, -np.inf)\n"
        "return merge_heads(softmax(S) @ V) @ W_o",
    ),
    mistakes=(
        Mistake(
            "scaled-by-d-model",
            multi("return merge_heads(attention(Q / n_heads ** 0.5, K, V, allowed)) @ W_o"),
            "Weights flatter than they should be, by √h: you scaled by √d_model. A head has d_k = d_model / h "
            "features.",
            question="Over how many features does one head's dot product add?",
        ),
        Mistake(
            "not-scaled",
            multi("return merge_heads(attention(Q * Q.shape[-1] ** 0.5, K, V, allowed)) @ W_o"),
            "No scaling: the scores of a head still spread by √d_k.",
            question="Which line of lesson 03 is missing?",
        ),
        Mistake(
            "output-of-an-output",
            multi("return merge_heads(attention(Q, K, V, allowed).output) @ W_o"),
            ONLY_THE_OUTPUT,
            matches=asks_for_the_output(*square_layer(np.random.default_rng(0)).args),
            question=WITHOUT_IT,
        ),
        Mistake(
            "w-o-missing",
            multi("return merge_heads(attention(Q, K, V, allowed))"),
            "W_o is missing: the heads stand side by side but never mix.",
            question="Which of the four matrices have you not used?",
        ),
        Mistake(
            "averaged",
            multi("o = attention(Q, K, V, allowed).mean(-3)\nreturn np.tile(o, n_heads) @ W_o"),
            "You averaged the heads; put them side by side.",
            variants=(multi("o = attention(Q, K, V, allowed).mean(-3)\nreturn o @ W_o[:o.shape[-1]]"),),
            question="Who decides how much each head counts?",
        ),
        Mistake(
            "added",
            multi("o = attention(Q, K, V, allowed).sum(-3)\nreturn np.tile(o, n_heads) @ W_o"),
            "You added the heads up; put them side by side, and W_o adds what it has weighed.",
            variants=(multi("o = attention(Q, K, V, allowed).sum(-3)\nreturn o @ W_o[:o.shape[-1]]"),),
            question="Who decides how much each head counts?",
        ),
        Mistake(
            "keys-are-queries",
            multi("return merge_heads(attention(Q, Q, V, allowed)) @ W_o"),
            "Your keys equal your queries: W_k is not used.",
            question="Which matrix makes the keys?",
        ),
        Mistake(
            "values-are-keys",
            multi("return merge_heads(attention(Q, K, K, allowed)) @ W_o"),
            "You handed over the keys: W_v is not used.",
            question="Which matrix makes what is handed over?",
        ),
        Mistake(
            "queries-and-keys-exchanged",
            multi("return merge_heads(attention(K, Q, V, allowed)) @ W_o"),
            "Queries and keys are exchanged: with these, who asks is who is asked.",
            question="Which of the two does row i of the scores belong to?",
        ),
        Mistake(
            "values-not-projected",
            multi("return merge_heads(attention(Q, K, split_heads(X, n_heads), allowed)) @ W_o"),
            "The values are X itself, cut into heads: W_v is not used.",
            question="Which matrix makes what is handed over?",
        ),
        Mistake(
            "one-head",
            "Q, K, V = X @ W_q, X @ W_k, X @ W_v\nreturn attention(Q, K, V, allowed) @ W_o",
            "One head with all features: n_heads is not used.",
            question="How many rows of weights should each token have?",
        ),
        Mistake(
            "cut-by-reshape",
            "f = lambda A: A.reshape(*A.shape[:-2], n_heads, A.shape[-2], -1)\n"
            + MASK_AXIS
            + "o = attention(f(X @ W_q), f(X @ W_k), f(X @ W_v), allowed)\nreturn o.reshape(X.shape) @ W_o",
            "The heads were cut by reshape alone: tokens of one head come from different places. It round-trips, and "
            "is wrong.",
            question="Which function of yours cuts the features and keeps the tokens?",
            variants=(
                "f = lambda A: A.reshape(*A.shape[:-2], n_heads, A.shape[-2], -1)\n"
                + MASK_AXIS
                + "return merge_heads(attention(f(X @ W_q), f(X @ W_k), f(X @ W_v), allowed)) @ W_o",
            ),
        ),
        Mistake(
            "merged-by-reshape",
            multi("return attention(Q, K, V, allowed).reshape(X.shape) @ W_o"),
            "The heads were merged by reshape alone: row 0 is no longer token 0 of every head.",
            question="Which function of yours puts the heads of a token side by side?",
        ),
        Mistake(
            "not-merged",
            multi("return attention(Q, K, V, allowed) @ W_o"),
            "The heads were not put side by side: d_head columns cannot meet the d_model rows of W_o.",
            matches=nothing_merged,
            question="Which step comes between attention and W_o?",
        ),
        Mistake(
            "mask-meets-heads",
            HEADS + f"return {MERGED}",
            "The mask (3, 1, 5) met scores (3, 3, 5, 5): its batch lined up with the heads. Give it an axis for the "
            "heads.",
            question="Where do the heads stand in the scores?",
        ),
        Mistake(
            "mask-axis-1",
            HEADS
            + "if allowed is not None and allowed.ndim > 2:\n    allowed = allowed[:, None]\n"
            + f"return {MERGED}",
            "Right for one batch axis; with two, axis 1 of the mask is the second of them. Count axes from the end.",
            question="How do you write: all axes, a new one, and the last two?",
        ),
        Mistake(
            "mask-axis-always-1",
            HEADS + "if allowed is not None:\n    allowed = allowed[:, None]\n" + f"return {MERGED}",
            "A mask (n, n) became (n, 1, n): its queries lined up with the heads. Count axes from the end.",
            question="How do you write: all axes, a new one, and the last two?",
        ),
        Mistake(
            "mask-ignored",
            multi("return merge_heads(attention(Q, K, V)) @ W_o"),
            "The mask is ignored: with a causal mask, token 0 still heard the later ones.",
            question="Which argument of attention hides keys?",
        ),
        Mistake(
            "mask-inverted",
            multi(
                "hidden = None if allowed is None else ~allowed\nreturn merge_heads(attention(Q, K, V, hidden)) @ W_o"
            ),
            "Inverted: True means may look.",
            question="What does attention do where its mask is True?",
        ),
        Mistake(
            "softmax-across-heads",
            HEADS + "S = Q @ np.swapaxes(K, -1, -2) / K.shape[-1] ** 0.5\n"
            "if allowed is not None:\n    S = np.where(allowed, S, -1e9)\n"
            "w = np.exp(S) / np.exp(S).sum(-3, keepdims=True)\nreturn merge_heads(w @ V) @ W_o",
            "For each pair the heads share a 1: the softmax ran across heads. It runs over keys.",
            variants=(
                OWN_SCORES + "if allowed is not None:\n    S = np.where(allowed, S, -1e9)\n"
                "w = softmax(S, axis=-3)\nreturn merge_heads(w @ V) @ W_o",
            ),
            question="Which axis of the scores holds the keys?",
        ),
        Mistake(
            "softmax-over-queries",
            OWN_SCORES + "if allowed is not None:\n    S = np.where(allowed, S, -np.inf)\n"
            "return merge_heads(softmax(S, axis=-2) @ V) @ W_o",
            "The columns sum to 1, the rows do not: the softmax ran over queries.",
            question="Which axis of the scores holds the keys?",
        ),
        Mistake(
            "empty-row-nan",
            OWN_SCORES + "if allowed is not None:\n    S = np.where(allowed, S, -np.inf)\n" + OWN_SOFTMAX,
            "nan for the token with nobody to look at; we agreed on output 0.",
            question="Which function of lesson 05 knows what to do with an empty row?",
        ),
        Mistake(
            "empty-row-mean",
            OWN_SCORES + "if allowed is not None:\n    S = np.where(allowed, S, -1e9)\n" + OWN_SOFTMAX,
            "The token with nobody to look at got the mean of all values: -1e9 makes all keys tie.",
            question="Which function of lesson 05 knows what to do with an empty row?",
        ),
        Mistake(
            "first-columns-for-all",
            MASK_AXIS.replace("[..., None, :, :]", "")
            + "d = X.shape[-1] // n_heads\no = attention(X @ W_q[:, :d], X @ W_k[:, :d], X @ W_v[:, :d], allowed)\n"
            "return np.concatenate([o] * n_heads, axis=-1) @ W_o",
            "Every head uses the same first columns of W_q, W_k and W_v: they all say the same.",
            question="Which columns belong to head 1?",
        ),
        Mistake(
            "each-head-its-slice-of-x",
            "d = X.shape[-1] // n_heads\nparts = []\nfor h in range(n_heads):\n    c = slice(h * d, (h + 1) * d)\n"
            "    x = X[..., c]\n    parts.append(attention(x @ W_q[c, c], x @ W_k[c, c], x @ W_v[c, c], allowed))\n"
            "return np.concatenate(parts, axis=-1) @ W_o",
            "You cut X before projecting: each head sees only its slice of a token. A head sees the whole token, and "
            "has its own columns of the matrices.",
            question="What comes first: projecting, or splitting?",
        ),
        Mistake(
            "w-o-turned",
            multi("return merge_heads(attention(Q, K, V, allowed)) @ W_o.T"),
            "W_o is turned over. It stands right of the heads as it comes.",
            question="Which axis of W_o must meet the features of the merged heads?",
        ),
        Mistake(
            "w-o-on-the-left",
            multi("return W_o @ merge_heads(attention(Q, K, V, allowed))"),
            "W_o stands on the left, where it mixes tokens. It mixes features: on the right.",
            question="Which axis of the merged heads holds the features?",
        ),
        Mistake(
            "w-o-in-front",
            "X = X @ W_o\n" + multi("return merge_heads(attention(Q, K, V, allowed))"),
            "W_o came first; it mixes what the heads found, so it comes last.",
            question="What is there to mix before the heads have looked?",
        ),
        Mistake(
            "x-added",
            multi(f"return X + {MERGED}"),
            "You added X: that is the residual connection around the layer, which does not belong to it.",
            question="Which term of your last line is one too many?",
        ),
        Mistake(
            "one-sentence-only",
            "n, d_model = X.shape\nd = d_model // n_heads\n"
            "Q, K, V = ((X @ W).reshape(n, n_heads, d).transpose(1, 0, 2) for W in (W_q, W_k, W_v))\n"
            "return attention(Q, K, V, allowed).transpose(1, 0, 2).reshape(n, d_model) @ W_o",
            "Right for one sentence; with a batch in front your line stops. Count axes from the end.",
            matches=one_sentence_only,
            question="Which functions of yours cut and merge heads, however many axes stand in front?",
        ),
        Mistake(
            "steps-returned",
            multi(f"o = {MERGED}\nreturn o, o"),
            "Two things came back. Here multi_head returns the output alone.",
            matches=output_among_others,
            question="Which of the two do the later lessons build on?",
        ),
    ),
)


# ---------------------------------------------------------------- 6.4


def count_parameters(d_model, n_heads):
    """Two ints -> int: the weights of every head's W_q, W_k and W_v, and those of W_o."""
    d_head = d_model // n_heads
    total = 0
    for _head in range(n_heads):
        for _matrix in ("W_q", "W_k", "W_v"):
            total += d_model * d_head
    return total + n_heads * d_head * d_model  # W_o


def count_parameters_inputs(rng):
    return [
        Case((6, 3)),
        Case((512, 8)),
        Case((768, 12)),
        Case((13 * drawn(rng, 3, 60), 13)),
        Case((512, 1), "property", says="with a single head"),
        Case((7, 7), "property", says="with one feature for each head"),
    ]


def at_8_heads(call):
    return {"mine": f"{int(call(512, 8)):,}"}


COUNT_PARAMETERS = Exercise(
    lesson=LESSON,
    number="6.4",
    spec=count_parameters,
    reference="return 4 * d_model ** 2",
    promise="Return how many weights W_q, W_k, W_v and W_o hold together.",
    points=1,
    difficulty=1,
    importance=4,
    minutes=3,
    hints=(
        "W_q of one head has d_model rows and d_model / h columns. How many columns do the heads have together?",
        "Put the small matrices of all heads side by side, for queries, keys and values; W_o is as large as each of "
        "the three. What is left of n_heads?",
        "Four squares of side d_model, whatever n_heads is.",
    ),
    inputs=count_parameters_inputs,
    kind="int",
    alternatives=(
        "return n_heads * 3 * d_model * (d_model // n_heads) + d_model * d_model",
        "d_head = d_model // n_heads\nreturn sum(3 * d_model * d_head + d_head * d_model for _ in range(n_heads))",
        "return 4 * np.prod((d_model, d_model))",
    ),
    mistakes=(
        Mistake(
            "full-size-heads",
            "return 4 * d_model ** 2 * n_heads",
            "You gave every head full-size projections: at h = 8 that is {mine}. Each head has d_model / h columns.",
            fill=at_8_heads,
            question="How many columns do 8 heads of 64 have together?",
        ),
        Mistake(
            "full-size-q-k-v",
            "return 3 * d_model ** 2 * n_heads + d_model ** 2",
            "You gave every head full-size W_q, W_k and W_v: at h = 8 that is {mine}. Each head has d_model / h "
            "columns.",
            fill=at_8_heads,
            question="How many columns do 8 heads of 64 have together?",
        ),
        Mistake(
            "w-o-missing",
            "return 3 * d_model ** 2",
            "{mine} at d_model = 512: W_o is missing.",
            fill=at_8_heads,
            question="What mixes the heads at the end?",
        ),
        Mistake(
            "one-head-only",
            "return 4 * d_model ** 2 // n_heads",
            "One head only; there are h of them.",
            question="How many columns do all heads have together?",
        ),
        Mistake(
            "q-k-v-of-one-head",
            "return 3 * d_model ** 2 // n_heads + d_model ** 2",
            "q, k and v of one head; there are h of them.",
            question="How many columns do all heads have together?",
        ),
        Mistake(
            "w-o-of-one-head",
            "return 3 * d_model ** 2 + d_model * (d_model // n_heads)",
            "W_o of one head: it has a block of rows for every head, d_model rows in all.",
            question="How many features stand side by side before W_o?",
        ),
        Mistake(
            "not-a-square",
            "return 4 * d_model",
            "A projection is a square of numbers: d_model × d_model.",
            question="How many numbers turn 512 features into 512 others?",
        ),
        Mistake(
            "one-matrix",
            "return d_model ** 2",
            "One matrix: queries, keys, values and the mix at the end have one each.",
            question="How many matrices does the signature of multi_head list?",
        ),
        Mistake(
            "biases",
            "return 4 * (d_model ** 2 + d_model)",
            "You counted biases, {more} of them at d_model = 512. These four matrices have none.",
            fill=lambda call: {"more": f"{int(call(512, 8)) - 4 * 512**2:,}"},
            question="What does X @ W add besides products?",
        ),
        Mistake(
            "whole-block",
            "return 12 * d_model ** 2",
            "That is a whole block with its feed-forward part. Attention alone is asked for.",
            question="How many matrices does the signature of multi_head list?",
        ),
    ),
)


# ---------------------------------------------------------------- 6.5


def count_stored_weights(n_heads, n_q, n_k):
    """Three ints -> int: one weight for every head, query and key, counted one row at a time."""
    total = 0
    for _head in range(n_heads):
        for _query in range(n_q):
            total += n_k
    return total


def count_stored_weights_inputs(rng):
    return [
        Case((2, 3, 5)),
        Case((8, 5, 7)),
        Case((3, 11, 2)),
        Case((8, 1024, 1024)),
        Case((drawn(rng, 2, 20), drawn(rng, 20, 50), drawn(rng, 50, 90))),
        Case((1, 5, 7), "property", says="with a single head"),
        Case((12, 1, 13), "property", says="with a single query"),
    ]


COUNT_STORED_WEIGHTS = Exercise(
    lesson=LESSON,
    number="6.5",
    spec=count_stored_weights,
    reference="return n_heads * n_q * n_k",
    promise="Return how many attention weights one layer holds for one sequence.",
    points=1,
    difficulty=1,
    importance=4,
    minutes=2,
    hints=(
        "One head with 3 queries and 5 keys: how many rows of weights, and how long is each?",
        "A head holds one weight for every pair of a query and a key, and no head can borrow another's.",
        "The product of all three numbers.",
    ),
    inputs=count_stored_weights_inputs,
    kind="int",
    alternatives=(
        "return int(np.prod((n_heads, n_q, n_k)))",
        "return sum(n_q * n_k for _ in range(n_heads))",
        "return n_k * n_q * n_heads",
    ),
    mistakes=(
        Mistake(
            "one-matrix",
            "return n_q * n_k",
            "One matrix; every head has its own: 8 at h = 8.",
            question="Do two heads give the same weights?",
        ),
        Mistake(
            "queries-squared",
            "return n_heads * n_q ** 2",
            "Keys can be more than queries: n_q · n_k.",
            question="How long is one row of weights?",
        ),
        Mistake(
            "keys-squared",
            "return n_heads * n_k ** 2",
            "Queries can be fewer than keys: n_q · n_k.",
            question="How many rows of weights are there?",
        ),
        Mistake(
            "added",
            "return n_heads * (n_q + n_k)",
            "Every query meets every key: multiply.",
            question="How many pairs do 3 queries and 5 keys make?",
        ),
        Mistake(
            "divided",
            "return n_q * n_k // n_heads",
            "More heads, more matrices: times h, not divided.",
            question="What becomes smaller with more heads: a head's features, or its row of weights?",
        ),
        Mistake(
            "all-added",
            "return n_heads + n_q * n_k",
            "You added the number of heads; every one of them has a whole matrix.",
            question="How many weights do two heads have together?",
        ),
        Mistake(
            "rows",
            "return n_heads * n_q",
            "These are the rows; each holds a weight for every key.",
            question="How long is one row of weights?",
        ),
        Mistake(
            "triangle",
            "return n_heads * n_q * (n_k + 1) // 2",
            "Half of them, as a causal mask would leave open: the weights it sets to 0 are stored, too.",
            question="What shape has the array of weights under a mask?",
        ),
        Mistake(
            "heads-squared",
            "return n_heads ** 2 * n_q * n_k",
            "The heads count once: no head looks at another head.",
            question="How many matrices of weights do two heads have?",
        ),
    ),
)


# ---------------------------------------------------------------- 6.6 and 6.7: judged by what the matrices do

ENOUGH = 0.9  # of a query's weight on the place it should look at
MANY = 47  # positions or letters: √d grows with them


def head_weights(matrices, causal=False):
    """Weights (n, n) of a head over n one-hot tokens, one query at a time."""
    Q, K = (np.asarray(W, float) for W in matrices)  # a one-hot token picks its row of W
    if max(len(Q), len(K)) > 4 * MANY:  # n x n weights of a learner's own n would take for ever
        raise ValueError("more rows than tokens")
    weights = np.zeros((len(Q), len(K)))
    for i, query in enumerate(Q):
        seen = len(K) if not causal else i + 1
        weights[i, :seen] = weights_of((K[:seen] @ query / math.sqrt(len(query))).tolist())
    return weights


def on_the_token_before(weights):
    """the smallest weight on the token before, counted up to 0.9."""
    return np.diagonal(weights, -1)


def on_the_same_letter(weights):
    """the smallest weight on the same letter, counted up to 0.9."""
    return np.diagonal(weights)


def by_deeds(place, few, many, causal=False):
    """Cases that look at the weights which the matrices make, not at the matrices."""

    def smallest(n):
        def measure(matrices):
            if any(np.shape(W)[:1] != (n,) for W in matrices):
                raise ValueError("one row for each one-hot token")
            return np.minimum(ENOUGH, place(head_weights(matrices, causal)).min())  # min() would let nan pass

        measure.__doc__ = place.__doc__
        return measure

    def inputs(rng):
        base, sizes = [*few, int(rng.choice([3, 4, 6]))], [MANY, drawn(rng, 30, MANY)]
        cases = [Case((n,), measure=smallest(n), rtol=1e-9) for n in base]
        return cases + [Case((n,), "property", measure=smallest(n), rtol=1e-9, says=many.format(n)) for n in sizes]

    return inputs


def looks(where, causal=False, n=5):
    """A `matches`: does `where(weights, matrices)` hold for the weights of the learner's head over n tokens?"""

    def matches(call):
        matrices = [np.asarray(W, float) for W in call(n)]
        return bool(where(head_weights(matrices, causal), matrices))

    return matches


def wrong_rows(call):
    return any(np.shape(W)[:1] != (5,) or np.ndim(W) != 2 for W in call(5)) and len(call(5)) == 2


def columns_differ(call):
    W_q, W_k = call(5)
    return np.shape(W_q)[0] == np.shape(W_k)[0] == 5 and np.shape(W_q)[1:] != np.shape(W_k)[1:]


def shapes(call):
    W_q, W_k = call(5)
    return {"q": np.shape(W_q), "k": np.shape(W_k)}


def unfit(n, word):
    """The two mistakes of matrices that make no scores at all."""
    return (
        Mistake(
            "wrong-rows",
            f"return 100.0 * np.eye(2 * {n})[:, :{n}], np.eye(2 * {n})[:, :{n}]",
            f"A matrix needs one row for each {word}: at {n} = 5 yours are {{q}} and {{k}}, wanted 5 rows each.",
            matches=wrong_rows,
            fill=shapes,
            question="Which axis of W does a one-hot token pick its row from?",
        ),
        Mistake(
            "columns-differ",
            f"return 100.0 * np.eye({n}), np.eye({n}, 2 * {n})",
            f"Queries and keys need equally many features: at {n} = 5 your matrices are {{q}} and {{k}}.",
            matches=columns_differ,
            fill=shapes,
            question="What does a dot product add over?",
        ),
    )


def previous_token_head(n):
    """n -> W_q, W_k (n, n): position i asks for what position i - 1 offers, 100 times as loud as needed."""
    W_q, W_k = np.zeros((n, n)), np.zeros((n, n))
    for i in range(n):
        W_k[i, i] = 1
        if i > 0:
            W_q[i, i - 1] = 100
    return W_q, W_k


def prefers_itself(weights, matrices):
    """Every row but the first has its own token as its favourite, loudly or not."""
    rows = [row[: i + 1] for i, row in enumerate(weights)][1:]
    return all(row.argmax() == len(row) - 1 and np.ptp(row) > 0 for row in rows)


def even_but_for_the_last(weights, matrices):
    """Rows 1 to n - 2 share equally among the tokens up to their own."""
    return all(np.allclose(row[: i + 1], 1 / (i + 1)) for i, row in enumerate(weights[:-1]))


def before(weights, matrices):
    """The token before is the favourite of every row, and not by enough."""
    rows = range(1, len(weights))
    right = all(weights[i].argmax() == i - 1 and np.ptp(weights[i, : i + 1]) > 0 for i in rows)
    return right and np.diagonal(weights, -1).min() < ENOUGH


def avoids(weights, matrices):
    """The token before is the last that every row would choose."""
    return all(weights[i, i - 1] < 0.99 * np.delete(weights[i, : i + 1], i - 1).min() for i in range(1, len(weights)))


def weight_at(n, place, causal):
    return lambda call: {"weight": place(head_weights(call(n), causal)).min()}


PREVIOUS_TOKEN_HEAD = Exercise(
    lesson=LESSON,
    number="6.6",
    spec=previous_token_head,
    reference="return 100.0 * np.eye(n, k=-1), np.eye(n)",
    promise="Return W_q and W_k of a head that puts more than .9 of its weight on the token before.",
    points=2,
    difficulty=4,
    importance=2,
    minutes=8,
    hints=(
        "A one-hot token picks one row of W. Which row of W_k must the row of W_q that position 4 picks be like?",
        "Let every position offer itself as a key: one-hot, too. Then a query only has to name the place it wants: a "
        "matrix of ones beside the diagonal. On which side, and how do large scores change a softmax?",
        "np.eye(n) for the keys; for the queries np.eye with k=-1, times a number large enough that √d does not eat "
        "it.",
    ),
    inputs=by_deeds(on_the_token_before, (5, 2, 7), "with {} positions", causal=True),
    axes=(("positions", "features"),) * 2,
    parts=("W_q", "W_k"),
    core=False,
    alternatives=(
        "return 100.0 * np.roll(np.eye(n), 1, 0), np.eye(n)",
        "return np.eye(n), 100.0 * np.eye(n, k=1)",
        "angle = 2 * np.pi * np.arange(n)[:, None] / (n + 1)\ncircle = np.hstack([np.cos(angle), np.sin(angle)])\n"
        "turn = 2 * np.pi / (n + 1)\nback = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])\n"
        "return 1e4 * circle @ back, circle",
        "i = np.arange(1.0, n + 1)[:, None]\nreturn 100 * np.hstack([2 * (i - 1), -np.ones((n, 1))]), "
        "np.hstack([i, i ** 2])",
        "u, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((n, n)))\nreturn 80.0 * np.eye(n, k=-1) @ u, u",
    ),
    mistakes=(
        *unfit("n", "position"),
        Mistake(
            "itself",
            "return 100.0 * np.eye(n), np.eye(n)",
            "Your head looks at itself: query i should match key i - 1. (Moving both sides cancels.)",
            matches=looks(prefers_itself, causal=True),
            variants=(
                "return np.eye(n), np.eye(n)",
                "return 100.0 * np.eye(n, k=-1), np.eye(n, k=-1)",
            ),
            question="Which of the two matrices should be moved, and which not?",
        ),
        Mistake(
            "next-token",
            "return 100.0 * np.eye(n, k=1), np.eye(n)",
            "Your head looks everywhere equally: it asks for the next token, which the mask hides. (All scores equal "
            "does the same.)",
            matches=looks(even_but_for_the_last, causal=True),
            variants=("return np.eye(n), 100.0 * np.eye(n, k=-1)", "return np.zeros((n, n)), np.eye(n)"),
            question="In which direction does the token before lie?",
        ),
        Mistake(
            "too-soft",
            "return np.eye(n, k=-1), np.eye(n)",
            "The right place, but too softly: weight {weight:.2f}. How do you make a softmax sharp?",
            matches=looks(before, causal=True),
            fill=weight_at(5, on_the_token_before, True),
        ),
        Mistake(
            "softer-with-n",
            "return 12.0 * np.eye(n, k=-1), np.eye(n)",
            f"Sharp at 5 positions, too soft at {MANY}: weight {{weight:.2f}}. √d grows with n, and so does the number "
            f"of "
            "rivals.",
            matches=looks(before, causal=True, n=MANY),
            fill=weight_at(MANY, on_the_token_before, True),
            question="By what are your scores divided?",
        ),
        Mistake(
            "two-back",
            "return 100.0 * np.eye(n, k=-2), np.eye(n)",
            "Two back: query 4 looks at 2.",
            matches=looks(lambda w, _: (np.diagonal(w, -2) > 0.5).all(), causal=True),
            variants=("return 100.0 * np.eye(n, k=-1), np.eye(n, k=1)",),
            question="How far does your k move the ones?",
        ),
        Mistake(
            "sign",
            "return np.eye(n, k=-1), -100.0 * np.eye(n)",
            "The sign: query i now avoids token i - 1.",
            matches=looks(avoids, causal=True),
            question="What must be true of the largest score of a row?",
        ),
        Mistake(
            "first-token",
            "return 100.0 * np.ones((n, 1)), np.eye(n)[:, :1]",
            "Everybody looks at token 0: the queries do not differ.",
            matches=looks(lambda w, _: (w[:, 0] > 0.5).all(), causal=True),
            question="What should tell the query of position 4 from that of position 3?",
        ),
    ),
)


def same_letter_head(n_letters):
    """n_letters -> W_q, W_k (n_letters, n_letters): each letter asks, loudly, for what it offers itself."""
    W_q, W_k = np.zeros((n_letters, n_letters)), np.zeros((n_letters, n_letters))
    for letter in range(n_letters):
        W_q[letter, letter] = 100
        W_k[letter, letter] = 1
    return W_q, W_k


def same(weights, matrices):
    """The same letter is every row's favourite, and not by enough."""
    own = np.diagonal(weights)
    best = all(row.argmax() == i and np.ptp(row) > 0 for i, row in enumerate(weights))
    return best and own.min() < ENOUGH


def shifted(weights, matrices):
    """Every letter looks at the one behind or before it in the alphabet."""
    n = len(weights)
    return any(all(weights[i, (i + step) % n] > 0.5 for i in range(n)) for step in (1, -1))


def empty_key(weights, matrices):
    """A letter whose key is all zeros, and is not found, though others are preferred."""
    own = np.diagonal(weights)
    return any(not key.any() and own[i] < 0.5 for i, key in enumerate(matrices[1])) and np.ptp(weights) > 0.01


SAME_LETTER_HEAD = Exercise(
    lesson=LESSON,
    number="6.7",
    spec=same_letter_head,
    reference="return 100.0 * np.eye(n_letters), np.eye(n_letters)",
    promise="Return W_q and W_k of a head that puts more than .9 of its weight on the same letter.",
    points=1,
    difficulty=3,
    importance=3,
    minutes=5,
    hints=(
        "Which two rows must have a large dot product: the query of a and which key?",
        "If a letter's query is its own key, made longer, then every other letter scores 0. How much longer must it "
        "be, for a softmax to give it nearly everything?",
        "The identity for both, and one of them times a large number.",
    ),
    inputs=by_deeds(on_the_same_letter, (4, 2, 7), "with {} letters"),
    axes=(("letters", "features"),) * 2,
    parts=("W_q", "W_k"),
    core=False,
    alternatives=(
        "r = np.random.default_rng(0)\nu, _ = np.linalg.qr(r.standard_normal((n_letters, n_letters)))\n"
        "return 60.0 * u, u",
        "return 10.0 * np.eye(n_letters), 10.0 * np.eye(n_letters)",
        "return -100.0 * np.eye(n_letters), -np.eye(n_letters)",
        "angle = 2 * np.pi * np.arange(n_letters)[:, None] / n_letters\n"
        "circle = np.hstack([np.cos(angle), np.sin(angle)])\nreturn 1e4 * circle, circle",
        "p = np.random.default_rng(1).permutation(n_letters)\nreturn 100.0 * np.eye(n_letters)[p], "
        "np.eye(n_letters)[p]",
    ),
    mistakes=(
        *unfit("n_letters", "letter"),
        Mistake(
            "all-equal",
            "return 100.0 * np.ones((n_letters, n_letters)), np.eye(n_letters)",
            "Every letter likes all letters equally.",
            matches=looks(lambda w, _: np.allclose(w, 1 / len(w))),
            variants=(
                "return np.zeros((n_letters, n_letters)), np.zeros((n_letters, n_letters))",
                "return 100.0 * np.eye(n_letters), np.ones((n_letters, n_letters))",
            ),
            question="What should tell the query of a from that of b?",
        ),
        Mistake(
            "too-soft",
            "return np.eye(n_letters), np.eye(n_letters)",
            "Right preference, too soft: {weight:.2f} on the same letter. Sharpen it.",
            matches=looks(same),
            fill=weight_at(4, on_the_same_letter, False),
            question="What does a softmax do when all scores are doubled?",
        ),
        Mistake(
            "softer-with-n",
            "return 12.0 * np.eye(n_letters), np.eye(n_letters)",
            f"Sharp with 5 letters, too soft with {MANY}: {{weight:.2f}} on the same letter. √d grows with n_letters, "
            f"and "
            "so does the number of rivals.",
            matches=looks(same, n=MANY),
            fill=weight_at(MANY, on_the_same_letter, False),
            question="By what are your scores divided?",
        ),
        Mistake(
            "sign",
            "return -100.0 * np.eye(n_letters), np.eye(n_letters)",
            "Every letter avoids its own kind: the sign.",
            matches=looks(lambda w, _: all(row[i] < 0.99 * np.delete(row, i).min() for i, row in enumerate(w))),
            question="Which score of a row should be the largest?",
        ),
        Mistake(
            "shifted",
            "return 100.0 * np.roll(np.eye(n_letters), 1, 0), np.eye(n_letters)",
            "a looks for {letter}: the letters are shifted.",
            matches=looks(shifted),
            fill=lambda call: {"letter": "abcde"[int(head_weights(call(5))[0].argmax())]},
            variants=("return 100.0 * np.roll(np.eye(n_letters), -1, 0), np.eye(n_letters)",),
            question="Should the two matrices be moved against each other?",
        ),
        Mistake(
            "empty-key",
            "return 100.0 * np.eye(n_letters), np.arange(n_letters)[:, None] * np.eye(n_letters)",
            "Letter {letter} has an empty key: it can never be found.",
            matches=looks(empty_key),
            fill=lambda call: {"letter": int(np.flatnonzero(~np.asarray(call(5)[1]).any(-1))[0])},
            variants=(
                "return 100.0 * np.ones((n_letters, n_letters)), np.arange(n_letters)[:, None] * np.eye(n_letters)",
            ),
            question="What is the dot product of a query with a row of zeros?",
        ),
        Mistake(
            "one-letter",
            "W = np.zeros((n_letters, n_letters))\nW[:, 0] = 10.0\nreturn W, np.eye(n_letters) * 10.0",
            "Every letter looks for the same one: the queries do not differ.",
            matches=looks(lambda w, _: any((w[:, j] > 0.5).all() for j in range(len(w)))),
            question="What should tell the query of a from that of b?",
        ),
    ),
)


# ---------------------------------------------------------------- 6.8


def batched_scores(Q, K):
    """(..., n_q, d_k), (..., n_k, d_k) -> (..., n_q, n_k): in every batch, query i . key j."""
    scores = np.zeros((*Q.shape[:-1], K.shape[-2]))
    for *outer, i, j in np.ndindex(scores.shape):
        scores[(*outer, i, j)] = sum(q * k for q, k in zip(Q[(*outer, i)], K[(*outer, j)], strict=True))
    return scores


def batched_scores_inputs(rng):
    return [
        Case(normal(rng, (2, 5, 3), (2, 7, 3))),
        Case(normal(rng, (3, 2, 11), (3, 5, 11))),
        Case(normal(rng, (5, 3), (7, 3)), "property", says="without a batch"),
        Case(normal(rng, (2, 3, 5, 7), (2, 3, 11, 7)), "property", says="with two batch axes"),
        Case((rng.integers(-9, 10, (2, 3, 5)), rng.integers(-9, 10, (2, 7, 5))), "property", says="with whole numbers"),
        Case(normal(rng, (2, 1, 5), (2, 3, 5)), "property", says="with a single query"),
    ]


BATCH_OF_TWO = np.ones((2, 5, 3)), np.ones((2, 7, 3))
EXAMPLE = normal(np.random.default_rng(7), (2, 5, 3), (2, 7, 3))


def one_batch_axis_only(call):
    """Right with one batch axis, and a stop with two."""
    two = np.ones((2, 3, 5, 7)), np.ones((2, 3, 11, 7))
    return right_without_a_batch(call, EXAMPLE, two, batched_scores)


BATCHED_SCORES = Exercise(
    lesson=LESSON,
    number="6.8",
    spec=batched_scores,
    reference="return Q @ np.swapaxes(K, -1, -2)",
    promise="Return the scores of every query with every key of its own batch.",
    points=1,
    difficulty=2,
    importance=3,
    minutes=4,
    hints=(
        "K has the axes batch, keys, features. Which order does K.T give them, and which should it be?",
        "@ multiplies the last two axes and leaves those in front alone, so only the last two of K may change places. "
        "Count from the end.",
        "np.swapaxes(K, -1, -2) in the place of K.T.",
    ),
    inputs=batched_scores_inputs,
    square=lambda rng: Case(normal(rng, (4, 4, 4), (4, 4, 4))),
    axes=("queries", "keys"),
    core=False,
    picture="heat pair",
    alternatives=(
        'return np.einsum("...qd,...kd->...qk", Q, K)',
        "return Q @ K.mT",
        "return np.matmul(Q, np.moveaxis(K, -1, -2))",
        "return (Q[..., :, None, :] * K[..., None, :, :]).sum(-1)",
        "return np.swapaxes(K @ np.swapaxes(Q, -1, -2), -1, -2)",
    ),
    mistakes=(
        Mistake(
            "all-axes-turned",
            "return Q @ K.T",
            ".T reverses all axes: it raises for most shapes and runs, wrong, when batch = n = d_k. Swap the last two.",
            variants=("return Q @ np.transpose(K)",),
            question="Which function swaps two axes and leaves the rest?",
        ),
        Mistake(
            "every-batch-with-every-other",
            "return np.dot(Q, np.swapaxes(K, -1, -2))",
            "np.dot multiplies every batch with every other: axes {shape}. Use @.",
            fill=shape_of(*BATCH_OF_TWO),
            variants=("return np.inner(Q, K)", "return np.tensordot(Q, K, (-1, -1))"),
            question="Which operator leaves the batch axes alone?",
        ),
        Mistake(
            "axes-listed",
            "return Q @ K.transpose(0, 2, 1)",
            "Right for one batch axis; with two, count from the end.",
            matches=one_batch_axis_only,
            variants=(
                "return np.stack([np.dot(q, k.T) for q, k in zip(Q, K)])",
                'return np.einsum("bqd,bkd->bqk", Q, K)',
                "return Q @ np.swapaxes(K, 1, 2)",
            ),
            question="Which function swaps two axes and leaves the rest, however many there are?",
        ),
        Mistake(
            "swapped-in-front",
            "return Q @ np.swapaxes(K, -2, -3)",
            "You swapped two of the front axes; features and keys are the last two.",
            variants=("return Q @ np.swapaxes(K, 0, 1)",),
            question="Which numbers mean the last two axes?",
        ),
        Mistake(
            "transposed",
            "return np.swapaxes(Q @ np.swapaxes(K, -1, -2), -1, -2)",
            "Transposed: rows are queries.",
            variants=("return K @ np.swapaxes(Q, -1, -2)",),
            question="Which of the two should stand left in the product?",
        ),
        Mistake(
            "one-sentence",
            "return Q[0] @ K[0].T",
            "One sentence of the batch only.",
            question="Where have the others gone?",
        ),
        Mistake(
            "not-turned",
            "return Q @ K",
            "The shapes do not meet: the features of Q must meet the features of K, and those stand on its last axis.",
            question="Which two axes of K must change places?",
        ),
        Mistake(
            "paired",
            "return (Q * K).sum(-1)",
            "You paired query i with key i, which needs as many keys as queries; every query meets every key.",
            question="How many scores do 5 queries and 7 keys make?",
        ),
        Mistake(
            "flattened",
            "return Q.reshape(-1, Q.shape[-1]) @ K.reshape(-1, K.shape[-1]).T",
            "You made one long list of all sentences: {shape}, and every query meets the keys of other sentences, too.",
            fill=shape_of(*BATCH_OF_TWO),
            question="Which operator leaves the batch axes alone?",
        ),
        Mistake(
            "added-over-the-batch",
            'return np.einsum("...qd,...kd->qk", Q, K) if Q.ndim < 3 else np.einsum("bqd,bkd->qk", '
            "Q.reshape(-1, *Q.shape[-2:]), K.reshape(-1, *K.shape[-2:]))",
            "One table for the whole batch: you added the sentences together.",
            variants=("return np.tensordot(Q, K, ((0, -1), (0, -1)))",),
            question="Which axes should the answer have?",
        ),
        Mistake(
            "already-scaled",
            "return Q @ np.swapaxes(K, -1, -2) / K.shape[-1] ** 0.5",
            "Already scaled: here the bare scores.",
            question="Which part of your line is one too many?",
        ),
    ),
)


EXERCISES = (
    SPLIT_HEADS,
    MERGE_HEADS,
    MULTI_HEAD,
    COUNT_PARAMETERS,
    COUNT_STORED_WEIGHTS,
    PREVIOUS_TOKEN_HEAD,
    SAME_LETTER_HEAD,
    BATCHED_SCORES,
)
