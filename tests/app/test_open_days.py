from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import cli
from commands.open_day import open_days
from eventstore.ward import Ward


@pytest.fixture
def standstill(ward: Ward, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    """A ward that was last open on 1 November."""
    open_days(ward, date(2026, 11, 1))
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("HAGUKUMI_DATA_DIR", str(tmp_path / "data"))
    return ward


def test_an_operator_opens_many_days_at_once(standstill: Ward) -> None:
    told = CliRunner().invoke(cli, ["open-days", "--until", "2026-11-23"])
    assert (told.exit_code, told.output) == (0, "Opened 22 days, up to 2026-11-23.\n")
    assert standstill.recorder.select("SELECT count(*) FROM events.event WHERE topic = 'calendar.day_opened.v1'") == [(23,)]


def test_what_is_open_stays_as_it_is(standstill: Ward) -> None:
    told = CliRunner().invoke(cli, ["open-days", "--until", "2026-11-01"])
    assert told.output == "2026-11-01 is open already.\n"
