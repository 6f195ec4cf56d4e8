"""A time limit that works on every system: a second thread raises an exception inside the code that runs too long."""

import ctypes
import threading
import time

SECONDS = 4.0  # for all calls of one check together
PATIENCE = 5  # times as long, where a busy machine gave the code less than half of its time
AGAIN = 0.02  # a bare `except:` in a learner's loop swallows the first stop; one of the next lands outside it


class TimeUp(BaseException):
    """Raised inside code that runs too long. No Exception, so that `except Exception` lets it pass."""


class Watch:
    """`with Watch() as watch: watch.run(thunk)`: thunk gets TimeUp once the whole block has taken too long."""

    def __init__(self, seconds=None):
        self.seconds = SECONDS if seconds is None else seconds
        self.thread, self.done, self.lock = threading.get_ident(), threading.Event(), threading.Lock()
        self.inside = self.expired = False
        self.watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self.cpu = time.process_time()
        try:
            self.watcher.start()
        except RuntimeError:  # a Python in the browser has no threads; its page can be reloaded
            self.watcher = None
        return self

    def __exit__(self, *problem):
        self.done.set()
        if self.watcher:
            self.watcher.join()

    def run(self, thunk):
        """Return thunk(); raise TimeUp when the time is up."""
        try:
            self.inside = True
            return thunk()
        finally:
            while True:  # the last stop may land in these very lines, and none may outlive them
                try:
                    self.inside = False
                    with self.lock:
                        if self.expired:
                            _raise_in(self.thread, None)  # takes back one that is on its way
                    break
                except TimeUp:
                    continue

    def _watch(self):
        if self.done.wait(self.seconds):
            return
        waited, last = self.seconds, time.monotonic()
        while not self.done.wait(AGAIN):
            now = time.monotonic()
            waited, last = waited + min(now - last, self.seconds), now  # a closed lid stops this thread, too
            with self.lock:
                if self.inside and self._had_its_time(waited):
                    self.expired = True
                    _raise_in(self.thread, TimeUp)

    def _had_its_time(self, waited):
        return time.process_time() - self.cpu > self.seconds / 2 or waited > self.seconds * PATIENCE


def _raise_in(thread, kind):
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(kind) if kind else None)
