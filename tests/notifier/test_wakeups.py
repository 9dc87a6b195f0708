from collections.abc import Sequence
from pathlib import Path
from uuid import UUID, uuid4

import redis

from notifier.wakeups import Wakeups
from tests.notifier.conftest import eventually


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
    seen = list[UUID]()
    wakeups = Wakeups(f"unix://{tmp_path}/nobody.sock", seen.extend)
    wanted = [uuid4() for _ in range(25)]
    wakeups.wake(wanted)
    assert eventually(lambda: sorted(seen) == sorted(wanted))
    wakeups.stop()


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
