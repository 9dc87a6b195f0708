import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from msgspec import structs

from aggregates.account.facts import AccountErased
from aggregates.catalogue import UnknownTopic
from aggregates.child.facts import ChildErased, DoseVoided
from aggregates.household.facts import GuardianRemoved, HouseholdErased
from eventstore.database import DatabaseRole, connect
from eventstore.ward import Ward
from projections import generation as generations
from projections.check import check
from projections.live import LIVE_LOCK, LiveRunner, Phase
from projections.projector import PoisonStream, Projector
from projections.queries import NotBuilt, Queries
from projections.rebuild import Rebuild
from projections.workers import Source
from schedule.contract import ForecastAnswer, ForecastRequest
from tests.projections.family import MONDAY, Family, open_day, toy_engine, toy_forecast

Runners = Callable[[], LiveRunner]
CatchUp = Callable[[], None]

APPEND_UNKNOWN = """
    SELECT events.append(
        ARRAY[gen_random_uuid()], ARRAY[1], ARRAY['child.sang.v1'], ARRAY[NULL::uuid], ARRAY[NULL::uuid],
        ARRAY['{}'::bytea], ARRAY['{}'::bytea], ARRAY[]::uuid[], ARRAY[]::bigint[], ARRAY[]::uuid[], NULL, NULL, NULL, NULL)"""


def test_a_write_can_be_read_at_once(built: Family, queries: Queries, live: Runners) -> None:
    live()
    for n in range(3):
        assert queries.wait_for(_recorded(built, n))
        assert len(queries.doses(built.child)) == n + 1


def test_the_lag_of_an_idle_service_is_short(built: Family, queries: Queries, live: Runners) -> None:
    live()
    queries.wait_for(_recorded(built, 0))
    waits = []
    for n in range(1, 21):
        position = _recorded(built, n)
        begun = time.monotonic()
        assert queries.wait_for(position)
        waits.append(time.monotonic() - begun)
    assert max(waits) < 0.25


def test_only_one_of_two_runners_is_live_and_the_other_takes_over(built: Family, queries: Queries, live: Runners) -> None:
    first = live()
    assert queries.wait_for(_recorded(built, 0))
    second = live()
    _until(lambda: second.health.phase is Phase.STANDBY)
    first.stop()
    assert queries.wait_for(_recorded(built, 1))
    assert second.health.phase is Phase.LIVE


def test_without_a_generation_nothing_is_read_and_the_runner_says_so(family: Family, queries: Queries, live: Runners) -> None:
    runner = live()
    _until(lambda: runner.health.phase is Phase.UNBUILT)
    with pytest.raises(NotBuilt):
        queries.reader(family.account)


def test_a_runner_builds_the_first_generation_when_the_first_day_is_open(
    ward: Ward, source: Source, projecting: Ward, queries: Queries, database: str
) -> None:
    rebuild = Rebuild(source, projecting, workers=1)
    runners = [LiveRunner(database, projecting, toy_engine(), rebuild.run) for _ in range(2)]
    for runner in runners:
        runner.start()
    try:
        _until(lambda: runners[0].health.phase is Phase.UNBUILT)
        open_day(ward)
        position = Family(ward).moves_in()
        _until(lambda: {runner.health.phase for runner in runners} == {Phase.LIVE, Phase.STANDBY})
        assert queries.wait_for(position)
        assert queries.schema() == "gen_1"
    finally:
        for runner in runners:
            runner.stop()


def test_a_runner_comes_back_when_its_connection_is_cut(built: Family, queries: Queries, live: Runners, database: str) -> None:
    live()
    assert queries.wait_for(_recorded(built, 0))
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE classid = %s AND database = %s", (LIVE_LOCK, _oid(connection))
        )
    assert queries.wait_for(_recorded(built, 1))


def test_opening_a_day_forecasts_again_what_has_run_out(built: Family, queries: Queries, catch_up: CatchUp) -> None:
    before = queries.schedule(built.account, built.child)
    assert before is not None
    assert before.valid_until is not None
    open_day(built.ward, before.valid_until - timedelta(1))
    catch_up()
    assert _answer(queries, built) == before.answer_json
    open_day(built.ward, before.valid_until)
    catch_up()
    after = queries.schedule(built.account, built.child)
    assert after is not None
    assert after.opened_day == before.valid_until
    assert after.answer.forecasts[0].status == "aged_out"
    assert after.valid_until > before.valid_until  # type: ignore[operator]


