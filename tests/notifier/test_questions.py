"""Old addresses are asked whether they are still their owner's."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from aggregates.account.facts import AddressUnanswered, EmailConfirmed, EverythingStopped
from aggregates.account.state import Account
from aggregates.calendar.facts import DayOpened
from aggregates.fact import Recorded
from aggregates.streams import calendar_stream
from commands.work import ACCOUNT
from notifier.occasion import first_waking_moment
from notifier.transport import Envelope, LostAfterData, NotSent, Refused
from tests.notifier.conftest import NOON, TODAY, Post
from tests.notifier.test_delivery import deliver_all

LAST_YEAR = TODAY - timedelta(days=365)
IN_A_MONTH = TODAY + timedelta(days=30)


def confirmed(post: Post, on: date | None = LAST_YEAR) -> UUID:
    """A guardian whose address was confirmed on a day, as log and read model say."""
    account, _ = post.family()
    post.says(account, EmailConfirmed(address_version=1, on=on))
    post.execute("DELETE FROM gen_test.account")
    day = f"'{on}'" if on else "NULL"
    post.execute(f"INSERT INTO gen_test.account VALUES ('{account}', 1, 'confirmed', {day})")
    return account


def account_of(post: Post, account: UUID) -> Account:
    return post.ward.state(account, ACCOUNT.project)[0]


def text_of(letter: Envelope) -> str:
    body = letter.content.get_body(("plain",))
    assert body
    return str(body.get_content())


def a_day_begins(post: Post, day: date) -> None:
    post.ward.save(Recorded(calendar_stream(day), 1, DayOpened(date=day)))


@pytest.mark.parametrize("on", [LAST_YEAR, None])
def test_an_old_address_is_asked_once(post: Post, on: date | None) -> None:
    account = confirmed(post, on)
    for today in (TODAY, TODAY, TODAY + timedelta(days=1)):
        post.plan(today)
        deliver_all(post)
    (letter,) = post.outbox.sent
    assert f"/mail/keep/keep-{account}-1" in text_of(letter)
    assert f"/mail/unsubscribe/out-{account}-1" in text_of(letter)


def test_an_address_confirmed_lately_is_left_alone(post: Post) -> None:
    confirmed(post, LAST_YEAR + timedelta(days=1))
    assert post.plan() == []


@pytest.mark.parametrize("change", ["stopped = true", "wish_vaccinations = false, wish_checkups = false"])
def test_who_gets_no_mail_is_not_asked(post: Post, change: str) -> None:
    confirmed(post)
    post.execute(f"UPDATE gen_test.account SET {change}")
    assert post.plan() == []


def test_a_year_after_the_answer_the_question_comes_again(post: Post) -> None:
    confirmed(post)
    assert len(post.plan()) == 1
    confirmed(post, TODAY)
    assert post.plan() == []
    assert len(post.plan(TODAY + timedelta(days=365))) == 1


def test_an_answer_on_another_way_takes_the_question_back(post: Post) -> None:
    account = confirmed(post)
    post.plan()
    post.says(account, EmailConfirmed(address_version=1, on=TODAY))
    deliver_all(post)
    assert (post.outbox.sent, post.states()) == ([], {"suppressed": 1})


def test_a_question_that_was_held_up_is_still_asked(post: Post) -> None:
    confirmed(post)
    post.plan()
    a_day_begins(post, IN_A_MONTH)
    deliver_all(post)
    assert post.states() == {"accepted": 1}


def test_a_confirmation_that_came_on_another_way_ends_the_asking(post: Post) -> None:
    account, _ = post.family()
    post.execute(f"INSERT INTO gen_test.account VALUES ('{account}', 1, 'unconfirmed')")
    post.plan()
    deliver_all(post)
    assert post.states() == {"suppressed": 1}


@pytest.mark.parametrize("trouble", [None, Refused("5.7.1"), LostAfterData("4.4.2")])
def test_silence_pauses_mail(post: Post, trouble: NotSent | None) -> None:
    account = confirmed(post)
    post.plan()
    post.outbox.troubles += [(True, trouble)] * 2 if trouble else []
    for _ in range(3):
        deliver_all(post)
    settled_on(post, TODAY)
    assert post.questions.pause_silent(IN_A_MONTH - timedelta(days=1)) == 0
    for _ in range(2):
        post.questions.pause_silent(IN_A_MONTH)
    assert account_of(post, account).address_unanswered
    assert sum(isinstance(r.fact, AddressUnanswered) for r in post.ward.history(account)) == 1


def test_an_answer_just_before_the_end_of_the_wait_counts(post: Post) -> None:
    account = confirmed(post)
    post.plan()
    deliver_all(post)
    settled_on(post, TODAY)
    post.says(account, EmailConfirmed(address_version=1, on=IN_A_MONTH))
    assert post.questions.pause_silent(IN_A_MONTH) == 1  # the read model lags
    assert account_of(post, account).mailable


def test_a_question_that_was_never_sent_pauses_nothing(post: Post) -> None:
    account = confirmed(post)
    post.plan()
    post.says(account, EverythingStopped())
    deliver_all(post)
    settled_on(post, TODAY)
    assert post.questions.pause_silent(IN_A_MONTH) == 0


@pytest.mark.parametrize("days", [-400, 400])
def test_a_clock_that_was_wrong_pauses_nobody_early(post: Post, days: int) -> None:
    confirmed(post)
    post.plan()
    deliver_all(post)
    settled_on(post, TODAY + timedelta(days=days))
    assert post.questions.pause_silent(IN_A_MONTH - timedelta(days=1)) == 0


def test_nothing_is_sent_to_a_silent_address_until_its_owner_speaks(post: Post) -> None:
    account, child = post.family()
    post.says(account, AddressUnanswered(address_version=1))
    post.lists(account, child)
    post.plan()
    deliver_all(post)
    assert [m.status for m in post.ledger.to_report(10)] == ["address_unanswered"]
    post.says(account, EmailConfirmed(address_version=1, on=TODAY))
    post.lists(account, child, cycle=1)
    post.plan()
    deliver_all(post)
    assert len(post.outbox.sent) == 1


def test_a_question_waits_for_the_morning(post: Post) -> None:
    confirmed(post)
    late = NOON + timedelta(hours=10)
    post.planner.plan(TODAY, late)
    assert post.value("SELECT not_before FROM mail.message") == first_waking_moment(late) > late


def settled_on(post: Post, day: date) -> None:
    post.execute(f"UPDATE mail.message SET settled_at = '{day} 12:00+09' WHERE settled_at IS NOT NULL")
