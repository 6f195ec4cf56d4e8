"""`course lab` gives a learner a folder that is theirs, and a JupyterLab that knows its place there."""

import asyncio
import json
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from tornado.websocket import websocket_connect

from course_tools import lab, shipped, work
from course_tools.jupyter_hooks import WIDGET_VIEW
from course_tools.work import fill

ROOT = Path(__file__).resolve().parents[1]
WINDOWS = os.name == "nt"


def notebook(title="03 Scaling"):
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": [f"# {title}\n", "text"]}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def root(tmp_path):
    """A course of two lessons, one of them with exercises."""
    for name in ("notebooks/03_scaling.ipynb", "notebooks/04_softmax.ipynb", "exercises/03_scaling.ipynb"):
        path = tmp_path / "course" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook())
    (tmp_path / "course" / "content").mkdir()
    welcome = (ROOT / "content" / "welcome.md").read_text(encoding="utf-8")
    (tmp_path / "course" / "content" / "welcome.md").write_text(welcome, encoding="utf-8")
    return tmp_path / "course"


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# The learner's folder


def test_work_is_filled_with_lessons_exercises_and_a_welcome(root):
    assert fill(root, root / "work") == []
    assert files(root / "work") == [
        ".attention-course",
        "exercises/03_scaling.ipynb",
        "notebooks/03_scaling.ipynb",
        "notebooks/04_softmax.ipynb",
        "welcome.ipynb",
    ]


def test_what_the_learner_wrote_is_never_written_over(root):
    fill(root, root / "work")
    written = {"exercises/03_scaling.ipynb": "my answer", "notebooks/mine.ipynb": "my own", "welcome.ipynb": "my notes"}
    for name, text in written.items():
        (root / "work" / name).write_text(text)
    for path in root.glob("*/0*.ipynb"):
        path.write_text(notebook("A newer version"))
    fill(root, root / "work")
    assert {name: (root / "work" / name).read_text() for name in written} == written


def test_files_that_stood_there_before_the_first_start_are_the_learners_too(root):
    mine = root / "work" / "exercises" / "03_scaling.ipynb"
    mine.parent.mkdir(parents=True)
    mine.write_text("my answer")
    for _ in range(2):
        fill(root, root / "work")
    assert mine.read_text() == "my answer"


@pytest.mark.parametrize("marker", ["", "[]", '{"copied": null}', None])
def test_without_a_marker_that_can_be_read_every_file_counts_as_the_learners(root, marker):
    fill(root, root / "work")
    mine = root / "work" / "exercises" / "03_scaling.ipynb"
    mine.write_text("my answer")
    (root / "work" / work.MARKER).unlink()
    if marker is not None:
        (root / "work" / work.MARKER).write_text(marker)
    fill(root, root / "work")
    assert mine.read_text() == "my answer"


def test_a_copy_that_nobody_edited_follows_the_course(root):
    fill(root, root / "work")
    (root / "notebooks" / "03_scaling.ipynb").write_text(notebook("A newer version"))
    assert fill(root, root / "work") == []
    assert "A newer version" in (root / "work" / "notebooks" / "03_scaling.ipynb").read_text()


def saved(path, **change):
    """Save a notebook as JupyterLab does after it has run: outputs, metadata, and sources as lists of lines or not."""
    page = nbformat.read(path, as_version=4)
    for cell in page.cells:
        if cell.cell_type == "code":
            cell.execution_count = 1
    page.metadata["language_info"] = {"name": "python"}
    page.cells[0].update(change)
    nbformat.write(page, path)


def test_a_welcome_page_that_was_only_run_follows_the_course_and_one_with_notes_stays(root):
    page = root / "work" / shipped.WELCOME
    fill(root, root / "work")
    saved(page)
    (root / "notebooks" / "05_masking.ipynb").write_text(notebook("05 Masking"))
    assert fill(root, root / "work") == [] and "05_masking" in page.read_text(encoding="utf-8")
    saved(page, source="My notes")
    (root / "notebooks" / "06_multi_head.ipynb").write_text(notebook("06 Heads"))
    assert len(fill(root, root / "work")) == 1 and "06_multi_head" not in page.read_text(encoding="utf-8")


def test_a_lesson_that_was_only_read_is_no_edited_one_and_follows_the_course(root):
    """JupyterLab saves what it has opened with metadata of its own; where it finds that there, it need not."""
    lesson, ours = root / "notebooks" / "03_scaling.ipynb", root / "work" / "notebooks" / "03_scaling.ipynb"
    read = json.loads(notebook("Read")) | {"metadata": {"language_info": {"name": "python"}}}
    lesson.write_text(json.dumps(read))
    fill(root, root / "work")
    found = json.loads(ours.read_text())["metadata"]["language_info"]
    assert found == {"name": "python", "version": platform.python_version()}
    ours.write_text(json.dumps(read | {"metadata": {"language_info": {"name": "python", "version": "another"}}}))
    lesson.write_text(notebook("A newer version"))
    assert fill(root, root / "work") == [] and "A newer version" in ours.read_text()


