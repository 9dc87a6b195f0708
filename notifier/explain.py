"""Why a mail was sent, or was not: each reminder of a child beside what became of it."""

from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from msgspec import Struct
from psycopg import Connection, sql
from psycopg.rows import class_row

from notifier.occasion import late_days_most

_LISTED: LiteralString = """
    SELECT coalesce(o.account_id, l.account_id) AS account_id, child_id, series, dose_number, kind, cycle,
           coalesce(o.due_on, l.due_on) AS due_on, l.withheld_reason,
           m.message_id, m.state, m.status, m.bounced, m.not_before, m.settled_at
    FROM (SELECT * FROM {schema}.mailing_list WHERE {of} = %(id)s) l
    FULL JOIN (SELECT * FROM mail.occasion WHERE {of} = %(id)s) o USING (account_id, child_id, series, dose_number, kind, cycle)
    LEFT JOIN mail.message m ON m.message_id = o.message_id
    UNION ALL
    SELECT w.account_id, w.child_id, w.series, w.dose_number, w.kind, w.cycle, w.due_on, NULL,
           w.message_id, 'withdrawn', w.reason, '', m.not_before, w.withdrawn_at
    FROM mail.withdrawn w JOIN mail.message m USING (message_id) WHERE w.{of} = %(id)s
    ORDER BY 7, 2, 3, 4, 5, 6, 1, 14"""


class Line(Struct, frozen=True):
    """One reminder for one guardian, with the message that it went into, if it did."""

    account_id: UUID
    child_id: UUID
    series: str
    dose_number: int
    kind: str
    cycle: int
    due_on: date
    withheld_reason: str | None
    message_id: UUID | None
    state: str | None
    status: str | None
    bounced: str | None
    not_before: datetime | None
    settled_at: datetime | None

    def verdict(self, today: date) -> tuple[str, str]:
        """What became of it, and when or why."""
        if self.bounced:
            return "bounced", self.bounced
        if self.state is not None:
            return self._sent()
        if self.withheld_reason is not None:
            return "withheld", self.withheld_reason
        if self.due_on > today:
            return "not yet due", self.due_on.isoformat()
        in_time = (today - self.due_on).days <= late_days_most(self.kind)
        return "due" if in_time else "too late", self.due_on.isoformat()

    def _sent(self) -> tuple[str, str]:
        if self.state in ("suppressed", "failed", "withdrawn"):
            return self.state, self.status or ""
        when = self.settled_at or self.not_before
        return self.state or "", when.isoformat(timespec="seconds") if when else ""


def explain(connection: Connection[tuple[Any, ...]], schema: str, child_id: UUID) -> list[Line]:
    """Every reminder of a child, for each guardian, in the order of its days. Ids and codes only."""
    return _lines(connection, schema, "child_id", child_id)


def explain_account(connection: Connection[tuple[Any, ...]], schema: str, account_id: UUID) -> list[Line]:
    """All that a guardian was told, asked or not told, of whatever child, in the order of its days."""
    return _lines(connection, schema, "account_id", account_id)


def _lines(connection: Connection[tuple[Any, ...]], schema: str, of: str, id_: UUID) -> list[Line]:
    query = sql.SQL(_LISTED).format(schema=sql.Identifier(schema), of=sql.Identifier(of))
    with connection.cursor(row_factory=class_row(Line)) as cursor:
        return cursor.execute(query, {"id": id_}).fetchall()
