"""The notifier as one running part: plans, wakes workers, sweeps, tells the log."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime

from notifier.ledger import Ledger
from notifier.outcomes import Outcomes
from notifier.planner import Planner
from notifier.sender import Sender
from notifier.wakeups import Wakeups

log = logging.getLogger(__name__)

ROUND_SECONDS = 5.0
SWEEP_LIMIT = 1_000
"""Wake-ups a round sends at most; what is left waits for the next round."""


class Notifier:
    """Runs rounds in one thread; the sending itself is done by the worker threads behind the wake-ups."""

    def __init__(
        self,
        ledger: Ledger,
        planner: Planner,
        sender: Sender,
        outcomes: Outcomes,
        *,
        today: Callable[[], date],
        redis_url: str | None = None,
    ) -> None:
        self._ledger = ledger
        self._planner = planner
        self._outcomes = outcomes
        self._today = today
        self._wakeups = Wakeups(redis_url, sender.deliver)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notifier", daemon=True)

    def start(self) -> None:
        """Begin. Several processes may run notifiers at once: the ledger keeps them apart."""
        self._wakeups.start()
        self._thread.start()

    def stop(self) -> None:
        """Finish the round and the messages under way."""
        self._stopping.set()
        self._thread.join()
        self._wakeups.stop()

    def round(self) -> None:
        """One round: plan, give back expired leases, wake workers for all that is due, report what is settled."""
        self._planner.plan(self._today(), datetime.now(UTC))
        self._ledger.release_expired()
        for message_id in self._ledger.due(SWEEP_LIMIT):
            self._wakeups.wake(message_id)
        while self._outcomes.report():
            pass

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.round()
            except Exception as broken:  # noqa: BLE001 - the database may be away; the next round tries again
                log.warning("a round of the notifier failed: %s", type(broken).__name__)
            self._stopping.wait(ROUND_SECONDS)
