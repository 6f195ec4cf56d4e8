"""Lesson 07: masks that leave most pairs out, how far word of a token travels, and a window that never builds n x n."""

import functools
import math

import numpy as np

from course_lib.checks import memory
from course_lib.checks.exercise import Case, Exercise, Law, Mistake, drawn
from course_lib.checks.masking import ONLY_THE_OUTPUT, WITHOUT_IT, asks_for_the_output
from course_lib.checks.softmax import weights_of

LESSON = "07_sparse_patterns"

MASK_AXES = ("queries", "keys")
INVERTED = "Which value marks a pair that may meet?"
DISTANCE = "i = np.arange(n)\nd = i[:, None] - i\n"  # d = query - key


def sees(token, *args):
    """A `fill`: the keys that the learner's mask opens to one token, as {seen}: "4, 5 and 6"."""

    def fill(call):
        row = np.flatnonzero(np.asarray(call(*args))[token])
        return {"seen": listed(row) or "nobody"}

    return fill


def listed(numbers):
    """Return "4", "4 and 5", "3, 4 and 5"."""
    words = [str(number) for number in numbers]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


# ---------------------------------------------------------------- 7.1


def window_mask(n, radius):
    """Two ints -> (n, n) booleans: True where query and key are at most `radius` apart."""
    mask = np.zeros((n, n), bool)
    for query in range(n):
        for key in range(n):
            mask[query, key] = abs(query - key) <= radius
    return mask


def window_mask_inputs(rng):
    return [
        Case((8, 2)),
        Case((5, 1)),
        Case((11, 3)),
        Case((drawn(rng, 12, 30), drawn(rng, 2, 6))),
        Case((5, 0), "property", says="with a radius of 0"),
        Case((3, 7), "property", says="with a radius beyond the ends"),
        Case((1, 2), "property", says="with a single token"),
    ]


WINDOW_MASK = Exercise(
    lesson=LESSON,
    number="7.1",
    spec=window_mask,
    reference=DISTANCE + "return np.abs(d) <= radius",
    promise="Return who may look at whom in a window: True where i and j are at most radius apart.",
    points=2,
    difficulty=1,
    importance=5,
    minutes=4,
    hints=(
        "Token 5 has a radius of 2. Which tokens may it look at, and how far is each from it?",
        "Make the table of all differences i - j with one broadcast: positions as a column against positions as a row. "
        "The side does not matter, only how far.",
        "np.abs of the differences, compared with radius by <=.",
    ),
    inputs=window_mask_inputs,
    axes=MASK_AXES,
    kind="bool",
    picture="heat pair",
    alternatives=(
        "from_diag = np.tril(np.ones((n, n), bool), radius) & np.triu(np.ones((n, n), bool), -radius)\n"
        "return from_diag",
        "return np.array([[abs(i - j) <= radius for j in range(n)] for i in range(n)])",
        "m = np.zeros((n, n), bool)\nfor i in range(n):\n    m[i, max(0, i - radius):i + radius + 1] = True\nreturn m",
        "i, j = np.indices((n, n))\nreturn (j >= i - radius) & (j <= i + radius)",
        "return sum(np.eye(n, k=k) for k in range(-radius, radius + 1)) > 0",
    ),
    mistakes=(
        Mistake(
            "right-end-left-out",
            DISTANCE + "return (d >= -radius + 1) & (d <= radius)",
            "Lopsided: token 5 sees 3, 4, 5, 6 but not 7; and at radius 0 nobody sees anybody. The end of a range is "
            "left out.",
            question="Up to which number must the range go, so that 7 is in it?",
        ),
        Mistake(
            "left-end-left-out",
            DISTANCE + "return (d >= -radius) & (d <= radius - 1)",
            "Lopsided on the left: token 5 sees 4, 5, 6, 7 but not 3.",
            question="How far is 3 from 5?",
        ),
        Mistake(
            "both-ends-left-out",
            DISTANCE + "return np.abs(d) < radius",
            "Both ends are missing: token 5 sees {seen}. A token that is exactly radius away still counts.",
            fill=sees(5, 8, 2),
            question="Which comparison lets the radius itself in?",
        ),
        Mistake(
            "one-too-far",
            DISTANCE + "return np.abs(d) <= radius + 1",
            "One too far on each side: token 5 sees {seen}.",
            fill=sees(5, 8, 2),
            question="How far may a key be at radius 2?",
        ),
        Mistake(
            "halved",
            DISTANCE + "return np.abs(d) <= radius // 2",
            "You halved it: a radius already counts each side.",
            question="How many tokens does a window of radius 2 hold?",
        ),
        Mistake(
            "doubled",
            DISTANCE + "return np.abs(d) <= 2 * radius",
            "Twice too wide: radius counts each side, not the whole.",
            question="How many tokens does a window of radius 2 hold?",
        ),
        Mistake(
            "wrapped-round",
            DISTANCE + "return np.minimum(np.abs(d), n - np.abs(d)) <= radius",
            "Wrapped round: token 0 sees the last token. A sentence is not a ring.",
            variants=(
                "m = np.zeros((n, n), bool)\nfor i in range(n):\n    for k in range(-radius, radius + 1):\n"
                "        m[i, (i + k) % n] = True\nreturn m",
            ),
            question="How far apart are the first and the last token?",
        ),
        Mistake(
            "negative-start",
            "m = np.zeros((n, n), bool)\nfor i in range(n):\n    m[i, i - radius:i + radius + 1] = True\nreturn m",
            "Python counts negative starts from the end: token 0 sees {seen}.",
            fill=sees(0, 8, 2),
            question="Where should the slice of token 0 begin?",
        ),
        Mistake(
            "not-itself",
            DISTANCE + "return (np.abs(d) <= radius) & (d != 0)",
            "A token may look at itself.",
            question="How far is a token from itself?",
        ),
        Mistake(
            "inverted",
            DISTANCE + "return ~(np.abs(d) <= radius)",
            "Inverted: True means may look.",
            question=INVERTED,
        ),
        Mistake(
            "only-back",
            DISTANCE + "return (d >= 0) & (d <= radius)",
            "Only the tokens before: token 5 sees {seen}. This window is open on both sides; a causal mask is another "
            "matter.",
            fill=sees(5, 8, 2),
            question="Which function forgets on which side a key lies?",
        ),
        Mistake(
            "only-ahead",
            DISTANCE + "return (d <= 0) & (d >= -radius)",
            "Only the tokens behind it: token 5 sees {seen}. The window is open on both sides.",
            fill=sees(5, 8, 2),
            question="Which function forgets on which side a key lies?",
        ),
        Mistake(
            "no-absolute",
            DISTANCE + "return d <= radius",
            "Right on the left, open on the right: token 0 sees the whole sentence, because its differences are "
            "negative.",
            variants=(DISTANCE + "return -d <= radius",),
            question="Which function forgets on which side a key lies?",
        ),
        Mistake(
            "exactly-radius",
            DISTANCE + "return np.abs(d) == radius",
            "Only the rim of the window: token 5 sees {seen}. Everything nearer belongs to it, too.",
            fill=sees(5, 8, 2),
            question="Which comparison lets nearer keys in?",
        ),
        Mistake(
            "everybody",
            "return np.ones((n, n), bool)",
            "Everybody sees everybody: radius is not used.",
            question="How far is token 0 from token 7?",
        ),
        Mistake(
            "numbers",
            DISTANCE + "return (np.abs(d) <= radius).astype(float)",
            "Numbers, not True and False: 1.0 added to a score hides nothing.",
            matches=lambda call: (
                np.asarray(call(8, 2)).dtype.kind in "iuf" and np.array_equal(call(8, 2), window_mask(8, 2))
            ),
            variants=(DISTANCE + "return (np.abs(d) <= radius) * 1",),
            question="What does a comparison return, before you turn it into numbers?",
        ),
        Mistake(
            "additive",
            DISTANCE + "return np.where(np.abs(d) <= radius, 0.0, -np.inf)",
            "That is the additive form; here a boolean.",
            matches=lambda call: (
                np.array_equal(np.asarray(call(8, 2)) == 0, window_mask(8, 2)) and np.min(call(8, 2)) < -1e3
            ),
            question="What does a comparison return?",
        ),
    ),
)


