"""The ledger of mail: which occasions were planned, and what became of each message."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import astuple
from psycopg import Connection, sql
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from notifier.occasion import Occasion
from projections.told import Told

LEASE = timedelta(minutes=2)
WOKEN_AGAIN = timedelta(minutes=1)
"""A wake-up that led to nothing, because Redis lost it or its worker died, is repeated after this."""
WAIT_MOST = timedelta(days=2)
"""No wait is longer (a day, and a night of quiet hours); one that seems to be was set by a clock that ran ahead."""
UNKNOWNS_MOST = 2
"""A message whose end is unknown is retried once under the same Message-ID, then left and listed."""
PLANNER_LOCK = 7_410_001

_DUE = (
    f"settled_at IS NULL AND state IN ('planned', 'deferred', 'unknown') AND unknowns < {UNKNOWNS_MOST} AND not_before <= now()"
)
_FREE = "lease_until = NULL, woken_at = NULL"
_WAITING = f"not_before = now() + %(wait)s, {_FREE}"
_OCCASION = "occasion_id, account_id, child_id, series, dose_number, kind, cycle, due_on, address_version, message_id"
DATES_CHANGED = "dates_changed"
"""Why something is withdrawn: it is to be told on another day now, or not at all."""
_MINE = "message_id = %(message_id)s AND attempts = %(attempts)s AND settled_at IS NULL"


_told = msgspec.json.Decoder(list[Told]).decode


class Claim(Struct, frozen=True):
    """A message that this worker alone may send until its lease ends. Another claim has another number of attempts."""

    message_id: UUID
    account_id: UUID
    attempts: int
    deferrals: int


class Digest(Struct, frozen=True):
    """One message to be written down, with all that it is about, and the edition on whose dates that rests."""

    message_id: UUID
    occasions: Sequence[Occasion]
    planned_on: date
    not_before: datetime
    edition: str = ""


class Settled(Struct, frozen=True):
    """A message with its end, to be told to the log."""

    message_id: UUID
    account_id: UUID
    state: str
    status: str
    answer_digest: str
    answers: bytes
    address_version: int
    occasions: list[UUID]

    @property
    def told(self) -> list[Told]:
        """The schedule answers that it rested on."""
        return _told(self.answers)


class Ledger:
    """Reads and writes of schema `mail`. Every method is one transaction."""

    def __init__(self, pool: ConnectionPool[Connection[tuple[Any, ...]]]) -> None:
        self._pool = pool

    @contextmanager
    def planning(self) -> Iterator[Connection[tuple[Any, ...]]]:
        """A transaction in which nobody else plans."""
        with self._pool.connection() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (PLANNER_LOCK,))
            yield connection

    def claim(self, messages: Sequence[UUID]) -> list[tuple[Claim, list[Occasion]]]:
        """Take those messages that are due for the time of a lease; not those that are settled, or another worker's.

        Nothing is given out while mail is held.
        """
        query = f"""
            UPDATE mail.message SET state = 'claimed', lease_until = now() + %s, attempts = attempts + 1
            WHERE mail.is_open() AND message_id IN (
                SELECT message_id FROM mail.message WHERE message_id = ANY(%s) AND {_DUE} FOR UPDATE SKIP LOCKED)
            RETURNING message_id, account_id, attempts, deferrals"""  # noqa: S608 - _DUE is a constant of this module
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Claim)) as cursor:
            claims = cursor.execute(query, (LEASE, list(messages))).fetchall()
            about = occasions(connection, [claim.message_id for claim in claims])
        return [(claim, about[claim.message_id]) for claim in claims]

    def data_starts(self, claim: Claim) -> bool:
        """Note, before DATA, that from now on a lost connection leaves the end unknown.

        False where the lease is gone, or mail is held since.
        """
        return self._update(claim, "state = 'data_started'", "AND state = 'claimed' AND lease_until > now() AND mail.is_open()")

    def settle(self, claim: Claim, state: str, status: str = "", answer_digest: str = "", answers: Sequence[Told] = ()) -> None:
        """Write down the end of a message: accepted, suppressed or failed. What may have arrived once was not suppressed."""
        change = """state = CASE WHEN unknowns > 0 AND %(state)s = 'suppressed' THEN 'unknown' ELSE %(state)s END,
                    status = %(status)s, answer_digest = %(digest)s, answers = %(answers)s,
                    settled_at = now(), lease_until = NULL"""
        self._update(claim, change, state=state, status=status, digest=answer_digest, answers=msgspec.json.encode(answers))

    def withdraw(self, claim: Claim, occasions: Sequence[UUID]) -> None:
        """Take out what is to be told on another day now. What is left goes back; a message that nothing is left of has ended."""
        values = {"message_id": claim.message_id, "attempts": claim.attempts, "occasions": list(occasions)}
        with self._pool.connection() as connection:
            _take_out(connection, sql.SQL(_OUT_OF_MINE), values)
            _end_empty(connection, [claim.message_id])
        self.put_back(claim)

    def defer(self, claim: Claim, status: str, wait: timedelta) -> None:
        """The relay said «later», or could not be reached."""
        change = "state = 'deferred', status = %(status)s, deferrals = deferrals + 1"
        self._update(claim, f"{change}, {_WAITING}", status=status, wait=wait)

    def put_back(self, claim: Claim, wait: timedelta = timedelta()) -> None:
        """Nothing was tried: it is held, too fast, or night. Such a return counts for nothing."""
        self._update(claim, f"state = 'planned', {_WAITING}", "AND state = 'claimed'", wait=wait)

    def lost(self, claim: Claim) -> None:
        """The connection was lost after DATA had begun."""
        with self._pool.connection() as connection:
            _lose(connection, _MINE, {"message_id": claim.message_id, "attempts": claim.attempts})

    def release_expired(self) -> None:
        """Give back what workers held who did not come back: before DATA as planned, after it as unknown.

        Times that lie too far ahead were set while a clock was wrong, and are over too; not so for notices, which can still be
        cancelled (`campaign_ledger.hold_anew`).
        """
        over, times = "(lease_until < now() OR lease_until > now() + %(lease)s)", {"lease": LEASE, "wait": WAIT_MOST}
        with self._pool.connection() as connection:
            planned = f"UPDATE mail.message SET state = 'planned', {_FREE} WHERE state = 'claimed' AND {over}"  # noqa: S608 - constants
            connection.execute(planned, times)
            _lose(connection, f"state = 'data_started' AND {over}", times)
            connection.execute(
                """UPDATE mail.message m SET not_before = now() WHERE settled_at IS NULL AND not_before > now() + %(wait)s
                   AND NOT EXISTS (SELECT FROM mail.occasion o WHERE o.message_id = m.message_id AND o.kind = 'notice')""",
                times,
            )

    def wake_due(self, most: int) -> list[UUID]:
        """Messages of which a worker is to be told now, oldest first; with those told of lately they are `most` at the most."""
        lately = f"{_DUE} AND woken_at BETWEEN now() - %(again)s AND now()"
        query = f"""
            UPDATE mail.message SET woken_at = now() WHERE message_id IN (
                SELECT message_id FROM mail.message WHERE {_DUE} AND ({lately}) IS NOT TRUE AND mail.is_open()
                ORDER BY not_before LIMIT greatest(0, %(most)s - (SELECT count(*) FROM mail.message WHERE {lately}))
                FOR UPDATE SKIP LOCKED)
            RETURNING message_id"""  # noqa: S608 - constants of this module
        with self._pool.connection() as connection:
            return [row[0] for row in connection.execute(query, {"again": WOKEN_AGAIN, "most": most})]

    def to_report(self, limit: int) -> list[Settled]:
        """Settled messages of which the log does not know yet."""
        query = """
            SELECT m.message_id, m.account_id, m.state, m.status, m.answer_digest, m.answers,
                   max(o.address_version) AS address_version, array_agg(o.occasion_id ORDER BY o.occasion_id) AS occasions
            FROM (SELECT * FROM mail.message WHERE settled_at IS NOT NULL AND NOT reported
                  ORDER BY settled_at LIMIT %s) m
            CROSS JOIN LATERAL (
                SELECT occasion_id, address_version FROM mail.occasion WHERE message_id = m.message_id
                UNION ALL
                SELECT occasion_id, address_version FROM mail.withdrawn
                WHERE message_id = m.message_id AND m.state = 'withdrawn') o
            GROUP BY m.message_id, m.account_id, m.state, m.status, m.answer_digest, m.answers"""
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Settled)) as cursor:
            return cursor.execute(query, (limit,)).fetchall()

    def bounced(self, message_id: UUID, status: str) -> tuple[UUID, int] | None:
        """Note what a report says of a message; its account and the version of the address it went to, if there was one."""
        query = """
            UPDATE mail.message m SET bounced = %s WHERE message_id = %s
            RETURNING account_id, (SELECT max(o.address_version) FROM mail.occasion o WHERE o.message_id = m.message_id)"""
        with self._pool.connection() as connection:
            row = connection.execute(query, (status, message_id)).fetchone()
        return None if row is None else (row[0], row[1] or 0)

    def only_comes_back(self, account_id: UUID, address_version: int, status: str, times: int) -> bool:
        """Whether the last letters to an address, so many of them, all came back with this status."""
        query = """
            SELECT count(*) = %(times)s FROM (
                SELECT m.bounced FROM mail.message m
                WHERE m.account_id = %(account_id)s AND (m.state = 'accepted' OR m.bounced <> '')
                  AND EXISTS (SELECT FROM mail.occasion o
                              WHERE o.message_id = m.message_id AND o.address_version = %(address_version)s)
                ORDER BY m.settled_at DESC LIMIT %(times)s) latest
            WHERE bounced = %(status)s"""
        values = {"account_id": account_id, "address_version": address_version, "status": status, "times": times}
        with self._pool.connection() as connection:
            row = connection.execute(query, values).fetchone()
        return row is not None and row[0]

    def reported(self, messages: Sequence[UUID]) -> list[tuple[UUID, UUID, str]]:
        """The log knows of these. Those that have come back already, with their accounts and what the reports say."""
        query = """
            UPDATE mail.message SET reported = true, answers = DEFAULT, answer_digest = DEFAULT WHERE message_id = ANY(%s)
            RETURNING message_id, account_id, bounced"""
        with self._pool.connection() as connection:
            return [row for row in connection.execute(query, (list(messages),)) if row[2]]

    def counts(self) -> dict[str, int]:
        """How many messages stand in each state."""
        with self._pool.connection() as connection:
            return dict(connection.execute("SELECT state, count(*) FROM mail.message GROUP BY state ORDER BY state").fetchall())

    def _update(self, claim: Claim, change: str, only_if: str = "", **values: object) -> bool:
        """Change a message as long as it is this claim's."""
        known = {"message_id": claim.message_id, "attempts": claim.attempts}
        query = f"UPDATE mail.message SET {change} WHERE {_MINE} {only_if}"  # noqa: S608 - constants of this module
        with self._pool.connection() as connection:
            done = connection.execute(query.encode(), known | values)
        return done.rowcount == 1


