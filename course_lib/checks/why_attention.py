"""Lesson 00: shares, a mix of stored states, and how far a signal travels."""

import numpy as np

from course_lib.checks.exercise import Case, Exercise, Mistake

LESSON = "00_why_attention"

NEW_ARRAY = "Which operation makes a new array instead?"


# ---------------------------------------------------------------- 0.1


def shares(relevance):
    """(n,) numbers, none below 0 -> (n,): each one's part of the total."""
    total = 0.0
    for number in relevance:
        total += number
    return np.array([number / total for number in relevance])


FIVE_THREE_TWO = np.array([5.0, 3, 2])


def shares_inputs(rng):
    return [
        Case((FIVE_THREE_TWO,)),
        Case((rng.uniform(0.5, 4, 7),)),
        Case((rng.uniform(10, 90, 2),)),
        Case((np.array([0.0, 4, 0, 1, 3]),), "property", says="with nothing relevant about two of them"),
        Case((rng.integers(1, 9, 5),), "property", says="with whole numbers"),
        Case((np.array([7.0]),), "property", says="with a single word"),
        Case((np.array([3e-9, 1e-9]),), "property", says="when all are near 0"),
        Case((np.array([3e5, 1e5, 4e5]),), "property", says="when all are large"),
        Case((rng.uniform(0.5, 4, 3).astype(np.float32),), "property", says="with float32"),
    ]


def total_of_shares(call):
    return {"total": f"{call(FIVE_THREE_TWO).sum():.4g}"}


def total_to_seven_digits(call):
    return {"total": f"{call(np.array([3e-9, 1e-9])).sum():.7f}"}


def adds_an_epsilon(call):
    """relevance / (total + a little): the little is the same whatever the relevance."""
    tiny = np.array([3e-9, 1e-9])
    little = tiny / call(tiny) - tiny.sum()
    mine = call(FIVE_THREE_TWO) * (FIVE_THREE_TWO.sum() + little[0])
    return (
        1e-18 < little[0] < 0.1 and np.ptp(little) < 1e-3 * little[0] and np.allclose(mine, FIVE_THREE_TWO, rtol=1e-12)
    )


