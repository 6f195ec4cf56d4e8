"""The software that the course stands on: Python, packages, the kernel, JupyterLab's extensions.

Each function takes the course's folder and returns a Finding. None of them changes a thing.
"""

import re
import subprocess
import sys
import tomllib
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from course_tools.doctor.finding import REINSTALL, Finding, listed

PINS = re.compile(r"^([\w.-]+)==(\S+)(?: ; (.+?))? \\$", re.M)
NEEDED = {
    "@jupyter-widgets/jupyterlab-manager": "sliders",
    "anywidget": "figures",
    "jupyterlab-slideshow": "course present",
}
KERNEL = "import sys, numpy, course_lib.attention; print(sys.prefix)"


def python(root: Path) -> Finding:
    from packaging.specifiers import SpecifierSet

    here, wanted = ".".join(map(str, sys.version_info[:3])), _project(root)["requires-python"]
    if here not in SpecifierSet(wanted):
        cure = "Install a newer one from python.org and start the course with that."
        return Finding("mend", f"Python {here}, and the course needs {wanted}.", cure)
    return Finding("fine", f"Python {here} in {sys.prefix}.")


def packages(root: Path) -> Finding:
    """Hold what is installed against pyproject.toml, which must hold, and against the lock, which was tested."""
    from packaging.markers import Marker
    from packaging.requirements import Requirement

    wrong = []
    for wanted in map(Requirement, _project(root)["dependencies"]):
        if (here := _installed(wanted.name)) is None or here not in wanted.specifier:
            wrong.append(f"{wanted.name} {here or 'is missing'} (needed: {wanted.specifier})")
    if wrong:
        return Finding("mend", listed(wrong), REINSTALL)
    pins = PINS.findall((root / "requirements.lock").read_text("utf-8"))
    pins = [(name, pin) for name, pin, marker in pins if not marker or Marker(marker).evaluate()]
    other = [
        f"{name} {_installed(name) or 'is missing'} (lock: {pin})" for name, pin in pins if _installed(name) != pin
    ]
    if other:
        return Finding("note", f"Not as in the lock: {listed(other)}", f"If something misbehaves: {REINSTALL}")
    return Finding("fine", f"All {len(pins)} are those of the lock.")


def kernel(root: Path) -> Finding:
    """Start the kernel that notebooks get, and let it import what every notebook imports."""
    from jupyter_client.manager import start_new_kernel

    said = []
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    manager, client = start_new_kernel(kernel_name="python3", startup_timeout=60, **quiet)
    try:
        client.execute_interactive(KERNEL, timeout=60, output_hook=lambda message: said.append(message["content"]))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    text = "".join(part.get("text", "") for part in said).strip()
    errors = [f"{part['ename']}: {part['evalue']}" for part in said if "ename" in part]
    if errors:
        return Finding("mend", f"It starts and cannot import the course ({errors[0]}).", REINSTALL)
    if Path(text).resolve() != Path(sys.prefix).resolve():
        return Finding("mend", f"Notebooks run in another Python: {text}.", REINSTALL)
    return Finding("fine", "It starts and imports the course.")


def extensions(root: Path) -> Finding:
    from jupyter_core.paths import jupyter_path
    from jupyterlab_server.config import get_federated_extensions, get_page_config

    places = jupyter_path("labextensions")
    there, off = get_federated_extensions(places), set(get_page_config(places)["disabledExtensions"])
    missing = [f"{name} ({use})" for name, use in NEEDED.items() if name not in there]
    if missing:
        return Finding("mend", f"JupyterLab lacks {listed(missing)}", REINSTALL)
    disabled = [name for name in NEEDED if any(entry.split(":")[0] == name for entry in off)]
    if disabled:
        cure = " ".join(f"Run `jupyter labextension enable {name}`." for name in disabled)
        return Finding("mend", f"Switched off in JupyterLab: {listed(disabled)}", cure)
    return Finding("fine", "Sliders, figures and slides are there.")


def _project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]


def _installed(name: str) -> str | None:
    with suppress(PackageNotFoundError):
        return version(name)
