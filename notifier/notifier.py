"""The notifier as one running part: plans, wakes workers, sweeps, tells the log."""

import logging
import threading
from collections.abc import Callable
from datetime import date, datetime
from itertools import count

from aggregates.calendar.opening import DAYS_AHEAD_MAX, agree
from notifier.campaigns import Campaigns
from notifier.landmark import Landmark
from notifier.ledger import Ledger
from notifier.occasion import JST
from notifier.outcomes import Outcomes
from notifier.planner import Planner
from notifier.questions import Questions
from notifier.sender import Sender
from notifier.wakeups import Wakeups

log = logging.getLogger(__name__)

SWEEP_SECONDS = 0.5
SWEEPS_A_PLAN = 10
AWAKE_MOST = 2_000
"""Messages of which workers are told without having taken them yet; what is left waits for a later sweep."""


class Notifier:
    """Runs rounds in one thread; the sending itself is done by the worker threads behind the wake-ups."""

    def __init__(
        self,
        ledger: Ledger,
        planner: Planner,
        campaigns: Campaigns,
        questions: Questions,
        sender: Sender,
        outcomes: Outcomes,
        landmark: Landmark,
        *,
        today: Callable[[], date],
        now: Callable[[], datetime],
        redis_url: str | None = None,
    ) -> None:
        self._ledger = ledger
        self._planner = planner
        self._campaigns = campaigns
        self._questions = questions
        self._sender = sender
        self._outcomes = outcomes
        self._landmark = landmark
        self._today = today
        self._now = now
        self._wakeups = Wakeups(redis_url, sender.deliver)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notifier", daemon=True)
        self._believed = True

    def start(self) -> None:
        """Begin. Several processes may run notifiers at once: the ledger keeps them apart."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the round and the messages under way."""
        self._stopping.set()
        self._thread.join()
        self._wakeups.stop()
        self._sender.transport.close()

    def plan(self) -> None:
        """Write down what has become due, end waits that are over, give back what workers held who did not come back."""
        self._landmark.look()
        today, now = self._today(), self._now()
        self._planner.plan(today, now)
        self._campaigns.advance(now)
        self._questions.pause_silent(today)
        self._ledger.release_expired()

    def sweep(self) -> None:
        """Wake workers for all that is due, each message once a minute at most."""
        self._wakeups.wake(self._ledger.wake_due(AWAKE_MOST))

    def report(self) -> None:
        """Tell the log what is settled."""
        while self._outcomes.report():
            pass

    def believes_clock(self) -> bool:
        """Whether the clock and the opened day agree: by a clock that is wrong no time for cancelling can be kept."""
        believed = agree(self._now().astimezone(JST).date(), self._today())
        if self._believed and not believed:
            log.critical("mail rests: clock and opened day are more than %d days apart", DAYS_AHEAD_MAX)
        self._believed = believed
        return believed

    def _run(self) -> None:
        working = False
        for turn in count():
            try:
                if not working:
                    self._landmark.look()  # before any worker can send from a restored database
                    self._wakeups.start()
                    working = True
                self._round(turn)
            except Exception as broken:  # noqa: BLE001 - the database may be away; the next round tries again
                log.warning("a round of the notifier failed: %s", type(broken).__name__)
            if self._stopping.wait(SWEEP_SECONDS):
                return

    def _round(self, turn: int) -> None:
        if self.believes_clock():
            if turn % SWEEPS_A_PLAN == 0:
                self.plan()
            self.sweep()
        self.report()
