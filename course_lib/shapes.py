"""The checks that several maths modules share: each error names the thing and shows both shapes."""

import numpy as np


def as_floats(x):
    """Return `x` as an array of floats. float32 stays float32, integers become float64.

    >>> as_floats([1, 2]), as_floats(np.zeros(2, np.float32)).dtype
    (array([1., 2.]), dtype('float32'))
    """
    x = np.asarray(x)
    return x if np.issubdtype(x.dtype, np.floating) else x.astype(float)


def as_booleans(allowed):
    """Return a mask as an array. Raises TypeError unless it is boolean: 0 and -inf would be read the wrong way round.

    >>> as_booleans([[True, False]])
    array([[ True, False]])
    """
    allowed = np.asarray(allowed)
    if allowed.dtype != bool:
        raise TypeError(f"allowed must be boolean, True = may look: it holds {allowed.dtype}")
    return allowed


def check_count(name, number, at_least=0):
    """Raise ValueError unless `number` is a whole number, at least `at_least`."""
    if not isinstance(number, (int, np.integer)) or number < at_least:
        raise ValueError(f"{name} must be a whole number, at least {at_least}: got {number!r}")


def check_matrix(name, x, axes):
    """Raise ValueError unless `x` has at least the two axes that `axes` names: "(..., n_q, d_k)"."""
    if x.ndim < 2:
        raise ValueError(f"{name} must have the axes {axes}: {name} has shape {x.shape}")


def check_same(what, name_a, a, axis_a, name_b, b, axis_b):
    """Raise ValueError unless axis `axis_a` of `a` is as long as axis `axis_b` of `b`."""
    if a.shape[axis_a] != b.shape[axis_b]:
        raise ValueError(f"{what}: {name_a} has shape {a.shape}, {name_b} has shape {b.shape}")


def check_batch(name_a, a, name_b, b):
    """Raise ValueError unless the leading axes of `a` and `b`, all but the last two, broadcast."""
    try:
        np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    except ValueError:
        message = f"the batch axes of {name_a} and {name_b} must agree"
        raise ValueError(f"{message}: {name_a} has shape {a.shape}, {name_b} has shape {b.shape}") from None
