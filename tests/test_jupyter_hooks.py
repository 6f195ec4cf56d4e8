"""A saved lesson reopens with its pictures: the hook takes out the widget views that would hide them."""

import copy
import json
from pathlib import Path

from jupyter_server.services.contents.filemanager import FileContentsManager
from traitlets.config import Config

from course_tools.jupyter_hooks import WIDGET_VIEW, drop_widget_views

ROOT = Path(__file__).resolve().parents[1]
VIEW = {WIDGET_VIEW: {"model_id": "0" * 32}}
PICTURE = {"text/html": '<figure><img alt="one bar" src="data:image/png;base64,AAAA"></figure>', "text/plain": "Bar"}


def model(*bundles, **metadata):
    outputs = [{"output_type": "display_data", "metadata": {}, "data": dict(data)} for data in bundles]
    code = {"cell_type": "code", "id": "a", "metadata": {}, "source": "", "execution_count": 1, "outputs": outputs}
    text = {"cell_type": "markdown", "id": "b", "metadata": {}, "source": "# Text"}
    content = {"cells": [text, code], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return {"type": "notebook", "format": "json", "content": content}


def bundles(model):
    return [output["data"] for output in model["content"]["cells"][1]["outputs"]]


def test_a_view_with_a_picture_beside_it_is_left_out():
    saved = model(VIEW | PICTURE)
    drop_widget_views(saved, path="x.ipynb", contents_manager=None)
    assert bundles(saved) == [PICTURE]


def test_a_view_without_a_picture_stays():
    saved = model(VIEW)
    drop_widget_views(saved)
    assert bundles(saved) == [VIEW]


def test_the_state_of_widgets_is_left_out():
    saved = model(PICTURE, widgets={"application/vnd.jupyter.widget-state+json": {}}, kernelspec={"name": "python3"})
    drop_widget_views(saved)
    assert saved["content"]["metadata"] == {"kernelspec": {"name": "python3"}}


def test_files_and_folders_pass_untouched():
    for other in ({"type": "file", "content": "text"}, {"type": "directory", "content": None}):
        before = copy.deepcopy(other)
        drop_widget_views(other)
        assert other == before


def test_jupyter_server_calls_the_hook_that_our_configuration_names(tmp_path):
    configured = json.loads((ROOT / "course_tools/jupyter/jupyter_server_config.json").read_text())
    manager = FileContentsManager(root_dir=str(tmp_path), config=Config(configured))
    manager.save(model(VIEW | PICTURE), "saved.ipynb")
    text = (tmp_path / "saved.ipynb").read_text()
    assert WIDGET_VIEW not in text and "data:image/png" in text
