"""Lesson 01: one-hot rows, lookup, cosine, neighbours, analogies."""

import numpy as np

from course_lib.checks.exercise import Case, Exercise, Mistake

LESSON = "01_embeddings"
SENTENCE = np.array([3, 1, 3, 0])  # four tokens of six words; a word comes twice, ids 4 and 5 never
TABLE = np.array([[0.2, 0.9, 0.3], [0.3, 0.9, 0.5], [0.9, 0.1, 0.1]])
NAMES = ("cat", "dog", "happy")
CAT, DOG, HAPPY = TABLE
# royal, male, female, person; no row has length 1, and woman lies nearer to king - man + woman than queen does
KINGDOM = np.array(
    [[0, 2, 0, 3], [1, 2, 0, 3], [0, 0, 2, 3], [3, 0, 3, 3], [0, 0, 0, 1], [0, 0, 0, -1], [7, 6, 8, 7]], float
)
KINGDOM_NAMES = ("man", "king", "woman", "queen", "child", "pizza", "court")
# lengths differ so much that it shows where they were left in: in the target (2 is short) or in the words (5 is long)
UNEVEN = np.array([[0, 0, 1], [4, 0, 0], [0, 0.5, 0], [1, 1, 0], [5, 0, 0], [0, 6, 0], [-1, 0, 1]])
# every word that is not 0, 1 or 2 has a negative cosine with row 1 - row 0 + row 2
TURNED_AWAY = np.array([[0, 1], [1, 1], [1, 0], [-1, -2], [-3, -1], [-1, -1]], float)


def shape_of(*args):
    """A `fill`: the shape of the learner's answer to these arguments, as {shape}."""
    return lambda call: {"shape": np.shape(call(*args))}


def length(vector):
    """Square root of the summed squares."""
    return sum(x * x for x in vector) ** 0.5


def dot(a, b):
    """Sum of products, feature by feature."""
    return sum(x * y for x, y in zip(a, b, strict=True))


# ---------------------------------------------------------------- 1.1


def one_hot(ids, n_words):
    """(..., n) ids -> (..., n, n_words): one row per id, a 1 in that column."""
    rows = []
    for i in ids.ravel():
        row = [0.0] * n_words
        row[i] = 1.0
        rows.append(row)
    return np.array(rows).reshape(*ids.shape, n_words)


def one_hot_inputs(rng):
    return [
        Case((SENTENCE, 6)),
        Case((rng.permutation(7)[:5], 7)),
        Case((np.array([2]), 5), "property", says="with a sentence of one word"),
        Case((rng.integers(0, 7, (2, 3)), 7), "property", says="with 2 sentences"),
        Case((rng.integers(0, 11, (2, 3, 5)), 11), "property", says="with two batch axes"),
    ]


