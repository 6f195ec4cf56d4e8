"""A window over 200,000 tokens and exact attention over 16,384, beside the bare matmuls, beside loops, beside torch.

    python benchmarks/sparse.py [--quick] [--json FILE] [--growth FILE]

One core, float32, 64 features, CPU seconds, the least of several turns; those who are compared take turns. The floor is
what the useful operations alone would cost at the rate of a 2,048 x 2,048 matmul timed in between. Memory is what a
call holds at its peak beside its arguments, its result counted. torch is optional: its flex_attention needs a C++
compiler, too.
"""

import json
import os
import platform
import sys
import time
import tracemalloc
from functools import partial
from pathlib import Path
from typing import Annotated

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")  # NumPy reads them at its import

import numpy as np
import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sparse_peers import attention_in_place, loop_over_tokens, torch, torch_attention, torch_window

from course_lib.attention import attention
from course_lib.sparse import banded_attention, sliding_window_attention
from course_lib.streaming import streaming_attention
from course_lib.tiling import exponential, may_skip_the_maximum

D, RADIUS = 64, 256
SIZES = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000)
MATMUL = np.random.default_rng(0).standard_normal((2, 2_048, 2_048), dtype=np.float32)
NO_TORCH = "torch is not installed: its flex_attention and scaled_dot_product_attention are skipped"


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


def slope(n, values):
    """Return with what power of n the values grow: a straight line through the logarithms."""
    return float(np.polyfit(np.log(n), np.log(values), 1)[0])


def slopes(points):
    n, seconds, megabytes = (np.array([point[key] for point in points]) for key in ("n", "seconds", "megabytes"))
    held = megabytes + 3 * n * D * 4 / 1e6  # Q, K and V have to be somewhere, too
    return {"seconds": slope(n, seconds), "megabytes": slope(n, held)}


def machine():
    cpu, info = platform.processor() or platform.machine(), Path("/proc/cpuinfo")
    if info.exists():
        names = [line.split(":")[1].strip() for line in info.read_text("utf-8").splitlines() if "model name" in line]
        cpu = names[0] if names else cpu
    exp = exponential(np.dtype(np.float32))[0].__name__
    versions = {"numpy": np.__version__} | ({"torch": torch.__version__} if torch else {})
    return {"cpu": cpu, "vector exponential": exp, **versions}


def rounded(value):
    """Return the same with three digits to each float."""
    if isinstance(value, dict):
        return {key: rounded(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [rounded(entry) for entry in value]
    return float(f"{value:.3g}") if isinstance(value, float) else value


def write(path, numbers):
    if path:
        path.write_text(json.dumps(rounded(numbers), indent=1) + "\n", encoding="utf-8")


def show(title, result, goal=""):
    print(f"\n{title}, {result['n']:,} tokens\n{'':28}{'CPU s':>9}{'to floor':>10}{'it / ours':>11}")
    for name, seconds in result["seconds"].items():
        ratios = f"{seconds / result['floor_seconds']:10.2f}{seconds / result['seconds']['ours']:11.2f}"
        print(f"{name:28}{seconds:9.4f}{ratios}")
    if goal:
        print(goal)


def main(
    quick: Annotated[bool, typer.Option("--quick", help="Few turns, and streaming to 20,000 tokens only.")] = False,
    save: Annotated[Path | None, typer.Option("--json", help="Write all numbers here.")] = None,
    save_growth: Annotated[Path | None, typer.Option("--growth", help="Write the points of the growth here.")] = None,
):
    """Race all, print what stands beside what, and fit how time and memory grow."""
    repeats, here = (1 if quick else 5), machine()
    print(", ".join(f"{key} {value}" for key, value in here.items()) if torch else NO_TORCH)
    window = windows(200_000, repeats)
    show(f"window of radius {RADIUS}", window, "ours: goal <= 3 times the floor, <= flex_attention")
    print(f"new memory {window['megabytes']:.1f} MB (goal <= 60), largest error {window['largest_error']:.1e} (< 1e-5)")
    exact = exact_ones(16_384, repeats)
    show("everybody looks at everybody", exact, "ours: goal less than all others")
    print("new memory, MB: " + ", ".join(f"{name} {mb:.1f}" for name, mb in exact["megabytes"].items()))
    loops = [loop_and_dense(n, 4 * repeats) for n in (1_024, 4_096)]
    for result in loops:
        show("the window by a loop, and full attention", result)

    grown = {
        "window": growth(lambda Q, K, V: sliding_window_attention(Q, K, V, RADIUS), SIZES, 3 * repeats),
        "streaming": growth(streaming_attention, SIZES[:5] if quick else SIZES, repeats=0),
        "attention": growth(lambda Q, K, V: attention(Q, K, V).output, SIZES[:4], repeats=0),
    }
    fits = {name: slopes(points) for name, points in grown.items()}
    print(f"\n{'grows with this power of n':28}{'CPU s':>9}{'memory, with Q, K, V':>23}")
    for name, fit in fits.items():
        print(f"{name:28}{fit['seconds']:9.2f}{fit['megabytes']:23.2f}")
    print("goals: window 1.0 and 1.0, streaming memory 1.0, each +- .05")
    write(save, {"machine": here, "window": window, "exact": exact, "loop": loops, "slopes": fits, "growth": grown})
    write(save_growth, {"machine": here, "features": D, "radius": RADIUS, **grown})


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(main)
    app()
