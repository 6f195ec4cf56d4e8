"""The parent's side of the zygote: it asks for children, and for their burial."""

import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from course_tools.grading.jail import SECONDS
from course_tools.grading.patience import IDLE
from course_tools.grading.ward import Child, Gone

ROOT = Path(__file__).resolve().parents[2]
QUIET = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "LANG": "C.UTF-8"}


class Orphaned(BaseException):
    """The zygote is no more: that is nobody's answer's fault. No Exception, or a law or a message would swallow it."""


class Nursery:
    """A zygote. It is started with an empty environment in the root folder: nothing of a learner's can pass for ours.

    seconds: of work for a question; idle: seconds that a child may sleep while we wait; user: who to be, for root.
    """

    def __init__(self, seconds=SECONDS, idle=IDLE, user=None):
        self.seconds, self.idle = seconds, idle
        mine, its = socket.socketpair()
        # -I: no PYTHON* variables, no folder of ours or the user's on the path but the course's.
        start = "import sys; sys.path[:0] = {}; from course_tools.grading import zygote; zygote.main({})"
        command = [sys.executable, "-I", "-B", "-c", start.format([str(ROOT)], user)]
        nowhere = subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdin=its, stdout=nowhere, cwd="/", env=QUIET)
        its.close()
        self.socket = mine
        self.replies = mine.makefile("rb")
        if self.replies.readline() != b"ready\n":
            raise Orphaned("the zygote did not start")

    def child(self, *question):
        """Return a new Child for a question (lesson, number, names that it must not know), or one that only reads."""
        mine, its = socket.socketpair()
        with its:
            number = self._ask(" ".join(["fork", str(self.seconds), *question]), its)
        child = Child(mine, number, self._bury, self.idle)
        try:
            child.hear()  # it is locked in, and has not seen anything of a learner's
        except Gone as gone:
            raise Orphaned(f"no jail could be made: {gone}") from None
        return child

    def _bury(self, number):
        """End a child and return the status it ended with."""
        return self._ask(f"end {number}")

    def _ask(self, words, *handles):
        """Return the number that the zygote answers. Raises Orphaned."""
        try:
            socket.send_fds(self.socket, [words.encode()], [handle.fileno() for handle in handles])
            return int(self.replies.readline())
        except (OSError, ValueError):  # an empty line: it has gone
            raise Orphaned("the zygote is no more") from None

    def close(self):
        """End the zygote."""
        with suppress(OSError):
            self.socket.close()
        self.replies.close()
        self.process.wait()
