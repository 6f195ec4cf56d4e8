"""The child: questions of one submission, in a jail. It is asked call by call and knows no value that is wanted."""

import linecache
import os
from types import SimpleNamespace

from course_lib.checks import memory
from course_lib.checks.evidence import where
from course_lib.checks.judge import lost_numpy, wrong_signature
from course_lib.checks.remarks import remarks_on
from course_lib.checks.result import refused, verdict_of
from course_lib.checks.running import Call, Runner, fresh, quiet, standing_in
from course_tools.answers import judge_answer
from course_tools.grading import frames, jail, wire
from course_tools.grading.reading import read_notebook
from course_tools.grading.stripping import strip
from course_tools.notebooks import cells_of

MOST = 1 << 30  # bytes of a frame from the parent, which we trust
SAID = 500  # characters of an error's text
WIRE = 3


def main(handle, parent, seconds, taken):
    """Lock up, say so, then serve the parent on this descriptor. Never returns."""
    os.dup2(handle, WIRE)
    jail.enter(WIRE, parent, seconds)
    strip(taken)
    send({})
    while True:
        task = receive()
        DUTIES[task["do"]](task)


def receive():
    """Return the parent's next message; end with it when it has gone."""
    return frames.message(_read(frames.length(_read(8), MOST)))


def send(message):
    rest = memoryview(frames.frame(message))
    while rest:
        rest = rest[os.write(WIRE, rest) :]


def _read(count):
    parts = []
    while count:
        part = os.read(WIRE, min(count, 1 << 20))
        if not part:
            os._exit(0)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _read_submission(task):
    """Take a notebook apart: here, because a file can be made to fill the memory of whoever parses it."""
    linecache.clearcache()
    send(read_notebook(task["content"], task["name"], task["lessons"]))


def _answer(task):
    """Make the function as `course check` makes it, answer the parent's calls, and send what is left to say."""
    exercise = exercise_of(task)
    try:
        result = judge_answer(cells_of(task["cells"]), exercise, judge=_serve)
    except KeyboardInterrupt:  # no learner's hand is near: the cell itself raised it
        result = refused(exercise, f"The cell of {exercise.name} interrupted itself: KeyboardInterrupt.")
    send(
        {"outcome": result.outcome, "message": result.message, "remarks": [str(said)[:SAID] for said in result.remarks]}
    )


def exercise_of(task):
    """What is known of an exercise here: names and numbers, and no spec but an empty one."""
    scope = {}
    exec(f"def {task['signature']}: pass", scope)  # of the course, not of the learner
    about = {key: task[key] for key in ("lesson", "number", "name", "signature", "points")}
    return SimpleNamespace(spec=scope[task["name"]], **about)


def _serve(exercise, function, earlier):
    problem = wrong_signature(exercise, function) or lost_numpy(function)
    if problem:
        return refused(exercise, problem)
    send({})
    asked = Asked(function, exercise.name)
    with standing_in(function, earlier):
        while (task := receive())["do"] != "end":
            for reply in getattr(asked, task["do"])(task):
                send(reply)
    remarks = remarks_on(function, earlier, asked.runner.printed) if task["correct"] else []
    return verdict_of(exercise, exercise.points, message="", remarks=remarks)


class Asked:
    """The learner's function and the questions that the parent puts to it."""

    def __init__(self, function, name):
        self.runner, self.name = Runner(function), name

    def call(self, task):
        """Yield what each of the calls gave."""
        yield from map(self._call, task["each"])

    def _call(self, task):
        args = wire.decode(task["args"], MOST)
        kwargs = {name: wire.decode(value, MOST) for name, value in task["kwargs"].items()}
        try:
            call = self.runner.run(args, kwargs)
        except KeyboardInterrupt as error:  # no learner's hand is near: the answer itself raised it
            call = Call(error=error)
        said = {"printed": bool(call.printed), "changed": [[i, wire.encode(after)] for i, _, after in call.changed]}
        if call.error is not None:
            return said | {"error": _error(call.error, self.name)}
        return said | {"answer": wire.encode(call.answer)}

    def measure(self, task):
        """The bytes of a call at its height: words for a message; marks go by what the jail lets pass."""
        args = fresh(wire.decode(task["args"], MOST))
        with quiet():
            yield {"bytes": int(memory.peak(lambda: self.runner.function(*args)))}


def _error(error, name):
    try:
        text = str(error)[:SAID]
    except Exception:  # an error with an opinion of its own
        text = ""
    return [type(error).__name__, text, where(error, name)[:SAID]]


DUTIES = {"read": _read_submission, "answer": _answer}
