"""What one layer of self-attention costs: multiply-adds, stored numbers, bytes. Lessons 06 and 07.

`n` tokens of `d_model` features, `n_heads` heads; `radius` of a window whose hidden pairs are really left out, None for
code that meets every pair. A mask alone is no radius: dense code computes what it then hides.
"""

import numpy as np

from course_lib.multi_head import count_stored_weights, width_of_a_head
from course_lib.sparse import count_pairs


def projection_operations(n, d_model):
    """Return the multiply-adds of X @ W for W_q, W_k, W_v and W_o: 4 n d².

    >>> projection_operations(1024, d_model=512)
    1073741824
    """
    return 4 * n * d_model**2


def attention_operations(n, d_model, n_heads=1, radius=None):
    """Return the multiply-adds of the scores and of the mix, 2 n² d: the same for every number of heads.

    With a radius, 2 d for each pair of the window.

    >>> attention_operations(1024, d_model=512), attention_operations(1024, d_model=512, n_heads=8)
    (1073741824, 1073741824)
    """
    return n_heads * 2 * compared_pairs(n, radius) * width_of_a_head(d_model, n_heads)


def break_even(d_model):
    """Return the number of tokens at which scores and mix cost as much as the projections: 2 n² d = 4 n d² at n = 2 d.

    >>> break_even(512)
    1024
    """
    return 2 * d_model


def compared_pairs(n, radius=None):
    """Return how many scores one head computes: n², or the pairs within a window.

    >>> compared_pairs(200_000), compared_pairs(200_000, radius=256)
    (40000000000, 102534208)
    """
    return n * n if radius is None else count_pairs(n, radius)


def times_fewer_pairs(n, radius):
    """Return how many times fewer scores a window computes: of score elements, not of the model's memory.

    >>> round(times_fewer_pairs(200_000, radius=256))
    390
    """
    return compared_pairs(n) / compared_pairs(n, radius)


def stored_weights(n, n_heads=1, radius=None):
    """Return the attention weights that a layer holds for one sequence if it keeps them all: one per head and pair.

    >>> stored_weights(1024), stored_weights(1024, n_heads=8)
    (1048576, 8388608)
    """
    return count_stored_weights(n_heads, n, n) if radius is None else n_heads * compared_pairs(n, radius)


def stored_states(n, d_k, d_v):
    """Return the numbers of all keys and values, n (d_k + d_v): what attention keeps where a summary keeps d.

    >>> stored_states(256, d_k=64, d_v=64)
    32768
    """
    return n * (d_k + d_v)


def gigabytes(numbers, dtype=np.float32):
    """Return the size of that many numbers in GB of 10⁹ bytes.

    >>> gigabytes(stored_weights(200_000))
    160.0
    """
    return numbers * np.dtype(dtype).itemsize / 10**9


def slope(n, values):
    """Return by what power of n the values grow: the slope of a straight line through their logarithms.

    >>> round(slope([1_000, 2_000, 4_000], [3, 12, 48]), 6)
    2.0
    """
    return float(np.polyfit(np.log(n), np.log(values), 1)[0])
