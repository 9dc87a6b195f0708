"""Connections that requests read from, apart from those that append."""

import select
from typing import Any

from psycopg import Connection, OperationalError, sql
from psycopg_pool import ConnectionPool

from eventstore.database import DatabaseRole, with_defaults
from eventstore.pools import last_back_first_out

SIZE_MAX = 12
WAITING_MAX = 200
PATIENCE_SECONDS = 2.0

_SETUP = sql.SQL("SET ROLE {}; SET statement_timeout = '3s'; SET default_transaction_read_only = on").format(
    sql.Identifier(DatabaseRole.APP)
)


class Reads:
    """A pool that is opened when the requests begin."""

    def __init__(self, conninfo: str) -> None:
        self.pool: ConnectionPool[Connection[Any]] = ConnectionPool(
            with_defaults(conninfo),
            kwargs={"autocommit": True},
            configure=_set_up,
            check=_check,
            min_size=2,
            max_size=SIZE_MAX,
            max_waiting=WAITING_MAX,
            timeout=PATIENCE_SECONDS,
            reconnect_timeout=PATIENCE_SECONDS,
            open=False,
            name="reads",
        )
        last_back_first_out(self.pool)

    def start(self) -> None:
        """Begin to connect."""
        self.pool.open()

    def stop(self) -> None:
        """Close every connection."""
        self.pool.close()


def _set_up(connection: Connection[Any]) -> None:
    connection.execute(_SETUP)


def _check(connection: Connection[Any]) -> None:
    """Tell a connection that the server has closed, without asking the server: its socket has something to read."""
    readable, _, _ = select.select([connection.fileno()], [], [], 0)
    if readable:
        connection.close()  # else the pool would take it for a good one
        raise OperationalError("the server has closed this connection")
