"""`hagukumi rebuild` and `hagukumi replay`, as an operator and an auditor run them."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from typer.testing import CliRunner

from aggregates.child.facts import ChildProfileCorrected, DoseVoided, Sex
from aggregates.operation.facts import SubjectRevealed
from app.cli import cli
from app.keys import open_keys
from app.settings import load_settings
from eventstore.database import DatabaseRole, connect
from eventstore.ward import Ward
from tests.projections.family import BORN, MONDAY, Family, open_day

Run = Callable[..., Any]


@pytest.fixture
def run(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("HAGUKUMI_DATA_DIR", str(tmp_path / "data"))
    return lambda *words: CliRunner().invoke(cli, words)


@pytest.fixture
def home(run: Run, database: str) -> Iterator[Family]:
    """A family that took a dose on Monday, and corrected the child's profile on Tuesday."""
    with closing(open_keys(load_settings())) as keys, closing(Ward(database, keys)) as ward:
        open_day(ward, MONDAY)
        family = Family(ward)
        family.moves_in()
        family.is_given("BCG", MONDAY)
        open_day(ward, MONDAY + timedelta(1))
        family.tell(family.child, ChildProfileCorrected(handle="じろう", born_on=BORN, sex=Sex.FEMALE))
        yield family


def test_a_rebuild_says_what_it_did(run: Run, home: Family) -> None:
    first = run("rebuild", "--json")
    assert (first.exit_code, _json(first)["generation"], _json(first)["compared"]) == (0, 1, False)
    second = run("rebuild")
    assert second.exit_code == 0
    assert "Generation 2 is in use" in second.stdout
    assert "equals generation 1" in second.stdout
    assert run("rebuild", "--back").stdout.startswith("Generation 1 is in use")


def test_a_rebuild_that_cannot_be_trusted_has_its_own_exit_status(run: Run, home: Family, database: str) -> None:
    assert run("rebuild", "--back").exit_code == 4
    run("rebuild")
    with connect(database, DatabaseRole.PROJECTOR) as connection:
        connection.execute("UPDATE gen_1.child SET handle = 'nobody'")
    refused = run("rebuild")
    assert refused.exit_code == 1
    assert "child" in refused.stderr
    home.tell(home.child, DoseVoided(dose_id=uuid4()))
    assert run("rebuild", "--accept-differences").exit_code == 3


def test_a_check_compares_the_log_with_every_table(run: Run, home: Family, database: str) -> None:
    assert run("replay", "--check").exit_code == 3
    run("rebuild")
    assert "all equal" in run("replay", "--check").stdout
    with connect(database, DatabaseRole.PROJECTOR) as connection:
        connection.execute("DELETE FROM gen_1.dose")
    found = run("replay", "--check", "--json")
    assert found.exit_code == 1
    assert _json(found)["listed"] == [{"table": "dose", "stream": str(home.child), "problem": "missing"}]


def test_a_child_is_replayed_as_it_was_known_on_a_day(run: Run, home: Family) -> None:
    run("rebuild")
    monday, tuesday = (_json(run("replay", "--child", str(home.child), "--json", "--as-of", f"2026-04-0{n}")) for n in (6, 7))
    assert [event["topic"] for event in monday["trail"]] == ["child.registered.v1", "child.dose_recorded.v1"]
    assert len(tuesday["trail"]) == 3
    assert {event["actor"] for event in monday["trail"]} == {str(home.account)}
    assert monday["doses"][0]["vaccine"] == "BCG"
    assert {f["series"]: f["status"] for f in monday["schedule"]}["BCG"] == "complete"
    assert (monday["handle"], monday["born_on"]) == (None, None)
    text = run("replay", "--child", str(home.child))
    assert text.exit_code == 0
    assert "BCG" in text.stdout
    assert "じろう" not in text.stdout
    assert "same as families were shown" in text.stdout


def test_who_a_child_is_is_shown_only_after_the_log_knows(run: Run, home: Family) -> None:
    head, operator = home.ward.head(), uuid4()
    shown = _json(run("replay", "--child", str(home.child), "--json", "--reveal", "inquiry 12", "--as", str(operator)))
    assert (shown["handle"], shown["born_on"]) == ("じろう", BORN.isoformat())
    (view,) = home.ward.since(head, 1)
    assert view.fact == SubjectRevealed(subject=home.child, purpose="inquiry 12")
    assert view.meta.actor == operator


def test_an_erased_child_is_replayed_without_what_it_said(run: Run, home: Family) -> None:
    home.ward.keys.erase(home.child)
    then = _json(run("replay", "--child", str(home.child), "--json"))
    assert then["standing"] == "erased"
    assert all(event["redacted"] for event in then["trail"])
    assert then["schedule"] == []


@pytest.mark.parametrize(("child", "day"), [(str(UUID(int=1)), MONDAY), (None, date(2020, 1, 1))])
def test_a_child_that_was_not_known_is_not_replayed(run: Run, home: Family, child: str | None, day: date) -> None:
    assert run("replay", "--child", child or str(home.child), "--as-of", day.isoformat()).exit_code == 3


def test_one_thing_at_a_time(run: Run) -> None:
    assert run("replay").exit_code == 2


def _json(result: Any) -> Any:
    assert result.stdout, result.stderr
    return json.loads(result.stdout)
