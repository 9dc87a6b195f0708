"""Knows a restored database by itself: mail is held before anything could be sent a second time.

A dump or a point-in-time recovery goes on under another system identifier or timeline (PostgreSQL, «Continuous Archiving»), and
so does a standby that took over. A copy of the data folder does not, but its log is shorter than the one remembered outside the
database.
"""

from pathlib import Path
from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool

from eventstore.ward import Ward
from notifier.gate import Gate

REASON = "restored"
_SERVER = """
    SELECT (SELECT system_identifier FROM pg_control_system()) || '/' || (SELECT timeline_id FROM pg_control_checkpoint())"""


class Landmark:
    """Where the log stood when mail was last looked after.

    Args:
        pool: Connections of the mailer.
        ward: The log.
        memory: A file outside the database that holds one number.
    """

    def __init__(self, pool: ConnectionPool[Connection[tuple[Any, ...]]], ward: Ward, memory: Path) -> None:
        self._pool = pool
        self._ward = ward
        self._memory = memory
        self._head = 0

    def look(self) -> None:
        """Hold mail where the database is not the one it was, or has forgotten something; then remember it as it is."""
        moved, head = self._moved(), self._ward.head()
        if moved or head < self._remembered():
            Gate(self._pool).hold(REASON)
        self._remember(head)

    def _moved(self) -> bool:
        """Whether this is another server than the last time; the first look is none at all."""
        with self._pool.connection() as connection:
            row = connection.execute(f"SELECT server, ({_SERVER}) FROM mail.gate").fetchone()  # noqa: S608 - no data in it
            before, now = row or ("", "")
            if now != before:
                connection.execute("UPDATE mail.gate SET server = %s", (now,))
        return before not in {"", now}

    def _remembered(self) -> int:
        if not self._head and self._memory.exists():
            self._head = int(self._memory.read_text(encoding="ascii") or 0)
        return self._head

    def _remember(self, head: int) -> None:
        if head == self._head:
            return
        self._memory.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._memory.with_suffix(".new")
        fresh.write_text(str(head), encoding="ascii")
        fresh.replace(self._memory)
        self._head = head