ONE_HOT = Exercise(
    lesson=LESSON,
    number="1.1",
    spec=one_hot,
    reference="return np.eye(n_words)[ids]",
    promise="Return one row per id: 1 in the column of that word, 0 everywhere else.",
    points=1,
    difficulty=1,
    importance=4,
    minutes=4,
    hints=(
        "How many rows must the answer have, and how many ones stand in each of them?",
        "The identity matrix is a ready-made table of all one-hot rows: row 3 is the one for id 3. "
        "An array of ids between square brackets picks rows.",
        "np.eye(...)[...]: which number makes the table, which array picks its rows?",
    ),
    inputs=one_hot_inputs,
    square=lambda rng: Case((rng.integers(0, 3, (3, 3)), 3)),
    axes=("tokens", "words"),
    alternatives=(
        "return (np.arange(n_words) == ids[..., None]).astype(float)",
        "return np.take(np.eye(n_words), ids, axis=0)",
        "return np.identity(n_words)[ids, :]",
        "return np.array([[float(w == i) for w in range(n_words)] for i in ids.ravel()]).reshape(*ids.shape, n_words)",
        "rows = np.zeros((*ids.shape, n_words))\nnp.put_along_axis(rows, ids[..., None], 1.0, axis=-1)\nreturn rows",
    ),
    mistakes=(
        Mistake(
            "transposed",
            "return np.eye(n_words)[:, ids]",
            "Transposed: row = token, column = word. Yours is {shape}, wanted (4, 6).",
            fill=shape_of(SENTENCE, 6),
            question="Which axis counts the tokens?",
        ),
        Mistake(
            "too-narrow",
            "return np.eye(ids.max() + 1)[ids]",
            "As wide as the largest id in this sentence, {width}; the vocabulary has 6 words.",
            fill=lambda call: {"width": np.shape(call(SENTENCE, 6))[-1]},
            question="Where does the number of words come from?",
        ),
        Mistake(
            "off-by-one",
            "return np.eye(n_words)[ids - 1]",
            "Off by one: id 3 lit column {column}. Ids count from 0.",
            fill=lambda call: {"column": np.argmax(call(SENTENCE, 6)[0])},
            question="Which column belongs to id 0?",
        ),
        Mistake(
            "all-up-to-the-id",
            "return 1.0 * (np.arange(n_words) <= ids[..., None])",
            "You lit every word up to the id. One-hot lights one.",
            question="Which comparison is true for one word only?",
        ),
        Mistake(
            "summed",
            "return np.eye(n_words)[ids].sum(-2)",
            "One vector for the whole sentence: you added the rows and lost who stands where.",
            question="How many rows does a sentence of 4 words need?",
        ),
        Mistake(
            "unique",
            "return np.eye(n_words)[np.unique(ids)]",
            "Repeated words vanished and the order changed: unique sorts.",
            question="How many rows does a sentence of 4 words need, when one of them comes twice?",
        ),
        Mistake(
            "whole-sentence-in-each-row",
            "rows = np.zeros((len(ids), n_words))\nrows[:, ids] = 1\nreturn rows",
            "Every row is the same: [:, ids] lights the words of the whole sentence in each of them. "
            "Row t lights column ids[t] alone.",
            question="How do you name a row and its column together?",
        ),
        Mistake(
            "counted-from-one",
            "return 1.0 * (np.arange(1, n_words + 1) == ids[..., None])",
            "Id 3 lit column {column} and id 0 lit none: you numbered the columns from 1. Columns count from 0, too.",
            fill=lambda call: {"column": np.argmax(call(SENTENCE, 6)[0])},
            question="Which number does the first column bear?",
        ),
        Mistake(
            "id-for-a-one",
            "return np.eye(n_words)[ids] * ids[..., None]",
            "You wrote the id where a 1 belongs: id 3 put a {entry:g} in its row, and id 0 left its row empty.",
            fill=lambda call: {"entry": np.max(call(SENTENCE, 6)[0])},
            question="What should a row hold besides zeros?",
        ),
        Mistake(
            "booleans",
            "return np.arange(n_words) == ids[..., None]",
            "True and False in the right places. Make numbers of them: 1.0 and 0.0.",
            question="What changes the kind of an array's entries?",
        ),
        Mistake(
            "only-one-sentence",
            "rows = np.zeros((len(ids), n_words))\nfor t, i in enumerate(ids):\n    rows[t, i] = 1\nreturn rows",
            "Right for one sentence. With a batch in front, your loop runs over sentences, not over words: "
            "{shape}, wanted (2, 3, 7). Which table could be indexed by the whole array of ids?",
            fill=shape_of(np.array([[0, 1, 2], [2, 4, 6]]), 7),
        ),
        Mistake(
            "only-one-sentence-indexed",
            "rows = np.zeros((len(ids), n_words))\nrows[np.arange(len(ids)), ids] = 1\nreturn rows",
            "Right for one sentence. With a batch in front, len(ids) counts sentences, not words. "
            "Which table could be indexed by the whole array of ids?",
        ),
        Mistake(
            "flattened",
            "return np.eye(n_words)[ids.ravel()]",
            "Right for one sentence. A batch came back as one long sentence: {shape}, wanted (2, 3, 7).",
            fill=shape_of(np.array([[0, 1, 2], [2, 4, 6]]), 7),
            question="What keeps the axes of ids as they came?",
        ),
    ),
)

# ---------------------------------------------------------------- 1.2


def embed(ids, table):
    """(..., n) ids, (n_words, d_model) -> (..., n, d_model): the row of each id, in its place."""
    rows = []
    for i in ids.ravel():
        rows.append([table[i, feature] for feature in range(table.shape[1])])
    return np.array(rows).reshape(*ids.shape, table.shape[1])


