"""Lesson 03: how widely a dot product spreads, and what to divide it by."""

import math

import numpy as np

from course_lib.checks import memory
from course_lib.checks.exercise import Case, Exercise, Law, Mistake, Seed

LESSON = "03_scaling"

NEW_ARRAY = "Which operation makes a new array instead?"
SAME_RNG = "Two calls with the same rng disagree: your numbers do not come from rng alone."
OTHER_RNG = "Two different rngs gave the same number: it does not depend on rng."


# ---------------------------------------------------------------- 3.1


def score_std(d_k, trials, rng):
    """The standard deviation of `trials` scores q . k, entries of q and k drawn from N(0, 1)."""
    scores = []
    for _ in range(trials):
        score = 0.0
        for _ in range(d_k):
            score += rng.standard_normal() * rng.standard_normal()
        scores.append(score)
    mean = sum(scores) / trials
    return math.sqrt(sum((score - mean) ** 2 for score in scores) / trials)


def score_std_inputs(rng):
    # The truth is known, sqrt(d_k); a draw of the loop's own would only add noise. 7 % is six standard errors.
    # A score for every two of many more trials would not fit the grader's jail.
    def case(d_k):
        return Case((d_k, 4000, Seed(int(rng.integers(2**32)))), rtol=0.07, wanted=d_k**0.5)

    return [case(16), case(5), case(64)]


def draws_from_rng(call):
    return np.array_equal(call(64, 50, Seed(1)), call(64, 50, Seed(1)), equal_nan=True)


def depends_on_rng(call):
    return not np.array_equal(call(64, 50, Seed(1)), call(64, 50, Seed(2)), equal_nan=True)


def counts_trials(call):
    """With two scores only, the spread of twenty different pairs varies widely."""
    return np.std([call(16, 2, Seed(i)) for i in range(20)]) > 0.5


def is_the_rule(call):
    return all(math.isclose(call(d_k, 10, Seed(1)), math.sqrt(d_k)) for d_k in (1, 3, 64))


def depends_on_trials(call):
    """Not to the last digit: the spread of equal scores is 0 but for rounding."""
    return any(not math.isclose(call(64, 3, Seed(1)), call(64, trials, Seed(1)), abs_tol=1e-9) for trials in (2, 50))


def reads_sizes_apart(*sizes):
    """A `matches`: `rng.standard_normal(5, 3)` takes the 3 for a kind of entry, and stops."""

    def stops(call):
        try:
            call(*sizes, Seed(1))
        except TypeError as error:
            return "as a data type" in str(error)
        return False

    return stops


ONE_SHAPE = (
    "rng.standard_normal takes one shape; of two numbers it reads the second as a kind of entry. "
    "Put both sizes between brackets of their own, with a comma."
)


def spread_at_64(call):
    return {"spread": call(64, 4000, Seed(3))}


def many_trials(n):
    """Short vectors: whatever grows with the trials stays small beside a score for every two of them."""
    return 2, n, Seed(1)


def builds_all_pairs(call):
    return memory.growth(call, many_trials)[0] >= memory.QUADRATIC


def gigabytes_needed(call):
    return {"gigabytes": f"{memory.at(20_000, memory.growth(call, many_trials)[1]) / 1e9:.1f}"}


def spreads_right(call):
    return all(abs(call(d_k, 1000, Seed(d_k)) - d_k**0.5) < 0.2 * d_k**0.5 for d_k in (4, 16, 64))


DRAW = "q, k = rng.standard_normal((2, trials, d_k))\n"

