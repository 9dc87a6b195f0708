"""Notices (お知らせ) that parents see: those whose letters have begun to leave."""

from uuid import UUID

from aggregates.notice.audience import is_for_everybody
from aggregates.notice.state import Notice
from projections.table import Row, Table

TABLE = Table(
    name="notice",
    owner="notice_id",
    columns=(
        ("notice_id", "uuid"),
        ("released_on", "date"),
        ("for_everybody", "bool"),
        ("cancelled", "bool"),
        ("subject_ja", "text"),
        ("body_ja", "text"),
        ("subject_en", "text"),
        ("body_en", "text"),
    ),
    key=("notice_id",),
)


def rows(notice_id: UUID, notice: Notice) -> list[Row]:
    """One row for a notice that was sent, cancelled later or not. Families that are meant stand in `mail.addressee`."""
    draft = notice.draft
    if draft is None or notice.released is None or not notice.sent:
        return []
    texts = (draft.subject_ja, draft.body_ja, draft.subject_en, draft.body_en)
    return [(notice_id, notice.released.on, is_for_everybody(draft), notice.cancelled, *texts)]