def embed_inputs(rng):
    return [
        Case((SENTENCE, rng.standard_normal((6, 5)).round(1) + 0.05)),
        Case((rng.permutation(11)[:5], rng.standard_normal((11, 3)))),
        Case((rng.integers(0, 11, (2, 3)), rng.standard_normal((11, 5))), "property", says="with 2 sentences"),
        Case((rng.integers(0, 7, (2, 3, 5)), rng.standard_normal((7, 11))), "property", says="with two batch axes"),
    ]


EMBED_SHOWN = (SENTENCE, np.arange(30.0).reshape(6, 5))

EMBED = Exercise(
    lesson=LESSON,
    number="1.2",
    spec=embed,
    reference="return table[ids]",
    promise="Return the row of each word, in the order of the sentence.",
    points=1,
    difficulty=1,
    importance=5,
    minutes=4,
    hints=(
        "A word with id 3: which part of the table belongs to it, a row or a column?",
        "No arithmetic is needed. NumPy takes an array of ids between square brackets and gives one row for each.",
        "table[...]: put the whole array of ids there, not one id at a time.",
    ),
    inputs=embed_inputs,
    square=lambda rng: Case((rng.permutation(3), rng.standard_normal((3, 3)))),
    axes=("tokens", "features"),
    alternatives=(
        "return np.eye(len(table))[ids] @ table",
        "return one_hot(ids, len(table)) @ table",
        "return np.take(table, ids, axis=0)",
        "return table[ids, :]",
        "return np.array([table[i] for i in ids])",
    ),
    mistakes=(
        Mistake(
            "columns",
            "return table[:, ids]",
            "You took columns: words are rows of the table. Shape {shape}, wanted (4, 5).",
            fill=shape_of(*EMBED_SHOWN),
            question="Which axis do the brackets name first?",
        ),
        Mistake(
            "turned-table",
            "return table.T[ids]",
            "You turned the table and took rows of features, not of words.",
            question="Which axis of the table counts the words?",
        ),
        Mistake(
            "off-by-one",
            "return table[ids - 1]",
            "Off by one: id 3 returned row 2. Ids count from 0, and -1 is the last row.",
            question="Which row belongs to id 0?",
        ),
        Mistake(
            "unique",
            "return table[np.unique(ids)]",
            "A repeated word must appear again, in its place: unique sorts and drops.",
            question="The sentence is 3, 1, 3, 0: what should stand in row 2?",
        ),
        Mistake(
            "summed",
            "return table[ids].sum(-2)",
            "One vector for the sentence: you added the words. Keep one row per token.",
            question="What would the same words in another order give?",
        ),
        Mistake(
            "normalised",
            "return table[ids] / np.linalg.norm(table[ids], axis=-1, keepdims=True)",
            "Lookup changes nothing: your rows have length 1, the table's do not.",
            question="Which part of your line changes the numbers?",
        ),
        Mistake(
            "averaged",
            "return table[ids].mean(-2)",
            "One vector for the sentence: you averaged the words. Keep one row per token.",
            question="What would the same words in another order give?",
        ),
        Mistake(
            "first-rows",
            "return table[:len(ids)]",
            "You took the first rows of the table: which words the sentence holds was not asked.",
            question="Where do the ids come in?",
        ),
        Mistake(
            "take-without-axis",
            "return np.take(table, ids)",
            "One number per word: without an axis, take reads the table as one long list. "
            "Shape {shape}, wanted (4, 5).",
            fill=shape_of(*EMBED_SHOWN),
            question="Along which axis do the words stand?",
        ),
        Mistake(
            "elementwise",
            "return np.eye(len(table))[ids] * table",
            "You multiplied the one-hot rows with the table entry by entry. Which product adds up over the words?",
        ),
        Mistake(
            "features-first",
            "return np.swapaxes(table[ids], -1, -2)",
            "Features first: {shape}, wanted (4, 5). Tokens go down, features go across.",
            fill=shape_of(*EMBED_SHOWN),
            question="What do the brackets hand back before you turn it?",
        ),
        Mistake(
            "flattened",
            "return np.array([table[i] for i in ids.ravel()])",
            "Right for one sentence. A batch came back as one long sentence: {shape}, wanted (2, 3, 5).",
            fill=shape_of(np.array([[0, 1, 2], [2, 4, 5]]), EMBED_SHOWN[1]),
            question="What keeps the axes of ids as they came?",
        ),
    ),
)

