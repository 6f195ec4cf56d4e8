"""The kernels leave NumPy's threads as they found them, and use none of them."""

import numpy as np
import pytest
from windows import random_qkv

from course_lib import one_core as module
from course_lib import sliding_window, sparse, streaming
from course_lib.one_core import one_core


@pytest.fixture
def threads(monkeypatch):
    """Four threads, as a list of all that was ever set."""
    told = [4]
    monkeypatch.setattr(module, "_switches", lambda: (lambda: told[-1], told.append))
    return told


def test_inside_there_is_one_thread_and_afterwards_as_many_as_before(threads):
    with one_core():
        assert threads == [4, 1]
    assert threads == [4, 1, 4]


def test_an_error_gives_the_threads_back_too(threads):
    with pytest.raises(ZeroDivisionError), one_core():
        1 / 0  # noqa: B018
    assert threads == [4, 1, 4]


@pytest.mark.parametrize("kernel", [
    lambda *qkv: sliding_window.sliding_window_attention(*qkv, 2),
    lambda *qkv: sparse.banded_attention(*qkv, 2),
    streaming.streaming_attention,
])  # fmt: skip
def test_the_kernels_work_on_one_core(threads, monkeypatch, kernel):
    seen = []
    for home in (sliding_window, sparse, streaming):
        checked = home.checked
        monkeypatch.setattr(home, "checked", lambda *qkv: seen.append(threads[-1]) or checked(*qkv))  # noqa: B023
    kernel(*random_qkv(5, 5))
    assert seen == [1] and threads == [4, 1, 4]


def test_the_library_that_pip_brings_is_found():
    if "openblas" not in np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]:
        pytest.skip("this NumPy does not use OpenBLAS")
    get, put = module._switches()
    before = get()
    put(1)
    assert get() == 1
    put(before)
    assert get() == before
