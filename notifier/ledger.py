"""The ledger of mail: which occasions were planned, and what became of each message."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from notifier.occasion import Occasion

LEASE = timedelta(minutes=2)
UNKNOWNS_MOST = 2
"""A message whose end is unknown is retried once under the same Message-ID, then left and listed."""
PLANNER_LOCK = 7_410_001

_DUE = (
    f"settled_at IS NULL AND state IN ('planned', 'deferred', 'unknown') AND unknowns < {UNKNOWNS_MOST} AND not_before <= now()"
)


class Claim(Struct, frozen=True):
    """A message that this worker alone may send until its lease ends."""

    message_id: UUID
    account_id: UUID
    attempts: int


class Settled(Struct, frozen=True):
    """A message with its end, to be told to the log."""

    message_id: UUID
    account_id: UUID
    state: str
    status: str
    answer_digest: str
    occasions: list[UUID]


class Ledger:
    """Reads and writes of schema `mail`. Every method is one transaction."""

    def __init__(self, pool: ConnectionPool[Connection[tuple[Any, ...]]]) -> None:
        self._pool = pool

    @contextmanager
    def planning(self) -> Iterator[Connection[tuple[Any, ...]]]:
        """A transaction in which nobody else plans."""
        with self._pool.connection() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (PLANNER_LOCK,))
            yield connection

    def claim(self, message_id: UUID) -> Claim | None:
        """Take a due message for the time of a lease; None where it is not due, settled or another worker's."""
        query = f"""
            UPDATE mail.message SET state = 'claimed', lease_until = now() + %s, attempts = attempts + 1
            WHERE message_id = (SELECT message_id FROM mail.message WHERE message_id = %s AND {_DUE} FOR UPDATE SKIP LOCKED)
            RETURNING message_id, account_id, attempts"""  # noqa: S608 - _DUE is a constant of this module
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Claim)) as cursor:
            return cursor.execute(query, (LEASE, message_id)).fetchone()

    def occasions(self, message_id: UUID) -> list[Occasion]:
        """What the message is about."""
        query = """
            SELECT account_id, child_id, series, dose_number, kind, cycle, due_on, address_version
            FROM mail.occasion WHERE message_id = %s ORDER BY child_id, due_on, series, kind"""
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Occasion)) as cursor:
            return cursor.execute(query, (message_id,)).fetchall()

    def data_starts(self, message_id: UUID) -> bool:
        """Note, before DATA, that from now on a lost connection leaves the end unknown. False where the lease is gone."""
        query = """
            UPDATE mail.message SET state = 'data_started'
            WHERE message_id = %s AND state = 'claimed' AND lease_until > now()"""
        with self._pool.connection() as connection:
            return connection.execute(query, (message_id,)).rowcount == 1

    def settle(self, message_id: UUID, state: str, status: str = "", answer_digest: str = "") -> None:
        """Write down the end of a message: accepted, suppressed or failed."""
        query = """
            UPDATE mail.message SET state = %s, status = %s, answer_digest = %s, settled_at = now(), lease_until = NULL
            WHERE message_id = %s AND settled_at IS NULL"""
        with self._pool.connection() as connection:
            connection.execute(query, (state, status, answer_digest, message_id))

    def defer(self, message_id: UUID, status: str, wait: timedelta) -> None:
        """The relay said «later», or could not be reached."""
        query = """
            UPDATE mail.message SET state = 'deferred', status = %s, not_before = now() + %s, lease_until = NULL
            WHERE message_id = %s AND settled_at IS NULL"""
        with self._pool.connection() as connection:
            connection.execute(query, (status, wait, message_id))

    def lost(self, message_id: UUID) -> None:
        """The connection was lost after DATA had begun."""
        with self._pool.connection() as connection:
            _lose(connection, "message_id = %s AND settled_at IS NULL", (message_id,))

    def release_expired(self) -> None:
        """Give back what workers held who did not come back: before DATA as planned, after it as unknown."""
        with self._pool.connection() as connection:
            connection.execute(
                "UPDATE mail.message SET state = 'planned', lease_until = NULL WHERE state = 'claimed' AND lease_until < now()"
            )
            _lose(connection, "state = 'data_started' AND lease_until < now()", ())

    def due(self, limit: int) -> list[UUID]:
        """Messages that wait for a worker, oldest first."""
        query = f"SELECT message_id FROM mail.message WHERE {_DUE} ORDER BY not_before LIMIT %s"  # noqa: S608 - a constant
        with self._pool.connection() as connection:
            return [row[0] for row in connection.execute(query, (limit,))]

    def to_report(self, limit: int) -> list[Settled]:
        """Settled messages of which the log does not know yet."""
        query = """
            SELECT m.message_id, m.account_id, m.state, m.status, m.answer_digest,
                   array_agg(o.occasion_id ORDER BY o.occasion_id) AS occasions
            FROM (SELECT * FROM mail.message WHERE settled_at IS NOT NULL AND NOT reported
                  ORDER BY settled_at LIMIT %s) m JOIN mail.occasion o USING (message_id)
            GROUP BY m.message_id, m.account_id, m.state, m.status, m.answer_digest"""
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Settled)) as cursor:
            return cursor.execute(query, (limit,)).fetchall()

    def reported(self, messages: Sequence[UUID]) -> None:
        """The log knows of these."""
        with self._pool.connection() as connection:
            connection.execute("UPDATE mail.message SET reported = true WHERE message_id = ANY(%s)", (list(messages),))

    def counts(self) -> dict[str, int]:
        """How many messages stand in each state."""
        with self._pool.connection() as connection:
            return dict(connection.execute("SELECT state, count(*) FROM mail.message GROUP BY state ORDER BY state").fetchall())


def insert(
    connection: Connection[tuple[Any, ...]],
    message_id: UUID,
    occasions: Sequence[Occasion],
    planned_on: date,
    not_before: datetime,
) -> None:
    """One message with its occasions, inside the planner's transaction."""
    connection.execute(
        "INSERT INTO mail.message (message_id, account_id, planned_on, not_before) VALUES (%s, %s, %s, %s)",
        (message_id, occasions[0].account_id, planned_on, not_before),
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO mail.occasion (occasion_id, account_id, child_id, series, dose_number, kind, cycle, due_on,
                                          address_version, message_id)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            [_row(occasion, message_id) for occasion in occasions],
        )


def _row(o: Occasion, message_id: UUID) -> tuple[object, ...]:
    key = (o.occasion_id, o.account_id, o.child_id, o.series, o.dose_number, o.kind, o.cycle)
    return (*key, o.due_on, o.address_version, message_id)


def _lose(connection: Connection[tuple[Any, ...]], which: str, values: tuple[object, ...]) -> None:
    connection.execute(
        f"""UPDATE mail.message SET state = 'unknown', unknowns = unknowns + 1, lease_until = NULL,
                   settled_at = CASE WHEN unknowns + 1 >= {UNKNOWNS_MOST} THEN now() END
            WHERE {which}""",  # noqa: S608 - both parts are constants of this module
        values,
    )