# ---------------------------------------------------------------- 7.2


def count_pairs(n, radius):
    """Two ints -> int: the True cells of the window mask, counted row by row."""
    total = 0
    for query in range(n):
        for key in range(n):
            total += abs(query - key) <= radius
    return total


def count_pairs_inputs(rng):
    return [
        Case((8, 2)),
        Case((5, 1)),
        Case((13, 5)),
        Case((11, 3)),
        Case((drawn(rng, 12, 30), drawn(rng, 2, 6))),
        Case((7, 0), "property", says="with a radius of 0"),
        Case((7, 6), "property", says="when the window reaches everybody"),
        Case((1, 0), "property", says="with a single token"),
    ]


def at_eight(call):
    return {"mine": int(call(8, 2))}


COUNT_PAIRS = Exercise(
    lesson=LESSON,
    number="7.2",
    spec=count_pairs,
    reference="return n * (2 * radius + 1) - radius * (radius + 1)",
    promise="Return how many pairs a window keeps: the True cells of the window mask.",
    points=1,
    difficulty=2,
    importance=4,
    minutes=4,
    hints=(
        "How many tokens does a whole window hold, and whose windows are not whole?",
        "Count as if every window were whole, then take away what sticks out. Token 0 loses radius cells, token 1 one "
        "fewer, and so on; the other end loses as many.",
        "n whole windows of 2 · radius + 1; each of the two ends loses 1 + 2 + ... + radius, which is half of radius · "
        "(radius + 1).",
    ),
    inputs=count_pairs_inputs,
    kind="int",
    alternatives=(
        "return sum(min(n, i + radius + 1) - max(0, i - radius) for i in range(n))",
        "return int(window_mask(n, radius).sum())",
        "return n + 2 * sum(n - k for k in range(1, radius + 1))",
        "i = np.arange(n)\nreturn (np.minimum(n, i + radius + 1) - np.maximum(0, i - radius)).sum()",
        "return n ** 2 - (n - radius) * (n - radius - 1)",
    ),
    mistakes=(
        Mistake(
            "whole-windows",
            "return n * (2 * radius + 1)",
            "{mine} at n = 8, radius 2: the ends of the sentence have shorter windows, 34.",
            fill=at_eight,
            question="How many tokens does token 0 see?",
        ),
        Mistake(
            "without-themselves",
            "return 2 * n * radius",
            "You left out the tokens themselves, and the ends.",
            question="How many tokens does one whole window hold?",
        ),
        Mistake(
            "a-strip",
            "return n * (2 * radius + 1) - 2 * radius",
            "Each end loses radius cells, then radius - 1, ...: a triangle, not a strip.",
            question="How many cells does token 1 lose?",
        ),
        Mistake(
            "a-square",
            "return n * (2 * radius + 1) - 2 * radius * radius",
            "You took a whole square from each end; token 1 loses one cell fewer than token 0. A triangle is missing.",
            question="How many cells does token 1 lose?",
        ),
        Mistake(
            "one-end-only",
            "return n * (2 * radius + 1) - radius * (radius + 1) // 2",
            "You cut one end; a sentence has two.",
            question="Whose windows stick out on the right?",
        ),
        Mistake(
            "triangle-too-small",
            "return n * (2 * radius + 1) - radius * (radius - 1)",
            "Nearly: each end loses 1 + 2 + ... + radius.",
            question="What is 1 + 2 + 3?",
        ),
        Mistake(
            "all-pairs",
            "return n * n",
            "All pairs; the window keeps 34 of 64.",
            question="What is radius for?",
        ),
        Mistake(
            "one-side",
            "return n * radius - radius * (radius + 1) // 2",
            "One side only, and without the tokens themselves.",
            question="Which cells lie on the diagonal, and which on its other side?",
        ),
        Mistake(
            "one-side-and-themselves",
            "return n * (radius + 1) - radius * (radius + 1) // 2",
            "One side only: that is a causal window. This one is open on both sides.",
            question="Which cells lie above the diagonal?",
        ),
        Mistake(
            "both-sides-without-themselves",
            "return 2 * n * radius - radius * (radius + 1)",
            "You left out the diagonal: every token sees itself.",
            question="How many cells does the diagonal hold?",
        ),
        Mistake(
            "one-window",
            "return 2 * radius + 1",
            "That is one whole window; every token has its own.",
            question="How many windows are there?",
        ),
        Mistake(
            "hidden-pairs",
            "return (n - radius) * (n - radius - 1)",
            "These are the pairs that the window leaves out.",
            question="How many pairs are there in all?",
        ),
        Mistake(
            "right-end-left-out",
            "return sum(min(n, i + radius) - max(0, i - radius) for i in range(n))",
            "{mine} at n = 8, radius 2, wanted 34: the right end of each window is left out.",
            fill=at_eight,
            question="Up to which number must a range go, so that i + radius is in it?",
        ),
        Mistake(
            "scores-in-bytes",
            "return 8 * (n * (2 * radius + 1) - radius * (radius + 1))",
            "These are bytes; the number of pairs was asked for.",
            question="How many pairs take 8 bytes?",
        ),
    ),
)


# ---------------------------------------------------------------- 7.3


def global_local_mask(n, radius, global_tokens):
    """Two ints and (g,) positions -> (n, n) booleans: near each other, or one of the two is global."""
    mask = np.zeros((n, n), bool)
    positions = [int(token) for token in global_tokens]
    for query in range(n):
        for key in range(n):
            mask[query, key] = abs(query - key) <= radius or query in positions or key in positions
    return mask


def places(*tokens):
    return np.array(tokens, int)


def global_local_inputs(rng):
    return [
        Case((8, 1, places(2))),
        Case((11, 2, places(0, 6))),
        Case((7, 1, places(5, 0, 3))),
        Case((13, 2, rng.permutation(12)[:3])),  # the last token is a case of its own
        Case((7, 1, places(6)), "property", says="when the last token is global"),
        Case((5, 1, places()), "property", says="without global tokens"),
        Case((7, 0, places(3)), "property", says="with a radius of 0"),
        Case((5, 1, places(4, 1, 4)), "property", says="when a position is listed twice"),
    ]


WINDOW = DISTANCE + "m = np.abs(d) <= radius\n"
GLOBAL_ROW, GLOBAL_COLUMN = "m[global_tokens] = True\n", "m[:, global_tokens] = True\n"


def joined(how):
    """A body with the global crosses as a mask of their own: `how` joins them with the window m."""
    return WINDOW + f"g = np.isin(i, global_tokens)\nreturn {how}"


