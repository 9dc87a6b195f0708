"""How the mail stands, in numbers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from notifier.gate import Gate, Hold
from notifier.ledger import Ledger


class Waiting(Struct, frozen=True):
    """What waits: for a worker, for the log; and messages whose end nobody knows."""

    due: int
    oldest_due: datetime | None
    unreported: int
    bounced: int


class Domain(Struct, frozen=True):
    """How fast a domain takes mail now."""

    domain: str
    per_second: float
    let_through: int
    unknown_users: int
    closed_until: datetime | None


class Status(Struct, frozen=True):
    """All of it. `resting`: clock and opened day are too far apart."""

    hold: Hold
    resting: bool
    states: dict[str, int]
    waiting: Waiting
    domains: list[Domain]
    unknown: list[UUID]


def status(pool: ConnectionPool[Connection[tuple[Any, ...]]], *, resting: bool) -> Status:
    """As it stands now; numbers and domains only."""
    with pool.connection() as connection:
        with connection.cursor(row_factory=class_row(Waiting)) as cursor:
            waiting = cursor.execute(_WAITING).fetchone() or Waiting(0, None, 0, 0)
        with connection.cursor(row_factory=class_row(Domain)) as cursor:
            domains = cursor.execute(_DOMAINS).fetchall()
        unknown = [row[0] for row in connection.execute(_UNKNOWN, (LISTED_MOST,))]
    return Status(Gate(pool).state(), resting, Ledger(pool).counts(), waiting, domains, unknown)


LISTED_MOST = 100
_UNKNOWN = """
    SELECT message_id FROM mail.message WHERE state = 'unknown' AND settled_at IS NOT NULL ORDER BY settled_at DESC LIMIT %s"""
_WAITING = """
    SELECT count(*) FILTER (WHERE settled_at IS NULL AND not_before <= now()) AS due,
           min(not_before) FILTER (WHERE settled_at IS NULL AND not_before <= now()) AS oldest_due,
           count(*) FILTER (WHERE settled_at IS NOT NULL AND NOT reported) AS unreported,
           count(*) FILTER (WHERE bounced <> '') AS bounced
    FROM mail.message"""
_DOMAINS = """
    SELECT domain, per_second, let_through, unknown_users, CASE WHEN closed_until > now() THEN closed_until END AS closed_until
    FROM mail.domain ORDER BY domain"""
