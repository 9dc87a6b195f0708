"""What the commands on inquiries (お問い合わせ) share."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Struct
from pydantic import BeforeValidator, StringConstraints

from aggregates.calendar.facts import DayOpened
from aggregates.fact import Actor, Fact, Role, topic_of
from aggregates.inquiry.facts import InquiryAnswered, InquiryClosed, InquiryContinued, InquiryOpened
from aggregates.inquiry.state import Inquiry, Standing, evolve
from aggregates.inquiry.thread import TEXT_MAX
from aggregates.refusal import NotFound, TooManyEntries
from commands import desk
from commands.work import Kind
from eventstore.errors import SubjectErased
from eventstore.ward import Ward

INQUIRY = Kind(Inquiry, evolve)
MESSAGES_A_DAY_MAX = 20
"""So often one family may write in one day."""

_STANDINGS = {
    topic_of(InquiryOpened): Standing.OPEN,
    topic_of(InquiryContinued): Standing.OPEN,
    topic_of(InquiryAnswered): Standing.ANSWERED,
    topic_of(InquiryClosed): Standing.CLOSED,
}


def _plain_lines(text: Any) -> Any:
    """Browsers end the lines of a form in a way of their own; what was typed counts once."""
    return text.replace("\r\n", "\n") if isinstance(text, str) else text


MessageText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_MAX, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$"),
    BeforeValidator(_plain_lines),
]
"""One message of a thread: several lines, no control characters."""


class Waiting(Struct, frozen=True):
    """An inquiry as the log shows it in clear: nothing that was said."""

    inquiry_id: UUID
    standing: Standing
    since: datetime


def inquiries_known(ward: Ward) -> list[Waiting]:
    """All inquiries whose text can still be read, those that have waited longest first."""
    rows = ward.recorder.select(
        """SELECT DISTINCT ON (e.originator_id) e.originator_id, e.topic, e.recorded_at
           FROM events.event e WHERE e.topic LIKE 'inquiry.%%' AND NOT EXISTS (
               SELECT FROM events.erased x WHERE x.subject = e.key_id)
           ORDER BY e.originator_id, e.originator_version DESC"""
    )
    return sorted((Waiting(stream, _STANDINGS[topic], since) for stream, topic, since in rows), key=lambda one: one.since)


def change(ward: Ward, inquiry_id: UUID, operator: UUID, decide: Callable[[Inquiry], Sequence[Fact]]) -> bool:
    """Append what the ward does about an inquiry; whether that was anything.

    Raises:
        NotFound: there is no such inquiry, or its guardian has left.
        StaleVersion: somebody else was faster; look again.
    """
    try:
        return desk.change(ward, inquiry_id, INQUIRY, Actor(operator, Role.STAFF), decide)
    except SubjectErased as erased:
        raise NotFound from erased


def require_patience(ward: Ward, household_id: UUID | None) -> None:
    """Refuse a family that has written very often since the day was opened.

    Raises:
        TooManyEntries: it may write again tomorrow.
    """
    row = ward.recorder.select_one(
        """SELECT count(*) FROM events.event WHERE partition = %b AND topic = ANY (%b)
           AND position > (SELECT max(position) FROM events.event WHERE topic = %b AND topic = 'calendar.day_opened.v1')""",
        (household_id, [topic_of(InquiryOpened), topic_of(InquiryContinued)], topic_of(DayOpened)),
    )
    if row is not None and row[0] >= MESSAGES_A_DAY_MAX:
        raise TooManyEntries(limit=MESSAGES_A_DAY_MAX)
