"""The figures that ours race against, fetched for the race alone: no notebook of the course needs them.

BertViz and ipympl come from PyPI, and the three scripts BertViz asks a server for come from npm. They land in one
folder outside the project, so a second race fetches nothing.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGES = ("bertviz==1.4.1", "ipympl==0.10.0")
SCRIPTS = {  # what BertViz loads by address: the package on npm, and the file in it
    "require.min.js": ("requirejs@2.3.6", "package/require.js"),
    "d3.min.js": ("d3@5.7.0", "package/dist/d3.min.js"),
    "jquery.min.js": ("jquery@2.2.0", "package/dist/jquery.min.js"),
}
FOLDER = Path(tempfile.gettempdir()) / "course-benchmark-peers"


def fetch():
    """Return the folder with the peers in it; fetch what is missing."""
    FOLDER.mkdir(exist_ok=True)
    if not all((FOLDER / name.split("==")[0]).is_dir() for name in PACKAGES):
        pip = [sys.executable, "-m", "pip"] if _has_pip() else [shutil.which("uv") or "uv", "pip"]
        subprocess.run([*pip, "install", "-q", "--no-deps", "--target", str(FOLDER), *PACKAGES], check=True)
    npm = Path(sys.executable).with_name("npm")
    for name, (package, member) in SCRIPTS.items():
        if not (FOLDER / name).exists():
            packing = [npm, "pack", "--silent", package]
            archive = subprocess.run(packing, cwd=FOLDER, check=True, capture_output=True, text=True).stdout.split()[-1]
            with tarfile.open(FOLDER / archive) as opened:
                (FOLDER / name).write_bytes(opened.extractfile(member).read())
    return FOLDER


def _has_pip():
    return subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode == 0


def environment():
    """Return the variables under which a JupyterLab and its kernels find the peers."""
    return {"JUPYTER_PATH": str(FOLDER / "share" / "jupyter"), "PYTHONPATH": str(FOLDER)}


def head_view(weights, tokens):
    """Show BertViz's head view of weights (n_heads, n, n): its own script file, with the parameters its function sends.

    (Its function itself wants PyTorch, to turn a tensor into the list below.)
    """
    from IPython.display import HTML, Javascript, display

    name = f"bertviz-{os.urandom(8).hex()}"
    page = f'<div id="{name}"><span>Layer: <select id="layer"></select></span><div id="vis"></div></div>'
    attention = {"name": None, "attn": [weights.tolist()], "left_text": tokens, "right_text": tokens}
    parameters = {
        "attention": [attention], "default_filter": "0", "root_div_id": name, "layer": None, "heads": None,
        "include_layers": [0],
    }  # fmt: skip
    script = (FOLDER / "bertviz" / "head_view.js").read_text(encoding="utf-8")
    display(HTML(page))
    display(Javascript(script.replace("PYTHON_PARAMS", json.dumps(parameters))))
