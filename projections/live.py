"""The live runner: keeps the generation that requests read up to date, a few milliseconds behind the log."""

import logging
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from threading import Event, Thread
from typing import Any

from msgspec import Struct
from psycopg import Connection

from aggregates.catalogue import UnknownTopic
from eventstore.database import DatabaseRole, connect
from eventstore.errors import DayNotOpened
from eventstore.ward import Ward
from projections import generation as generations
from projections.engine import EditionMissing, Engine
from projections.generation import Generation
from projections.projector import Projector
from projections.rebuild import RebuildRuns

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
"""A notification can be missed; the log is looked at this often all the same."""
GLANCE_SECONDS = 0.2
"""How soon a wish to stop is seen."""
BACKOFF_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0)
LIVE_LOCK = 7_420_001
CHANNEL = "event_appended"


class Phase(StrEnum):
    """What the runner is doing."""

    STARTING = "starting"
    LIVE = "live"
    STANDBY = "standby"
    """Another process keeps this generation up to date."""
    UNBUILT = "unbuilt"
    """There is no generation, or it was made by another edition, engine or layout: a rebuild is due."""
    HALTED = "halted"
    """A newer build wrote a fact that this one does not know."""
    FAILING = "failing"
    """The database or the key store is away; it is tried again."""
    STOPPED = "stopped"


class Health(Struct, frozen=True):
    """How the runner is. `error` is the class of the last error, never its text."""

    phase: Phase
    error: str | None = None


class LiveRunner:
    """A supervised thread. Any number may run, in any processes: one of them is live for a generation.

    Args:
        conninfo: The database, with the projector's rights.
        ward: The log, with the same rights.
        engine: Generations of this engine are kept up to date, others left alone.
        build_first: Builds a generation where none has ever been. A later one is an operator's decision.
        engine_of: Finds the engine with another edition, once a generation of that edition is read.
    """

    def __init__(
        self,
        conninfo: str,
        ward: Ward,
        engine: Engine,
        build_first: Callable[[], object] | None = None,
        engine_of: Callable[[str], Engine] | None = None,
    ) -> None:
        self._build_first = build_first
        self._engine_of = engine_of
        self._conninfo = conninfo
        self._ward = ward
        self._engine = engine
        self._projector = Projector(ward, engine)
        self._stopping = Event()
        self._thread: Thread | None = None
        self._held: int | None = None
        self._failures = 0
        self.health = Health(Phase.STARTING)

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._stopping.clear()
        self._thread = Thread(target=self._supervise, name="projections", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the batch at hand."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        self.health = Health(Phase.STOPPED)

    def _supervise(self) -> None:
        while not self._stopping.is_set():
            try:
                self._serve()
            except UnknownTopic as unknown:
                self._fail(Phase.HALTED, unknown)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next try begins afresh
                self._fail(Phase.FAILING, error)
            self._stopping.wait(BACKOFF_SECONDS[min(self._failures, len(BACKOFF_SECONDS)) - 1])

    def _fail(self, phase: Phase, error: Exception) -> None:
        self._failures += 1
        self.health = Health(phase, type(error).__name__)
        log.error("the read models stand still (%s): %s", phase, type(error).__name__)

    def _serve(self) -> None:
        with connect(self._conninfo, DatabaseRole.PROJECTOR) as connection:
            self._held = None
            connection.execute(f"LISTEN {CHANNEL}")
            while not self._stopping.is_set():
                if not self._step(connection):
                    self._wait(connection)

    def _step(self, connection: Connection[Any]) -> bool:
        """Fold one batch of facts, or else refresh what has run out; False where nothing was to be done."""
        with connection.transaction(), connection.cursor() as cursor:
            at = generations.current(cursor)
            phase = self._phase(cursor, at)
            worked = at is not None and phase is Phase.LIVE and self._work(cursor, at)
        self.health, self._failures = Health(phase), 0
        return worked or (at is None and self._build())

    def _build(self) -> bool:
        """Build the first generation; False where that must wait for the first day, or is another process' work."""
        if self._build_first is None:
            return False
        try:
            self._build_first()
        except (DayNotOpened, RebuildRuns):
            return False
        return True

    def _work(self, cursor: Any, at: Generation) -> bool:
        return self._projector.advance(cursor, at.generation) != at or self._projector.refresh(cursor, at.generation) > 0

    def _phase(self, cursor: Any, at: Generation | None) -> Phase:
        if at is not None and at.edition != self._engine.edition and self._engine_of is not None:
            self._change_edition(self._engine_of, at.edition)
        if at is None or not at.made_by(self._engine):
            return Phase.UNBUILT
        return Phase.LIVE if self._take(cursor, at.generation) else Phase.STANDBY

    def _change_edition(self, engine_of: Callable[[str], Engine], edition: str) -> None:
        with suppress(EditionMissing):  # then a rebuild is due
            self._engine = engine_of(edition)
            self._projector = Projector(self._ward, self._engine)

    def _take(self, cursor: Any, generation: int) -> bool:
        """Whether this session holds the lock of a generation; it is given back with the connection."""
        if self._held != generation:
            cursor.execute("SELECT pg_advisory_unlock_all()")
            self._held = None
            if cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", (LIVE_LOCK, generation)).fetchone() == (True,):
                self._held = generation
        return self._held == generation

    def _wait(self, connection: Connection[Any]) -> None:
        for _ in range(round(POLL_SECONDS / GLANCE_SECONDS)):
            if self._stopping.is_set() or list(connection.notifies(timeout=GLANCE_SECONDS, stop_after=1)):
                return
