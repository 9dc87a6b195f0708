"""Test letters of a notice have left (テスト送信)."""

from functools import partial
from uuid import UUID

from aggregates.notice.life import note_test
from commands.notice_life import change
from eventstore.ward import Ward


def note_test_letters(ward: Ward, notice_id: UUID, *, wording: str, letters: int, operator: UUID) -> bool:
    """Notes which wording was sent; to whom is not kept.

    Raises:
        NoticeChanged, NoticeClosed, NotFound: see `aggregates.notice.life`.
    """
    return change(ward, notice_id, operator, partial(note_test, wording=wording, letters=letters, operator=operator))
