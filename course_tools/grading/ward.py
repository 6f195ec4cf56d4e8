"""A child of the zygote as the parent sees it: asked with a deadline, buried afterwards."""

import os
import select
from contextlib import suppress

from course_tools.grading import frames
from course_tools.grading.patience import Late, Patience

FRAME = 4 << 20  # bytes of a reply
PIECE = 1 << 16  # bytes that are taken from the wire at a time, or more where more are to come


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
        self.status, self.patience, self.held = None, Patience(number, idle), bytearray()

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

    def ask_each(self, message, count):
        """Yield so many replies to one message, as they come: the child is at the next while this one is weighed."""
        yield self.ask(message)
        for _ in range(count - 1):
            yield self.hear()

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
        return frames.message(self._read(frames.length(self._read(8), FRAME), midway=True))

    def _write(self, content):
        rest = memoryview(content)
        while rest:
            try:
                rest = rest[self.socket.send(rest) :]
            except BlockingIOError:
                self.patience.wait(self.socket, select.POLLOUT)

    def _read(self, count, midway=False):
        """Return so many bytes; what has come with them is kept for the next reading."""
        while len(self.held) < count:
            self.patience.wait(self.socket, select.POLLIN, midway or bool(self.held))
            with suppress(BlockingIOError):
                part = self.socket.recv(min(max(count - len(self.held), PIECE), FRAME))
                if not part:
                    self._ended()
                self.held += part
        found, self.held = bytes(self.held[:count]), self.held[count:]
        return found

    def _ended(self):
        self.close()
        signal = os.WTERMSIG(self.status) if os.WIFSIGNALED(self.status) else 0
        if signal in (9, 24):  # the kernel's answer to a child that has used up its seconds
            raise Gone("it did not end", late=True)
        how = f"signal {signal}" if signal else f"exit {os.waitstatus_to_exitcode(self.status)}"
        raise Gone(f"its process ended ({how})")
