"""The Makefile explains itself, and continuous integration fails when a check fails."""

import os
import re
import subprocess
from pathlib import Path
from shutil import copytree

import pytest

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def stage(tmp_path: Path) -> Path:
    """A folder with .ci/run and, on a PATH of its own, a machine that lacks nothing; its `make` does as the test says."""
    copytree(CHECKOUT / ".ci", tmp_path / "checkout" / ".ci")
    programs = tmp_path / "bin"
    programs.mkdir()
    program(programs / "dpkg-query", 'echo "install ok installed"')
    program(tmp_path / "checkout" / ".ci" / "on-oldest-postgres", "exit 0")
    return tmp_path


def program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def run_ci(stage: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{stage / 'bin'}:{os.defpath}"}
    return subprocess.run(
        ["bash", ".ci/run"], cwd=stage / "checkout", env=environment, capture_output=True, text=True, check=False
    )


def test_help_lists_every_target() -> None:
    makefile = (CHECKOUT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    shown = subprocess.run(["make", "--silent"], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^  make (\w+)", shown, re.MULTILINE) == phony[1].split()


def test_every_module_that_make_runs_is_there() -> None:
    modules = re.findall(r"bin\)?/python -m ([\w.]+)", (CHECKOUT / "Makefile").read_text().replace("$(BIN)", "bin"))
    assert modules
    for module in modules:
        place = CHECKOUT / module.replace(".", "/")
        assert place.with_suffix(".py").exists() or (place / "__main__.py").exists(), module


def test_continuous_integration_passes_on_failure(stage: Path) -> None:
    program(stage / "bin" / "make", '[ "$1" != test ] || exit 3')
    assert run_ci(stage).returncode == 3


def test_continuous_integration_passes_when_all_checks_do(stage: Path) -> None:
    program(stage / "bin" / "make", "exit 0")
    assert run_ci(stage).returncode == 0


def test_continuous_integration_points_at_the_conformance_cases_beside_the_checkout(stage: Path) -> None:
    program(stage / "bin" / "make", 'echo "cases: $HAGUKUMI_CONFORMANCE_DIR"')
    assert "cases: \n" in run_ci(stage).stdout
    cases = stage / "shared" / "conformance"
    cases.mkdir(parents=True)
    assert f"cases: {cases}\n" in run_ci(stage).stdout