SCORE_STD = Exercise(
    lesson=LESSON,
    number="3.1",
    spec=score_std,
    reference=DRAW + "return float((q * k).sum(-1).std())",
    promise="Draw trials pairs of vectors and return how widely their dot products spread.",
    points=2,
    difficulty=2,
    importance=4,
    minutes=5,
    hints=(
        "One trial is one query, one key and one number. How many numbers do you need in all, and of what?",
        "rng.standard_normal takes a shape, so all trials can be drawn at once, one row each. "
        "A dot product multiplies entry by entry and adds along the row; the spread is NumPy's std.",
        "Draw q and k of shape (trials, d_k) each, add (q * k) along its last axis, take .std() of what remains.",
    ),
    inputs=score_std_inputs,
    laws=(
        Law(SAME_RNG, draws_from_rng),
        Law(OTHER_RNG, depends_on_rng),
        Law(
            "trials is not used: with 2 trials instead of 4,000 the answer is just as steady. How many pairs do you "
            "draw?",
            counts_trials,
        ),
        Law(
            "Right spread, but its memory grows with the square of the trials. What do you hold for every two of them?",
            lambda call: not builds_all_pairs(call),
            "property",
        ),
    ),
    alternatives=(
        "return float(np.std([rng.standard_normal(d_k) @ rng.standard_normal(d_k) for _ in range(trials)]))",
        DRAW + "return (q * k).sum(-1).std(ddof=1)",
        "q = rng.standard_normal((trials, d_k))\nk = rng.standard_normal((trials, d_k))\n"
        'return np.std(np.einsum("td,td->t", q, k))',
        "q = rng.normal(size=(d_k, trials))\nk = rng.normal(size=(d_k, trials))\nreturn np.sqrt((q * k).sum(0).var())",
    ),
    mistakes=(
        Mistake(
            "variance",
            DRAW + "return (q * k).sum(-1).var()",
            "{spread} at dₖ = 64: the variance. Its root is the spread.",
            fill=spread_at_64,
            question="In what unit is a variance, if scores were metres?",
        ),
        Mistake(
            "global-generator",
            "q, k = np.random.standard_normal((2, trials, d_k))\nreturn (q * k).sum(-1).std()",
            "Two calls with the same rng disagree: you drew from NumPy's global generator.",
            matches=lambda call: not draws_from_rng(call),
            question="Who should hand out the random numbers?",
        ),
        Mistake(
            "the-rule",
            "return d_k ** 0.5",
            "That is the rule, not a measurement: no number was drawn from rng.",
            matches=is_the_rule,
            question="How would you find the rule if nobody had told you?",
        ),
        Mistake(
            "no-spread",
            "q = rng.standard_normal(d_k)\nk = rng.standard_normal(d_k)\nreturn np.std([q @ k for _ in range(trials)])",
            "Your spread is 0: there is one score only, or the same one again and again. Each trial needs a new query "
            "and a new key.",
            matches=lambda call: all(abs(call(64, 50, Seed(i))) < 1e-9 for i in range(3)),
            question="Where should the lines that draw stand?",
        ),
        Mistake(
            "one-pair",
            "q = rng.standard_normal(d_k)\nk = rng.standard_normal(d_k)\nreturn (q * k).std()",
            "{spread} with 2 trials as with 4,000: you drew one query and one key. "
            "Each trial needs a pair of its own, and makes one score.",
            matches=lambda call: draws_from_rng(call) and depends_on_rng(call) and not depends_on_trials(call),
            fill=spread_at_64,
            question="How many numbers must come out of rng for 4,000 pairs?",
        ),
        Mistake(
            "sizes-without-brackets",
            "q = rng.standard_normal(trials, d_k)\nk = rng.standard_normal(trials, d_k)\nreturn (q * k).sum(-1).std()",
            ONE_SHAPE,
            matches=reads_sizes_apart(5, 3),
            question="How do two numbers become one shape?",
        ),
        Mistake(
            "own-generator",
            "rng = np.random.default_rng(0)\n" + DRAW + "return (q * k).sum(-1).std()",
            "Two different rngs gave the same number: you made your own inside.",
            matches=lambda call: draws_from_rng(call) and not depends_on_rng(call) and counts_trials_alone(call),
            question="What is the third argument for?",
        ),
        Mistake(
            "uniform",
            "q, k = rng.random((2, trials, d_k))\nreturn (q * k).sum(-1).std()",
            "{spread:.1f} at dₖ = 64: rng.random draws from 0..1, not from the bell curve.",
            fill=spread_at_64,
            question="Which method of rng draws from N(0, 1)?",
        ),
        Mistake(
            "q-with-itself",
            "q = rng.standard_normal((trials, d_k))\nreturn (q * q).sum(-1).std()",
            "{spread}, that is √(2·64): you multiplied q with itself.",
            fill=spread_at_64,
            question="Where does the key come from?",
        ),
        Mistake(
            "averaged",
            DRAW + "return (q * k).mean(-1).std()",
            "{spread}: you averaged over features; a dot product adds.",
            fill=spread_at_64,
            question="What happens to an average when you add more features?",
        ),
        Mistake(
            "mean-size",
            DRAW + "return np.abs((q * k).sum(-1)).mean()",
            "{spread}: the mean size, about 0.8 of the standard deviation.",
            fill=spread_at_64,
            question="Which of the two squares before it averages?",
        ),
        Mistake(
            "already-scaled",
            DRAW + "return (q * k).sum(-1).std() / d_k ** 0.5",
            "{spread} at every dₖ: you already divided by the rule that this measurement is to find.",
            matches=lambda call: (
                call(16, 1, Seed(1)) == 0  # one score does not spread; its 16 products do
                and all(abs(call(d_k, 4000, Seed(d_k)) - 1) < 0.07 for d_k in (4, 16, 64))
            ),
            fill=spread_at_64,
            question="What is the spread before anything is divided?",
        ),
        Mistake(
            "not-added",
            DRAW + "return (q * k).std()",
            "{spread} at every dₖ: that is the spread of single products; a score adds dₖ of them.",
            fill=spread_at_64,
            question="Along which axis does a dot product add?",
        ),
        Mistake(
            "added-over-trials",
            DRAW + "return (q * k).sum(0).std()",
            "{spread} at dₖ = 64, about √4000: you added over the trials, not over the features.",
            fill=spread_at_64,
            question="Which axis of q holds one vector's features?",
        ),
        Mistake(
            "the-mean",
            DRAW + "return (q * k).sum(-1).mean()",
            "{spread}: the mean of the scores. It is near 0 at every dₖ; how far do single scores stray from it?",
            matches=lambda call: (
                {np.sign(call(16, 40, Seed(i))) for i in range(12)} == {-1, 1}
                and all(abs(call(d_k, 4000, Seed(d_k))) < 0.1 * d_k**0.5 for d_k in (4, 16, 64))
            ),
            fill=spread_at_64,
        ),
        Mistake(
            "all-scores",
            DRAW + "return (q * k).sum(-1)",
            "These are the scores, {count} of them; one number was asked for: how widely they spread.",
            matches=lambda call: np.shape(call(64, 50, Seed(1))) == (50,),
            fill=lambda call: {"count": len(call(64, 4000, Seed(3)))},
            question="Which one number says how far they stray?",
        ),
        Mistake(
            "all-pairs",
            DRAW + "return (q @ k.T).std()",
            "Right spread, but every query met every key: at the 20,000 trials of the text that takes {gigabytes} GB.",
            matches=lambda call: spreads_right(call) and builds_all_pairs(call),
            fill=gigabytes_needed,
            variants=(DRAW + "return np.diag(q @ k.T).std()",),
            question="Which keys does query 5 meet in its one trial?",
        ),
    ),
)


