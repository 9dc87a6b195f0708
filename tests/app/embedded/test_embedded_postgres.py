"""The embedded server's life: who starts it, who shares it, who stops it, and what is left after kill -9."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from shutil import rmtree

import psycopg
import pytest

from app.embedded import embedded_postgres, postmaster

HOLDER = """
import sys, pathlib
from app.embedded import embedded_postgres
with embedded_postgres(pathlib.Path(sys.argv[1])) as conninfo:
    print(conninfo, flush=True)
    sys.stdin.read()
"""

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="root alone hands the server to another user")


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data folder that the server's user can reach (pytest's own folders are closed)."""
    folder = Path(tempfile.mkdtemp(prefix="hagukumi-test-"))
    folder.chmod(0o711)
    yield folder / "data"
    rmtree(folder)


@pytest.fixture
def hold(data_dir: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start commands that use the server until their standard input closes."""
    with ExitStack() as stack:

        def start() -> subprocess.Popen[str]:
            command = [sys.executable, "-c", HOLDER, str(data_dir)]
            holder = stack.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            assert holder.stdout
            assert "dbname=hagukumi" in holder.stdout.readline()
            return holder

        yield start


def cluster(data_dir: Path) -> Path:
    return data_dir / "postgres" / "cluster"


def query(conninfo: str, statement: str) -> object:
    with psycopg.connect(conninfo) as connection:
        row = connection.execute(statement.encode()).fetchone()
        return row[0] if row else None


def remember_seven(conninfo: str) -> None:
    with psycopg.connect(conninfo) as connection:
        connection.execute("create table kept as select 7 as n")


def is_refused(data_dir: Path) -> bool:
    try:
        with embedded_postgres(data_dir):
            return False
    except RuntimeError as refusal:
        return "belongs to another user" in str(refusal)


def wait_until_down(data_dir: Path) -> None:
    deadline = time.monotonic() + 10
    while postmaster.running(cluster(data_dir)):
        assert time.monotonic() < deadline, "Postgres still runs"
        time.sleep(0.02)


def postmaster_of(data_dir: Path) -> int:
    pid = postmaster.running(cluster(data_dir))
    assert pid
    return pid


def watchdogs_of(data_dir: Path) -> list[int]:
    marks = (postmaster.__file__.encode(), os.fsencode(data_dir))
    commands = {int(p.parent.name): p.read_bytes() for p in Path("/proc").glob("[0-9]*/cmdline") if p.exists()}
    return [pid for pid, line in commands.items() if all(mark in line for mark in marks)]


def test_what_was_stored_is_there_after_a_restart(data_dir: Path) -> None:
    with embedded_postgres(data_dir) as conninfo:
        remember_seven(conninfo)
    assert postmaster.running(cluster(data_dir)) is None
    with embedded_postgres(data_dir) as conninfo:
        assert query(conninfo, "select n from kept") == 7


def test_the_server_is_private_durable_and_silent_about_people(data_dir: Path) -> None:
    with embedded_postgres(data_dir) as conninfo:
        wanted = {
            "data_checksums": "on",
            "fsync": "on",
            "synchronous_commit": "on",
            "listen_addresses": "",
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        assert {name: query(conninfo, f"show {name}") for name in wanted} == wanted
        assert (
            query(conninfo, "select datlocale || pg_encoding_to_char(encoding) from pg_database where datname = 'hagukumi'")
            == "C.UTF-8UTF8"
        )
        assert query(conninfo, "select rolpassword like 'SCRAM-SHA-256$%' from pg_authid where rolname = 'hagukumi'") is True
        assert stat.S_IMODE((data_dir / "postgres" / "password").stat().st_mode) == 0o600
        assert stat.S_IMODE(Path(postmaster.socket_dir(cluster(data_dir))).stat().st_mode) == 0o700
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(conninfo, password="guessed")


def test_only_the_last_user_stops_the_server(data_dir: Path, hold: Callable[[], subprocess.Popen[str]]) -> None:
    first, second = hold(), hold()
    with embedded_postgres(data_dir) as conninfo:
        first.communicate()
        assert query(conninfo, "select 1") == 1
    assert postmaster.running(cluster(data_dir))
    second.communicate()
    assert postmaster.running(cluster(data_dir)) is None
    assert not watchdogs_of(data_dir)


def test_a_server_whose_only_user_was_killed_stops_and_keeps_what_was_committed(
    data_dir: Path, hold: Callable[[], subprocess.Popen[str]]
) -> None:
    owner = hold()
    with embedded_postgres(data_dir) as conninfo:
        remember_seven(conninfo)
    owner.kill()
    wait_until_down(data_dir)
    with embedded_postgres(data_dir) as conninfo:
        assert query(conninfo, "select n from kept") == 7


def test_killing_the_command_that_started_it_leaves_the_server_to_the_others(
    data_dir: Path, hold: Callable[[], subprocess.Popen[str]]
) -> None:
    owner = hold()
    with embedded_postgres(data_dir) as conninfo:
        owner.kill()
        owner.wait()
        time.sleep(0.2)
        assert query(conninfo, "select 1") == 1
    assert postmaster.running(cluster(data_dir)) is None


def test_an_orphan_without_watchdog_is_adopted(data_dir: Path, hold: Callable[[], subprocess.Popen[str]]) -> None:
    owner = hold()
    orphan = postmaster_of(data_dir)
    for pid in (*watchdogs_of(data_dir), owner.pid):
        os.kill(pid, signal.SIGKILL)
    owner.wait()
    with embedded_postgres(data_dir):
        assert postmaster_of(data_dir) == orphan
        assert watchdogs_of(data_dir)
    assert postmaster.running(cluster(data_dir)) is None


def test_the_next_start_recovers_from_a_killed_postmaster(data_dir: Path) -> None:
    with embedded_postgres(data_dir) as conninfo:
        remember_seven(conninfo)
        os.kill(postmaster_of(data_dir), signal.SIGKILL)
    with embedded_postgres(data_dir) as conninfo:
        assert query(conninfo, "select n from kept") == 7


def test_a_postmaster_killed_while_in_use_is_started_again(data_dir: Path) -> None:
    with embedded_postgres(data_dir) as conninfo:
        remember_seven(conninfo)
        killed = postmaster_of(data_dir)
        os.kill(killed, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while postmaster.running(cluster(data_dir)) in {None, killed}:
            assert time.monotonic() < deadline, "Postgres was not started again"
            time.sleep(0.05)
        postmaster.wait_until_ready(cluster(data_dir))
        assert query(conninfo, "select n from kept") == 7
    assert postmaster.running(cluster(data_dir)) is None


def test_a_stale_process_id_that_a_stranger_bears_now_is_seen_through(data_dir: Path) -> None:
    with embedded_postgres(data_dir):
        os.kill(postmaster_of(data_dir), signal.SIGKILL)
    owner = (data_dir / "postgres").stat().st_uid
    with subprocess.Popen(["sleep", "60"], user=owner if os.geteuid() == 0 else None) as stranger:
        file = postmaster.pid_file(cluster(data_dir))
        dead, rest = file.read_text().split("\n", 1)
        assert int(dead) != stranger.pid
        file.write_text(f"{stranger.pid}\n{rest}")
        with embedded_postgres(data_dir) as conninfo:
            assert query(conninfo, "select 1") == 1
        stranger.kill()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_only_user_stops_the_server(
    ending: signal.Signals, data_dir: Path, hold: Callable[[], subprocess.Popen[str]]
) -> None:
    owner = hold()
    owner.send_signal(ending)
    owner.communicate()
    wait_until_down(data_dir)


def test_a_deep_checkout_needs_no_long_socket_path(data_dir: Path) -> None:
    deep = data_dir.joinpath(*["a folder with spaces"] * 8)
    assert len(str(deep)) > 150
    with embedded_postgres(deep) as conninfo:
        assert query(conninfo, "select 1") == 1
        assert len(postmaster.socket_dir(cluster(deep))) < 100


@only_root
def test_root_keeps_the_database_elsewhere_when_its_user_cannot_reach_the_folder(data_dir: Path) -> None:
    closed = data_dir / "closed"
    closed.mkdir(parents=True, mode=0o700)
    with embedded_postgres(closed) as conninfo:
        remember_seven(conninfo)
    elsewhere = (closed / "postgres").readlink()
    try:
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        with embedded_postgres(closed) as conninfo:
            assert query(conninfo, "select n from kept") == 7
    finally:
        rmtree(elsewhere)


@only_root
def test_the_server_runs_as_an_unprivileged_user(data_dir: Path) -> None:
    with embedded_postgres(data_dir):
        assert Path(f"/proc/{postmaster_of(data_dir)}").stat().st_uid != 0


@only_root
def test_another_user_is_told_whose_folder_it_is(data_dir: Path) -> None:
    with embedded_postgres(data_dir):
        pass
    owner = (data_dir / "postgres").stat().st_uid
    visitor = os.fork()
    if visitor == 0:
        os.setuid(owner)
        os._exit(0 if is_refused(data_dir) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(visitor, 0)[1]) == 0


def test_a_socket_folder_of_somebody_else_is_refused(data_dir: Path) -> None:
    with embedded_postgres(data_dir):
        sockets = Path(postmaster.socket_dir(cluster(data_dir)))
    elsewhere = data_dir / "trap"
    elsewhere.mkdir()
    sockets.symlink_to(elsewhere)
    try:
        with pytest.raises(RuntimeError, match="belongs to somebody else"), embedded_postgres(data_dir):
            pass
    finally:
        sockets.unlink()
