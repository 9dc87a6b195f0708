"""The application: everything that is read from the log or appended to it goes through a Ward (区)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from threading import Lock
from time import monotonic
from typing import Any, TypeVar, cast
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.utils import Environment
from msgspec import Struct
from msgspec.structs import replace

from aggregates.calendar.facts import DayOpened
from aggregates.catalogue import decode
from aggregates.fact import Recorded, topic_of
from eventstore.append_call import Beside, Reads
from eventstore.bulk_append import bulk_append
from eventstore.database import DatabaseRole
from eventstore.datastore import POOL_SIZE_MAX
from eventstore.errors import DayNotOpened
from eventstore.factory import WardFactory
from eventstore.keys import KeyStore
from eventstore.mapper import SealingMapper
from eventstore.recorder import WardRecorder
from eventstore.stored import CommandRow, StoredFact

TODAY_SECONDS = 1.0
"""How long «today» may be remembered."""

S = TypeVar("S")
Projector = Callable[[S | None, Iterable[Recorded]], S]
"""Folds recorded facts: `projector(None, facts) -> state`."""


class _Folded(Struct):
    state: Any
    version: int


class Ward(Application[UUID]):
    """One ward's log and keys, opened with the rights of one role."""

    name = "ward"
    mapper: SealingMapper
    recorder: WardRecorder

    def __init__(
        self, conninfo: str, keys: KeyStore, *, role: DatabaseRole = DatabaseRole.APP, pool_size_max: int = POOL_SIZE_MAX
    ) -> None:
        self.keys = keys
        self._opening = (conninfo, role, pool_size_max)
        self._today: tuple[float, date] | None = None
        self._today_lock = Lock()
        super().__init__()

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """The library's seam for the database."""
        return WardFactory(env, *self._opening)

    def construct_mapper(self) -> SealingMapper:
        """The library's seam for how facts become rows."""
        return SealingMapper(self.keys)

    def history(self, stream: UUID) -> list[Recorded]:
        """All facts of one stream, in version order."""
        return [self.mapper.open(row) for row in self.recorder.select_events(stream)]

    def histories(self, streams: Sequence[UUID], up_to: int | None = None) -> dict[UUID, list[Recorded]]:
        """The facts of several streams, at most up to a position; an unknown stream has none."""
        return self._by_stream(streams, self.recorder.select_streams(streams, up_to))

    def families(self, streams: Sequence[UUID]) -> dict[UUID, list[Recorded]]:
        """The facts of streams and of the households their last facts belong to; what a command needs, in one round trip."""
        return self._by_stream(streams, self.recorder.select_families(streams))

    def held_of(self, subjects: Sequence[UUID]) -> list[Recorded]:
        """Everything that is sealed under the keys of some subjects, in the order of the log."""
        return [self.mapper.open(row) for row in self.recorder.select_sealed(subjects)]

    def since(self, position: int, limit: int) -> list[Recorded]:
        """Facts after a position, in the order of the log."""
        rows = self.recorder.select_notifications(position, limit, inclusive_of_start=False)
        return [self.mapper.open(row) for row in rows]

    def head(self) -> int:
        """Position of the last fact; 0 while the log is empty."""
        return self.recorder.max_notification_id() or 0

    def state(self, stream: UUID, projector: Projector[S]) -> tuple[S, int]:
        """What a projector makes of a stream, and the version it was read at (0: the stream does not exist)."""

        def fold(_: _Folded | None, facts: Iterable[Recorded]) -> _Folded:
            history = list(facts)
            return _Folded(projector(None, history), history[-1].originator_version if history else 0)

        folded = self.repository.get(stream, projector_func=cast("Any", fold))
        return folded.state, folded.version

    def today(self) -> date:
        """The last opened day.

        Raises:
            DayNotOpened: no day was opened yet.
        """
        with self._today_lock:
            remembered = self._today
        if remembered is not None and remembered[0] > monotonic():
            return remembered[1]
        return self._remember_today(self._last_opened_day())

    def save(  # type: ignore[override] # facts come back in place, without the library's wrapping
        self,
        *recorded: Recorded,
        command: CommandRow | None = None,
        reads: Reads = (),
        erases: Sequence[UUID] = (),
        beside: Beside | None = None,
    ) -> list[Recorded]:
        """Appends facts, all or nothing, and answers them with position and time.

        The library's own way from here to the recorder is left out: it inspects every fact for a protocol and wraps it twice.
        The keys of `erases` are destroyed once their erasure is in the log; a crash in between is healed by
        `erasure.destroy_left_over_keys`.

        Raises:
            AppendRefused, StoreUnavailable: see `WardRecorder.append`.
        """
        rows = [self.mapper.seal(fact) for fact in recorded]
        appended = self.recorder.append(rows, command=command, reads=reads, erases=erases, beside=beside)
        for subject in erases:
            self.keys.erase(subject)
        if any(isinstance(fact.fact, DayOpened) for fact in recorded):
            self._today = None
        first = appended.head - len(recorded) + 1
        return [replace(fact, position=first + n, recorded_at=appended.at) for n, fact in enumerate(recorded)]

    def bulk_append(self, facts: Iterable[Recorded], erases: Sequence[UUID] = ()) -> int:
        """Appends very many facts by COPY and answers the head; see `bulk_append`."""
        return bulk_append(self._opening[0], self.mapper, facts, erases)

    def find_command(self, account: UUID, command_id: UUID) -> CommandRow | None:
        """How a command was answered, if it was."""
        return self.recorder.find_command(account, command_id)

    def erased_subjects(self) -> list[UUID]:
        """Everybody whose erasure the log knows of."""
        return [subject for (subject,) in self.recorder.select("SELECT subject FROM events.erased")]

    def forget_commands(self, older_than: datetime) -> int:
        """Forgets answered commands that no client retries any more, and answers how many."""
        row = self.recorder.select_one("SELECT events.forget_commands(%b)", (older_than,))
        return int(row[0]) if row else 0

    def _by_stream(self, streams: Sequence[UUID], rows: Iterable[StoredFact]) -> dict[UUID, list[Recorded]]:
        found: dict[UUID, list[Recorded]] = {stream: [] for stream in streams}
        for row in rows:
            found.setdefault(row.originator_id, []).append(self.mapper.open(row))
        return found

    def _last_opened_day(self) -> date:
        row = self.recorder.select_one(
            f"SELECT state FROM events.event WHERE topic = '{topic_of(DayOpened)}' ORDER BY position DESC LIMIT 1"  # noqa: S608
        )
        if row is None:
            raise DayNotOpened("no day has been opened")
        opened = decode(topic_of(DayOpened), row[0])
        assert isinstance(opened, DayOpened)  # noqa: S101 - its topic says so
        return opened.date

    def _remember_today(self, day: date) -> date:
        with self._today_lock:
            self._today = (monotonic() + TODAY_SECONDS, day)
        return day
