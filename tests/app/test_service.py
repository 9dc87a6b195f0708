from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from pydantic import SecretStr

from aggregates.account.facts import AccountErased, EverythingStopped
from aggregates.calendar.facts import DayOpened
from aggregates.fact import Recorded
from app.composition import build_service
from app.service import Service
from app.settings import Settings
from commands.identity.passwords import Passwords
from tests.app.clock import NOON

Start = Callable[..., Service]


@pytest.fixture
def start(database: str, tmp_path: Path) -> Iterator[Start]:
    """Starts services over one database; each is stopped at the latest when the test ends."""
    running: list[Service] = []

    def start(at: datetime = NOON, only: str | None = None, **given: Any) -> Service:
        settings = Settings(data_dir=tmp_path / "data", **given)
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        service = build_service(settings, database, passwords=Passwords(hasher), now=lambda: at)
        service.background["notifier"].clear()
        running.append(service)
        service.start_background(only)
        return service

    yield start
    for service in running:
        service.stop()


def days(service: Service) -> list[date]:
    facts = [recorded.fact for recorded in service.ward.since(0, 1000)]
    return [fact.date for fact in facts if isinstance(fact, DayOpened)]


def test_a_first_start_tells_how_to_sign_in_and_a_second_one_the_same(start: Start) -> None:
    first = start()
    head = first.ward.head()
    first.stop()
    again = start()
    assert any("login id" in line for line in first.greeting)
    assert (again.greeting, again.ward.head()) == (first.greeting, head)


def test_a_database_given_by_url_begins_without_a_family(start: Start, database: str) -> None:
    service = start(database_url=SecretStr(database))
    assert service.greeting == []
    assert {recorded.fact for recorded in service.ward.since(0, 1000) if recorded.subject} == set()


def test_days_that_were_missed_are_opened_at_the_start(start: Start) -> None:
    start().stop()
    assert days(start(NOON + timedelta(days=3))) == [date(2026, 11, 24) + timedelta(days=n) for n in range(4)]


def test_whoever_starts_the_embedded_service_by_hand_vouches_for_its_clock(start: Start) -> None:
    start().stop()
    assert days(start(NOON + timedelta(days=30)))[-1] == date(2026, 12, 24)


def test_a_part_started_by_a_supervisor_does_not_believe_a_clock_far_ahead(start: Start) -> None:
    start().stop()
    part = start(NOON + timedelta(days=30), only="api")
    part.day_opener.open_today()
    assert part.day_opener.stuck
    assert days(part) == [date(2026, 11, 24)]


def test_a_part_creates_nothing_and_says_that_it_must_wait(start: Start, browser: Any) -> None:
    part = start(only="api")
    response = browser(part.asgi).get("/api/v1/health/ready")
    assert (response.status_code, response.json()["code"]) == (503, "store_unavailable")


def test_read_models_of_another_build_are_told_of(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    start(demo=False).stop()
    monkeypatch.setattr("projections.generation.layout", lambda: "another")
    assert any("hagukumi rebuild" in line for line in start(demo=False).greeting)


def test_a_key_that_a_crash_left_behind_is_destroyed_at_the_next_start(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    first = start(demo=False)
    subject = uuid4()
    monkeypatch.setattr(first.ward.keys, "erase", lambda subject: None)
    first.ward.save(Recorded(subject, 1, EverythingStopped(), subject=subject))
    first.ward.save(Recorded(subject, 2, AccountErased(on=NOON.date()), subject=subject), erases=[subject])
    assert first.ward.keys.aead(subject) is not None
    first.stop()
    again = start(demo=False)
    deadline = monotonic() + 5
    while again.ward.keys.aead(subject) is not None:
        assert monotonic() < deadline, "the key is still there"
