"""The parent's side of the zygote: a child for a question, spoken to with a deadline and buried afterwards."""

import os
import select
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from course_tools.grading import wire
from course_tools.grading.jail import SECONDS

ROOT = Path(__file__).resolve().parents[2]
IDLE = 3.0  # seconds, all together, that a child may sleep while we wait for it; the kernel counts its work
LONGEST = 60.0  # seconds for one question, whatever it does
GLANCE = 0.1  # seconds between two looks at what a silent child is doing
FRAME = 4 << 20  # bytes of a reply
QUIET = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "LANG": "C.UTF-8"}


class Gone(Exception):
    """The child said nothing that could be used. `late`: it did not end, and was stopped."""

    def __init__(self, text, late=False):
        super().__init__(text)
        self.late = late


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
            raise RuntimeError("the zygote did not start")

    def child(self, *question):
        """Return a new Child for a question (lesson, number, name), or one that reads notebooks."""
        mine, its = socket.socketpair()
        socket.send_fds(self.socket, [" ".join(["fork", str(self.seconds), *question]).encode()], [its.fileno()])
        its.close()
        return Child(self, mine, int(self.replies.readline()))

    def bury(self, number):
        """End a child and return the status it ended with."""
        self.socket.sendall(b"end %d" % number)
        return int(self.replies.readline())

    def close(self):
        """End the zygote."""
        with suppress(OSError):
            self.socket.close()
        self.replies.close()
        self.process.wait()


class Child:
    """One child: `ask` it until it is closed."""

    def __init__(self, nursery, mine, number):
        self.nursery, self.socket, self.number = nursery, mine, number
        self.socket.setblocking(False)
        self.status = None
        self._begin()

    def _begin(self):
        self.idle, self.ends = 0.0, time.monotonic() + LONGEST

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.close()

    def close(self):
        """End the child, whatever it is at."""
        if self.status is None:
            self.socket.close()
            self.status = self.nursery.bury(self.number)

    def ask(self, message):
        """Return the child's reply. Raises Gone."""
        try:
            self._write(wire.frame(message))
            return self.hear()
        except (wire.Malformed, OSError) as problem:
            self.close()
            raise Gone(f"its reply could not be used: {problem}") from None

    def ask_anew(self, message):
        """Return the reply, as `ask` does, to something that has nothing to do with what was asked before."""
        self._begin()
        return self.ask(message)

    def hear(self):
        return wire.message(self._read(wire.length(self._read(8), FRAME)))

    def _write(self, content):
        rest = memoryview(content)
        while rest:
            self._wait(select.POLLOUT)
            with suppress(BlockingIOError):
                rest = rest[self.socket.send(rest) :]

    def _read(self, count):
        parts = []
        while count:
            self._wait(select.POLLIN)
            part = b""
            with suppress(BlockingIOError):
                part = self.socket.recv(min(count, 1 << 20))
                if not part:
                    self._ended()
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def _wait(self, for_what):
        """Return when the socket is ready. Working costs the child its own time, sleeping ours: it has little of it."""
        poll, worked = select.poll(), None
        poll.register(self.socket, for_what)
        while not poll.poll(GLANCE * 1000):
            before, worked = worked, self._work()
            self.idle += GLANCE * (before == worked)
            if self.idle > self.nursery.idle or time.monotonic() > self.ends:
                self.close()
                raise Gone("it did not end", late=True)

    def _work(self):
        """Return what changes while the child works or waits for its turn on a processor."""
        try:
            with open(f"/proc/{self.number}/stat", "rb") as file:
                fields = file.read().rpartition(b")")[2].split()
        except OSError:
            return None
        return time.monotonic() if fields[0] in (b"R", b"D") else fields[11:13]

    def _ended(self):
        self.close()
        signal = os.WTERMSIG(self.status) if os.WIFSIGNALED(self.status) else 0
        if signal in (9, 24):  # the kernel's answer to a child that has used up its seconds
            raise Gone("it did not end", late=True)
        how = f"signal {signal}" if signal else f"exit {os.waitstatus_to_exitcode(self.status)}"
        raise Gone(f"its process ended ({how})")
