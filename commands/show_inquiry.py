"""A member of staff reads an inquiry, and the record of the child where the guardian attached one."""

from uuid import UUID

from msgspec import Struct

from aggregates.child.state import Child
from aggregates.fact import Actor, Role
from aggregates.inquiry.state import Inquiry
from aggregates.refusal import NotFound
from commands.inquiries import INQUIRY
from commands.reveal_subject import reveal
from commands.work import CHILD, HOUSEHOLD
from eventstore.ward import Ward

PURPOSE = "inquiry"


class Opened(Struct, frozen=True):
    """What the member of staff gets to see. `child` is None where none is attached, or it is not of that family any more."""

    inquiry: Inquiry
    child: Child | None


def show_inquiry(ward: Ward, inquiry_id: UUID, operator: UUID) -> Opened:
    """Writes down who looks, and only then answers what there is to see.

    Raises:
        NotFound: there is no such inquiry, or its guardian has left.
    """
    history = ward.history(inquiry_id)
    inquiry = INQUIRY.project(None, history)
    if inquiry.account_id is None:
        raise NotFound
    household_id = history[0].partition
    child_id = inquiry.child_id if household_id and _belongs(ward, inquiry.child_id, household_id) else None
    subjects = [subject for subject in (inquiry.account_id, child_id) if subject is not None]
    reveal(ward, subjects, PURPOSE, Actor(operator, Role.STAFF), household_id)
    return Opened(inquiry, ward.state(child_id, CHILD.project)[0] if child_id else None)


def _belongs(ward: Ward, child_id: UUID | None, household_id: UUID) -> bool:
    household, _ = ward.state(household_id, HOUSEHOLD.project)
    return child_id in household.children
