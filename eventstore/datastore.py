"""Pooled connections with a bounded patience."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from threading import Lock
from time import monotonic, sleep
from typing import Any, TypeVar, cast

import psycopg
from eventsourcing.postgres import ConnectionPool, PostgresDatastore
from psycopg import Connection, Cursor, sql
from psycopg.rows import DictRow, TupleRow, dict_row, tuple_row

from eventstore import arrays
from eventstore.database import DatabaseRole, with_defaults
from eventstore.errors import StoreUnavailable
from eventstore.pools import last_back_first_out

PATIENCE_SECONDS = 2.0
"""How long one call may try: long enough for a restart of the database, short enough for somebody who waits."""
PAUSE_SECONDS = 0.05
POOL_SIZE_MAX = 10
WAITING_MAX = 200
LOST = (psycopg.OperationalError, psycopg.InterfaceError)
"""Whether the database did what it was asked is not known after one of these."""

T = TypeVar("T")


class WardConnection(Connection[DictRow]):
    """A connection of the pool; whoever holds it holds it alone."""

    @cached_property
    def quick(self) -> Cursor[TupleRow]:
        """The cursor for short statements. It is kept, because a new one has to find out anew how our types are written."""
        return self.cursor(binary=True, row_factory=tuple_row)


class WardDatastore(PostgresDatastore):
    """The library's datastore, reached by a connection string and with the rights of one role."""

    def __init__(self, conninfo: str, role: DatabaseRole = DatabaseRole.APP, *, pool_size_max: int = POOL_SIZE_MAX) -> None:
        super().__init__(dbname="", host="", port="", user="", password="", schema="events")
        self._renewed_at = 0.0
        self._renewing = Lock()
        self.pool = ConnectionPool(
            with_defaults(conninfo),
            connection_class=WardConnection,
            kwargs={"row_factory": dict_row, "autocommit": True},
            configure=_configure(role),
            min_size=1,
            max_size=pool_size_max,
            max_waiting=WAITING_MAX,
            timeout=PATIENCE_SECONDS,
            reconnect_timeout=PATIENCE_SECONDS,
            open=False,
            name=role,
        )
        last_back_first_out(self.pool)

    def register_type_adapters(self) -> None:
        """Nothing to register: the append function takes arrays of plain types, not the library's composite."""

    @contextmanager
    def get_connection(self) -> Iterator[Connection[DictRow]]:
        """A pooled connection, without the library's wrapping of errors: the recorder maps them itself."""
        with self._held(PATIENCE_SECONDS) as connection:
            yield connection

    def read(self, work: Callable[[WardConnection], T]) -> T:
        """Runs work that may be repeated; see `attempt`."""
        return self.attempt(lambda connection, _: work(connection))

    def attempt(self, work: Callable[[WardConnection, bool], T]) -> T:
        """Runs `work(connection, again)` until it comes back or patience ends.

        `again` is True when an earlier attempt may have been carried out although its answer was lost.

        Raises:
            StoreUnavailable: the database did not answer in time.
        """
        deadline, again = monotonic() + PATIENCE_SECONDS, False
        while True:
            try:
                with self._held(max(PAUSE_SECONDS, deadline - monotonic())) as connection:
                    return work(connection, again)
            except LOST as lost:
                again = True
                if monotonic() + PAUSE_SECONDS >= deadline:
                    raise StoreUnavailable("the database does not answer") from lost
            sleep(PAUSE_SECONDS)

    @contextmanager
    def _held(self, timeout: float) -> Iterator[WardConnection]:
        """Without the pool's context manager: it commits, and a connection in autocommit has nothing to commit."""
        if self.pool.closed:  # until first used, so that a fork before that is harmless
            self.pool.open()
        connection = self.pool.getconn(timeout=timeout)
        try:
            yield cast("WardConnection", connection)
        finally:
            if connection.broken:
                self._renew()
            self.pool.putconn(connection)

    def _renew(self) -> None:
        """One broken connection usually means that all are: drop them, but not once for every waiting thread."""
        with self._renewing:
            if monotonic() - self._renewed_at > PATIENCE_SECONDS / 4:
                self._renewed_at = monotonic()
                self.pool.drain()


def _configure(role: DatabaseRole) -> Callable[[Connection[Any]], None]:
    setup = sql.SQL(
        "SET ROLE {}; SET lock_timeout = '2s'; SET statement_timeout = '3s'; SET idle_in_transaction_session_timeout = '5s'"
    ).format(sql.Identifier(role))

    def configure(connection: Connection[Any]) -> None:
        arrays.register(connection)
        connection.execute(setup)

    return configure
