"""A notice is taken back (取消)."""

from functools import partial
from uuid import UUID

from aggregates.notice.life import cancel
from commands.notice_life import change
from eventstore.ward import Ward


def cancel_notice(ward: Ward, notice_id: UUID, operator: UUID) -> bool:
    """Cancels a notice once and answers whether it was this call that did. Letters that are not in DATA yet do not leave.

    Raises:
        NoticeSettled, NotFound: see `aggregates.notice.life`.
    """
    return change(ward, notice_id, operator, partial(cancel, operator=operator))
