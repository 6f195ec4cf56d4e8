"""Lesson 04, behind the cut: what scaling does to learning, on the smallest task that needs to look at one token."""

import numpy as np

from course_lib.scaling import init_projection
from course_lib.softmax import softmax

N_EXAMPLES, N_TOKENS, D_MODEL = 32, 16, 64


def steps_to_learn(d_k, scaled, rate, max_steps=100, seed=0):
    """Return the steps of gradient descent until 9 answers in 10 are right, or None where `max_steps` do not do.

    Sixteen random tokens, and a query that is a noisy copy of one of them: it should look at its original. W_q and W_k
    are learned from 32 new examples in each step, at the step size `rate`. Scores are divided by sqrt(d_k) if `scaled`.

    >>> steps_to_learn(64, scaled=True, rate=3.0) < steps_to_learn(64, scaled=False, rate=1.0)
    True
    """
    rng = np.random.default_rng(seed)
    W_q, W_k = init_projection(D_MODEL, d_k, rng), init_projection(D_MODEL, d_k, rng)
    right = []
    for step in range(max_steps + 1):
        X, x, wanted = examples(rng)
        weights, on_W_q, on_W_k = gradients(X, x, wanted, W_q, W_k, float(d_k) ** 0.5 if scaled else 1.0)
        right.append((weights.argmax(-1) == wanted).mean())
        if len(right) >= 3 and np.mean(right[-3:]) >= 0.9:  # one lucky draw is not learning
            return step
        W_q, W_k = W_q - rate * on_W_q, W_k - rate * on_W_k
    return None


def examples(rng, noise=0.3):
    """Return tokens X (n_examples, n_tokens, d_model), queries x (n_examples, d_model), and which token each copies."""
    X, wanted = rng.standard_normal((N_EXAMPLES, N_TOKENS, D_MODEL)), rng.integers(N_TOKENS, size=N_EXAMPLES)
    original = X[np.arange(N_EXAMPLES), wanted]
    return X, original + noise * rng.standard_normal(original.shape), wanted


def gradients(X, x, wanted, W_q, W_k, divisor):
    """Return the weights (n_examples, n_tokens), and the gradients on W_q and W_k of `loss` at them."""
    q, K = x @ W_q, X @ W_k
    weights = softmax((K @ q[:, :, None])[..., 0] / divisor)
    on_weights = (weights - np.eye(N_TOKENS)[wanted]) / len(x)
    on_scores = weights * (on_weights - (weights * on_weights).sum(-1, keepdims=True)) / divisor  # (diag w - w wᵀ) g
    on_q, on_K = (on_scores[:, None, :] @ K)[:, 0], on_scores[..., None] * q[:, None, :]
    return weights, x.T @ on_q, X.reshape(-1, D_MODEL).T @ on_K.reshape(-1, on_K.shape[-1])


def loss(weights, wanted):
    """Return half the squared error of the output, averaged over examples.

    A token's value is its own one-hot vector, so that the output is the weights.
    """
    return ((weights - np.eye(N_TOKENS)[wanted]) ** 2).sum(-1).mean() / 2
