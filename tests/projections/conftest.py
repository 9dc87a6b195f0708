"""A ward with one family, its read models and their runner."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from psycopg_pool import ConnectionPool

from eventstore.database import DatabaseRole, connect
from eventstore.keys import KeyStore
from eventstore.ward import Ward
from projections import generation as generations
from projections.live import LiveRunner
from projections.projector import Projector
from projections.queries import Queries
from projections.rebuild import Rebuild
from projections.workers import Source
from tests.projections.family import Family, open_day, toy_engine


@pytest.fixture
def source(database: str, tmp_path: Path) -> Source:
    return Source(database, partial(KeyStore.at, tmp_path / "keys.sqlite", bytes(range(32))), toy_engine)


@pytest.fixture
def projecting(database: str, keys: KeyStore) -> Iterator[Ward]:
    ward = Ward(database, keys, role=DatabaseRole.PROJECTOR)
    yield ward
    ward.close()


@pytest.fixture
def family(ward: Ward) -> Family:
    open_day(ward)
    family = Family(ward)
    family.moves_in()
    return family


@pytest.fixture
def built(family: Family, source: Source, projecting: Ward) -> Family:
    Rebuild(source, projecting, workers=1).run()
    return family


@pytest.fixture
def queries(database: str) -> Iterator[Queries]:
    with ConnectionPool(
        database, min_size=1, max_size=4, kwargs={"autocommit": True, "options": f"-c role={DatabaseRole.APP}"}
    ) as pool:
        yield Queries(pool)


@pytest.fixture
def catch_up(database: str, projecting: Ward) -> Callable[[], None]:
    """Does once what the live runner does all the time."""

    def run() -> None:
        projector = Projector(projecting, toy_engine())
        with connect(database, DatabaseRole.PROJECTOR) as connection:
            while True:
                with connection.transaction(), connection.cursor() as cursor:
                    now = generations.current(cursor)
                    assert now is not None
                    if projector.advance(cursor, now.generation) == now and not projector.refresh(cursor, now.generation):
                        return

    return run


@pytest.fixture
def live(database: str, projecting: Ward) -> Iterator[Callable[[], LiveRunner]]:
    runners = []

    def start() -> LiveRunner:
        runner = LiveRunner(database, projecting, toy_engine())
        runner.start()
        runners.append(runner)
        return runner

    yield start
    for runner in runners:
        runner.stop()