def test_a_newer_version_of_an_edited_notebook_is_told_once(root):
    fill(root, root / "work")
    (root / "work" / "notebooks" / "03_scaling.ipynb").write_text("edited")
    (root / "notebooks" / "03_scaling.ipynb").write_text(notebook("A newer version"))
    (remark,) = fill(root, root / "work")
    assert remark.startswith("work/notebooks/03_scaling.ipynb is yours and stays")
    assert fill(root, root / "work") == []


def test_a_deleted_notebook_comes_back_fresh(root):
    fill(root, root / "work")
    copy = root / "work" / "exercises" / "03_scaling.ipynb"
    copy.unlink()
    fill(root, root / "work")
    assert copy.read_text() == notebook()


def test_an_interrupted_copy_leaves_nothing_half_written(root, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError):
        fill(root, root / "work")
    assert files(root / "work") == []


# The welcome page


def links(path):
    """The relative links in the Markdown cells of a notebook, as the files that they lead to."""
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return [path.parent / urllib.parse.unquote(link) for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)]


def test_the_welcome_is_a_valid_notebook_with_a_cell_to_try_and_one_that_shows_progress(root, capsys):
    page = nbformat.reads(shipped.welcome(root).decode(), as_version=4)
    nbformat.validate(page)
    code, standing = [cell.source for cell in page.cells if cell.cell_type == "code"]
    assert standing.splitlines()[-1] == "progress()"
    exec(code, {})
    assert capsys.readouterr().out == "31\n" and "= 31" in page.cells[3].source, "the number that the text explains"


def test_the_welcome_lists_the_lessons_that_are_there_and_no_others(root):
    assert shipped.lesson_table(root).splitlines()[2:] == [
        "| [03 · Scaling](notebooks/03_scaling.ipynb) | [write it yourself](exercises/03_scaling.ipynb) |",
        "| [04 · Scaling](notebooks/04_softmax.ipynb) |  |",
    ]


def test_every_link_of_the_real_course_holds_in_the_learners_folder(tmp_path):
    fill(ROOT, tmp_path)
    pages = sorted(tmp_path.rglob("*.ipynb"))
    assert set(links(tmp_path / "welcome.ipynb")) == set(pages) - {tmp_path / "welcome.ipynb"}
    missing = [str(link) for page in pages for link in links(page) if not link.exists()]
    assert missing == []


# JupyterLab


