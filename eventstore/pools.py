"""Which of its idle connections a pool lends."""

from collections import deque
from typing import Any

from psycopg_pool import ConnectionPool


class _Stack(deque[Any]):
    """Idle connections, the one that came back last in front."""

    append = deque.appendleft


def last_back_first_out(pool: ConnectionPool[Any]) -> None:
    """Lets a pool that is not open yet lend the connection that came back last.

    The library lends them in turn. Each server process then finds its plans and catalogue pushed out of the processor's
    caches by the others, which makes a command a sixth slower.
    """
    pool._pool = _Stack()  # noqa: SLF001 - the library has no setting for it; a test holds the order