def counts_trials_alone(call):
    """More trials change the answer of a generator made inside: it does draw, unlike a formula."""
    return np.isfinite(call(64, 50, Seed(1))) and call(64, 50, Seed(1)) != call(64, 51, Seed(1))


# ---------------------------------------------------------------- 3.2


def scale(scores, d_k):
    """(..., n_q, n_k) -> the same shape, each score divided by the square root of d_k."""
    scaled = np.zeros(scores.shape)
    for place in np.ndindex(scores.shape):
        scaled[place] = scores[place] / math.sqrt(d_k)
    return scaled


def scale_inputs(rng):
    def scores(*shape):
        return 3 * rng.standard_normal(shape)

    return [
        Case((scores(5, 7), 3)),
        Case((scores(2, 3), 64)),
        Case((scores(4, 2), 11)),
        Case((scores(2, 3, 5, 7), 5), "property", says="with two batch axes"),
        Case((rng.integers(-9, 10, (3, 5)), 7), "property", says="with whole numbers"),
        Case((scores(3, 5).astype(np.float32), 13), "property", says="with float32"),
        Case((scores(2, 3), 1), "property", says="with a single feature"),
    ]


SPREAD_8 = np.random.default_rng(0).standard_normal((40, 50))
SPREAD_8 *= 8 / SPREAD_8.std()  # scores as d_k = 64 makes them


def scaled_at_64(call):
    return {"spread": call(SPREAD_8, 64).std()}


def divides_by_a_constant(call):
    """One factor at every d_k, and not the factor 1."""
    scores = np.array([[1000.0, -2000, 3000], [500, 10, -1]])
    factor = call(scores, 3)[0, 0] / scores[0, 0]

    def same(s, d_k):
        answer = call(s, d_k)
        return answer.dtype.kind == "f" and answer.shape == s.shape and np.allclose(answer, factor * s, atol=0)

    everywhere = all(same(scores, d_k) for d_k in (1, 3, 64, 1000)) and same(3 * scores[:1, :2], 3)
    return everywhere and 0 < factor < np.inf and abs(factor - 1) > 1e-6


def the_constant(call):
    divisor = 1 / float(call(np.ones((1, 1)), 3)[0, 0])
    spread = float(call(SPREAD_8 * 3**0.5 / 8, 3).std())
    return {"divisor": divisor, "d_k": divisor**2, "spread": spread}


