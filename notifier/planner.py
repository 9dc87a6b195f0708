"""Compares the mailing list with the occasions already in the ledger, and writes down what is new."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any, LiteralString
from uuid import UUID, uuid4

from psycopg import Connection, sql

from notifier import ledger
from notifier.ledger import Digest, Ledger
from notifier.occasion import LATE_DAYS_ELSE, Occasion, first_waking_moment
from notifier.rhythm import CYCLE, Rhythm

Database = Connection[tuple[Any, ...]]
CurrentSchema = Callable[[Database], str | None]
"""The schema of the generation that reads come from; None before the first was built."""
EditionOf = Callable[[Database, str], str]
"""The edition by which the generation in a schema was made."""

_DUE: LiteralString = """
    SELECT m.account_id, m.child_id, m.series, m.dose_number, m.kind, m.cycle, m.due_on, m.address_version
    FROM {schema}.mailing_list m
    WHERE m.withheld_reason IS NULL AND m.due_on BETWEEN %(today)s - {late} AND %(today)s
      AND NOT EXISTS (SELECT FROM mail.occasion o WHERE (o.account_id, o.child_id, o.series, o.dose_number, o.kind, o.cycle)
                      = (m.account_id, m.child_id, m.series, m.dose_number, m.kind, m.cycle))
    ORDER BY m.account_id, m.child_id, m.due_on"""

_UNCONFIRMED: LiteralString = """
    SELECT a.account_id, a.account_id AS child_id, '' AS series, a.address_version AS dose_number,
           'address_confirmation' AS kind, 0 AS cycle, %(today)s::date AS due_on, a.address_version
    FROM {schema}.account a
    WHERE a.email_state = 'unconfirmed'
      AND NOT EXISTS (SELECT FROM mail.occasion o WHERE (o.account_id, o.child_id, o.series, o.dose_number, o.kind, o.cycle)
                      = (a.account_id, a.account_id, '', a.address_version, 'address_confirmation', 0))
    ORDER BY a.account_id"""

_GROWN_OLD: LiteralString = f"""
    SELECT a.account_id, a.account_id AS child_id, '' AS series, a.address_version AS dose_number,
           'address_question' AS kind, {CYCLE} AS cycle, %(today)s::date AS due_on, a.address_version
    FROM {{schema}}.account a
    WHERE a.email_state = 'confirmed' AND coalesce(a.confirmed_on <= %(trusted_until)s, true)
      AND NOT a.stopped AND (a.wish_vaccinations OR a.wish_checkups OR a.wish_notices)
      AND NOT EXISTS (SELECT FROM mail.occasion o WHERE (o.account_id, o.child_id, o.series, o.dose_number, o.kind, o.cycle)
                      = (a.account_id, a.account_id, '', a.address_version, 'address_question', {CYCLE}))
    ORDER BY a.account_id"""  # noqa: S608 - constants

_ANSWERED: LiteralString = """
    SELECT i.account_id, i.inquiry_id AS child_id, '' AS series, 0 AS dose_number,
           'inquiry_answered' AS kind, i.version::int4 AS cycle, i.last_on AS due_on, a.address_version
    FROM {schema}.inquiry i JOIN {schema}.account a USING (account_id)
    WHERE i.standing = 'answered' AND i.last_on BETWEEN %(today)s - {late} AND %(today)s
      AND a.email_state = 'confirmed' AND NOT a.stopped AND a.wish_notices
      AND NOT EXISTS (SELECT FROM mail.occasion o WHERE (o.account_id, o.child_id, o.series, o.dose_number, o.kind, o.cycle)
                      = (i.account_id, i.inquiry_id, '', 0, 'inquiry_answered', i.version))
    ORDER BY i.account_id, i.inquiry_id"""


class Planner:
    """Turns what is due into messages. Planning again, after a rebuild or beside another planner, adds nothing."""

    def __init__(self, ledger_: Ledger, schema_of: CurrentSchema, edition_of: EditionOf, rhythm: Rhythm) -> None:
        self._ledger = ledger_
        self._schema_of = schema_of
        self._edition_of = edition_of
        self._rhythm = rhythm

    def plan(self, today: date, now: datetime) -> list[UUID]:
        """Write down what is due on the opened day `today`; the ids of the new messages. `now` only sets quiet hours."""
        with self._ledger.planning() as connection:
            schema = self._schema_of(connection)
            if schema is None:
                return []
            edition = self._edition_of(connection, schema)
            ledger.withdraw_changed(connection, schema, edition)
            confirmations = self._new(connection, _UNCONFIRMED, schema, today)
            questions = self._new(connection, _GROWN_OLD, schema, today)
            answers = self._new(connection, _ANSWERED, schema, today)
            reminders = (o for o in self._new(connection, _DUE, schema, today) if o.in_time(today))
            waking = first_waking_moment(now)
            digests = [Digest(uuid4(), [one], today, now) for one in confirmations]
            digests += [Digest(uuid4(), [one], today, waking) for one in (*questions, *answers)]
            digests += [Digest(uuid4(), told, today, waking, edition) for told in _by_account(reminders)]
            ledger.insert(connection, digests)
            return [digest.message_id for digest in digests]

    def _new(self, connection: Database, query: LiteralString, schema: str, today: date) -> list[Occasion]:
        """What the ledger does not hold."""
        statement = sql.SQL(query).format(schema=sql.Identifier(schema), late=sql.Literal(LATE_DAYS_ELSE))
        values = {"today": today, "trusted_until": self._rhythm.trusted_until(today)}
        return ledger.not_told(connection, [Occasion(*row) for row in connection.execute(statement, values)])


def _by_account(reminders: Iterable[Occasion]) -> Iterator[list[Occasion]]:
    for _, digest in groupby(reminders, key=lambda o: o.account_id):
        yield list(digest)
