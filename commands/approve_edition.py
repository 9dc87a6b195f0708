"""A second person agrees to an edition (承認)."""

from functools import partial
from uuid import UUID

from aggregates.edition.life import approve
from commands.edition_life import change
from eventstore.ward import Ward
from schedule import ENGINE_VERSION


def approve_edition(ward: Ward, content_hash: str, operator: UUID) -> bool:
    """Approves an edition once and answers whether it was this call that did.

    Raises:
        OwnApproval, NotValidated, Withdrawn, NotFound: see `aggregates.edition.life` and `aggregates.second_person`.
    """
    return change(ward, content_hash, operator, partial(approve, engine=ENGINE_VERSION, operator=operator))
