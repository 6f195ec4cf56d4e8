"""What the course needs is said once, in pyproject.toml: conda's file and both locks agree with it."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
LEARNER = [*PROJECT["dependencies"], *EXTRAS["install"]]
LOCKS = {"requirements.lock": LEARNER, "requirements-dev.lock": LEARNER + EXTRAS["dev"]}
ENTRY = re.compile(r"^([\w.-]+)==(\S+)(?: ; [^\n\\]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M)


def lock_text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def pinned(name):
    """Return package -> versions pinned in a lock: more than one where Python versions or systems differ."""
    pins = {}
    for package, version, _ in ENTRY.findall(lock_text(name)):
        pins.setdefault(canonicalize_name(package), set()).add(version)
    return pins


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_pins_with_hashes_and_remarks_and_nothing_else(name):
    left = [line for line in ENTRY.sub("", lock_text(name)).splitlines() if not re.match(r"\s*(#|$)", line)]
    assert left == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_no_address(name):
    assert "://" not in lock_text(name)


@pytest.mark.parametrize(("name", "wanted"), LOCKS.items())
def test_every_package_of_pyproject_is_pinned_within_its_bounds(name, wanted):
    pins = pinned(name)
    for requirement in map(Requirement, wanted):
        versions = pins.get(canonicalize_name(requirement.name), set())
        assert versions and all(map(requirement.specifier.contains, versions)), f"{requirement}: {name} has {versions}"


@pytest.mark.parametrize(("name", "wanted"), LOCKS.items())
def test_whatever_pyproject_does_not_ask_for_is_there_because_another_package_does(name, wanted):
    asked = {canonicalize_name(Requirement(line).name) for line in wanted}
    reasons = re.findall(r"^([\w.-]+)==.*\n(?:    --hash.*\n)+((?:    #.*\n?)+)", lock_text(name), flags=re.M)
    from_us = {canonicalize_name(package) for package, why in reasons if "attention-course (pyproject.toml)" in why}
    assert from_us == asked


def test_the_developers_lock_holds_all_of_the_learners():
    learner, developer = map(pinned, LOCKS)
    assert {name: developer.get(name) for name in learner} == learner


def test_no_lock_holds_pytorch():
    assert not any({"torch", "torchvision"} & pinned(name).keys() for name in LOCKS)


def test_conda_installs_a_python_that_the_course_supports_and_the_course_itself():
    wanted = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    (python,) = [line for line in wanted if str(line).startswith("python=")]
    assert SpecifierSet(PROJECT["requires-python"]).contains(python.removeprefix("python="))
    assert wanted[1:] == ["pip", {"pip": ["-e ."]}]


def test_ci_runs_what_readme_promises_on_the_oldest_python_and_on_condas():
    job = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))["jobs"]["test"]
    oldest = PROJECT["requires-python"].removeprefix(">=")
    conda = re.search(r"python=(\S+)", (ROOT / "environment.yml").read_text(encoding="utf-8"))[1]
    assert job["strategy"]["matrix"]["python"] == [oldest, conda]
    assert job["steps"][-1]["run"] == "python start.py test"
    assert (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()[-1] == "exec python3 start.py test"
