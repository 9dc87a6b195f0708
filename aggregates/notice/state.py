"""Where one notice (お知らせ) stands in its life."""

from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from aggregates.fact import Fact, Redacted
from aggregates.notice.facts import (
    NoticeApproved,
    NoticeCancelled,
    NoticeDrafted,
    NoticeFinished,
    NoticeReleased,
    NoticeSent,
    NoticeTested,
)


class Standing(StrEnum):
    """Where a notice stands."""

    UNKNOWN = "unknown"
    DRAFTED = "drafted"
    APPROVED = "approved"
    RELEASED = "released"
    SENT = "sent"
    CANCELLED = "cancelled"
    FINISHED = "finished"


class Notice(Struct, frozen=True):
    """One notice: its last draft, the wording that was tested, who approved, and how far its letters have come."""

    draft: NoticeDrafted | None = None
    tested: str = ""
    approved_by: UUID | None = None
    released: NoticeReleased | None = None
    sent: bool = False
    cancelled: bool = False
    finished: NoticeFinished | None = None

    @property
    def open(self) -> bool:
        """Whether it may still be changed, tested and approved."""
        return self.released is None and not self.cancelled

    @property
    def standing(self) -> Standing:
        """Where it stands."""
        passed = [
            (self.draft is None, Standing.UNKNOWN),
            (self.cancelled, Standing.CANCELLED),
            (self.finished is not None, Standing.FINISHED),
            (self.sent, Standing.SENT),
            (self.released is not None, Standing.RELEASED),
            (self.approved_by is not None, Standing.APPROVED),
        ]
        return next((standing for holds, standing in passed if holds), Standing.DRAFTED)


def evolve(notice: Notice, fact: Fact | Redacted) -> Notice:  # noqa: PLR0911 - one case a fact
    """The notice after one more fact. Another draft has to be approved anew, another wording to be tested anew."""
    match fact:
        case NoticeDrafted():
            return replace(notice, draft=fact, approved_by=None)
        case NoticeTested():
            return replace(notice, tested=fact.wording)
        case NoticeApproved():
            return replace(notice, approved_by=fact.operator)
        case NoticeReleased():
            return replace(notice, released=fact)
        case NoticeCancelled():
            return replace(notice, cancelled=True)
        case NoticeSent():
            return replace(notice, sent=True)
        case NoticeFinished():
            return replace(notice, finished=fact)
    return notice
