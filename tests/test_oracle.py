"""The oracle against PyTorch stands apart: no other run needs PyTorch, and no run passes over it in silence."""

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]


def collect(*words):
    """Return pytest's exit code and what it says when it only looks for tests."""
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider", *words]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    return done.returncode, done.stdout


def test_a_run_of_all_tests_leaves_the_oracle_out():
    code, said = collect("tests", "--ignore=tests/browser", f"--ignore-glob={ROOT}/tests/test_*.py")
    assert code == 5, said  # nothing else was left to collect


def test_asked_for_by_name_the_oracle_runs_or_fails_for_want_of_pytorch():
    code, said = collect("tests/oracle")
    assert "test_against_sdpa" in said and "test_against_multihead" in said
    assert code == 0 or (code == 2 and "No module named 'torch'" in said), said


def test_no_test_of_the_oracle_is_skipped():
    for path in (ROOT / "tests/oracle").rglob("*.py"):
        assert not re.search(r"importorskip|\bskip|xfail", path.read_text(encoding="utf-8")), path


def test_ci_runs_the_oracle_in_a_job_of_its_own_with_pytorch_pinned():
    job = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))["jobs"]["oracle"]
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert commands[-1] == "python -m pytest tests/oracle"
    assert re.match(r"python -m pip install torch==\d+\.\d+\.\d+ ", commands[0])
    assert not {"if", "continue-on-error"} & {key for part in (job, *job["steps"]) for key in part}
