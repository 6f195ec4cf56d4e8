"""Grading on dask.distributed (the extra [cluster]): a scheduler's address, or workers of its own for "local"."""

import itertools

from course_tools.grading.results import spec_version
from course_tools.grading.workers import alone, rows

# One thread a worker: each process has a judge of its own. No dashboard, and no port that others may want.
LOCAL = {"threads_per_worker": 1, "dashboard_address": "127.0.0.1:0", "scheduler_kwargs": {"dashboard": False}}
AHEAD = 4  # tasks for each worker that are in memory at a time
OTHER = "The workers have another version of the course than this machine: give all of them the same one."
NOBODY = "No scheduler of dask answers at {}: write its address, such as tcp://10.0.0.1:8786, or local."
MISSING = "Grading on a cluster needs dask: install it with `pip install -e .[cluster]`, or grade with --jobs."


def cluster_rows(tasks, address, jobs):
    """Yield (task, rows) as they are done; what a lost worker had in hand is given to another. Raises ValueError."""
    try:
        from distributed import Client, LocalCluster, as_completed
    except ImportError:
        raise ValueError(MISSING) from None
    ours = LocalCluster(jobs, **LOCAL) if address == "local" else None
    try:
        with _client(Client, ours or address) as client:
            tasks = iter(tasks)
            for first in tasks:
                if set(client.run(spec_version, first.secret).values()) - {first.spec}:
                    raise ValueError(OTHER)
                ahead = AHEAD * max(jobs, sum(client.nthreads().values()))
                yield from _rows(client, as_completed, itertools.chain([first], tasks), ahead)
    finally:
        if ours is not None:
            ours.close()


def _client(kind, address):
    try:
        return kind(address, set_as_default=False)
    except (OSError, ValueError):
        raise ValueError(NOBODY.format(address)) from None


def _rows(client, as_completed, tasks, ahead):
    waiting, done = {}, as_completed([], loop=client.loop)
    while True:
        while len(waiting) < ahead and (task := next(tasks, None)) is not None:
            future = client.submit(rows, task, pure=False, retries=2)
            waiting[future.key] = task
            done.add(future)
        if not waiting:
            return
        future = next(done)
        task = waiting.pop(future.key)
        # Dask gives up on whatever was near four lost workers; here each of them has a judge to itself.
        yield task, future.result() if future.status == "finished" else alone(task)