GLOBAL_LOCAL_MASK = Exercise(
    lesson=LESSON,
    number="7.3",
    spec=global_local_mask,
    reference=WINDOW + GLOBAL_ROW + GLOBAL_COLUMN + "return m",
    promise="Return a window mask in which some tokens are global: they see everybody, and everybody sees them.",
    points=2,
    difficulty=2,
    importance=4,
    minutes=5,
    hints=(
        "A global token sees everybody and is seen by everybody. Which row and which column of the mask is each of the "
        "two?",
        "Start from the window mask and open whole rows and whole columns; an array of positions can stand in brackets "
        "as it is.",
        "After m = window_mask(n, radius): set m[global_tokens] to True, then m with a colon in front of "
        "global_tokens, and return m.",
    ),
    inputs=global_local_inputs,
    axes=MASK_AXES,
    kind="bool",
    picture="heat pair",
    alternatives=(
        joined("(np.abs(d) <= radius) | g | g[:, None]"),
        "m = window_mask(n, radius)\nfor t in global_tokens:\n    m[t, :] = m[:, t] = True\nreturn m",
        "g = np.zeros(n, bool)\ng[global_tokens] = True\n"
        "return np.logical_or.reduce([window_mask(n, radius), *np.broadcast_arrays(g, g[:, None])])",
        "return np.array([[abs(i - j) <= radius or i in global_tokens or j in global_tokens for j in range(n)] "
        "for i in range(n)])",
    ),
    mistakes=(
        Mistake(
            "column-missing",
            WINDOW + GLOBAL_ROW + "return m",
            "G sees everybody, but nobody sees G: the column is missing.",
            question="Which cells say whom token 7 may look at?",
        ),
        Mistake(
            "row-missing",
            WINDOW + GLOBAL_COLUMN + "return m",
            "Everybody sees G, but G sees only its neighbours: the row is missing.",
            question="Which cells say whom the global token may look at?",
        ),
        Mistake(
            "globals-among-themselves",
            WINDOW + "m[np.ix_(global_tokens, global_tokens)] = True\nreturn m",
            "Globals see each other only.",
            variants=(joined("m | (g[:, None] & g)"),),
            question="Which cells of row G are still closed?",
        ),
        Mistake(
            "nobody-global",
            WINDOW + "m[global_tokens, global_tokens] = True\nreturn m",
            "The window alone: nobody is global. (m[G, G] is one cell, which was open already.)",
            variants=(WINDOW + "return m",),
            question="How do you write: this row, all columns?",
        ),
        Mistake(
            "window-gone",
            "m = np.zeros((n, n), bool)\n" + GLOBAL_ROW + GLOBAL_COLUMN + "return m",
            "The window is gone: regular tokens see only the globals.",
            question="What should m hold before the globals are opened?",
        ),
        Mistake(
            "and",
            joined("m & (g[:, None] | g)"),
            '"and" keeps only what both patterns allow; join them with "or".',
            question="Which sign joins two conditions when either will do?",
        ),
        Mistake(
            "counted-from-1",
            WINDOW + "m[global_tokens + 1] = True\nm[:, global_tokens + 1] = True\nreturn m",
            "Off by one: positions count from 0.",
            variants=(WINDOW + "m[global_tokens - 1] = True\nm[:, global_tokens - 1] = True\nreturn m",),
            question="Which row is that of token 2?",
        ),
        Mistake(
            "first-tokens",
            WINDOW + "g = len(global_tokens)\nm[:g] = True\nm[:, :g] = True\nreturn m",
            "You opened the first tokens, as many as there are globals. global_tokens says which they are.",
            question="Which tokens does the array name?",
        ),
        Mistake(
            "slice",
            WINDOW + "for t in global_tokens:\n    m[:t] = True\n    m[:, :t] = True\nreturn m",
            "You opened all tokens before the global one: a colon in front of t makes a slice.",
            question="How do you write a single row?",
        ),
        Mistake(
            "first-global-only",
            WINDOW
            + "if len(global_tokens):\n    m[global_tokens[0]] = True\n    m[:, global_tokens[0]] = True\nreturn m",
            "Only the first of the global tokens is global.",
            question="What may stand in the brackets besides one number?",
        ),
        Mistake(
            "inverted",
            WINDOW + GLOBAL_ROW + GLOBAL_COLUMN + "return ~m",
            "Inverted: True means may look.",
            question=INVERTED,
        ),
        Mistake(
            "toggled",
            joined("m ^ (g[:, None] | g)"),
            "Where both patterns hold you closed the pair: that is an exclusive or.",
            question="May two neighbours look at each other when one of them is global?",
        ),
        Mistake(
            "globals-lose-themselves",
            WINDOW + GLOBAL_ROW + GLOBAL_COLUMN + "m[global_tokens, global_tokens] = False\nreturn m",
            "A global token no longer sees itself.",
            question="Is a token one of everybody?",
        ),
    ),
)


# ---------------------------------------------------------------- 7.4


def block_mask(n, block):
    """Two ints -> (n, n) booleans: True where query and key stand in the same block of `block` tokens."""
    mask = np.zeros((n, n), bool)
    for query in range(n):
        for key in range(n):
            mask[query, key] = query // block == key // block
    return mask


def block_mask_inputs(rng):
    return [
        Case((8, 4)),
        Case((6, 2)),
        Case((15, 5)),
        Case((7 * drawn(rng, 2, 8), 7)),
        Case((10, 4), "property", says="with a last block that is shorter"),
        Case((3, 7), "property", says="with a block longer than the sentence"),
        Case((5, 1), "property", says="with blocks of one token"),
        Case((11, 3), "property", says="with 11 tokens in blocks of 3"),
    ]


