"""The zygote: a process that holds NumPy, one thread and no secret, and forks the children.

The parent speaks to it over the socket on descriptor 0. `fork SECONDS LESSON NUMBER NAMES`, with the child's end of a
wire, returns a process number (without a question: for a child that reads notebooks); `end NUMBER` kills and buries
that child. The zygote ends when the parent's end of the socket closes.
"""

import gc
import importlib
import os
import signal
import socket
import sys
import types
from contextlib import suppress
from pathlib import Path

# What honest answers import: in the jail nothing can be opened any more.
WELCOME = (
    "abc array bisect cmath collections collections.abc contextlib copy copyreg dataclasses decimal enum "
    "fractions encodings.ascii encodings.latin_1 encodings.utf_16 encodings.utf_16_be encodings.utf_16_le "
    "encodings.utf_32 encodings.utf_8_sig functools heapq inspect io itertools json math numbers operator pprint "
    "random re statistics string sys textwrap time traceback types typing unicodedata warnings numpy.exceptions "
    "numpy.fft numpy.lib.stride_tricks numpy.linalg numpy.ma numpy.polynomial numpy.random numpy.testing "
    "numpy.typing "
).split()


def main(user=None):
    """Serve the parent until it goes; as this user, where root asks for it."""
    _without_lessons()
    for name in WELCOME:
        importlib.import_module(name)
    from course_tools.grading import child, jail, rehearsal, seccomp, stripping

    seccomp.prepared()
    rehearsal.rehearse()
    gc.collect()
    gc.freeze()  # or the children's collector would copy every page it looks at
    if user is not None:
        jail.become(user)
    parent = socket.socket(fileno=os.dup(0))
    with suppress(ConnectionError):
        _serve(parent, child, stripping.plan)


def _without_lessons():
    """Let parts of course_lib.checks be imported without the package, whose lessons hold specs and references."""
    package = types.ModuleType("course_lib.checks")
    package.__path__ = [str(Path(__file__).parents[2] / "course_lib" / "checks")]
    package.LESSONS, package.EXERCISES, package.find = {}, (), None  # what `course check` asks of it by name
    sys.modules["course_lib.checks"] = package


def _serve(parent, child, plan):
    parent.sendall(b"ready\n")
    while True:
        words, handles, *_ = socket.recv_fds(parent, 1000, 1)
        if not words:
            return
        order, number, *question = words.decode().split()
        if order == "fork":
            taken = plan(*question) if question else []
            number = _fork(handles[0], child, int(number), taken)
            os.close(handles[0])
            parent.sendall(b"%d\n" % number)
        else:
            parent.sendall(b"%d\n" % _bury(int(number)))


def _fork(wire, child, seconds, taken):
    me = os.getpid()
    number = os.fork()
    if number == 0:
        try:
            child.main(wire, me, seconds, taken)
        finally:
            os._exit(1)
    return number


def _bury(number):
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)
    return os.waitpid(number, 0)[1]


if __name__ == "__main__":
    main()
