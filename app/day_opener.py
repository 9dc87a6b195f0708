"""The scheduler that opens each day at 00:00 JST; the only place where the service asks a clock what day it is."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from threading import Event, Thread

from aggregates.calendar.refusals import DayTooFarAhead
from eventstore.errors import StoreUnavailable

JST = timezone(timedelta(hours=9), "JST")
LOOK_SECONDS_MAX = 60.0
"""The clock is looked at this often, because a machine that slept or was set right does not wake a long wait."""
RETRY_SECONDS = 2.0

log = logging.getLogger(__name__)


def now_in_ward() -> datetime:
    """The time on the ward's clocks."""
    return datetime.now(JST)


class DayOpener:
    """A thread that opens the day when it has come, and at its start those that were missed.

    Any number may run, in any processes: a day that another has opened is left as it is.

    Args:
        open_days: Opens every day up to the one given, and answers which.
        now: The clock.
    """

    def __init__(self, open_days: Callable[[date], list[date]], now: Callable[[], datetime] = now_in_ward) -> None:
        self._open_days = open_days
        self._now = now
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="day-opener", daemon=True)
        self.stuck = False

    def start(self) -> None:
        """Begin to watch the clock."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, at once."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def today(self) -> date:
        """The day by the clock."""
        return self._now().date()

    def open_today(self) -> list[date]:
        """Open what is to be opened now, and answer which days those were.

        A clock that runs more than three days ahead of the log is not believed; an operator has to look at it.
        """
        try:
            opened = self._open_days(self.today())
        except DayTooFarAhead:
            if not self.stuck:
                log.critical(
                    "the clock is more than three days ahead of the last opened day: open the days with `hagukumi open-days`"
                )
            self.stuck = True
            return []
        self.stuck = False
        return opened

    def _run(self) -> None:
        while not self._stopping.wait(self._step()):
            pass

    def _step(self) -> float:
        """Open what is due; the seconds until it is worth looking again."""
        try:
            self.open_today()
        except StoreUnavailable:
            return RETRY_SECONDS
        return min(LOOK_SECONDS_MAX, self._seconds_to_midnight())

    def _seconds_to_midnight(self) -> float:
        now = self._now()
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), JST)
        return max(0.05, (midnight - now).total_seconds())