def test_a_night_in_which_all_answers_run_out_holds_up_nobody(
    built: Family, queries: Queries, catch_up: CatchUp, projecting: Ward, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.projector.REFRESHED_MAX", 2)
    families = [built, *(Family(built.ward) for _ in range(4))]
    for family in families[1:]:
        family.moves_in()
    catch_up()
    schedule = queries.schedule(built.account, built.child)
    assert schedule is not None
    assert schedule.valid_until is not None
    open_day(built.ward, schedule.valid_until)
    families[4].is_given("TWO", MONDAY)
    projector = Projector(projecting, toy_engine())
    with connect(database, DatabaseRole.PROJECTOR) as connection, connection.cursor() as cursor:
        projector.advance(cursor, 1)
        assert (queries.lag().events, queries.lag().pending) == (0, 4)
        assert len(queries.doses(families[4].child)) == 1
        assert {r.withheld_reason for r in queries.reminders(built.account, MONDAY)} == {"pending"}
        assert [projector.refresh(cursor, 1) for _ in range(3)] == [2, 2, 0]
    assert queries.lag().pending == 0
    assert {r.withheld_reason for r in queries.reminders(built.account, MONDAY)} == {None, "not_wished"}


def test_an_answer_that_does_not_hold_today_is_parked_and_not_asked_for_again_and_again(
    built: Family, queries: Queries, projecting: Ward, database: str
) -> None:
    def run_out(request: ForecastRequest) -> ForecastAnswer:
        answer = toy_forecast(request)
        forecasts = (structs.replace(answer.forecasts[0], valid_until=request.assessment_date),)
        return structs.replace(answer, forecasts=forecasts)

    built.is_given("ONE", MONDAY)
    projector = Projector(projecting, structs.replace(toy_engine(), forecast=run_out))
    with connect(database, DatabaseRole.PROJECTOR) as connection, connection.cursor() as cursor:
        projector.advance(cursor, 1)
        assert projector.refresh(cursor, 1) == 0
    assert queries.lag().parked == 1


def test_a_poison_stream_is_parked_and_the_others_go_on(
    built: Family, queries: Queries, catch_up: CatchUp, caplog: pytest.LogCaptureFixture
) -> None:
    neighbour = Family(built.ward)
    built.tell(built.child, DoseVoided(dose_id=uuid4()))  # was never recorded
    neighbour.moves_in()
    with caplog.at_level(logging.ERROR):
        catch_up()
    assert queries.lag().parked == 1
    assert str(built.child) in caplog.text
    assert queries.child(neighbour.account, neighbour.child) is not None
    built.is_given("ONE", MONDAY)
    catch_up()
    assert queries.doses(built.child) == []
    assert queries.lag().events == 0


def test_a_fact_that_was_altered_is_parked_too(built: Family, queries: Queries, catch_up: CatchUp, database: str) -> None:
    built.is_given("ONE", MONDAY)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("ALTER TABLE events.event DISABLE TRIGGER append_only")
        connection.execute(
            "UPDATE events.event SET state = state || '\\x00' WHERE position = (SELECT max(position) FROM events.event)"
        )
    catch_up()
    assert queries.lag().parked == 1


def test_a_topic_of_a_newer_build_halts(built: Family, queries: Queries, live: Runners, database: str) -> None:
    built.is_given("ONE", MONDAY)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(APPEND_UNKNOWN)
    runner = live()
    _until(lambda: runner.health.phase is Phase.HALTED)
    assert runner.health.error == UnknownTopic.__name__
    assert queries.lag().events == 1
    assert len(queries.doses(built.child)) == 1


def test_the_erased_leave_every_generation(
    built: Family, queries: Queries, catch_up: CatchUp, source: Source, projecting: Ward, database: str
) -> None:
    Rebuild(source, projecting, workers=1).run()
    family = built
    family.tell(family.child, ChildErased(on=MONDAY), erases=(family.child,))
    family.tell(family.household, GuardianRemoved(account_id=family.account))
    family.tell(family.household, HouseholdErased(on=MONDAY), erases=(family.household,))
    family.tell(family.account, AccountErased(on=MONDAY), erases=(family.account,))
    for subject in (family.child, family.household, family.account):
        family.ward.keys.erase(subject)
    catch_up()
    with connect(database, DatabaseRole.PROJECTOR) as connection:
        assert generations.schemas(connection.cursor()) == ["gen_1", "gen_2"]
        for schema in ("gen_1", "gen_2"):
            for table in ("account", "guardian", "household", "child", "schedule", "schedule_answer", "reminder"):
                assert connection.execute(f"SELECT count(*) FROM {schema}.{table}".encode()).fetchone() == (0,), (schema, table)


def test_a_rebuild_stops_on_poison(built: Family, source: Source, projecting: Ward) -> None:
    built.tell(built.child, DoseVoided(dose_id=uuid4()))
    with pytest.raises(PoisonStream) as poison:
        Rebuild(source, projecting, workers=1).run()
    assert poison.value.stream == built.child


def test_a_rebuild_and_a_check_name_the_stream_that_cannot_be_read(
    built: Family, source: Source, projecting: Ward, database: str, catch_up: CatchUp
) -> None:
    catch_up()
    others = [Family(built.ward) for _ in range(3)]
    for other in others:
        other.moves_in()
    catch_up()
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("ALTER TABLE events.event DISABLE TRIGGER append_only")
        connection.execute("UPDATE events.event SET topic = 'child.moved_out.v1' WHERE originator_id = %s", (built.child,))
    with pytest.raises(PoisonStream) as poison:
        Rebuild(source, projecting, workers=1, small_log=0).run()
    assert poison.value.stream == built.child
    problems = {d.problem for d in check(source).listed if d.stream == built.child}
    assert problems == {"cannot be read: SealBroken", "superfluous"}
    assert {d.stream for d in check(source).listed} == {built.child}


def test_what_was_parked_is_back_after_a_rebuild(
    built: Family, source: Source, projecting: Ward, queries: Queries, catch_up: CatchUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as bad_build:
        bad_build.setattr("projections.kinds.dose.rows", lambda _: 1 / 0)
        built.is_given("ONE", MONDAY)
        catch_up()
    assert queries.lag().parked == 1
    assert Rebuild(source, projecting, workers=1).run().generation == 2
    assert queries.lag().parked == 0
    assert len(queries.doses(built.child)) == 1


def _recorded(family: Family, n: int) -> int:
    family.is_given("ONE", MONDAY - timedelta(n))
    return family.ward.head()


def _oid(connection: psycopg.Connection[Any]) -> Any:
    return connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()[0]  # type: ignore[index]


def _answer(queries: Queries, family: Family) -> bytes:
    schedule = queries.schedule(family.account, family.child)
    assert schedule is not None
    return schedule.answer_json


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
