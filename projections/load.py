"""Loads an empty generation from the log, range of streams by range of streams, in processes beside each other."""

import gc
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from multiprocessing import get_context, parent_process
from signal import SIG_IGN, SIGINT, signal
from threading import Thread
from typing import Any, TypeVar
from uuid import UUID

from msgspec import Struct
from psycopg import Connection, Cursor

from aggregates.fact import topic_of
from eventstore.database import DatabaseRole, connect
from eventstore.keys import KeyStore
from projections import generation as generations
from projections.engine import Engine
from projections.generation import Generation
from projections.kinds import TABLES, kind_of, put_rows
from projections.projector import NOT_POISON, PoisonStream
from projections.reading import each_stream
from projections.record import Context
from projections.table import Rows, Table, fill

BUCKETS = 64
"""A worker holds one range of streams in memory at a time, so this bounds it: the larger the log, the smaller its share."""
FLUSH_STREAMS = 500
GARBAGE_OBJECTS = 100_000
"""Rows and facts hold no cycles; so many new objects may gather before they are searched for some."""
NICENESS = 10
INDEX_MEMORY = "128MB"

Progress = Callable[[int], None]
"""Called with the number of facts that were just folded."""


A = TypeVar("A")
T = TypeVar("T")


class Source(Struct, frozen=True):
    """How a worker reaches the log, the keys and the engine. The callables are sent to other processes: functions, no lambdas."""

    conninfo: str
    open_keys: Callable[[], KeyStore]
    open_engine: Callable[[], Engine]


class _Worker(Struct):
    source: Source
    keys: KeyStore
    engine: Engine
    generation: Generation


_worker: _Worker


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
    with gentle_pool(workers, _begin, source, generation) as pool:
        for events in results(pool, [pool.submit(load_bucket, bucket) for bucket in left]):
            progress(events)


def index(connection: Connection[Any], source: Source, generation: Generation, workers: int) -> None:
    """Make keys and indexes, where an earlier try has not."""
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(make_indexes, source.conninfo, generation.schema, table) for table in TABLES]
        for _ in results(pool, futures):
            pass
    _advance(connection, generation, "ready")


def load_bucket(bucket: int) -> int:
    """In a worker: all rows of one range of streams, in one transaction; the number of facts behind them."""
    with connect(_worker.source.conninfo, DatabaseRole.PROJECTOR) as connection, connection.transaction():
        mine = connection.execute(
            "INSERT INTO projection.bucket (generation, bucket, events) VALUES (%s, %s, 0) ON CONFLICT DO NOTHING RETURNING 1",
            (_worker.generation.generation, bucket),
        ).fetchone()
        if mine is None:
            return 0  # a worker that outlived its killed parent has just loaded it
        events = _fold(connection.cursor(), bucket)
        connection.execute(
            "UPDATE projection.bucket SET events = %s WHERE generation = %s AND bucket = %s",
            (events, _worker.generation.generation, bucket),
        )
    return events


def make_indexes(conninfo: str, schema: str, table: Table) -> None:
    """Key and indexes of one table, all or none; nothing where they are there already."""
    with connect(conninfo, DatabaseRole.PROJECTOR) as connection, connection.transaction():
        connection.execute(f"SET LOCAL maintenance_work_mem = '{INDEX_MEMORY}'")
        connection.execute(f"SET LOCAL search_path TO {schema}".encode())
        if _has_key(connection, schema, table):
            return
        for statement in table.index_ddl():
            connection.execute(statement.encode())
        connection.execute(f"ANALYZE {table.name}".encode())


def bounds(bucket: int, buckets: int = BUCKETS) -> tuple[UUID, UUID]:
    """The lowest and the highest stream id of a range. Ids are random, so all ranges are about as large."""
    width = (1 << 128) // buckets
    return UUID(int=bucket * width), UUID(int=(bucket + 1) * width - 1)


def _fold(cursor: Cursor[Any], bucket: int) -> int:
    context = Context(_worker.engine, _worker.generation.opened_on)
    rows: Rows = defaultdict(list)
    events = 0
    lowest, highest = bounds(bucket)
    streams = each_stream(_worker.source.conninfo, _worker.keys, lowest, highest, _worker.generation.position)
    for number, (stream, facts) in enumerate(streams, start=1):
        if isinstance(facts, Exception):
            raise PoisonStream(stream, type(facts).__name__)
        events += len(facts)
        kind = kind_of(topic_of(facts[0].fact))
        if kind is None:
            continue
        try:
            state = kind.fold([recorded.fact for recorded in facts])
            put_rows(rows, kind, stream, facts[-1].originator_version, state, context)
        except NOT_POISON:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a fold may raise is told by its class
            raise PoisonStream(stream, type(error).__name__) from None  # its text may quote a person
        if number % FLUSH_STREAMS == 0:
            _flush(cursor, rows)
    _flush(cursor, rows)
    return events


def _flush(cursor: Cursor[Any], rows: Rows) -> None:
    for table in TABLES:
        fill(cursor, _worker.generation.schema, table, rows[table.name])
    rows.clear()


def _has_key(connection: Connection[Any], schema: str, table: Table) -> bool:
    query = "SELECT FROM pg_index WHERE indrelid = %s::regclass AND indisprimary"
    return connection.execute(query, (f"{schema}.{table.name}",)).fetchone() is not None


def _advance(connection: Connection[Any], generation: Generation, state: str) -> None:
    with connection.cursor() as cursor:
        generations.set_state(cursor, generation, state)


def gentle_pool(workers: int, begin: Callable[..., None], *arguments: Any) -> ProcessPoolExecutor:
    """Processes at low priority, each begun by a function that is sent the arguments."""
    return ProcessPoolExecutor(workers, get_context("spawn"), _begin_gently, (begin, *arguments))


def each_bucket(open_work: Callable[[A], Callable[[int], T]], argument: A, workers: int) -> Iterator[T]:
    """What some work makes of each range of streams, as it comes: here where there are no workers, else in them.

    The work is opened once by each process; function and argument are sent to them.
    """
    if workers == 0:
        yield from map(open_work(argument), range(BUCKETS))
        return
    with gentle_pool(workers, _open, open_work, argument) as pool:
        yield from results(pool, [pool.submit(_work_on, bucket) for bucket in range(BUCKETS)])


def results(pool: Executor, futures: Sequence[Future[T]]) -> Iterator[T]:
    """Results as they come; after the first failure nothing more is begun."""
    try:
        for future in as_completed(futures):
            yield future.result()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def _begin_gently(begin: Callable[..., None], *arguments: Any) -> None:
    os.nice(NICENESS)
    signal(SIGINT, SIG_IGN)  # Ctrl-C is for the parent, which begins nothing more
    Thread(target=_end_with_parent, daemon=True).start()
    begin(*arguments)
    gc.freeze()  # rules and code never become garbage; looking at them again and again took a seventh of the time
    gc.set_threshold(GARBAGE_OBJECTS)


_work: Callable[[int], Any]


def _open(open_work: Callable[[A], Callable[[int], Any]], argument: A) -> None:
    global _work  # noqa: PLW0603 - a worker process is one worker
    _work = open_work(argument)


def _work_on(bucket: int) -> Any:
    return _work(bucket)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for ever for more to do; what it has begun is rolled back."""
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _begin(source: Source, generation: Generation) -> None:
    global _worker  # noqa: PLW0603 - a worker process is one worker
    _worker = _Worker(source, source.open_keys(), source.open_engine(), generation)