SHARES = Exercise(
    lesson=LESSON,
    number="0.1",
    spec=shares,
    reference="return relevance / relevance.sum()",
    promise="Turn relevance into shares that sum to 1.",
    points=1,
    difficulty=1,
    importance=4,
    minutes=3,
    hints=(
        "Three friends pay 5, 3 and 2 for a cake. What part of it belongs to each, and what did you divide by?",
        "Every share is a part of the same whole: add everything up once, then divide each number by it. "
        "NumPy divides a whole array in one go.",
        "Divide relevance by what its sum method returns.",
    ),
    inputs=shares_inputs,
    axes=("words",),
    alternatives=(
        "return relevance / np.add.reduce(relevance)",
        "return relevance / np.sum(relevance)",
        "return relevance * (1 / sum(relevance))",
        "return [r / sum(relevance) for r in relevance]",
        "top = relevance / relevance.max()\nreturn top / top.sum()",
        "return relevance / np.linalg.norm(relevance, 1)",
    ),
    mistakes=(
        Mistake(
            "by-the-largest",
            "return relevance / relevance.max()",
            "Your shares sum to {total}, wanted 1: you divided by the largest, not by the total.",
            fill=total_of_shares,
            question="What do all the parts of one whole add up to?",
        ),
        Mistake(
            "by-how-many",
            "return relevance / len(relevance)",
            "Your shares sum to {total}: you divided by how many there are, not by what they add up to.",
            fill=total_of_shares,
            variants=("return [r / len(relevance) for r in relevance]",),
            question="What do all the parts of one whole add up to?",
        ),
        Mistake(
            "squares-sum-to-1",
            "return relevance / np.sqrt((relevance ** 2).sum())",
            "The squares of your shares sum to 1; the shares should.",
            question="What is the whole of which each share is a part?",
        ),
        Mistake(
            "winner-takes-all",
            "return (relevance == relevance.max()) / (relevance == relevance.max()).sum()",
            "You gave everything to the winner. The others had relevance too.",
            question="How much should 3 get beside a 5?",
        ),
        Mistake(
            "equal-shares",
            "return np.ones_like(relevance) / len(relevance)",
            "Equal shares for all: relevance is not used.",
            question="What should make one share larger than another?",
        ),
        Mistake(
            "changed-relevance",
            "relevance /= relevance.sum()\nreturn relevance",
            "The numbers are right, but you changed the caller's array.",
            question=NEW_ARRAY,
        ),
        Mistake(
            "softmax",
            "e = np.exp(relevance - relevance.max())\nreturn e / e.sum()",
            "You took exp first: that is a softmax, and lesson 04 has its reasons for it. Here 5 and 3 share 5 to 3.",
            question="Which numbers did nobody ask you to change?",
        ),
        Mistake(
            "squared",
            "return relevance ** 2 / (relevance ** 2).sum()",
            "You shared out the squares: 5 got {ratio} times as much as 3.",
            fill=lambda call: {"ratio": f"{call(FIVE_THREE_TWO)[0] / call(FIVE_THREE_TWO)[1]:.2f}"},
            question="How much more should 5 get than 3?",
        ),
        Mistake(
            "per-cent",
            "return 100 * relevance / relevance.sum()",
            "Your shares sum to 100: they are per cent. A share is a part of 1.",
            question="What should half of everything be?",
        ),
        Mistake(
            "only-the-total",
            "return relevance.sum()",
            "That is the total, {total}; a share of it belongs to each word.",
            fill=lambda call: {"total": float(call(FIVE_THREE_TWO))},
            question="What do you do with each number, once you know the total?",
        ),
        Mistake(
            "not-divided",
            "return relevance * 1.0",
            "These are the relevances as they came; they sum to 10, not to 1.",
            question="Of which whole is each of them a part?",
        ),
        Mistake(
            "fixed-number",
            "return relevance / 10",
            "10 is right for [5, 3, 2] and for nothing else: the total changes with the numbers.",
            question="Where can you read the total off?",
        ),
        Mistake(
            "upside-down",
            "return relevance.sum() / relevance",
            "Upside down: the smallest got the most. Which of the two is divided by the other?",
        ),
        Mistake(
            "whole-division",
            "return relevance // relevance.sum()",
            "// cuts off the fraction, and a share is nothing but fraction: you gave only zeros.",
            question="Which operator keeps what stands behind the point?",
        ),
        Mistake(
            "rounded",
            "return np.round(relevance / relevance.sum(), 2)",
            "You rounded: rounded shares need not sum to 1. Leave the numbers as they come.",
            variants=(
                "return np.round(relevance / relevance.sum(), 3)",
                "return np.round(relevance / sum(relevance), 1)",
            ),
            question="What is lost between .333 and one third?",
        ),
        Mistake(
            "smallest-to-0",
            "spread = relevance - relevance.min()\nreturn spread / (relevance.max() - relevance.min())",
            "You took the smallest away first: it got nothing, and it had relevance too.",
            variants=("spread = relevance - relevance.min()\nreturn spread / spread.sum()",),
            question="How much should 2 get beside 5 and 3?",
        ),
        Mistake(
            "sorted",
            "return np.sort(relevance) / relevance.sum()",
            "You sorted them: the shares no longer stand where their words stand.",
            variants=("return np.sort(relevance)[::-1] / relevance.sum()",),
            question="Whose share is the first number?",
        ),
        Mistake(
            "running-total",
            "return relevance / np.cumsum(relevance)",
            "You divided by the running total: the first word got {first}, the last a share of everything.",
            fill=lambda call: {"first": float(call(FIVE_THREE_TWO)[0])},
            question="Which one number is the total of all?",
        ),
        Mistake(
            "epsilon",
            "return relevance / (relevance.sum() + 1e-6)",
            "Your shares of [3e-9, 1e-9] sum to {total}: the little that you added shifts them. "
            "The total is never 0 here, so nothing needs protecting.",
            matches=adds_an_epsilon,
            fill=total_to_seven_digits,
            variants=("return relevance / (relevance.sum() + 1e-9)", "return relevance / (sum(relevance) + 1e-12)"),
            question="When would a total be 0?",
        ),
    ),
)