def insert(connection: Connection[tuple[Any, ...]], digests: Iterable[Digest]) -> None:
    """Messages with their occasions, inside the planner's transaction."""
    planned = list(digests)
    columns = "message_id, account_id, planned_on, not_before, edition"
    with connection.cursor() as cursor, cursor.copy(f"COPY mail.message ({columns}) FROM STDIN") as copy:
        for one in planned:
            copy.write_row((one.message_id, one.occasions[0].account_id, one.planned_on, one.not_before, one.edition))
    file(connection, [(occasion, one.message_id) for one in planned for occasion in one.occasions])


def file(connection: Connection[tuple[Any, ...]], occasions: Iterable[tuple[Occasion, UUID]]) -> None:
    """Occasions under their messages."""
    with connection.cursor() as cursor, cursor.copy(f"COPY mail.occasion ({_OCCASION}) FROM STDIN") as copy:
        for occasion, message_id in occasions:
            copy.write_row((occasion.occasion_id, *astuple(occasion), message_id))


def withdraw_changed(connection: Connection[tuple[Any, ...]], schema: str, edition: str) -> None:
    """Take back unsent reminders that rest on another edition and that this one gives on another day, or not at all.

    Messages that a worker has just now are looked at again when they come back.
    """
    listed = sql.SQL(_LISTED).format(sql.Identifier(schema))
    open_ones = connection.execute(_RESTS_ON_ANOTHER, {"edition": edition}).fetchall()
    if open_ones:
        messages = [message_id for (message_id,) in open_ones]
        which = sql.SQL("message_id = ANY(%(messages)s) AND NOT EXISTS ({})").format(listed)
        _take_out(connection, which, {"messages": messages})
        _end_empty(connection, messages)
        connection.execute("UPDATE mail.message SET edition = %s WHERE message_id = ANY(%s)", (edition, messages))


