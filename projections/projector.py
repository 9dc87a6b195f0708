"""Keeps one generation up to date: a batch of facts, and its position with it, in one transaction."""

import logging
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from msgspec import structs
from psycopg import Cursor, sql

from aggregates.account.facts import AccountErased
from aggregates.catalogue import UnknownTopic
from aggregates.child.facts import ChildErased
from aggregates.fact import Recorded, topic_of
from aggregates.household.facts import HouseholdErased
from eventstore.errors import StoreUnavailable
from eventstore.ward import Ward
from projections import generation as generations
from projections.engine import Engine
from projections.generation import Generation
from projections.kinds import KINDS, TABLES, Kind, kind_of, put_rows
from projections.log import Event, days, events_after, known
from projections.record import Context
from projections.table import Rows, clear, fill

log = logging.getLogger(__name__)

CHUNK_STREAMS_MAX = 500
REFRESHED_MAX = 50
"""So few at a time that a guardian who has just written does not wait long for them."""
ERASING = {topic_of(AccountErased), topic_of(HouseholdErased), topic_of(ChildErased)}
NOT_POISON = (psycopg.Error, sqlite3.Error, OSError, StoreUnavailable, UnknownTopic, MemoryError)
"""What says nothing of the facts themselves: try again, or wait for a newer build."""


class Touched(NamedTuple):
    """A stream to be folded again, and the position at which this became due."""

    kind: Kind
    position: int


class PoisonStream(Exception):
    """The facts of a stream cannot be folded, or its state makes no rows. Carries no more than the class of the error."""

    def __init__(self, stream: UUID, error: str) -> None:
        super().__init__(stream, error)
        self.stream = stream
        self.error = error

    def __str__(self) -> str:
        return f"stream {self.stream}: {self.error}"


class Projector:
    """Advances generations. With `park` a stream that cannot be folded is set aside, otherwise it stops everything."""

    def __init__(self, ward: Ward, engine: Engine, *, park: bool = True) -> None:
        self._ward = ward
        self._engine = engine
        self._park = park

    def advance(self, cursor: Cursor[Any], number: int, up_to: int | None = None) -> Generation:
        """Fold the next batch into a generation, inside the caller's transaction; how it stands then.

        Raises:
            UnknownTopic: the next fact was written by a newer build.
            PoisonStream: a stream cannot be folded, and streams are not parked.
        """
        before = generations.locked(cursor, number)
        events = list(known(events_after(cursor, before.position, up_to)))
        if not events:
            return before
        after = structs.replace(before, position=events[-1].position, opened_on=max([before.opened_on, *days(events)]))
        self._fold(cursor, after, _touched(events))
        for event in events:
            if event.topic in ERASING:
                purge(cursor, event.stream)
        cursor.execute(
            "UPDATE projection.generation SET position = %s, opened_on = %s WHERE generation = %s",
            (after.position, after.opened_on, number),
        )
        return after

    def refresh(self, cursor: Cursor[Any], number: int) -> int:
        """Forecast again some of the children whose answer has run out with the days; how many there were.

        Raises:
            PoisonStream: a child cannot be forecast, and streams are not parked.
        """
        at = generations.locked(cursor, number)
        query = sql.SQL(
            """SELECT child_id FROM {} WHERE valid_until <= %s AND child_id NOT IN (
                   SELECT stream FROM projection.parked WHERE generation = %s) ORDER BY valid_until LIMIT %s"""
        ).format(sql.Identifier(at.schema, "schedule_answer"))
        children = cursor.execute(query, (at.opened_on, number, REFRESHED_MAX)).fetchall()
        self._fold(cursor, at, {child_id: Touched(KINDS["child"], at.position) for (child_id,) in children})
        return len(children)

    def _fold(self, cursor: Cursor[Any], at: Generation, touched: dict[UUID, Touched]) -> None:
        folding = _Folding(self._ward, cursor, at, Context(self._engine, at.opened_on), park=self._park)
        for chunk in _chunks(touched):
            folding.replace({stream: touched[stream] for stream in chunk})


