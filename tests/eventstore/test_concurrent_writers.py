from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Event
from uuid import uuid4

from aggregates.fact import Recorded
from eventstore.ward import Ward
from tests.eventstore.samples import profile

WRITERS = 8
APPENDS = 40


def write(ward: Ward, writer: int) -> None:
    for number in range(APPENDS):
        account = uuid4()
        ward.save(*(profile(account, version) for version in range(1, 2 + (writer + number) % 3)))


def tail(ward: Ward, written: Event) -> list[Recorded]:
    seen: list[Recorded] = []
    while True:
        finished = written.is_set()
        batch = ward.since(seen[-1].position if seen else 0, 50)
        seen += batch
        if finished and not batch:
            return seen


def test_a_tailing_reader_misses_nothing_of_concurrent_writers(ward: Ward) -> None:
    written = Event()
    with ThreadPoolExecutor(WRITERS + 1) as threads:
        reader = threads.submit(tail, ward, written)
        writers = [threads.submit(write, ward, writer) for writer in range(WRITERS)]
        for writer in writers:
            writer.result()
        written.set()
        seen = reader.result()
    assert len(seen) > WRITERS * APPENDS
    assert [fact.position for fact in seen] == list(range(1, ward.head() + 1))
    assert all(earlier.recorded_at <= later.recorded_at for earlier, later in pairwise(seen))
    assert seen == ward.since(0, len(seen) + 1)