BLOCK_MASK = Exercise(
    lesson=LESSON,
    number="7.4",
    spec=block_mask,
    reference="i = np.arange(n) // block\nreturn i[:, None] == i",
    promise="Return who may look at whom in blocks of tokens: True where i and j stand in the same block.",
    points=1,
    difficulty=2,
    importance=4,
    minutes=4,
    hints=(
        "Number the blocks of 4 tokens from 0. Which number has the block of token 6, and how do you get it from 6?",
        "Whole-number division turns positions into block numbers. Then compare every block number with every other, "
        "a column against a row.",
        "Divide np.arange(n) by block with //, and ask where that column equals that row.",
    ),
    inputs=block_mask_inputs,
    axes=MASK_AXES,
    kind="bool",
    picture="heat pair",
    alternatives=(
        "m = np.zeros((n, n), bool)\nfor s in range(0, n, block):\n    m[s:s + block, s:s + block] = True\nreturn m",
        "b = -(-n // block)\nreturn np.kron(np.eye(b), np.ones((block, block))).astype(bool)[:n, :n]",
        "i = np.repeat(np.arange(n), block)[:n]\nreturn np.equal.outer(i, i)",
        "return np.array([[i // block == j // block for j in range(n)] for i in range(n)])",
    ),
    mistakes=(
        Mistake(
            "a-window",
            DISTANCE + "return np.abs(d) < block",
            "A window: token 3 and 4 are neighbours but in different blocks.",
            variants=(DISTANCE + "return np.abs(d) <= block",),
            question="Which number of its block has token 3, and which has token 4?",
        ),
        Mistake(
            "strided",
            DISTANCE + "return d % block == 0",
            "Every block-th token: that is strided.",
            variants=("i = np.arange(n) % block\nreturn i[:, None] == i",),
            question="Which operator tells the number of the block, and which the place inside it?",
        ),
        Mistake(
            "counted-from-1",
            "i = (np.arange(n) + 1) // block\nreturn i[:, None] == i",
            "Off by one: the first block has 3 tokens. Count from 0.",
            question="Which block should token 3 be in?",
        ),
        Mistake(
            "so-many-blocks",
            "i = np.arange(n) * block // n\nreturn i[:, None] == i",
            "You made `block` blocks; block is the length of one.",
            question="How many blocks of 4 do 8 tokens make?",
        ),
        Mistake(
            "last-block-vanished",
            "return np.kron(np.eye(n // block), np.ones((block, block))).astype(bool)",
            "n = 10 is no multiple of 4: the last two tokens vanished.",
            question="How many blocks does it take to hold all tokens?",
        ),
        Mistake(
            "last-block-closed",
            "m = np.zeros((n, n), bool)\nfor b in range(n // block):\n"
            "    m[b * block:(b + 1) * block, b * block:(b + 1) * block] = True\nreturn m",
            "n = 10 is no multiple of 4: the last two tokens see nobody.",
            question="How many blocks does it take to hold all tokens?",
        ),
        Mistake(
            "evened-out",
            "m = np.zeros((n, n), bool)\nfor b in np.array_split(np.arange(n), -(-n // block)):\n"
            "    m[np.ix_(b, b)] = True\nreturn m",
            "You evened the blocks out: all but the last should have {block} tokens.",
            fill=lambda call: {"block": 4},
            question="Which tokens are in the second block of 10, in blocks of 4?",
        ),
        Mistake(
            "last-block-joined",
            "i = np.minimum(np.arange(n) // block, max(n // block - 1, 0))\nreturn i[:, None] == i",
            "You gave the rest to the block before: the last block may be shorter, not longer.",
            question="Which tokens are in the third block of 10, in blocks of 4?",
        ),
        Mistake(
            "earlier-blocks-too",
            "i = np.arange(n) // block\nreturn i[:, None] >= i",
            "Earlier blocks too: that is the causal kind.",
            question="Which comparison asks for the same block?",
        ),
        Mistake(
            "causal",
            "i = np.arange(n) // block\nreturn np.tril(i[:, None] == i)",
            "Inside a block everybody sees everybody; you closed what comes later.",
            question="May token 0 look at token 1 here?",
        ),
        Mistake(
            "inverted",
            "i = np.arange(n) // block\nreturn i[:, None] != i",
            "Inverted: True means may look.",
            question=INVERTED,
        ),
        Mistake(
            "first-block-only",
            "i = np.arange(n)\nreturn (i < block)[:, None] & (i < block)",
            "The first block alone: the tokens from {block} on see nobody.",
            fill=lambda call: {"block": 4},
            question="Which block is token 6 in?",
        ),
        Mistake(
            "not-divided-down",
            "i = np.arange(n) / block\nreturn i[:, None] == i",
            "Every token sees itself only: divided like that, 4 / 4 and 5 / 4 differ.",
            question="Which division throws the rest away?",
        ),
    ),
)


# ---------------------------------------------------------------- 7.5


def strided_mask(n, stride):
    """Two ints -> (n, n) booleans: True where the distance is 0, stride, 2 stride, ..."""
    mask = np.zeros((n, n), bool)
    for query in range(n):
        for key in range(n):
            mask[query, key] = abs(query - key) in range(0, n, stride)
    return mask


def strided_mask_inputs(rng):
    return [
        Case((8, 3)),
        Case((7, 2)),
        Case((13, 5)),
        Case((drawn(rng, 14, 30), drawn(rng, 3, 8))),
        Case((5, 1), "property", says="with a stride of 1"),
        Case((3, 7), "property", says="with a stride beyond the ends"),
    ]


STRIDED_MASK = Exercise(
    lesson=LESSON,
    number="7.5",
    spec=strided_mask,
    reference=DISTANCE + "return d % stride == 0",
    promise="Return who may look at whom in a strided pattern: True where i - j is a multiple of stride.",
    points=1,
    difficulty=2,
    importance=3,
    minutes=4,
    hints=(
        "At stride 3, token 4 sees itself. Whom else, to the left and to the right?",
        "Make the table of all differences i - j, and ask of each whether stride goes into it without a rest. In "
        "Python this works for negative numbers, too.",
        "The differences modulo stride, compared with 0.",
    ),
    inputs=strided_mask_inputs,
    axes=MASK_AXES,
    kind="bool",
    core=False,
    picture="heat pair",
    alternatives=(
        "i = np.arange(n) % stride\nreturn i[:, None] == i",
        "m = np.zeros((n, n), bool)\nfor s in range(stride):\n    m[s::stride, s::stride] = True\nreturn m",
        "return sum(np.eye(n, k=k) for k in range(-(n // stride) * stride, n, stride)).astype(bool)",
        DISTANCE + "return d // stride * stride == d",
    ),
    mistakes=(
        Mistake(
            "fixed-columns",
            "return np.broadcast_to(np.arange(n) % stride == 0, (n, n)).copy()",
            "Fixed columns: everybody sees 0, 3, 6. The stride counts from the token itself.",
            question="How far is key 3 from token 4?",
        ),
        Mistake(
            "fixed-rows",
            "return np.broadcast_to((np.arange(n) % stride == 0)[:, None], (n, n)).copy()",
            "Fixed rows: 0, 3 and 6 see everybody, the others nobody. The stride counts from the token itself.",
            question="Whom does token 4 see at stride 3?",
        ),
        Mistake(
            "first-step-only",
            DISTANCE + "return np.abs(d) == stride",
            "Only the first step each way: also 2·stride, 3·stride and itself.",
            variants=(DISTANCE + "return (np.abs(d) == stride) | (d == 0)",),
            question="Which distances does a stride of 3 allow?",
        ),
        Mistake(
            "inverted",
            DISTANCE + "return d % stride != 0",
            "Inverted.",
            variants=(DISTANCE + "return (d % stride).astype(bool)",),
            question=INVERTED,
        ),
        Mistake(
            "added",
            "i = np.arange(n)\nreturn (i[:, None] + i) % stride == 0",
            "You added positions; the distance is a difference.",
            question="How far is token 4 from token 1?",
        ),
        Mistake(
            "off-by-one",
            DISTANCE + "return (np.abs(d) + 1) % stride == 0",
            "Off by one: token 4 sees 2 and 6 but not itself.",
            variants=(DISTANCE + "return (d + 1) % stride == 0", DISTANCE + "return (d - 1) % stride == 0"),
            question="What is the distance of a token from itself?",
        ),
        Mistake(
            "not-itself",
            DISTANCE + "return (d % stride == 0) & (d != 0)",
            "A token may look at itself: 0 is a multiple too.",
            question="What is 0 times stride?",
        ),
        Mistake(
            "a-window",
            DISTANCE + "return np.abs(d) <= stride",
            "That is a window.",
            question="Is a distance of 2 a multiple of 3?",
        ),
        Mistake(
            "blocks",
            "i = np.arange(n) // stride\nreturn i[:, None] == i",
            "These are blocks: neighbours see each other. Which operator gives the rest of a division?",
        ),
        Mistake(
            "causal",
            DISTANCE + "return (d % stride == 0) & (d >= 0)",
            "Only to the left: token 4 sees 4 and 1. The pattern goes both ways; a causal mask is another matter.",
            question="What rest leaves -3, divided by 3?",
        ),
        Mistake(
            "divided-the-stride",
            DISTANCE + "return stride % np.where(d == 0, 1, d) == 0",
            "You asked which distances go into the stride; the stride should go into the distance.",
            question="Which of the two should stand on the left of %?",
        ),
    ),
)


# ---------------------------------------------------------------- 7.6


