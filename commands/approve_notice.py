"""A second person agrees to a notice (承認)."""

from functools import partial
from uuid import UUID

from aggregates.notice.life import approve
from commands.notice_life import change
from eventstore.ward import Ward


def approve_notice(ward: Ward, notice_id: UUID, *, looked_at: str, operator: UUID) -> bool:
    """Approves the draft that was looked at, once, and answers whether it was this call that did.

    Raises:
        OwnApproval, NoticeChanged, NoticeNotTested, NoticeClosed, NotFound: see `aggregates.notice.life`.
    """
    return change(ward, notice_id, operator, partial(approve, looked_at=looked_at, operator=operator))
