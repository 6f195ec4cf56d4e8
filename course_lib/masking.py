"""Where a mask meets scores: the only place in which "may not look" becomes -inf."""

import numpy as np

from course_lib.shapes import as_booleans, as_floats
from course_lib.softmax import softmax


def additive_mask(allowed, dtype=float):
    """Return the same mask as numbers to add to scores: 0 where one may look, -inf where not.

    `allowed` (...) booleans give (...) floats of `dtype`.

    >>> additive_mask(np.array([True, False]))
    array([  0., -inf])
    """
    return np.where(as_booleans(allowed), 0.0, -np.inf).astype(dtype)


def apply_mask(scores, allowed):
    """Return the scores with -inf wherever one may not look, ready for the softmax.

    `scores` (..., n_q, n_k), `allowed` booleans that broadcast to that shape; the shape stays, and so does the
    kind of float. Raises ValueError where the shapes do not fit, TypeError where `allowed` is not boolean.
    Source: Vaswani et al. 2017, "Attention is all you need", section 3.2.3 ("setting to -inf").

    >>> apply_mask(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[True, False], [True, True]]))
    array([[  1., -inf],
           [  3.,   4.]])
    """
    scores, allowed = as_floats(scores), as_booleans(allowed)
    try:
        allowed = np.broadcast_to(allowed, scores.shape)
    except ValueError:
        message = "allowed must broadcast to the shape of the scores (..., n_q, n_k)"
        raise ValueError(f"{message}: allowed has shape {allowed.shape}, scores have shape {scores.shape}") from None
    return np.where(allowed, scores, -np.inf)  # not -1e9: a row that is hidden entirely would come back to life


def masked_softmax(scores, allowed):
    """Return each query's shares over the keys that it may look at: they sum to 1, and hidden keys get 0.

    `scores` (..., n_q, n_k), `allowed` booleans that broadcast to that shape; the shape stays. A query with nobody
    to look at gets weights 0. Raises as `apply_mask` does.
    Source: Vaswani et al. 2017, section 3.2.3.

    >>> masked_softmax(np.zeros((3, 2)), np.array([[True, False], [True, True], [False, False]]))
    array([[1. , 0. ],
           [0.5, 0.5],
           [0. , 0. ]])
    """
    return softmax(apply_mask(scores, allowed))