class _Folding:
    """Streams on their way into one generation, as they are at its position."""

    def __init__(self, ward: Ward, cursor: Cursor[Any], at: Generation, context: Context, *, park: bool) -> None:
        self._ward = ward
        self._cursor = cursor
        self._generation = at
        self._context = context
        self._park = park

    def replace(self, touched: dict[UUID, Touched]) -> None:
        """Fold streams again, all but the parked ones, and put their rows in place of those there are."""
        rows: Rows = defaultdict(list)
        done: dict[str, list[UUID]] = defaultdict(list)
        parked = self._parked()
        left = {stream: due for stream, due in touched.items() if stream not in parked}
        histories = self._histories(list(left))
        for stream, (kind, position) in left.items():
            fresh = self._fresh(stream, kind, position, histories)
            if fresh is not None:
                done[kind.name].append(stream)
                for name, added in fresh.items():
                    rows[name] += added
        for name, streams in done.items():
            for table in KINDS[name].tables:
                clear(self._cursor, self._generation.schema, table, streams)
                fill(self._cursor, self._generation.schema, table, rows[table.name])

    def _parked(self) -> set[UUID]:
        query = "SELECT stream FROM projection.parked WHERE generation = %s"
        return {stream for (stream,) in self._cursor.execute(query, (self._generation.generation,))}

    def _fresh(self, stream: UUID, kind: Kind, position: int, histories: dict[UUID, list[Recorded]] | None) -> Rows | None:
        """The rows of a stream as they shall be; None where it had to be set aside."""
        try:
            if histories is None:
                histories = self._ward.histories([stream], self._generation.position)
            return self._rows(stream, kind, histories[stream])
        except NOT_POISON:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a fold may raise concerns this stream alone
            self._set_aside(stream, position, error)
            return None

    def _histories(self, streams: list[UUID]) -> dict[UUID, list[Recorded]] | None:
        """All at once; None where one of them cannot be read, so that each is to be tried alone."""
        try:
            return self._ward.histories(streams, self._generation.position)
        except NOT_POISON:
            raise
        except Exception:  # noqa: BLE001 - whatever it is, it is found again with the stream it belongs to
            return None

    def _rows(self, stream: UUID, kind: Kind, history: list[Recorded]) -> Rows:
        rows: Rows = defaultdict(list)
        if history:
            state = kind.fold(recorded.fact for recorded in history)
            put_rows(rows, kind, stream, history[-1].originator_version, state, self._context)
        return rows

    def _set_aside(self, stream: UUID, position: int, error: Exception) -> None:
        name = type(error).__name__
        if not self._park:
            raise PoisonStream(stream, name) from None  # its text may quote a person
        log.error("stream %s is parked at position %d of generation %d: %s", stream, position, self._generation.generation, name)
        self._cursor.execute(
            "INSERT INTO projection.parked (generation, stream, position, error) VALUES (%s, %s, %s, %s)",
            (self._generation.generation, stream, position, name),
        )


def _touched(events: Iterable[Event]) -> dict[UUID, Touched]:
    touched: dict[UUID, Touched] = {}
    for event in events:
        kind = kind_of(event.topic)
        if kind is not None:
            touched.setdefault(event.stream, Touched(kind, event.position))
    return touched


def purge(cursor: Cursor[Any], stream: UUID) -> None:
    """Remove the rows of an erased stream, from all generations and beside them. Older ones may be laid out in another way."""
    owned = cursor.execute(
        """SELECT c.table_schema, c.table_name, c.column_name FROM information_schema.columns c
           JOIN information_schema.tables t USING (table_schema, table_name)
           WHERE c.table_schema = ANY (%s) AND t.table_type = 'BASE TABLE'
             AND c.column_name IN ('account_id', 'child_id', 'household_id')""",
        (["projection", *generations.schemas(cursor)],),
    ).fetchall()
    subjects = {table.name: table.subject for table in TABLES}
    for schema, table, column in owned:
        if subjects.get(table, column) == column:
            cursor.execute(
                sql.SQL("DELETE FROM {} WHERE {} = %s").format(sql.Identifier(schema, table), sql.Identifier(column)), (stream,)
            )


def _chunks(streams: Iterable[UUID]) -> Iterator[list[UUID]]:
    rest = iter(streams)
    while chunk := list(islice(rest, CHUNK_STREAMS_MAX)):
        yield chunk
