"""The life of a notice: drafted, tested, approved by a second person, released, and sent or cancelled.

What has been done already is not done again, but for test letters: each sending of them is a fact.
"""

from collections.abc import Set as AbstractSet
from datetime import date
from uuid import UUID

from aggregates.calendar.opening import DAYS_AHEAD_MAX, agree
from aggregates.calendar.refusals import ClockDisagrees
from aggregates.fact import Fact
from aggregates.notice.audience import require_possible
from aggregates.notice.facts import (
    NoticeApproved,
    NoticeCancelled,
    NoticeDrafted,
    NoticeFinished,
    NoticeReleased,
    NoticeSent,
    NoticeTested,
)
from aggregates.notice.refusals import NoticeChanged, NoticeClosed, NoticeNotTested, NoticeSettled
from aggregates.notice.state import Notice
from aggregates.notice.wording import draft_digest, require_fit, wording_digest
from aggregates.refusal import NotFound
from aggregates.second_person import NotApproved, OwnApproval

CANCEL_WINDOW_MINUTES = 30


def draft(notice: Notice, drafted: NoticeDrafted, *, known_series: AbstractSet[str]) -> list[Fact]:
    """Lay a notice before the ward."""
    _require_open(notice)
    require_fit(drafted)
    require_possible(drafted, known_series)
    return [] if notice.draft == drafted else [drafted]


def note_test(notice: Notice, *, wording: str, letters: int, operator: UUID) -> list[Fact]:
    """Note that test letters of a wording have left; it must still be the wording of the draft."""
    drafted = _drafted(notice)
    _require_open(notice)
    if wording_digest(drafted) != wording:
        raise NoticeChanged
    return [NoticeTested(wording=wording, letters=letters, operator=operator)]


def approve(notice: Notice, *, looked_at: str, operator: UUID) -> list[Fact]:
    """Agree to a draft that somebody else made and that was seen as a letter; `looked_at` is the digest of what was read."""
    drafted = _drafted(notice)
    _require_open(notice)
    if not looked_at or not draft_digest(drafted).startswith(looked_at):
        raise NoticeChanged
    if drafted.operator == operator:
        raise OwnApproval
    if notice.tested != wording_digest(drafted):
        raise NoticeNotTested
    return [] if notice.approved_by else [NoticeApproved(draft=draft_digest(drafted), operator=operator)]


def release(notice: Notice, *, on: date, clock: date, window_minutes: int, operator: UUID) -> list[Fact]:
    """Let the letters be planned. `clock` is the day by the clock, which the time for cancelling is reckoned by."""
    _drafted(notice)
    if notice.released is not None and not notice.cancelled:
        return []
    _require_open(notice)
    if notice.approved_by is None:
        raise NotApproved
    if not agree(clock, on):
        raise ClockDisagrees(limit=DAYS_AHEAD_MAX, opened=on)
    return [NoticeReleased(on=on, window_minutes=window_minutes, operator=operator)]


def cancel(notice: Notice, *, operator: UUID) -> list[Fact]:
    """Take a notice back, before its release or while its letters leave."""
    _drafted(notice)
    if notice.cancelled:
        return []
    if notice.finished is not None:
        raise NoticeSettled
    return [NoticeCancelled(operator=operator)]


def send(notice: Notice, *, recipients: int) -> list[Fact]:
    """The time for cancelling is over, and all letters are planned."""
    due = notice.released is not None and not notice.sent and not notice.cancelled
    return [NoticeSent(recipients=recipients)] if due else []


def finish(notice: Notice, outcome: NoticeFinished) -> list[Fact]:
    """All letters have ended, or none may leave any more."""
    over = notice.released is not None and (notice.sent or notice.cancelled)
    return [outcome] if over and notice.finished is None else []


def _drafted(notice: Notice) -> NoticeDrafted:
    if notice.draft is None:
        raise NotFound
    return notice.draft


def _require_open(notice: Notice) -> None:
    if not notice.open:
        raise NoticeClosed