# ---------------------------------------------------------------- 0.2


def context_vector(weights, states):
    """(n,), (n, d) -> (d,): each state times its weight, added up."""
    context = np.zeros(states.shape[1])
    for weight, state in zip(weights, states, strict=True):
        for feature, number in enumerate(state):
            context[feature] += weight * number
    return context


def parts_of_one(rng, n):
    """Return n random shares that sum to 1."""
    parts = rng.uniform(0.2, 2, n)
    return parts / parts.sum()


def mix(rng, n, d):
    return parts_of_one(rng, n), rng.standard_normal((n, d))


def context_vector_inputs(rng):
    weights = np.array([0.1, 0.25, 0.4, 0.2, 0.05])
    narrow = tuple(array.astype(np.float32) for array in mix(rng, 5, 2))
    return [
        Case((weights, rng.standard_normal((5, 3)))),
        Case(mix(rng, 2, 7)),
        Case((np.array([0.5, 0.25, 0.25]), rng.integers(-9, 10, (3, 5))), "property", says="with whole numbers"),
        Case((np.array([0.0, 1, 0]), rng.standard_normal((3, 2))), "property", says="when one weight is 1"),
        Case(mix(rng, 1, 3), "property", says="with a single state"),
        Case(mix(rng, 5, 1), "property", says="with a single feature"),
        Case(narrow, "property", says="with float32"),
    ]


WEIGHED = "weights[:, None] * states"

CONTEXT_VECTOR = Exercise(
    lesson=LESSON,
    number="0.2",
    spec=context_vector,
    reference="return weights @ states",
    promise="Return the mix of the states, each in the share of its weight.",
    points=1,
    difficulty=1,
    importance=5,
    minutes=4,
    hints=(
        "Two states, [4, 0] and [0, 8], with shares .75 and .25. What is their mix, worked out by hand?",
        "Multiply every state by its own weight, then add the results up: n rows become one. "
        "A product of a row with a matrix does both at once.",
        "A matrix product: weights on the left, states on the right.",
    ),
    inputs=context_vector_inputs,
    square=lambda rng: Case(mix(rng, 4, 4)),
    axes=("features",),
    alternatives=(
        "return states.T @ weights",
        'return np.einsum("n,nd->d", weights, states)',
        "return sum(w * s for w, s in zip(weights, states))",
        f"return ({WEIGHED}).sum(0)",
        "return np.dot(weights, states)",
        "return np.average(states, axis=0, weights=weights)",
        "return weights @ states / weights.sum()",
    ),
    mistakes=(
        Mistake(
            "not-added",
            f"return {WEIGHED}",
            "You weighted but did not add: shape (5, 3), wanted (3,).",
            question="What becomes of five weighted states?",
        ),
        Mistake(
            "added-over-features",
            f"return ({WEIGHED}).sum(1)",
            "You added over features; add over states. Shape (5,), wanted (3,).",
            question="Which of the two axes should be gone?",
        ),
        Mistake(
            "mean-of-states",
            "return states.mean(0)",
            "Every state counted the same: the weights are not used.",
            question="What should a weight of 0 do to its state?",
        ),
        Mistake(
            "winner-only",
            "return states[weights.argmax()]",
            "You picked the winner. The context is a mix of all states.",
            question="What should two weights of one half give?",
        ),
        Mistake(
            "sum-of-states",
            "return states.sum(0)",
            "You added the states and forgot the weights.",
            question="What should a weight of 0 do to its state?",
        ),
        Mistake(
            "averaged",
            f"return ({WEIGHED}).mean(0)",
            "Your context is n = 5 times too small: weights that sum to 1 already average.",
            variants=("return weights @ states / len(states)",),
            question="What should five weights of one fifth give?",
        ),
        Mistake(
            "states-on-the-left",
            "return states @ weights",
            "Shapes do not meet: (5, 3) @ (5,). The axis of states must be the last on the left and the first on the "
            "right.",
            question="Which of the two arrays should stand on the left?",
        ),
        Mistake(
            "weights-meet-features",
            "return (weights * states).sum(0)",
            "The weights met the features: (5,) lines up with the last axis of (5, 3). Each weight belongs to a row.",
            variants=("return weights * states",),
            question="Which axis must weights get, so that each meets its own row?",
        ),
        Mistake(
            "last-state",
            "return states[-1]",
            "You handed over the last state: that is the summary that forgets. The context looks back at all of them.",
            question="What should the other states add?",
        ),
        Mistake(
            "first-state",
            "return states[0]",
            "You handed over the first state alone.",
            question="What should the other states add?",
        ),
        Mistake(
            "largest-of-states",
            "return states.max(0)",
            "You took the largest number of each feature: the weights are not used.",
            question="What should a weight of 0 do to its state?",
        ),
        Mistake(
            "exp-again",
            "e = np.exp(weights)\nreturn e / e.sum() @ states",
            "You took exp of weights that already are shares: the mix is flatter than it should be.",
            question="What do the weights sum to as they come?",
        ),
        Mistake(
            "squared-weights",
            "return weights ** 2 @ states",
            "Each weight went in twice: two states of 1 with half the weight each made {half}, wanted 1.",
            fill=lambda call: {"half": float(call(np.array([0.5, 0.5]), np.ones((2, 1)))[0])},
            question="How often should a state meet its weight?",
        ),
        Mistake(
            "one-number",
            "return (weights @ states).sum()",
            "One number: you added the features together, too. Each feature keeps its own place.",
            variants=(f"return ({WEIGHED}).sum()",),
            question="Over which axis should the sum run?",
        ),
        Mistake(
            "axis-kept",
            "return weights[None] @ states",
            "A row too many: shape (1, 3), wanted (3,).",
            variants=(f"return ({WEIGHED}).sum(0, keepdims=True)",),
            question="What does the axis of length 1 count?",
        ),
        Mistake(
            "zeros",
            "return np.zeros(states.shape[1])",
            "All zeros: right shape, nothing mixed.",
            question="What are two states of [4, 0] and [0, 8] with shares of one half?",
        ),
        Mistake(
            "changed-states",
            "states *= weights[:, None]\nreturn states.sum(0)",
            "The numbers are right, but you changed the caller's states.",
            question=NEW_ARRAY,
        ),
    ),
)


