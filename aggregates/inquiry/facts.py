"""Facts of one inquiry on using the service (お問い合わせ): sealed with the key of the guardian who asks, and erased with it."""

from datetime import date
from uuid import UUID

from aggregates.fact import Fact


class InquiryOpened(Fact, frozen=True, tag="inquiry.opened.v1"):
    """A guardian asks the ward something. The ward may look at a child only where the guardian attached one."""

    account_id: UUID
    child_id: UUID | None
    text: str
    on: date


class InquiryContinued(Fact, frozen=True, tag="inquiry.continued.v1"):
    """The guardian writes more."""

    message_id: UUID
    text: str
    on: date


class InquiryAnswered(Fact, frozen=True, tag="inquiry.answered.v1"):
    """The ward answers (回答)."""

    message_id: UUID
    text: str
    on: date
    operator: UUID


class InquiryClosed(Fact, frozen=True, tag="inquiry.closed.v1"):
    """Nothing more is to be said: closed by the guardian, or by a member of staff, who is named then."""

    on: date
    operator: UUID | None = None
