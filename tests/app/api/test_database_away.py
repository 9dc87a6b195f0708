"""The database goes away and comes back while a family writes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

AWAY = 503


@pytest.fixture
def service(own_service: Any) -> Any:
    return own_service


@pytest.fixture
def away(postgres: str, database: str) -> Callable[[], Any]:
    """A block in which nobody can reach the test's database."""
    name = conninfo_to_dict(database)["dbname"]

    @contextmanager
    def block() -> Iterator[None]:
        with psycopg.connect(make_conninfo(postgres, dbname="postgres"), autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
            yield
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())

    return block


def test_reads_and_writes_say_when_to_come_again_and_nothing_is_lost(guardian: Any, away: Callable[[], Any]) -> None:
    child = guardian.child()
    visit = f"{child}/visits/{uuid4()}"
    body = {"given_on": "2026-06-01", "doses": [{"dose_id": str(uuid4()), "vaccine": "BCG"}]}
    position = guardian.position
    with away():
        guardian.position = None
        for refused in (guardian.ask("GET", child), guardian.ask("PUT", visit, body), guardian.ask("GET", "/health/ready")):
            assert (refused.status_code, refused.json()["code"]) == (AWAY, "store_unavailable")
            assert int(refused.headers["Retry-After"]) > 0
        assert guardian.ask("GET", "/health/live").status_code == 200

    guardian.position = position
    assert until_back(lambda: guardian.ask("PUT", visit, body)).status_code == 200
    assert guardian.do("PUT", visit, body)["replayed"] is True
    assert until_back(lambda: guardian.ask("GET", child)).status_code == 200
    until(lambda: len(guardian.get(f"{child}/doses")) == 1)


def until_back(ask: Callable[[], Any], seconds: float = 15) -> Any:
    deadline = time.monotonic() + seconds
    while True:
        response = ask()
        if response.status_code != AWAY or time.monotonic() > deadline:
            return response


def until(holds: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.1)


def test_read_models_that_lag_are_told_and_never_taken_for_the_truth(guardian: Any, service: Any) -> None:
    (runner,) = service.background["projector"]
    runner.stop()
    child = guardian.child()
    behind = guardian.ask("GET", "/children")
    assert (behind.json(), behind.headers["Hagukumi-Behind"]) == ([], "?1")
    assert guardian.ask("GET", child).status_code == AWAY
    guardian.position = None
    assert guardian.ask("GET", child).status_code == 404