_OUT_OF_MINE: LiteralString = f"""
    message_id = (SELECT message_id FROM mail.message WHERE {_MINE} FOR UPDATE) AND occasion_id = ANY(%(occasions)s)"""  # noqa: S608 - constants
_RESTS_ON_ANOTHER = """
    SELECT message_id FROM mail.message
    WHERE settled_at IS NULL AND state IN ('planned', 'deferred') AND edition NOT IN ('', %(edition)s) FOR UPDATE SKIP LOCKED"""
_LISTED: LiteralString = """
    SELECT FROM {}.mailing_list l
    WHERE (l.account_id, l.child_id, l.series, l.dose_number, l.kind, l.cycle, l.due_on)
        = (o.account_id, o.child_id, o.series, o.dose_number, o.kind, o.cycle, o.due_on)"""


def _take_out(connection: Connection[tuple[Any, ...]], which: sql.Composable, values: Mapping[str, object]) -> None:
    """Occasions leave their messages, and their keys are free."""
    connection.execute(
        sql.SQL("""
            WITH gone AS (DELETE FROM mail.occasion o WHERE {which} RETURNING {columns})
            INSERT INTO mail.withdrawn ({columns}, reason) SELECT {columns}, {reason} FROM gone""").format(
            which=which, columns=sql.SQL(_OCCASION), reason=sql.Literal(DATES_CHANGED)
        ),
        values,
    )


