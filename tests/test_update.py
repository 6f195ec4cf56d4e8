"""`course update`: new lessons come, answers stay, and whatever stops it in the middle leaves nothing half."""

import errno
import http.server
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from test_lab import Lab, files, hostile_home, notebook, start_lab
from typer.testing import CliRunner

from course_tools import cli, servers, update, work

WINDOWS = os.name == "nt"
OLD = {
    "notebooks/03_scaling.ipynb": notebook("03 Scaling"),
    "notebooks/04_softmax.ipynb": notebook("04 Softmax"),
    "exercises/03_scaling.ipynb": notebook("03 Scaling: exercises"),
}
NEW = {
    "notebooks/03_scaling.ipynb": notebook("03 Scaling, better"),
    "notebooks/04_softmax.ipynb": notebook("04 Softmax, better"),
    "notebooks/05_masking.ipynb": notebook("05 Masking"),
    "exercises/03_scaling.ipynb": notebook("03 Scaling: exercises, better"),
}
ANSWER = notebook("my answer")


def ship(root, course):
    """Put a version of the course into its folder."""
    for name, text in course.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


@pytest.fixture
def root(tmp_path):
    """A course in a folder with spaces; its learner has started the exercises of 03 and has the new version there."""
    root = tmp_path / "my course"
    ship(root, OLD | {"content/welcome.md": "# Welcome\n\n{{ lessons }}\n"})
    work.fill(root, root / "work")
    (root / "work/exercises/03_scaling.ipynb").write_text(ANSWER, encoding="utf-8")
    ship(root, NEW)
    return root


