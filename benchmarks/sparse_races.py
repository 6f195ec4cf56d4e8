"""The races of benchmarks/sparse.py: who runs against whom, what a call costs in CPU seconds and in memory.

One core: the caller sets OPENBLAS_NUM_THREADS before it imports this.
"""

import time
import tracemalloc
from functools import partial

import numpy as np
from sparse_peers import attention_in_place, loop_over_tokens, torch, torch_attention, torch_window

from course_lib.attention import attention
from course_lib.cost import slope
from course_lib.sparse import banded_attention, sliding_window_attention
from course_lib.streaming import streaming_attention
from course_lib.tiling import may_skip_the_maximum

D, RADIUS = 64, 256
MATMUL = np.random.default_rng(0).standard_normal((2, 2_048, 2_048), dtype=np.float32)


def random_qkv(n):
    return tuple(np.random.default_rng(1).standard_normal((3, n, D), dtype=np.float32))


def cpu_seconds(run):
    start = time.process_time()
    run()
    return time.process_time() - start


def least_seconds(runs, repeats):
    """Return name -> the fewest CPU seconds. They take turns; the first turn warms all and is not counted."""
    turns = [{name: cpu_seconds(run) for name, run in runs.items()} for _ in range(repeats + 1)]
    return {name: min(turn[name] for turn in turns[1:]) for name in runs}


def watched(run):
    """Return the CPU seconds and the new megabytes of a call."""
    tracemalloc.start()
    seconds = cpu_seconds(run)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return seconds, peak / 1e6


def race(runs, repeats, pairs):
    """Return the seconds of all, and the floor: two multiply-adds of D features per pair at the rate of the matmul."""
    seconds = least_seconds({"matmul": lambda: MATMUL[0] @ MATMUL[1], **runs}, repeats)
    rate = 2 * 2_048**3 / seconds.pop("matmul")
    return {"gigaflops": rate / 1e9, "floor_seconds": 2 * 2 * pairs * D / rate, "seconds": seconds}


def largest_error(output, Q, K, V):
    """Return the largest difference from float64, at both ends and at 500 rows in between."""
    n = len(Q)
    rows = {*range(300), *range(n - 300, n), *np.random.default_rng(2).integers(0, n, 500).tolist()}
    windows = [(i, max(0, i - RADIUS), i + RADIUS + 1) for i in rows]
    Q, K, V = (array.astype(float) for array in (Q, K, V))
    return max(float(abs(output[i] - attention(Q[i : i + 1], K[a:b], V[a:b]).output).max()) for i, a, b in windows)


def windows(n, repeats):
    Q, K, V = random_qkv(n)
    long = Q.copy()
    long[0] *= 1000  # one query too long for the bound, so that all are done with the maximum subtracted
    assert may_skip_the_maximum(Q, K, V) and not may_skip_the_maximum(long, K, V)
    runs = {
        "ours": lambda: sliding_window_attention(Q, K, V, RADIUS),
        "ours, maximum subtracted": lambda: sliding_window_attention(long, K, V, RADIUS),
        "banded_attention": lambda: banded_attention(Q, K, V, RADIUS),
        "loop over tokens": lambda: loop_over_tokens(Q, K, V, RADIUS),
    }
    if torch:
        runs["torch flex_attention"] = torch_window(Q, K, V, RADIUS)
    result = {"n": n, "radius": RADIUS, **race(runs, repeats, pairs=n * (2 * RADIUS + 1))}
    output = runs["ours"]()
    result |= {"megabytes": watched(runs["ours"])[1], "largest_error": largest_error(output, Q, K, V)}
    if torch:
        result["largest_difference_from_flex"] = float(abs(runs["torch flex_attention"]() - output).max())
    return result


def exact_ones(n, repeats):
    Q, K, V = random_qkv(n)
    runs = {
        "ours": lambda: streaming_attention(Q, K, V),
        "attention": lambda: attention(Q, K, V).output,
        "attention in place": lambda: attention_in_place(Q, K, V),
    }
    megabytes = {name: watched(run)[1] for name, run in runs.items()}
    if torch:
        runs["torch sdpa"] = torch_attention(Q, K, V)
    return {"n": n, **race(runs, repeats, pairs=n * n), "megabytes": megabytes}


def loop_and_dense(n, repeats):
    Q, K, V = random_qkv(n)
    runs = {
        "ours": lambda: sliding_window_attention(Q, K, V, RADIUS),
        "loop over tokens": lambda: loop_over_tokens(Q, K, V, RADIUS),
        "attention": lambda: attention(Q, K, V).output,
        "attention in place": lambda: attention_in_place(Q, K, V),
    }
    return {"n": n, "radius": RADIUS, **race(runs, repeats, pairs=n * (2 * RADIUS + 1))}


def growth(function, sizes, repeats):
    """Return seconds and new megabytes for each n. All sizes take turns; if there are none, the watched call counts."""
    calls = {n: partial(function, *random_qkv(n)) for n in sizes}
    points = {n: watched(call) for n, call in calls.items()}
    for _ in range(repeats):
        for n, call in calls.items():
            seconds, megabytes = points[n]
            points[n] = min([seconds, *(cpu_seconds(call) for _ in range(max(1, 20_000 // n)))]), megabytes
    return [{"n": n, "seconds": seconds, "megabytes": megabytes} for n, (seconds, megabytes) in points.items()]


def slopes(points):
    n, seconds, megabytes = (np.array([point[key] for point in points]) for key in ("n", "seconds", "megabytes"))
    held = megabytes + 3 * n * D * 4 / 1e6  # Q, K and V have to be somewhere, too
    return {"seconds": slope(n, seconds), "megabytes": slope(n, held)}
