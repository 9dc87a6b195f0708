"""Reads all streams of a range, and tells which cannot be read."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from psycopg import Connection

from eventstore.bulk_read import Placed, read_range
from eventstore.keys import KeyStore
from projections.projector import NOT_POISON


def each_stream(
    connection: Connection[Any], keys: KeyStore, lowest: UUID, highest: UUID, up_to: int
) -> Iterator[tuple[UUID, list[Placed] | Exception]]:
    """The streams of a range with their facts up to a position, or with what prevents reading them.

    The range is read in one go. Only when that fails at a fact are the streams that are left read one by one.
    """
    done = None
    try:
        for stream, facts in read_range(connection, keys, lowest, highest, up_to):
            yield stream, facts
            done = stream
    except NOT_POISON:
        raise
    except Exception:  # noqa: BLE001 - it comes again with the stream it belongs to
        for stream in _streams(connection, lowest, highest, done, up_to):
            yield stream, _read(connection, keys, stream, up_to)


def _read(connection: Connection[Any], keys: KeyStore, stream: UUID, up_to: int) -> list[Placed] | Exception:
    try:
        return [fact for _, facts in read_range(connection, keys, stream, stream, up_to) for fact in facts]
    except NOT_POISON:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the caller decides what it means for this stream
        return error


def _streams(connection: Connection[Any], lowest: UUID, highest: UUID, done: UUID | None, up_to: int) -> list[UUID]:
    query = """
        SELECT DISTINCT originator_id FROM events.event
        WHERE originator_id BETWEEN %s AND %s AND (%s::uuid IS NULL OR originator_id > %s) AND position <= %s ORDER BY 1"""
    return [stream for (stream,) in connection.execute(query, (lowest, highest, done, done, up_to))]
