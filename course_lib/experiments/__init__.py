"""The measured numbers that lessons quote and that figures draw. Equal seeds give equal numbers."""

from course_lib.experiments.analogies import AnalogyShare, analogy_share, analogy_shares
from course_lib.experiments.gradients import GradientStudy, gradient_study
from course_lib.experiments.guesses import moved_by_stretching, sums_of_two_orders, symmetric_with_one_matrix
from course_lib.experiments.recall import attention_recall, recall, recall_when_both_double
from course_lib.experiments.scaling import (
    largest_share,
    random_scores,
    random_weights,
    saturated_share,
    trend_of_largest_share,
)
from course_lib.experiments.spreads import (
    Unscaled,
    additive_spread,
    correlated_spread,
    dot_spread,
    shifted_variance,
    unscaled_projection,
)
from course_lib.experiments.training import steps_to_learn

__all__ = [
    "AnalogyShare",
    "GradientStudy",
    "Unscaled",
    "additive_spread",
    "analogy_share",
    "analogy_shares",
    "attention_recall",
    "correlated_spread",
    "dot_spread",
    "gradient_study",
    "largest_share",
    "moved_by_stretching",
    "random_scores",
    "random_weights",
    "recall",
    "recall_when_both_double",
    "saturated_share",
    "shifted_variance",
    "steps_to_learn",
    "sums_of_two_orders",
    "symmetric_with_one_matrix",
    "trend_of_largest_share",
    "unscaled_projection",
]