SCALE = Exercise(
    lesson=LESSON,
    number="3.2",
    spec=scale,
    reference="return scores / d_k ** 0.5",
    promise="Return the scores with a spread that does not depend on d_k.",
    points=2,
    difficulty=1,
    importance=5,
    minutes=5,
    hints=(
        "A score is a sum of dₖ products. When dₖ grows four times, how much wider do the scores spread?",
        "Lesson 03 printed the spread of the scores at 4, 16, 64 and 256 features. "
        "Dividing numbers by their spread brings it to 1.",
        "One line: scores, divided by that power of dₖ which turns 4, 16, 64, 256 into 2, 4, 8, 16.",
    ),
    inputs=scale_inputs,
    square=lambda rng: Case((rng.standard_normal((3, 3)), 3)),
    axes=("queries", "keys"),
    alternatives=(
        "return scores / np.sqrt(d_k)",
        "return scores / float(np.sqrt(d_k))",
        "return scores * d_k ** -0.5",
        "import math\nreturn scores / math.sqrt(d_k)",
        "return np.array([row / d_k ** 0.5 for row in scores])",
    ),
    mistakes=(
        Mistake(
            "divided-by-d-k",
            "return scores / d_k",
            "At dₖ = 64 your spread is {spread}, so 16 keys get nearly equal shares: you divided by dₖ. "
            "Which power of dₖ is the standard deviation of q·k?",
            fill=scaled_at_64,
        ),
        Mistake(
            "multiplied",
            "return scores * d_k ** 0.5",
            "Your spread grew from 8 to {spread} at dₖ = 64. It should shrink to 1: which way does the root go?",
            fill=scaled_at_64,
        ),
        Mistake(
            "nothing-changed",
            "return scores",
            "Nothing changed: at dₖ = 64 the spread is still {spread}.",
            fill=scaled_at_64,
            question="What would bring a spread of 8 to 1?",
        ),
        Mistake(
            "by-number-of-keys",
            "return scores / scores.shape[-1] ** 0.5",
            "You divided by √7, and there are 7 keys. The spread grows with the number of features, 3 here.",
            question="Which of the two arguments knows the number of features?",
        ),
        Mistake(
            "by-number-of-queries",
            "return scores / scores.shape[-2] ** 0.5",
            "You divided by √5, and there are 5 queries. The spread grows with the number of features, 3 here.",
            question="Which of the two arguments knows the number of features?",
        ),
        Mistake(
            "fixed-number",
            "return scores / 8",
            "You divided by {divisor} at every dₖ. Right for dₖ = {d_k} and for no other: at dₖ = 3 your spread is "
            "{spread:.2f}.",
            matches=divides_by_a_constant,
            fill=the_constant,
            question="What should take the place of the fixed number?",
        ),
        Mistake(
            "changed-the-array",
            "scores /= d_k ** 0.5\nreturn scores",
            "The numbers are right, but you changed the caller's array.",
            question=NEW_ARRAY,
        ),
        Mistake(
            "whole-division",
            "return scores // d_k ** 0.5",
            "// throws the fraction away: every score is a whole number now.",
            question="Which sign divides and keeps the fraction?",
        ),
        Mistake(
            "whole-root",
            "return scores / int(d_k ** 0.5)",
            "int() cut the root: at dₖ = 3 you divided by 1, not by 1.73.",
            question="Does a divisor have to be a whole number?",
        ),
        Mistake(
            "standardised",
            "return (scores - scores.mean()) / scores.std()",
            "You standardised these scores: the spread is 1 whatever they are, so a sharp head can never stay sharp. "
            "Divide by what dₖ predicts, not by what you measured. What is that?",
        ),
        Mistake(
            "divided-by-own-spread",
            "return scores / scores.std()",
            "You divided by the spread of these very scores, so every matrix comes out alike, sharp or not. "
            "Divide by what dₖ predicts. What is that?",
        ),
        Mistake(
            "by-d-k-squared",
            "return scores / d_k ** 2",
            "At dₖ = 64 your spread is {spread:.4f}: you squared dₖ where its root was wanted. "
            "Which power undoes a square?",
            fill=scaled_at_64,
        ),
        Mistake(
            "power-of-one",
            "return scores / (d_k ** 1/2)",
            "At dₖ = 64 your spread is {spread}: you divided by 32, half of dₖ. "
            "Python reads d_k ** 1/2 as (d_k ** 1) / 2. Which brackets does the exponent need?",
            fill=scaled_at_64,
        ),
        Mistake(
            "power-of-one-over-two",
            "return scores / d_k ** 1/2",
            "At dₖ = 64 your spread is {spread:.4f}: you divided by 64 and then by 2. "
            "Python reads d_k ** 1/2 as (d_k ** 1) / 2. Which brackets does the exponent need?",
            fill=scaled_at_64,
        ),
        Mistake(
            "softmaxed",
            "w = softmax(scores / d_k ** 0.5)\nreturn w",
            "You went on to the shares. Here the scaled scores alone are asked for; softmax is the next lesson.",
            question="What should the rows of scores not do that the rows of shares do?",
        ),
    ),
)


