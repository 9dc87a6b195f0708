"""Tries an edition on every child of the ward, beside what families are shown now, and writes nothing (影響調査)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
from isal.isal_zlib import decompress
from msgspec import Struct
from psycopg import Connection, sql

from aggregates.child.request import doses_known, forecast_request
from aggregates.child.state import Child
from aggregates.fact import topic_of
from eventstore.bulk_read import Placed
from eventstore.keys import KeyStore
from projections import generation as generations
from projections.comparison import snapshots
from projections.engine import Engine, concerned, engine_of, is_kept
from projections.generation import Generation
from projections.impact_effect import Effect, Forecast, Shown, cohort, dates_changed, effects, first_day, pairs, shown_answer
from projections.kinds import KINDS, kind_of
from projections.projector import NOT_POISON
from projections.reading import each_stream
from projections.rebuild import SMALL_LOG
from projections.workers import Source, bounds, each_bucket
from schedule.contract import SeriesForecast

SAMPLES_MAX = 3
"""So many children of each series are named as examples, by their pseudonymous ids."""

Progress = Callable[[int, int], None]
"""Called with how many more facts were folded, and of how many."""
Cell = tuple[str, int]
"""A series, and the fiscal year of birth."""


class NothingShown(RuntimeError):
    """There are no read models yet: nobody is shown anything that could change."""


class Sample(Struct, frozen=True):
    """One child that is concerned, with what it is shown now and what it would be shown."""

    child_id: UUID
    cohort: int
    effects: tuple[Effect, ...]
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def changed(self) -> list[str]:
        """The fields that read differently."""
        return [name for name in {**self.before, **self.after} if self.before.get(name) != self.after.get(name)]


class Tally(Struct):
    """Children counted. `unreadable` are those whose facts cannot be folded; they are in no other count."""

    children: int = 0
    unreadable: int = 0
    events: int = 0
    totals: Counter[Effect] = msgspec.field(default_factory=Counter)
    cells: dict[Cell, Counter[Effect]] = msgspec.field(default_factory=lambda: defaultdict(Counter))
    households: set[UUID] = msgspec.field(default_factory=set)
    to_tell: set[UUID] = msgspec.field(default_factory=set)
    """Those of the households that are told when the edition is published, because dates of theirs change."""
    born: Counter[int] = msgspec.field(default_factory=Counter)
    """Children concerned, by the fiscal year of birth; one that is concerned in several series counts once."""
    moves: Counter[int] = msgspec.field(default_factory=Counter)
    """By how many days the first day of a dose moves; each series of a child counts."""
    samples: dict[str, list[Sample]] = msgspec.field(default_factory=lambda: defaultdict(list))

    def count(self, child: Child, child_id: UUID, old: Iterable[Forecast], new: Iterable[SeriesForecast], on: date) -> None:
        """Add one child, with what it is shown of the series that may differ, and what it would be."""
        self.children += 1
        concerned = set[Effect]()
        born = cohort(child.born_on or date.min)
        for series, before, after in pairs(old, new):
            if found := effects(before, after, on):
                concerned |= found
                self.cells[series, born].update(found)
                self.moves.update(_moved(before, after) if Effect.MOVED in found else ())
                if len(self.samples[series]) < SAMPLES_MAX:  # children come in the order of their ids
                    self.samples[series].append(Sample(child_id, born, tuple(sorted(found)), _told(before), _told(after)))
        self.totals.update(concerned)
        self.born[born] += bool(concerned)
        if concerned and child.household_id is not None:
            self.households.add(child.household_id)
            if dates_changed(concerned):
                self.to_tell.add(child.household_id)

    def add(self, other: "Tally") -> None:
        """Add another range of children."""
        self.children += other.children
        self.unreadable += other.unreadable
        self.events += other.events
        self.totals.update(other.totals)
        self.households |= other.households
        self.to_tell |= other.to_tell
        self.born.update(other.born)
        self.moves.update(other.moves)
        for cell, counts in other.cells.items():
            self.cells[cell].update(counts)
        for series, samples in other.samples.items():
            self.samples[series] = sorted([*self.samples[series], *samples], key=lambda one: one.child_id)[:SAMPLES_MAX]


class Trial(Struct, frozen=True):
    """What is tried: an engine with another edition, beside a generation as it stands in one snapshot of the database.

    Only `series` are: the two editions answer all others alike.
    """

    source: Source
    open_engine: Callable[[], Engine]
    series: frozenset[str] | None
    generation: Generation
    snapshot: str


class Outcome(Struct, frozen=True):
    """What came out. The generation says against what, at which position and as of which day."""

    edition: str
    generation: Generation
    tally: Tally


def impact(
    source: Source,
    open_engine: Callable[[], Engine],
    *,
    workers: int,
    progress: Progress = lambda _events, _total: None,
    small_log: int = SMALL_LOG,
) -> Outcome:
    """Hold what every child would be shown against what it is shown, both as of the same position and day.

    Children who have moved out are left out: nobody is told of their dates any more.

    Raises:
        NothingShown: there are no read models.
        BrokenProcessPool: a worker was killed; nothing was written.
    """
    with snapshots(source.conninfo) as connection, connection.transaction(), connection.cursor() as cursor:
        at = generations.current(cursor)
        if at is None:
            raise NothingShown("there are no read models yet: run `hagukumi rebuild`")
        ((snapshot,),) = cursor.execute("SELECT pg_export_snapshot()").fetchall()
        trial, tally = Trial(source, open_engine, _concerned(source, at, open_engine()), at, snapshot), Tally()
        for part in each_bucket(_trying, trial, workers if at.position > small_log else 0):
            tally.add(part)
            progress(part.events, at.position)
    return Outcome(open_engine().edition, at, tally)


def _concerned(source: Source, at: Generation, engine: Engine) -> frozenset[str] | None:
    """The series to be tried; all where another engine made what is shown, or its edition cannot be had any more."""
    if at.engine != engine.version or not is_kept(source.conninfo, at.edition):
        return None
    return concerned(engine_of(source.conninfo, at.edition), engine, at.opened_on)


@contextmanager
def _trying(trial: Trial) -> Iterator["_Trier"]:
    source = trial.source
    with closing(source.open_keys()) as keys, snapshots(source.conninfo) as connection, connection.transaction():
        connection.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(trial.snapshot))
        yield _Trier(trial, keys, connection)


class _Trier:
    """Tries one range of streams after the other, in the snapshot that all workers share."""

    def __init__(self, trial: Trial, keys: KeyStore, connection: Connection[Any]) -> None:
        self._trial = trial
        self._keys = keys
        self._connection = connection
        self._engine = trial.open_engine()
        self._child = KINDS["child"]

    def __call__(self, bucket: int) -> Tally:
        """The children of one range."""
        at, tally = self._trial.generation, Tally()
        lowest, highest = bounds(bucket)
        shown = dict(answers(self._connection, at, lowest, highest))
        for stream, facts in each_stream(self._connection, self._keys, lowest, highest, at.position):
            if isinstance(facts, Exception):
                tally.unreadable += stream in shown
                continue
            tally.events += len(facts)
            if stream in shown and kind_of(topic_of(facts[0].fact)) is self._child:
                self._try(tally, stream, facts, shown[stream])
        return tally

    def _try(self, tally: Tally, child_id: UUID, facts: list[Placed], shown: bytes) -> None:
        today = self._trial.generation.opened_on
        try:
            child: Child = self._child.fold(recorded.fact for recorded in facts)
            if not child.registered or child.moved_out:
                return
            request = forecast_request(child_id, child, doses_known(child, today), today)
            new = self._engine.forecasts(request, self._trial.series)
        except NOT_POISON:
            raise
        except Exception:  # noqa: BLE001 - whatever a fold may raise concerns this child alone
            tally.unreadable += 1
            return
        tally.count(child, child_id, self._old(shown), new, today)

    def _old(self, shown: bytes) -> Iterable[Shown]:
        series = self._trial.series
        return [old for old in shown_answer(decompress(shown)).forecasts if series is None or old.series in series]


def answers(connection: Connection[Any], generation: Generation, lowest: UUID, highest: UUID) -> Iterable[tuple[UUID, bytes]]:
    """The packed answers of a range of children in a generation."""
    query = sql.SQL("SELECT child_id, answer_deflated FROM {} WHERE child_id BETWEEN %s AND %s").format(
        sql.Identifier(generation.schema, "schedule_answer")
    )
    return connection.cursor(binary=True).execute(query, (lowest, highest)).fetchall()


def by_series(tally: Tally) -> Iterator[tuple[str, dict[int, Counter[Effect]]]]:
    """The cells of each series by cohort, the eldest first."""
    for series, cells in groupby(sorted(tally.cells), key=lambda cell: cell[0]):
        yield series, {born: tally.cells[series, born] for _, born in cells}


def _moved(before: Forecast | None, after: Forecast | None) -> Iterator[int]:
    was, becomes = first_day(before), first_day(after)
    if was and becomes:
        yield (becomes - was).days


def _told(forecast: Forecast | None) -> dict[str, Any]:
    """What an example tells of a forecast."""
    if forecast is None:
        return {}
    fields = ("status", "dose_number", "earliest", "recommended", "past_due", "latest", "closed", "products")
    return {name: value for name in fields if (value := getattr(forecast, name))}
