"""Folds the whole log and holds the result against every row of the generation in use (突合)."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection, Cursor, sql

from aggregates.fact import topic_of
from eventstore.keys import KeyStore
from projections import generation as generations
from projections.comparison import pending, snapshots
from projections.generation import Generation
from projections.kinds import TABLES, kind_of, put_rows
from projections.projector import NOT_POISON
from projections.reading import each_stream
from projections.record import Context
from projections.table import Row, Rows, Table
from projections.workers import BUCKETS, Source, bounds

Progress = Callable[[int, int], None]
"""Called with how many more facts were folded, and of how many."""
LISTED_MAX = 100
"""So many differences are listed; all are counted."""


class Difference(Struct, frozen=True):
    """One row that is not as the log says: where, and in what, never with which values."""

    table: str
    stream: UUID
    problem: str


class Finding(Struct):
    """What a check found. `pending` children, whose answer has just run out with the day, are not held against it."""

    generation: int
    position: int
    events: int = 0
    rows: int = 0
    pending: int = 0
    differences: int = 0
    listed: list[Difference] = []


class CannotCompare(RuntimeError):
    """There is no generation, or another edition, engine or layout made it: rebuild first."""


def check(source: Source, progress: Progress = lambda _events, _total: None) -> Finding:
    """Compare at one moment, while the service runs.

    Raises:
        CannotCompare: this build does not make such rows.
    """
    engine = source.open_engine()
    with closing(source.open_keys()) as keys, snapshots(source.conninfo) as connection:
        with connection.transaction(), connection.cursor() as cursor:
            at = generations.current(cursor)
            if at is None or not at.made_by(engine):
                raise CannotCompare("the read models were made by another build: run `hagukumi rebuild`")
            finding = Finding(at.generation, at.position)
            comparison = _Comparison(keys, at, Context(engine, at.opened_on), cursor)
            found = [difference for bucket in range(BUCKETS) for difference in comparison.bucket(bucket, finding, progress)]
            excused = pending(cursor, at)
            finding.pending = len(excused)
        excused |= _erased_since(connection, at.position)
    kept = [difference for difference in found if difference.stream not in excused]
    finding.differences, finding.listed = len(kept), kept[:LISTED_MAX]
    return finding


class _Comparison:
    """The log on one side, a snapshot of the tables on the other."""

    def __init__(self, keys: KeyStore, at: Generation, context: Context, cursor: Cursor[Any]) -> None:
        self._keys = keys
        self._at = at
        self._context = context
        self._cursor = cursor

    def bucket(self, bucket: int, finding: Finding, progress: Progress) -> Iterator[Difference]:
        lowest, highest = bounds(bucket)
        expected: Rows = defaultdict(list)
        for stream, facts in each_stream(self._cursor.connection, self._keys, lowest, highest, self._at.position):
            if isinstance(facts, Exception):
                yield Difference("log", stream, f"cannot be read: {type(facts).__name__}")
                continue
            finding.events += len(facts)
            progress(len(facts), self._at.position)
            kind = kind_of(topic_of(facts[0].fact))
            if kind is None:
                continue
            try:
                state = kind.fold(recorded.fact for recorded in facts)
                put_rows(expected, kind, stream, facts[-1].originator_version, state, self._context)
            except NOT_POISON:
                raise
            except Exception as error:  # noqa: BLE001 - whatever a fold may raise is what is to be told
                yield Difference(kind.name, stream, f"cannot be folded: {type(error).__name__}")
        for table in TABLES:
            finding.rows += len(expected[table.name])
            yield from compare(table, expected[table.name], self._stored(table, lowest, highest))

    def _stored(self, table: Table, lowest: UUID, highest: UUID) -> list[Row]:
        query = sql.SQL("SELECT {} FROM {} WHERE {} BETWEEN %s AND %s").format(
            sql.SQL(", ").join(map(sql.Identifier, table.names)),
            sql.Identifier(self._at.schema, table.name),
            sql.Identifier(table.owner),
        )
        return self._cursor.execute(query, (lowest, highest), binary=True).fetchall()


def compare(table: Table, expected: list[Row], stored: list[Row]) -> Iterator[Difference]:
    """How stored rows differ from those expected, row by row of the same key."""
    places = [table.names.index(name) for name in table.key]
    owner = table.names.index(table.owner)
    left = {tuple(row[place] for place in places): row for row in stored}
    for row in expected:
        found = left.pop(tuple(row[place] for place in places), None)
        if found is None:
            yield Difference(table.name, row[owner], "missing")
        elif found != row and (names := _differing(table, row, found)):
            yield Difference(table.name, row[owner], f"differs in {', '.join(names)}")
    for row in left.values():
        yield Difference(table.name, row[owner], "superfluous")


def _differing(table: Table, expected: Row, stored: Row) -> list[str]:
    pairs = zip(table.names, expected, stored, strict=True)
    return [name for name, wanted, has in pairs if wanted != has and name not in table.packed]


def _erased_since(connection: Connection[Any], position: int) -> set[UUID]:
    """Streams whose facts became unreadable while they were compared."""
    query = "SELECT subject FROM events.erased WHERE position > %s"
    return {subject for (subject,) in connection.execute(query, (position,))}
