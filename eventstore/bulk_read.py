"""Reads ranges of streams as fast as one core can open them, for rebuilds and checks of the whole log.

The server sends rows in the format of COPY BINARY, which is also the canonical form of a row: the bytes that its seal is bound
to are a slice of what arrives, so nothing is taken apart only to be put together again.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import lru_cache
from struct import Struct
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import sql

from aggregates.catalogue import decode
from aggregates.fact import Fact, Recorded, Redacted
from eventstore.canonical import POSTGRES_EPOCH
from eventstore.database import DatabaseRole, connect
from eventstore.errors import SealBroken
from eventstore.keys import KeyStore
from eventstore.mapper import NONCE_BYTES, decode_meta
from eventstore.recorder import COLUMNS

RANGE = f"""
    SELECT {COLUMNS} FROM events.event
    WHERE originator_id BETWEEN {{lowest}} AND {{highest}} AND position <= {{up_to}}
    ORDER BY originator_id, originator_version
"""  # noqa: S608 - own column names only; values are bound below
SORT_MEMORY = "64MB"
COPY_HEADER_BYTES = 19
FIELDS_BYTES = 2
STREAM = slice(28, 44)
BOUND_FROM = 24
TOPIC_FROM = 60

KeyOf = Callable[[bytes], AESGCM | None]

_fixed = Struct("!4xq4xq4x16s4xqi").unpack_from
_length = Struct("!i").unpack_from
_text = lru_cache(256)(bytes.decode)


@lru_cache(4096)
def _uuid(data: bytes) -> UUID:
    return UUID(bytes=data)


def read_range(
    conninfo: str, keys: KeyStore, lowest: UUID, highest: UUID, up_to: int, *, role: DatabaseRole = DatabaseRole.PROJECTOR
) -> Iterator[tuple[UUID, list[Recorded]]]:
    """The streams of a range (both ends included) with their facts up to a position, each in version order.

    Raises:
        SealBroken: a row was altered.
        UnknownTopic: a newer build wrote a fact.
    """
    key_of = _preloaded(keys, lowest, highest)
    current, facts = b"", list[Recorded]()
    for row in copy_rows(conninfo, lowest, highest, up_to, role):
        if row[STREAM] != current and facts:
            yield facts[0].originator_id, facts
            facts = []
        current = row[STREAM]
        facts.append(open_row(row, key_of))
    if facts:
        yield facts[0].originator_id, facts


def copy_rows(conninfo: str, lowest: UUID, highest: UUID, up_to: int, role: DatabaseRole) -> Iterator[bytes]:
    """Canonical rows of a range of streams, each in version order."""
    query = sql.SQL(RANGE).format(lowest=str(lowest), highest=str(highest), up_to=up_to)
    with connect(conninfo, role) as connection:
        connection.execute(f"SET work_mem = '{SORT_MEMORY}'")
        with connection.cursor().copy(sql.SQL("COPY ({}) TO STDOUT (FORMAT binary)").format(query)) as copy:
            start = COPY_HEADER_BYTES + FIELDS_BYTES  # the header travels with the first row
            for block in copy:
                row = bytes(block[start:])
                if row:  # the last block is the trailer
                    yield row
                start = FIELDS_BYTES


def open_row(row: bytes, key_of: KeyOf) -> Recorded:
    """The fact in a canonical row."""
    position, micros, stream, version, length = _fixed(row)
    topic, at = _text(row[TOPIC_FROM : TOPIC_FROM + length]), TOPIC_FROM + length
    partition, at = _optional(row, at)
    key_id, at = _optional(row, at)
    (length,) = _length(row, at)
    bound_to = at + 4 + length
    meta, state = row[at + 4 : bound_to], row[bound_to + 4 :]
    fact: Fact | Redacted
    if key_id is None:
        fact = decode(topic, state)
    elif (key := key_of(key_id)) is None:
        fact = Redacted(topic)
    else:
        try:
            body = key.decrypt(state[:NONCE_BYTES], state[NONCE_BYTES:], row[BOUND_FROM:bound_to])
        except InvalidTag as broken:
            raise SealBroken(position) from broken
        fact = decode(topic, body)
    return Recorded(
        _uuid(stream),
        version,
        fact,
        decode_meta(meta),
        _uuid(key_id) if key_id else None,
        _uuid(partition) if partition else None,
        position,
        POSTGRES_EPOCH + timedelta(0, 0, micros),
    )


def _optional(row: bytes, at: int) -> tuple[bytes | None, int]:
    """A UUID column and where the next one begins; the length of NULL is -1."""
    return (None, at + 4) if row[at] else (row[at + 4 : at + 20], at + 20)


def _preloaded(keys: KeyStore, lowest: UUID, highest: UUID) -> KeyOf:
    """Keys of the range at once; the few subjects whose facts lie on other streams are asked for one by one."""
    preloaded = keys.preload(lowest, highest)

    def key_of(subject: bytes) -> AESGCM | None:
        key = preloaded.get(subject)
        if key is not None or lowest.bytes <= subject <= highest.bytes:
            return key
        return keys.aead(_uuid(subject))

    return key_of
