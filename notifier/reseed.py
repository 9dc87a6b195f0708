"""Fills a restored or lost ledger with what the log and the relay know, so that nothing is sent a second time."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection
from psycopg_pool import ConnectionPool

from aggregates.fact import Recorded, topic_of
from aggregates.mail.facts import MessageAccepted, MessageFailed, MessageSuppressed, MessageUnknown, MessageWithdrawn
from eventstore.ward import Ward
from notifier.occasion import JST

BATCH = 500
_TOPICS = [topic_of(kind) for kind in (MessageAccepted, MessageSuppressed, MessageFailed, MessageUnknown, MessageWithdrawn)]
_MESSAGE_ID = re.compile(r"message-id=<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")


class Told(Struct, frozen=True):
    """What one outcome in the log says."""

    recorded: Recorded
    account_id: UUID
    state: str
    status: str
    occasions: Sequence[UUID]


class Reseed:
    """Writes rows of the ledger again; what is there already stays as it is, unless it was open."""

    def __init__(self, pool: ConnectionPool[Connection[tuple[Any, ...]]], ward: Ward) -> None:
        self._pool = pool
        self._ward = ward

    def from_log(self) -> int:
        """All outcomes that the log knows, under their ids; how many there were. Those of erased accounts are beyond reading."""
        position, count = 0, 0
        while found := self._next(position):
            position = found[-1][1]
            told = [one for history in self._ward.histories([row[0] for row in found]).values() for one in _told(history)]
            self._write(told)
            count += len(told)
        return count

    def from_relay(self, lines: Iterable[str]) -> int:
        """Messages that a relay's log names (`message-id=<…>`) were handed over, whatever the ledger says; how many were open."""
        seen = list({found[1] for line in lines for found in _MESSAGE_ID.finditer(line)})
        with self._pool.connection() as connection:
            return connection.execute(
                """UPDATE mail.message SET state = 'accepted', status = '2.0.0', settled_at = now(), lease_until = NULL
                   WHERE message_id = ANY(%s::uuid[]) AND settled_at IS NULL""",
                (seen,),
            ).rowcount

    def _next(self, position: int) -> list[tuple[UUID, int]]:
        query = """
            SELECT originator_id, position FROM events.event
            WHERE position > %s AND topic = ANY(%s) ORDER BY position LIMIT %s"""
        with self._pool.connection() as connection:
            return [(row[0], row[1]) for row in connection.execute(query, (position, _TOPICS, BATCH))]

    def _write(self, told: Sequence[Told]) -> None:
        messages = [
            {"id": one.recorded.originator_id, "account": one.account_id, "state": one.state, "status": one.status}
            | {"at": one.recorded.recorded_at, "day": one.recorded.recorded_at.astimezone(JST).date()}
            for one in told
        ]
        occasions = [(occasion_id, one.recorded.originator_id) for one in told for occasion_id in one.occasions]
        with self._pool.connection() as connection, connection.cursor() as cursor:
            cursor.executemany(
                """INSERT INTO mail.message (message_id, account_id, state, planned_on, not_before, status, settled_at, reported)
                   VALUES (%(id)s, %(account)s, %(state)s, %(day)s, %(at)s, %(status)s, %(at)s, true)
                   ON CONFLICT (message_id) DO UPDATE SET state = excluded.state, status = excluded.status,
                      settled_at = excluded.settled_at, reported = true, lease_until = NULL
                   WHERE message.settled_at IS NULL""",
                messages,
            )
            cursor.executemany(
                """INSERT INTO mail.told (occasion_id, message_id) SELECT %s, %s
                   WHERE NOT EXISTS (SELECT FROM mail.occasion WHERE occasion_id = %s) ON CONFLICT DO NOTHING""",
                [(occasion_id, message_id, occasion_id) for occasion_id, message_id in occasions],
            )


def _told(history: Sequence[Recorded]) -> Iterator[Told]:
    for recorded in history:
        match recorded.fact:
            case MessageAccepted() as fact:
                yield Told(recorded, fact.account_id, "accepted", "2.0.0", fact.occasions)
            case MessageSuppressed() as fact:
                yield Told(recorded, fact.account_id, "suppressed", fact.reason, fact.occasions)
            case MessageWithdrawn() as fact:
                yield Told(recorded, fact.account_id, "withdrawn", fact.reason, ())  # what it was about may be told another day
            case MessageFailed() as fact:
                yield Told(recorded, fact.account_id, "failed", fact.status, fact.occasions)
            case MessageUnknown() as fact:
                yield Told(recorded, fact.account_id, "unknown", "", fact.occasions)
            case _:
                pass
