"""What JupyterLab calls while it runs. Wired in by course_tools/jupyter/jupyter_server_config.json."""

from ipykernel.kernelspec import KERNEL_NAME, RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

EXTRA = ["--IPKernelApp.extra_extensions=course_tools.first_cell"]
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


class KernelSpecs(KernelSpecManager):
    """What kernels there are: python3 is this Python's, which explains a first cell that did not run; all else stays.

    Its folder is ipykernel's own, with Python's logo for the launcher.
    """

    def find_kernel_specs(self):
        return super().find_kernel_specs() | {KERNEL_NAME: RESOURCES}

    def get_kernel_spec(self, kernel_name):
        if kernel_name != KERNEL_NAME:
            return super().get_kernel_spec(kernel_name)
        return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict(extra_arguments=EXTRA))
