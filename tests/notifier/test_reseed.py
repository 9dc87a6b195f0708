"""A ledger that was lost is filled again, and nothing is sent twice."""

from aggregates.account.facts import AccountErased, EmailGiven
from aggregates.fact import Recorded
from notifier.reseed import Reseed
from tests.notifier.conftest import TODAY, Post
from tests.notifier.test_delivery import deliver_all

LOSE = "TRUNCATE mail.message, mail.occasion, mail.withdrawn, mail.told CASCADE"


def test_after_the_ledger_is_lost_nothing_is_planned_again(post: Post) -> None:
    account, child = post.family()
    post.lists(account, child)
    post.lists(account, child, kind="visit_day")
    post.plan()
    deliver_all(post)
    post.outcomes.report()
    post.execute(LOSE)
    for _ in range(2):
        assert Reseed(post.pool, post.ward).from_log() == 1
    assert (post.plan(), post.plan(), post.states()) == ([], [], {"accepted": 1})
    assert post.value("SELECT count(*) FROM mail.occasion") == 2
    post.lists(account, child, cycle=1)
    assert len(post.plan()) == 1


def test_a_confirmation_is_not_asked_for_again(post: Post) -> None:
    account, _ = post.family()
    post.says(account, EmailGiven(address="new@example.jp", address_version=2))
    post.execute(f"INSERT INTO gen_test.account VALUES ('{account}', 2, 'unconfirmed')")
    post.plan()
    deliver_all(post)
    post.outcomes.report()
    post.execute(LOSE)
    Reseed(post.pool, post.ward).from_log()
    assert post.plan() == []


def test_an_older_ledger_learns_the_ends_that_the_log_knows(post: Post) -> None:
    post.lists(*post.family())
    post.plan()
    deliver_all(post)
    post.outcomes.report()
    post.execute("UPDATE mail.message SET state = 'planned', settled_at = NULL, reported = false")
    Reseed(post.pool, post.ward).from_log()
    assert post.states() == {"accepted": 1}


def test_outcomes_of_erased_accounts_are_passed_over(post: Post) -> None:
    account, child = post.family()
    post.lists(account, child)
    post.plan()
    deliver_all(post)
    post.outcomes.report()
    version = len(post.ward.history(account)) + 1
    post.ward.save(Recorded(account, version, AccountErased(on=TODAY)), erases=[account])
    post.execute(LOSE)
    assert Reseed(post.pool, post.ward).from_log() == 0


def test_what_the_relay_took_over_is_not_sent_again(post: Post) -> None:
    post.lists(*post.family())
    (message_id,) = post.plan()
    lines = [f"Nov 23 12:00:01 relay postfix/cleanup[1]: 4F2A: message-id=<{message_id}@ward.example>\n", "rubbish\n"]
    assert Reseed(post.pool, post.ward).from_relay(lines) == 1
    deliver_all(post)
    assert (post.outbox.sent, post.states()) == ([], {"accepted": 1})
