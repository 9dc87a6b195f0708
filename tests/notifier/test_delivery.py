"""From the mailing list to the relay, with everything that may happen between."""

import threading
from datetime import date, timedelta

import pytest

from aggregates.account.facts import AccountErased, EmailGiven, EverythingStopped, MailWishesSet
from aggregates.calendar.facts import DayOpened
from aggregates.fact import Recorded, topic_of
from aggregates.household.facts import GuardianRemoved
from aggregates.streams import calendar_stream
from notifier.transport import Deferred, LostAfterData, NotSent, Refused
from tests.notifier.conftest import NOON, TODAY, Post


def deliver_all(post: Post) -> None:
    post.ledger.release_expired()
    post.execute("UPDATE mail.message SET woken_at = NULL")
    for message_id in post.ledger.wake_due(100):
        post.sender().deliver([message_id])


def test_what_is_due_is_sent_once(post: Post) -> None:
    post.lists(*post.family())
    for _ in range(3):
        post.plan()
        deliver_all(post)
    assert len(post.outbox.sent) == 1
    assert post.states() == {"accepted": 1}


def test_all_news_of_a_day_come_in_one_letter(post: Post) -> None:
    account, child = post.family()
    post.lists(account, child)
    post.lists(account, child, kind="visit_day")
    assert len(post.plan()) == 1


