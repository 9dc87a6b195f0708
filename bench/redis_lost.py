"""Redis lost: how long the mail waits longest whose wake-ups Redis held when it was emptied, or killed for good.

Workload: 500 due messages, all announced to a Redis of Debian's before any worker listens. Then Redis is lost, the workers
begin, and due messages are swept for twice a second as the notifier does. A worker here claims, notes DATA and settles; it
sends nothing. The figure is the time from the loss until the last message is settled.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, sleep
from uuid import UUID, uuid4

import redis

from bench.rebuild import TODAY, filled
from notifier import ledger as books
from notifier.assembly import ledger_pool
from notifier.ledger import Digest, Ledger
from notifier.notifier import AWAKE_MOST, SWEEP_SECONDS
from notifier.occasion import Occasion
from notifier.wakeups import Wakeups

MESSAGES = 500
ALLOWED_SECONDS = 120

Loss = Callable[["subprocess.Popen[bytes]", str], None]


def emptied(_: "subprocess.Popen[bytes]", url: str) -> None:
    with redis.Redis.from_url(url) as client:
        client.flushall()


def killed(server: "subprocess.Popen[bytes]", _: str) -> None:
    server.kill()
    server.wait()


@contextmanager
def redis_server() -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    program = shutil.which("redis-server")
    if program is None:
        raise SystemExit("redis-server is not installed, so nothing was measured")
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / "redis.sock"
        command = [program, "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", folder]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
            while not socket.exists():
                sleep(0.05)
            yield server, f"unix://{socket}"
            server.kill()


def longest_wait(ledger: Ledger, lose: Loss) -> float:
    """Seconds from the loss until nothing is due any more."""
    _plan(ledger)

    def deliver(messages: Sequence[UUID]) -> None:
        for claim, _ in ledger.claim(messages):
            ledger.data_starts(claim)
            ledger.settle(claim, "accepted", "2.0.0")

    with redis_server() as (server, url):
        wakeups = Wakeups(url, deliver)
        wakeups.wake(ledger.wake_due(AWAKE_MOST))
        lose(server, url)
        begun = perf_counter()
        wakeups.start()
        while set(ledger.counts()) != {"accepted"}:
            wakeups.wake(ledger.wake_due(AWAKE_MOST))
            sleep(SWEEP_SECONDS)
        waited = perf_counter() - begun
        wakeups.stop()
    return waited


def _plan(ledger: Ledger) -> None:
    now = datetime.now(UTC)
    due = (Occasion(uuid4(), uuid4(), "HIB", 1, "window_opens", 0, TODAY, 1) for _ in range(MESSAGES))
    with ledger.planning() as connection:
        books.insert(connection, [Digest(uuid4(), [one], TODAY, now) for one in due])


def main() -> None:
    with filled(0) as (source, _), ledger_pool(source.conninfo) as pool:
        for what, lose in (("emptied (FLUSHALL)", emptied), ("killed, and stays away", killed)):
            waited = longest_wait(Ledger(pool), lose)
            print(f"{what:<26} {waited:8.1f} s   (at most {ALLOWED_SECONDS} s)")


if __name__ == "__main__":
    main()
