"""Slows guessing down without telling which accounts exist and without locking anybody out; and what is dear to compute."""

import math
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from time import monotonic

from aggregates.refusal import Refusal
from commands.refusals import TooManyAttempts

KEYS_MAX = 100_000


class Throttle:
    """A bucket of attempts for each key: `burst` at once, then one every `seconds`; beyond that the refusal, with `retry_after`.

    It lives in the memory of one process and forgets the keys unused for longest when there are too many.
    """

    def __init__(
        self,
        *,
        burst: int,
        seconds: float,
        clock: Callable[[], float] = monotonic,
        refusal: type[Refusal] = TooManyAttempts,
    ) -> None:
        self._refusal = refusal
        self._burst = burst
        self._seconds = seconds
        self._clock = clock
        self._full_again_at: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def require(self, key: str) -> None:
        """Lets an attempt through while the bucket holds one.

        Raises:
            Refusal: it is empty; `retry_after` says when there is one again.
        """
        with self._lock:
            wait = self._debt(key) - (self._burst - 1) * self._seconds
        if wait > 0:
            raise self._refusal(retry_after=math.ceil(wait))

    def count(self, key: str) -> None:
        """One attempt was wrong, or was dear."""
        with self._lock:
            self._full_again_at[key] = self._clock() + self._debt(key) + self._seconds
            self._full_again_at.move_to_end(key)
            while len(self._full_again_at) > KEYS_MAX:
                self._full_again_at.popitem(last=False)

    def _debt(self, key: str) -> float:
        """Seconds until the bucket of this key is full again."""
        return max(0.0, self._full_again_at.get(key, 0.0) - self._clock())
