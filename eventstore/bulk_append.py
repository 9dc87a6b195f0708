"""Appends very many facts at once by COPY: for demo wards and benchmarks, never for a command."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from psycopg import Connection, Copy

from aggregates.fact import UNSAVED, Recorded
from eventstore.canonical import blob, canonical_row, leaf_hash
from eventstore.database import DatabaseRole, connect
from eventstore.mapper import SealingMapper
from eventstore.recorder import CHANNEL, COLUMNS

CHUNK = 10_000
COPY_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
COPY_TRAILER = b"\xff\xff"
FIELDS = b"\x00\x0a"


class _End(NamedTuple):
    """Where the log ends, and the clock of its database."""

    head: int
    at: datetime
    now: datetime


def bulk_append(conninfo: str, mapper: SealingMapper, facts: Iterable[Recorded], erases: Sequence[UUID] = ()) -> int:
    """Appends facts in the order given, all or nothing, and answers the head of the log.

    Positions are dense, times monotone (`recorded_at` of a fact is kept unless that would turn time back), leaf hashes the same
    as those of the append function. Keys of new subjects are made by the chunk.
    """
    with connect(conninfo, DatabaseRole.OWNER) as connection, connection.transaction():
        connection.execute("SELECT events.hold_appends()")
        end = _end(connection)
        with connection.cursor().copy(f"COPY events.event ({COLUMNS}, leaf_hash) FROM STDIN (FORMAT binary)") as copy:
            head = _write(copy, mapper, facts, end)
        connection.cursor().executemany("INSERT INTO events.erased VALUES (%s, %s)", [(subject, head) for subject in erases])
        connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, str(head)))
    return head


def _write(copy: Copy, mapper: SealingMapper, facts: Iterable[Recorded], end: _End) -> int:
    head, at, now = end
    copy.write(COPY_HEADER)
    for chunk in _chunks(facts):
        mapper.keys.create_many(_new_subjects(chunk))
        rows = []
        for fact in chunk:
            head += 1
            at = max(at, now if fact.recorded_at == UNSAVED else fact.recorded_at)
            row = canonical_row(mapper.seal(fact), head, at)
            rows.append(FIELDS + row + blob(leaf_hash(row)))
        copy.write(b"".join(rows))  # one call for all: each waits for the socket
    copy.write(COPY_TRAILER)
    return head


def _end(connection: Connection) -> _End:
    last = connection.execute("SELECT position, recorded_at FROM events.event ORDER BY position DESC LIMIT 1").fetchone()
    ((now,),) = connection.execute("SELECT clock_timestamp()").fetchall()
    head, at = last or (0, UNSAVED)
    return _End(head, at, now)


def _chunks(facts: Iterable[Recorded]) -> Iterator[list[Recorded]]:
    remaining = iter(facts)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk


def _new_subjects(facts: Sequence[Recorded]) -> set[UUID]:
    return {fact.originator_id for fact in facts if fact.subject == fact.originator_id and fact.originator_version == 1}
