"""Run a notebook in a kernel of its own and keep of its outputs what is the same on every machine."""

import os
import re

import nbformat

from course_tools import lab
from course_tools.build.notebook import METADATA
from course_tools.build.places import BuildError

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
SECONDS_A_CELL = 120
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def execute(notebook, folder, where):
    """Run all cells with `folder` as working directory; outputs land in `notebook`.

    where:  {cell id: "content/lessons/03_scaling.md:41"}, for the sentence of the BuildError when a cell fails
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    folder.mkdir(parents=True, exist_ok=True)
    ran = [next(iter(where))]  # the ids of the cells so far: the last one is where an error belongs
    client = NotebookClient(
        notebook,
        timeout=SECONDS_A_CELL,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        on_cell_execute=lambda cell, cell_index: ran.append(cell.id),
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # its warnings would stand among the builder's own lines
    )
    try:
        quiet = {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}  # else the debugger warns
        client.execute(env=os.environ | lab.environment() | quiet)
    except CellExecutionError as error:
        raise BuildError(f"{where[ran[-1]]}: the cell raises {error.ename}: {_plain(error.evalue)}") from None
    except CellTimeoutError:
        raise BuildError(f"{where[ran[-1]]}: the cell runs for more than {SECONDS_A_CELL} seconds.") from None
    except DeadKernelError:
        raise BuildError(f"{where[ran[-1]]}: the kernel died while this cell ran.") from None
    tidy(notebook)


def tidy(notebook):
    """Drop what dies with the kernel or differs by machine: widget views and their state, the Python version.

    A static picture stands beside every view; a stored view reopens as "Error displaying widget".
    """
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(WIDGET_VIEW, None)


def _plain(text):
    return " ".join(ANSI.sub("", text).split())
