"""Why a mail was sent, or was not."""

from datetime import timedelta

from aggregates.account.facts import EverythingStopped
from notifier.explain import explain
from notifier.status import status
from notifier.transport import LostAfterData
from tests.notifier.conftest import SCHEMA, TODAY, Post
from tests.notifier.test_delivery import deliver_all


def test_each_reminder_says_what_became_of_it(post: Post) -> None:
    account, child = post.family()
    post.lists(account, child)
    post.plan()
    deliver_all(post)
    post.lists(account, child, kind="visit_day")
    post.plan()
    post.says(account, EverythingStopped())
    deliver_all(post)
    post.lists(account, child, kind="visit_eve", due_on=TODAY - timedelta(days=1))
    post.lists(account, child, kind="checkup", due_on=TODAY + timedelta(days=30))
    post.lists(account, child, kind="visit_week")
    post.execute(f"UPDATE {SCHEMA}.mailing_list SET withheld_reason = 'postponed' WHERE kind = 'visit_week'")
    with post.pool.connection() as connection:
        told = {line.kind: line.verdict(TODAY) for line in explain(connection, SCHEMA, child)}
    assert told.pop("latest_near")[0] == "accepted"
    assert told == {
        "visit_day": ("suppressed", "stopped"),
        "visit_eve": ("too late", "2026-11-22"),
        "checkup": ("not yet due", "2026-12-23"),
        "visit_week": ("withheld", "postponed"),
    }


def test_what_was_planned_on_another_day_than_it_is_due_now_is_one_reminder(post: Post) -> None:
    account, child = post.family()
    post.lists(account, child)
    post.plan()
    post.execute(f"UPDATE {SCHEMA}.mailing_list SET due_on = due_on + 3")
    with post.pool.connection() as connection:
        (line,) = explain(connection, SCHEMA, child)
    assert (line.due_on, line.state) == (TODAY, "planned")


def test_the_status_counts_what_stands_where(post: Post) -> None:
    post.lists(*post.family())
    post.plan()
    found = status(post.pool, resting=False)
    assert (found.states, found.waiting.due, found.hold.held_since) == ({"planned": 1}, 1, None)
    post.gate.hold("relay is moved")
    deliver_all(post)
    assert status(post.pool, resting=False).hold.held_for == "relay is moved"
    post.gate.resume()
    deliver_all(post)
    found = status(post.pool, resting=False)
    assert (found.states, found.waiting.unreported, [d.domain for d in found.domains]) == ({"accepted": 1}, 1, ["docomo.ne.jp"])


def test_the_status_lists_messages_whose_end_nobody_knows(post: Post) -> None:
    post.lists(*post.family())
    (message_id,) = post.plan()
    post.outbox.troubles += [(True, LostAfterData("4.4.2")), (True, LostAfterData("4.4.2"))]
    for _ in range(2):
        deliver_all(post)
    assert status(post.pool, resting=False).unknown == [message_id]
