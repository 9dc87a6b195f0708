"""A ward in which a notice was released, with the read models that its audience is asked of."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import reduce
from uuid import UUID, uuid4

import psycopg

from aggregates.account.facts import MailWishesSet
from aggregates.account.state import Account, evolve
from aggregates.fact import Fact, Recorded, Redacted
from aggregates.notice.facts import (
    NoticeApproved,
    NoticeCancelled,
    NoticeDrafted,
    NoticeFinished,
    NoticeReleased,
    NoticeSent,
    NoticeTested,
)
from notifier import campaign_ledger
from notifier.campaign_ledger import Ends, Result
from notifier.campaigns import Campaigns
from projections.models import account, child, household, schedule
from projections.table import fill
from tests.notifier.conftest import SCHEMA, TODAY, Post

WINDOW = timedelta(minutes=30)
DRAFTED = NoticeDrafted(
    subject_ja="麻しんが出ています",
    body_ja="第2期を受けてください。",
    subject_en="Measles in the ward",
    body_en="Please have the second dose.",
    operator=UUID(int=1),
)
WISHED = MailWishesSet(vaccinations=False, checkups=False, notices=True)
TABLES = (account.TABLE, household.GUARDIAN, child.TABLE, schedule.SERIES)


class Released:
    """One notice, from its release on."""

    def __init__(self, post: Post, families: int, draft: NoticeDrafted = DRAFTED) -> None:
        self.post = post
        self.notice_id = uuid4()
        self.accounts: list[UUID] = []
        self.children: dict[UUID, UUID] = {}
        tables = "".join(f"DROP TABLE IF EXISTS {table.name}; {table.ddl()};" for table in TABLES)
        post.execute(f"SET search_path TO {SCHEMA}; {tables} GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO hagukumi_mailer")
        for _ in range(families):
            self.adds(WISHED)
        tested, approved = (
            NoticeTested(wording="", letters=2, operator=UUID(int=1)),
            NoticeApproved(draft="", operator=UUID(int=2)),
        )
        released = NoticeReleased(on=TODAY, window_minutes=WINDOW.seconds // 60, operator=UUID(int=1))
        self.says(draft, tested, approved, released)

    @property
    def campaigns(self) -> Campaigns:
        return Campaigns(self.post.ledger, self.post.ward, lambda _: SCHEMA)

    @property
    def opens_at(self) -> datetime:
        return self.fact(NoticeReleased)[0].recorded_at + WINDOW

    def adds(self, wishes: MailWishesSet) -> UUID:
        """Another guardian, in the log and in the read models."""
        guardian, baby = self.post.family()
        self.post.says(guardian, wishes)
        self.accounts.append(guardian)
        self.children[guardian] = baby
        self.shows(guardian)
        return guardian

    def shows(self, guardian: UUID) -> None:
        """The read models catch up with one account."""
        state = reduce(evolve, (recorded.fact for recorded in self.post.ward.history(guardian)), Account())
        with psycopg.connect(self.post.database) as connection, connection.cursor() as cursor:
            fill(cursor, SCHEMA, account.TABLE, account.rows(guardian, 1, state))
            fill(cursor, SCHEMA, household.GUARDIAN, [(self.post.household_id, guardian, len(self.accounts))])

    def lists_due(self) -> None:
        """The read models have every child due for MR2."""
        for child_id in self.children.values():
            self.shows_child(child_id)
            self.post.execute(f"""
                INSERT INTO {SCHEMA}.schedule (child_id, series, vaccine_group, status, earliest)
                    VALUES ('{child_id}', 'MR2', 'MR', 'not_complete', '{TODAY}')""")

    def shows_child(self, child_id: UUID) -> None:
        """The read models catch up with one child."""
        born = date(2026, 4, 10)
        with psycopg.connect(self.post.database) as connection, connection.cursor() as cursor:
            fill(cursor, SCHEMA, child.TABLE, [(child_id, self.post.household_id, "", born, "F", False, [], None, 1)])

    def says(self, *facts: Fact) -> None:
        version = len(self.post.ward.history(self.notice_id))
        self.post.ward.save(*(Recorded(self.notice_id, version + n, fact) for n, fact in enumerate(facts, start=1)))

    def cancels(self) -> None:
        self.says(NoticeCancelled(operator=UUID(int=3)))

    def fact(self, kind: type[Fact]) -> list[Recorded]:
        return [recorded for recorded in self.post.ward.history(self.notice_id) if isinstance(recorded.fact, kind)]

    def advances(self, *, after_window: bool = True) -> None:
        """One round of a planner, and as much time has passed for letters as for the planner."""
        self.campaigns.advance(self.opens_at + timedelta(seconds=1 if after_window else -1))
        if after_window:
            self.post.execute("UPDATE mail.message SET not_before = now() WHERE settled_at IS NULL")

    def delivers(self, most: int = 1000) -> None:
        """Workers do what is due."""
        self.post.execute("UPDATE mail.message SET woken_at = NULL; UPDATE mail.domain SET tokens = 100, filled_at = now()")
        self.post.sender().deliver(self.post.ledger.wake_due(most))

    @property
    def ends(self) -> Ends:
        with self.post.pool.connection() as connection:
            return campaign_ledger.ends(connection, self.notice_id)

    @property
    def results(self) -> Sequence[Result]:
        with self.post.pool.connection() as connection:
            return campaign_ledger.results(connection, self.notice_id)

    @property
    def finished(self) -> list[Fact | Redacted]:
        return [recorded.fact for recorded in self.fact(NoticeFinished)]

    @property
    def sent(self) -> list[Fact | Redacted]:
        return [recorded.fact for recorded in self.fact(NoticeSent)]
