"""What a child has given up before it sees a learner's code: looked at from outside, and tried from inside."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from grading import SECRET, SPEC, children_of, hand_in, needs_jail, of, row_of
from test_grading_batch import alive

from course_tools.grading import jail, seccomp
from course_tools.grading.judging import Jailed
from course_tools.grading.nursery import Nursery

ROOT = Path(__file__).resolve().parents[1]
pytestmark = needs_jail


@pytest.fixture(scope="module")
def nursery():
    made = Nursery()
    yield made
    made.close()


def status(number):
    return dict(re.findall(r"^(\w+):[ \t]*(.*?)[ \t]*$", Path(f"/proc/{number}/status").read_text(), flags=re.M))


def test_a_child_is_nobody_filtered_and_can_gain_nothing(nursery):
    with nursery.child() as child:
        found = status(child.number)
    assert (found["Seccomp"], found["NoNewPrivs"]) == ("2", "1")
    assert int(found["CapEff"], 16) == int(found["CapPrm"], 16) == 0
    mine = str(jail.NOBODY) if os.geteuid() == 0 else str(os.geteuid())
    assert found["Uid"].split() == [mine] * 4
    assert os.geteuid() != 0 or (found["Gid"].split(), found["Groups"]) == ([mine] * 4, "")


def test_a_child_has_little_time_and_memory_and_no_files_or_processes(nursery):
    with nursery.child() as child:
        lines = Path(f"/proc/{child.number}/limits").read_text().splitlines()[1:]
        held = int(status(child.number)["VmPeak"].split()[0]) << 10
    limits = {line[:26].strip(): re.split(r"\s{2,}", line[26:].strip())[:2] for line in lines}
    for name in ("file size", "core file size", "processes", "open files", "locked memory"):
        assert limits[f"Max {name}"] == ["0", "0"], name
    assert limits["Max cpu time"] == [str(jail.SECONDS)] * 2
    assert int(limits["Max address space"][0]) < held + jail.MEMORY + (16 << 20)


DESCRIPTORS = """
import errno, os
def is_open(number):
    try:
        os.lseek(number, 0, 1)
    except OSError as error:
        return error.errno != errno.EBADF
    return True
def scale(scores, d_k):
    raise ValueError([number for number in range(1000) if is_open(number)])
"""


def test_a_child_holds_its_wire_and_three_descriptors_that_lead_nowhere():
    judge = Jailed()
    try:
        assert "ValueError: [0, 1, 2, 3]" in of(row_of(judge, hand_in(DESCRIPTORS)))["message"]
    finally:
        judge.close()


BUSY = "def scale(scores, d_k):\n    while True:\n        pass\n"
JUDGING = """
import sys
sys.path[:0] = {paths!r}
from course_tools.grading.judging import Jailed
from course_tools.grading.learner import Task, rows_of
files = ("03_scaling.ipynb", 0.0, {content!r}, ""),
rows_of(Jailed(seconds=10**6), Task("anna", files, {secret!r}, {spec!r}))
"""


def worked(number):
    """The hundredths of a second that a process has worked."""
    try:
        return sum(map(int, Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[11:13]))
    except OSError:
        return 0


def test_a_child_ends_with_the_parent_of_its_parent():
    code = JUDGING.format(paths=[str(ROOT)], content=hand_in(BUSY), secret=SECRET, spec=SPEC)
    judging, busy = subprocess.Popen([sys.executable, "-c", code]), []
    while not busy:  # it is in the learner's loop once it has worked longer than any child needs before
        assert judging.poll() is None
        family = children_of(judging.pid)
        busy = [number for number in family[1:] if worked(number) > 150]
        time.sleep(0.01)
    os.kill(judging.pid, signal.SIGKILL)
    judging.wait()
    ends = time.monotonic() + 300
    while any(map(alive, family)) and time.monotonic() < ends:
        time.sleep(0.01)
    left = [number for number in family if alive(number)]
    for number in left:
        os.kill(number, signal.SIGKILL)
    assert not left


# ---------------------------------------------------------------- the program for the kernel

ALLOWED, REFUSED, KILLED = seccomp.ALLOW, seccomp.REFUSE, seccomp.KILL


def decided(machine, number, abi):
    """What the kernel does with a call, as it reads the program line by line."""
    lines, at, held = seccomp.program(machine), 0, 0
    while True:
        code, if_true, if_false, value = lines[at]
        if code == seccomp.RETURN:
            return value
        if code == seccomp.LOAD:
            held, jump = {0: number, 4: abi}[value], 0
        else:
            jump = if_true if (held == value if code == seccomp.EQUAL else held >= value) else if_false
        at += 1 + jump


@pytest.mark.parametrize("machine", seccomp.MACHINES)
def test_the_calls_of_the_list_pass_and_all_others_are_refused(machine):
    column, abi = seccomp.MACHINES[machine]
    passing = {number for number in range(1000) if decided(machine, number, abi) == ALLOWED}
    assert passing == {numbers[column] for numbers in seccomp.CALLS.values()}
    assert {decided(machine, number, abi) for number in range(1000)} == {ALLOWED, REFUSED}


@pytest.mark.parametrize("machine", seccomp.MACHINES)
def test_a_call_in_another_abi_ends_the_process(machine):
    _, abi = seccomp.MACHINES[machine]
    for other in (0x40000003, 0xC000003E, 0xC00000B7, 0):  # i386, x86-64, aarch64, none
        assert (decided(machine, 0, other) == KILLED) == (other != abi)
    assert decided(machine, seccomp.X32 + 2, abi) == decided(machine, 0xFFFFFFFF, abi) == KILLED


def headers():
    """{machine: {name: number}} from the kernel's headers, where they are installed."""
    places = {"x86_64": "x86_64-linux-gnu/asm/unistd_64.h", "aarch64": "asm-generic/unistd.h"}
    found = {}
    for machine, place in places.items():
        path = Path("/usr/include") / place
        text = path.read_text() if path.exists() else ""
        found[machine] = {n: int(v) for n, v in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text)}
    return found


@pytest.mark.parametrize("machine", seccomp.MACHINES)
def test_the_numbers_are_those_of_the_kernels_headers(machine):
    known = headers()[machine]
    column = seccomp.MACHINES[machine][0]
    for name, numbers in seccomp.CALLS.items():
        assert known.get(name, numbers[column]) == numbers[column], name
