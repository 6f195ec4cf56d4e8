"""Grading on dask.distributed (the extra [cluster]): a scheduler's address, or workers of its own for "local"."""

from course_tools.grading.workers import lost_rows, rows

AHEAD = 4  # tasks for each worker that are in memory at a time
MISSING = "Grading on a cluster needs dask: install it with `pip install -e .[cluster]`, or grade with --jobs."


def cluster_rows(tasks, address, jobs):
    """Yield (task, rows) as they are done; what a lost worker had in hand is given to another. Raises ValueError."""
    try:
        from distributed import Client, LocalCluster, as_completed
    except ImportError:
        raise ValueError(MISSING) from None
    # One thread a worker: each process has a judge of its own. No dashboard: nobody else needs a door to it.
    ours = LocalCluster(jobs, threads_per_worker=1, dashboard_address=None) if address == "local" else None
    try:
        with Client(ours or address, set_as_default=False) as client:
            yield from _rows(client, as_completed, iter(tasks), AHEAD * max(jobs, 1))
    finally:
        if ours is not None:
            ours.close()


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
        yield task, future.result() if future.status == "finished" else lost_rows(task)
