"""The compiled engine gives the very bytes that its source gives."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench.forecast_japan import children

CHECKOUT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
CHILDREN = 400
ENGINE = "schedule.japan.engine"
FORECAST = (PROGRAMS / "hagukumi", "forecast", "--schedule", "japan")


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the compiled engine lies in; compiled in haste, which changes nothing but its speed."""
    if shutil.which("cc") is None:
        pytest.skip("The compiled engine is NOT checked: there is no C compiler (Debian: apt-get install gcc libc6-dev).")
    folder = tmp_path_factory.mktemp("compiled") / "engine"
    environment = os.environ | {"MYPYC_OPT_LEVEL": "0"}
    subprocess.run([CHECKOUT / "deploy" / "compile.sh", PROGRAMS / "mypyc", folder], env=environment, check=True)
    return folder


def spoken(*command: str | Path, asked: bytes = b"", first: Path = CHECKOUT) -> bytes:
    """What a command prints with a folder first among those that modules are taken from."""
    environment = os.environ | {"PYTHONPATH": str(first)}
    return subprocess.run(command, input=asked, env=environment, cwd="/", capture_output=True, check=True).stdout


def test_the_compiled_engine_answers_as_its_source_does(compiled: Path) -> None:
    where = f"import {ENGINE} as engine; print(engine.__file__)"
    assert spoken(sys.executable, "-c", where, first=compiled).strip().endswith(b".so")
    asked = b"\n".join(children(CHILDREN, seed=7))
    told = spoken(*FORECAST, asked=asked)
    assert told.count(b"\n") == CHILDREN
    assert spoken(*FORECAST, asked=asked, first=compiled) == told
