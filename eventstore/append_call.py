"""One call of the append function of the database, and what its refusals mean."""

import re
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Cursor
from psycopg.rows import TupleRow

from eventstore.arrays import bigints, byteas, texts, uuids
from eventstore.datastore import WardConnection
from eventstore.errors import AppendRefused, CommandKnown, DuplicateRow, StaleVersion, SubjectErased
from eventstore.stored import Appended, CommandRow, StoredFact

APPEND = (
    "SELECT head, appended_at FROM events.append("
    "%b::uuid[], %b::bigint[], %b::text[], %b::uuid[], %b::uuid[], %b::bytea[], %b::bytea[],"
    " %b::uuid[], %b::bigint[], %b::uuid[], %b, %b, %b, %b)"
)
STREAM_VERSION = "event_stream_version"
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")

Beside = Callable[[Cursor[TupleRow]], None]
"""Writes rows (of schema identity) in the transaction of an append."""
Reads = Sequence[tuple[UUID, int]]
"""Streams with the version at which a decision read them; 0 for a stream that did not exist."""


def parameters(facts: Sequence[StoredFact], command: CommandRow | None, reads: Reads, erases: Sequence[UUID]) -> list[Any]:
    """The arguments of the append function."""
    return [
        uuids(fact.originator_id for fact in facts),
        bigints(fact.originator_version for fact in facts),
        texts(fact.topic for fact in facts),
        uuids(fact.partition for fact in facts),
        uuids(fact.key_id for fact in facts),
        byteas(fact.meta for fact in facts),
        byteas(fact.state for fact in facts),
        uuids(stream for stream, _ in reads),
        bigints(version for _, version in reads),
        uuids(erases),
        *((command.account, command.command_id, command.body_mac, command.answer) if command else (None,) * 4),
    ]


def call(connection: WardConnection, arguments: Sequence[Any], beside: Beside | None) -> Appended:
    """Appends, alone or in one transaction with the rows written beside it."""
    cursor = connection.quick
    if beside is None:
        return _call(cursor, arguments)
    with connection.transaction():
        beside(cursor)  # first, so that the append lock is held as shortly as possible
        return _call(cursor, arguments)


def _call(cursor: Cursor[TupleRow], arguments: Sequence[Any]) -> Appended:
    ((head, at),) = cursor.execute(APPEND, arguments, prepare=True).fetchall()
    return Appended(head, at)


def refusal(error: psycopg.Error) -> AppendRefused | None:
    """What the database meant; None when it is no refusal of ours."""
    detail = _UUID.search(error.diag.message_detail or "")
    named = UUID(detail.group()) if detail else None
    match error.sqlstate, named:
        case "WD001", UUID():
            return SubjectErased(named)
        case "WD002", UUID():
            return CommandKnown(named)
        case "WD003", UUID():
            return StaleVersion(named)
        case "23505", _ if error.diag.constraint_name == STREAM_VERSION:
            return StaleVersion(named)
        case "23505", _:
            return DuplicateRow(error.diag.constraint_name or "")
    return None


def already_appended(connection: WardConnection, facts: Sequence[StoredFact], command: CommandRow | None) -> Appended | None:
    """The answer to an earlier attempt of the same append whose answer was lost.

    A sealed state carries a random nonce, so an equal row is this very append; a plain one is at least the same fact.
    """
    if not facts:
        return _already_answered(connection, command) if command else None
    last = facts[-1]
    row = connection.quick.execute(
        "SELECT position, recorded_at FROM events.event"
        " WHERE originator_id = %b AND originator_version = %b AND topic = %b AND meta = %b AND state = %b",
        (last.originator_id, last.originator_version, last.topic, last.meta, last.state),
    ).fetchone()
    return Appended(*row) if row else None


def _already_answered(connection: WardConnection, command: CommandRow) -> Appended | None:
    row = connection.quick.execute(
        "SELECT position, at FROM events.command WHERE account = %b AND command_id = %b AND body_mac = %b",
        (command.account, command.command_id, command.body_mac),
    ).fetchone()
    return Appended(*row) if row else None
