"""A child of the zygote as the parent sees it: asked with a deadline, buried afterwards."""

import os
import select
from contextlib import suppress

from course_tools.grading import frames
from course_tools.grading.patience import Late, Patience

FRAME = 4 << 20  # bytes of a reply


class Gone(Exception):
    """The child said nothing that could be used. `late`: it did not end, and was stopped."""

    def __init__(self, text, late=False):
        super().__init__(text)
        self.late = late


class Child:
    """One child: `ask` it until it is closed. `bury(number)` ends a process and returns its status."""

    def __init__(self, socket, number, bury, idle):
        self.socket, self.number, self.bury, self.idle = socket, number, bury, idle
        self.socket.setblocking(False)
        self.status, self.patience = None, Patience(number, idle)

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.close()

    def close(self):
        """End the child, whatever it is at."""
        if self.status is None:
            self.socket.close()
            self.status = self.bury(self.number)

    def ask(self, message):
        """Return the child's reply. Raises Gone."""
        return self._guarded(lambda: self._write(frames.frame(message)) or self._message())

    def ask_anew(self, message):
        """Return the reply, as `ask` does, to something that has nothing to do with what was asked before."""
        self.patience = Patience(self.number, self.idle)
        return self.ask(message)

    def hear(self):
        """Return what the child says of its own accord. Raises Gone."""
        return self._guarded(self._message)

    def _guarded(self, talk):
        try:
            return talk()
        except Late:
            self.close()
            raise Gone("it did not end", late=True) from None
        except (frames.Malformed, OSError) as problem:
            self.close()
            raise Gone(f"its reply could not be used: {problem}") from None

    def _message(self):
        head = self._read(1) + self._read(7, midway=True)
        return frames.message(self._read(frames.length(head, FRAME), midway=True))

    def _write(self, content):
        rest = memoryview(content)
        while rest:
            self.patience.wait(self.socket, select.POLLOUT)
            with suppress(BlockingIOError):
                rest = rest[self.socket.send(rest) :]

    def _read(self, count, midway=False):
        parts = []
        while count:
            self.patience.wait(self.socket, select.POLLIN, midway)
            part = b""
            with suppress(BlockingIOError):
                part = self.socket.recv(min(count, 1 << 20))
                if not part:
                    self._ended()
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def _ended(self):
        self.close()
        signal = os.WTERMSIG(self.status) if os.WIFSIGNALED(self.status) else 0
        if signal in (9, 24):  # the kernel's answer to a child that has used up its seconds
            raise Gone("it did not end", late=True)
        how = f"signal {signal}" if signal else f"exit {os.waitstatus_to_exitcode(self.status)}"
        raise Gone(f"its process ended ({how})")
