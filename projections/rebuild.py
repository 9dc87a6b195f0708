"""Builds a generation of the read models anew beside the one in use, and switches over (再構築)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import uuid4

from msgspec import Struct
from psycopg import Connection, Cursor, OperationalError

from aggregates.fact import Meta, Recorded, Role
from aggregates.operation.facts import GenerationSwitched
from eventstore.database import DatabaseRole, connect
from eventstore.ward import Ward
from projections import edition_change
from projections import generation as generations
from projections.comparison import differing_tables, snapshots
from projections.edition_change import Comparison, DayTurned
from projections.engine import Engine
from projections.generation import Generation
from projections.load import index, load
from projections.log import opened_day
from projections.projector import Projector
from projections.workers import Source

REBUILD_LOCK = 7_420_002
COMPARISONS_MAX = 50
SMALL_LOG = 5_000
"""A log no longer than this is folded by the rebuild itself: starting workers would take longer."""


class Stage(StrEnum):
    """Where a rebuild stands."""

    LOAD = "load"
    INDEX = "index"
    CATCH_UP = "catch_up"
    COMPARE = "compare"
    CHANGES = "changes"
    SWITCH = "switch"


Report = Callable[[Stage, int, int], None]
"""Called with the stage, and in the load with how many facts of how many are folded."""


class Outcome(Struct, frozen=True):
    """What a rebuild did. `compared` says whether the old generation could be held against the new one at all."""

    generation: int
    replaced: int | None
    events: int
    compared: bool
    differing: tuple[str, ...] = ()


class RebuildRuns(RuntimeError):
    """Another rebuild is at work."""


class Differs(RuntimeError):
    """The new generation is built but not in use: tables that should be equal are not."""

    def __init__(self, tables: tuple[str, ...]) -> None:
        super().__init__(", ".join(tables))
        self.tables = tables


class NoWayBack(RuntimeError):
    """There is no earlier generation that this build could keep up to date."""


class Rebuild:
    """One rebuild from the log. Cut off at any point, the next one goes on where it stopped or begins anew.

    Args:
        source: How workers reach the log, and the engine of the new generation.
        ward: The log, with the rights of the projector.
        workers: How many processes fold beside each other.
        report: Told how far it has come.
        small_log: A log no longer than this is folded without workers.
        publishing: Facts to be appended with the switch or not at all: families see an edition from the moment it is published.
        shown: Opens the engine that families are shown until then, to hold its generation at the same position as the new one.
    """

    def __init__(
        self,
        source: Source,
        ward: Ward,
        *,
        workers: int,
        report: Report = lambda *_: None,
        small_log: int = SMALL_LOG,
        publishing: Sequence[Recorded] = (),
        shown: Callable[[], Engine] | None = None,
    ) -> None:
        self._source = source
        self._ward = ward
        self._workers = workers
        self._report = report
        self._small_log = small_log
        self._publishing = publishing
        self._engine = source.open_engine()
        self._projector = Projector(ward, self._engine, park=False)
        self._shown = shown() if shown else None

    def run(self, *, accept_differences: bool = False) -> Outcome:
        """Load, index, catch up, compare, switch.

        Raises:
            RebuildRuns: another one is at work.
            PoisonStream: a stream cannot be folded; nothing has changed for readers.
            Differs: the old generation says something else under the same rules, and this was not accepted.
        """
        with self._alone() as connection, connection.cursor() as cursor:
            old = generations.current(cursor)
            new = self._begin(cursor)
            self._build(connection, new)
            self._catch_up(connection, new)
            differing = self._compare(connection, new, old) if old else None
            if differing and not accept_differences:
                raise Differs(differing)
            self._take_over(connection, new, old if self._publishing else None)
            self._drop_older(cursor)
            return Outcome(
                new.generation,
                old.generation if old else None,
                new.position,
                compared=differing is not None,
                differing=differing or (),
            )

    def back(self) -> Outcome:
        """Return to the generation before, brought up to date first.

        Raises:
            NoWayBack: there is none, or another build made it.
        """
        with self._alone() as connection, connection.cursor() as cursor:
            now, before = generations.current(cursor), generations.previous(cursor)
            if now is None or before is None or not before.made_by(self._engine):
                raise NoWayBack("no earlier generation of the same edition, engine and layout")
            self._catch_up(connection, before)
            self._switch(before)
            return Outcome(before.generation, now.generation, before.position, compared=False)

    @contextmanager
    def _alone(self) -> Iterator[Connection[Any]]:
        with connect(self._source.conninfo, DatabaseRole.PROJECTOR) as connection:
            if connection.execute("SELECT pg_try_advisory_lock(%s)", (REBUILD_LOCK,)).fetchone() != (True,):
                raise RebuildRuns("another rebuild is at work")
            try:
                yield connection
            finally:
                # Closing alone would leave the lock with the server process for a moment, and the next try would be refused.
                with suppress(OperationalError):
                    connection.execute("SELECT pg_advisory_unlock(%s)", (REBUILD_LOCK,))

    def _begin(self, cursor: Cursor[Any]) -> Generation:
        """The generation that an earlier try left behind if it still fits, else a new one."""
        left = generations.unfinished(cursor)
        fitting = next((generation for generation in left if generation.made_by(self._engine)), None)
        for generation in left:
            if generation != fitting:
                with cursor.connection.transaction():
                    generations.drop(cursor, generation)
        if fitting is not None:
            return fitting
        head = self._ward.head()
        with cursor.connection.transaction():
            return generations.create(cursor, self._engine, head if head > self._small_log else 0, opened_day(cursor, head))

    def _build(self, connection: Connection[Any], new: Generation) -> None:
        done = 0

        def progress(events: int) -> None:
            nonlocal done
            done += events
            self._report(Stage.LOAD, done, new.position)

        if new.state == "loading":
            load(connection, self._source, new, self._workers, progress)
        if new.state != "ready":
            self._report(Stage.INDEX, new.position, new.position)
            index(connection, self._source, new, self._workers)

    def _catch_up(self, connection: Connection[Any], new: Generation) -> None:
        self._report(Stage.CATCH_UP, new.position, new.position)
        self._advance(connection, self._projector, new, self._ward.head())

    def _advance(self, connection: Connection[Any], projector: Projector, which: Generation, up_to: int) -> None:
        """Fold up to a position, and refresh what has run out by then."""
        at, before = which, None
        while at != before:
            with connection.transaction(), connection.cursor() as cursor:
                at, before = projector.advance(cursor, which.generation, up_to), at
        refreshed = 1
        while refreshed:
            with connection.transaction(), connection.cursor() as cursor:
                refreshed = projector.refresh(cursor, which.generation)

    def _compare(self, connection: Connection[Any], new: Generation, old: Generation) -> tuple[str, ...] | None:
        """Tables that differ at the same position under the same rules; None where the two cannot be compared."""
        if not old.made_by(self._engine) or generations.has_parked(connection.cursor(), old):
            return None
        self._report(Stage.COMPARE, new.position, new.position)
        with snapshots(self._source.conninfo) as snapshot:
            for _ in range(COMPARISONS_MAX):
                self._level(connection, new, old, self._engine)
                differing = differing_tables(snapshot, new, old)
                if differing is not None:
                    return differing
        return None

    def _level(self, connection: Connection[Any], new: Generation, old: Generation, engine: Engine | None) -> None:
        """Bring both generations to the head of the log; the old one only where an engine is given that keeps it."""
        head = self._ward.head()
        if engine is not None and old.made_by(engine):
            self._advance(connection, Projector(self._ward, engine), old, head)
        self._advance(connection, self._projector, new, head)

    def _take_over(self, connection: Connection[Any], new: Generation, old: Generation | None) -> None:
        """Switch to the new generation; where it publishes an edition, with the changes that this makes for families."""
        if old is None:
            self._switch(new)
            return
        for _ in range(COMPARISONS_MAX):
            with suppress(DayTurned):
                self._switch(new, self._changes(connection, new, old))
                return
        raise DayTurned

    def _changes(self, connection: Connection[Any], new: Generation, old: Generation) -> Comparison:
        self._report(Stage.CHANGES, new.position, new.position)
        catch_up = partial(self._level, connection, new, old, self._shown)
        catch_up()
        with connection.transaction(), connection.cursor() as cursor:
            begun = edition_change.begin(cursor, old, new)
        workers = self._workers if self._ward.head() > self._small_log else 0
        return edition_change.compare(connection, self._source.conninfo, begun, workers, catch_up)

    def _switch(self, new: Generation, changes: Comparison | None = None) -> None:
        """Under the append lock: fold the tail, tell the log, move the pointer. All or nothing."""
        self._report(Stage.SWITCH, new.position, new.position)

        def beside(cursor: Cursor[Any]) -> None:
            cursor.execute("SELECT events.hold_appends()")
            _fold_tail(cursor, self._projector, new)
            if changes is not None:
                if self._shown is not None and changes.old.made_by(self._shown):
                    _fold_tail(cursor, Projector(self._ward, self._shown), changes.old)
                edition_change.finish(cursor, changes)
            generations.read_from(cursor, new)

        fact = GenerationSwitched(
            generation=new.generation, edition=self._engine.edition, engine=self._engine.version, head=self._ward.head()
        )
        meta = Meta(role=Role.OPERATOR, edition=self._engine.edition, engine=self._engine.version)
        self._ward.save(*self._publishing, Recorded(uuid4(), 1, fact, meta), beside=beside)

    def _drop_older(self, cursor: Cursor[Any]) -> None:
        for generation in generations.unfinished(cursor):
            with cursor.connection.transaction():
                generations.drop(cursor, generation)


def _fold_tail(cursor: Cursor[Any], projector: Projector, generation: Generation) -> None:
    position = -1
    while (at := projector.advance(cursor, generation.generation).position) != position:
        position = at


def needs_rebuild(conninfo: str, engine: Engine) -> bool:
    """Whether requests would find no generation, or one that this build cannot keep up to date."""
    with connect(conninfo, DatabaseRole.PROJECTOR) as connection, connection.cursor() as cursor:
        now = generations.current(cursor)
    return now is None or not now.made_by(engine)
