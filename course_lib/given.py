"""What an exercise may use from the exercises before it, in the exercise's own form.

The functions are the library's, but `attention`, `cross_attention` and `multi_head` return the output alone, as the
exercises ask.
"""

from course_lib import attention as _attention
from course_lib import multi_head as _multi_head
from course_lib.attention import weighted_sum
from course_lib.embeddings import analogy, cosine, embed, nearest, one_hot
from course_lib.masking import additive_mask, masked_softmax
from course_lib.masks import block_mask, causal_mask, global_local_mask, padding_mask, strided_mask, window_mask
from course_lib.multi_head import (
    batched_scores,
    count_parameters,
    count_stored_weights,
    merge_heads,
    previous_token_head,
    same_letter_head,
    split_heads,
)
from course_lib.scaling import divisor, init_projection, scale, score_std
from course_lib.scores import additive_scores, dot_scores, multiplicative_scores, project, top_key
from course_lib.softmax import broken_rows, entropy, share_saturated, softmax, softmax_jacobian, temperature_for
from course_lib.sparse import banded_attention, count_pairs, hops
from course_lib.summary import context_vector, path_length, shares


def attention(Q, K, V, allowed=None):
    """Return the output of attention, (..., n_q, d_v); the library's own function returns every step.

    >>> attention([[1.0]], [[1.0]], [[7.0, 8.0]])
    array([[7., 8.]])
    """
    return _attention.attention(Q, K, V, allowed).output


def cross_attention(X, memory, W_q, W_k, W_v):
    """Return the output of cross-attention, (..., n_q, d_v); the library's own function returns every step.

    >>> cross_attention([[1.0]], [[1.0]], [[1.0]], [[1.0]], [[7.0, 8.0]])
    array([[7., 8.]])
    """
    return _attention.cross_attention(X, memory, W_q, W_k, W_v).output


def multi_head(X, W_q, W_k, W_v, W_o, n_heads, allowed=None):
    """Return the output of multi-head attention, (..., n, d_model); the library's own returns weights and heads too.

    >>> multi_head([[5.0, 7.0]], *[[[1.0, 0.0], [0.0, 1.0]]] * 4, n_heads=2)
    array([[5., 7.]])
    """
    return _multi_head.multi_head(X, W_q, W_k, W_v, W_o, n_heads, allowed).output


EXERCISES = {
    "0.1": shares,
    "0.2": context_vector,
    "0.3": path_length,
    "1.1": one_hot,
    "1.2": embed,
    "1.3": cosine,
    "1.4": nearest,
    "1.5": analogy,
    "2.1": dot_scores,
    "2.2": project,
    "2.3": additive_scores,
    "2.4": multiplicative_scores,
    "2.5": top_key,
    "3.1": score_std,
    "3.2": scale,
    "3.3": divisor,
    "3.4": init_projection,
    "3.5": share_saturated,
    "4.1": softmax,
    "4.2": weighted_sum,
    "4.3": softmax_jacobian,
    "4.4": temperature_for,
    "4.5": broken_rows,
    "4.6": attention,
    "4.7": entropy,
    "5.1": causal_mask,
    "5.2": masked_softmax,
    "5.3": padding_mask,
    "5.4": additive_mask,
    "5.5": attention,
    "5.6": cross_attention,
    "6.1": split_heads,
    "6.2": merge_heads,
    "6.3": multi_head,
    "6.4": count_parameters,
    "6.5": count_stored_weights,
    "6.6": previous_token_head,
    "6.7": same_letter_head,
    "6.8": batched_scores,
    "7.1": window_mask,
    "7.2": count_pairs,
    "7.3": global_local_mask,
    "7.4": block_mask,
    "7.5": strided_mask,
    "7.6": hops,
    "7.7": banded_attention,
}
EARLY = {3: {"softmax": softmax}}  # lesson 03 uses softmax as a declared black box


def for_lesson(lesson, before=None):
    """Return name -> function for all exercises of the lessons before `lesson` and of `lesson` itself.

    `lesson` is a stem such as "04_softmax". With `before`, an exercise's number such as "4.6", its own and later
    functions are left out.

    >>> list(for_lesson("02_dot_product", before="2.2"))
    ['shares', 'context_vector', 'path_length', 'one_hot', 'embed', 'cosine', 'nearest', 'analogy', 'dot_scores']
    """
    chapter = int(lesson[:2])
    last = (chapter + 1, 0) if before is None else _order(before)
    earlier = {function.__name__: function for number, function in EXERCISES.items() if _order(number) < last}
    return earlier | EARLY.get(chapter, {})


def _order(number):
    chapter, place = number.split(".")
    return int(chapter), int(place)
