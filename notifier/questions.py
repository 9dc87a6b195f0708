"""Mail to an address pauses when its owner was asked and kept silent."""

from datetime import date, timedelta
from typing import LiteralString
from uuid import UUID

from psycopg import sql

from notifier.failing import FailingAddresses
from notifier.ledger import Ledger
from notifier.planner import CurrentSchema
from notifier.rhythm import CYCLE, Rhythm

_SILENT: LiteralString = f"""
    SELECT a.account_id, a.address_version, a.confirmed_on
    FROM {{schema}}.account a
    JOIN mail.occasion o ON (o.account_id, o.child_id, o.series, o.dose_number, o.kind, o.cycle)
                          = (a.account_id, a.account_id, '', a.address_version, 'address_question', {CYCLE})
    JOIN mail.message m USING (message_id)
    WHERE a.email_state = 'confirmed' AND m.state IN ('accepted', 'failed', 'unknown') AND m.settled_at IS NOT NULL
      AND greatest(o.due_on, (m.settled_at AT TIME ZONE 'Asia/Tokyo')::date) <= %(asked_until)s"""  # noqa: S608 - constants


class Questions:
    """Ends the wait for answers."""

    def __init__(self, ledger: Ledger, addresses: FailingAddresses, schema_of: CurrentSchema, rhythm: Rhythm) -> None:
        self._ledger = ledger
        self._addresses = addresses
        self._schema_of = schema_of
        self._rhythm = rhythm

    def pause_silent(self, today: date) -> int:
        """Say in the log who did not answer in time; how many that were. Doing so again says nothing twice."""
        silent = self._silent(today)
        for account_id, address_version, confirmed_on in silent:
            self._addresses.unanswered(account_id, address_version, confirmed_on)
        return len(silent)

    def _silent(self, today: date) -> list[tuple[UUID, int, date | None]]:
        with self._ledger.planning() as connection:
            schema = self._schema_of(connection)
            if schema is None:
                return []
            statement = sql.SQL(_SILENT).format(schema=sql.Identifier(schema))
            asked_until = today - timedelta(days=self._rhythm.answer_days)
            return connection.execute(statement, {"asked_until": asked_until}).fetchall()
