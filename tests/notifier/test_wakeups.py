import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import redis

from notifier.wakeups import Wakeups


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("NO REDIS: redis-server is not installed, so wake-ups over Redis are NOT tested here")
    socket = tmp_path / "redis.sock"
    command = [server, "--port", "0", "--unixsocket", str(socket), "--save", "", "--appendonly", "no", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        assert eventually(socket.exists)
        yield f"unix://{socket}"
        process.terminate()


def test_a_wake_up_in_process_reaches_a_worker() -> None:
    seen = list[UUID]()
    wakeups = Wakeups(None, seen.extend)
    wakeups.start()
    wanted = uuid4()
    wakeups.wake([wanted])
    assert eventually(lambda: seen == [wanted])
    wakeups.stop()


def test_a_wake_up_over_redis_reaches_a_worker(redis_url: str) -> None:
    seen = list[UUID]()
    wakeups = Wakeups(redis_url, seen.extend)
    wakeups.start()
    wanted = uuid4()
    wakeups.wake([wanted])
    assert eventually(lambda: seen == [wanted])
    wakeups.stop()


def test_redis_holds_ids_and_nothing_else(redis_url: str) -> None:
    wakeups = Wakeups(redis_url, lambda _: None)
    wanted = uuid4()
    wakeups.wake([wanted])
    with redis.Redis.from_url(redis_url) as client:
        kept = b"".join(v for key in client.keys("*msgs*") for v in client.hvals(key.decode()))
    assert f'"args":[["{wanted}"]]'.encode() in kept.replace(b" ", b"")


def test_redis_that_is_away_is_survived(tmp_path: Path) -> None:
    wakeups = Wakeups(f"unix://{tmp_path}/nobody.sock", lambda _: None)
    wakeups.wake([uuid4()])


def test_a_worker_that_fails_goes_on_with_the_next() -> None:
    seen = list[UUID]()

    def deliver(messages: Sequence[UUID]) -> None:
        seen.extend(messages)
        raise RuntimeError

    wakeups = Wakeups(None, deliver)
    wakeups.start()
    for _ in range(3):
        wakeups.wake([uuid4()])
    assert eventually(lambda: len(seen) == 3)
    wakeups.stop()
