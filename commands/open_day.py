"""Days begin in the ward."""

from datetime import date

from aggregates.calendar.opening import open_days as days_to_open
from aggregates.fact import Meta, Recorded, Role
from aggregates.streams import calendar_stream
from eventstore.errors import DayNotOpened, StaleVersion
from eventstore.ward import Ward


def open_days(ward: Ward, until: date, *, operator: bool = False) -> list[date]:
    """Opens every day up to `until` (JST) that is not open yet, and answers which.

    Any number of schedulers may do this at once: each day has its own stream, on which only one opening fits.

    Raises:
        DayTooFarAhead: more than three days at once, and no operator said so.
    """
    role = Role.OPERATOR if operator else Role.SYSTEM
    due = days_to_open(_last_opened(ward), until, operator=operator)
    return [opening.date for opening in due if _append(ward, Recorded(calendar_stream(opening.date), 1, opening, Meta(role)))]


def _last_opened(ward: Ward) -> date | None:
    try:
        return ward.today()
    except DayNotOpened:
        return None


def _append(ward: Ward, opening: Recorded) -> bool:
    try:
        ward.save(opening)
    except StaleVersion:
        return False  # another scheduler was first
    return True
