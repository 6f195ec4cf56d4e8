"""A warm process that judges answers: all is imported and laid out before the learner saves.

The warm process runs no answer itself. On Linux it forks a child for each; elsewhere, where a fork is not safe, it
judges one and ends, and the next one warms up meanwhile. Orders and replies are lines of JSON.
"""

import json
import os
import signal
import sys

from course_lib import given
from course_lib.checks import find
from course_lib.checks.bench import function_from
from course_lib.checks.judge import judge
from course_tools.answers import judged

FORKS = sys.platform == "linux"


def serve():
    """Read orders until there are no more: `{"warm": [keys]}` or `{"number": 1, "path": ..., "exercise": key}`."""
    replies = os.dup(1)
    _silence()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the one who asked
    if FORKS:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are not waited for: their reply says it all
    for line in sys.stdin:
        order = json.loads(line)
        if "warm" in order:
            for key in order["warm"]:
                warm(find(key))
            continue
        child = os.fork() if FORKS else None
        if child != 0:
            _reply(replies, {"number": order["number"], "child": child})
        if not child:
            _judge(order, replies)


def warm(exercise):
    """Lay an exercise out, its known mistakes too, by judging a right answer and an empty one."""
    earlier = given.for_lesson(exercise.lesson, before=exercise.number)
    for body in (exercise.reference, "return None"):
        judge(exercise, function_from(exercise, body, earlier), earlier)


def _judge(order, replies):
    """Judge what was ordered, reply and end this process: an answer may have changed anything in it."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # or an answer that asks for input would read our orders
    if FORKS:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ((result, source),) = judged(order["path"], (find(order["exercise"]),))
    who = os.getpid() if FORKS else None  # said again: a busy machine may let a child reply before its parent names it
    _reply(replies, {"number": order["number"], "child": who, "result": in_words(result), "source": source})
    os._exit(0)


def in_words(result):
    """Return the fields of a Result that words are made of."""
    return {name: value for name, value in vars(result).items() if name not in ("case", "got", "wanted")}


def _reply(replies, reply):
    line = f"\n{json.dumps(reply)}\n".encode()  # the first line end: what was killed in mid-line ends there
    while line:
        line = line[os.write(replies, line) :]


def _silence():
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
