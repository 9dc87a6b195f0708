"""Finds who would have been shown a date that another edition makes wrong, and since when (誤表示の範囲)."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection, Cursor

from aggregates.calendar.facts import DayOpened
from aggregates.catalogue import decode
from aggregates.child import state as child_state
from aggregates.child.request import doses_known, forecast_request, next_dose_day
from aggregates.child.state import Child
from aggregates.fact import topic_of
from aggregates.operation.facts import GenerationSwitched
from eventstore.bulk_read import Placed
from eventstore.database import DatabaseRole, connect
from eventstore.keys import KeyStore
from projections.engine import Engine, concerned
from projections.impact_effect import effects, pairs
from projections.kinds import KINDS, kind_of
from projections.projector import NOT_POISON
from projections.reading import each_stream
from projections.rebuild import SMALL_LOG
from projections.record import RunOut
from projections.workers import Source, bounds, each_bucket

DAY_OPENED, SWITCHED = topic_of(DayOpened), topic_of(GenerationSwitched)
STEPS_MAX = 10_000
"""More turning days than a childhood can have: beyond, an edition's answers run out too fast to be right."""

Progress = Callable[[int, int], None]


class NeverShown(LookupError):
    """Families were never shown this edition."""


class Period(Struct, frozen=True):
    """Days on which families were shown an edition, both included."""

    since: date
    until: date


class Exposed(Struct, frozen=True):
    """One series of one child read otherwise than it should have, on every one of these days as each of them ended."""

    child_id: UUID
    series: str
    since: date
    until: date


class Calendar:
    """Which day it was at a position of the log."""

    def __init__(self, openings: list[tuple[int, date]]) -> None:
        self._positions = [position for position, _ in openings]
        self._days = [day for _, day in openings]

    def day(self, position: int) -> date:
        """The day that was open; the first one for what came before it."""
        return self._days[max(0, bisect_right(self._positions, position) - 1)]


class Search(Struct, frozen=True):
    """What is looked for: where the edition that was shown says otherwise than the right one, in these periods.

    Only `series` can be: the two answer all others alike.
    """

    source: Source
    shown: Callable[[], Engine]
    right: Callable[[], Engine]
    series: frozenset[str] | None
    periods: list[Period]
    openings: list[tuple[int, date]]
    head: int


class Part(Struct):
    """What one range of children came to. `unreadable` ones were erased or cannot be folded."""

    events: int
    exposed: list[Exposed]
    unreadable: int


def exposure(
    source: Source,
    shown: Callable[[], Engine],
    right: Callable[[], Engine],
    *,
    workers: int,
    progress: Progress = lambda _events, _total: None,
    small_log: int = SMALL_LOG,
) -> tuple[list[Exposed], int]:
    """All children exposed, in the order of their ids, and how many children could not be looked at.

    What parents read is not logged, so this says what they would have been shown, had they looked.

    Raises:
        NeverShown: nobody was ever shown this edition.
    """
    search = _search(source, shown, right)
    found, unreadable = list[Exposed](), 0
    for part in each_bucket(_searching, search, workers if search.head > small_log else 0):
        found += part.exposed
        unreadable += part.unreadable
        progress(part.events, search.head)
    return sorted(found, key=lambda one: (one.child_id, one.series, one.since)), unreadable


def _search(source: Source, shown: Callable[[], Engine], right: Callable[[], Engine]) -> Search:
    with connect(source.conninfo, DatabaseRole.PROJECTOR) as connection, connection.cursor() as cursor:
        openings = [(position, fact.date) for position, fact in _facts(cursor, DAY_OPENED) if isinstance(fact, DayOpened)]
        switches = [(p, fact.edition) for p, fact in _facts(cursor, SWITCHED) if isinstance(fact, GenerationSwitched)]
        ((head,),) = cursor.execute("SELECT coalesce(max(position), 0) FROM events.event").fetchall()
    before, after = shown(), right()
    periods = list(_periods(Calendar(openings), switches, head, before.edition))
    if not periods:
        raise NeverShown("families were never shown this edition")
    return Search(source, shown, right, concerned(before, after, periods[0].since), periods, openings, head)


