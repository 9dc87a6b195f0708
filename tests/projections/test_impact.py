import os
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from aggregates.account.registration import Terms
from aggregates.child.facts import ChildMovedOut
from app.demo.history import History, Plan
from eventstore.ward import Ward
from projections.engine import Engine, concerned, engine_from_files, japan
from projections.impact import NothingShown, Outcome, Tally, impact
from projections.impact_effect import Effect, cohort, effects
from projections.impact_report import SMALL, hidden, report
from projections.rebuild import Rebuild
from projections.workers import Source
from schedule.contract import ForecastAnswer, ForecastRequest, SeriesForecast
from schedule.japan.edition import CHIYODA, read_files
from tests.projections.family import MONDAY, Family, toy_forecast

A, B = date(2026, 4, 1), date(2026, 5, 1)
OPEN = SeriesForecast("ONE", "ONE", "not_complete", 1, 3, A, A, B, B)
SHUT = SeriesForecast("ONE", "ONE", "aged_out", closed="aged_out")
DONE = SeriesForecast("ONE", "ONE", "complete", closed="complete")


def later_forecast(request: ForecastRequest) -> ForecastAnswer:
    """The toy rules, but ONE begins a week later and TWO has left the programme."""
    answer = toy_forecast(request)
    one, _, check_up = answer.forecasts
    if one.earliest is not None:
        one = msgspec.structs.replace(one, earliest=one.earliest + timedelta(7))
    return msgspec.structs.replace(answer, forecasts=(one, check_up))


def later_engine() -> Engine:
    return Engine("later edition", "1", later_forecast)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (OPEN, OPEN, set()),
        (OPEN, msgspec.structs.replace(OPEN, earliest=A - timedelta(1)), {Effect.MOVED}),
        (SHUT, OPEN, {Effect.GAINED, Effect.ELIGIBLE}),
        (None, OPEN, {Effect.GAINED, Effect.ELIGIBLE}),
        (OPEN, SHUT, {Effect.LOST}),
        (OPEN, None, {Effect.LOST}),
        (OPEN, DONE, {Effect.COMPLETED}),
        (SHUT, DONE, set()),
        (msgspec.structs.replace(OPEN, earliest=B), OPEN, {Effect.MOVED, Effect.ELIGIBLE}),
        (OPEN, msgspec.structs.replace(OPEN, overdue_from=A), {Effect.OVERDUE}),
    ],
)
def test_a_child_is_concerned_in_these_ways(old: SeriesForecast | None, new: SeriesForecast | None, found: set[Effect]) -> None:
    assert effects(old, new, A + timedelta(5)) == (found | {Effect.CHANGED} if old != new else set())


def test_a_cohort_is_a_fiscal_year() -> None:
    assert [cohort(day) for day in (date(2026, 3, 31), date(2026, 4, 1))] == [2025, 2026]


def test_every_child_of_the_ward_is_tried_and_nothing_is_written(built: Family, source: Source) -> None:
    others = more_families(built.ward, 5)
    head = built.ward.head()
    tally = impact(source, later_engine, workers=1).tally
    assert tally.children == 1, "those whom nobody has been shown anything yet are not concerned"
    assert tally.totals == {Effect.CHANGED: 1, Effect.MOVED: 1, Effect.LOST: 1}
    assert dict(tally.cells) == {
        ("ONE", 2025): Counter({Effect.CHANGED: 1, Effect.MOVED: 1}),
        ("TWO", 2025): Counter({Effect.CHANGED: 1, Effect.LOST: 1}),
    }
    assert tally.households == tally.to_tell == {built.household}
    assert built.ward.head() == head
    assert len(others) == 5


def test_workers_count_the_same_as_one_process(built: Family, source: Source, catch_up: Callable[[], None]) -> None:
    families = more_families(built.ward, 11)
    families[0].tell(families[0].child, ChildMovedOut(on=MONDAY))
    catch_up()
    alone = impact(source, later_engine, workers=1)
    progress: list[int] = []
    beside = impact(source, later_engine, workers=2, small_log=0, progress=lambda events, _: progress.append(events))
    assert beside == alone
    assert alone.tally.children == 11
    assert sum(progress) == alone.tally.events
    assert [s.child_id for s in alone.tally.samples["ONE"]] == sorted(f.child for f in [built, *families[1:]])[:3]


