"""What a child gives up before it reads a learner's code: time, memory, files, its user, nearly all of the kernel."""

import ctypes
import os
import signal
from contextlib import suppress

from course_tools.grading import seccomp

with suppress(ImportError):  # Windows, where this is read and never done
    import resource

SECONDS = 5  # of work for all calls of one question
MEMORY = 256 << 20  # bytes beyond what the child holds at its start: 16,384 x 16,384 booleans do not fit
NOBODY = 65534
PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4


def enter(wire, parent, seconds=SECONDS, memory=MEMORY):
    """Lock this process in. It keeps the descriptor `wire`, and ends when the process `parent` does."""
    _close_all_but(wire)
    _limit(seconds, memory)
    _drop_user()
    libc = seccomp.libc()
    # After the user has changed: that clears the wish.
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) or libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl refused")
    if os.getppid() != parent:  # it ended before we could wish
        os._exit(1)
    seccomp.install()


def _close_all_but(wire):
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.closerange(3, wire)
    os.closerange(wire + 1, 1 << 16)


def _limit(seconds, memory):
    with open("/proc/self/statm", "rb") as file:
        held = int(file.read().split()[0]) * resource.getpagesize()
    limits = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_AS: held + memory,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_NOFILE: 0,
    }
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))


def _drop_user():
    """As root, become nobody; an ordinary user stays who they are, and the filter holds them."""
    if os.geteuid() == 0:
        become(NOBODY)


def become(user):
    """Give up root for good."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
