"""One server for all commands on a data folder: the first starts it, others connect, the last one stops it.

Who uses it is counted by the kernel: every user holds a shared lock on one file, which even kill -9 gives back. A second lock
serialises starting, joining and leaving.
"""

import fcntl
import logging
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.embedded import postmaster
from app.embedded.account import account_for
from app.embedded.cluster import Cluster, EmbeddedPostgresError

log = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0


@contextmanager
def embedded_postgres(data_dir: Path, *, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run or join the Postgres of a data folder.

    Args:
        data_dir: Holds the database with everything else the service keeps; made when missing.
        settings: Postgres settings on top of the usual ones, heeded by the command that starts the server.

    Yields:
        The conninfo of the superuser who owns the database `hagukumi`.
    """
    data_dir = data_dir.absolute()
    data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
    turn = data_dir / "postgres.turn"
    with _user_list(data_dir) as users:
        try:
            with _exclusive(turn):
                cluster = _join(users, data_dir, settings or {})
                conninfo = cluster.conninfo()
            with _kept_up(cluster, settings or {}, turn):
                yield conninfo
        finally:
            with _exclusive(turn):
                _leave(users, data_dir)


@contextmanager
def scratch_postgres(*, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """A server in a temporary folder, removed with all its data afterwards: for tests and benchmarks."""
    with tempfile.TemporaryDirectory(prefix="hagukumi-") as folder:
        Path(folder).chmod(0o711)  # the server's own user passes through
        with embedded_postgres(Path(folder) / "data", settings=settings) as conninfo:
            yield conninfo


def _user_list(data_dir: Path) -> IO[str]:
    try:
        return (data_dir / "postgres.users").open("a")
    except PermissionError as error:
        message = f"{data_dir} belongs to another user: start as that user, or name another folder by HAGUKUMI_DATA_DIR"
        raise EmbeddedPostgresError(message) from error


def _join(users: IO[str], data_dir: Path, settings: Mapping[str, str]) -> Cluster:
    """Become a user; start the server unless it runs already, be it as an orphan of somebody killed."""
    alone = _try_lock(users, fcntl.LOCK_EX)
    fcntl.flock(users, fcntl.LOCK_SH)  # waits while a watchdog is stopping the server
    cluster = _cluster(data_dir)
    if postmaster.running(cluster.data) is None:
        cluster.create()
        cluster.start(settings)
    elif not alone:
        return cluster
    cluster.create_database()
    _start_watchdog(Path(users.name), cluster)
    return cluster


@contextmanager
def _kept_up(cluster: Cluster, settings: Mapping[str, str], turn: Path) -> Iterator[None]:
    """Start the server again should it die while it is in use."""
    leaving = threading.Event()

    def look_after() -> None:
        while not leaving.wait(_LOOK_SECONDS):
            if postmaster.running(cluster.data) is None:
                with _exclusive(turn):
                    _revive(cluster, settings)

    caretaker = threading.Thread(target=look_after, name="embedded-postgres", daemon=True)
    caretaker.start()
    try:
        yield
    finally:
        leaving.set()
        caretaker.join()


def _revive(cluster: Cluster, settings: Mapping[str, str]) -> None:
    if postmaster.running(cluster.data) is not None:
        return  # another user of the server was quicker
    log.warning("the embedded Postgres is gone; starting it again")
    try:
        cluster.start(settings)
    except EmbeddedPostgresError as failure:
        log.error("%s", failure)  # noqa: TRY400 - the message says all; the next look tries again


def _leave(users: IO[str], data_dir: Path) -> None:
    """Stop being a user; the last one out stops the server, or waits for the watchdog that was quicker."""
    if _try_lock(users, fcntl.LOCK_EX):
        postmaster.stop(data_dir / "postgres" / "cluster")
    elif not _try_lock(users, fcntl.LOCK_SH):
        fcntl.flock(users, fcntl.LOCK_SH)
    fcntl.flock(users, fcntl.LOCK_UN)


def _cluster(data_dir: Path) -> Cluster:
    """The cluster's home: in the data folder, or in /var/lib with a link to it where its user cannot pass the folders above."""
    home = data_dir / "postgres"
    account = account_for(home)
    if not home.exists():
        if account.reaches(data_dir):
            home.mkdir(mode=0o700)
        else:
            home.symlink_to(tempfile.mkdtemp(prefix="hagukumi-", dir="/var/lib"))
        account.own(home)
    return Cluster(home.resolve(), account)


def _start_watchdog(users_lock: Path, cluster: Cluster) -> None:
    program: list[str | Path] = [sys.executable, "-I", "-S", postmaster.__file__, users_lock, cluster.data]
    closed = subprocess.DEVNULL
    subprocess.run(program, check=True, cwd="/", start_new_session=True, stdin=closed, stdout=closed, stderr=closed)  # noqa: S603


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _try_lock(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
