"""A trial, a publication and a rebuild are killed wherever they stand, while families go on recording doses."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from aggregates.child.facts import DoseRecorded
from aggregates.fact import Meta, Recorded, Role
from app.composition import build_service
from app.keys import open_keys
from app.service import Service
from app.settings import load_settings
from commands.edition_life import in_force
from eventstore.database import DatabaseRole, connect
from projections.check import check
from projections.engine import edition_in_force, engine_of
from projections.rebuild import SMALL_LOG
from projections.workers import Source
from schedule.japan import load_edition
from tests.app.clock import noon
from tests.app.rules.conftest import Run
from tests.app.rules.test_life import APPROVER, DRAFTER, draft

FAMILIES = 130
HAGUKUMI = (sys.executable, "-c", "from app.cli import main; main()")
PAUSE_SECONDS = 0.02
PATIENCE_SECONDS = 180
KILLED, BUSY, CUT_OFF = -signal.SIGKILL, 4, 5


class Writer(threading.Thread):
    """Records one dose after the other, for as long as it is let."""

    def __init__(self, service: Service, children: list[UUID]) -> None:
        super().__init__(daemon=True)
        self._ward = service.ward
        self._children = children
        self._over = threading.Event()
        self.written = 0

    def run(self) -> None:
        for child in cycle(self._children):
            if self._over.wait(PAUSE_SECONDS):
                return
            trail = self._ward.history(child)
            dose = DoseRecorded(dose_id=uuid4(), visit_id=uuid4(), vaccine="FLU", given_on=date(2026, 11, 20))
            meta = Meta(role=Role.GUARDIAN, actor=child, command_id=uuid4())
            self._ward.save(Recorded(child, len(trail) + 1, dose, meta, child, trail[0].partition))
            self.written += 1

    def stop(self) -> None:
        self._over.set()
        self.join()


class Siege:
    """A running service, and commands of an operator that are killed beside it."""

    def __init__(self, service: Service, conninfo: str, editions: list[str], seed: int) -> None:
        self.service = service
        self._conninfo = conninfo
        self._editions = editions
        self.seconds: dict[str, float] = {}
        self.chance = random.Random(seed)
        self.killed = 0

    @property
    def other_edition(self) -> str:
        """The one that families are not shown."""
        return next(edition for edition in self._editions if edition != edition_in_force(self._conninfo))

    def commands(self) -> Iterator[tuple[str, ...]]:
        """What an operator runs in turn."""
        while True:
            yield "rules", "publish", self.other_edition, "--as", str(APPROVER)
            yield "rules", "impact", self.other_edition
            yield ("rebuild",)

    def finishes(self, command: tuple[str, ...]) -> Any:
        """What it answers when nobody kills it. Backends of a killed run may hold the rebuild lock for a moment."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            done = subprocess.run([*HAGUKUMI, *command, "--json", "--workers", "2"], capture_output=True, text=True, check=False)
            if done.returncode != BUSY or time.monotonic() > deadline:
                assert done.returncode == 0, done.stderr
                return json.loads(done.stdout)

    def is_killed(self, command: tuple[str, ...], within_seconds: float) -> None:
        """SIGKILL at a random moment before it has ended by itself: the process, one of its workers, or all of them.

        How long it takes is known from the last time that nobody killed it; before that, `within_seconds`.
        """
        begun, name = time.monotonic(), " ".join(command[:2])
        process = subprocess.Popen(
            [*HAGUKUMI, *command, "--json", "--workers", "2"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        with suppress(subprocess.TimeoutExpired):
            process.wait(self.chance.uniform(0, self.seconds.get(name, within_seconds)))
        if process.poll() is None:
            self.killed += 1
            self._kill(process)
        else:
            self.seconds[name] = time.monotonic() - begun
        _, said = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode in {KILLED, BUSY, CUT_OFF, 0}, said
        assert eventually(lambda: not _group(process.pid)), "workers outlive the process that began them"

    def _kill(self, process: "subprocess.Popen[str]") -> None:
        workers = [pid for pid in _group(process.pid) if b"spawn_main" in _command_line(pid)]
        victims: list[Callable[[], list[int]]] = [
            lambda: [process.pid],
            lambda: self.chance.sample(workers, k=min(1, len(workers))) or [process.pid],
            lambda: [process.pid, *workers],
        ]
        for pid in self.chance.choice(victims)():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def is_sound(self) -> None:
        """Families are shown the edition that the log says was published last."""
        assert edition_in_force(self._conninfo) == in_force(self.service.ward)

    def equals_the_fold(self) -> None:
        """Nobody writes, and everything is read."""
        assert eventually(lambda: self.service.queries.wait_for(self.service.ward.head()))
        edition = edition_in_force(self._conninfo)
        assert edition is not None
        source = Source(self._conninfo, partial(open_keys, load_settings()), partial(engine_of, self._conninfo, edition))
        finding = check(source)
        assert (finding.differences, finding.listed) == (0, [])
        assert finding.position == self.service.ward.head()


@pytest.fixture
def siege(run: Run, database: str, revised: Path) -> Iterator[Siege]:
    """A ward that is large enough for workers, with a running service and two editions to go to and fro between."""
    assert run("demo", "--families", FAMILIES, "--seed", 2, "--until", "2026-11-22", "--json").exit_code == 0
    assert run("rebuild", "--json").exit_code == 0
    editions = [draft(run, revised), load_edition().content_hash]
    assert run("rules", "draft", "--as", DRAFTER).exit_code == 0
    assert run("rules", "approve", editions[0], "--as", APPROVER).exit_code == 0
    service = build_service(load_settings(), database, now=noon)
    service.background["notifier"].clear()
    service.start_background()
    assert service.ward.head() > SMALL_LOG
    yield Siege(service, database, editions, seed=20261123)
    service.stop()


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("kills", "within_seconds"), [(3, 4.0), pytest.param(50, 20.0, marks=pytest.mark.soak)], ids=["3", "50"])
def test_whatever_is_killed_goes_on_or_begins_clean(siege: Siege, database: str, kills: int, within_seconds: float) -> None:
    with writing(siege.service, database) as writer:
        for command in siege.commands():
            siege.is_killed(command, within_seconds)
            siege.is_sound()
            if siege.killed == kills:
                break
        written = writer.written
        siege.finishes(("rules", "publish", siege.other_edition, "--as", str(APPROVER)))
        assert writer.written > written > 0
    siege.is_sound()
    siege.equals_the_fold()


@contextmanager
def writing(service: Service, database: str) -> Iterator[Writer]:
    """Somebody who writes all the while."""
    with connect(database, DatabaseRole.PROJECTOR) as connection:
        query = "SELECT child_id FROM gen_1.child WHERE NOT moved_out ORDER BY 1"
        children = [child for (child,) in connection.execute(query)]
    writer = Writer(service, children)
    writer.start()
    try:
        yield writer
    finally:
        writer.stop()


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""  # it has ended


def _group(leader: int) -> list[int]:
    """The live processes of a process group."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(group) == leader and state != "Z":
                found.append(int(stat.parent.name))
    return found
