"""What the jail must hold against: no point unearned, nothing touched, nobody left, the next learner unharmed."""

import json
import os
import select
import socket
from contextlib import suppress

import pytest
from grading import children_of, hand_in, most_memory, needs_jail, of, row_of
from hostile import HOSTILE

from course_tools.grading import workers
from course_tools.grading.judging import Jailed

pytestmark = needs_jail
USERS = [None, 12345] if os.name == "posix" and os.geteuid() == 0 else [None]
ROOM = 256 << 20  # bytes that a parent may take for one submission, at the height


@pytest.fixture(scope="module", params=USERS, ids=["as we are", "as an ordinary user"][: len(USERS)])
def judge(request):
    made = Jailed(seconds=1, idle=0.5, user=request.param)
    made.next = json.dumps(row_of(made, hand_in()))
    assert of(json.loads(made.next))["points"] == 2
    yield made
    made.close()


@pytest.fixture(scope="module", autouse=True)
def no_more_memory_than_a_judge_has():
    """What fills the parent's memory is an error here, too, and no machine that stands still."""
    import resource  # not on Windows

    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (workers.MEMORY, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.fixture
def surroundings(tmp_path):
    """Doors that nobody should knock at, a file that nobody should touch, and the words for them in a cell."""
    doors = [socket.socket(socket.AF_INET, socket.SOCK_STREAM), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)]
    for door in doors:
        door.bind(("127.0.0.1", 0))
    doors.append(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
    unix = f"/tmp/grading-{os.getpid()}.socket"
    with suppress(FileNotFoundError):  # a run that was killed has left it, and numbers of processes come again
        os.unlink(unix)
    doors[2].bind(unix)
    os.chmod(unix, 0o777)
    doors[0].listen()
    doors[2].listen()
    tmp_path.chmod(0o777)
    kept = tmp_path / "kept"
    kept.write_text("kept")
    kept.chmod(0o666)
    words = {"OPEN": str(tmp_path / "touched"), "KEPT": str(kept), "UNIX": unix}
    words |= {"TCP": str(doors[0].getsockname()[1]), "UDP": str(doors[1].getsockname()[1])}
    yield words
    assert not select.select(doors, [], [], 0)[0], "somebody knocked"
    assert os.listdir(tmp_path) == ["kept"] and kept.read_text() == "kept", "somebody wrote or removed a file"
    for door in doors:
        door.close()
    os.unlink(unix)


@pytest.mark.parametrize("kind", HOSTILE)
def test_it_earns_nothing_and_harms_nobody(kind, judge, surroundings):
    source = HOSTILE[kind]
    for word, meant in surroundings.items():
        source = source.replace(word, meant)
    before = most_memory()
    row = row_of(judge, hand_in(source))
    assert row["points"] == 0, of(row)["message"]
    assert row["status"] == "unreadable" or of(row)["outcome"] == "not yet", of(row)["message"]
    assert most_memory() < before + ROOM
    assert children_of(judge.nursery.process.pid) in ([], [judge.reader and judge.reader.number]), "somebody stayed"
    assert json.dumps(row_of(judge, hand_in())) == judge.next, "the next learner has another result"
