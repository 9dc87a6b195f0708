"""Where wrapped keys lie: a SQLite file of their own, or a Postgres database of their own. Never beside the log."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Protocol
from uuid import UUID

import psycopg
from psycopg_pool import ConnectionPool

from eventstore.database import with_defaults
from eventstore.errors import StoreUnavailable

WAIT_SECONDS = 2.0
Wrapped = tuple[UUID, bytes | None]
"""A subject and its wrapped key; None is a tombstone (墓標): the key is destroyed and never comes back."""


class KeyTable(Protocol):
    """Stores wrapped keys. Destroying leaves a tombstone that no insert can overwrite."""

    def find(self, subject: UUID) -> Wrapped | None:
        """The row of one subject."""

    def insert(self, rows: Sequence[tuple[UUID, bytes]]) -> None:
        """Adds keys in one transaction; whoever has a row keeps it."""

    def destroy(self, subject: UUID) -> None:
        """Overwrites the key by a tombstone."""

    def between(self, lowest: UUID, highest: UUID) -> list[Wrapped]:
        """All rows of a range, both ends included."""

    def close(self) -> None:
        """Lets go of file or connections."""


class SqliteKeyTable:
    """The embedded default. Freed pages are overwritten and the journal is emptied, so that a destroyed key leaves no trace."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._lock = Lock()
        self._connection = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)
        with self._answering() as connection:
            for pragma in ("secure_delete = ON", "journal_mode = TRUNCATE", "synchronous = FULL"):
                connection.execute(f"PRAGMA {pragma}").fetchall()
            connection.execute("CREATE TABLE IF NOT EXISTS subject_key (subject BLOB PRIMARY KEY, wrapped BLOB) WITHOUT ROWID")

    def find(self, subject: UUID) -> Wrapped | None:
        """The row of one subject."""
        with self._answering() as connection:
            row = connection.execute("SELECT wrapped FROM subject_key WHERE subject = ?", (subject.bytes,)).fetchone()
        return (subject, row[0]) if row else None

    def insert(self, rows: Sequence[tuple[UUID, bytes]]) -> None:
        """Adds keys in one transaction; whoever has a row keeps it."""
        data = [(subject.bytes, wrapped) for subject, wrapped in rows]
        with self._answering() as connection, _transaction(connection):
            connection.executemany("INSERT INTO subject_key VALUES (?, ?) ON CONFLICT DO NOTHING", data)

    def destroy(self, subject: UUID) -> None:
        """Overwrites the key by a tombstone."""
        with self._answering() as connection:
            connection.execute(
                "INSERT INTO subject_key VALUES (?, NULL) ON CONFLICT (subject) DO UPDATE SET wrapped = NULL", (subject.bytes,)
            )

    def between(self, lowest: UUID, highest: UUID) -> list[Wrapped]:
        """All rows of a range, both ends included."""
        query = "SELECT subject, wrapped FROM subject_key WHERE subject BETWEEN ? AND ?"
        with self._answering() as connection:
            rows = connection.execute(query, (lowest.bytes, highest.bytes)).fetchall()
        return [(UUID(bytes=subject), wrapped) for subject, wrapped in rows]

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _answering(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._connection
            except sqlite3.OperationalError as error:
                raise StoreUnavailable("the key store does not answer") from error


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


class PostgresKeyTable:
    """Keys in a Postgres database with a WAL and backups of its own."""

    def __init__(self, conninfo: str) -> None:
        self._pool = ConnectionPool(
            with_defaults(conninfo),
            min_size=1,
            max_size=4,
            timeout=WAIT_SECONDS,
            reconnect_timeout=WAIT_SECONDS,
            kwargs={"autocommit": True},
            open=True,
            name="keys",
        )
        with self._answering() as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS subject_key (subject uuid PRIMARY KEY, wrapped bytea)")

    def find(self, subject: UUID) -> Wrapped | None:
        """The row of one subject."""
        query = "SELECT subject, wrapped FROM subject_key WHERE subject = %s"
        with self._answering() as connection:
            return connection.execute(query, (subject,), binary=True).fetchone()

    def insert(self, rows: Sequence[tuple[UUID, bytes]]) -> None:
        """Adds keys in one transaction; whoever has a row keeps it."""
        query = "INSERT INTO subject_key SELECT * FROM unnest(%s::uuid[], %s::bytea[]) ON CONFLICT DO NOTHING"
        with self._answering() as connection:
            connection.execute(query, ([subject for subject, _ in rows], [wrapped for _, wrapped in rows]))

    def destroy(self, subject: UUID) -> None:
        """Overwrites the key by a tombstone, and has the old row's space cleaned at once."""
        with self._answering() as connection:
            connection.execute(
                "INSERT INTO subject_key VALUES (%s, NULL) ON CONFLICT (subject) DO UPDATE SET wrapped = NULL", (subject,)
            )
            connection.execute("VACUUM subject_key")

    def between(self, lowest: UUID, highest: UUID) -> list[Wrapped]:
        """All rows of a range, both ends included."""
        query = "SELECT subject, wrapped FROM subject_key WHERE subject BETWEEN %s AND %s"
        with self._answering() as connection:
            return connection.execute(query, (lowest, highest), binary=True).fetchall()

    def close(self) -> None:
        """Closes the pool."""
        self._pool.close()

    @contextmanager
    def _answering(self) -> Iterator[psycopg.Connection]:
        try:
            with self._pool.connection() as connection:
                yield connection
        except psycopg.OperationalError as error:
            raise StoreUnavailable("the key store does not answer") from error
