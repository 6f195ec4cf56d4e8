"""The same batch on dask's workers: the same bytes, also when a worker is lost on the way."""

import os
import signal
import sys
from types import SimpleNamespace

import pytest
from grading import SECRET, needs_jail
from test_grading_batch import class_of, grade

from course_tools.grading import batch, cluster, command, results
from course_tools.grading.batch import Batch

pytestmark = needs_jail


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret"
    path.write_bytes(SECRET)
    return path


@pytest.fixture(scope="module")
def workers():
    distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    with distributed.LocalCluster(2, **cluster.LOCAL) as made:
        yield made


def test_without_dask_a_sentence_says_how_to_get_it(tmp_path, secret, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    folder = class_of(tmp_path / "in", 1)
    assert command.main(folder, tmp_path / "out", secret, cluster="local") == 2
    assert "pip install -e .[cluster]" in capsys.readouterr().err


def test_a_cluster_that_does_not_answer_is_a_sentence(tmp_path, secret, capsys, monkeypatch):
    distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")

    def nobody(*words, **options):
        raise OSError("Timed out")

    monkeypatch.setattr(distributed, "Client", nobody)
    folder = class_of(tmp_path / "in", 1)
    assert command.main(folder, tmp_path / "out", secret, cluster="tcp://127.0.0.1:9") == 2
    assert "No scheduler of dask answers at tcp://127.0.0.1:9" in capsys.readouterr().err


def test_workers_with_another_version_of_the_course_are_refused(tmp_path, secret, capsys, monkeypatch, workers):
    monkeypatch.setattr(results, "spec_version", lambda secret: "newer")
    folder = class_of(tmp_path / "in", 1)
    assert command.main(folder, tmp_path / "out", secret, cluster=workers.scheduler_address) == 2
    assert "another version of the course" in capsys.readouterr().err


def test_a_cluster_changes_no_byte(tmp_path, secret):
    pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    folder = class_of(tmp_path / "in", 12, {3})
    serial = grade(folder, tmp_path / "serial", secret)
    assert grade(folder, tmp_path / "dask", secret, cluster="local", jobs=2) == serial


def test_a_worker_that_is_killed_costs_no_byte(tmp_path, secret, workers):
    folder = class_of(tmp_path / "in", 24)
    serial = grade(folder, tmp_path / "serial", secret)
    (tmp_path / "dask").mkdir()
    killed = []

    def told(done, of):
        if not killed:
            killed.append(next(iter(workers.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    def graded(tasks):
        for task, rows in cluster.cluster_rows(tasks, workers.scheduler_address, 2):
            assert {row["learner"] for row in rows} == {task.learner}
            yield task, rows

    rows = batch.run(Batch(folder, tmp_path / "dask", SECRET), graded, told)
    assert killed and b"".join(map(results.line, rows)) == serial


def test_what_dask_gives_up_on_is_judged_here_and_alone(monkeypatch):
    futures = {who: SimpleNamespace(key=who, status="finished", result=lambda who=who: [who]) for who in "abc"}
    futures["b"].status = "error"
    client = SimpleNamespace(loop=None, submit=lambda rows, who, **options: futures[who])
    monkeypatch.setattr(cluster, "alone", lambda task: [f"{task} alone"])
    asked = cluster._rows(client, lambda found, loop: Queue(found), iter("abc"), ahead=2)
    assert list(asked) == [("a", ["a"]), ("b", ["b alone"]), ("c", ["c"])]


class Queue(list):
    """Futures in the order in which they end."""

    add = list.append

    def __next__(self):
        return self.pop(0)
