"""Worker processes killed with SIGKILL at any moment, two at a time, until a campaign is through.

Nothing of a killed process runs on: no `finally`, no rollback, no QUIT. The next ones find only what the ledger holds and what
the relay took over, which may have taken a letter whose sender died before it heard so.
"""

import asyncio
import multiprocessing
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from uuid import UUID

import pytest
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Received

from eventstore.keys import KeyStore
from eventstore.ward import Ward
from notifier.assembly import ledger_pool
from notifier.recheck import ReminderKey
from notifier.transport import SmtpTransport
from tests.notifier.conftest import Post, eventually
from tests.notifier.test_faults import OPEN, invariants
from tests.notifier.test_transport import serving

PROCESSES = multiprocessing.get_context("forkserver")
WORKERS = 2
BATCH = 8
LIFE_SECONDS_MOST = 0.15
RELAY_SECONDS_MOST = 0.02
ROUNDS_MOST = 400


class SlowRelay:
    """Takes its time before and after it takes a letter over, so that senders die inside DATA, and counts what it took over."""

    def __init__(self, chance: random.Random) -> None:
        self.taken: Counter[UUID] = Counter()
        self.busy = 0
        self._chance = chance

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Received) -> str:  # noqa: N802 - the library's name
        self.busy += 1
        try:
            await asyncio.sleep(self._chance.uniform(0, RELAY_SECONDS_MOST))
            local, _, _ = str(envelope.mail_from).partition(".")
            self.taken[UUID(local.removeprefix("bounce+"))] += 1
        finally:
            self.busy -= 1
        await asyncio.sleep(self._chance.uniform(0, RELAY_SECONDS_MOST))
        return "250 2.0.0 OK"


def work(database: str, keys: Path, due: dict[ReminderKey, date], port: int, ready: Event) -> None:
    """A worker's whole life: deliver, a few letters at a time, whatever has no end yet."""
    with (
        closing(KeyStore.at(keys, bytes(range(32)))) as store,
        closing(Ward(database, store)) as ward,
        ledger_pool(database) as pool,
        closing(SmtpTransport(f"smtp://127.0.0.1:{port}")) as transport,
    ):
        post = Post(database, pool, ward)
        post.due.update(due)
        sender = post.sender(transport)
        ready.set()
        while batch := post.unsettled(BATCH):
            sender.deliver(batch)


class Killer:
    """Starts workers and kills them; counts what they died in."""

    def __init__(self, post: Post, keys: Path, port: int, chance: random.Random) -> None:
        self.kills = 0
        self.died_in: Counter[str] = Counter()
        self._post = post
        self._given = (post.database, keys, post.due, port)
        self._chance = chance

    def round(self) -> None:
        with self._workers() as workers:
            for worker, ready in workers:
                assert ready.wait(30)
                worker.join(self._chance.uniform(0, LIFE_SECONDS_MOST))
        self.died_in.update(self._post.states())

    @contextmanager
    def _workers(self) -> Iterator[list[tuple[ForkServerProcess, Event]]]:
        readies = [PROCESSES.Event() for _ in range(WORKERS)]
        workers = [PROCESSES.Process(target=work, args=(*self._given, ready), daemon=True) for ready in readies]
        for worker in workers:
            worker.start()
        try:
            yield list(zip(workers, readies, strict=True))
        finally:
            for worker in workers:
                self.kills += worker.is_alive()
                worker.kill()
                worker.join()


def prove(post: Post, keys: Path, families: int, seed: int) -> Killer:
    PROCESSES.set_forkserver_preload([__name__])
    for _ in range(families):
        post.lists(*post.family())
    post.plan()
    chance = random.Random(seed)
    relay = SlowRelay(chance)
    with serving(relay) as port:
        killer = Killer(post, keys, port, chance)
        for _ in range(ROUNDS_MOST):
            killer.round()
            post.time_passes()
            if not post.value(OPEN):
                break
        assert eventually(lambda: not relay.busy)
    invariants(post, relay.taken, families)
    assert killer.died_in["claimed"], "nobody died with letters in hand"
    assert killer.died_in["data_started"], "nobody died inside DATA"
    return killer


def test_workers_are_killed_and_nothing_is_lost_or_doubled_unseen(post: Post, tmp_path: Path) -> None:
    assert prove(post, tmp_path / "keys.sqlite", families=24, seed=1).kills >= 2 * WORKERS


@pytest.mark.soak
def test_two_hundred_kills(post: Post, tmp_path: Path) -> None:
    assert prove(post, tmp_path / "keys.sqlite", families=750, seed=2).kills >= 200
