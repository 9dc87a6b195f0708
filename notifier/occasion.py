"""What a mail may be about, and the key that keeps it from being sent twice."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from msgspec import Struct

NAMESPACE = UUID("0d3c9a64-35f5-5d0e-8f3b-52b1c7c0a9e4")
JST = ZoneInfo("Asia/Tokyo")
WAKING_HOURS = (time(8), time(21))
"""Reminders leave between these hours of the ward's clock."""

LATE_DAYS_MOST = {"visit_week": 2, "visit_eve": 0, "visit_day": 0, "visit_after": 2}
"""How long after its day a reminder still makes sense; others may be LATE_DAYS_ELSE late (a stopped service catches up)."""
LATE_DAYS_ELSE = 7


class Kind(StrEnum):
    """Occasions that do not come from a child's schedule."""

    ADDRESS_CONFIRMATION = "address_confirmation"
    ADDRESS_QUESTION = "address_question"
    NOTICE = "notice"
    INQUIRY_ANSWERED = "inquiry_answered"


ASKING = frozenset({Kind.ADDRESS_CONFIRMATION, Kind.ADDRESS_QUESTION})
"""Kinds that ask something about the address itself; each has a letter of its own."""


class Occasion(Struct, frozen=True, dict=True):
    """One thing to be told to one account. The first six fields are its key; the others may change under it.

    What concerns no child has another id in its place: the account's own where the address is asked about, the notice's,
    the inquiry's.
    """

    account_id: UUID
    child_id: UUID
    series: str
    dose_number: int
    kind: str
    cycle: int
    due_on: date
    address_version: int

    @cached_property
    def occasion_id(self) -> UUID:
        """The same thing to be told has the same id, however often it is planned."""
        key = (self.account_id, self.child_id, self.series, self.dose_number, self.kind, self.cycle)
        return uuid5(NAMESPACE, "/".join(map(str, key)))

    @property
    def reminder_key(self) -> tuple[str, int, str, int]:
        """What it is within its child's record."""
        return (self.series, self.dose_number, self.kind, self.cycle)

    def in_time(self, today: date) -> bool:
        """Whether it still makes sense to tell it on this day."""
        return 0 <= (today - self.due_on).days <= late_days_most(self.kind)


def late_days_most(kind: str) -> int:
    """How many days after its day a kind of reminder still makes sense."""
    return LATE_DAYS_MOST.get(kind, LATE_DAYS_ELSE)


def first_waking_moment(now: datetime) -> datetime:
    """`now`, or the next moment at which a reminder wakes nobody (quiet hours, JST)."""
    here = now.astimezone(JST)
    begin, end = WAKING_HOURS
    if here.time() < begin:
        return datetime.combine(here.date(), begin, JST)
    if here.time() >= end:
        return datetime.combine(here.date() + timedelta(days=1), begin, JST)
    return now