def hops(allowed):
    """(n, n) booleans -> (n, n) ints: layers until i has heard from j, one layer after another; -1 for never."""
    n = len(allowed)
    answer = np.full((n, n), -1)
    for listener in range(n):
        heard, layer = {listener}, 0
        while heard:
            for token in heard:
                answer[listener, token] = layer
            further = {j for i in heard for j in range(n) if allowed[i, j]}
            heard = {j for j in further if answer[listener, j] < 0}
            layer += 1
    return answer


ONE_WAY = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1], [0, 0, 0, 1]], bool)  # token i hears from i + 1
CHAIN = window_mask(5, 1)


def hops_inputs(rng):
    causal_window = np.tril(window_mask(7, 2))
    sparse = (rng.random((7, 7)) < 0.2) | np.eye(7, dtype=bool)
    sparse[2, [0, 1, 3, 4, 5, 6]] = False  # token 2 hears from nobody else
    sparse[0, 1], sparse[1, 0] = True, False
    return [
        Case((ONE_WAY,)),
        Case((CHAIN,)),
        Case((causal_window,)),
        Case((sparse,)),
        Case((global_local_mask(7, 1, places(3)),), "property", says="with a global token"),
        Case((block_mask(6, 2),), "property", says="with blocks that never meet"),
        Case((np.tril(np.ones((5, 5), bool), -1),), "property", says="when nobody may look at itself"),
        Case((window_mask(13, 1),), "property", says="with a narrow window and 13 tokens"),
        Case((np.ones((1, 1), bool),), "property", says="with a single token"),
        Case((np.zeros((3, 3), bool),), "property", says="when nobody may look at anybody"),
    ]


def walk(
    first="n = len(allowed)\nout = np.full((n, n), -1)\n",
    step="allowed | np.eye(n, dtype=bool)",
    count="range(n)",
    last="return out",
):
    """The reference's walk, layer after layer, with one line exchanged."""
    return (
        first + f"reach = np.eye(n, dtype=bool)\nstep = {step}\nfor k in {count}:\n"
        "    out[reach & (out < 0)] = k\n    reach = (step.astype(int) @ reach) > 0\n" + last
    )


HOPS = Exercise(
    lesson=LESSON,
    number="7.6",
    spec=hops,
    reference=walk(),
    promise="Return after how many layers token i has heard from token j: 0 for itself, -1 for never.",
    points=3,
    difficulty=4,
    importance=2,
    minutes=9,
    hints=(
        "In layer 1 token k hears from j; in layer 2 token i hears from k. What does i know of j by then?",
        "Keep a table of who has heard from whom, at first only everybody from itself. Each layer extends it by one "
        "step through allowed: a matrix product that only cares whether it is above 0. Write down the layer at which a "
        "cell opens first.",
        "Begin with out full of -1 and reach the identity. For each k below n: write k where reach is open and out is "
        "still -1; then let reach be (step.astype(int) @ reach) above 0, where step is allowed with its diagonal open.",
    ),
    inputs=hops_inputs,
    axes=("listeners", "tokens"),
    kind="int",
    core=False,
    picture="heat pair",
    alternatives=(
        walk(last="return out.astype(float).astype(int)"),
        walk(step="allowed"),
        "n = len(allowed)\nd = np.where(allowed, 1, n + 1)\nnp.fill_diagonal(d, 0)\nfor k in range(n):\n"
        "    d = np.minimum(d, d[:, k:k + 1] + d[k])\nreturn np.where(d > n, -1, d)",
        "n = len(allowed)\nout = np.full((n, n), -1)\nfor i in range(n):\n    out[i, i] = 0\n    queue = [i]\n"
        "    while queue:\n        k = queue.pop(0)\n        for j in np.flatnonzero(allowed[k]):\n"
        "            if out[i, j] < 0:\n                out[i, j] = out[i, k] + 1\n                queue.append(j)\n"
        "return out",
        "n = len(allowed)\nstep = allowed | np.eye(n, dtype=bool)\nreach, out = np.eye(n, dtype=bool), "
        "np.zeros((n, n), int)\nfor _ in range(n):\n    out += ~reach\n    reach = (step.astype(float) @ reach) > 0\n"
        "return np.where(reach, out, -1)",
    ),
    mistakes=(
        Mistake(
            "both-ways",
            walk(step="allowed | allowed.T | np.eye(n, dtype=bool)"),
            "You walked both ways: under a causal mask token 0 never hears from token 1.",
            question="Which cell says that token 0 may look at token 1?",
        ),
        Mistake(
            "from-1",
            walk(last="return out + 1"),
            "A token hears itself in 0 layers (the residual connection carries it).",
            question="How many layers does a token need to know itself?",
            variants=(walk(last="return np.where(out < 0, -1, out + 1)"),),
        ),
        Mistake(
            "stations-between",
            walk(last="return np.where(out > 0, out - 1, out)"),
            "You counted the tokens in between; one hop is one layer, even to a neighbour.",
            question="After how many layers has a token heard from its neighbour?",
        ),
        Mistake(
            "itself-in-1",
            walk(last="return np.where(np.eye(n, dtype=bool), 1, out)"),
            "A token hears itself in 0 layers (the residual connection carries it); you wrote 1 on the diagonal.",
            question="How many layers does a token need to know itself?",
        ),
        Mistake(
            "transposed",
            walk(last="return out.T"),
            "Transposed: row i is the one who hears.",
            variants=(walk(step="allowed.T | np.eye(n, dtype=bool)"),),
            question="Whose row of allowed says whom token 0 may look at?",
        ),
        Mistake(
            "never-is-0",
            walk(last="out[out < 0] = 0\nreturn out"),
            "Never is -1, not 0: 0 means itself.",
            question="Which number is free to mean never?",
        ),
        Mistake(
            "never-is-n",
            walk(last="return np.where(out < 0, n, out)"),
            "Never is -1, not n: a number of layers could be taken for one.",
            question="Which number is free to mean never?",
        ),
        Mistake(
            "one-hop",
            "return np.where(np.eye(len(allowed), dtype=bool), 0, np.where(allowed, 1, -1))",
            "One hop is not the end: what j told k in layer 1, k tells i in layer 2.",
            question="What does i hear in layer 2?",
            variants=("return np.where(allowed, 1, -1)",),
        ),
        Mistake(
            "two-layers",
            walk(count="range(3)"),
            "You stopped after 2 layers; a narrow window needs more.",
            question="How many layers can it take at most with n tokens?",
        ),
        Mistake(
            "one-layer-short",
            walk(count="range(n - 1)"),
            "You stopped one layer early: in a chain of n tokens the ends are n - 1 apart.",
            question="What is the last number of range(n)?",
        ),
        Mistake(
            "longest-walks",
            "n = len(allowed)\nout = np.where(np.eye(n, dtype=bool), 0, -1)\np = np.eye(n, dtype=int)\n"
            "for k in range(1, n):\n    p = p @ allowed.astype(int)\n    out[p > 0] = k\nreturn out",
            "These are the longest walks: keep the first k at which j is heard, not the last.",
            question="Which cells may still be written to in layer 2?",
            variants=(
                "n = len(allowed)\nout = np.full((n, n), -1)\nreach = np.eye(n, dtype=bool)\n"
                "step = allowed | np.eye(n, dtype=bool)\nfor k in range(n):\n    out[reach] = k\n"
                "    reach = (step.astype(int) @ reach) > 0\nreturn out",
            ),
        ),
        Mistake(
            "doubled",
            "n = len(allowed)\nout = np.full((n, n), -1)\nreach = np.eye(n, dtype=bool)\n"
            "for k in range(n):\n    out[reach & (out < 0)] = k\n"
            "    reach = allowed | np.eye(n, dtype=bool) if k == 0 else (reach.astype(int) @ reach) > 0\nreturn out",
            "You squared what was reached: it grows by 1, 2, 4, 8 hops. A layer adds one.",
            question="Which two tables should meet in the product?",
        ),
        Mistake(
            "numbers-of-ways",
            "n = len(allowed)\nstep = (allowed | np.eye(n, dtype=bool)).astype(int)\n"
            "return np.linalg.matrix_power(step, n)",
            "You counted the ways from i to j. How soon was asked, not how many.",
            question="What should be written down the first time a cell opens?",
        ),
        Mistake(
            "ever",
            "n = len(allowed)\nreach = allowed | np.eye(n, dtype=bool)\nfor _ in range(n):\n"
            "    reach = (reach.astype(int) @ reach) > 0\nreturn reach.astype(int)",
            "You say whether i ever hears from j; after how many layers was asked.",
            question="What should be written down the first time a cell opens?",
        ),
        Mistake(
            "by-distance",
            "i = np.arange(len(allowed))\nreturn np.abs(i[:, None] - i)",
            "This is the distance in the sentence; the mask is not used.",
            question="Whom does a global token hear in one layer?",
        ),
    ),
)