# ---------------------------------------------------------------- 3.3


def divisor(d_k, q_std, k_std):
    """The root of a sum of d_k variances: each product of entries has the variance q_std^2 * k_std^2."""
    variance = 0.0
    for _ in range(d_k):
        variance += q_std**2 * k_std**2
    return math.sqrt(variance)


def divisor_inputs(rng):
    def spread():
        return round(float(rng.uniform(0.3, 4)), 2)

    return [
        Case((64, 2.0, 2.0)),
        Case((16, 1.0, 3.0)),
        Case((int(rng.integers(20, 60)), spread(), spread())),
        Case((1, 0.5, spread()), "property", says="with a single feature"),
        Case((7, 2, 3), "property", says="with whole numbers"),
        Case((1024, 1.0, 1.0), "property", says="with spreads of 1"),
    ]


DIVISOR = Exercise(
    lesson=LESSON,
    number="3.3",
    spec=divisor,
    reference="return q_std * k_std * d_k ** 0.5",
    promise="Return the number that brings the spread of q·k to 1 when features spread by q_std and k_std.",
    points=1,
    difficulty=2,
    importance=4,
    minutes=4,
    hints=(
        "Stretch every query to twice its length. What happens to each score, and to their spread?",
        "One product of a q entry and a k entry has a spread of its own; a score adds dₖ of them. "
        "Variances add, spreads do not.",
        "Three factors multiplied: the spread of q, the spread of k, and what dₖ does alone (3.2).",
    ),
    inputs=divisor_inputs,
    alternatives=(
        "return (q_std ** 2 * k_std ** 2 * d_k) ** 0.5",
        "return float(q_std * k_std * np.sqrt(d_k))",
        "return np.hypot.reduce(np.full(d_k, q_std * k_std))",
    ),
    mistakes=(
        Mistake(
            "spreads-forgotten",
            "return d_k ** 0.5",
            "Right only for features of spread 1: with spread 2 on both sides your scores still spread by {left}.",
            fill=lambda call: {"left": 32 / call(64, 2.0, 2.0)},
            question="What do q_std and k_std do to one product?",
        ),
        Mistake(
            "k-forgotten",
            "return q_std * d_k ** 0.5",
            "k has a spread too.",
            question="What happens to the scores when every key is stretched?",
        ),
        Mistake(
            "q-forgotten",
            "return k_std * d_k ** 0.5",
            "q has a spread too.",
            question="What happens to the scores when every query is stretched?",
        ),
        Mistake(
            "d-k-without-root",
            "return q_std * k_std * d_k",
            "You divided by dₖ: which power is the standard deviation?",
        ),
        Mistake(
            "variance",
            "return (q_std * k_std) ** 2 * d_k",
            "That is the variance of q·k, {value} for spreads 2 and dₖ = 64; wanted its root, 32.",
            fill=lambda call: {"value": call(64, 2.0, 2.0)},
            question="How do you get from a variance back to a spread?",
        ),
        Mistake(
            "root-over-all",
            "return (q_std * k_std * d_k) ** 0.5",
            "The root goes over dₖ only: the spreads are already standard deviations.",
            question="Which of the three is a count of variances?",
        ),
        Mistake(
            "spreads-added",
            "return (q_std + k_std) * d_k ** 0.5",
            "Spreads of a product multiply, they do not add. (2 + 2 = 2·2 hides it: try 1 and 3.)",
            question="What is the spread of 3 times a number that spreads by 1?",
        ),
        Mistake(
            "upside-down",
            "return 1 / (q_std * k_std * d_k ** 0.5)",
            "That is the factor; the divisor is 1 over it, {value}.",
            fill=lambda call: {"value": 1 / call(64, 2.0, 2.0)},
            question="Scores of spread 32 are divided by what to spread by 1?",
        ),
        Mistake(
            "divided-by-spreads",
            "return d_k ** 0.5 / (q_std * k_std)",
            "Wider features need a larger divisor; yours shrinks when q_std grows.",
            question="Which side of the fraction should the spreads stand on?",
        ),
        Mistake(
            "one-root-too-few",
            "return q_std ** 2 * k_std ** 2 * d_k ** 0.5",
            "You squared the spreads, but took the root of dₖ alone: at dₖ = 64 and spreads 2 that is {value}, "
            "wanted 32. "
            "What belongs under the root together?",
            fill=lambda call: {"value": call(64, 2.0, 2.0)},
        ),
        Mistake(
            "averaged-spreads",
            "return (q_std + k_std) / 2 * d_k ** 0.5",
            "The mean of the two spreads: but a product feels both in full.",
            question="What is the spread of 3 times a number that spreads by 1?",
        ),
        Mistake(
            "hypotenuse",
            "return ((q_std ** 2 + k_std ** 2) * d_k) ** 0.5",
            "You added the variances of q and k: that is the spread of q + k. A score multiplies them.",
            question="What is the spread of 3 times a number that spreads by 1?",
        ),
    ),
)


