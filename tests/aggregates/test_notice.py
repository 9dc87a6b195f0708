from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import pytest
from msgspec.structs import replace

from aggregates.calendar.refusals import ClockDisagrees
from aggregates.child.refusals import UnknownSeries
from aggregates.fact import Fact
from aggregates.notice import audience
from aggregates.notice.audience import born_between, is_for_everybody
from aggregates.notice.facts import (
    DueStatus,
    NoticeApproved,
    NoticeCancelled,
    NoticeDrafted,
    NoticeFinished,
    NoticeReleased,
    NoticeSent,
    NoticeTested,
)
from aggregates.notice.life import approve, cancel, draft, finish, note_test, release, send
from aggregates.notice.refusals import (
    AudienceImpossible,
    NoticeChanged,
    NoticeClosed,
    NoticeControlCharacter,
    NoticeLineTooLong,
    NoticeNotTested,
    NoticePlaceholder,
    NoticeSettled,
    NoticeTextMissing,
    NoticeTextTooLong,
)
from aggregates.notice.state import Notice, Standing, evolve
from aggregates.notice.wording import draft_digest, wording_digest
from aggregates.refusal import NotFound, Refusal
from aggregates.second_person import NotApproved, OwnApproval
from tests.aggregates.case import Case

DRAFTER, APPROVER, THIRD = (UUID(int=n) for n in (1, 2, 3))
TODAY = date(2026, 11, 23)
DRAFTED = NoticeDrafted(
    subject_ja="麻しんが出ています",
    body_ja="第2期を受けてください。",
    subject_en="Measles",
    body_en="Have MR2.",
    operator=DRAFTER,
)
OTHER_WORDS = replace(DRAFTED, body_ja="第2期を、早めに受けてください。")
OTHER_AUDIENCE = replace(DRAFTED, series=("MR2",))
TESTED = NoticeTested(wording=wording_digest(DRAFTED), letters=2, operator=DRAFTER)
APPROVED = NoticeApproved(draft=draft_digest(DRAFTED), operator=APPROVER)
RELEASED = NoticeReleased(on=TODAY, window_minutes=30, operator=DRAFTER)
CANCELLED = NoticeCancelled(operator=THIRD)
SENT = NoticeSent(recipients=7)
FINISHED = NoticeFinished(accepted=4, suppressed=1, failed=1, unknown=1)

given = Case(Notice, evolve).given
drafting = partial(draft, drafted=DRAFTED, known_series={"MR2"})
trying = partial(note_test, wording=TESTED.wording, letters=2, operator=DRAFTER)
approving = partial(approve, looked_at=APPROVED.draft[:12], operator=APPROVER)
releasing = partial(release, on=TODAY, clock=TODAY, window_minutes=30, operator=DRAFTER)
cancelling = partial(cancel, operator=THIRD)
LIFE = (DRAFTED, TESTED, APPROVED, RELEASED, SENT)


def test_a_notice_is_drafted_tested_approved_released_sent_and_finished() -> None:
    given().when(drafting).then(DRAFTED)
    given(DRAFTED).when(trying).then(TESTED)
    given(DRAFTED, TESTED).when(approving).then(APPROVED)
    given(DRAFTED, TESTED, APPROVED).when(releasing).then(RELEASED)
    given(*LIFE[:-1]).when(partial(send, recipients=7)).then(SENT)
    given(*LIFE).when(partial(finish, outcome=FINISHED)).then(FINISHED)


def test_what_was_done_is_not_done_again() -> None:
    given(DRAFTED).when(drafting).then()
    given(DRAFTED, TESTED, APPROVED).when(approving).then()
    given(*LIFE).when(releasing).then()
    given(*LIFE).when(partial(send, recipients=7)).then()
    given(*LIFE, FINISHED).when(partial(finish, outcome=FINISHED)).then()
    given(*LIFE, CANCELLED).when(cancelling).then()


def test_nobody_approves_what_they_drafted() -> None:
    given(DRAFTED, TESTED).when(partial(approve, looked_at=APPROVED.draft, operator=DRAFTER)).refuses(OwnApproval)


def test_exactly_this_wording_was_sent_as_a_test() -> None:
    given(DRAFTED).when(approving).refuses(NoticeNotTested)
    changed = partial(approve, looked_at=draft_digest(OTHER_WORDS), operator=APPROVER)
    given(DRAFTED, TESTED, OTHER_WORDS).when(changed).refuses(NoticeNotTested)
    given(OTHER_WORDS).when(trying).refuses(NoticeChanged)


def test_another_audience_needs_no_other_test_but_another_approval() -> None:
    given(DRAFTED, TESTED, APPROVED, OTHER_AUDIENCE).when(releasing).refuses(NotApproved)
    looked_at = draft_digest(OTHER_AUDIENCE)
    again = partial(approve, looked_at=looked_at, operator=APPROVER)
    given(DRAFTED, TESTED, APPROVED, OTHER_AUDIENCE).when(again).then(NoticeApproved(draft=looked_at, operator=APPROVER))


def test_what_is_approved_is_what_was_looked_at() -> None:
    given(OTHER_AUDIENCE, TESTED).when(approving).refuses(NoticeChanged)
    given(DRAFTED, TESTED).when(partial(approve, looked_at="", operator=APPROVER)).refuses(NoticeChanged)


def test_only_what_was_approved_is_released() -> None:
    given(DRAFTED, TESTED).when(releasing).refuses(NotApproved)


