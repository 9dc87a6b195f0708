"""Facts for tests of the log; which ones they are does not matter there."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from aggregates.account.facts import AccountErased, ProfileChanged
from aggregates.calendar.facts import DayOpened
from aggregates.fact import Meta, Recorded, Role
from aggregates.streams import calendar_stream

MONDAY = date(2026, 4, 6)


def profile(account: UUID, version: int = 1, handle: str = "すみれ") -> Recorded:
    """A personal fact."""
    meta = Meta(role=Role.GUARDIAN, actor=account, command_id=uuid4())
    return Recorded(account, version, ProfileChanged(handle=handle, postal_code="1500001"), meta, account, None)


def erased(account: UUID, version: int) -> Recorded:
    return Recorded(account, version, AccountErased(on=MONDAY), Meta(), account, None)


def day(after_monday: int = 0) -> Recorded:
    """A fact that concerns nobody and is stored in clear."""
    opened = MONDAY + timedelta(days=after_monday)
    return Recorded(calendar_stream(opened), 1, DayOpened(date=opened))