# ---------------------------------------------------------------- 3.4


def init_projection(d_model, d_k, rng):
    """(d_model, d_k) entries, each drawn with the spread 1 / sqrt(d_model)."""
    W = np.zeros((d_model, d_k))
    for place in np.ndindex(W.shape):
        W[place] = rng.standard_normal() / math.sqrt(d_model)
    return W


def spread_of_q(W):
    """the spread of X @ W."""
    return float(((W**2).sum(0)).mean() ** 0.5)  # one entry adds len(W) independent terms, W[i, j] wide each


def spread_of_scaled_scores(W):
    """the spread of the scaled scores."""
    d_k = W.shape[1] // 2  # one half of the columns makes q, the other k
    Wq, Wk = W[:, :d_k], W[:, d_k : 2 * d_k]
    return float((((Wq.T @ Wq) * (Wk.T @ Wk)).sum() / d_k) ** 0.5)  # x Wq (y Wk)ᵀ for independent tokens x, y


def init_projection_inputs(rng):
    def case(d_model, d_k, measure):
        return Case((d_model, d_k, Seed(int(rng.integers(2**32)))), measure=measure, rtol=0.1, wanted=1.0)

    return [case(48, 192, spread_of_q), case(128, 64, spread_of_scaled_scores), case(256, 16, spread_of_q)]


def same_rng_same_w(call):
    return np.array_equal(call(5, 3, Seed(1)), call(5, 3, Seed(1)), equal_nan=True)


def other_rng_other_w(call):
    return not np.array_equal(call(5, 3, Seed(1)), call(5, 3, Seed(2)), equal_nan=True)


def looks_drawn(W):
    """As a draw that is centred looks: many different numbers, their mean near 0."""
    return len(np.unique(W)) > W.size / 2 and abs(W.mean()) < 0.1 * W.std()


def w_for(call):
    return call(512, 64, Seed(3))


def sharpest(call):
    W = w_for(call)
    scaled = spread_of_scaled_scores(W)
    scores = scaled * np.random.default_rng(5).standard_normal((500, 16))
    e = np.exp(scores - scores.max(1, keepdims=True))
    return {"spread": f"{scaled:.0f}", "share": f"{(e / e.sum(1, keepdims=True)).max(1).mean():.3f}"}


def q_spread(call):
    return {"spread": spread_of_q(w_for(call))}


