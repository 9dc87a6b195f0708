"""What is done when a day begins."""

from datetime import UTC, date, datetime, timedelta

from commands.identity.sessions import Sessions
from commands.open_day import open_days
from eventstore.erasure import destroy_left_over_keys
from eventstore.ward import Ward

COMMAND_DAYS = 90
"""How long a repeated command gets its first answer again."""


class Daybreak:
    """Opens the days up to one; clears away what has expired, once a day and at the start of the process."""

    def __init__(self, ward: Ward, sessions: Sessions) -> None:
        self._ward = ward
        self._sessions = sessions
        self._cleared = False

    def __call__(self, day: date) -> list[date]:
        """Open the days up to this one, and answer which those were."""
        opened = open_days(self._ward, day)
        if opened or not self._cleared:
            self._clear()
        return opened

    def _clear(self) -> None:
        """Keys that a crash left behind after an erasure, commands that nobody repeats any more, ended sessions."""
        destroy_left_over_keys(self._ward)
        self._ward.forget_commands(datetime.now(UTC) - timedelta(days=COMMAND_DAYS))
        self._sessions.sweep()
        self._cleared = True