def test_an_impact_needs_something_to_compare_with(family: Family, source: Source) -> None:
    with pytest.raises(NothingShown):
        impact(source, later_engine, workers=1)


def test_a_trial_can_be_stopped_and_a_killed_worker_is_told(built: Family, source: Source, catch_up: Callable[[], None]) -> None:
    more_families(built.ward, 3)
    catch_up()

    def stop(_events: int, _total: int) -> None:
        raise KeyboardInterrupt

    def kill(_events: int, _total: int) -> None:
        for child in _workers_of(os.getpid()):
            os.kill(child, signal.SIGKILL)

    with pytest.raises(KeyboardInterrupt):
        impact(source, later_engine, workers=2, small_log=0, progress=stop)
    with pytest.raises(BrokenProcessPool):
        impact(source, later_engine, workers=1, small_log=0, progress=kill)
    assert impact(source, later_engine, workers=1).tally.children == 4


def test_small_groups_are_told_to_the_approver_alone(built: Family, source: Source, catch_up: Callable[[], None]) -> None:
    outcome = impact(source, later_engine, workers=1)
    public, full = report(outcome, approver=False), report(outcome, approver=True)
    assert [series.counts[Effect.CHANGED] for series in public.series] == [None, None]
    assert [series.cohorts + series.samples for series in public.series] == [[], []]
    assert (public.households, full.households) == (None, 1)
    assert [series.counts[Effect.CHANGED] for series in full.series] == [1, 1]
    assert full.series[0].samples[0].child_id == built.child


def test_cohorts_are_merged_until_they_are_large_enough(built: Family, source: Source) -> None:
    generation = impact(source, later_engine, workers=1).generation
    tally = Tally(
        cells={("ONE", born): Counter({Effect.CHANGED: n}) for born, n in ((2020, 6), (2021, 7), (2022, 30), (2023, 4))}
    )
    (series,) = report(Outcome("x", generation, tally), approver=False).series
    groups = [(group.born_from, group.born_to, group.counts[Effect.CHANGED]) for group in series.cohorts]
    assert groups == [(2020, 2021, 13), (2022, 2023, 34)]
    assert series.counts[Effect.CHANGED] == 47


def test_a_number_that_is_left_out_cannot_be_worked_out_from_the_sum() -> None:
    assert hidden([0, SMALL, 3, 50]) == [0, None, None, 50]
    assert hidden([1, 2, 50]) == [None, None, 50]
    assert hidden([0, 12]) == [0, 12]
    assert hidden([4]) == [None]


def more_families(ward: Ward, count: int) -> list[Family]:
    """Families beside the first one."""
    families = [Family(ward) for _ in range(count)]
    for family in families:
        family.moves_in()
    return families


def _workers_of(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in children if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()]


def test_trying_only_what_can_differ_counts_the_same_as_trying_everything(ward: Ward, source: Source, projecting: Ward) -> None:
    ward.bulk_append(History(Plan(40, 1, date(2026, 10, 1), Terms("1", "00"))).facts())
    shipped = msgspec.structs.replace(source, open_engine=japan)
    Rebuild(shipped, projecting, workers=1, small_log=10**9).run()
    few, all_series = (impact(shipped, engine, workers=0, small_log=10**9).tally for engine in (sooner, sooner_as_a_whole))
    assert few == all_series
    assert few.totals[Effect.CHANGED] > 0
    assert {series for series, _ in few.cells} == {"HPV"}
    assert concerned(japan(), sooner(), MONDAY) == frozenset({"HPV"})


def sooner() -> Engine:
    """The edition that ships, but girls may have HPV vaccine a year earlier."""
    files, twelve, eleven = read_files(CHIYODA), "12歳の年度初日".encode(), "11歳の年度初日".encode()
    assert twelve in files["hpv.toml"]
    return engine_from_files(files | {"hpv.toml": files["hpv.toml"].replace(twelve, eleven)})


def sooner_as_a_whole() -> Engine:
    """The same, asked for every series."""
    return msgspec.structs.replace(sooner(), rules=None)
