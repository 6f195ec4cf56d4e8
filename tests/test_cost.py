"""Formulas of cost against a layer that really counts, and the numbers that lessons 06 and 07 quote."""

import math

import numpy as np
import pytest

from course_lib import cost
from course_lib.masks import window_mask
from course_lib.multi_head import multi_head

pytestmark = pytest.mark.filterwarnings("error")


class Counter:
    """A layer of attention in plain loops that counts each multiply-add where it happens."""

    def __init__(self):
        self.multiply_adds = {"projections": 0, "scores and mix": 0}
        self.weights = 0

    def dot(self, what, a, b):
        """Return a · b, number by number."""
        total = 0.0
        for x, y in zip(a, b, strict=True):
            total += x * y
            self.multiply_adds[what] += 1
        return total

    def project(self, X, W):
        return [[self.dot("projections", x, column) for column in W.T] for x in X]

    def layer(self, X, W_q, W_k, W_v, W_o, n_heads, seen):
        """Return the output; `seen[i]` lists the keys that query i meets, all others are never touched."""
        Q, K, V = self.project(X, W_q), self.project(X, W_k), self.project(X, W_v)
        d_head = len(W_q) // n_heads
        merged = [[] for _ in X]
        for start in range(0, len(W_q), d_head):
            own = slice(start, start + d_head)
            for i, keys in enumerate(seen):
                scores = [self.dot("scores and mix", Q[i][own], K[j][own]) / math.sqrt(d_head) for j in keys]
                terms = [math.exp(score) for score in scores]
                weights = [term / math.fsum(terms) for term in terms]
                self.weights += len(weights)
                for f in range(start, start + d_head):
                    merged[i].append(self.dot("scores and mix", weights, [V[j][f] for j in keys]))
        return self.project(merged, W_o)


@pytest.mark.parametrize("radius", [None, 0, 1, 2, 97])
@pytest.mark.parametrize("n_heads", [1, 2, 6])
@pytest.mark.parametrize("n", [1, 5, 13])
def test_the_formulas_count_what_a_layer_in_loops_really_does(n, n_heads, radius):
    rng = np.random.default_rng(0)
    X, W = rng.standard_normal((n, 6)), rng.standard_normal((4, 6, 6)) / 6
    allowed = np.ones((n, n), bool) if radius is None else window_mask(n, radius)
    counter = Counter()
    output = counter.layer(X, *W, n_heads, seen=[np.flatnonzero(row) for row in allowed])
    np.testing.assert_allclose(output, multi_head(X, *W, n_heads, allowed).output, rtol=1e-10)  # it is that layer
    assert counter.multiply_adds["projections"] == cost.projection_operations(n, 6)
    assert counter.multiply_adds["scores and mix"] == cost.attention_operations(n, 6, n_heads, radius)
    assert counter.weights == cost.stored_weights(n, n_heads, radius)
    assert counter.weights == n_heads * cost.compared_pairs(n, radius)


@pytest.mark.parametrize("d_model", [1, 7, 512])
def test_scores_and_mix_cost_as_much_as_the_projections_at_twice_d_tokens(d_model):
    n = cost.break_even(d_model)
    assert cost.attention_operations(n, d_model) == cost.projection_operations(n, d_model)
    assert cost.attention_operations(n + 1, d_model) > cost.projection_operations(n + 1, d_model)


def test_heads_share_the_operations_and_multiply_the_weights():
    assert len({cost.attention_operations(1024, 512, h) for h in (1, 2, 8, 512)}) == 1
    assert [cost.stored_weights(1024, h) for h in (1, 8)] == [1_048_576, 8_388_608]
    with pytest.raises(ValueError, match="n_heads must divide d_model: n_heads is 5, d_model is 512"):
        cost.attention_operations(1024, 512, n_heads=5)


def test_200000_tokens_have_4e10_scores_and_a_window_of_radius_256_390_times_fewer():
    assert cost.compared_pairs(200_000) == 4.0e10
    assert cost.compared_pairs(200_000, 256) == pytest.approx(200_000 * 513, rel=1e-3)
    assert round(cost.times_fewer_pairs(200_000, 256)) == 390


def test_stored_states_and_bytes_are_those_of_real_arrays():
    K, V = np.zeros((7, 3)), np.zeros((7, 5), np.float32)
    assert cost.stored_states(7, d_k=3, d_v=5) == K.size + V.size
    assert cost.gigabytes(V.size) == V.nbytes / 1e9 and cost.gigabytes(K.size, K.dtype) == K.nbytes / 1e9
    assert cost.gigabytes(cost.stored_weights(200_000)) == 160
