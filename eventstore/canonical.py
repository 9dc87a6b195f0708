"""The canonical form of a row of the log: what its leaf hash and its seal are computed over.

It is the row in the format of COPY BINARY without the field count: every column led by its length as a 4-byte big-endian
integer, -1 for NULL. So a copy of the table can be verified, and unsealed, by slicing it.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from struct import Struct
from uuid import UUID

from eventstore.stored import StoredFact

POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
NULL = b"\xff\xff\xff\xff"
LEAF = b"\x00"
"""Prefix of RFC 6962 that keeps leaves apart from inner nodes."""

_MICROSECOND = timedelta(microseconds=1)
_place = Struct("!iqiq").pack
_stream = Struct("!i16siq").pack
_length = Struct("!i").pack


def canonical_row(fact: StoredFact, position: int, recorded_at: datetime) -> bytes:
    """The row of a fact at its place in the log."""
    placed = _place(8, position, 8, (recorded_at - POSTGRES_EPOCH) // _MICROSECOND)
    bound = binding(fact.originator_id, fact.originator_version, fact.topic, fact.partition, fact.key_id, fact.meta)
    return placed + bound + blob(fact.state)


def binding(stream: UUID, version: int, topic: str, partition: UUID | None, key_id: UUID | None, meta: bytes) -> bytes:
    """The columns that are clear to read but sealed together with the state (the AAD of its encryption)."""
    return b"".join(
        (
            _stream(16, stream.bytes, 8, version),
            _text(topic),
            uuid_column(partition),
            uuid_column(key_id),
            _length(len(meta)),
            meta,
        )
    )


def blob(data: bytes) -> bytes:
    """One column of bytes."""
    return _length(len(data)) + data


def leaf_hash(row: bytes) -> bytes:
    """The leaf of the transparency log for one canonical row."""
    return sha256(LEAF + row).digest()


@lru_cache(256)
def _text(text: str) -> bytes:
    return blob(text.encode())


def uuid_column(value: UUID | None) -> bytes:
    """One column of a UUID."""
    return NULL if value is None else b"\x00\x00\x00\x10" + value.bytes
