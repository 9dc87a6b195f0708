"""Holds all mail, and lets it go again."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool


class Hold(Struct, frozen=True):
    """Whether mail is held, since when and what for."""

    held_since: datetime | None
    held_for: str


class Gate:
    """One row that every claim looks at: what it says holds for all workers from the next message on."""

    def __init__(self, pool: ConnectionPool[Connection[tuple[Any, ...]]]) -> None:
        self._pool = pool

    def state(self) -> Hold:
        """As it stands."""
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Hold)) as cursor:
            found = cursor.execute("SELECT held_since, held_for FROM mail.gate").fetchone()
        return found or Hold(None, "")

    def hold(self, reason: str) -> None:
        """Nothing is sent from now on; what is in DATA already ends as it ends."""
        with self._pool.connection() as connection:
            connection.execute("UPDATE mail.gate SET held_since = coalesce(held_since, now()), held_for = %s", (reason,))

    def resume(self) -> None:
        """Let mail go. What came too late meanwhile is suppressed, not sent."""
        with self._pool.connection() as connection:
            connection.execute("UPDATE mail.gate SET held_since = NULL, held_for = ''")
