"""Embeddings: words as rows of a table, and what it means that two of them are near."""

import numpy as np

from course_lib.shapes import as_floats, check_matrix


def one_hot(ids, n_words):
    """Return one row per id, with a 1 in the column of that word and 0 elsewhere.

    `ids` (..., n) ints in 0 ... n_words - 1 give (..., n, n_words) floats.

    >>> one_hot([2, 0], n_words=3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    return (_known(ids, n_words)[..., None] == np.arange(n_words)).astype(float)


def embed(ids, table):
    """Return the rows of `table` that `ids` name: what one_hot(ids) @ table gives, without the multiplication.

    `ids` (..., n) ints, `table` (n_words, d_model) give (..., n, d_model), a copy. Raises ValueError for an id that no
    word has; -1 is not the last word here.
    Source: Bengio, Ducharme, Vincent, Jauvin 2003, "A neural probabilistic language model", section 2 (the matrix C).

    >>> embed([1, 1, 0], np.array([[0.0, 5.0], [7.0, 8.0]]))
    array([[7., 8.],
           [7., 8.],
           [0., 5.]])
    """
    table = np.asarray(table)
    check_matrix("table", table, "(n_words, d_model)")
    return table[_known(ids, len(table))]


def cosine(a, b):
    """Return the cosine of the angle between `a` and `b`, 0.0 where one of them is zero.

    `a` and `b` (..., d) broadcast; the result (...) lies in [-1, 1]. Lengths do not count, only directions.
    Source: Salton, Wong, Yang 1975, "A vector space model for automatic indexing", section 1.

    >>> round(float(cosine([0.2, 0.9, 0.3], [0.3, 0.9, 0.5])), 2)
    0.98
    >>> cosine([[3, 0], [0, 0]], [1, 0])
    array([1., 0.])
    """
    a, b = as_floats(a), as_floats(b)
    if a.shape[-1] != b.shape[-1]:
        raise ValueError(f"a and b must have the same number of features: a has shape {a.shape}, b has shape {b.shape}")
    product = (_unit(a) * _unit(b)).sum(-1)
    return np.clip(product, -1, 1)  # rounding alone can reach 1.0000000000000002


def nearest(i, table, by):
    """Return all words, word i too, nearest to word i first; the lower id first where two tie.

    `i` int, `table` (n_words, d), `by` "dot" or "cosine"; the result is (n_words,) ints.

    >>> words = np.array([[0.2, 0.9, 0.3], [0.3, 0.9, 0.5], [0.9, 0.1, 0.1]])  # cat, dog, happy
    >>> nearest(0, words, by="dot"), nearest(0, words, by="cosine")
    (array([1, 0, 2]), array([0, 1, 2]))
    """
    if by not in ("dot", "cosine"):
        raise ValueError(f'by must be "dot" or "cosine": got {by!r}')
    table = as_floats(table)
    similarity = table @ embed(i, table)
    if by == "cosine":
        similarity = similarity / _length(table)[..., 0]  # the length of word i would change no order
    return np.argsort(-similarity, kind="stable")


def analogy(a, b, c, table, exclude=True):
    """Return the word that is to `c` as `b` is to `a`: the nearest by cosine to b - a + c, rows of length 1.

    Ids `a`, `b`, `c`, `table` (n_words, d); the result is an int. `exclude` leaves the three words of the question
    out, as is usual; exclude=False lets them answer too, which is harder (Linzen 2016, "Issues in evaluating semantic
    spaces using word analogies").
    Source: Mikolov, Yih, Zweig 2013, "Linguistic regularities in continuous space word representations", section 4.

    >>> analogy(0, 1, 2, np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]]))
    3
    """
    rows = _unit(as_floats(table))
    row_a, row_b, row_c = embed([a, b, c], rows)
    similarity = rows @ (row_b - row_a + row_c)
    if exclude:
        similarity[[a, b, c]] = -np.inf
    return int(similarity.argmax())


def _length(x):
    length = np.linalg.norm(x, axis=-1, keepdims=True)
    return np.where(length == 0, 1, length)  # a zero vector stays zero when it is divided by this


def _unit(x):
    return x / _length(x)


def _known(ids, n_words):
    ids = np.asarray(ids)
    if ids.size and (ids.dtype.kind not in "iu" or ids.min() < 0 or ids.max() >= n_words):
        raise ValueError(f"ids must be integers from 0 to {n_words - 1}, one per word: got {ids.tolist()}")
    return ids.astype(int)
