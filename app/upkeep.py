"""What is done once a day, when it begins."""

from datetime import UTC, date, datetime, timedelta

from commands.identity.sessions import Sessions
from commands.open_day import open_days
from eventstore.ward import Ward

COMMAND_DAYS = 90
"""How long a repeated command gets its first answer again."""


def begin_day(ward: Ward, sessions: Sessions, day: date) -> list[date]:
    """Open the days up to this one, answer which those were, and clear away what has expired."""
    opened = open_days(ward, day)
    if opened:
        ward.forget_commands(datetime.now(UTC) - timedelta(days=COMMAND_DAYS))
        sessions.sweep()
    return opened
