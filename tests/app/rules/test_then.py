"""What a child was shown on a day, and what another edition makes of the same record."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

import schedule.japan
from aggregates.fact import Meta, Recorded
from aggregates.operation.facts import GenerationSwitched
from eventstore.database import DatabaseRole, connect
from schedule.contract import ForecastAnswer, ForecastRequest
from schedule.japan import Edition, load_edition
from tests.app.rules.conftest import Run
from tests.app.rules.test_life import APPROVER, draft, log_of, tried
from tests.projections.family import open_day


def replayed(run: Run, child: object, *words: object) -> dict[str, Any]:
    said = run("replay", "--child", child, *words, "--json")
    assert said.exit_code == 0, said.stderr
    return json.loads(said.stdout)  # type: ignore[no-any-return]


@pytest.fixture
def edition(run: Run, ward_of_60: str, revised: Path) -> str:
    """A revised edition, approved and not yet published."""
    edition = draft(run, revised)
    run("rules", "approve", edition, "--as", APPROVER)
    return edition


@pytest.fixture
def child(run: Run, edition: str) -> UUID:
    """A child that the revision concerns."""
    return UUID(tried(run, edition, "--approver", APPROVER)["series"][0]["samples"][0]["child_id"])


def test_both_senses_of_as_of(run: Run, ward_of_60: str, edition: str, child: UUID) -> None:
    shown = replayed(run, child)
    under = replayed(run, child, "--edition", edition[:12])
    assert shown["rules"].endswith("the same as families were shown.")
    assert load_edition().content_hash[:12] in under["rules"]
    assert shown["digest"] != under["digest"]
    with log_of(ward_of_60) as ward:
        open_day(ward, ward.today() + timedelta(1))
    run("rules", "publish", edition, "--as", APPROVER)
    assert replayed(run, child, "--as-of", shown["as_of"]) == shown, "the past is told as it was"
    now = replayed(run, child)
    assert now["rules"].endswith("the same as families were shown.")
    assert now["schedule"] == replayed(run, child, "--edition", edition)["schedule"]


def test_what_is_replayed_is_what_families_were_shown_byte_for_byte(run: Run, ward_of_60: str, edition: str, child: UUID) -> None:
    with connect(ward_of_60, DatabaseRole.PROJECTOR) as connection:
        query = "SELECT digest FROM gen_1.schedule_answer WHERE child_id = %s"
        ((digest,),) = connection.execute(query, (child,)).fetchall()
    run("rules", "publish", edition, "--as", APPROVER)
    assert replayed(run, child, "--edition", load_edition().content_hash)["digest"] == digest.hex()


def test_a_day_that_has_not_come_is_not_replayed(run: Run, child: UUID) -> None:
    said = run("replay", "--child", child, "--as-of", "2099-01-01")
    assert (said.exit_code, said.stdout) == (3, "")
    assert "not come yet" in said.stderr


def test_a_name_is_shown_to_somebody_for_something(run: Run, ward_of_60: str, child: UUID) -> None:
    with log_of(ward_of_60) as ward:
        head = ward.head()
        for words in (("--reveal", "inquiry 12"), ("--reveal", " ", "--as", APPROVER)):
            assert run("replay", "--child", child, *words).exit_code == 2
        assert ward.head() == head


def test_a_replay_fits_into_80_columns_and_cuts_nothing_off(run: Run, child: UUID) -> None:
    told = run("replay", "--child", child).stdout
    assert "…" not in told
    assert max(map(len, told.splitlines()[:-1])) <= 80


def test_a_repaired_engine_is_told(run: Run, ward_of_60: str, edition: str, child: UUID) -> None:
    shown = GenerationSwitched(generation=1, edition=load_edition().content_hash, engine="an older engine", head=1)
    with log_of(ward_of_60) as ward:
        ward.save(Recorded(uuid4(), 1, shown, Meta()))
    assert "engine changed" in replayed(run, child)["rules"]


def test_what_an_operator_saw_is_held_against_an_altered_engine(
    run: Run, ward_of_60: str, child: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = replayed(run, child, "--reveal", "inquiry 12", "--as", APPROVER)
    assert [(t["medium"], t["digest"], t["verdict"]) for t in replayed(run, child)["told"]] == [
        ("replay", seen["digest"], "equal")
    ]
    monkeypatch.setattr("schedule.japan.forecast", _altered(schedule.japan.forecast))
    (told,) = replayed(run, child)["told"]
    assert (told["verdict"], told["digest"]) == ("engine changed", seen["digest"])
    assert told["digest_now"] not in {None, seen["digest"]}
    assert "engine changed" in run("replay", "--child", child).stdout


def _altered(forecast: Callable[[Edition, ForecastRequest], ForecastAnswer]) -> Callable[..., ForecastAnswer]:
    """An engine that offers no choice of products, under the same version."""

    def altered(edition: Edition, request: ForecastRequest) -> ForecastAnswer:
        answer = forecast(edition, request)
        return msgspec.structs.replace(answer, forecasts=tuple(msgspec.structs.replace(f, products=()) for f in answer.forecasts))

    return altered