# ---------------------------------------------------------------- 1.3


def cosine(a, b):
    """(..., d), (..., d) -> (...): dot product over both lengths, 0.0 where a length is 0."""
    a, b = np.broadcast_arrays(a, b)
    answer = np.zeros(a.shape[:-1])
    for place in np.ndindex(answer.shape):
        lengths = length(a[place]) * length(b[place])
        answer[place] = dot(a[place], b[place]) / lengths if lengths > 0 else 0.0
    return answer[()]  # a single pair gives a number


def cosine_inputs(rng):
    rows = rng.standard_normal((3, 5))
    holed = rows.copy()
    holed[1] = 0
    return [
        Case((CAT, DOG), says="for cat and dog"),
        Case((CAT, CAT), says="for cat and cat"),
        Case((3 * rng.standard_normal(5), rng.standard_normal(5))),
        Case((rows, 2 * rng.standard_normal((3, 5))), "property", says="with 3 pairs at once"),
        Case((np.zeros(3), DOG), "property", says="with a vector of zeros"),
        Case((holed, rng.standard_normal((3, 5))), "property", says="with a vector of zeros among 3 pairs"),
        Case((rng.standard_normal((3, 1, 5)), rng.standard_normal((7, 5))), "property", says="for 3 rows against 7"),
        Case((rng.integers(1, 5, (2, 3, 5)), rng.integers(-4, 0, (2, 3, 5))), "property", says="with integers"),
    ]


NORMS = "n = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)\n"

