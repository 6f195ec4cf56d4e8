"""Random arguments of every exercise, at sizes that all differ."""

import numpy as np

from course_lib.softmax import softmax


def random_arguments(exercise, rng):
    """Return arguments of an exercise, with leading axes where it has them and masks that may leave a query nobody."""
    return _of_lesson(exercise.lesson[:2], rng)[exercise.name]


def _of_lesson(lesson, rng):
    a, b, c, d, e = (int(n) for n in rng.choice([2, 3, 5, 7, 11], 5, replace=False))
    draw, batch = rng.standard_normal, [(), (e,), (2, e)][int(rng.integers(3))]

    def weights(*shape):
        return softmax(3 * draw(shape))

    def mask(m, n):
        shape = [(m, n), (1, n), (*batch, 1, n), (*batch, m, n)][int(rng.integers(4))]
        return rng.random(shape) < 0.5

    match lesson:
        case "00":
            i, j = rng.choice(50, 2, replace=False)
            return {
                "shares": (rng.integers(0, 5, a) + np.eye(a)[0],),
                "context_vector": (rng.dirichlet(np.ones(a)), draw((a, b))),
                "path_length": (int(i), int(j), str(rng.choice(["rnn", "attention"]))),
            }
        case "01":
            table = draw((17, a)) * rng.uniform(0.1, 9, (17, 1))
            return {
                "one_hot": (rng.integers(0, a, (b, c)), a),
                "embed": (rng.integers(0, 17, (b, c)), table),
                "cosine": (np.where(rng.random((b, 1, a)) < 0.2, 0, draw((b, 1, a))), draw((c, a))),
                "nearest": (int(rng.integers(17)), table, str(rng.choice(["dot", "cosine"]))),
                "analogy": (*(int(i) for i in rng.permutation(17)[:3]), table),
            }
        case "02":
            return {
                "dot_scores": (draw((a, b)), draw((c, b))),
                "project": (draw((a, b)), draw((b, c)), draw((b, c)), draw((b, d))),
                "additive_scores": (draw((a, b)), draw((c, d)), draw((b + d, e)), draw(e)),
                "multiplicative_scores": (draw((a, b)), draw((c, d)), draw((b, d))),
                "top_key": (rng.integers(-2, 3, (a, b)).astype(float),),
            }
        case "03":
            return {
                "scale": (draw((*batch, a, b)), c),
                "divisor": (c, float(rng.uniform(0.1, 4)), float(rng.uniform(0.1, 4))),
                "share_saturated": (weights(*batch, a, b), 0.6),
            }
        case "04":
            return {
                "softmax": (30 * draw((*batch, a, b)), int(rng.integers(-2, 2))),
                "weighted_sum": (weights(*batch, a, b), draw((*batch, b, c))),
                "softmax_jacobian": (weights(a),),
                "temperature_for": (draw(a), float(rng.uniform(1.05 / a, 0.95))),
                "broken_rows": (weights(a, b) * rng.choice([1, 1.1, -1], (a, 1)),),
                "attention": (draw((*batch, a, d)), draw((*batch, b, d)), draw((*batch, b, c))),
                "entropy": (weights(*batch, a) * (rng.random((*batch, a)) < 0.8),),
            }
        case "05":
            allowed = mask(a, b)
            return {
                "causal_mask": (a,),
                "masked_softmax": (30 * draw((*batch, a, b)), allowed),
                "padding_mask": (rng.integers(0, b + 1, a), b),
                "additive_mask": (allowed,),
                "attention": (draw((*batch, a, d)), draw((*batch, b, d)), draw((*batch, b, c)), allowed),
                "cross_attention": (draw((a, c)), draw((b, c)), draw((c, d)), draw((c, d)), draw((c, e))),
            }
        case "06":
            matrices = [draw((2 * b, 2 * b)) for _ in range(4)]
            return {
                "split_heads": (draw((*batch, a, b * c)), c),
                "merge_heads": (draw((*batch, a, b, c)),),
                "multi_head": (draw((*batch, c, 2 * b)), *matrices, b, mask(c, c)),
                "count_parameters": (a * b, b),
                "count_stored_weights": (a, b, c),
                "previous_token_head": (a,),
                "same_letter_head": (a,),
                "batched_scores": (draw((*batch, a, d)), draw((*batch, b, d))),
            }
        case "07":
            return {
                "window_mask": (a, b),
                "count_pairs": (max(a, b), min(a, b)),
                "global_local_mask": (a, b, rng.integers(0, a, int(rng.integers(4)))),
                "block_mask": (a, b),
                "strided_mask": (a, b),
                "hops": (rng.random((a, a)) < rng.uniform(0.1, 0.6),),
                "banded_attention": (draw((a, b)), draw((a, b)), draw((a, c)), int(rng.integers(2 * a))),
            }
