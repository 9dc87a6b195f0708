"""What a rebuild from a long log costs: reading alone, with all folds, and with every schedule forecast.

Workload: families of one guardian and one child with 20 facts between them (account 4, household 2, child 14, of which 10 doses),
encrypted, on 18 years of births; every read model, indexes and the switch included. Two worker processes; embedded Postgres with
`fsync` on. «COPY + decrypt + decode» reads the same log in the same processes and drops what it reads: no rebuild can be faster.
The memory is that of all Python processes together, sampled while they run.

    python -m bench.rebuild [EVENTS ...]        (100,000 and 1,000,000 where none are named)
"""

import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection

from aggregates.account.facts import AccountRegistered, EmailConfirmed, EmailGiven, TermsAccepted
from aggregates.calendar.facts import DayOpened
from aggregates.child.facts import ChildRegistered, DoseCorrected, DoseRecorded, PostponementLifted, Sex, VisitPostponed
from aggregates.child.facts import PostponementReason as Reason
from aggregates.fact import Fact, Meta, Recorded, Role
from aggregates.household.facts import ChildAdded, HouseholdFounded
from aggregates.streams import calendar_stream
from app.embedded import embedded_postgres
from eventstore.bulk_append import bulk_append
from eventstore.bulk_read import read_range
from eventstore.database import DatabaseRole, migrate
from eventstore.keys import KeyStore
from eventstore.ward import Ward
from projections.engine import Engine, japan
from projections.rebuild import Rebuild
from projections.workers import Source, bounds, each_bucket
from schedule.contract import DoseVerdict, ForecastAnswer, ForecastRequest

TODAY = date(2026, 10, 15)
EVENTS_PER_CHILD = 20
YEARS = 18
WORKERS = 2
SAMPLE_SECONDS = 0.2
KEK = bytes(32)

ChildOf = Callable[[UUID, date, random.Random], Iterable[Fact]]
"""Makes the facts of a child of a household, born on a day."""

USUAL = (  # product, days of age
    ("ROTARIX", 62), ("DPT-IPV-Hib", 62), ("PCV20", 62), ("HEPB", 62), ("DPT-IPV-Hib", 92),
    ("PCV20", 92), ("HEPB", 92), ("BCG", 160), ("MR", 370), ("VAR", 370),
)  # fmt: skip
"""What is given to most, ten doses."""


def no_schedule(request: ForecastRequest) -> ForecastAnswer:
    """An engine that says nothing, for the cost of everything else."""
    return ForecastAnswer(request.id, (DoseVerdict(()),) * len(request.doses), ())


def folds_only() -> Engine:
    """Answers every request with nothing."""
    return Engine("none", "none", no_schedule)


def families(count: int, seed: int = 1, child_of: ChildOf | None = None) -> Iterator[Recorded]:
    """Facts of so many families, one family after the other, behind the day that is open."""
    yield Recorded(calendar_stream(TODAY), 1, DayOpened(date=TODAY))
    draw = random.Random(seed)
    for _ in range(count):
        account, household, child = (UUID(int=draw.getrandbits(128)) for _ in range(3))
        born = TODAY - timedelta(draw.randrange(365 * YEARS))
        meta = Meta(Role.GUARDIAN, account, UUID(int=draw.getrandbits(128)), UUID(int=draw.getrandbits(128)))
        for stream, facts in (
            (account, _account(household)),
            (household, (HouseholdFounded(account_id=account), ChildAdded(child_id=child))),
            (child, (child_of or _child)(household, born, draw)),
        ):
            for version, fact in enumerate(facts, start=1):
                yield Recorded(stream, version, fact, meta, stream, household)


def _account(household: UUID) -> Iterator[Fact]:
    yield TermsAccepted(version="2026-04", text_hash="ab" * 32)
    yield AccountRegistered(handle="すみれ", postal_code="1020074", household_id=household)
    yield EmailGiven(address="sumire@example.jp", address_version=1)
    yield EmailConfirmed(address_version=1)


