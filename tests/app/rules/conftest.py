"""An invented ward that is shown the shipped edition, and a revised edition in a folder."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import cli
from schedule.japan.edition import CHIYODA

Run = Callable[..., Any]


@pytest.fixture
def run(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("HAGUKUMI_DATA_DIR", str(tmp_path / "data"))
    return lambda *words: CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture
def ward_of_60(run: Run, database: str) -> str:
    """60 families over four years, with read models; the database they are in."""
    assert run("demo", "--families", 60, "--seed", 1, "--until", "2026-11-22", "--json").exit_code == 0
    assert run("rebuild", "--json").exit_code == 0
    return database


@pytest.fixture
def revised(tmp_path: Path) -> Path:
    """Hepatitis B up to two years of age, and measles and rubella up to 30 months."""
    folder = Path(shutil.copytree(CHIYODA, tmp_path / "revised"))
    _replace(folder / "edition.toml", 'name = "chiyoda', 'name = "revised')
    _replace(folder / "hepb.toml", 'to = "1歳"', 'to = "2歳"')
    _replace(folder / "mr.toml", 'to = "生後24月"', 'to = "生後30月"')
    return folder


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