def test_two_planners_at_once_plan_one_message(post: Post) -> None:
    account, child = post.family()
    post.lists(account, child)
    threads = [threading.Thread(target=post.plan) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert post.states() == {"planned": 1}


def test_a_new_cycle_is_a_new_occasion(post: Post) -> None:
    account, child = post.family()
    post.lists(account, child)
    post.plan()
    post.lists(account, child, cycle=1)
    assert len(post.plan()) == 1


@pytest.mark.parametrize(("kind", "days_late", "planned"), [("visit_eve", 1, 0), ("visit_after", 2, 1), ("checkup", 8, 0)])
def test_what_comes_too_late_is_not_sent(post: Post, kind: str, days_late: int, planned: int) -> None:
    post.lists(*post.family(), kind=kind, due_on=TODAY - timedelta(days=days_late))
    assert len(post.plan()) == planned


def test_four_workers_send_a_message_once(post: Post) -> None:
    post.lists(*post.family())
    (message_id,) = post.plan()
    threads = [threading.Thread(target=post.sender().deliver, args=([message_id],)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(post.outbox.sent) == 1


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (EverythingStopped(), "stopped"),
        (MailWishesSet(vaccinations=False, checkups=True, notices=True), "no_longer_due"),
        (EmailGiven(address="new@example.jp", address_version=2), "address_changed"),
    ],
)
def test_a_change_of_mind_just_before_sending_is_heard(post: Post, fact: EverythingStopped, reason: str) -> None:
    account, child = post.family()
    post.lists(account, child)
    post.plan()
    post.says(account, fact)
    deliver_all(post)
    assert (post.outbox.sent, post.states()) == ([], {"suppressed": 1})
    assert [m.status for m in post.ledger.to_report(10)] == [reason]


def test_a_dose_recorded_a_minute_before_suppresses_the_reminder(post: Post) -> None:
    post.lists(*post.family())
    post.plan()
    post.due.clear()  # what the child's record, folded now, gives reason to tell
    deliver_all(post)
    assert (post.outbox.sent, post.states()) == ([], {"suppressed": 1})


def test_an_erased_account_gets_nothing(post: Post) -> None:
    account, child = post.family()
    post.lists(account, child)
    post.plan()
    post.says(account, AccountErased(on=TODAY))
    post.ward.keys.erase(account)
    deliver_all(post)
    assert (post.outbox.sent, post.states()) == ([], {"suppressed": 1})


@pytest.mark.parametrize(
    ("trouble", "state"), [(Deferred("4.2.0"), "deferred"), (Refused("5.1.1"), "failed"), (LostAfterData("4.4.2"), "unknown")]
)
def test_trouble_is_written_down(post: Post, trouble: NotSent, state: str) -> None:
    post.lists(*post.family())
    post.plan()
    post.outbox.troubles.append((isinstance(trouble, LostAfterData), trouble))
    deliver_all(post)
    assert post.states() == {state: 1}


def test_not_now_is_tried_again_after_a_wait(post: Post) -> None:
    post.lists(*post.family())
    post.plan()
    post.outbox.troubles.append((False, Deferred("4.2.0")))
    deliver_all(post)
    deliver_all(post)
    assert post.outbox.sent == []
    post.execute("UPDATE mail.message SET not_before = now(); UPDATE mail.domain SET filled_at = now() - interval '1 minute'")
    deliver_all(post)
    assert len(post.outbox.sent) == 1


def test_an_unknown_end_is_retried_once_with_the_same_message_id(post: Post) -> None:
    post.lists(*post.family())
    (message_id,) = post.plan()
    post.outbox.troubles += [(True, LostAfterData("4.4.2")), (True, LostAfterData("4.4.2"))]
    for _ in range(4):
        deliver_all(post)
    assert (post.states(), post.outbox.troubles) == ({"unknown": 1}, [])
    post.execute("UPDATE mail.message SET woken_at = NULL")
    assert post.ledger.wake_due(10) == []
    assert [m.message_id for m in post.ledger.to_report(10)] == [message_id]


class Killed(BaseException):
    """The worker is gone: nothing of it runs any more."""


@pytest.mark.parametrize("after_data", [False, True])
def test_a_killed_worker_neither_loses_nor_doubles(post: Post, *, after_data: bool) -> None:
    """Before DATA the message is sent by another worker; after it the end is unknown and it is sent once more at most."""
    post.lists(*post.family())
    (message_id,) = post.plan()
    post.outbox.troubles.append((after_data, Killed()))
    with pytest.raises(Killed):
        post.sender().deliver([message_id])
    deliver_all(post)
    assert post.outbox.sent == []  # its lease still runs
    post.execute("UPDATE mail.message SET lease_until = now() - interval '1 second'")
    deliver_all(post)
    assert len(post.outbox.sent) == 1
    assert post.states() == {"accepted": 1}


def test_outcomes_become_facts_once(post: Post) -> None:
    post.lists(*post.family())
    (message_id,) = post.plan()
    deliver_all(post)
    assert post.outcomes.report() == 1
    post.execute("UPDATE mail.message SET reported = false")  # the worker died between the log and the ledger
    assert post.outcomes.report() == 1
    assert [topic_of(r.fact) for r in post.ward.history(message_id)] == ["mail.message_accepted.v1"]
    assert post.outcomes.report() == 0


def test_the_outcome_of_an_erased_account_is_dropped_quietly(post: Post) -> None:
    account, child = post.family()
    post.lists(account, child)
    (message_id,) = post.plan()
    deliver_all(post)
    erased = Recorded(account, len(post.ward.history(account)) + 1, AccountErased(on=TODAY))
    post.ward.save(erased, erases=[account])
    post.ward.keys.erase(account)
    assert post.outcomes.report() == 1
    assert post.ward.history(message_id) == []


def test_an_unconfirmed_address_is_asked_once(post: Post) -> None:
    account, _ = post.family()
    post.says(account, EmailGiven(address="new@example.jp", address_version=2))
    post.execute(f"INSERT INTO gen_test.account VALUES ('{account}', 2, 'unconfirmed')")
    for today in (TODAY, TODAY, date(2026, 11, 24)):
        post.plan(today)
        deliver_all(post)
    (letter,) = post.outbox.sent
    assert (letter.recipient, post.states()) == ("new@example.jp", {"accepted": 1})
    body = letter.content.get_body(("plain",))
    assert body
    assert f"/mail/confirm/{account}-2" in body.get_content()


def test_a_waiting_message_is_announced_once_a_minute(post: Post) -> None:
    post.lists(*post.family())
    planned = post.plan()
    assert (post.ledger.wake_due(10), post.ledger.wake_due(10)) == (planned, [])
    post.execute("UPDATE mail.message SET woken_at = woken_at - interval '61 seconds'")
    assert post.ledger.wake_due(10) == planned


def test_no_more_messages_are_announced_than_workers_may_take(post: Post) -> None:
    for _ in range(3):
        post.lists(*post.family())
    post.plan()
    assert (len(post.ledger.wake_due(2)), len(post.ledger.wake_due(2))) == (2, 0)


def test_held_mail_waits_and_goes_out_when_it_is_let_go(post: Post) -> None:
    post.lists(*post.family())
    (message_id,) = post.plan()
    post.gate.hold("relay is moved")
    post.sender().deliver([message_id])
    assert (post.ledger.wake_due(10), post.outbox.sent, post.states()) == ([], [], {"planned": 1})
    post.gate.resume()
    deliver_all(post)
    assert len(post.outbox.sent) == 1


def test_a_hold_stops_what_is_claimed_and_not_yet_said(post: Post) -> None:
    post.lists(*post.family())
    (message_id,) = post.plan()
    ((claim, _),) = post.ledger.claim([message_id])
    post.gate.hold("")
    assert not post.ledger.data_starts(claim)
    post.ledger.put_back(claim)
    assert post.states() == {"planned": 1}


def test_a_worker_that_overslept_its_lease_changes_nothing(post: Post) -> None:
    post.lists(*post.family())
    (message_id,) = post.plan()
    ((late, _),) = post.ledger.claim([message_id])
    post.execute("UPDATE mail.message SET lease_until = now() - interval '1 second'")
    post.ledger.release_expired()
    ((present, _),) = post.ledger.claim([message_id])
    assert not post.ledger.data_starts(late)
    post.ledger.settle(late, "failed", "5.1.1")
    post.ledger.put_back(late)
    assert post.ledger.data_starts(present)


@pytest.mark.parametrize("days", [-400, 400])
def test_a_clock_that_was_wrong_leaves_nothing_stuck(post: Post, days: int) -> None:
    account, child = post.family()
    post.lists(account, child)
    post.lists(account, child, kind="visit_day")
    post.planner.plan(TODAY, NOON + timedelta(days=days))
    post.execute(f"UPDATE mail.message SET state = 'claimed', lease_until = now() + interval '{days} days'")
    deliver_all(post)
    assert len(post.outbox.sent) == 1


def test_nobody_is_woken_at_night_by_what_was_held_up(post: Post) -> None:
    post.lists(*post.family())
    post.plan()
    post.now = NOON + timedelta(hours=10)  # ten in the evening
    deliver_all(post)
    assert (post.outbox.sent, post.states()) == ([], {"planned": 1})
    post.now = NOON + timedelta(hours=20)
    post.execute("UPDATE mail.message SET not_before = now()")
    deliver_all(post)
    assert len(post.outbox.sent) == 1


def test_what_has_waited_too_long_is_not_sent(post: Post) -> None:
    post.lists(*post.family(), kind="visit_day")
    post.plan()
    tomorrow = TODAY + timedelta(days=1)
    post.ward.save(Recorded(calendar_stream(tomorrow), 1, DayOpened(date=tomorrow)))
    deliver_all(post)
    assert [m.status for m in post.ledger.to_report(10)] == ["too_late"]


def test_a_guardian_who_was_removed_is_told_nothing_more(post: Post) -> None:
    account, child = post.family()
    post.lists(account, child)
    post.plan()
    post.says(post.household_id, GuardianRemoved(account_id=account))
    deliver_all(post)
    assert [m.status for m in post.ledger.to_report(10)] == ["no_guardian"]


def test_what_was_accepted_names_the_schedule_it_rests_on(post: Post) -> None:
    post.lists(*post.family())
    post.plan()
    deliver_all(post)
    assert [len(m.answer_digest) for m in post.ledger.to_report(10)] == [64]
