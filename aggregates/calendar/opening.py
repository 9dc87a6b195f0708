"""Which days are to be opened."""

from datetime import date, timedelta

from aggregates.calendar.facts import DayOpened
from aggregates.calendar.refusals import DayTooFarAhead

DAYS_AHEAD_MAX = 3


def agree(clock: date, opened: date) -> bool:
    """Whether a clock is near enough to the last opened day to be believed, whichever of the two is ahead."""
    return abs((clock - opened).days) <= DAYS_AHEAD_MAX


def open_days(opened: date | None, until: date, *, operator: bool = False) -> list[DayOpened]:
    """Every day after the last opened one, up to `until`; on an empty log `until` alone."""
    if opened is None:
        return [DayOpened(date=until)]
    ahead = (until - opened).days
    if ahead > DAYS_AHEAD_MAX and not operator:
        raise DayTooFarAhead(limit=DAYS_AHEAD_MAX, opened=opened, until=until)
    return [DayOpened(date=opened + timedelta(days=n)) for n in range(1, ahead + 1)]