def _child(household: UUID, born: date, draw: random.Random) -> Iterator[Fact]:
    yield ChildRegistered(household_id=household, handle="たろう", born_on=born, sex=draw.choice(list(Sex)))
    for vaccine, age in USUAL:
        dose_id, given_on = UUID(int=draw.getrandbits(128)), min(born + timedelta(age + draw.randrange(20)), TODAY)
        yield DoseRecorded(dose_id=dose_id, visit_id=dose_id, vaccine=vaccine, given_on=given_on)
    yield DoseCorrected(dose_id=dose_id, vaccine=vaccine, given_on=given_on)
    postponement_id = UUID(int=draw.getrandbits(128))
    yield VisitPostponed(postponement_id=postponement_id, series=("MR2",), reason=Reason.UNWELL)
    yield PostponementLifted(postponement_id=postponement_id)


class Memory(Thread):
    """Watches how much memory this process and its children hold at once."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most_bytes = 0
        self._over = Event()

    def run(self) -> None:
        """Look now and then."""
        while not self._over.wait(SAMPLE_SECONDS):
            self.most_bytes = max(self.most_bytes, sum(map(_resident, [os.getpid(), *_python_children()])))

    def stop(self) -> float:
        """The most, in GiB."""
        self._over.set()
        self.join()
        return self.most_bytes / 2**30


def _python_children() -> list[int]:
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [int(pid) for pid in children if b"spawn_main" in _read(pid, "cmdline")]


def _resident(pid: int) -> int:
    fields = _read(pid, "statm").split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") if fields else 0


def _read(pid: int | str, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""  # it has ended


def read_and_drop(connection: Connection[Any], keys: KeyStore, up_to: int, bucket: int) -> int:
    """Read, decrypt and decode one range; how many facts there were."""
    return sum(len(facts) for _, facts in read_range(connection, keys, *bounds(bucket), up_to))


@contextmanager
def _reader(of: tuple[Source, int]) -> Iterator[Callable[[int], int]]:
    source, up_to = of
    with source.opened() as (connection, keys):
        yield partial(read_and_drop, connection, keys, up_to)


def reading(source: Source, up_to: int) -> int:
    """The whole log, read and dropped."""
    return sum(each_bucket(_reader, (source, up_to), WORKERS))


def rebuilding(source: Source, ward: Ward) -> int:
    """All read models, from the log to the switch."""
    return Rebuild(source, ward, workers=WORKERS).run().events


def measured(name: str, work: Callable[[], int]) -> float:
    """Prints a line of the table; the events a second."""
    memory = Memory()
    memory.start()
    begun = perf_counter()
    events = work()
    seconds = perf_counter() - begun
    print(f"{events:>9,}  {name:<24} {events / seconds:>9,.0f} events/s {seconds:>7.1f} s {memory.stop():>6.2f} GiB", flush=True)
    return events / seconds


def settle(conninfo: str) -> None:
    """What the load has left to be done later, so that it does not fall into what is measured first."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE events.event")
        connection.execute("CHECKPOINT")


@contextmanager
def filled(events: int, child_of: ChildOf | None = None) -> Iterator[tuple[Source, Ward]]:
    """A ward with a log of so many events (or as many families with other children), and how workers reach it."""
    with tempfile.TemporaryDirectory(prefix="hagukumi-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with embedded_postgres(folder / "postgres") as conninfo:
            migrate(conninfo)
            open_keys = partial(KeyStore.at, folder / "keys.sqlite", KEK)
            ward = Ward(conninfo, open_keys(), role=DatabaseRole.PROJECTOR)
            bulk_append(conninfo, ward.mapper, families(events // EVENTS_PER_CHILD, child_of=child_of))
            settle(conninfo)
            yield Source(conninfo, open_keys, japan), ward
            ward.close()
            ward.keys.close()


def main(sizes: list[int]) -> None:
    """One table for each size of the log."""
    for size in sizes:
        with filled(size) as (source, ward):
            alone = measured("COPY + decrypt + decode", lambda: reading(source, ward.head()))
            folds = measured(
                "folds, all indexes", lambda: rebuilding(Source(source.conninfo, source.open_keys, folds_only), ward)
            )
            schedules = measured("folds and schedules", lambda: rebuilding(source, ward))
            print(f"           folds {folds / alone:.2f}, with schedules {schedules / alone:.2f} of reading alone\n")


if __name__ == "__main__":
    main([int(size.replace(",", "")) for size in sys.argv[1:]] or [100_000, 1_000_000])