COSINE = Exercise(
    lesson=LESSON,
    number="1.3",
    spec=cosine,
    reference=NORMS + "return np.where(n == 0, 0.0, (a * b).sum(-1) / np.where(n == 0, 1.0, n))",
    promise="Return the cosine of the angle between a and b, 0.0 where one of them is all zeros.",
    points=2,
    difficulty=2,
    importance=4,
    minutes=6,
    hints=(
        "Stretch dog to twice its length. What does the dot product do, and what should the cosine do?",
        "A dot product grows with both lengths. Take them out again. "
        "Then ask yourself what 0 / 0 gives, and over which axis the features stand.",
        "(a * b).sum(-1) over the product of two np.linalg.norm(..., axis=-1); np.where puts a 1 there when it is 0.",
    ),
    inputs=cosine_inputs,
    square=lambda rng: Case((rng.standard_normal((3, 3)), rng.standard_normal((3, 3)))),
    axes=("pairs",),
    alternatives=(
        "return (a * b).sum(-1) / np.maximum(np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1), 1e-12)",
        NORMS + 'with np.errstate(invalid="ignore"):\n    return np.nan_to_num((a * b).sum(-1) / n)',
        'n = ((a ** 2).sum(-1) * (b ** 2).sum(-1)) ** 0.5\nreturn np.einsum("...d,...d->...", a, b) / (n + (n == 0))',
    ),
    mistakes=(
        Mistake(
            "dot-product",
            "return (a * b).sum(-1)",
            "cos(cat, dog) = {value:.2f} > 1 is impossible: this is the dot product. What makes it an angle?",
            fill=lambda call: {"value": call(CAT, DOG)},
        ),
        Mistake(
            "only-length-of-a",
            "return (a * b).sum(-1) / np.linalg.norm(a, axis=-1)",
            "You divided by the length of a. b has a length too: stretch b and your cosine grows.",
            question="By what else must you divide?",
        ),
        Mistake(
            "only-length-of-b",
            "return (a * b).sum(-1) / np.linalg.norm(b, axis=-1)",
            "You divided by the length of b only: stretch a and your cosine grows.",
            question="By what else must you divide?",
        ),
        Mistake(
            "multiplied-by-length-of-b",
            "return a @ b / np.linalg.norm(a) * np.linalg.norm(b)",
            "cos(cat, dog) = {value:.2f} > 1 is impossible: Python went from left to right, divided by the length of a "
            "and then multiplied by that of b.",
            fill=lambda call: {"value": call(CAT, DOG)},
            question="Which brackets bring both lengths under the line?",
        ),
        Mistake(
            "squared-lengths",
            "return (a * b).sum(-1) / ((a ** 2).sum(-1) * (b ** 2).sum(-1))",
            "You divided by squared lengths: cos(a, a) is {value:.2f}, wanted 1. A square root is missing.",
            fill=lambda call: {"value": call(CAT, CAT)},
            question="How does a length come from the sum of squares?",
        ),
        Mistake(
            "zero-vector-nan",
            "return (a * b).sum(-1) / (np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1))",
            "A zero vector gave nan: 0/0. We agreed on 0.0.",
            question="What could you divide by there, so that 0 comes out?",
        ),
        Mistake(
            "cosine-distance",
            "return 1 - (a * b).sum(-1) / np.maximum(np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1), 1e-300)",
            "This is the cosine distance: the same word scores 0, wanted 1.",
            question="What is the cosine of a word with itself?",
        ),
        Mistake(
            "one-number-for-all",
            "return (a * b).sum() / (np.linalg.norm(a) * np.linalg.norm(b))",
            "One number for all pairs: sum over the last axis only.",
            question="Which axis holds the features?",
        ),
        Mistake(
            "lengths-of-all",
            "return (a * b).sum(-1) / (np.linalg.norm(a) * np.linalg.norm(b))",
            "Right for two ordinary vectors. But np.linalg.norm without an axis makes one length of all rows together: "
            "each pair needs its own. And a zero vector gives nan.",
            question="Which axis holds the features?",
        ),
        Mistake(
            "distance",
            "return np.linalg.norm(a - b, axis=-1)",
            "A distance: small means near. A cosine is large when near.",
            question="What is the cosine of a word with itself?",
        ),
        Mistake(
            "only-one-pair",
            "return np.dot(a, b) / (np.linalg.norm(a) * np.linalg.norm(b))",
            "Right for two ordinary vectors. But a zero vector gives nan, and a and b may hold many pairs: "
            "add over the last axis only.",
            question="Which axis holds the features?",
        ),
        Mistake(
            "only-one-pair-guarded",
            "n = np.linalg.norm(a) * np.linalg.norm(b)\nreturn 0.0 if n == 0 else a @ b / n",
            "Right for one pair, zeros included. a and b may hold many pairs: "
            "add over the last axis only, and let np.where decide pair by pair where if cannot.",
            question="Which axis holds the features?",
        ),
        Mistake(
            "lengths-added",
            "return (a * b).sum(-1) / (np.linalg.norm(a, axis=-1) + np.linalg.norm(b, axis=-1))",
            "You added the lengths: cos(a, a) is {value:.2f}, wanted 1. A dot product grows with one times the other.",
            fill=lambda call: {"value": call(CAT, CAT)},
            question="What becomes of a dot product when both vectors are doubled?",
        ),
        Mistake(
            "angle",
            NORMS + "return np.arccos(np.clip((a * b).sum(-1) / np.where(n == 0, 1, n), -1, 1))",
            "You returned the angle, {value:.2f} radians between cat and dog. Its cosine was asked for: "
            "arccos is one step too many.",
            fill=lambda call: {"value": call(CAT, DOG)},
            question="What did you have before the arccos?",
        ),
        Mistake(
            "correlation",
            "a, b = a - a.mean(-1, keepdims=True), b - b.mean(-1, keepdims=True)\n"
            + NORMS
            + "return (a * b).sum(-1) / np.where(n == 0, 1, n)",
            "You took each vector's mean away first: that is a correlation. A cosine measures from the origin.",
            question="Which point do the two arrows start from?",
        ),
        Mistake(
            "epsilon",
            "return (a * b).sum(-1) / (np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1) + 1e-8)",
            "cos(cat, cat) is {value:.8f}: the small number you added for zero vectors shifts every answer. "
            "Step in only where a length is 0.",
            fill=lambda call: {"value": call(CAT, CAT)},
            question="For which vectors is there anything to guard?",
        ),
    ),
)

# ---------------------------------------------------------------- 1.4


def nearest(i, table, by):
    """(n_words, d) -> (n_words,) ids, largest dot product or cosine with word i first; ties: lower id first."""
    similarity = []
    for row in table:
        similarity.append(dot(table[i], row))
        if by == "cosine":
            similarity[-1] /= length(table[i]) * length(row)
    return np.array(sorted(range(len(table)), key=lambda word: -similarity[word]))  # sorted keeps ties in order


