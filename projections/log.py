"""What the log shows in clear: enough to know which streams to fold again, without opening a fact."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Cursor
from psycopg.rows import class_row

from aggregates.calendar.facts import DayOpened
from aggregates.catalogue import CATALOGUE, UPCASTERS, UnknownTopic, decode
from aggregates.fact import topic_of
from eventstore.errors import DayNotOpened

BATCH_EVENTS_MAX = 1000
DAY_OPENED = topic_of(DayOpened)


class Event(Struct, frozen=True):
    """What the log shows of a fact in clear; `day` is the body of a day that was opened."""

    position: int
    stream: UUID
    topic: str
    day: bytes | None


def opened_day(cursor: Cursor[Any], position: int) -> date:
    """The last day that was opened up to a position.

    Raises:
        DayNotOpened: none was.
    """
    query = "SELECT state FROM events.event WHERE topic = %s AND position <= %s ORDER BY position DESC LIMIT 1"
    row = cursor.execute(query, (DAY_OPENED, position)).fetchone()
    if row is None:
        raise DayNotOpened("no day has been opened")
    return _day(row[0])


def events_after(cursor: Cursor[Any], after: int, up_to: int | None) -> list[Event]:
    """The next batch, in the order of the log."""
    query = """
        SELECT position, originator_id AS stream, topic, CASE WHEN topic = %s THEN state END AS day FROM events.event
        WHERE position > %s AND position <= coalesce(%s, 9223372036854775807) ORDER BY position LIMIT %s"""
    reader = cursor.connection.cursor(row_factory=class_row(Event))
    return reader.execute(query, (DAY_OPENED, after, up_to, BATCH_EVENTS_MAX)).fetchall()


def known(events: Iterable[Event]) -> Iterator[Event]:
    """The events before the first of a topic that this build does not know; never beyond it.

    Raises:
        UnknownTopic: it is the very next.
    """
    for index, event in enumerate(events):
        if event.topic in CATALOGUE or event.topic in UPCASTERS:
            yield event
        elif index == 0:
            raise UnknownTopic(event.topic)
        else:
            return


def days(events: Iterable[Event]) -> Iterator[date]:
    """The days that were opened."""
    for event in events:
        if event.day is not None:
            yield _day(event.day)


def _day(body: bytes) -> date:
    opened = decode(DAY_OPENED, body)
    assert isinstance(opened, DayOpened)  # noqa: S101 - its topic says so
    return opened.date