def _end_empty(connection: Connection[tuple[Any, ...]], messages: Sequence[UUID]) -> None:
    """Messages that are about nothing any more have ended."""
    connection.execute(
        """UPDATE mail.message m SET state = 'withdrawn', status = %s, settled_at = now(), lease_until = NULL
           WHERE message_id = ANY(%s) AND settled_at IS NULL
             AND NOT EXISTS (SELECT FROM mail.occasion o WHERE o.message_id = m.message_id)""",
        (DATES_CHANGED, list(messages)),
    )


def not_told(connection: Connection[tuple[Any, ...]], listed: Sequence[Occasion]) -> list[Occasion]:
    """Those of some occasions that are new. What a restored ledger knows from the log by id alone is filed, and is not new."""
    query = "SELECT occasion_id, message_id FROM mail.told WHERE occasion_id = ANY(%s)"
    told = dict(connection.execute(query, ([occasion.occasion_id for occasion in listed],)).fetchall())
    file(connection, [(occasion, told[occasion.occasion_id]) for occasion in listed if occasion.occasion_id in told])
    return [occasion for occasion in listed if occasion.occasion_id not in told]


def occasions(connection: Connection[tuple[Any, ...]], messages: Sequence[UUID]) -> dict[UUID, list[Occasion]]:
    """What messages are about."""
    order = "child_id, due_on, series, kind"
    query = f"SELECT {_OCCASION} FROM mail.occasion WHERE message_id = ANY(%s) ORDER BY {order}"  # noqa: S608 - constants
    about: dict[UUID, list[Occasion]] = {message_id: [] for message_id in messages}
    for _, *key, message_id in connection.execute(query, (list(messages),)):
        about[message_id].append(Occasion(*key))
    return about


def _lose(connection: Connection[tuple[Any, ...]], which: str, values: Mapping[str, object]) -> None:
    connection.execute(
        f"""UPDATE mail.message SET state = 'unknown', unknowns = unknowns + 1, {_FREE},
                   settled_at = CASE WHEN unknowns + 1 >= {UNKNOWNS_MOST} THEN now() END
            WHERE {which}""".encode(),  # noqa: S608 - constants of this module
        values,
    )
