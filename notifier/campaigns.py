"""Brings released notices (お知らせの一斉配信) into the ledger, chunk by chunk, and says in the log how far they have come.

A letter of a notice is a message like any other: the same workers claim it, ask the log again and settle it.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from msgspec import Struct
from psycopg import Connection

from aggregates.fact import Actor, Recorded
from aggregates.notice.facts import NoticeDrafted, NoticeFinished, NoticeReleased
from aggregates.notice.life import finish, send
from commands import desk
from commands.notice_life import NOTICE, Decide
from eventstore.errors import StaleVersion
from eventstore.ward import Ward
from notifier import campaign_ledger, ledger
from notifier.ledger import Digest, Ledger
from notifier.occasion import Kind, Occasion, first_waking_moment
from notifier.planner import CurrentSchema
from projections import audience
from projections.audience import Member

CHUNK = 5_000
"""Guardians of one transaction: a planner that is killed leaves no more than these to be looked at again."""

_ON_THEIR_WAY = """
    SELECT r.originator_id FROM events.event r
    WHERE r.topic = 'notice.released.v1' AND r.topic LIKE 'notice.%%' AND NOT EXISTS (
        SELECT FROM events.event f
        WHERE f.topic = 'notice.finished.v1' AND f.topic LIKE 'notice.%%' AND f.originator_id = r.originator_id)
    ORDER BY r.position"""


class Release(Struct, frozen=True):
    """A notice on its way: what it says and to whom, its day, and how long it can be cancelled."""

    notice_id: UUID
    draft: NoticeDrafted
    on: date
    released_at: datetime
    window: timedelta

    @property
    def opens_at(self) -> datetime:
        """The end of the time for cancelling."""
        return self.released_at + self.window


class Campaigns:
    """Any number of these may run at once, and be killed at any point."""

    def __init__(self, ledger_: Ledger, ward: Ward, schema_of: CurrentSchema) -> None:
        self._ledger = ledger_
        self._ward = ward
        self._schema_of = schema_of

    def advance(self, now: datetime) -> None:
        """Bring every released notice as far as it can come by now."""
        for (notice_id,) in self._ward.recorder.select(_ON_THEIR_WAY):
            history = self._ward.history(notice_id)
            if NOTICE.project(None, history).cancelled:
                self._withdraw(notice_id)
            else:
                self._send(_release(notice_id, history), now)

    def _send(self, release: Release, now: datetime) -> None:
        while self._plan_chunk(release):
            pass
        with self._ledger.planning() as connection:
            campaign_ledger.hold_anew(connection, release.notice_id, release.window)
            closed = campaign_ledger.reached(connection, release.notice_id).closed
            recipients = campaign_ledger.planned(connection, release.notice_id)
            ends = campaign_ledger.ends(connection, release.notice_id)
        all_told = recipients > 0 and not ends.open  # whatever a clock said that ran ahead at the release
        if closed and (now >= release.opens_at or all_told):
            self._tell(release.notice_id, partial(send, recipients=recipients))
            self._finish(release.notice_id)

    def _plan_chunk(self, release: Release) -> bool:
        """One transaction; whether there may be more to plan."""
        with self._ledger.planning() as connection:
            schema, reached = self._schema_of(connection), campaign_ledger.reached(connection, release.notice_id)
            if schema is None or reached.closed:
                return False
            found = audience.members(connection, schema, release.draft, release.on, reached.planned_up_to, CHUNK)
            _plan(connection, release, found)
            campaign_ledger.reach(connection, release.notice_id, found, closed=len(found) < CHUNK)
        return len(found) == CHUNK

    def _withdraw(self, notice_id: UUID) -> None:
        with self._ledger.planning() as connection:
            campaign_ledger.reached(connection, notice_id)
            campaign_ledger.reach(connection, notice_id, (), closed=True)
            campaign_ledger.withdraw(connection, notice_id)
        self._finish(notice_id)

    def _finish(self, notice_id: UUID) -> None:
        with self._ledger.planning() as connection:
            ends = campaign_ledger.ends(connection, notice_id)
        if not ends.open:
            finished = NoticeFinished(
                accepted=ends.accepted, suppressed=ends.suppressed, failed=ends.failed, unknown=ends.unknown
            )
            self._tell(notice_id, partial(finish, outcome=finished))

    def _tell(self, notice_id: UUID, decide: Decide) -> None:
        try:
            desk.change(self._ward, notice_id, NOTICE, Actor(), decide)
        except StaleVersion:
            return  # another planner, or an operator, was quicker: the next round looks again


def _release(notice_id: UUID, history: Sequence[Recorded]) -> Release:
    draft = NOTICE.project(None, history).draft
    recorded, released = next((r, r.fact) for r in history if isinstance(r.fact, NoticeReleased))
    assert draft is not None  # noqa: S101 - nothing is released without a draft
    return Release(notice_id, draft, released.on, recorded.recorded_at, timedelta(minutes=released.window_minutes))


def _plan(connection: Connection[tuple[Any, ...]], release: Release, found: Sequence[Member]) -> None:
    """A message for each guardian to whom a letter goes."""
    meant = [_occasion(release, member) for member in found if member.withheld is None]
    leaves = first_waking_moment(release.opens_at)
    ledger.insert(
        connection, [Digest(uuid4(), [occasion], release.on, leaves) for occasion in ledger.not_told(connection, meant)]
    )


def _occasion(release: Release, member: Member) -> Occasion:
    """The due key is the notice and the account: nobody is told the same notice twice."""
    return Occasion(member.account_id, release.notice_id, "", 0, Kind.NOTICE, 0, release.on, member.address_version)
