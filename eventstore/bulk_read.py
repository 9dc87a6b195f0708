"""Reads ranges of streams as fast as one core can open them, for rebuilds and checks of the whole log.

The server sends rows in the format of COPY BINARY, which is also the canonical form of a row: the bytes that its seal is bound
to are a slice of what arrives, so nothing is taken apart only to be put together again.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from struct import Struct
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Connection, sql
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus

from aggregates.catalogue import decode
from aggregates.fact import Fact, Redacted
from eventstore.errors import SealBroken
from eventstore.keys import KeyStore
from eventstore.mapper import NONCE_BYTES
from eventstore.recorder import COLUMNS

RANGE = f"""
    COPY (
        SELECT {COLUMNS} FROM events.event
        WHERE originator_id BETWEEN {{lowest}} AND {{highest}} AND position <= {{up_to}}
        ORDER BY originator_id, originator_version
    ) TO STDOUT (FORMAT binary)
"""  # noqa: S608 - own column names only; values are bound below
SORT_MEMORY = "64MB"
COPY_HEADER_BYTES = 19
FIELDS_BYTES = 2
STREAM = slice(28, 44)
BOUND_FROM = 24
TOPIC_FROM = 60
NULL_BYTES, UUID_BYTES = 4, 20

KeyOf = Callable[[bytes], AESGCM | None]

_placed = Struct("!4xq36xqi").unpack_from
_length = Struct("!i").unpack_from
_text = lru_cache(256)(bytes.decode)


class Placed(msgspec.Struct, frozen=True, gc=False):
    """A fact and its place: what folds ask for of a recorded fact, without who wrote it when."""

    originator_version: int
    position: int
    fact: Fact | Redacted


def read_range(
    connection: Connection[Any], keys: KeyStore, lowest: UUID, highest: UUID, up_to: int
) -> Iterator[tuple[UUID, list[Placed]]]:
    """The streams of a range (both ends included) with their facts up to a position, each in version order.

    From the first stream on the connection is free for other work.

    Raises:
        SealBroken: a row was altered.
        UnknownTopic: a newer build wrote a fact.
    """
    key_of = _preloaded(keys, lowest, highest)
    current, facts = b"", list[Placed]()
    for row in copy_rows(connection, lowest, highest, up_to):
        if row[STREAM] != current:
            if facts:
                yield UUID(bytes=current), facts
            current, facts = row[STREAM], []
        facts.append(open_row(row, key_of))
    if facts:
        yield UUID(bytes=current), facts


def copy_rows(connection: Connection[Any], lowest: UUID, highest: UUID, up_to: int) -> list[bytes]:
    """Canonical rows of a range of streams, each in version order.

    All are taken before the first is opened: by turns, each step pushes the other out of the processor's caches.
    They are taken from libpq itself: a cursor asks whether it must wait before each of them, which takes as long again.
    """
    query = sql.SQL(RANGE).format(lowest=str(lowest), highest=str(highest), up_to=up_to)
    connection.execute(f"SET work_mem = '{SORT_MEMORY}'")
    server = connection.pgconn
    begun = server.exec_(query.as_bytes(connection))
    if begun.status != ExecStatus.COPY_OUT:
        raise error_from_result(begun)
    rows, start = list[bytes](), COPY_HEADER_BYTES + FIELDS_BYTES  # the header travels with the first row
    more, block = server.get_copy_data(0)
    while more > 0:
        if len(block) > start:  # the last block is the trailer
            rows.append(bytes(block[start:]))
        start = FIELDS_BYTES
        more, block = server.get_copy_data(0)
    while ended := server.get_result():
        if ended.status != ExecStatus.COMMAND_OK:
            raise error_from_result(ended)
    return rows


def open_row(row: bytes, key_of: KeyOf) -> Placed:
    """The fact in a canonical row."""
    position, version, length = _placed(row)
    at = TOPIC_FROM + length
    topic = _text(row[TOPIC_FROM:at])
    at += NULL_BYTES if row[at] else UUID_BYTES  # the household; the length of NULL is -1
    key_id, at = (None, at + NULL_BYTES) if row[at] else (row[at + NULL_BYTES : at + UUID_BYTES], at + UUID_BYTES)
    (length,) = _length(row, at)
    bound_to = at + 4 + length
    sealed = bound_to + 4
    if key_id is None:
        return Placed(version, position, decode(topic, row[sealed:]))
    key = key_of(key_id)
    if key is None:
        return Placed(version, position, Redacted(topic))
    text = sealed + NONCE_BYTES
    try:
        body = key.decrypt(row[sealed:text], row[text:], row[BOUND_FROM:bound_to])
    except InvalidTag as broken:
        raise SealBroken(position) from broken
    return Placed(version, position, decode(topic, body))


def _preloaded(keys: KeyStore, lowest: UUID, highest: UUID) -> KeyOf:
    """Keys of the range at once; the few subjects whose facts lie on other streams are asked for one by one."""
    preloaded = keys.preload(lowest, highest)

    def key_of(subject: bytes) -> AESGCM | None:
        key = preloaded.get(subject)
        if key is not None or lowest.bytes <= subject <= highest.bytes:
            return key
        return keys.aead(UUID(bytes=subject))

    return key_of