# ---------------------------------------------------------------- 7.7


def banded_attention(Q, K, V, radius):
    """(n, d_k), (n, d_k), (n, d_v) and an int -> (n, d_v): each query meets only the keys of its window."""
    n = len(Q)
    answer = np.zeros((n, V.shape[-1]))
    for i in range(n):
        window = range(max(0, i - radius), min(n, i + radius + 1))
        scores = [sum(q * k for q, k in zip(Q[i], K[j], strict=True)) / math.sqrt(len(Q[i])) for j in window]
        for j, weight in zip(window, weights_of(scores), strict=True):
            for feature, value in enumerate(V[j]):
                answer[i, feature] += weight * value
    return answer


def tokens(rng, n, d_k, d_v, radius, times=1.4):
    return (*(times * rng.standard_normal((n, d_k)) for _ in "QK"), rng.standard_normal((n, d_v)), radius)


def banded_inputs(rng):
    whole = tuple(rng.integers(-3, 4, (7, d)) for d in (2, 2, 5))
    far = np.array([[40.0, 0], [0, 30], [-40, 0], [30, 30], [0, -40]])
    return [
        Case(tokens(rng, 8, 3, 5, 2)),
        Case(tokens(rng, 11, 2, 3, 1)),
        Case(tokens(rng, 13, 5, 2, 4)),
        Case(tokens(rng, 7, 3, 2, 0), "property", says="with a radius of 0"),
        Case(tokens(rng, 5, 2, 3, 7), "property", says="with a radius beyond the ends"),
        Case(tokens(rng, 1, 3, 2, 2), "property", says="with a single token"),
        Case((*whole, 2), "property", says="with whole numbers"),
        Case((far, far[::-1].copy(), rng.standard_normal((5, 3)), 1), "property", says="with scores of 1000"),
        Case(tokens(rng, 263, 2, 3, 4), "property", says="with 263 tokens, no multiple of a tile"),
    ]


def loop(
    edges="max(0, i - radius), min(n, i + radius + 1)",
    row="softmax(K[a:b] @ Q[i] / K.shape[-1] ** 0.5) @ V[a:b]",
    out="np.empty((n, V.shape[-1]))",
):
    """The reference's loop over tokens, with one part exchanged."""
    return f"n = len(Q)\nout = {out}\nfor i in range(n):\n    a, b = {edges}\n    out[i] = {row}\nreturn out"


def tiles(
    row="attention(Q[s:s + t], K[a:b], V[a:b], np.abs(q - k) <= radius)",
    starts="range(0, n, t)",
    t=64,
    edges="max(0, s - radius), min(n, s + t + radius)",
    keys="np.arange(a, b)",
):
    """A right answer in tiles of t queries, with one part exchanged."""
    return (
        f"n, t = len(Q), {t}\nout = np.zeros((n, V.shape[-1]))\nfor s in {starts}:\n    a, b = {edges}\n"
        f"    q, k = np.arange(s, min(s + t, n))[:, None], {keys}\n    out[s:s + t] = {row}\nreturn out"
    )


def gathered(index="j.clip(0, n - 1)", inside="(j >= 0) & (j < n)"):
    """All windows side by side, (n, 2 radius + 1): no loop, and memory that grows with n only."""
    return (
        f"n = len(Q)\nj = np.arange(n)[:, None] + np.arange(-radius, radius + 1)\nopen_, j = {inside}, {index}\n"
        "s = (K[j] * Q[:, None]).sum(-1) / K.shape[-1] ** 0.5\n"
        "w = softmax(np.where(open_, s, -np.inf))\nreturn (w[..., None] * V[j]).sum(1)"
    )


DIAGONALS = """n = len(Q)
m, z, acc = np.full(n, -np.inf), np.zeros(n), np.zeros((n, V.shape[-1]))
for d in range(-min(radius, n - 1), min(radius, n - 1) + 1):
    i = np.arange(max(0, -d), min(n, n - d))
    s = (Q[i] * K[i + d]).sum(-1) / K.shape[-1] ** 0.5
    new = np.maximum(m[i], s)
    old, now = np.exp(m[i] - new), np.exp(s - new)
    z[i], acc[i], m[i] = z[i] * old + now, acc[i] * old[:, None] + now[:, None] * V[i + d], new
return acc / z[:, None]"""
PADDED = """n, d = Q.shape
pad = ((radius, radius), (0, 0))
view = np.lib.stride_tricks.sliding_window_view
windows, values = (view(np.pad(A, pad), 2 * radius + 1, axis=0) for A in (K, V))
real = view(np.pad(np.ones(n, bool), radius), 2 * radius + 1)
s = np.einsum("nd,ndw->nw", Q, windows) / d ** 0.5
return np.einsum("nw,ndw->nd", softmax(np.where(real, s, -np.inf)), values)"""
PER_TILE = (
    "S = Q[s:s + t] @ K[a:b].T / K.shape[-1] ** 0.5\n    e = np.exp(S - S.max(-1, keepdims=True))\n    out[s:s + t]"
)


def example(n=8, radius=2):
    return tokens(np.random.default_rng(n), n, 3, 5, radius)


def masked(Q, K, V, mask):
    """Attention under any mask without empty rows, all pairs at once: what a wrong window would give."""
    scores = np.where(mask, Q @ K.T / math.sqrt(Q.shape[-1]), -np.inf)
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return e @ V / e.sum(-1, keepdims=True)


@functools.lru_cache(maxsize=16)  # several mistakes ask the same learner the same
def right_rows(call, n, radius):
    """Which rows of the learner's answer are right, and the answer."""
    Q, K, V, _ = example(n, radius)
    answer = np.asarray(call(Q, K, V, radius), float)
    wanted = masked(Q, K, V, window_mask(n, radius))[: len(answer)]
    return np.isclose(answer, wanted, 1e-6, 1e-6).all(-1), answer


def shaped_like_q(call):
    """With one feature in V the answer still has as many as Q, all alike."""
    Q, K, V, radius = example()
    answer = call(Q, K, V[:, :1], radius)
    return answer.shape == Q.shape and np.allclose(answer, banded_attention(Q, K, V[:, :1], radius))


