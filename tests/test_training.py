"""The small training run that lesson 04 quotes: its gradients are right, and its result does not hang on a seed."""

import numpy as np
import pytest

from course_lib.experiments import steps_to_learn
from course_lib.experiments.training import D_MODEL, examples, gradients, loss
from course_lib.scaling import init_projection


@pytest.mark.parametrize("divisor", [1.0, 7**0.5])
@pytest.mark.parametrize("which", ["W_q", "W_k"])
def test_the_gradients_are_the_slopes_of_the_loss(which, divisor):
    rng = np.random.default_rng(0)
    W = {"W_q": init_projection(D_MODEL, 7, rng), "W_k": init_projection(D_MODEL, 7, rng)}
    X, x, wanted = examples(rng)
    found = dict(zip(("W_q", "W_k"), gradients(X, x, wanted, **W, divisor=divisor)[1:], strict=True))[which]
    nudge = rng.standard_normal((D_MODEL, 7))

    def nudged(step):
        moved = W | {which: W[which] + step * nudge}
        return loss(gradients(X, x, wanted, **moved, divisor=divisor)[0], wanted)

    assert (found * nudge).sum() == pytest.approx((nudged(1e-5) - nudged(-1e-5)) / 2e-5, rel=1e-6)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_unscaled_learns_too_but_with_smaller_steps_and_more_of_them(seed):
    best = steps_to_learn(64, scaled=True, rate=3.0, seed=seed)
    assert best <= 12
    assert steps_to_learn(64, scaled=False, rate=3.0, max_steps=60, seed=seed) is None
    assert best < steps_to_learn(64, scaled=False, rate=1.0, seed=seed) < 40


def test_with_small_steps_unscaled_is_even_ahead():
    assert steps_to_learn(64, scaled=False, rate=0.3) < steps_to_learn(64, scaled=True, rate=0.3)
