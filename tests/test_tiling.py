"""The two promises that the fast kernels build on: exp() is exp(), and it never overflows where it is left bare."""

import numpy as np
import pytest

from course_lib import tiling
from course_lib.tiling import exponential, may_skip_the_maximum


def report(current):
    return lambda func_name: {"exp2": {2 * kind: {"current": current} for kind in "fd"}}


@pytest.mark.parametrize("current", ["AVX512_SKX", "X86_V4", "baseline(X86_V2)", "baseline(SSE SSE2 SSE3)"])
@pytest.mark.parametrize("kind", [np.float32, np.float64, np.longdouble])
def test_whatever_numpy_reports_the_pair_is_an_exp(monkeypatch, kind, current):
    monkeypatch.setattr(tiling, "opt_func_info", report(current))
    ufunc, factor = exponential.__wrapped__(np.dtype(kind))
    vectorised = not current.startswith("baseline") and kind is not np.longdouble
    assert ufunc is (np.exp2 if vectorised else np.exp)
    x = np.linspace(-20, 20, 101, dtype=kind)
    np.testing.assert_allclose(ufunc(x * factor), np.exp(x), rtol=1e-5)
    assert ufunc(x * factor).dtype == kind


def test_a_numpy_that_reports_nothing_gets_the_plain_exp(monkeypatch):
    monkeypatch.setattr(tiling, "opt_func_info", lambda func_name: {})
    assert exponential.__wrapped__(np.dtype(float)) == (np.exp, 1.0)


def test_this_numpy_can_be_asked():
    assert exponential(np.dtype(np.float32)) in {(np.exp, 1.0), (np.exp2, np.log2(np.e))}


def test_the_worst_scores_that_pass_leave_room_in_float32():
    d_k, n_k = 4, 100_003
    q = np.full((1, d_k), 59.9 / 2, np.float32)  # q·k / sqrt(d_k) is 59.9 for all keys
    K, V = np.ones((n_k, d_k), np.float32), np.full((n_k, 1), 9e5, np.float32)
    assert may_skip_the_maximum(q, K, V)
    for sign in (1, -1):
        weights = np.exp(sign * q @ K.T / 2)
        np.testing.assert_allclose(weights @ V / weights.sum(), 9e5, rtol=1e-3)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("size", "skip"), [(59.9, True), (60.1, False)])
def test_the_maximum_is_skipped_only_below_60(size, skip, sign):
    K = np.zeros((7, 4))
    K[3] = sign
    Q = np.full((5, 4), 0.1)
    Q[2] = size / 2
    assert may_skip_the_maximum(Q, K, np.ones((7, 3))) == skip


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e200])
@pytest.mark.parametrize("which", range(3))
def test_what_is_not_finite_or_far_too_large_proves_nothing(bad, which):
    arrays = [np.ones((5, 3)), np.ones((7, 3)), np.ones((7, 11))]
    arrays[which][2, 1] = bad
    assert may_skip_the_maximum(*arrays) is False


def test_no_keys_at_all_are_no_trouble():
    assert may_skip_the_maximum(np.ones((5, 3)), np.ones((0, 3)), np.ones((0, 3))) is False