INIT_PROJECTION = Exercise(
    lesson=LESSON,
    number="3.4",
    spec=init_projection,
    reference="return rng.standard_normal((d_model, d_k)) / d_model ** 0.5",
    promise="Return a random matrix W such that X @ W spreads like X.",
    points=2,
    difficulty=3,
    importance=4,
    minutes=6,
    hints=(
        "One entry of X @ W is a sum of products. How many terms does it add?",
        "It is 3.2 once more, with another count: a sum of n independent terms of spread 1 spreads by √n. "
        "Make each entry of W small enough to undo that.",
        "rng.standard_normal of the right shape, divided by the root of the number of *rows* of W.",
    ),
    inputs=init_projection_inputs,
    axes=("rows for d_model", "columns for d_k"),
    laws=(Law(SAME_RNG, same_rng_same_w), Law(OTHER_RNG, other_rng_other_w)),
    alternatives=(
        "return rng.normal(0, d_model ** -0.5, (d_model, d_k))",
        "return rng.uniform(-1, 1, (d_model, d_k)) * (3 / d_model) ** 0.5",
        "return np.array([rng.standard_normal(d_k) for _ in range(d_model)]) / np.sqrt(d_model)",
        "return rng.choice([-1, 1], (d_model, d_k)) / d_model ** 0.5",
    ),
    mistakes=(
        Mistake(
            "not-divided",
            "return rng.standard_normal((d_model, d_k))",
            "Scaled scores spread by {spread}, the largest weight is {share}: each feature of q adds up d_model terms. "
            "Divide where?",
            fill=sharpest,
        ),
        Mistake(
            "by-root-of-d-k",
            "return rng.standard_normal((d_model, d_k)) / d_k ** 0.5",
            "You divided by √dₖ: q still spreads by {spread:.1f}. How many terms does one entry of X @ W add?",
            fill=q_spread,
        ),
        Mistake(
            "by-d-model",
            "return rng.standard_normal((d_model, d_k)) / d_model",
            "Your q spreads by {spread:.2f}: the weights are flat, 1/n each. Variance or standard deviation?",
            fill=q_spread,
        ),
        Mistake(
            "transposed",
            "return rng.standard_normal((d_k, d_model)) / d_model ** 0.5",
            "Shape {shape}: X @ W needs d_model rows.",
            matches=lambda call: call(5, 3, Seed(1)).shape == (3, 5),
            fill=lambda call: {"shape": w_for(call).shape},
            question="Which axis of W meets the features of X?",
        ),
        Mistake(
            "uniform",
            "return rng.uniform(-1, 1, (d_model, d_k)) / d_model ** 0.5",
            "A uniform draw on -1..1 has spread .58: q comes out at {spread:.2f}.",
            fill=q_spread,
            question="What would you have to multiply by to bring the spread of a draw to 1?",
        ),
        Mistake(
            "global-generator",
            "return np.random.standard_normal((d_model, d_k)) / d_model ** 0.5",
            "Two calls with the same rng disagree: that was the global generator.",
            matches=lambda call: not same_rng_same_w(call) and call(5, 3, Seed(1)).shape == (5, 3),
            question="Who should hand out the random numbers?",
        ),
        Mistake(
            "identity",
            "return np.eye(d_model, d_k)",
            "That is no draw: W is the same at every call, and q is a copy of the first features of X.",
            matches=lambda call: np.array_equal(call(5, 3, Seed(1)), np.eye(5, 3)),
            question="Where do the numbers of W come from?",
        ),
        Mistake(
            "own-generator",
            "return np.random.default_rng(0).standard_normal((d_model, d_k)) / d_model ** 0.5",
            "Two different rngs gave the same W: you made your own inside. Then W_q and W_k are one matrix.",
            matches=lambda call: same_rng_same_w(call) and not other_rng_other_w(call) and looks_drawn(w_for(call)),
            question="What is the third argument for?",
        ),
        Mistake(
            "not-centred",
            "return rng.random((d_model, d_k)) / d_model ** 0.5",
            "Not centred: rng.random is 0..1, so every entry pulls the same way.",
            question="Which draw is as often negative as positive?",
        ),
        Mistake(
            "zeros",
            "return np.zeros((d_model, d_k))",
            "All scores are 0: every query looks everywhere equally.",
            matches=lambda call: call(5, 3, Seed(1)).shape == (5, 3) and not call(5, 3, Seed(1)).any(),
            question="How could a query ever prefer a key?",
        ),
        Mistake(
            "multiplied",
            "return rng.standard_normal((d_model, d_k)) * d_model ** 0.5",
            "Your q spreads by {spread:.0f}: the root went the wrong way. Should W grow or shrink with d_model?",
            fill=q_spread,
        ),
        Mistake(
            "sizes-without-brackets",
            "return rng.standard_normal(d_model, d_k) / d_model ** 0.5",
            ONE_SHAPE,
            matches=reads_sizes_apart(5, 3),
            question="How do two numbers become one shape?",
        ),
        Mistake(
            "both-sizes",
            "return rng.standard_normal((d_model, d_k)) * (2 / (d_model + d_k)) ** 0.5",
            "q spreads by {spread:.2f}: that rule (Glorot's) balances both directions, there and back. "
            "Here only X @ W counts: how many terms does one of its entries add?",
            fill=q_spread,
        ),
        Mistake(
            "he",
            "return rng.standard_normal((d_model, d_k)) * (2 / d_model) ** 0.5",
            "q spreads by {spread:.2f}: the 2 of He's rule makes up for a relu, which throws half away. "
            "Is there a relu between X and q?",
            fill=q_spread,
        ),
    ),
)


# ---------------------------------------------------------------- 3.5


def share_saturated(weights, threshold):
    """(..., n_q, n_k) -> one number: the share of queries whose largest weight is above the threshold."""
    saturated, queries = 0, 0
    for query in np.ndindex(weights.shape[:-1]):
        queries += 1
        largest = weights[query][0]
        for weight in weights[query]:
            largest = max(largest, weight)
        if largest > threshold:
            saturated += 1
    return saturated / queries


def shares(rng, *shape, spread=3.0):
    e = np.exp(spread * rng.standard_normal(shape))
    return e / e.sum(-1, keepdims=True)


# Three of five queries have a weight above .5, two of them on the same key.
FIVE_BY_SEVEN = np.array(
    [
        [0.70, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05],
        [0.20, 0.15, 0.15, 0.15, 0.15, 0.10, 0.10],
        [0.60, 0.10, 0.10, 0.05, 0.05, 0.05, 0.05],
        [0.02, 0.03, 0.05, 0.80, 0.04, 0.03, 0.03],
        [0.10, 0.10, 0.10, 0.30, 0.20, 0.10, 0.10],
    ]
)


