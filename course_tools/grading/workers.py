"""Processes that judge, one learner after another: one that is lost on the way is replaced, its learner retried."""

import ctypes
import itertools
import multiprocessing
import os
import signal
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress

from course_tools.grading.judging import Jailed
from course_tools.grading.learner import EMPTY, rows_of
from course_tools.grading.nursery import Orphaned

MEMORY = 3 << 30  # bytes of a judge, whatever a learner's answer makes it compute
TRIES = 3
LOST = "its judge was lost {} times: grade it by hand, and look at it with care"
HERE = threading.local()


def rows(task):
    """Return the rows of a learner; the judge of this thread is made when it is first needed, and after a fault."""
    if getattr(HERE, "judge", None) is None:
        HERE.judge = Jailed()
    try:
        return rows_of(HERE.judge, task)
    except (Exception, Orphaned):
        judge, HERE.judge = HERE.judge, None
        judge.close()
        raise


def lost_rows(task):
    """Return the row of a learner at whom every judge was lost."""
    row = EMPTY | {"learner": task.learner, "file": task.files[-1][0], "sha256": "", "exercises": []}
    return [row | {"reason": LOST.format(TRIES), "spec": task.spec, "hand_in": task.hand_in, "of": 1}]


def pool_rows(tasks, jobs):
    """Yield (task, rows) as they are done. `tasks` is an iterator: few of them are in memory at a time."""
    tasks, waiting, pool = iter(tasks), {}, _pool(jobs)
    try:
        while True:
            for task in itertools.islice(tasks, 2 * jobs - len(waiting)):
                waiting[_submitted(pool, task)] = task
            if not waiting:
                return
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            if any(isinstance(future.exception(), BrokenProcessPool) for future in done):
                pool.shutdown(cancel_futures=True)
                for task in waiting.values():  # one of them, and nobody knows which: each has a judge to itself now
                    yield task, alone(task)
                waiting, pool = {}, _pool(jobs)
                continue
            for future in done:
                task = waiting.pop(future)
                yield task, alone(task) if future.exception() else future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _submitted(pool, task):
    """Return the future of a task; a pool that broke since its last answer says so here as it says so there."""
    try:
        return pool.submit(rows, task)
    except BrokenProcessPool as broken:
        lost = Future()
        lost.set_exception(broken)
        return lost


def alone(task):
    """Return the rows of a learner at whom a judge was lost, or stopped at something that nobody had foreseen."""
    for _ in range(TRIES):
        with suppress(Exception, Orphaned), _pool(1) as pool:
            return pool.submit(rows, task).result()
    return lost_rows(task)


def _pool(jobs):
    spawn = multiprocessing.get_context("spawn")  # a fork would hand every judge the sockets of the others
    return ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_begin, initargs=(os.getpid(),))


def _begin(parent):
    """A judge ends with the process that started it, leaves Ctrl+C to it, and cannot take all of the memory."""
    import resource  # not on Windows, where no judge begins

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:  # it ended before we could wish
        os._exit(1)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
