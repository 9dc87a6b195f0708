"""The ward answers an inquiry (回答), or ends it."""

from functools import partial
from uuid import UUID

from aggregates.inquiry.thread import answer, close
from commands.inquiries import change
from eventstore.ward import Ward


def answer_inquiry(ward: Ward, inquiry_id: UUID, text: str, operator: UUID, message_id: UUID) -> bool:
    """Answers, and says whether it was this call that did.

    Raises:
        InquiryIsClosed, NotFound, TooManyEntries: see `aggregates.inquiry.thread`.
    """
    decide = partial(answer, message_id=message_id, text=text, operator=operator, today=ward.today())
    return change(ward, inquiry_id, operator, decide)


def end_inquiry(ward: Ward, inquiry_id: UUID, operator: UUID) -> bool:
    """Ends it for the ward, and says whether it was this call that did.

    Raises:
        NotFound: there is no such inquiry.
    """
    return change(ward, inquiry_id, operator, partial(close, today=ward.today(), operator=operator))
