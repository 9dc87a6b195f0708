"""Find and stop the postmaster of a cluster. Run as a program it is the watchdog: it stops Postgres once nobody uses it.

The kernel drops the lock of a process that was killed, so the watchdog also cleans up after kill -9.
It runs by its path and on the standard library alone, which keeps it small.
"""

import fcntl
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

_STOP_SECONDS_MAX = 60
_NO_PROCESS = 2**22 + 1  # above the largest process id that Linux hands out


def pid_file(cluster: Path) -> Path:
    """Written by the postmaster at start and removed as its last act."""
    return cluster / "postmaster.pid"


def running(cluster: Path) -> int | None:
    """The process id of the cluster's postmaster; None when it is down, whatever a stale file says."""
    with suppress(OSError, ValueError, IndexError):
        pid = int(pid_file(cluster).read_text().splitlines()[0])
        os.kill(pid, 0)
        return pid if _serves(pid, cluster) else None
    return None


def socket_dir(cluster: Path) -> str:
    """Where the running postmaster listens, by its own word (fifth line of its file)."""
    return pid_file(cluster).read_text().splitlines()[4]


def wait_until_ready(cluster: Path) -> None:
    """Wait while a postmaster found running still recovers (eighth line of its file)."""
    while running(cluster) and pid_file(cluster).read_text().splitlines()[7:8] != ["ready   "]:
        time.sleep(0.02)


def disown(cluster: Path) -> None:
    """Take a dead postmaster's process id out of its file: a stranger may bear it now, and Postgres would refuse to start.

    The rest of the file stays: by it Postgres sees whether workers of a killed postmaster still hold the shared memory.
    """
    if pid_file(cluster).exists():
        lines = pid_file(cluster).read_text().splitlines(keepends=True)
        pid_file(cluster).write_text("".join([f"{_NO_PROCESS}\n", *lines[1:]]))


def stop(cluster: Path) -> None:
    """Stop the postmaster the fast way (connections are cut, nothing is lost) and wait until it is gone."""
    pid = running(cluster)
    if pid is None:
        return
    listening_in = socket_dir(cluster)
    deadline = time.monotonic() + _STOP_SECONDS_MAX
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)
        while running(cluster) == pid and time.monotonic() < deadline:
            time.sleep(0.01)
    with suppress(OSError):
        Path(listening_in).rmdir()


def _serves(pid: int, cluster: Path) -> bool:
    """Whether the process works in the cluster's folder, as its postmaster does; without /proc its life must do as proof."""
    link = Path(f"/proc/{pid}/cwd")
    return not Path("/proc/self").exists() or link.resolve() == cluster.resolve()


def watch(users_lock: Path, cluster: Path) -> None:
    """Wait until the last user has let go of the lock, then stop the server."""
    with users_lock.open() as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        stop(cluster)


if __name__ == "__main__":
    if os.fork() == 0:  # the caller waits for the parent alone and has no child left to look after
        watch(Path(sys.argv[1]), Path(sys.argv[2]))