@pytest.mark.parametrize("days", [-400, -4, 4, 400])
def test_nothing_is_released_by_a_clock_that_is_wrong(days: int) -> None:
    by_that_clock = partial(releasing, clock=TODAY + timedelta(days=days))
    given(DRAFTED, TESTED, APPROVED).when(by_that_clock).refuses(ClockDisagrees, limit=3, opened=TODAY)
    by_a_clock_ahead = partial(releasing, clock=TODAY + timedelta(days=3))
    given(DRAFTED, TESTED, APPROVED).when(by_a_clock_ahead).then(RELEASED)


@pytest.mark.parametrize("end", [RELEASED, CANCELLED])
def test_after_its_release_or_cancellation_a_notice_is_changed_no_more(end: Fact) -> None:
    for decide in (partial(drafting, drafted=OTHER_WORDS), trying, approving):
        given(DRAFTED, TESTED, APPROVED, end).when(decide).refuses(NoticeClosed)
    given(DRAFTED, TESTED, APPROVED, RELEASED, CANCELLED).when(releasing).refuses(NoticeClosed)


def test_a_notice_is_cancelled_until_its_last_letter_has_ended() -> None:
    for facts in ((DRAFTED,), LIFE[:-1], LIFE):
        given(*facts).when(cancelling).then(CANCELLED)
    given(*LIFE, FINISHED).when(cancelling).refuses(NoticeSettled)


def test_a_cancelled_notice_is_not_sent_but_its_letters_are_counted() -> None:
    given(*LIFE[:-1], CANCELLED).when(partial(send, recipients=7)).then()
    given(*LIFE[:-1], CANCELLED).when(partial(finish, outcome=FINISHED)).then(FINISHED)
    given(DRAFTED, CANCELLED).when(partial(finish, outcome=FINISHED)).then()


def test_a_notice_that_is_not_sent_yet_is_not_finished() -> None:
    given(*LIFE[:-1]).when(partial(finish, outcome=FINISHED)).then()


def test_a_notice_says_where_it_stands() -> None:
    stands = [Standing.UNKNOWN, Standing.DRAFTED, Standing.DRAFTED, Standing.APPROVED, Standing.RELEASED, Standing.SENT]
    assert [given(*LIFE[:n]).state.standing for n in range(len(LIFE) + 1)] == stands
    assert given(*LIFE, FINISHED).state.standing is Standing.FINISHED
    assert given(*LIFE, CANCELLED, FINISHED).state.standing is Standing.CANCELLED


@pytest.mark.parametrize("decide", [trying, approving, releasing, cancelling])
def test_a_notice_that_nobody_drafted_is_unknown(decide: Callable[[Notice], list[Fact]]) -> None:
    given().when(decide).refuses(NotFound)


@pytest.mark.parametrize(
    ("drafted", "refusal"),
    [
        (replace(DRAFTED, subject_ja=""), NoticeTextMissing),
        (replace(DRAFTED, body_en=" \n"), NoticeTextMissing),
        (replace(DRAFTED, subject_en="x" * 31), NoticeTextTooLong),
        (replace(DRAFTED, body_ja="あ\n" * 2001), NoticeTextTooLong),
        (replace(DRAFTED, body_ja="あ" * 121), NoticeLineTooLong),
        (replace(DRAFTED, body_ja="{handle}さん"), NoticePlaceholder),
        (replace(DRAFTED, subject_ja="一行\n二行"), NoticeControlCharacter),
        (replace(DRAFTED, body_en="a\x00b"), NoticeControlCharacter),
        (replace(DRAFTED, body_en="a\r\nb"), NoticeControlCharacter),
        (replace(DRAFTED, age_months_from=12, age_months_to=6), AudienceImpossible),
        (replace(DRAFTED, age_months_from=-1), AudienceImpossible),
        (replace(DRAFTED, postal_prefixes=("102-",)), AudienceImpossible),
        (replace(DRAFTED, due=(DueStatus.DUE,)), AudienceImpossible),
        (replace(DRAFTED, series=("NO",)), UnknownSeries),
    ],
)
def test_what_cannot_be_sent_or_meant_is_refused(drafted: NoticeDrafted, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        draft(Notice(), drafted, known_series={"MR2"})


def test_a_long_address_does_not_make_a_line_too_long() -> None:
    long = replace(DRAFTED, body_ja=f"https://www.city.chiyoda.lg.jp/{'x' * 200}")
    given().when(partial(draft, drafted=long, known_series=set())).then(long)


def completed_months(born: date, today: date) -> int:
    return (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)


@pytest.mark.parametrize("today", [date(2026, 11, 23), date(2027, 2, 28), date(2028, 2, 29), date(2027, 3, 1), date(2027, 3, 31)])
@pytest.mark.parametrize(("low", "high"), [(0, 0), (1, 1), (6, 11), (12, 23), (216, 216)])
def test_ages_are_completed_months_on_every_birthday(today: date, low: int, high: int) -> None:
    first, last = born_between(replace(DRAFTED, age_months_from=low, age_months_to=high), today)
    around = [today - timedelta(days=n) for n in range(-2, 217 * 31)]
    assert {day for day in around if first <= day <= last} == {
        day for day in around if low <= completed_months(day, today) <= high
    }


def test_a_notice_without_criteria_is_for_everybody() -> None:
    assert is_for_everybody(DRAFTED)
    for changes in ({"series": ("MR2",)}, {"postal_prefixes": ("102",)}, {"edition": "ab"}, {"age_months_from": 0}):
        assert not is_for_everybody(replace(DRAFTED, **changes))
    assert audience.statuses(OTHER_AUDIENCE) == (DueStatus.DUE, DueStatus.OVERDUE)