def negative_start(call):
    """Right at radius 0; from radius 1 on the first rows stop at an empty window, or come back empty."""
    if not right_rows(call, 8, 0)[0].all():
        return False
    try:
        right, answer = right_rows(call, 8, 1)
    except ValueError as problem:
        return "zero-size" in str(problem) or "empty" in str(problem)
    return not right[0] and not np.nan_to_num(answer[0]).any() and right[1:].all()


def everybody(call):
    """The window is not used at all, however many tokens there are."""
    if right_rows(call, 8, 2)[0].all():
        return False
    Q, K, V, radius = example(263)
    return np.allclose(call(Q, K, V, radius), masked(Q, K, V, np.ones((263, 263), bool)))


def tail(call, n=263):
    """(where the wrong rows at the end begin, n), when all rows before them are right; a missing row is a wrong one."""
    if not right_rows(call, 8, 2)[0].all():
        return 0, n
    right, _ = right_rows(call, n, 3)
    right = np.pad(right, (0, n - len(right)))
    start = int(n - right[::-1].argmax()) if right.any() else 0
    return (start, n) if right[:start].all() else (0, n)


def last_tile_missing(call):
    """Rows behind the last whole tile are wrong, and there are fewer of them than a tile holds."""
    start, n = tail(call)
    return n / 2 < start < n and tail(call, start)[0] == start


def only_the_first_tile(call):
    start, n = tail(call)
    return 0 < start <= n / 2 and tail(call, start)[0] == start


def tile_edges_closed(call):
    """Right but for the tokens near the rim of a tile: they see nobody beyond it."""
    if not right_rows(call, 8, 2)[0].all():
        return False
    Q, K, V, radius = example(131, 3)
    right, answer = right_rows(call, 131, radius)
    tile = int(right.argmin()) + radius
    number = np.arange(131) // tile
    return not right.all() and np.allclose(
        answer, masked(Q, K, V, window_mask(131, radius) & (number[:, None] == number))
    )


def right_everywhere(call):
    """Right on inputs of every kind: what is wrong, if anything, is the memory."""
    cases = banded_inputs(np.random.default_rng(1))
    return all(np.allclose(call(*case.args), banded_attention(*case.args), 1e-6, 1e-6) for case in cases)


def many_tokens(n):
    """Narrow float32 arguments: whatever grows with n stays small beside n x n."""
    Q, K, V = np.random.default_rng(0).standard_normal((3, n, 2)).astype(np.float32)
    return Q, K, V, 2


def builds_n_by_n(call):
    return memory.growth(call, many_tokens)[0] >= memory.QUADRATIC


def memory_needed(call):
    times, taken = memory.growth(call, many_tokens)
    return {
        "times": f"{times:.1f}",
        "megabytes": f"{taken / 1e6:.0f}",
        "gigabytes": f"{memory.at(16_384, taken) / 1e9:.1f}",
    }


