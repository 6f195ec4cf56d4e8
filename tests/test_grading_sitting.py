"""One child answers several questions of a notebook: what one leaves behind neither costs nor earns another marks."""

import json

import pytest
from grading import hand_in, needs_jail, of, row_of

from course_lib.checks import LESSONS
from course_tools.grading.judging import Jailed
from course_tools.grading.sitting import Sitting

pytestmark = needs_jail
SCALING, SOFTMAX, MASKING = (LESSONS[stem] for stem in ("03_scaling", "04_softmax", "05_masking"))


def handed_in(exercises, before, bodies=None):
    """A notebook of right answers but for `bodies`; `before` stands at the top of an answer's cell, by name."""

    def change(made):
        for name, text in before.items():
            cell = next(cell for cell in made["cells"] if cell["id"] == f"{name}-answer")
            cell["source"] = text + "\n" + "".join(cell["source"])

    return hand_in(exercises=exercises, only=None, change=change, bodies=bodies or {})


def points(row):
    return {record["function"]: record["points"] for record in row["exercises"]}


def full(exercises):
    return {exercise.name: exercise.points for exercise in exercises}


@pytest.fixture
def children(judge, monkeypatch):
    """The questions that a child was made for, in order."""
    made, child = [], judge.nursery.child

    def counted(*question):
        made.extend(question[1:2])
        return child(*question)

    monkeypatch.setattr(judge.nursery, "child", counted)
    return made


def test_right_answers_share_a_child_until_one_needs_what_came_before(judge, children):
    row_of(judge, handed_in(SCALING, {}))
    assert children == ["3.1"]
    del children[:]
    row = row_of(judge, handed_in(SOFTMAX, {}), name="04_softmax.ipynb")
    assert points(row) == full(SOFTMAX)
    needs_softmax = next(e.number for e in SOFTMAX[1:] if "softmax(" in e.reference)
    assert children == ["4.1", needs_softmax]


def test_after_a_wrong_answer_nothing_of_its_child_is_left(judge, children):
    row = row_of(judge, handed_in(SCALING, {}, {"divisor": "return 7.0"}))
    assert points(row) == full(SCALING) | {"divisor": 0}
    assert children == ["3.1", "3.3", "3.4"], "the wrong one is asked again by itself, and its child has gone"


MESS = {
    "complaints": "import numpy as np\nnp.seterr(all='raise')\nimport warnings\nwarnings.simplefilter('error')",
    "recursion": "import sys\nsys.setrecursionlimit(70)",
    "builtins": "import builtins, functools\nbuiltins.__build_class__ = builtins.sorted = None",
    "numpy": "import numpy\nnumpy.array = numpy.asarray = numpy.sqrt = numpy.random.default_rng = None",
    "memory": "kept = bytearray(200 << 20)\nimport builtins\nbuiltins.kept = kept",
    "wire": "import os\nend, os._exit = os._exit, None\nos.write(3, b'x' * 100)",
    "collector": "import gc\ngc.disable()\ngc.callbacks.append(lambda *about: 1 / 0)",
    "course": "from course_tools.grading import child\nchild._serve = child.DUTIES = None",
    "last": "import atexit, sys\nsys.settrace(lambda *about: 1 / 0)",
}


@pytest.mark.parametrize("mess", MESS.values(), ids=MESS)
def test_a_mess_costs_the_others_nothing(judge, mess):
    """It may cost its own question, as it always did."""
    found = points(row_of(judge, handed_in(SCALING, {"score_std": mess})))
    assert found | {"score_std": 0} == full(SCALING) | {"score_std": 0}


def test_the_seconds_of_one_answer_are_not_those_of_the_next():
    judge = Jailed(seconds=1)
    wait = "import time\nstart = time.process_time()\nwhile time.process_time() < start + 0.6:\n    pass"
    try:
        row = row_of(judge, handed_in(SCALING, {"score_std": wait, "divisor": wait, "share_saturated": wait}))
        assert points(row) == full(SCALING)
    finally:
        judge.close()


STEAL = """
import builtins, gc
name = "atten" + "tion"
builtins.kept = [value for value in gc.get_objects() if getattr(value, "__name__", "") == name]
builtins.kept += [globals()[name]] if name in globals() else []
"""
USE = """
import builtins
for value in builtins.kept:
    if callable(value):
        found = value(Q, K, V, allowed)
        return getattr(found, "output", found)
raise RuntimeError("nothing is left")
"""


@pytest.mark.parametrize("said", ["", "# what lesson 04 calls attention"])
def test_what_an_early_answer_may_use_is_no_answer_to_a_later_question(judge, said):
    """Lesson 05 asks for an attention of its own; until then that of lesson 04 stands in for who speaks of it."""
    row = row_of(judge, handed_in(MASKING, {"causal_mask": said + STEAL}, {"attention": USE}), name="05_masking.ipynb")
    assert points(row) == full(MASKING) | {"attention": 0}


FORGE = """
from course_tools.grading import child
send, receive = child.send, child.receive
def receive_and_praise():
    task = receive()
    if task["do"] == "answer" and task["name"] != "score_std":
        WHAT
    return task
child.receive = receive_and_praise
"""
FORGED = {
    "a last word": "send({'outcome': 'correct', 'message': '', 'points': 9, 'remarks': ['well done']})",
    "a word too many": "send({})\n        send({'outcome': 'correct'})\n        send({'outcome': 'correct'})",
    "no answer": "import os; os._exit(0)",
    "zeros": "send({})\n        while receive()['do'] != 'end': send({'printed': False, 'changed': [], 'answer': 0.0})",
}


@pytest.mark.parametrize("what", FORGED.values(), ids=FORGED)
def test_a_right_answer_that_stays_to_speak_for_the_others_earns_nothing(judge, what):
    wrong = dict.fromkeys([exercise.name for exercise in SCALING[1:]], "return 0.0")
    row = row_of(judge, handed_in(SCALING, {"score_std": FORGE.replace("WHAT", what)}, wrong))
    assert sum(points(row).values()) == of(row, "score_std")["points"]


def test_the_same_questions_are_asked_again(judge, monkeypatch):
    """Or a first, lost try would tell what comes, or what comes would depend on how often one tries."""
    seen, asked = [], Sitting._asked

    def watched(self, exercise, every):
        result, trial = asked(self, exercise, every)
        if exercise.name == "divisor":
            seen.append([json.dumps(str(case.args)) for case in trial.bench.cases])
        return result, trial

    monkeypatch.setattr(Sitting, "_asked", watched)
    row_of(judge, handed_in(SCALING, {}, {"divisor": "return 7.0"}))
    assert len(seen) == 2 and seen[0] == seen[1]
