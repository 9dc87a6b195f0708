"""How fast a domain takes mail: it slows down when the domain says «not now», and stops where too many users are unknown."""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from threading import Lock
from time import monotonic
from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool

LARGE = frozenset({
    "docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp", "i.softbank.jp", "ymobile.ne.jp", "rakumail.jp", "uqmobile.jp",
    "gmail.com", "icloud.com", "yahoo.co.jp", "ymail.ne.jp", "outlook.jp", "outlook.com", "hotmail.com", "hotmail.co.jp",
})  # fmt: skip
"""Domains that tell nothing of a person. All others share a few rows, so that no rare name is stored."""
SHARED_ROWS = 64

PER_SECOND_MOST, PER_SECOND_LEAST = 50.0, 0.1
RECOVERED_PER_MINUTE = 2.0
BURST_SECONDS = 2
SLOWED_AGAIN_SECONDS = 10
"""Answers of one moment are one reason to slow down, not many."""
UNKNOWN_USERS_MOST, UNKNOWN_SHARE_MOST = 10, 0.1
WINDOW = timedelta(minutes=10)
CLOSED = timedelta(hours=1)
TAKEN_AT_ONCE = 10
KEPT_SECONDS = 2.0
"""Tokens that lay about longer than this are not used: others may have been told to slow down."""
UNKNOWN_USER = "5.1.1"

_SECONDS = "greatest(0, extract(epoch FROM now() - filled_at))"
_RATE = f"least(%(most)s, per_second + {_SECONDS} / 60 * %(recovered)s)"
_FILL = f"least({_RATE} * %(burst)s, tokens + {_SECONDS} * ({_RATE}))"
_OVER = "(window_began + %(window)s < now() OR window_began > now())"

_TAKE = f"""
    UPDATE mail.domain d SET per_second = {_RATE}, filled_at = now(), tokens = f.filled - f.granted,
           let_through = CASE WHEN {_OVER} THEN 0 ELSE let_through END + f.granted,
           unknown_users = CASE WHEN {_OVER} THEN 0 ELSE unknown_users END,
           window_began = CASE WHEN {_OVER} THEN now() ELSE window_began END
    FROM (SELECT filled, CASE WHEN closed_until BETWEEN now() AND now() + %(closed)s THEN 0
                              ELSE least(%(wanted)s, floor(filled)) END AS granted
          FROM (SELECT {_FILL} AS filled, closed_until FROM mail.domain WHERE domain = %(domain)s FOR UPDATE) now_full) f
    WHERE d.domain = %(domain)s
    RETURNING f.granted::int, per_second,
              CASE WHEN closed_until BETWEEN now() AND now() + %(closed)s THEN closed_until - now() END"""  # noqa: S608 - constants
_BEGIN = """
    INSERT INTO mail.domain (domain, per_second, tokens) VALUES (%(domain)s, %(most)s, %(most)s * %(burst)s)
    ON CONFLICT DO NOTHING"""
_SLOW = """
    UPDATE mail.domain SET per_second = greatest(%(least)s, per_second / 2), tokens = 0, slowed_at = now()
    WHERE domain = %(domain)s AND (slowed_at IS NULL OR slowed_at NOT BETWEEN now() - %(again)s AND now())"""
_UNKNOWN = """
    UPDATE mail.domain SET unknown_users = unknown_users + 1,
           closed_until = CASE WHEN unknown_users + 1 >= %(users)s AND unknown_users + 1 > let_through * %(share)s
                               THEN now() + %(closed)s ELSE closed_until END
    WHERE domain = %(domain)s"""
_VALUES: Mapping[str, object] = {
    "most": PER_SECOND_MOST,
    "least": PER_SECOND_LEAST,
    "recovered": RECOVERED_PER_MINUTE,
    "burst": BURST_SECONDS,
    "again": timedelta(seconds=SLOWED_AGAIN_SECONDS),
    "window": WINDOW,
    "closed": CLOSED,
    "users": UNKNOWN_USERS_MOST,
    "share": UNKNOWN_SHARE_MOST,
    "wanted": TAKEN_AT_ONCE,
}


def known_as(address: str) -> str:
    """The row that stands for an address's domain."""
    domain = address.rpartition("@")[2].lower()
    return domain if domain in LARGE else f"other-{sha256(domain.encode()).digest()[0] % SHARED_ROWS:02}"


class Pace:
    """A rate for each domain (token bucket, halved by 4xx, growing back by the minute), shared through the database.

    A process takes a few tokens at a time, so that not every message needs a write.
    """

    def __init__(self, pool: ConnectionPool[Connection[tuple[Any, ...]]], *, per_second_most: float = PER_SECOND_MOST) -> None:
        self._pool = pool
        self._values = {**_VALUES, "most": per_second_most}
        self._lock = Lock()
        self._taken: dict[str, tuple[int, float]] = {}

    def take(self, domain: str) -> timedelta | None:
        """Leave for one message to a domain; or else how long to wait before asking again."""
        with self._lock:
            left, since = self._taken.get(domain, (0, 0.0))
            if left and monotonic() - since < KEPT_SECONDS:
                self._taken[domain] = (left - 1, since)
                return None
        granted, per_second, closed = self._take(domain)
        if not granted:
            return closed or timedelta(seconds=1 / per_second)
        with self._lock:
            self._taken[domain] = (granted - 1, monotonic())
        return None

    def slow_down(self, domain: str) -> None:
        """The domain said «not now»."""
        self._forget(domain)
        self._execute(_SLOW, domain)

    def unknown_user(self, domain: str) -> None:
        """The domain knows nobody of that name: too many of those, and senders are taken for spammers."""
        self._execute(_UNKNOWN, domain)

    def _take(self, domain: str) -> tuple[int, float, timedelta | None]:
        values = {**self._values, "domain": domain}
        with self._pool.connection() as connection:
            row = connection.execute(_TAKE, values).fetchone()
            if row is None:
                connection.execute(_BEGIN, values)
                row = connection.execute(_TAKE, values).fetchone()
        return row or (0, PER_SECOND_LEAST, None)

    def _forget(self, domain: str) -> None:
        with self._lock:
            self._taken.pop(domain, None)

    def _execute(self, statement: str, domain: str) -> None:
        with self._pool.connection() as connection:
            connection.execute(statement.encode(), {**self._values, "domain": domain})
