"""An edition is taken back for good (取下げ)."""

from functools import partial
from uuid import UUID

from aggregates.edition.life import withdraw
from commands.edition_life import change, in_force
from eventstore.ward import Ward


def withdraw_edition(ward: Ward, content_hash: str, operator: UUID) -> bool:
    """Withdraws an edition once and answers whether it was this call that did.

    Raises:
        InForce, NotFound: see `aggregates.edition.life`.
    """
    return change(ward, content_hash, operator, partial(withdraw, operator=operator, in_force=in_force(ward)))
