import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest

from eventstore.database import DatabaseRole, connect
from eventstore.ward import Ward
from projections import generation as generations
from projections.check import CannotCompare, check
from projections.live import LiveRunner
from projections.queries import Queries
from projections.rebuild import Differs, NoWayBack, Outcome, Rebuild, RebuildRuns, Stage
from projections.workers import Source
from tests.projections.family import MONDAY, Family, open_day, other_engine

Runners = Callable[[], LiveRunner]


@pytest.fixture
def bulk(source: Source, projecting: Ward) -> Callable[..., Rebuild]:
    """A rebuild that loads by COPY in worker processes, however short the log."""
    return partial(Rebuild, source, projecting, workers=2, small_log=0)


def test_what_is_loaded_in_bulk_equals_what_was_folded_live(
    built: Family, queries: Queries, live: Runners, bulk: Callable[..., Rebuild], source: Source
) -> None:
    live()
    families = _more_families(built.ward, 8)
    open_day(built.ward, MONDAY + timedelta(1))
    assert queries.wait_for(built.ward.head())
    outcome = bulk().run()
    assert outcome == Outcome(2, 1, outcome.events, compared=True, differing=())
    assert check(source).differences == 0
    for family in families:
        assert len(queries.doses(family.child)) == 1


def test_a_difference_keeps_the_old_generation_in_use_until_it_is_accepted(
    built: Family, queries: Queries, bulk: Callable[..., Rebuild], database: str
) -> None:
    _spoil(database)
    with pytest.raises(Differs) as differs:
        bulk().run()
    assert differs.value.tables == ("child",)
    assert queries.schema() == "gen_1"
    assert bulk().run(accept_differences=True).differing == ("child",)
    assert queries.schema() == "gen_2"


def test_a_check_says_which_row_differs_and_in_what(built: Family, source: Source, database: str) -> None:
    assert check(source).differences == 0
    _spoil(database)
    finding = check(source)
    assert finding.differences == 1
    assert msgspec.structs.astuple(finding.listed[0]) == ("child", built.child, "differs in handle")
    with connect(database, DatabaseRole.PROJECTOR) as connection:
        connection.execute("DELETE FROM gen_1.account; INSERT INTO gen_1.household VALUES (gen_random_uuid(), 1)")
    assert {d.problem for d in check(source).listed} == {"missing", "superfluous", "differs in handle"}


def test_another_edition_gets_a_generation_of_its_own(built: Family, projecting: Ward, source: Source) -> None:
    other = msgspec.structs.replace(source, open_engine=other_engine)
    with pytest.raises(CannotCompare):
        check(other)
    outcome = Rebuild(other, projecting, workers=1).run()
    assert not outcome.compared
    assert check(other).differences == 0


def test_there_is_a_way_back(built: Family, queries: Queries, bulk: Callable[..., Rebuild], source: Source) -> None:
    with pytest.raises(NoWayBack):
        bulk().back()
    bulk().run()
    built.is_given("ONE", MONDAY)
    assert bulk().back().generation == 1
    assert queries.schema() == "gen_1"
    assert len(queries.doses(built.child)) == 1
    assert check(source).differences == 0


def test_older_generations_are_dropped(built: Family, bulk: Callable[..., Rebuild], database: str) -> None:
    bulk().run()
    bulk().run()
    with connect(database, DatabaseRole.PROJECTOR) as connection:
        assert generations.schemas(connection.cursor()) == ["gen_2", "gen_3"]


def test_two_rebuilds_at_once_are_refused(built: Family, bulk: Callable[..., Rebuild], source: Source) -> None:
    refused: list[bool] = []

    def second(stage: Stage, _done: int, _total: int) -> None:
        if stage is Stage.CATCH_UP:
            with pytest.raises(RebuildRuns):
                bulk().run()
            refused.append(True)

    bulk(report=second).run()
    assert refused == [True]


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.CHANGES])  # that is for another edition
def test_a_rebuild_that_was_cut_off_goes_on(
    built: Family, bulk: Callable[..., Rebuild], queries: Queries, source: Source, stage: Stage
) -> None:
    _more_families(built.ward, 4)

    def cut(now: Stage, _done: int, _total: int) -> None:
        if now is stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bulk(report=cut).run()
    assert queries.schema() == "gen_1"
    built.is_given("ONE", MONDAY)
    assert bulk().run().generation == 2
    assert len(queries.doses(built.child)) == 1
    assert check(source).differences == 0


def test_a_killed_worker_is_told_and_the_next_try_goes_on(built: Family, bulk: Callable[..., Rebuild], source: Source) -> None:
    _more_families(built.ward, 4)

    def kill(stage: Stage, _done: int, _total: int) -> None:
        if stage is Stage.LOAD:
            for child in _workers_of(os.getpid()):
                os.kill(child, signal.SIGKILL)

    with pytest.raises(BrokenProcessPool):
        bulk(report=kill).run()
    assert bulk().run().generation == 2
    assert check(source).differences == 0


def test_requests_are_answered_all_through_a_rebuild(
    built: Family, bulk: Callable[..., Rebuild], queries: Queries, live: Runners
) -> None:
    live()
    _more_families(built.ward, 4)
    stop, seen, slowest = threading.Event(), set[int](), [0.0]

    def read() -> None:
        while not stop.is_set():
            begun = time.monotonic()
            schedule = queries.schedule(built.account, built.child)
            assert schedule is not None
            seen.add(schedule.generation)
            slowest[0] = max(slowest[0], time.monotonic() - begun)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _ in range(3):
            bulk().run()
            assert queries.wait_for(_write(built))
    finally:
        stop.set()
        reader.join()
    assert {1, 4} <= seen
    assert slowest[0] < 1


def _write(family: Family) -> int:
    family.is_given("TWO", MONDAY)
    return family.ward.head()


def _more_families(ward: Ward, count: int) -> list[Family]:
    families = [Family(ward) for _ in range(count)]
    for family in families:
        family.moves_in()
        family.is_given("TWO", MONDAY)
    return families


def _spoil(database: str) -> None:
    with connect(database, DatabaseRole.PROJECTOR) as connection:
        connection.execute("UPDATE gen_1.child SET handle = 'nobody'")


def _workers_of(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in children if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()]