# ---------------------------------------------------------------- 0.3


def path_length(i, j, kind):
    """Two positions and a kind of network -> how many steps a signal takes from j to i."""
    if kind == "attention":
        return 1  # everybody reads everybody
    low, high = min(i, j), max(i, j)
    steps = 0
    while low < high:  # one neighbour at a time
        low += 1
        steps += 1
    return steps


def path_length_inputs(rng):
    near, far = sorted(int(n) for n in rng.choice(np.arange(3, 40), 2, replace=False))
    return [
        Case((2, 6, "rnn")),
        Case((2, 6, "attention")),
        Case((6, 2, "rnn")),
        Case((far + 1, near, "attention")),
        Case((far + 1, near, "rnn")),
        Case((3, 4, "rnn"), "property", says="between neighbours"),
        Case((0, 7, "rnn"), "property", says="from position 0"),
        Case((7, 0, "attention"), "property", says="to position 0"),
        Case((999, 1, "rnn"), "property", says="over a long way"),
    ]


def fewest_steps(call):
    return {"steps": min(int(call(2, 6, "rnn")), int(call(6, 2, "rnn")))}


PATH_LENGTH = Exercise(
    lesson=LESSON,
    number="0.3",
    spec=path_length,
    reference='return abs(i - j) if kind == "rnn" else 1',
    promise="Return how many steps a signal takes from position j to position i.",
    points=1,
    difficulty=1,
    importance=3,
    minutes=3,
    hints=(
        "A rumour goes down a row of people, from neighbour to neighbour. How often is it told between seat 2 and "
        "seat 6?",
        "A recurrent net hands its state on by one position at a time, so the distance counts, whatever its sign. "
        'Attention looks straight at any position. Ask first which kind it is: "rnn" or "attention".',
        'For "rnn" the absolute value of the difference of i and j; for everything else 1.',
    ),
    inputs=path_length_inputs,
    kind="int",
    core=False,
    alternatives=(
        'if kind == "attention":\n    return 1\nreturn max(i, j) - min(i, j)',
        'return {"rnn": abs(j - i), "attention": 1}[kind]',
        'return int(np.abs(i - j)) if kind == "rnn" else 1',
        'return abs(i - j) ** (kind == "rnn")',
    ),
    mistakes=(
        Mistake(
            "signed",
            'return i - j if kind == "rnn" else 1',
            "A path cannot have {steps} steps: direction does not matter here.",
            fill=fewest_steps,
            variants=('return j - i if kind == "rnn" else 1',),
            question="Which function forgets the sign?",
        ),
        Mistake(
            "attention-walks",
            "return abs(i - j)",
            "In attention every position reads every other directly: one step, not {steps}.",
            fill=lambda call: {"steps": int(call(2, 6, "attention"))},
            question="What does kind say?",
        ),
        Mistake(
            "positions-counted",
            'return abs(i - j) + 1 if kind == "rnn" else 1',
            "You counted positions, not steps: from 2 to 6 there are 4 steps.",
            question="How many steps lead from a position to the next?",
        ),
        Mistake(
            "attention-0",
            'return abs(i - j) if kind == "rnn" else 0',
            "Zero steps would be the same position; one look is one step.",
            question="How often does attention look, to read another word?",
        ),
        Mistake(
            "words-between",
            'return abs(i - j) - 1 if kind == "rnn" else 1',
            "You counted the words in between: 3 of them stand between 2 and 6, and 4 steps lead past them.",
            question="How many steps lead from a position to the next?",
        ),
        Mistake(
            "kinds-exchanged",
            'return 1 if kind == "rnn" else abs(i - j)',
            "Exchanged: the recurrent net walks, attention looks.",
            question="Which of the two hands its state on from neighbour to neighbour?",
        ),
        Mistake(
            "always-1",
            "return 1",
            "You gave 1 for both kinds: a recurrent net needs a step for every position on the way.",
            variants=('return abs(i - j) if kind == "RNN" else 1',),
            question='Does your line ask for kind, spelt "rnn"?',
        ),
        Mistake(
            "one-way-only",
            'return (i - j if i > j else 0) if kind == "rnn" else 1',
            "From 6 to 2 you gave {steps}: read in that direction, the way is as long as from 2 to 6.",
            fill=lambda call: {"steps": int(call(2, 6, "rnn"))},
            question="How many steps lie between 2 and 6, whoever reads?",
        ),
        Mistake(
            "other-way-only",
            'return (j - i if j > i else 0) if kind == "rnn" else 1',
            "From 2 to 6 you gave {steps}: the way is as long as from 6 to 2.",
            fill=lambda call: {"steps": int(call(6, 2, "rnn"))},
            question="How many steps lie between 2 and 6, whoever reads?",
        ),
        Mistake(
            "there-and-back",
            'return 2 * abs(i - j) if kind == "rnn" else 2',
            "You counted there and back; a signal travels one way.",
            variants=('return 2 * abs(i - j) if kind == "rnn" else 1', 'return abs(i - j) if kind == "rnn" else 2'),
            question="Who asks j to send anything?",
        ),
        Mistake(
            "farther-position",
            'return max(i, j) if kind == "rnn" else 1',
            "You counted from position 0: the signal starts at j.",
            variants=('return i if kind == "rnn" else 1', 'return j if kind == "rnn" else 1'),
            question="How far is it from the one to the other?",
        ),
        Mistake(
            "squared",
            'return (i - j) ** 2 if kind == "rnn" else 1',
            "The square forgets the sign, and makes 16 steps of 4.",
            question="Which function forgets the sign and nothing else?",
        ),
        Mistake(
            "fraction",
            'return float(abs(i - j)) if kind == "rnn" else 1.0',
            "Right in value, but steps are counted: return whole numbers.",
            variants=('return ((i - j) ** 2) ** 0.5 if kind == "rnn" else 1',),
            question="Which operation made a number with a fraction of whole ones?",
        ),
    ),
)


EXERCISES = (SHARES, CONTEXT_VECTOR, PATH_LENGTH)
