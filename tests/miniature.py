"""A course in miniature for test_start.py: wheels, locks, a `course` that says how it was called, a stand-in for uv.

This file is also the build backend of that course, and, run as a program, the stand-in for uv.
"""

import hashlib
import json
import os
import re
import sys
import time
import zipfile
from pathlib import Path

PYPROJECT = """
[build-system]
requires = []
build-backend = "miniature"
backend-path = ["."]
[project]
name = "course"
version = "1"
"""
COURSE = """
import json, os, sys
import tiny
path = os.environ["PATH"].split(os.pathsep)[0]
print(json.dumps({"words": sys.argv[1:], "tiny": tiny.VERSION, "prefix": sys.prefix, "path": path}))
sys.exit(7 if "fail" in sys.argv else 0)
"""


def make_wheel(folder, name, version, files):
    """Write the smallest wheel that installers accept and return its path."""
    info = f"{name}-{version}.dist-info"
    files = files | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: miniature\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    wheel = Path(folder, f"{name}-{version}-py3-none-any.whl")
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return wheel


def make_course(root, wheels):
    """Lay out a course that start.py can install from the wheels alone."""
    (root / "course_tools").mkdir(parents=True)
    wheels.mkdir(exist_ok=True)
    for version in ("1", "2"):
        make_wheel(wheels, "tiny", version, {"tiny.py": f"VERSION = {version!r}\n"})
    make_wheel(wheels, "developer", "1", {"developer.py": ""})
    (root / "start.py").write_bytes(Path(__file__).parents[1].joinpath("start.py").read_bytes())
    (root / "miniature.py").write_bytes(Path(__file__).read_bytes())
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "course_tools" / "__main__.py").write_text(COURSE)
    lock(root, wheels, "1")


def lock(root, wheels, version):
    """Write both locks, with `tiny` at this version."""
    tiny, developer = _locked(wheels, "tiny", version), _locked(wheels, "developer", "1")
    (root / "requirements.lock").write_text(tiny)
    (root / "requirements-dev.lock").write_text(tiny + developer)


def _locked(wheels, name, version):
    digest = hashlib.sha256((wheels / f"{name}-{version}-py3-none-any.whl").read_bytes()).hexdigest()
    return f"{name}=={version} \\\n    --hash=sha256:{digest}\n"


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    """PEP 660: what pip asks a build backend for when it installs with `-e`."""
    return make_wheel(wheel_directory, "course", "1", {"course.pth": str(Path(__file__).parent)}).name


def stand_in_for_uv(words):
    """Do what start.py asks of uv, in an instant, and note what was asked; fail in the words that the test chose."""
    with open(os.environ["UV_NOTES"], "a", encoding="utf-8") as notes:
        notes.write(json.dumps(words) + "\n")
    if "UV_FAILS" in os.environ:
        sys.exit(os.environ["UV_FAILS"])
    if "UV_HANGS" in os.environ:
        while Path(os.environ["UV_HANGS"]).exists():  # the test ends start.py meanwhile, and then lets us go
            time.sleep(0.01)
        sys.exit("error: interrupted")
    scripts = Path(words[words.index("--python") + 1]).parent
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    lib = scripts.parent / ("Lib" if os.name == "nt" else f"lib/{version}") / "site-packages"
    if "-e" in words:
        (lib / "course.pth").write_text(words[-1], encoding="utf-8")
        return
    for name, wanted in re.findall(r"^(\w+)==(\d)", Path(words[-1]).read_text(), flags=re.M):
        zipfile.ZipFile(Path(os.environ["PIP_FIND_LINKS"], f"{name}-{wanted}-py3-none-any.whl")).extractall(lib)


if __name__ == "__main__":
    stand_in_for_uv(sys.argv[1:])