def nearest_inputs(rng):
    seven, eleven = rng.standard_normal((7, 3)), rng.standard_normal((11, 5))
    seven *= rng.permutation(np.geomspace(0.3, 3, 7))[:, None]
    # All words tie, exactly: with fewer ties the order that an unstable sort makes depends on the processor.
    same_dot = np.array([[1.0, 0, 0], [1, 2, 0], [1, 0, 1], [1, 3, 1], [1, 1, 0]])
    same_cosine = np.array([[2.0, 0], [1, 0], [8, 0], [4, 0], [16, 0]])
    return [
        Case((0, TABLE, "dot"), says="for cat, by dot"),
        Case((0, TABLE, "cosine"), says="for cat, by cosine"),
        Case((int(rng.integers(7)), seven, "dot")),
        Case((int(rng.integers(7)), seven, "cosine")),
        Case((int(rng.integers(11)), eleven, "dot")),
        Case((int(rng.integers(11)), eleven, "cosine")),
        Case((0, same_dot, "dot"), "property", says="when all words tie by dot"),
        Case((1, same_cosine, "cosine"), "property", says="when all words tie by cosine"),
    ]


DOTS = "s = table @ table[i]\n"
LENGTHS = "n = np.linalg.norm(table, axis=1)\n"
SIMILARITIES = DOTS + LENGTHS + 'if by == "cosine":\n    s = s / n\n'

NEAREST = Exercise(
    lesson=LESSON,
    number="1.4",
    spec=nearest,
    reference=SIMILARITIES + 'return np.argsort(-s, kind="stable")',
    promise="Return the ids of all words, nearest to word i first; the lower id first where two tie.",
    points=2,
    difficulty=2,
    importance=4,
    minutes=6,
    hints=(
        "You have one number per word. Do you want the numbers in order, or the words they belong to?",
        "argsort returns positions, smallest first. What could you sort instead, so that the nearest comes first? "
        'And what has to be divided away when by is "cosine"?',
        's = table @ table[i]; for "cosine" divide s by the length of each row; '
        'then np.argsort of minus s, kind="stable".',
    ),
    inputs=nearest_inputs,
    square=lambda rng: Case((1, rng.standard_normal((3, 3)), "cosine")),
    axes=("words",),
    kind="int",
    alternatives=(
        DOTS + LENGTHS + 'return np.argsort(-(s if by == "dot" else s / n))',
        DOTS + 'return np.argsort(-(s if by == "dot" else cosine(table, table[i])), kind="stable")',
        't = table if by == "dot" else table / np.linalg.norm(table, axis=1, keepdims=True)\n'
        'return (-(t @ t[i])).argsort(kind="stable")',
        SIMILARITIES + "return np.array(sorted(range(len(s)), key=lambda w: -s[w]))",
        SIMILARITIES + "return np.lexsort((np.arange(len(s)), -s))",
    ),
    mistakes=(
        Mistake(
            "farthest-first",
            SIMILARITIES + "return np.argsort(s)",
            "Farthest first: your list for cat begins with {word}.",
            fill=lambda call: {"word": NAMES[call(0, TABLE, "dot")[0]]},
            question="What could you sort instead, so that the largest comes first?",
        ),
        Mistake(
            "farthest-first-and-by-unread",
            DOTS + "return np.argsort(s)",
            "Farthest first: argsort goes upwards, so your list for cat begins with {word}. "
            'And "dot" and "cosine" gave the same order: by is not read.',
            fill=lambda call: {"word": NAMES[call(0, TABLE, "dot")[0]]},
            question="What could you sort instead, so that the largest comes first?",
            variants=(DOTS + LENGTHS + "return np.argsort(s / n)",),
        ),
        Mistake(
            "always-dot",
            DOTS + "return np.argsort(-s)",
            'by="cosine" gave the same order as "dot": the lengths of the other words are still in it. '
            "(Dividing by that of word i changes no order.)",
            question="Whose lengths still favour some words?",
        ),
        Mistake(
            "always-cosine",
            DOTS + LENGTHS + "return np.argsort(-s / n)",
            'by="dot" gave the cosine order. By dot, dog (1.02) comes before cat itself (.94).',
            question="For which of the two do lengths go out?",
        ),
        Mistake(
            "similarities",
            SIMILARITIES + "return np.sort(s)[::-1]",
            "You returned the similarities; return which words they belong to.",
            question="Which function returns places instead of values?",
        ),
        Mistake(
            "dropped-the-first",
            SIMILARITIES + "o = np.argsort(-s)\nreturn o[1:]",
            "You dropped the first. By dot the first need not be the word itself: that is the point.",
            question="How many words should the list hold?",
        ),
        Mistake(
            "by-distance",
            "return np.argsort(np.linalg.norm(table - table[i], axis=1))",
            "This orders by distance, a third measure: neither dot nor cosine.",
            question="By dot, what do you compare?",
        ),
        Mistake(
            "dropped-itself",
            SIMILARITIES + "o = np.argsort(-s)\nreturn o[o != i]",
            "You left out word i. All words were asked for, i too: where it stands is worth seeing.",
            question="How many words should the list hold?",
        ),
        Mistake(
            "only-the-first",
            SIMILARITIES + "return s.argmax()",
            "Only the nearest word; the whole order was asked for, all {n} ids.",
            fill=lambda call: {"n": len(TABLE)},
            question="Which function gives the whole order?",
        ),
        Mistake(
            "ranks",
            SIMILARITIES + "return np.argsort(np.argsort(-s))",
            "You returned the place of each word. Turn it round: which word stands at each place? One argsort does it.",
            question="Which word stands first?",
        ),
        Mistake(
            "ties-backwards",
            SIMILARITIES + 'return np.argsort(s, kind="stable")[::-1]',
            "Where words tie, yours puts the higher id first: turning the list round turns the ties round, too. "
            "Sort minus the similarities.",
            question="In which order does a stable sort leave equal entries?",
        ),
    ),
)

