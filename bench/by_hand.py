"""The rows of a rebuild moved without one: COPY out + decrypt + decode of the whole log, and COPY in of all read models.

No fold, no forecast, no look at what an earlier try has left, no time to start processes or to connect. Rows go into tables with
their keys and indexes, as those of the read models are, or into bare ones. Log rows are opened by whatever function is given:
`as_documented` is what the manuals of the libraries show, a cursor that takes rows apart and every column decoded.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection, Cursor, sql

from aggregates.catalogue import decode
from bench.rebuild import TODAY, WORKERS, folds_only
from eventstore.bulk_read import RANGE, SORT_MEMORY
from eventstore.canonical import binding
from eventstore.database import DatabaseRole, connect
from eventstore.keys import KeyStore
from eventstore.mapper import NONCE_BYTES, decode_meta
from projections.generation import Generation, create, current, drop
from projections.kinds import TABLES
from projections.load import make_indexes
from projections.table import Row, Table
from projections.workers import Source, bounds, each_bucket

TYPES = ("int8", "timestamptz", "uuid", "int8", "text", "uuid", "uuid", "bytea", "bytea")

Read = Callable[[Connection[Any], KeyStore, int, int], object]
"""Reads one range of a log up to a position, and drops it."""


def as_documented(connection: Connection[Any], keys: KeyStore, up_to: int, bucket: int) -> None:
    """All columns of all rows, by the cursor that psycopg has for that."""
    lowest, highest = bounds(bucket)
    aead = keys.preload(lowest, highest)
    query = sql.SQL(RANGE).format(lowest=str(lowest), highest=str(highest), up_to=up_to)
    with connection.cursor().copy(query) as copy:
        copy.set_types(TYPES)
        for _, _, stream, version, topic, partition, key_id, meta, state in copy.rows():
            if key_id is not None:
                bound_to = binding(stream, version, topic, partition, key_id, meta)
                state = aead[key_id.bytes].decrypt(state[:NONCE_BYTES], state[NONCE_BYTES:], bound_to)  # noqa: PLW2901 - now open
            decode(topic, state)
            decode_meta(meta)


def copy_in(cursor: Cursor[Any], schema: str, table: Table, rows: list[Row]) -> None:
    """All rows of a table, one after the other."""
    with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(schema, table.name))) as copy:
        copy.set_types(table.types)
        for row in rows:
            copy.write_row(row)


class Hand(msgspec.Struct):
    """Moves the rows of one range after the other, and says how long that took."""

    read: Read
    shown: Generation
    written: Generation
    keys: KeyStore
    connection: Connection[Any]

    def __call__(self, bucket: int) -> float:
        """Log out and opened, rows in; what is written is read before, and that does not count."""
        binary = self.connection.cursor(binary=True)
        rows = {table: binary.execute(*self._rows(table, bucket)).fetchall() for table in TABLES}
        begun = perf_counter()
        self.read(self.connection, self.keys, self.shown.position, bucket)
        with self.connection.transaction(), self.connection.cursor() as cursor:
            for table, of_table in rows.items():
                copy_in(cursor, self.written.schema, table, of_table)
        return perf_counter() - begun

    def _rows(self, table: Table, bucket: int) -> tuple[sql.Composed, tuple[UUID, UUID]]:
        names = sql.SQL(", ").join(map(sql.Identifier, table.names))
        where = sql.SQL("SELECT {} FROM {} WHERE {} BETWEEN %s AND %s").format(
            names, sql.Identifier(self.shown.schema, table.name), sql.Identifier(table.owner)
        )
        return where, bounds(bucket)


@contextmanager
def _hand(of: tuple[Source, Read, Generation, Generation]) -> Iterator[Hand]:
    source, read, shown, written = of
    with source.opened() as (connection, keys):
        connection.execute(f"SET work_mem = '{SORT_MEMORY}'")
        yield Hand(read, shown, written, keys, connection)


def by_hand(source: Source, read: Read, *, keys: bool) -> float:
    """How many seconds the processes take that move rows and do nothing else, into tables with or without keys and indexes."""
    with connect(source.conninfo, DatabaseRole.PROJECTOR) as connection, connection.cursor() as cursor:
        shown = current(cursor)
        assert shown is not None  # noqa: S101 - a benchmark that measures nothing shall say so
        with connection.transaction():
            written = create(cursor, folds_only(), 0, TODAY)
        for table in TABLES if keys else ():
            make_indexes(source.conninfo, written.schema, table)
        took = sum(each_bucket(_hand, (source, read, shown, written), WORKERS)) / WORKERS
        with connection.transaction():
            drop(cursor, written)
    return took
