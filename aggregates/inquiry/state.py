"""What is known of one inquiry (お問い合わせ)."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from aggregates.fact import Fact, Redacted
from aggregates.inquiry.facts import InquiryAnswered, InquiryClosed, InquiryContinued, InquiryOpened


class Standing(StrEnum):
    """Whose turn it is."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Message(Struct, frozen=True):
    """One message of the thread. `message_id` is None for the first."""

    message_id: UUID | None
    by_ward: bool
    text: str
    on: date


class Inquiry(Struct, frozen=True):
    """One thread of a guardian with the ward; `account_id` is None where there is none, or its key is destroyed."""

    account_id: UUID | None = None
    child_id: UUID | None = None
    messages: tuple[Message, ...] = ()
    closed: bool = False

    @property
    def standing(self) -> Standing:
        """Whose turn it is."""
        if self.closed:
            return Standing.CLOSED
        return Standing.ANSWERED if self.messages and self.messages[-1].by_ward else Standing.OPEN

    def holds(self, message_id: UUID) -> bool:
        """Whether a message has come before."""
        return any(message.message_id == message_id for message in self.messages)


def evolve(inquiry: Inquiry, fact: Fact | Redacted) -> Inquiry:
    """The inquiry after one more fact."""
    match fact:
        case InquiryOpened():
            first = Message(None, by_ward=False, text=fact.text, on=fact.on)
            return Inquiry(fact.account_id, fact.child_id, (first,))
        case InquiryContinued():
            return _said(inquiry, Message(fact.message_id, by_ward=False, text=fact.text, on=fact.on))
        case InquiryAnswered():
            return _said(inquiry, Message(fact.message_id, by_ward=True, text=fact.text, on=fact.on))
        case InquiryClosed():
            return replace(inquiry, closed=True)
    return inquiry


def _said(inquiry: Inquiry, message: Message) -> Inquiry:
    return replace(inquiry, messages=(*inquiry.messages, message))
