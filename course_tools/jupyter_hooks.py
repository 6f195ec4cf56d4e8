"""What JupyterLab calls while it runs. Wired in by course_tools/jupyter/jupyter_server_config.json."""

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def drop_widget_views(model, **kwargs):
    """A `FileContentsManager.pre_save_hook`: leave live widget views out of the file.

    A stored view names a model that lives in a kernel; without that kernel JupyterLab shows "Error displaying widget"
    and not the picture that stands beside it. A view with no text/html beside it stays: it is not one of ours.
    """
    content = model.get("content")
    if model.get("type") != "notebook" or not isinstance(content, dict):
        return
    content.get("metadata", {}).pop("widgets", None)
    for cell in content.get("cells", ()):
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "text/html" in data:
                data.pop(WIDGET_VIEW, None)
