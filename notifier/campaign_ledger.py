"""What the ledger holds of notices: how far the planning of each has come, whom it concerns, and how its letters end."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row

from notifier.ledger import WAIT_MOST
from projections.audience import Member

Database = Connection[tuple[Any, ...]]

_LETTERS = """
    FROM mail.occasion o JOIN mail.message m USING (message_id) WHERE o.child_id = %(notice)s AND o.kind = 'notice'"""
_ENDS = f"""
    SELECT count(*) FILTER (WHERE m.settled_at IS NULL) AS open,
           count(*) FILTER (WHERE m.settled_at IS NOT NULL AND m.state = 'accepted') AS accepted,
           count(*) FILTER (WHERE m.settled_at IS NOT NULL AND m.state = 'suppressed') AS suppressed,
           count(*) FILTER (WHERE m.settled_at IS NOT NULL AND m.state = 'failed') AS failed,
           count(*) FILTER (WHERE m.settled_at IS NOT NULL AND m.state = 'unknown') AS unknown {_LETTERS}"""
_WITHDRAW = f"""
    UPDATE mail.message SET settled_at = now(), lease_until = NULL,
           state = CASE WHEN unknowns > 0 THEN 'unknown' ELSE 'suppressed' END,
           status = CASE WHEN unknowns > 0 THEN status ELSE 'notice_cancelled' END
    WHERE settled_at IS NULL AND state <> 'data_started' AND message_id IN (SELECT m.message_id {_LETTERS})"""  # noqa: S608 - constants
_HOLD_ANEW = f"""
    UPDATE mail.message SET not_before = now() + %(window)s
    WHERE settled_at IS NULL AND not_before > now() + %(wait)s AND message_id IN (SELECT m.message_id {_LETTERS})"""  # noqa: S608 - as above
_RESULTS = f"""
    SELECT a.account_id, a.withheld, m.state, m.status, m.bounced
    FROM mail.addressee a LEFT JOIN (SELECT m.account_id, m.state, m.status, m.bounced {_LETTERS}) m USING (account_id)
    WHERE a.notice_id = %(notice)s ORDER BY a.account_id"""  # noqa: S608 - constants


class Reached(Struct, frozen=True):
    """How far the planning of a notice has come."""

    planned_up_to: UUID | None
    closed: bool


class Ends(Struct, frozen=True):
    """Letters of a notice: open ones, and the ends of the others."""

    open: int
    accepted: int
    suppressed: int
    failed: int
    unknown: int


class Result(Struct, frozen=True):
    """What became of the letter to one guardian; `withheld` says why none was planned."""

    account_id: UUID
    withheld: str | None
    state: str | None
    status: str | None
    bounced: str | None


def reached(connection: Database, notice_id: UUID) -> Reached:
    """Where to go on."""
    connection.execute("INSERT INTO mail.campaign (notice_id) VALUES (%s) ON CONFLICT DO NOTHING", (notice_id,))
    query = "SELECT planned_up_to, closed_at IS NOT NULL AS closed FROM mail.campaign WHERE notice_id = %s"
    with connection.cursor(row_factory=class_row(Reached)) as cursor:
        return cursor.execute(query, (notice_id,)).fetchone() or Reached(None, closed=False)


def reach(connection: Database, notice_id: UUID, looked_at: Sequence[Member], *, closed: bool) -> None:
    """Note whom a notice is meant for, and that they have been looked at."""
    with connection.cursor() as cursor, cursor.copy("COPY mail.addressee FROM STDIN") as copy:
        for member in looked_at:
            copy.write_row((notice_id, member.account_id, member.household_id, member.withheld))
    connection.execute(
        """UPDATE mail.campaign SET planned_up_to = coalesce(%s, planned_up_to),
                  closed_at = CASE WHEN %s THEN coalesce(closed_at, now()) END WHERE notice_id = %s""",
        (looked_at[-1].account_id if looked_at else None, closed, notice_id),
    )


def planned(connection: Database, notice_id: UUID) -> int:
    """How many letters stand in the ledger."""
    query = "SELECT count(*) FROM mail.addressee WHERE notice_id = %s AND withheld IS NULL"
    return int((connection.execute(query, (notice_id,)).fetchone() or (0,))[0])


def withdraw(connection: Database, notice_id: UUID) -> None:
    """No letter begins any more, not even those that a worker holds before DATA. What may have arrived stays unknown."""
    connection.execute(_WITHDRAW.encode(), {"notice": notice_id})


def hold_anew(connection: Database, notice_id: UUID, window: timedelta) -> None:
    """The time for cancelling begins again for letters that wait longer than any can: the clock was wrong when that was set."""
    connection.execute(_HOLD_ANEW.encode(), {"notice": notice_id, "window": window, "wait": WAIT_MOST})


def ends(connection: Database, notice_id: UUID) -> Ends:
    """How the letters of a notice stand."""
    with connection.cursor(row_factory=class_row(Ends)) as cursor:
        return cursor.execute(_ENDS.encode(), {"notice": notice_id}).fetchone() or Ends(0, 0, 0, 0, 0)


def results(connection: Database, notice_id: UUID) -> list[Result]:
    """Each guardian whom a notice is meant for, by pseudonymous id."""
    with connection.cursor(row_factory=class_row(Result)) as cursor:
        return cursor.execute(_RESULTS.encode(), {"notice": notice_id}).fetchall()
