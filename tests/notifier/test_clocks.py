"""Reminders and a notice on their way, while the clock is set forward or back by more than a year and then right again.

The clock of the database cannot be set, so all times that the ledger holds move the other way: for every comparison that is
the same.
"""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from aggregates.account.facts import EverythingStopped
from aggregates.notice.facts import NoticeFinished, NoticeSent
from notifier.campaigns import Campaigns
from notifier.landmark import Landmark
from notifier.notifier import Notifier
from notifier.transport import Deferred, LostAfterData
from tests.notifier.campaign import WINDOW, Released
from tests.notifier.conftest import NOON, SCHEMA, TODAY, Post, eventually
from tests.notifier.test_delivery import Killed

FAMILIES = 6
ROUNDS = 20
TIMES = {
    "message": ("not_before", "lease_until", "woken_at", "settled_at"),
    "domain": ("filled_at", "slowed_at", "window_began", "closed_until"),
}


class Days:
    """A ward whose clock goes wrong in the middle of its mail."""

    def __init__(self, post: Post) -> None:
        self.post = post
        self.notice = Released(post, FAMILIES)
        self.off = timedelta()
        self.reminded: list[tuple[UUID, UUID]] = []

    def clock_moves(self, by: timedelta) -> None:
        self.off += by
        for table, columns in TIMES.items():
            moved = ", ".join(f"{column} = {column} - interval '{by.total_seconds()} seconds'" for column in columns)
            self.post.execute(f"UPDATE mail.{table} SET {moved}")

    def more_are_due(self) -> None:
        """Other families have something to be told."""
        for _ in range(FAMILIES):
            family = self.post.family()
            self.post.lists(*family)
            self.reminded.append(family)

    def round(self) -> None:
        """What planner, sweep and workers do."""
        self.post.plan()
        self.notice.campaigns.advance(self.notice.opens_at + self.off - timedelta(minutes=15))
        self.post.ledger.release_expired()
        for message_id in self.post.ledger.wake_due(100):
            self._works(message_id)
        self.post.outcomes.report()

    def _works(self, message_id: UUID) -> None:
        try:
            self.post.sender().deliver([message_id])
        except Killed:
            return

    def everything_goes_wrong_once(self) -> None:
        """One message is deferred, one lost after DATA, and two workers die, before and in DATA."""
        self.post.outbox.troubles += [
            (False, Deferred("4.2.0")),
            (True, LostAfterData("4.4.2")),
            (False, Killed()),
            (True, Killed()),
        ]

    @property
    def letters(self) -> Counter[UUID]:
        return Counter(envelope.message_id for envelope in self.post.outbox.sent)


@pytest.mark.parametrize("days", [400, -400])
def test_a_clock_that_goes_wrong_for_a_while_loses_and_doubles_nothing(post: Post, days: int) -> None:
    ward = Days(post)
    for jump in (0, days, -days):
        ward.clock_moves(timedelta(days=jump))
        ward.more_are_due()
        ward.everything_goes_wrong_once()
        ward.round()
    stopped = _who_still_waits(post)
    post.says(stopped, EverythingStopped())
    told_before = _told(post, ward, stopped)
    for _ in range(ROUNDS):
        ward.clock_moves(timedelta(hours=3))
        ward.round()
    _nothing_lost_or_doubled(post, ward)
    assert _told(post, ward, stopped) == told_before
    assert [type(fact) for fact in ward.notice.sent + ward.notice.finished] == [NoticeSent, NoticeFinished]


def test_a_notice_recorded_by_a_clock_that_ran_ahead_can_be_cancelled_as_long_as_any(post: Post) -> None:
    """The log never goes back: after the clock was ahead, all is recorded at that time until it has come."""
    ward = Days(post)
    ward.round()
    ward.clock_moves(timedelta(days=-400))
    asked = _after_rounds(ward)
    assert asked == FAMILIES  # about their addresses; nobody was told the notice
    ward.clock_moves(WINDOW - timedelta(minutes=1))
    assert _after_rounds(ward) == asked
    ward.clock_moves(timedelta(minutes=2))
    assert _after_rounds(ward) == asked + FAMILIES
    assert [type(fact) for fact in ward.notice.sent + ward.notice.finished] == [NoticeSent, NoticeFinished]


@pytest.mark.parametrize("days", [400, -400, 4, -4])
def test_mail_rests_while_clock_and_opened_day_are_apart(post: Post, tmp_path: Path, days: int) -> None:
    post.lists(*post.family())
    clock = [NOON + timedelta(days=days)]
    notifier = Notifier(
        post.ledger,
        post.planner,
        Campaigns(post.ledger, post.ward, lambda _: SCHEMA),
        post.questions,
        post.sender(),
        post.outcomes,
        Landmark(post.pool, post.ward, tmp_path / "landmark"),
        today=post.ward.today,
        now=lambda: clock[0],
    )
    notifier.start()
    try:
        assert not eventually(lambda: bool(post.states()), seconds=1)
        clock[0] = NOON
        assert eventually(lambda: post.states() == {"accepted": 1})
    finally:
        notifier.stop()
    assert len(post.outbox.sent) == 1


def _after_rounds(ward: Days) -> int:
    """How many letters have left, after planners and workers had their turns."""
    for _ in range(3):
        ward.round()
    return ward.letters.total()


def _who_still_waits(post: Post) -> UUID:
    account: UUID = post.value("SELECT account_id FROM mail.message WHERE settled_at IS NULL ORDER BY account_id LIMIT 1")
    return account


def _told(post: Post, ward: Days, account: UUID) -> int:
    theirs = post.value(f"SELECT array_agg(message_id) FROM mail.message WHERE account_id = '{account}'")
    return sum(ward.letters[message_id] for message_id in theirs)


def _nothing_lost_or_doubled(post: Post, ward: Days) -> None:
    with post.pool.connection() as connection:
        rows = connection.execute(
            "SELECT message_id, account_id, state, status, unknowns, settled_at FROM mail.message"
        ).fetchall()
    accounts = {account for account, _ in ward.reminded} | set(ward.notice.accounts)
    assert {row[1] for row in rows} == accounts
    for message_id, _, state, status, unknowns, settled_at in rows:
        assert settled_at is not None
        assert state == "accepted" or (state, status) == ("suppressed", "stopped") or unknowns
        assert ward.letters[message_id] <= unknowns + (state == "accepted")
    assert post.outbox.troubles == []
    assert post.ward.today() == TODAY
