"""Histories that this process read or wrote moments ago: a family that is at it is not read again for every tap."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from time import monotonic
from uuid import UUID

from aggregates.fact import Recorded

REMEMBERED_SECONDS = 60.0
"""As long as anything of an erased person may live on in memory."""
STREAMS_MAX = 2_000

Histories = Mapping[UUID, Sequence[Recorded]]


class RecentHistories:
    """May be out of date, so it serves only decisions whose append asserts the versions that were read.

    Entries stand in the order in which they lapse, so that what has lapsed is dropped with the next write.
    """

    def __init__(self) -> None:
        self._entries: OrderedDict[UUID, tuple[float, tuple[Recorded, ...]]] = OrderedDict()
        self._lock = Lock()

    def families(self, streams: Sequence[UUID]) -> Histories | None:
        """The histories of streams and of the households they belong to; None unless all of them are remembered."""
        with self._lock:
            found: dict[UUID, Sequence[Recorded]] = {}
            for stream in streams:
                history = self._get(stream)
                household = history[-1].partition if history else None
                if household is None:
                    return None
                found[stream], found[household] = history, self._get(household)
            return found if all(found.values()) else None

    def remember(self, histories: Histories) -> None:
        """Keep what was read just now."""
        with self._lock:
            for stream, history in histories.items():
                if history:
                    self._put(stream, tuple(history))

    def extend(self, saved: Iterable[Recorded]) -> None:
        """Keep what was appended just now, where all before it is remembered."""
        with self._lock:
            for recorded in saved:
                history = self._get(recorded.originator_id)
                if history and history[-1].originator_version == recorded.originator_version - 1:
                    self._put(recorded.originator_id, (*history, recorded))

    def forget(self, streams: Iterable[UUID]) -> None:
        """Drop these at once."""
        with self._lock:
            for stream in streams:
                self._entries.pop(stream, None)

    def _get(self, stream: UUID) -> tuple[Recorded, ...]:
        lapses, history = self._entries.get(stream, (0.0, ()))
        return history if lapses > monotonic() else ()

    def _put(self, stream: UUID, history: tuple[Recorded, ...]) -> None:
        now = monotonic()
        self._entries[stream] = (now + REMEMBERED_SECONDS, history)
        self._entries.move_to_end(stream)
        while len(self._entries) > STREAMS_MAX or next(iter(self._entries.values()))[0] < now:
            self._entries.popitem(last=False)
