"""Masks: who may look at whom. Always boolean, True = may look. Join patterns by `combine`, cut the future by `&`."""

import numpy as np

from course_lib.shapes import as_booleans, check_count


def causal_mask(n, n_keys=None):
    """Return who may look at whom when nobody sees the future; a token sees itself.

    `n` queries and `n_keys` keys (as many, when left out) give (n, n_keys) booleans. Both end at the same token:
    query i stands at position i + n_keys - n, as a cache of earlier keys needs.
    Source: Vaswani et al. 2017, "Attention is all you need", section 3.2.3.

    >>> causal_mask(2, n_keys=3).astype(int)
    array([[1, 1, 0],
           [1, 1, 1]])
    """
    n_keys = n if n_keys is None else n_keys
    if n < 0 or n_keys < 0:
        raise ValueError(f"a mask cannot have a negative size: n is {n}, n_keys is {n_keys}")
    return np.arange(n_keys) <= np.arange(n)[:, None] + (n_keys - n)


def padding_mask(lengths, n_k):
    """Return True for real tokens, False for the padding behind them.

    `lengths` (batch,) ints between 0 and `n_k` give (batch, 1, n_k) booleans; the 1 stands for the queries.
    Raises ValueError where a length is no integer or does not fit.

    >>> padding_mask([1, 3], n_k=3)[:, 0].astype(int)
    array([[1, 0, 0],
           [1, 1, 1]])
    """
    lengths = np.asarray(lengths)
    if lengths.dtype.kind not in "iu":
        raise ValueError(f"lengths must be integers, one per sentence: got {lengths.tolist()}")
    if ((lengths < 0) | (lengths > n_k)).any():
        raise ValueError(f"lengths must lie between 0 and n_k = {n_k}: got {lengths.tolist()}")
    return np.arange(n_k) < lengths[..., None, None]


def window_mask(n, radius):
    """Return True for the `radius` neighbours on each side, and for the token itself.

    `n` tokens give (n, n) booleans; a radius may be 0, or larger than n.
    Source: Beltagy, Peters, Cohan 2020, "Longformer: the long-document transformer", section 3.1.

    >>> window_mask(3, radius=1).astype(int)
    array([[1, 1, 0],
           [1, 1, 1],
           [0, 1, 1]])
    """
    query, key = _positions(n)
    check_count("radius", radius, at_least=0)
    return (query - radius <= key) & (key <= query + radius)  # abs(query - key) would hold n x n integers


def global_local_mask(n, radius, global_tokens):
    """Return a window, and on top of it tokens that see everybody and are seen by everybody.

    `n` and `radius` as for `window_mask`, `global_tokens` (g,) ints from 0 to n - 1; the result is (n, n) booleans.
    Source: Beltagy, Peters, Cohan 2020, section 3.1 ("global attention").

    >>> global_local_mask(3, radius=0, global_tokens=[1]).astype(int)
    array([[1, 1, 0],
           [1, 1, 1],
           [0, 1, 1]])
    """
    mask, tokens = window_mask(n, radius), np.asarray(global_tokens)
    if tokens.size and (tokens.dtype.kind not in "iu" or tokens.min() < 0 or tokens.max() >= n):
        raise ValueError(f"global_tokens must be integers from 0 to n - 1 = {n - 1}: got {tokens.tolist()}")
    is_global = np.isin(np.arange(n), tokens)
    return mask | is_global[:, None] | is_global


def block_mask(n, block):
    """Return True inside blocks of `block` neighbours; the last block may be shorter. (n, n) booleans.

    Source: Liu et al. 2018, "Generating Wikipedia by summarizing long sequences", section 4.2 ("local attention").

    >>> block_mask(5, block=2)[3].astype(int)
    array([0, 0, 1, 1, 0])
    """
    query, key = _positions(n)
    check_count("block", block, at_least=1)
    return query // block == key // block


def strided_mask(n, stride):
    """Return True wherever the distance i - j is a multiple of `stride`, 0 included. (n, n) booleans.

    Source: Child, Gray, Radford, Sutskever 2019, "Generating long sequences with sparse transformers", section 4.

    >>> strided_mask(6, stride=2)[3].astype(int)
    array([0, 1, 0, 1, 0, 1])
    """
    query, key = _positions(n)
    check_count("stride", stride, at_least=1)
    return query % stride == key % stride


def dilated_mask(n, radius, stride):
    """Return a window with holes: `radius` tokens on each side, `stride` apart. (n, n) booleans.

    Source: Beltagy, Peters, Cohan 2020, section 3.1 ("dilated sliding window").

    >>> dilated_mask(6, radius=1, stride=2)[2].astype(int)
    array([1, 0, 1, 0, 1, 0])
    """
    check_count("radius", radius, at_least=0)
    return strided_mask(n, stride) & window_mask(n, radius * stride)


def random_mask(n, links, rng):
    """Return True for `links` (0 to n) different random keys of each query, perhaps itself. (n, n) booleans.

    Source: Zaheer et al. 2020, "Big Bird: transformers for longer sequences", section 2 ("random attention").

    >>> random_mask(5, links=2, rng=np.random.default_rng(0)).sum(-1)
    array([2, 2, 2, 2, 2])
    """
    if not 0 <= links <= n:
        raise ValueError(f"links must lie between 0 and n = {n}: got {links}")
    return rng.permuted(np.tile(np.arange(n) < links, (n, 1)), axis=-1)


def combine(*masks):
    """Return True wherever at least one of the masks allows it: patterns are joined by "or".

    Booleans whose shapes broadcast; no mask at all allows nothing. Raises ValueError where they do not fit.

    >>> combine(window_mask(6, radius=1), strided_mask(6, stride=3))[1].astype(int)
    array([1, 1, 1, 0, 1, 0])
    """
    masks = [as_booleans(mask) for mask in masks]
    try:
        return np.logical_or.reduce(np.broadcast_arrays(*masks))
    except ValueError:
        raise ValueError(f"masks must broadcast: they have shapes {[mask.shape for mask in masks]}") from None


def _positions(n):
    check_count("n", n, at_least=0)
    return np.arange(n)[:, None], np.arange(n)
