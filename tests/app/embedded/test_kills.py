"""Long run: whoever is killed at whatever moment, what Postgres acknowledged is there afterwards."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from shutil import rmtree

import psycopg
import pytest

from app.embedded import embedded_postgres, postmaster

ROUNDS = 40
WRITER = """
import itertools, pathlib, sys, psycopg
from app.embedded import embedded_postgres
with embedded_postgres(pathlib.Path(sys.argv[1])) as conninfo, psycopg.connect(conninfo, autocommit=True) as connection:
    connection.execute("create table if not exists counted (n bigint primary key)")
    first = connection.execute("select coalesce(max(n), 0) from counted").fetchone()[0] + 1
    for n in itertools.count(first):
        connection.execute("insert into counted values (%s)", (n,))
        print(n, flush=True)
"""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="hagukumi-test-"))
    folder.chmod(0o711)
    yield folder / "data"
    rmtree(folder)


def processes_naming(data_dir: Path) -> list[int]:
    """Writer, watchdog and postmaster: all whose command line names the data folder."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if os.fsencode(data_dir) in line.read_bytes():
                found.append(int(line.parent.name))
    return found


def kill(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def highest(data_dir: Path) -> tuple[int, int]:
    """The highest number stored, and how many there are."""
    with embedded_postgres(data_dir) as conninfo, psycopg.connect(conninfo) as connection:
        row = connection.execute("select coalesce(max(n), 0), count(*) from counted").fetchone()
        assert row
        return row


@pytest.mark.soak
def test_no_acknowledged_row_is_lost_to_any_kill(data_dir: Path) -> None:
    chance = random.Random(20261101)
    acknowledged = 0
    victims: list[Callable[[subprocess.Popen[str]], list[int]]] = [
        lambda writer: [writer.pid],
        lambda _: [postmaster.running(data_dir / "postgres" / "cluster") or 0],
        lambda _: chance.sample(found := processes_naming(data_dir), k=chance.randint(1, len(found))),
        lambda _: processes_naming(data_dir),
    ]
    for _ in range(ROUNDS):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(data_dir)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as writer:
            assert writer.stdout
            acknowledged = int(writer.stdout.readline())
            time.sleep(chance.uniform(0, 0.8))
            kill([pid for pid in chance.choice(victims)(writer) if pid])
            time.sleep(chance.uniform(0, 0.3))
            writer.kill()
            acknowledged = max([acknowledged, *(int(line) for line in writer.stdout if line.endswith("\n"))])
        found, count = highest(data_dir)
        assert found >= acknowledged
        assert count == found
    assert acknowledged > ROUNDS
    time.sleep(1)  # the last watchdog ends by itself
    assert not processes_naming(data_dir)