BANDED_ATTENTION = Exercise(
    lesson=LESSON,
    number="7.7",
    spec=banded_attention,
    reference=loop(),
    promise="Return attention within a window, without ever holding n × n numbers.",
    points=4,
    difficulty=4,
    importance=5,
    minutes=12,
    hints=(
        "Which keys can token 5 meet at radius 2, and how many scores must you hold at once to serve token 5 alone?",
        "Serve one token (or one tile of tokens) after another: cut its keys and values out of K and V by a slice, "
        "attend to them, and forget the scores. Mind both ends of the sentence, and the end of a slice, which is left "
        "out.",
        "For each i: a is the larger of 0 and i - radius, b the smaller of n and i + radius + 1; the row is softmax of "
        "K[a:b] @ Q[i], scaled, @ V[a:b].",
    ),
    inputs=banded_inputs,
    square=lambda rng: Case(tokens(rng, 4, 4, 4, 1)),
    axes=("queries", "features"),
    picture="heat pair",
    laws=(
        Law(
            "Right numbers, but the memory that it takes grows with the square of the tokens. "
            "What do you hold that has n × n entries?",
            lambda call: not builds_n_by_n(call),
            "property",
        ),
    ),
    alternatives=(
        tiles(),
        tiles(t=256),
        tiles(t=1024),
        tiles(t=1),
        loop(row="attention(Q[i:i + 1], K[a:b], V[a:b])[0]"),
        gathered(),
        PADDED,
        DIAGONALS,
        "rows = []\nfor i, q in enumerate(Q):\n    w = slice(max(i - radius, 0), i + radius + 1)\n"
        "    s = [q @ k / len(q) ** 0.5 for k in K[w]]\n    e = [np.exp(x - max(s)) for x in s]\n"
        "    rows.append(sum(x * v for x, v in zip(e, V[w])) / sum(e))\nreturn np.array(rows)",
    ),
    mistakes=(
        Mistake(
            "right-edge-missing",
            loop("max(0, i - radius), min(n, i + radius)"),
            "The right edge is missing: token 5 does not see 7; at radius 0 nobody is left.",
            variants=(tiles(row="attention(Q[s:s + t], K[a:b], V[a:b], (k - q < radius) & (q - k <= radius))"),),
            question="Does a slice hold the number behind its colon?",
        ),
        Mistake(
            "left-edge-missing",
            loop("max(0, i - radius + 1), min(n, i + radius + 1)"),
            "The left edge is missing: token 5 does not see 3.",
            question="How far is 3 from 5?",
        ),
        Mistake(
            "only-ahead",
            loop("i, min(n, i + radius + 1)"),
            "One-sided: nobody sees what came before.",
            question="Where does the window of token 5 begin?",
        ),
        Mistake(
            "only-back",
            loop("max(0, i - radius), i + 1"),
            "One-sided: nobody sees what comes after. A causal mask is another matter.",
            question="Where does the window of token 5 end?",
        ),
        Mistake(
            "halved",
            loop("max(0, i - radius // 2), min(n, i + radius // 2 + 1)"),
            "You halved the window: a radius already counts each side.",
            question="How many keys does token 5 meet at radius 2?",
        ),
        Mistake(
            "doubled",
            loop("max(0, i - 2 * radius), min(n, i + 2 * radius + 1)"),
            "Twice too wide: radius counts each side, not the whole.",
            question="How many keys does token 5 meet at radius 2?",
        ),
        Mistake(
            "not-scaled",
            loop(row="softmax(K[a:b] @ Q[i]) @ V[a:b]"),
            "No scaling.",
            question="Which line of lesson 03 is missing?",
        ),
        Mistake(
            "divided-by-d-k",
            loop(row="softmax(K[a:b] @ Q[i] / K.shape[-1]) @ V[a:b]"),
            "You divided by dₖ, not by its root: your weights are too even.",
            question="How widely do scores spread that add 3 products?",
        ),
        Mistake(
            "by-the-window",
            loop(row="softmax(K[a:b] @ Q[i] / (b - a) ** 0.5) @ V[a:b]"),
            "You divided by the root of the number of keys; the spread comes from the features.",
            question="Over what does one score add?",
        ),
        Mistake(
            "negative-start",
            loop("i - radius, min(n, i + radius + 1)"),
            "Python counts negative starts from the end: at token 0 your window is empty.",
            matches=negative_start,
            variants=(
                loop(
                    "i - radius, i + radius + 1",
                    "(np.exp(K[a:b] @ Q[i] / K.shape[-1] ** 0.5) @ V[a:b]) "
                    "/ max(np.exp(K[a:b] @ Q[i] / K.shape[-1] ** 0.5).sum(), 1e-300)",
                ),
            ),
            question="What is K[-2:3]?",
        ),
        Mistake(
            "shaped-like-q",
            loop(out="np.zeros_like(Q)"),
            "Shaped like Q: d_v is 5, d_k is 3.",
            matches=shaped_like_q,
            question="Whose features does the output carry?",
        ),
        Mistake(
            "whole-numbers-cut",
            loop(out="np.zeros_like(V)"),
            "Whole numbers came out: an array made like V holds no fractions when V has none.",
            question="Which kind of entries should the output have, whatever V holds?",
        ),
        Mistake(
            "last-tile-missing",
            tiles(starts="range(0, n - n % t or n, t)"),
            "The last tile is missing: 263 tokens are no multiple of a tile, and from token {start} on your rows are "
            "empty.",
            matches=last_tile_missing,
            fill=lambda call: {"start": tail(call)[0]},
            variants=(
                tiles(starts="range(0, n - n % t or n, t)", t=100),
                tiles(starts="range(0, n - n % t or n, t)", t=256),
                tiles(starts="range(0, max(n - t, 0) + 1, t)", t=32),
            ),
            question="Where does the last tile begin, and where does it end?",
        ),
        Mistake(
            "only-the-first-tile",
            tiles(keys="np.arange(b - a)"),
            "Only the first tile is right: inside the others your keys count from the tile's start, your queries from "
            "0.",
            matches=only_the_first_tile,
            variants=(
                tiles(keys="np.arange(b - a)", t=32),
                "t = 64\nout = np.zeros((len(Q), V.shape[-1]))\n"
                "out[:t] = attention(Q[:t], K[:t + radius], V[:t + radius], "
                "window_mask(len(Q), radius)[:t, :t + radius])\nreturn out",
            ),
            question="Which position does the first key of the second tile have?",
        ),
        Mistake(
            "tile-edges-closed",
            tiles(edges="s, min(n, s + t)"),
            "The tiles do not see over their rim: token 64 meets nobody before itself.",
            matches=tile_edges_closed,
            variants=(tiles(edges="s, min(n, s + t)", t=16), tiles(edges="s, min(n, s + t)", t=100)),
            question="Which keys do the first and the last query of a tile need?",
        ),
        Mistake(
            "output-of-an-output",
            tiles(row="attention(Q[s:s + t], K[a:b], V[a:b], np.abs(q - k) <= radius).output"),
            ONLY_THE_OUTPUT,
            matches=asks_for_the_output(*example()),
            question=WITHOUT_IT,
        ),
        Mistake(
            "everybody",
            "return attention(Q, K, V)",
            "Everybody sees everybody: radius is not used.",
            matches=everybody,
            question="Which keys may token 0 meet?",
        ),
        Mistake(
            "whole-tile",
            tiles(row="attention(Q[s:s + t], K[a:b], V[a:b])"),
            "Inside a tile everybody sees the whole tile: the band itself is not masked.",
            question="Which keys of its tile may the first query meet?",
        ),
        Mistake(
            "normalised-over-the-tile",
            tiles(row="softmax(Q[s:s + t] @ K[a:b].T / K.shape[-1] ** 0.5) * (np.abs(q - k) <= radius) @ V[a:b]"),
            "Your rows no longer sum to 1: the sum ran over the whole tile, hidden keys too. Mask before the softmax.",
            question="Over which keys should the weights of one query sum to 1?",
        ),
        Mistake(
            "wrapped-round",
            gathered("j % n", "j == j"),
            "Wrapped round: token 0 meets the last tokens. A sentence is not a ring.",
            question="Who stands before token 0?",
        ),
        Mistake(
            "ends-repeated",
            gathered(inside="j == j"),
            "At the ends you repeated the last token instead of leaving the place empty: it is counted more than once.",
            question="Who stands before token 0?",
        ),
        Mistake(
            "padding-takes-a-share",
            PADDED.replace("np.where(real, s, -np.inf)", "s"),
            "Keys of zeros stand beyond the ends, and each takes a share: a score of 0 is not nobody.",
            question="Which score makes exp vanish?",
        ),
        Mistake(
            "not-itself",
            tiles(row="attention(Q[s:s + t], K[a:b], V[a:b], (np.abs(q - k) <= radius) & (q != k))"),
            "A token meets itself, too; yours leaves it out.",
            question="How far is a token from itself?",
        ),
        Mistake(
            "inverted",
            tiles(row="attention(Q[s:s + t], K[a:b], V[a:b], np.abs(q - k) > radius)"),
            "Inverted: you hid the window and opened the rest.",
            question=INVERTED,
        ),
        Mistake(
            "keys-mixed",
            "n = len(Q)\nreturn np.array([softmax(K[max(0, i - radius):i + radius + 1] @ Q[i] / K.shape[-1] ** 0.5) "
            "@ K[max(0, i - radius):i + radius + 1] for i in range(n)])",
            "You mixed the keys. Keys are for being found; values are what is handed over.",
            question="Which of the three has not been used yet?",
        ),
        Mistake(
            "mean-of-the-window",
            loop(row="V[a:b].mean(0)"),
            "Every key of the window got the same weight: the scores are not used.",
            question="What would tell one key of the window from another?",
        ),
        Mistake(
            "no-softmax",
            loop(row="K[a:b] @ Q[i] / K.shape[-1] ** 0.5 @ V[a:b]"),
            "The scores went into the mix as they are: they do not sum to 1, and some are negative.",
            question="What turns scores into shares?",
        ),
        Mistake(
            "no-maximum",
            "n = len(Q)\nout = np.empty((n, V.shape[-1]))\nfor i in range(n):\n"
            "    a, b = max(0, i - radius), min(n, i + radius + 1)\n"
            "    e = np.exp(K[a:b] @ Q[i] / K.shape[-1] ** 0.5)\n    out[i] = e / e.sum() @ V[a:b]\nreturn out",
            "nan: exp of a score above 709 is infinite. Your softmax from 4.1 knows the way round.",
            question="Which line of yours could call it?",
        ),
        Mistake(
            "own-token-only",
            loop(row="V[i]"),
            "Every token got its own value back: the window is not used.",
            question="What do the neighbours hand over?",
        ),
        Mistake(
            "zeros",
            "return np.zeros((len(Q), V.shape[-1]))",
            "All zeros: right shape, no attention.",
            question="Which keys does token 5 meet at radius 2?",
        ),
        Mistake(
            "n-by-n",
            "return attention(Q, K, V, window_mask(len(Q), radius))",
            f"Right numbers, but you built n × n: from {memory.SECOND:,} to {memory.THIRD:,} tokens your memory grew "
            "{times} times, to {megabytes} MB, and 16,384 tokens would need {gigabytes} GB.",
            matches=lambda call: right_everywhere(call) and builds_n_by_n(call),
            fill=memory_needed,
            variants=(
                "m = window_mask(len(Q), radius)\nout = np.empty((len(Q), V.shape[-1]))\nfor i in range(len(Q)):\n"
                "    out[i] = softmax(K[m[i]] @ Q[i] / K.shape[-1] ** 0.5) @ V[m[i]]\nreturn out",
                "n = len(Q)\ns = Q @ K.T / K.shape[-1] ** 0.5\nd = np.arange(n)[:, None] - np.arange(n)\n"
                "s[np.abs(d) > radius] = -np.inf\nreturn softmax(s) @ V",
            ),
            question="How many keys does one query need at once?",
        ),
    ),
)


EXERCISES = (
    WINDOW_MASK,
    COUNT_PAIRS,
    GLOBAL_LOCAL_MASK,
    BLOCK_MASK,
    STRIDED_MASK,
    HOPS,
    BANDED_ATTENTION,
)
