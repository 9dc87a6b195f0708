"""How a thread between a guardian and the ward goes: asked, continued, answered, closed."""

from datetime import date
from uuid import UUID

from aggregates.fact import Fact
from aggregates.inquiry.facts import InquiryAnswered, InquiryClosed, InquiryContinued, InquiryOpened
from aggregates.inquiry.state import Inquiry
from aggregates.refusal import IdTaken, NotFound, Refusal, TooManyEntries

TEXT_MAX = 2_000
"""Characters of one message."""
MESSAGES_MAX = 40
"""Messages of one thread, both sides together."""


class InquiryIsClosed(Refusal):
    """The thread is closed; what is to be asked now is a new inquiry."""

    code = "inquiry_closed"


def open_inquiry(inquiry: Inquiry, *, account_id: UUID, child_id: UUID | None, text: str, today: date) -> list[Fact]:
    """Ask the ward something."""
    if inquiry.account_id is not None:
        raise IdTaken
    return [InquiryOpened(account_id=account_id, child_id=child_id, text=text, on=today)]


def continue_inquiry(inquiry: Inquiry, *, account_id: UUID, message_id: UUID, text: str, today: date) -> list[Fact]:
    """Write more; the same message again changes nothing."""
    require_own(inquiry, account_id)
    if inquiry.holds(message_id):
        return []
    _require_room(inquiry)
    return [InquiryContinued(message_id=message_id, text=text, on=today)]


def answer(inquiry: Inquiry, *, message_id: UUID, text: str, operator: UUID, today: date) -> list[Fact]:
    """Answer for the ward; the same message again changes nothing."""
    _require_known(inquiry)
    if inquiry.holds(message_id):
        return []
    _require_room(inquiry)
    return [InquiryAnswered(message_id=message_id, text=text, on=today, operator=operator)]


def close(inquiry: Inquiry, *, today: date, operator: UUID | None = None) -> list[Fact]:
    """End the thread."""
    _require_known(inquiry)
    return [] if inquiry.closed else [InquiryClosed(on=today, operator=operator)]


def require_own(inquiry: Inquiry, account_id: UUID) -> None:
    """Somebody else's inquiry is as unknown as one that never was.

    Raises:
        NotFound: it is not this guardian's.
    """
    if inquiry.account_id != account_id:
        raise NotFound


def _require_known(inquiry: Inquiry) -> None:
    if inquiry.account_id is None:
        raise NotFound


def _require_room(inquiry: Inquiry) -> None:
    if inquiry.closed:
        raise InquiryIsClosed
    if len(inquiry.messages) >= MESSAGES_MAX:
        raise TooManyEntries(limit=MESSAGES_MAX)
