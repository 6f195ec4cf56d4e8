"""Lesson 04, behind the cut: what scaling does to learning, on the smallest task that needs to look at one token."""

import numpy as np

from course_lib.scores import init_projection
from course_lib.softmax import softmax


def steps_to_learn(d_k, scaled, rate, max_steps=100, seed=0, n_tokens=16, d_model=64, n_examples=32):
    """Return the steps of gradient descent until 9 answers in 10 are right, or None after `max_steps`.

    The task: `n_tokens` random tokens, and a noisy copy of one of them as the query; the query should look at its
    original. W_q and W_k are learned from new examples in every step, by the squared error of the output when each
    token's value is its own one-hot vector (then the output is the weights). Scores are divided by sqrt(d_k) when
    `scaled`.

    >>> steps_to_learn(64, scaled=True, rate=3.0) < steps_to_learn(64, scaled=False, rate=1.0)
    True
    """
    rng = np.random.default_rng(seed)
    W_q, W_k = init_projection(d_model, d_k, rng), init_projection(d_model, d_k, rng)
    divisor = float(d_k) ** 0.5 if scaled else 1.0
    right = []
    for step in range(max_steps + 1):
        X, wanted = rng.standard_normal((n_examples, n_tokens, d_model)), rng.integers(n_tokens, size=n_examples)
        x = X[np.arange(n_examples), wanted] + 0.3 * rng.standard_normal((n_examples, d_model))
        q, K = x @ W_q, X @ W_k
        weights = softmax((K @ q[:, :, None])[..., 0] / divisor)
        right.append((weights.argmax(-1) == wanted).mean())
        if step >= 2 and np.mean(right[-3:]) >= 0.9:  # three steps in a row: one lucky draw is not learning
            return step
        on_scores = gradient_on_scores(weights, wanted) / (divisor * n_examples)
        W_q, W_k = (
            W_q - rate * x.T @ (on_scores[:, None, :] @ K)[:, 0],
            W_k - rate * X.reshape(-1, d_model).T @ (on_scores[..., None] * q[:, None, :]).reshape(-1, d_k),
        )
    return None


def gradient_on_scores(weights, wanted):
    """Return (diag(w) - w wᵀ) (w - y), (n_examples, n_tokens), with y one-hot: half the squared error, sent back."""
    on_weights = weights - np.eye(weights.shape[-1])[wanted]
    return weights * (on_weights - (weights * on_weights).sum(-1, keepdims=True))
