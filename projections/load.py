"""Loads an empty generation from the log, range of streams by range of streams, and makes its keys and indexes."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection, Cursor

from aggregates.fact import topic_of
from eventstore.bulk_read import Placed
from eventstore.database import DatabaseRole, connect
from eventstore.keys import KeyStore
from projections import generation as generations
from projections.generation import Generation
from projections.kinds import TABLES, kind_of
from projections.projector import NOT_POISON, PoisonStream
from projections.reading import each_stream
from projections.record import Context
from projections.table import Batch, Row, Table
from projections.workers import BUCKETS, Source, bounds, each_bucket, results

INDEX_MEMORY = "256MB"

Progress = Callable[[int], None]
"""Called with the number of facts that were just folded."""


def load(connection: Connection[Any], source: Source, generation: Generation, workers: int, progress: Progress) -> None:
    """Fill the tables of a generation up to its position; ranges that an earlier try has loaded are left as they are.

    Raises:
        PoisonStream: a stream cannot be folded.
        BrokenProcessPool: a worker was killed; try again to go on.
    """
    if generation.position > 0:
        _load(connection, source, generation, workers, progress)
    _advance(connection, generation, "loaded")


def _load(connection: Connection[Any], source: Source, generation: Generation, workers: int, progress: Progress) -> None:
    done = dict(
        connection.execute(
            "SELECT bucket, events FROM projection.bucket WHERE generation = %s", (generation.generation,)
        ).fetchall()
    )
    progress(sum(done.values()))
    left = [bucket for bucket in range(BUCKETS) if bucket not in done]
    for events in each_bucket(_loading, (source, generation), workers, left):
        progress(events)


@contextmanager
def _loading(of: tuple[Source, Generation]) -> Iterator["_Loader"]:
    source, generation = of
    with source.opened() as (connection, keys):
        connection.execute("SET synchronous_commit = off")  # what a crash undoes is loaded again; the switch waits for the disk
        yield _Loader(generation, Context(source.open_engine(), generation.opened_on), keys, connection)


class _Loader(Struct):
    """Loads one range of streams after the other."""

    generation: Generation
    context: Context
    keys: KeyStore
    connection: Connection[Any]

    def __call__(self, bucket: int) -> int:
        """All rows of a range, in one transaction; the number of facts behind them."""
        number = self.generation.generation
        with self.connection.transaction(), self.connection.cursor() as cursor:
            claim = "INSERT INTO projection.bucket (generation, bucket, events) VALUES (%s, %s, 0) ON CONFLICT DO NOTHING"
            if not cursor.execute(claim, (number, bucket)).rowcount:
                return 0  # a worker that outlived its killed parent has just loaded it
            events = self._fold(cursor, bucket)
            cursor.execute(
                "UPDATE projection.bucket SET events = %s WHERE generation = %s AND bucket = %s", (events, number, bucket)
            )
        return events

    def _fold(self, cursor: Cursor[Any], bucket: int) -> int:
        batches = {table.name: Batch(self.connection, table) for table in TABLES}
        events = 0
        for stream, facts in each_stream(self.connection, self.keys, *bounds(bucket), self.generation.position):
            if isinstance(facts, Exception):
                raise PoisonStream(stream, type(facts).__name__)
            events += len(facts)
            for table, rows in self._rows(stream, facts):
                batches[table.name].add(rows)
        for batch in batches.values():
            batch.send(cursor, self.generation.schema)
        return events

    def _rows(self, stream: UUID, facts: list[Placed]) -> Iterable[tuple[Table, list[Row]]]:
        kind = kind_of(topic_of(facts[0].fact))
        if kind is None:
            return ()
        try:
            state = kind.fold([recorded.fact for recorded in facts])
            return kind.rows(stream, facts[-1].originator_version, state, self.context)
        except NOT_POISON:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a fold may raise is told by its class
            raise PoisonStream(stream, type(error).__name__) from None  # its text may quote a person


def index(connection: Connection[Any], source: Source, generation: Generation, workers: int) -> None:
    """Make keys and indexes, where an earlier try has not; those of the largest tables first, so that all end together."""
    largest_first = sorted(TABLES, key=partial(_bytes, connection, generation.schema), reverse=True)
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(make_indexes, source.conninfo, generation.schema, table) for table in largest_first]
        for _ in results(pool, futures):
            pass
    _advance(connection, generation, "ready")


def make_indexes(conninfo: str, schema: str, table: Table) -> None:
    """Key and indexes of one table, all or none; nothing where they are there already."""
    with connect(conninfo, DatabaseRole.PROJECTOR) as connection, connection.transaction():
        connection.execute(f"SET LOCAL maintenance_work_mem = '{INDEX_MEMORY}'")
        connection.execute("SET LOCAL max_parallel_maintenance_workers = 0")  # one table beside the other is enough for readers
        connection.execute(f"SET LOCAL search_path TO {schema}".encode())
        if _has_key(connection, schema, table):
            return
        for statement in table.index_ddl():
            connection.execute(statement.encode())
        connection.execute(f"ANALYZE {table.name}".encode())


def _bytes(connection: Connection[Any], schema: str, table: Table) -> int:
    ((size,),) = connection.execute("SELECT pg_relation_size(%s::regclass)", (f"{schema}.{table.name}",)).fetchall()
    return int(size)


def _has_key(connection: Connection[Any], schema: str, table: Table) -> bool:
    query = "SELECT FROM pg_index WHERE indrelid = %s::regclass AND indisprimary"
    return connection.execute(query, (f"{schema}.{table.name}",)).fetchone() is not None


def _advance(connection: Connection[Any], generation: Generation, state: str) -> None:
    with connection.cursor() as cursor:
        generations.set_state(cursor, generation, state)
