"""The answers of the predict cards of lessons 01 and 02 do not hang on one draw, and could come out otherwise."""

from course_lib.experiments import guesses
from course_lib.experiments.guesses import moved_by_stretching, sums_of_two_orders, symmetric_with_one_matrix

SEEDS = range(20)


def test_moving_outward_changes_dots_alone_and_standing_still_changes_nothing():
    assert {moved_by_stretching(stretch) for stretch in (0.5, 2.0, 7.0)} == {"dots"}
    assert moved_by_stretching(stretch=1.0) == "none"


def test_the_sums_of_two_orders_are_equal_whatever_the_vectors():
    assert {sums_of_two_orders(seed) for seed in SEEDS} == {"equal"}


def test_one_matrix_makes_scores_symmetric_and_weights_not():
    assert {symmetric_with_one_matrix(seed=seed) for seed in SEEDS} == {"scores"}


def test_without_softmax_the_card_would_say_both(monkeypatch):
    monkeypatch.setattr(guesses, "softmax", lambda scores: scores)
    assert symmetric_with_one_matrix() == "both"