def share_saturated_inputs(rng):
    return [
        Case((FIVE_BY_SEVEN, 0.5)),
        Case((FIVE_BY_SEVEN, 0.25)),
        Case((shares(rng, 11, 3), 0.6)),
        Case((shares(rng, 13, 5, spread=1), 0.2), says="with a low threshold"),
        Case((shares(rng, 2, 3, 5, 7), 0.5), "property", says="with two batch axes"),
        Case((shares(rng, 5, 3), 0.0), "property", says="with a threshold of 0"),
        Case((shares(rng, 5, 7, spread=0.1), 0.99), "property", says="when no query is saturated"),
    ]


SHARE_SATURATED = Exercise(
    lesson=LESSON,
    number="3.5",
    spec=share_saturated,
    reference="return float((weights.max(-1) > threshold).mean())",
    promise="Return the share of queries whose largest weight is above the threshold.",
    points=1,
    difficulty=1,
    importance=3,
    minutes=4,
    hints=(
        "How many queries does a table of weights hold, and which single number of each decides?",
        "First one number per query: the largest of its row. Then ask each of them the question; "
        "a mean of True and False is a share.",
        "weights.max along the last axis, compared with threshold, and the mean of that.",
    ),
    inputs=share_saturated_inputs,
    core=False,
    alternatives=(
        "return np.mean([r.max() > threshold for r in weights.reshape(-1, weights.shape[-1])])",
        "return (weights > threshold).any(-1).mean()",
        "return np.count_nonzero(weights.max(-1) > threshold) / weights[..., 0].size",
    ),
    mistakes=(
        Mistake(
            "counted-cells",
            "return (weights > threshold).mean()",
            "You counted cells: {count:.0f} of 35. The question is about queries, and there are 5.",
            fill=lambda call: {"count": 35 * call(FIVE_BY_SEVEN, 0.5)},
            question="Which one number of a row decides?",
        ),
        Mistake(
            "largest-in-columns",
            "return (weights.max(-2) > threshold).mean()",
            "You took the largest in each column. A query is a row.",
            question="Along which axis do the keys of one query stand?",
        ),
        Mistake(
            "how-many",
            "return (weights.max(-1) > threshold).sum()",
            "That is how many; wanted which share.",
            question="How many out of how many?",
        ),
        Mistake(
            "not-saturated",
            "return (weights.max(-1) < threshold).mean()",
            "That is the share that is not saturated.",
            question='Which way does the sign of "above" point?',
        ),
        Mistake(
            "one-verdict",
            "return weights.max() > threshold",
            "One verdict for the whole matrix; each query has its own.",
            question="Over which axis should max look?",
        ),
        Mistake(
            "mean-largest",
            "return weights.max(-1).mean()",
            "That is the mean of the largest weights; count those above the threshold.",
            question="What did you do with the threshold?",
        ),
        Mistake(
            "first-axis-only",
            "return (weights.max(-1) > threshold).mean(0)",
            "One share for each place behind the first axis; all queries of a batch count together.",
            question="What does mean() do when it is given no axis?",
        ),
        Mistake(
            "axis-1",
            "return (weights.max(1) > threshold).mean()",
            "Axis 1 holds the keys in a table only; in a batch it holds something else.",
            question="Which number means the last axis, however many there are?",
        ),
        Mistake(
            "which-ones",
            "return weights.max(-1) > threshold",
            "You say which queries are saturated; the share of them is one number.",
            question="What is the mean of True and False?",
        ),
        Mistake(
            "per-cent",
            "return 100 * (weights.max(-1) > threshold).mean()",
            "{value}: you answered in per cent; a share lies between 0 and 1.",
            fill=lambda call: {"value": call(FIVE_BY_SEVEN, 0.5)},
            question="What is 60 % as a share?",
        ),
        Mistake(
            "only-first-matrix",
            "return sum(row.max() > threshold for row in weights) / len(weights)",
            "You walked along the first axis only, which in a batch holds matrices, not queries.",
            question="Which axis is always the last one, whatever stands before it?",
        ),
        Mistake(
            "divided-by-keys",
            "return (weights.max(-1) > threshold).sum() / weights.shape[-1]",
            "You divided by 7, the number of keys; there are 5 queries.",
            question="A share of what is asked for?",
        ),
    ),
)

EXERCISES = (SCORE_STD, SCALE, DIVISOR, INIT_PROJECTION, SHARE_SATURATED)
