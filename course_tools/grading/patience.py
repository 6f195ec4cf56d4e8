"""How long a child may keep its parent waiting: its work is counted by the kernel, its sleep by us."""

import select
import time

IDLE = 3.0  # seconds, all together, that a child may sleep while we wait for it
LONGEST = 60.0  # seconds for one question, whatever it does
GLANCE = 0.1  # seconds between two looks at what a silent child is doing


class Late(Exception):
    """The child did not end in time."""


class Patience:
    """What is left of the time for one question, asked of the process `number`."""

    def __init__(self, number, idle=IDLE):
        self.number, self.idle = number, idle
        self.slept, self.ends = 0.0, time.monotonic() + LONGEST

    def wait(self, socket, for_what, midway=False):
        """Return when the socket is ready. Raises Late.

        `midway`: the child has begun to say something, and an honest one says it at once, so that all waiting counts.
        """
        poll, worked = select.poll(), None
        poll.register(socket, for_what)
        while True:
            start = time.monotonic()
            ready = poll.poll(GLANCE * 1000)
            waited = time.monotonic() - start
            before, worked = worked, None if midway or ready else self._work()
            self.slept += waited * (midway or (not ready and before == worked))
            if self.slept > self.idle or start + waited > self.ends:
                raise Late
            if ready:
                return

    def _work(self):
        """Return what changes while the child works or waits for its turn on a processor."""
        try:
            with open(f"/proc/{self.number}/stat", "rb") as file:
                fields = file.read().rpartition(b")")[2].split()
        except OSError:
            return None
        return time.monotonic() if fields[0] in (b"R", b"D") else fields[11:13]
