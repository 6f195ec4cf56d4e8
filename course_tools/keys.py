"""Single keys from a terminal, without Enter, on every system; from a pipe, its letters one by one."""

import os
import sys
import time

if os.name == "nt":
    import msvcrt
else:
    import select
    import termios
    import tty


class Keys:
    """`with Keys() as keys: keys.pressed(0.05)` waits that long for a key and returns it, or None."""

    def __init__(self, stream=None):
        self.stream = stream or sys.stdin
        self.at_end = False

    def __enter__(self):
        self.terminal = self.stream.isatty()
        if self.terminal and os.name != "nt":
            self.kept = termios.tcgetattr(self.stream)
            tty.setcbreak(self.stream)  # Ctrl+C still stops the program
        return self

    def __exit__(self, *problem):
        if self.terminal and os.name != "nt":
            termios.tcsetattr(self.stream, termios.TCSADRAIN, self.kept)

    def pressed(self, seconds):
        """Return a lower-case letter, or None when nothing was pressed in that time."""
        if self.at_end or os.name == "nt":
            return self._pressed_on_windows(seconds)
        if not select.select([self.stream], [], [], seconds)[0]:
            return None
        letter = os.read(self.stream.fileno(), 1).decode(errors="replace")
        self.at_end = not letter  # a pipe that has closed would answer at once for ever
        return letter.lower() or None

    def _pressed_on_windows(self, seconds):
        end = time.monotonic() + seconds
        while os.name == "nt" and self.terminal and time.monotonic() < end:
            if msvcrt.kbhit():
                return msvcrt.getwch().lower()
            time.sleep(0.01)
        time.sleep(max(0, end - time.monotonic()))
        return None