@pytest.fixture(autouse=True)
def nothing_runs(monkeypatch, tmp_path):
    """No Jupyter server of this machine but those that a test starts, and nobody's learner's folder around us."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))


def contents(folder):
    return {name: (folder / name).read_text(encoding="utf-8") for name in files(folder)}


def run(root, folder=None):
    return update.main(folder, root)


# What comes and what stays


def test_new_lessons_come_and_an_answer_stays_with_the_new_version_beside_it(root, capsys):
    assert run(root) == 0
    now = contents(root / "work")
    assert now["exercises/03_scaling.ipynb"] == ANSWER
    assert now["exercises/03_scaling.new.ipynb"] == NEW["exercises/03_scaling.ipynb"]
    assert {name: now[name] for name in NEW if name.startswith("notebooks")} == {
        name: text for name, text in NEW.items() if name.startswith("notebooks")
    }
    assert capsys.readouterr().out.splitlines() == [
        "New: work/notebooks/05_masking.ipynb",
        "Newer: work/welcome.ipynb (you had not changed it)",
        "Newer: work/notebooks/03_scaling.ipynb (you had not changed it)",
        "Newer: work/notebooks/04_softmax.ipynb (you had not changed it)",
        "work/exercises/03_scaling.ipynb is yours and stays; the course has a newer one, which lies beside it: "
        "03_scaling.new.ipynb.",
        "work/ now has all that the course has.",
    ]


def test_a_second_update_does_nothing_and_says_so(root, capsys):
    run(root)
    before = contents(root / "work")
    capsys.readouterr()
    assert run(root) == 0
    assert contents(root / "work") == before
    assert capsys.readouterr().out == "work/ had all that the course has.\n"


def test_a_new_version_that_was_thrown_away_does_not_come_back(root):
    run(root)
    (root / "work/exercises/03_scaling.new.ipynb").unlink()
    run(root)
    assert not (root / "work/exercises/03_scaling.new.ipynb").exists()


@pytest.mark.parametrize("begun", [True, False])
def test_the_next_version_takes_the_place_of_the_new_one_only_while_nobody_has_begun_it(root, begun):
    run(root)
    spare = root / "work/exercises/03_scaling.new.ipynb"
    if begun:
        spare.write_text("begun", encoding="utf-8")
    ship(root, {"exercises/03_scaling.ipynb": notebook("03, better still")})
    run(root)
    now = contents(root / "work")
    assert now["exercises/03_scaling.ipynb"] == ANSWER
    assert now["exercises/03_scaling.new.ipynb"] == ("begun" if begun else notebook("03, better still"))
    assert now.get("exercises/03_scaling.new-2.ipynb") == (notebook("03, better still") if begun else None)


def test_a_notebook_of_the_learners_that_is_called_so_already_stays(root):
    mine = root / "work/exercises/03_scaling.new.ipynb"
    mine.write_text("mine", encoding="utf-8")
    run(root)
    assert mine.read_text(encoding="utf-8") == "mine"
    assert (root / "work/exercises/03_scaling.new-2.ipynb").exists()


def test_a_lesson_of_the_course_that_is_no_notebook_is_named_before_anything_is_written(root, capsys):
    ship(root, {"exercises/03_scaling.ipynb": "<<<<<<< HEAD\n{}"})
    before = contents(root / "work")
    assert run(root) == 1
    assert capsys.readouterr().err == (
        "exercises/03_scaling.ipynb of the course is no notebook: take that file from the course anew.\n"
    )
    assert contents(root / "work") == before


# Ctrl+C in the middle


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("place", range(1, 7))
def test_ctrl_c_at_any_file_leaves_each_one_old_or_new_and_the_next_update_goes_on(
    root, monkeypatch, capsys, place, done
):
    old, calls, replace = contents(root / "work"), [], os.replace

    def stopped(*paths):
        calls.append(paths)
        if len(calls) == place and not done:
            raise KeyboardInterrupt
        replace(*paths)
        if len(calls) == place:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stopped)
    assert run(root) == 130
    assert capsys.readouterr().err.strip() == update.STOPPED.strip()
    monkeypatch.setattr(os, "replace", replace)
    half = contents(root / "work")
    assert half["exercises/03_scaling.ipynb"] == ANSWER
    whole = [*old.values(), *NEW.values()]
    assert [name for name, text in half.items() if name.endswith("3_scaling.ipynb") and text not in whole] == []
    assert [name for name in half if ".draft" in name] == []
    run(root)
    went_on = contents(root / "work")
    assert went_on == straight_through(root)


def test_what_came_before_a_ctrl_c_is_known_for_ours_and_follows_the_course_later(root, monkeypatch):
    ship(root, OLD)
    replace, copied = os.replace, []

    def stopped(draft, target):
        copied.append(Path(target).name)
        if copied[-1] == "04_softmax.ipynb":
            raise KeyboardInterrupt
        replace(draft, target)

    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        work.take(root, root / "first start")
    monkeypatch.setattr(os, "replace", replace)
    ship(root, NEW)
    work.take(root, root / "first start")
    now = contents(root / "first start")
    assert now["notebooks/03_scaling.ipynb"] == NEW["notebooks/03_scaling.ipynb"]


def straight_through(root):
    """What work/ holds after an update that nothing stopped."""
    other = root.parent / "other"
    ship(other, OLD | {"content/welcome.md": "# Welcome\n\n{{ lessons }}\n"})
    work.fill(other, other / "work")
    (other / "work/exercises/03_scaling.ipynb").write_text(ANSWER, encoding="utf-8")
    ship(other, NEW)
    work.fill(other, other / "work")
    return contents(other / "work")


@pytest.mark.skipif(WINDOWS, reason="Windows delivers Ctrl+C to a console, not to a process")
def test_a_real_ctrl_c_is_a_sentence_and_130(root):
    code = """if True:
        import os, signal, sys
        from pathlib import Path
        from course_tools import update
        replace, signal_ = os.replace, signal.SIGINT
        os.replace = lambda *paths: (replace(*paths), os.kill(os.getpid(), signal_))
        sys.exit(update.main(None, Path(sys.argv[1])))"""
    options = {"capture_output": True, "encoding": "utf-8", "cwd": root}
    done = subprocess.run([sys.executable, "-c", code, str(root)], **options)
    assert (done.returncode, done.stderr) == (130, update.STOPPED + "\n")
    assert done.returncode == 128 + signal.SIGINT


# A notebook that is open in JupyterLab


def test_a_notebook_that_jupyterlab_has_open_is_left_alone_until_it_is_shut_down(root, tmp_path, capsys, monkeypatch):
    env = hostile_home(tmp_path / "home")
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", env["JUPYTER_RUNTIME_DIR"])
    monkeypatch.setattr(servers, "SECONDS", 300)  # it answers; a server that is busy starting a kernel may need long
    ship(root, OLD)  # or starting JupyterLab would update
    name = "notebooks/03_scaling.ipynb"
    with start_lab(root, env) as process:
        try:
            lab = Lab(process)
            body = {"path": name, "name": "03_scaling.ipynb", "type": "notebook", "kernel": {"name": "python3"}}
            session = lab.ask("api/sessions", "POST", body)
            ship(root, NEW)
            assert run(root) == 0
            assert contents(root / "work")[name] == OLD[name]
            assert contents(root / "work")["notebooks/04_softmax.ipynb"] == NEW["notebooks/04_softmax.ipynb"]
            assert f"work/{name} is open in JupyterLab and stays as it is" in capsys.readouterr().out
            lab.ask(f"api/sessions/{session['id']}", "DELETE")
            assert run(root) == 0
            assert contents(root / "work")[name] == NEW[name]
        finally:
            process.kill()


class Mute(http.server.BaseHTTPRequestHandler):
    """A server with a password: it does not say what it has open."""

    def do_GET(self):
        self.send_error(403)

    def log_message(self, *_):
        pass


@pytest.fixture
def mute():
    with http.server.HTTPServer(("127.0.0.1", 0), Mute) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def announce(runtime, url, top):
    runtime.mkdir(exist_ok=True)
    info = {"pid": os.getpid(), "url": url, "token": "", "root_dir": str(top)}
    (runtime / "jpserver-1.json").write_text(json.dumps(info), encoding="utf-8")


@pytest.mark.parametrize(("top", "stays"), [(".", True), ("work", True), ("work/notebooks", True), ("docs", False)])
def test_where_a_server_does_not_say_what_is_open_all_that_it_shows_may_be(root, tmp_path, mute, top, stays):
    announce(tmp_path / "runtime", mute, root / top)
    run(root)
    assert (contents(root / "work")["notebooks/03_scaling.ipynb"] in OLD.values()) == stays
    assert contents(root / "work")["notebooks/05_masking.ipynb"] == NEW["notebooks/05_masking.ipynb"]


def test_a_new_version_that_is_open_is_not_replaced_either(root, tmp_path, mute):
    run(root)
    announce(tmp_path / "runtime", mute, root)
    ship(root, {"exercises/03_scaling.ipynb": notebook("03, better still")})
    run(root)
    now = contents(root / "work")
    assert now["exercises/03_scaling.new.ipynb"] == NEW["exercises/03_scaling.ipynb"]
    assert now["exercises/03_scaling.new-2.ipynb"] == notebook("03, better still")


def test_a_server_that_stops_while_the_others_are_asked_is_no_trouble(root, tmp_path, mute, monkeypatch):
    announce(tmp_path / "runtime", mute, root)
    real, gone = os.listdir, [["jpserver-0.json", "jpserver-1.json"]]
    ours = str(tmp_path / "runtime")
    monkeypatch.setattr(os, "listdir", lambda place=".": gone.pop() if gone and place == ours else real(place))
    assert servers.open_places(root / "work") == {root} and not gone


def test_a_file_beside_an_open_one_is_not_open(tmp_path):
    places = {tmp_path / "work/notebooks/03_scaling.ipynb"}
    assert not servers.is_open(tmp_path / "work/notebooks/04_softmax.ipynb", places)


# Where the learner's folder is


def test_a_folder_that_was_moved_is_found_by_name_and_from_inside_it(root, tmp_path, monkeypatch):
    moved = tmp_path / "Eigene Dateien" / "meine Übungen"
    moved.parent.mkdir()
    (root / "work").rename(moved)
    assert run(root, moved) == 0
    assert (moved / "notebooks/05_masking.ipynb").exists() and not (root / "work").exists()
    ship(root, {"notebooks/06_multi_head.ipynb": notebook("06 Heads")})
    monkeypatch.chdir(moved / "exercises")
    assert run(root) == 0
    assert (moved / "notebooks/06_multi_head.ipynb").exists() and not (root / "work").exists()


def test_when_it_was_moved_nobody_knows_where_the_sentence_says_how_to_name_it(root, tmp_path, monkeypatch, capsys):
    (root / "work").rename(tmp_path / "moved")
    monkeypatch.chdir(tmp_path)
    assert run(root) == 2
    assert capsys.readouterr().err == update.NOWHERE + "\n"
    assert not (root / "work").exists()


def test_a_folder_that_is_not_a_learners_is_refused_and_stays_as_it_is(root, tmp_path, capsys):
    (tmp_path / "home").mkdir()
    assert run(root, tmp_path / "home") == 2 and run(root, tmp_path / "nowhere") == 2
    assert "is no folder that `course lab` made" in capsys.readouterr().err
    assert files(tmp_path / "home") == []


def test_the_command_line_takes_the_folder_with_its_spaces(root, tmp_path):
    result = CliRunner().invoke(cli.app, ["update", str(tmp_path / "not there")])
    assert result.exit_code == 2 and "not there is no folder" in result.output


# A folder that cannot be written


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (errno.EROFS, "work/ cannot be filled (Read-only file system: "),
        (errno.EACCES, "work/ cannot be filled (Permission denied: "),
        (errno.ENOSPC, "The disk is full, so work/ cannot be filled: make room and try again."),
    ],
    ids=["read-only", "forbidden", "full"],
)
def test_a_folder_that_cannot_be_written_is_one_sentence_and_nothing_changes(root, monkeypatch, capsys, code, says):
    def refuse(dir, **_):
        raise OSError(code, os.strerror(code), str(dir))

    before = contents(root / "work")
    monkeypatch.setattr("tempfile.mkstemp", refuse)
    assert run(root) == 1
    out, err = capsys.readouterr()
    assert out == "" and err.startswith(says) and err.count("\n") == 1
    assert contents(root / "work") == before


@pytest.mark.skipif(WINDOWS or os.geteuid() == 0, reason="only an ordinary user of a POSIX system can be kept out")
def test_a_read_only_folder_is_one_sentence(root, capsys):
    places = [path for path in [root / "work", *(root / "work").rglob("*")] if path.is_dir()]
    for path in places:
        path.chmod(0o555)
    try:
        assert run(root) == 1
    finally:
        for path in places:
            path.chmod(0o755)
    assert "work/ cannot be filled (Permission denied" in capsys.readouterr().err


def test_a_read_only_folder_that_lacks_nothing_is_no_trouble(root, monkeypatch):
    run(root)

    def refuse(**_):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    assert run(root) == 0


def test_the_real_course_can_be_taken(tmp_path):
    real = Path(update.ROOT)
    assert len(work.take(real, tmp_path / "work").new) == len(files(tmp_path / "work")) - 1  # and the marker
