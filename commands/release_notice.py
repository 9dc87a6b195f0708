"""The letters of a notice are to leave (配信)."""

from datetime import date
from functools import partial
from uuid import UUID

from aggregates.notice.life import CANCEL_WINDOW_MINUTES, release
from commands.notice_life import change
from eventstore.ward import Ward


def release_notice(
    ward: Ward, notice_id: UUID, *, operator: UUID, clock: date, window_minutes: int = CANCEL_WINDOW_MINUTES
) -> bool:
    """Releases an approved notice once and answers whether it was this call that did. It can be cancelled while the time runs.

    Raises:
        NotApproved, NoticeClosed, NotFound, ClockDisagrees: see `aggregates.notice.life`.
    """
    decide = partial(release, on=ward.today(), clock=clock, window_minutes=window_minutes, operator=operator)
    return change(ward, notice_id, operator, decide)