# ---------------------------------------------------------------- 1.5


def analogy(a, b, c, table):
    """(n_words, d) -> the word whose row is nearest by cosine to b - a + c, rows of length 1; never a, b or c."""
    unit = [row / length(row) for row in table]
    target = unit[b] - unit[a] + unit[c]
    best, best_score = None, None
    for word, row in enumerate(unit):
        score = dot(row, target)
        if word not in (a, b, c) and (best is None or score > best_score):
            best, best_score = word, score
    return best


def analogy_inputs(rng):
    def puzzle(n_words, d):
        table = rng.standard_normal((n_words, d)) * rng.permutation(np.geomspace(0.2, 5, n_words))[:, None]
        return (*(int(w) for w in rng.permutation(n_words)[:3]), table)

    return [
        Case((0, 1, 2, KINGDOM), says="for man : king :: woman : ?"),
        Case((1, 3, 0, KINGDOM), says="for king : queen :: man : ?"),
        Case((0, 1, 2, UNEVEN), says="with rows of length 0.5 to 6"),
        *(Case(puzzle(n_words, d)) for n_words, d in ((11, 3), (13, 5), (17, 7), (19, 5), (23, 11), (29, 7))),
        Case((0, 1, 2, TURNED_AWAY), "property", says="when every other word points away"),
    ]


UNIT = "u = table / np.linalg.norm(table, axis=1, keepdims=True)\n"
TARGET = UNIT + "s = u @ (u[b] - u[a] + u[c])\n"
LEFT_OUT = "s[[a, b, c]] = -np.inf\nreturn int(s.argmax())"