def hostile_home(folder):
    """Variables of someone whose own Jupyter has another root, another kernel called python3, and forbids root.

    Their login shells forget the PATH they were given.
    """
    config, kernel, home = folder / "config", folder / "data" / "kernels" / "python3", folder / "home"
    for place in (config, kernel, home):
        place.mkdir(parents=True)
    (home / ".profile").write_text("PATH=/usr/bin:/bin\n")
    # Another worker's JupyterLab looks elsewhere: a port is free, for a moment, to all who look for one at a time.
    port = 8888 + 100 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    server = {"root_dir": str(folder), "allow_root": False, "port_retries": 50, "port": port, "open_browser": True}
    (config / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": server}))
    (kernel / "kernel.json").write_text(json.dumps({"argv": ["another"], "display_name": "Another", "language": "c"}))
    data = str(folder / "data")
    return os.environ | {
        "JUPYTER_CONFIG_DIR": str(config), "JUPYTER_DATA_DIR": data, "JUPYTER_PATH": data, "PYTHONUNBUFFERED": "1",
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"), "JUPYTER_PREFER_ENV_PATH": "0", "HOME": str(home),
    }  # fmt: skip


def start_lab(root, env, *options):
    code = "import sys; from pathlib import Path; from course_tools import lab; "
    code += "sys.exit(lab.main(None, False, sys.argv[2:], Path(sys.argv[1])))"
    command = [sys.executable, "-c", code, str(root), *options]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")


class Lab:
    """A running `course lab` and its REST interface."""

    def __init__(self, process):
        self.process, self.said = process, []
        for line in process.stdout:
            self.said.append(line)
            if "http://" in line:
                self.url = urllib.parse.urlsplit(line.strip())
                break
        else:
            raise AssertionError("".join(self.said))

    def ask(self, path, method="GET", body=None):
        url = f"http://{self.url.netloc}/{path}?{self.url.query}"
        request = urllib.request.Request(url, method=method, data=body and json.dumps(body).encode())
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    for name in ("notebooks", "exercises", "content"):
        (folder / "course" / name).mkdir(parents=True)
    (folder / "course" / "notebooks" / "03_scaling.ipynb").write_text(notebook())
    (folder / "course" / "content" / "welcome.md").write_text("# Welcome\n\n{{ lessons }}\n")
    with start_lab(folder / "course", hostile_home(folder)) as process:
        try:
            yield Lab(process)
        finally:
            process.kill()


def test_it_opens_on_the_welcome_page_in_work(running):
    assert running.url.path == "/lab/tree/welcome.ipynb" and "token=" in running.url.query
    names = {entry["name"] for entry in running.ask("api/contents/")["content"]}
    assert names == {"welcome.ipynb", "notebooks"}


def test_no_news_and_no_update_check(running):
    schema = running.ask("lab/api/settings/@jupyterlab/apputils-extension:notification")["schema"]["properties"]
    assert schema["fetchNews"]["default"] == "false" and schema["checkForUpdates"]["default"] is False


def test_the_kernel_is_that_of_this_python_whatever_else_is_called_python3(running):
    kernel = running.ask("api/kernelspecs")["kernelspecs"]["python3"]
    assert kernel["spec"]["argv"][0] == sys.executable
    assert kernel["spec"]["argv"][-1] == "--IPKernelApp.extra_extensions=course_tools.first_cell"
    logo = urllib.request.urlopen(f"http://{running.url.netloc}{kernel['resources']['logo-svg']}?{running.url.query}")
    assert b"<svg" in logo.read()


@pytest.mark.skipif(WINDOWS, reason="Windows has no login shells")
def test_a_terminal_of_jupyterlab_knows_course_though_its_shell_has_a_profile(running, tmp_path):
    name = running.ask("api/terminals", "POST", {})["name"]
    place = tmp_path / "found"
    websocket = f"ws://{running.url.netloc}/terminals/websocket/{name}?{running.url.query}"

    async def look():
        terminal = await websocket_connect(websocket)
        await terminal.write_message(json.dumps(["stdin", f"command -v course > {place}; echo do''ne\r"]))
        said = ""
        while "done" not in said:
            said += json.loads(await terminal.read_message())[1] or ""
        terminal.close()

    with ThreadPoolExecutor(1) as thread:  # this one may hold the loop of a browser that another file opened
        thread.submit(asyncio.run, look()).result()
    assert place.read_text().strip() == shutil.which("course", path=sysconfig.get_path("scripts"))


def test_open_tabs_are_remembered_apart_from_the_learners_other_projects(running):
    running.ask("lab/api/workspaces/default", "PUT", {"data": {}, "metadata": {"id": "default"}})
    assert list(Path(running.process.args[3], "work", ".jupyter", "workspaces").iterdir())


def test_a_saved_lesson_keeps_its_picture_and_drops_its_widget(running):
    data = {WIDGET_VIEW: {"model_id": "0"}, "text/html": "<img>"}
    output = {"output_type": "display_data", "metadata": {}, "data": data}
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": "", "execution_count": 1, "outputs": [output]}
    page = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    running.ask("api/contents/saved.ipynb", "PUT", {"type": "notebook", "format": "json", "content": page})
    saved = Path(running.process.args[3], "work", "saved.ipynb").read_text()
    assert "<img>" in saved and WIDGET_VIEW not in saved


@pytest.mark.skipif(WINDOWS, reason="Windows delivers Ctrl+C to a console, not to a process")
def test_one_ctrl_c_ends_it_and_says_where_the_work_is(root, tmp_path):
    with start_lab(root, hostile_home(tmp_path / "home")) as process:
        running = Lab(process)
        process.send_signal(signal.SIGINT)
        rest = running.process.stdout.read()
        assert process.wait() == 0
    assert rest.splitlines()[-1] == "JupyterLab has stopped. Your notebooks are in work/." and "Traceback" not in rest


def test_a_port_that_is_taken_is_one_sentence(root, capsys):
    with socket.create_server(("localhost", 0)) as taken:
        port = taken.getsockname()[1]
        assert lab.main(port, browser=False, options=[], root=root) == 1
    assert capsys.readouterr().err == (
        f"Port {port} is taken: stop what runs there, name another (--port {port + 1}), or leave --port out.\n"
    )


def test_without_a_port_a_second_lab_takes_the_next_free_one(running, root, tmp_path):
    with start_lab(root, hostile_home(tmp_path / "home")) as process:
        try:
            assert Lab(process).url.port != running.url.port
        finally:
            process.kill()


def test_a_full_disk_is_one_sentence(root, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert lab.main(None, browser=False, options=[], root=root) == 1
    assert capsys.readouterr().err == "The disk is full, so work/ cannot be filled: make room and try again.\n"


def test_a_lesson_of_the_course_that_a_merge_broke_is_one_sentence(root, capsys):
    (root / "notebooks" / "03_scaling.ipynb").write_text("<<<<<<< HEAD")
    assert lab.main(None, browser=False, options=[], root=root) == 1
    said = "notebooks/03_scaling.ipynb of the course is no notebook: take that file from the course anew.\n"
    assert capsys.readouterr().err == said
