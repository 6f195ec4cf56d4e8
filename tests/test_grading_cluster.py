"""The same batch on dask's workers: the same bytes, also when a worker is lost on the way."""

import os
import signal
import sys

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


def test_workers_with_another_version_of_the_course_are_refused(tmp_path, secret, capsys, monkeypatch):
    pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    monkeypatch.setattr(results, "spec_version", lambda secret: "newer")
    folder = class_of(tmp_path / "in", 1)
    assert command.main(folder, tmp_path / "out", secret, cluster="local") == 2
    assert "another version of the course" in capsys.readouterr().err


def test_a_cluster_changes_no_byte(tmp_path, secret):
    pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    folder = class_of(tmp_path / "in", 12, {3})
    serial = grade(folder, tmp_path / "serial", secret)
    assert grade(folder, tmp_path / "dask", secret, cluster="local", jobs=2) == serial


def test_a_worker_that_is_killed_costs_no_byte(tmp_path, secret):
    distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    folder = class_of(tmp_path / "in", 24)
    serial = grade(folder, tmp_path / "serial", secret)
    (tmp_path / "dask").mkdir()
    killed = []
    with distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None) as workers:

        def told(done, of):
            if not killed:
                killed.append(next(iter(workers.workers.values())).pid)
                os.kill(killed[0], signal.SIGKILL)

        run = Batch(folder, tmp_path / "dask", SECRET)
        rows = batch.run(run, lambda tasks: cluster.cluster_rows(tasks, workers.scheduler_address, 2), told)
    assert killed and b"".join(map(results.line, rows)) == serial