def _facts(cursor: Cursor[Any], topic: str) -> Iterator[tuple[int, Any]]:
    query = "SELECT position, state FROM events.event WHERE topic = %s ORDER BY position"
    return ((position, decode(topic, state)) for position, state in cursor.execute(query, (topic,)).fetchall())


def _periods(calendar: Calendar, switches: list[tuple[int, str]], head: int, edition: str) -> Iterator[Period]:
    """Once only where the edition goes on after a rebuild, or is returned to on the same or the next day."""
    since = until = None
    for (begun, named), (ended, _) in pairwise([*switches, (head, "")]):
        if named != edition:
            continue
        day = calendar.day(begun)
        if since and until and day > until + timedelta(1):
            yield Period(since, until)
            since = None
        since, until = since or day, calendar.day(ended)
    if since and until:
        yield Period(since, until)


@contextmanager
def _searching(search: Search) -> Iterator["_Searcher"]:
    with search.source.opened() as (connection, keys):
        yield _Searcher(search, keys, connection)


class _Searcher:
    """Looks through one range of streams after the other."""

    def __init__(self, search: Search, keys: KeyStore, connection: Connection[Any]) -> None:
        self._search = search
        self._keys = keys
        self._connection = connection
        self._calendar = Calendar(search.openings)
        self._engines = search.shown(), search.right()

    def __call__(self, bucket: int) -> Part:
        """The children of one range."""
        part = Part(0, [], 0)
        for stream, facts in each_stream(self._connection, self._keys, *bounds(bucket), self._search.head):
            if isinstance(facts, Exception):
                part.unreadable += 1
                continue
            part.events += len(facts)
            if kind_of(topic_of(facts[0].fact)) is KINDS["child"]:
                self._look(part, stream, facts)
        return part

    def _look(self, part: Part, child_id: UUID, facts: list[Placed]) -> None:
        by_day = [(self._calendar.day(recorded.position), recorded) for recorded in facts]
        try:
            for period in self._search.periods:
                part.exposed += exposed(child_id, by_day, period, self._engines, self._search.series)
        except NOT_POISON:
            raise
        except Exception:  # noqa: BLE001 - whatever a fold may raise concerns this child alone
            part.unreadable += 1


def exposed(
    child_id: UUID,
    facts: list[tuple[date, Placed]],
    period: Period,
    engines: tuple[Engine, Engine],
    series: frozenset[str] | None = None,
) -> Iterator[Exposed]:
    """The stretches of days within a period on which two engines say different things of a series of one child."""
    since: dict[str, date] = {}
    last = None
    for day, wrong in _steps(child_id, facts, period, engines, series):
        for code in since.keys() - wrong:
            yield Exposed(child_id, code, since.pop(code), _eve(day))
        since = {code: since.get(code, day) for code in wrong}
        last = day
    if last is not None:
        yield from (Exposed(child_id, code, first, period.until) for code, first in since.items())


def _steps(
    child_id: UUID,
    facts: list[tuple[date, Placed]],
    period: Period,
    engines: tuple[Engine, Engine],
    series: frozenset[str] | None,
) -> Iterator[tuple[date, set[str]]]:
    """The days on which anything may change, with the series that read wrong from then on."""
    day: date | None = max(period.since, facts[0][0])
    for _ in range(STEPS_MAX):
        if day is None or day > period.until:
            return
        child = _fold(facts, day)
        if not child.registered or child.moved_out:
            yield day, set()
            day = min((on for on, _ in facts if on > day), default=None)
            continue
        request = forecast_request(child_id, child, doses_known(child, day), day)
        before, after = (engine.forecasts(request, series) for engine in engines)
        yield day, {code for code, old, new in pairs(before, after) if effects(old, new, day)}
        turning = [f.valid_until for f in (*before, *after)]
        turning += [next_dose_day(child, day), *(on for on, _ in facts)]
        day = min((on for on in turning if on is not None and on > day), default=None)
    raise RunOut


def _fold(facts: list[tuple[date, Placed]], day: date) -> Child:
    child = child_state.Child()
    for on, recorded in facts:
        if on <= day:
            child = child_state.evolve(child, recorded.fact)
    return child


def _eve(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)