ANALOGY = Exercise(
    lesson=LESSON,
    number="1.5",
    spec=analogy,
    reference=TARGET + LEFT_OUT,
    promise="Return the word d for which a is to b as c is to d; none of a, b and c.",
    points=2,
    difficulty=3,
    importance=3,
    minutes=6,
    hints=(
        "From man to king: which vector takes you there? Where does the same step lead from woman?",
        "Give every row length 1 before anything else. Then a dot product with the target orders words as cosines do. "
        "What score can no word of the question ever win with?",
        "u[b] - u[a] + u[c] is the target; after s = u @ target set s[[a, b, c]] to -np.inf and take argmax.",
    ),
    inputs=analogy_inputs,
    square=lambda rng: Case((0, 1, 2, rng.standard_normal((4, 4)))),
    kind="int",
    core=False,
    alternatives=(
        UNIT
        + "t = u[b] - u[a] + u[c]\n"
        + "s = [-np.inf if i in (a, b, c) else w @ t / np.linalg.norm(t) for i, w in enumerate(u)]\n"
        + "return int(np.argmax(s))",
        UNIT
        + "gap = np.linalg.norm(u - (u[b] - u[a] + u[c]), axis=1)\ngap[[a, b, c]] = np.inf\nreturn int(gap.argmin())",
        UNIT + "order = np.argsort(-cosine(u, u[b] - u[a] + u[c]))\nreturn int(order[~np.isin(order, (a, b, c))][0])",
        TARGET + "return next(int(w) for w in np.argsort(-s) if w not in (a, b, c))",
        TARGET + "s[[a, b, c]] = -np.inf\nreturn s.argmax()",
    ),
    mistakes=(
        Mistake(
            "question-not-left-out",
            TARGET + "return int(s.argmax())",
            "You answered with a word of the question. man : king :: woman : {word}? Leave the three out.",
            fill=lambda call: {"word": KINGDOM_NAMES[call(0, 1, 2, KINGDOM)]},
            question="Which score can never win?",
            variants=(
                UNIT + "return int((u @ (table[b] - table[a] + table[c])).argmax())",
                "return int(np.linalg.norm(table - (table[b] - table[a] + table[c]), axis=1).argmin())",
            ),
        ),
        Mistake(
            "sign-turned",
            UNIT + "s = u @ (u[a] - u[b] + u[c])\n" + LEFT_OUT,
            "The sign is turned: a - b + c asks the question backwards.",
            question="Where does the step from a to b lead, when you start at c?",
        ),
        Mistake(
            "c-taken-away",
            UNIT + "s = u @ (u[b] - u[a] - u[c])\n" + LEFT_OUT,
            "c should be added, not taken away.",
            question="Where does the step from a to b start?",
        ),
        Mistake(
            "lengths-left-in",
            "s = table @ (table[b] - table[a] + table[c])\n" + LEFT_OUT,
            "Long words win every time: compare by cosine, rows of length 1.",
            question="What makes all rows equally long?",
            variants=("return int((table @ (table[b] - table[a] + table[c])).argmax())",),
        ),
        Mistake(
            "farthest",
            TARGET + "s[[a, b, c]] = np.inf\nreturn int(s.argmin())",
            "That is the farthest word.",
            question="Which score can never win, when the largest does?",
        ),
        Mistake(
            "neighbour-of-c",
            UNIT + "s = u @ u[c]\n" + LEFT_OUT,
            "You returned the neighbour of c: a and b did nothing.",
            question="Which step leads from a to b?",
        ),
        Mistake(
            "only-c-left-out",
            TARGET + "s[c] = -np.inf\nreturn int(s.argmax())",
            "You left out c alone; a and b are words of the question, too. Leave all three out.",
            question="Whose scores must not win?",
        ),
        Mistake(
            "unit-rows-too-late",
            UNIT + "s = u @ (table[b] - table[a] + table[c])\n" + LEFT_OUT,
            "You compared by cosine, but the longest of a, b and c had the most say in the target. "
            "Rows of length 1 first, then the sum.",
            question="Which rows should make the target?",
        ),
        Mistake(
            "unit-rows-in-target-only",
            UNIT + "s = table @ (u[b] - u[a] + u[c])\n" + LEFT_OUT,
            "The target is made of rows of length 1, the words you compare it with are not: long ones win.",
            question="Which rows should be compared with the target?",
        ),
        Mistake(
            "hidden-with-0",
            TARGET + "s[[a, b, c]] = 0\nreturn int(s.argmax())",
            "A score of 0 does not keep a word out: when all the others are below 0, word {word} of the question wins.",
            fill=lambda call: {"word": call(0, 1, 2, TURNED_AWAY)},
            question="Which score is below every other?",
        ),
        Mistake(
            "deleted-and-moved-up",
            TARGET + "return int(np.delete(s, [a, b, c]).argmax())",
            "With a, b and c taken out of the list, all later words move up: you returned {place}, "
            "the place of queen in the shorter list.",
            fill=lambda call: {"place": call(0, 1, 2, KINGDOM)},
            question="How can the three lose and still keep their places?",
        ),
        Mistake(
            "the-cosine",
            TARGET + "s[[a, b, c]] = -np.inf\nreturn float(s.max())",
            "You returned how near the word is, {value:.2f}; return which word it is.",
            fill=lambda call: {"value": call(0, 1, 2, KINGDOM)},
            question="Which function returns the place instead of the value?",
        ),
    ),
)

EXERCISES = (ONE_HOT, EMBED, COSINE, NEAREST, ANALOGY)
