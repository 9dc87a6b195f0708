"""Mail that rests on dates which another edition changed is taken back while it is unsent."""

from datetime import timedelta
from uuid import UUID

from aggregates.answer.facts import AnswerTold
from aggregates.mail.facts import MessageWithdrawn
from aggregates.streams import answers_stream
from notifier.explain import explain
from notifier.reseed import Reseed
from notifier.transport import Deferred
from tests.notifier.conftest import SCHEMA, TODAY, Post
from tests.notifier.test_delivery import deliver_all
from tests.notifier.test_reseed import LOSE


def another_edition(post: Post, kind: str, days: int) -> None:
    """Published: one kind of reminder is due so many days later."""
    post.edition = "new rules"
    post.execute(f"UPDATE {SCHEMA}.mailing_list SET due_on = due_on + {days} WHERE kind = '{kind}'")
    post.due = {key: day + timedelta(days if key[2] == kind else 0) for key, day in post.due.items()}


def told(post: Post, child: UUID) -> list[tuple[str, str, str]]:
    with post.pool.connection() as connection:
        return [(line.kind, *line.verdict(TODAY)) for line in explain(connection, SCHEMA, child)]


def test_a_reminder_of_an_old_date_is_withdrawn_and_planned_again_on_its_new_day(post: Post) -> None:
    account, child = post.family()
    post.lists(account, child)
    (message_id,) = post.plan()
    another_edition(post, "latest_near", 3)
    assert post.plan() == []
    assert post.states() == {"withdrawn": 1}
    assert ("latest_near", "withdrawn", "dates_changed") in told(post, child)
    deliver_all(post)
    assert post.outbox.sent == []
    assert len(post.plan(TODAY + timedelta(3))) == 1
    post.outcomes.report()
    (fact,) = (recorded.fact for recorded in post.ward.history(message_id))
    assert isinstance(fact, MessageWithdrawn)
    assert (fact.account_id, len(fact.occasions), fact.reason) == (account, 1, "dates_changed")


def test_what_the_new_edition_does_not_give_at_all_is_withdrawn(post: Post) -> None:
    account, child = post.family()
    post.lists(account, child)
    post.plan()
    post.edition = "new rules"
    post.execute(f"DELETE FROM {SCHEMA}.mailing_list")
    assert (post.plan(), post.states()) == ([], {"withdrawn": 1})


def test_of_a_letter_with_other_news_only_what_has_moved_is_taken_out(post: Post) -> None:
    account, child = post.family()
    post.lists(account, child)
    post.lists(account, child, kind="visit_day")
    (message_id,) = post.plan()
    another_edition(post, "latest_near", 3)
    post.plan()
    assert [occasion.kind for occasion in post.occasions(message_id)] == ["visit_day"]
    deliver_all(post)
    assert (len(post.outbox.sent), post.states()) == (1, {"accepted": 1})
    assert [len(message.occasions) for message in post.ledger.to_report(10)] == [1]


def test_a_reminder_whose_date_stands_is_left_alone(post: Post) -> None:
    post.lists(*post.family())
    post.plan()
    another_edition(post, "visit_day", 3)
    post.plan()
    assert post.states() == {"planned": 1}
    assert post.value("SELECT edition FROM mail.message") == "new rules"
    post.outbox.troubles.append((False, Deferred("4.2.0")))
    deliver_all(post)
    post.edition = "newer rules"
    post.execute(f"DELETE FROM {SCHEMA}.mailing_list")
    post.plan()
    assert post.states() == {"withdrawn": 1}, "what waits for another try is unsent too"


def test_mail_that_rests_on_no_schedule_is_left_alone(post: Post) -> None:
    account, _ = post.family()
    post.execute(
        f"INSERT INTO {SCHEMA}.account (account_id, address_version, email_state) VALUES ('{account}', 2, 'unconfirmed')"
    )
    post.plan()
    post.edition = "new rules"
    post.plan()
    assert post.states() == {"planned": 1}


def test_what_a_worker_holds_is_told_by_the_edition_of_that_moment(post: Post) -> None:
    account, child = post.family()
    post.lists(account, child)
    post.plan()
    another_edition(post, "latest_near", 3)
    deliver_all(post)
    assert (post.outbox.sent, post.states()) == ([], {"withdrawn": 1})


def test_a_lost_ledger_does_not_take_a_withdrawn_reminder_for_told(post: Post) -> None:
    post.lists(*post.family())
    post.plan()
    another_edition(post, "latest_near", 3)
    post.plan()
    post.outcomes.report()
    post.execute(LOSE)
    assert Reseed(post.pool, post.ward).from_log() == 1
    assert post.states() == {"withdrawn": 1}
    assert len(post.plan(TODAY + timedelta(3))) == 1


def test_each_child_of_a_letter_has_its_answer_kept(post: Post) -> None:
    account, child = post.family()
    post.lists(account, child)
    post.plan()
    deliver_all(post)
    post.outcomes.report()
    post.outcomes.report()
    (fact,) = (recorded.fact for recorded in post.ward.history(answers_stream(child)))
    assert isinstance(fact, AnswerTold)
    assert (fact.child_version, fact.on, fact.edition, fact.answer_digest) == (1, TODAY, "old rules", "ab" * 32)
    assert post.value("SELECT answers FROM mail.message") == b"[]", "digests say too much of a child to stay here"
