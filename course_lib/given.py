"""What an exercise may use from the exercises before it, in the exercise's own form.

The functions are the library's, but `attention` returns the output alone, as the exercise asks.
"""

from course_lib import attention as _attention
from course_lib.attention import weighted_sum
from course_lib.embeddings import analogy, cosine, embed, nearest, one_hot
from course_lib.scaling import divisor, init_projection, scale, score_std
from course_lib.scores import additive_scores, dot_scores, multiplicative_scores, project, top_key
from course_lib.softmax import broken_rows, entropy, share_saturated, softmax, softmax_jacobian, temperature_for


def attention(Q, K, V, allowed=None):
    """Return the output of attention, (..., n_q, d_v); the library's own function returns every step.

    >>> attention([[1.0]], [[1.0]], [[7.0, 8.0]])
    array([[7., 8.]])
    """
    return _attention.attention(Q, K, V, allowed).output


EXERCISES = {
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
}
EARLY = {3: {"softmax": softmax}}  # lesson 03 uses softmax as a declared black box


def for_lesson(lesson, before=None):
    """Return name -> function for all exercises of the lessons before `lesson` and of `lesson` itself.

    `lesson` is a stem such as "04_softmax". With `before`, an exercise's number such as "4.6", its own and later
    functions are left out.

    >>> list(for_lesson("02_dot_product", before="2.2"))
    ['one_hot', 'embed', 'cosine', 'nearest', 'analogy', 'dot_scores']
    """
    chapter = int(lesson[:2])
    last = (chapter + 1, 0) if before is None else _order(before)
    earlier = {function.__name__: function for number, function in EXERCISES.items() if _order(number) < last}
    return earlier | EARLY.get(chapter, {})


def _order(number):
    chapter, place = number.split(".")
    return int(chapter), int(place)
