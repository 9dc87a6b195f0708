"""Facts of one notice (お知らせ) that the ward mails to many families. Operators are named by their ids on the roster."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from aggregates.account.facts import Language
from aggregates.fact import Fact


class DueStatus(StrEnum):
    """Where a series stands for a child on a day, as far as somebody may be told of it."""

    NOT_DUE = "not_due"
    ELIGIBLE_EARLY = "eligible_early"
    DUE = "due"
    OVERDUE = "overdue"


class NoticeDrafted(Fact, frozen=True, tag="notice.drafted.v1"):
    """Somebody laid a notice, or a new version of it, before the ward (起案): its wording, and whom it is meant for.

    Families are meant where every criterion that is named holds; those on children hold for one and the same child.
    """

    subject_ja: str
    body_ja: str
    subject_en: str
    body_en: str
    operator: UUID
    age_months_from: int | None = None
    age_months_to: int | None = None
    postal_prefixes: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    due: tuple[DueStatus, ...] = ()
    languages: tuple[Language, ...] = ()
    edition: str = ""


class NoticeTested(Fact, frozen=True, tag="notice.tested.v1"):
    """The relay took test letters of exactly this wording over, to addresses that are not kept (テスト送信)."""

    wording: str
    letters: int
    operator: UUID


class NoticeApproved(Fact, frozen=True, tag="notice.approved.v1"):
    """A second person agrees to exactly this draft (承認)."""

    draft: str
    operator: UUID


class NoticeReleased(Fact, frozen=True, tag="notice.released.v1"):
    """The letters are planned from now on. None leaves while the time for cancelling runs (取消期間)."""

    on: date
    window_minutes: int
    operator: UUID


class NoticeCancelled(Fact, frozen=True, tag="notice.cancelled.v1"):
    """From now on no letter of it begins (取消)."""

    operator: UUID


class NoticeSent(Fact, frozen=True, tag="notice.sent.v1"):
    """The time for cancelling is over, and a letter for each recipient stands in the ledger: parents see the notice (配信)."""

    recipients: int


class NoticeFinished(Fact, frozen=True, tag="notice.finished.v1"):
    """Every letter has come to its end (配信完了)."""

    accepted: int
    suppressed: int
    failed: int
    unknown: int
