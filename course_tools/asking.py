"""Asks the warm process for verdicts, and gives up what never comes to an end."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from queue import Empty, SimpleQueue

from course_lib.checks.result import Result, refused

SECONDS = 30  # of an answer: the checks' own limits are shorter, but cannot stop a single call into C
START = 300  # until it is an answer's turn: on a busy machine, imports and a lesson's layout may take a minute
GRACE = 1  # between the end of a child and the last thing it said
COMMAND = "from course_tools import judging; judging.serve()"
ENDLESS = "Your answer did not come to an end and was stopped.\nDoes the loop end, and is the work a reasonable size?"
DIED = "Your answer ended the Python that checked it.\nDoes it call exit, or ask for very much memory?"


class Judge:
    """`ask` for a verdict, then look at `answer()` until it is there. One verdict at a time: the newest."""

    def __init__(self, command=COMMAND, seconds=SECONDS):
        self.command, self.seconds = command, seconds
        self.process, self.exercise, self.keys, self.number = None, None, [], 0

    def warm(self, exercises):
        """Lay these exercises out now, so that the first check of each is as quick as the next."""
        self.keys = [exercise.key for exercise in exercises]
        if not self._start():
            self._send({"warm": self.keys})

    def ask(self, path, exercise):
        """Have an answer judged; what was asked before and is not answered is given up."""
        self._stop()
        self._start()
        self.number, self.exercise, self.child = self.number + 1, exercise, None
        self.ends = time.monotonic() + START
        self._send({"number": self.number, "path": str(path), "exercise": exercise.key})

    def answer(self):
        """Return (Result, source) of what was asked, None while it is not there; no source if it had to be stopped."""
        if self.exercise is None:
            return None
        reply = self._reply()
        if reply is None and self._is_gone():
            reply = self._reply(wait=GRACE)
            if reply is None:
                return self._given_up(DIED)
        if reply is None and time.monotonic() > self.ends:
            return self._given_up(ENDLESS)
        if reply is None:
            return None
        self.exercise = None
        if reply["child"] is None:  # it judged itself and ends; the next one warms up while the learner types
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(self.seconds)
            self._start()
        return Result(**reply["result"]), reply["source"]

    def close(self):
        """End the process and what it still judges."""
        self._stop()
        if self.process:
            self.process.kill()
            self.process.wait()

    def _start(self):
        """Start a process unless one runs; was one started?"""
        if self.process and self.process.poll() is None:
            return False
        pipe = subprocess.PIPE
        command = [sys.executable, "-P", "-c", self.command]
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, encoding="utf-8")
        self.replies = SimpleQueue()
        threading.Thread(target=_listen, args=(self.process.stdout, self.replies), daemon=True).start()
        self._send({"warm": self.keys})
        return True

    def _send(self, order):
        with suppress(OSError):  # it has died: `answer` will see that
            self.process.stdin.write(json.dumps(order) + "\n")
            self.process.stdin.flush()

    def _reply(self, wait=0.0):
        """Return the next reply about what was asked, or None."""
        with suppress(Empty):
            while True:
                reply = self.replies.get(timeout=wait) if wait else self.replies.get_nowait()
                if reply["number"] == self.number and "result" in reply:
                    return reply
                if reply["number"] == self.number:  # it begins
                    self.child, self.ends = reply["child"], time.monotonic() + self.seconds
        return None

    def _is_gone(self):
        return self.process.poll() is not None or (self.child is not None and not _runs(self.child))

    def _given_up(self, why):
        exercise = self.exercise
        self._stop()
        return refused(exercise, why), None

    def _stop(self):
        if self.exercise is not None and self.child:
            with suppress(ProcessLookupError):
                os.kill(self.child, signal.SIGKILL)
        elif self.exercise is not None:  # the process itself is at it, or has not said yet who is
            self.process.kill()
            self.process.wait()
        self.exercise = None


def _listen(stream, replies):
    for line in stream:
        with suppress(ValueError):  # one that was killed in the middle of its reply
            replies.put(json.loads(line))


def _runs(child):
    try:
        os.kill(child, 0)
    except ProcessLookupError:
        return False
    return True
