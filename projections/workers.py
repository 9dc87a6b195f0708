"""Work on the whole log, range of streams by range of streams, in processes beside each other at low priority."""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from multiprocessing import get_context, parent_process
from signal import SIG_IGN, SIGINT, signal
from threading import Thread
from typing import Any, TypeVar
from uuid import UUID

from msgspec import Struct
from psycopg import Connection

from eventstore.database import DatabaseRole, connect
from eventstore.keys import KeyStore
from projections.engine import Engine

BUCKETS = 64
"""A worker holds one range of streams in memory at a time, so this bounds it: the larger the log, the smaller its share."""
GARBAGE_OBJECTS = 1_000_000
"""Rows and facts hold no cycles; so many new objects may gather before they are searched for some."""
NICENESS = 10

A = TypeVar("A")
T = TypeVar("T")


class Source(Struct, frozen=True):
    """How a worker reaches the log, the keys and the engine. The callables are sent to other processes: functions, no lambdas."""

    conninfo: str
    open_keys: Callable[[], KeyStore]
    open_engine: Callable[[], Engine]

    @contextmanager
    def opened(self) -> Iterator[tuple[Connection[Any], KeyStore]]:
        """The database, with the rights of the projector, and the keys: for as long as a worker works."""
        with closing(self.open_keys()) as keys, connect(self.conninfo, DatabaseRole.PROJECTOR) as connection:
            yield connection, keys


def bounds(bucket: int, buckets: int = BUCKETS) -> tuple[UUID, UUID]:
    """The lowest and the highest stream id of a range. Ids are random, so all ranges are about as large."""
    width = (1 << 128) // buckets
    return UUID(int=bucket * width), UUID(int=(bucket + 1) * width - 1)


def each_bucket(
    open_work: Callable[[A], AbstractContextManager[Callable[[int], T]]],
    argument: A,
    workers: int,
    buckets: Sequence[int] = range(BUCKETS),
) -> Iterator[T]:
    """What some work makes of each range of streams, as it comes: here where there are no workers, else in them.

    The work is opened once by each process, which is at low priority; function and argument are sent to them.
    """
    if workers == 0:
        with open_work(argument) as work:
            yield from map(work, buckets)
        return
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin_gently, (open_work, argument)) as pool:
        yield from results(pool, [pool.submit(_work_on, bucket) for bucket in buckets])


def results(pool: Executor, futures: Sequence[Future[T]]) -> Iterator[T]:
    """Results as they come; after the first failure nothing more is begun."""
    try:
        for future in as_completed(futures):
            yield future.result()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


_held = ExitStack()
"""What a worker process holds as long as it lives."""
_work: Callable[[int], Any]


def _begin_gently(open_work: Callable[[A], AbstractContextManager[Callable[[int], Any]]], argument: A) -> None:
    global _work  # noqa: PLW0603 - a worker process is one worker
    os.nice(NICENESS)
    signal(SIGINT, SIG_IGN)  # Ctrl-C is for the parent, which begins nothing more
    Thread(target=_end_with_parent, daemon=True).start()
    _work = _held.enter_context(open_work(argument))
    gc.freeze()  # rules and code never become garbage; looking at them again and again took a seventh of the time
    gc.set_threshold(GARBAGE_OBJECTS)


def _work_on(bucket: int) -> Any:
    return _work(bucket)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for ever for more to do; what it has begun is rolled back."""
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
