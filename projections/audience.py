"""Who a notice is meant for (対象者), asked of the read models: members in chunks, and numbers that give no small group away."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

from msgspec import Struct
from psycopg import Connection, sql
from psycopg.rows import class_row

from aggregates.notice.audience import born_between, concerns_children, statuses
from aggregates.notice.facts import NoticeDrafted
from projections.impact_report import SMALL, hidden

SAMPLES_MOST = 5

_WITHHELD: LiteralString = """
    CASE WHEN a.stopped THEN 'stopped'
         WHEN a.email_state = 'none' THEN 'no_address'
         WHEN a.email_state = 'unconfirmed' THEN 'not_confirmed'
         WHEN a.email_state = 'failing' THEN 'address_failing'
         WHEN a.email_state = 'unanswered' THEN 'address_unanswered'
         WHEN NOT (a.wish_notices OR (%(edition)s <> '' AND a.wish_vaccinations)) THEN 'not_wished'
    END"""
_MEANT: LiteralString = "FROM {schema}.account a JOIN {schema}.guardian g USING (account_id) WHERE {criteria}"
_MEMBERS: LiteralString = f"""
    SELECT a.account_id, g.household_id, a.address_version, {_WITHHELD} AS withheld {_MEANT}
      AND (%(after)s::uuid IS NULL OR a.account_id > %(after)s) ORDER BY a.account_id LIMIT %(limit)s"""
_NUMBERS: LiteralString = f"SELECT a.language, {_WITHHELD} AS withheld, count(*) {_MEANT} GROUP BY 1, 2"
_FAMILIES: LiteralString = f"SELECT count(DISTINCT g.household_id) {_MEANT}"
_SAMPLE: LiteralString = f"""
    SELECT household_id FROM (SELECT DISTINCT g.household_id {_MEANT}) f
    ORDER BY md5(household_id::text) LIMIT %(samples)s"""  # noqa: S608 - constants of this module

_CHILD: LiteralString = """EXISTS (
    SELECT FROM {schema}.child c WHERE c.household_id = g.household_id AND NOT c.moved_out
      AND c.born_on BETWEEN %(born_from)s AND %(born_to)s {series} {edition})"""
_SERIES: LiteralString = """AND EXISTS (
    SELECT FROM {schema}.schedule s
    WHERE s.child_id = c.child_id AND s.series = ANY(%(series)s) AND s.status = 'not_complete' AND s.earliest IS NOT NULL
      AND CASE WHEN s.earliest > %(on)s THEN 'not_due' WHEN s.overdue_from <= %(on)s THEN 'overdue'
               WHEN s.recommended > %(on)s THEN 'eligible_early' ELSE 'due' END = ANY(%(due)s))"""
_EDITION: LiteralString = """AND EXISTS (
    SELECT FROM projection.edition_change e
    WHERE e.edition = %(edition)s AND e.child_id = c.child_id AND e.effect <> 'changed')"""
"""Whose dates changed, as `impact_effect.dates_changed` has it."""

Database = Connection[tuple[Any, ...]]


class Member(Struct, frozen=True):
    """One guardian of the audience; `withheld` says why no letter goes there."""

    account_id: UUID
    household_id: UUID
    address_version: int
    withheld: str | None


class AudienceReport(Struct, frozen=True):
    """How many families and guardians are meant, what letters they get, and some of the families by pseudonymous id.

    None stands for a number that is not told.
    """

    families: int | None
    guardians: int | None
    letters: dict[str, int | None]
    withheld: dict[str, int | None]
    sample: list[UUID]


def members(connection: Database, schema: str, draft: NoticeDrafted, on: date, after: UUID | None, limit: int) -> list[Member]:
    """The next guardians of an audience, in the order of their ids."""
    with connection.cursor(row_factory=class_row(Member)) as cursor:
        values = _values(draft, on) | {"after": after, "limit": limit}
        return cursor.execute(_statement(_MEMBERS, schema, draft), values).fetchall()


def report(connection: Database, schema: str, draft: NoticeDrafted, on: date, *, approver: bool) -> AudienceReport:
    """How large an audience is. Numbers below ten are left out unless the approver reads them."""
    values = _values(draft, on)
    numbers = connection.execute(_statement(_NUMBERS, schema, draft), values).fetchall()
    (families,) = connection.execute(_statement(_FAMILIES, schema, draft), values).fetchone() or (0,)
    letters, withheld = Counter[str](), Counter[str]()
    for language, reason, count in numbers:
        (withheld if reason else letters)[reason or language] += count
    told = [families, *letters.values(), *withheld.values()]
    few = 0 < families < SMALL and not approver
    shown = [None] * len(told) if few else [families, *(told[1:] if approver else hidden(told[1:]))]
    return AudienceReport(
        families=shown[0],
        guardians=None if few else sum(told[1:]),
        letters=dict(zip(letters, shown[1:], strict=False)),
        withheld=dict(zip(withheld, shown[1 + len(letters) :], strict=True)),
        sample=[] if few else [row[0] for row in connection.execute(_statement(_SAMPLE, schema, draft), values)],
    )


def _statement(query: LiteralString, schema: str, draft: NoticeDrafted) -> sql.Composed:
    where = sql.Identifier(schema)
    return sql.SQL(query).format(schema=where, criteria=sql.SQL(" AND ").join(_criteria(where, draft)))


def _criteria(schema: sql.Identifier, draft: NoticeDrafted) -> Iterator[sql.Composable]:
    yield sql.SQL("true")
    if draft.postal_prefixes:
        yield sql.SQL("EXISTS (SELECT FROM unnest(%(postal)s::text[]) p WHERE starts_with(a.postal_code, p))")
    if draft.languages:
        yield sql.SQL("a.language = ANY(%(languages)s)")
    if concerns_children(draft):
        series = sql.SQL(_SERIES).format(schema=schema) if draft.series else sql.SQL("")
        edition = sql.SQL(_EDITION if draft.edition else "")
        yield sql.SQL(_CHILD).format(schema=schema, series=series, edition=edition)


def _values(draft: NoticeDrafted, on: date) -> dict[str, object]:
    born_from, born_to = born_between(draft, on)
    return {
        "on": on,
        "samples": SAMPLES_MOST,
        "born_from": born_from,
        "born_to": born_to,
        "postal": list(draft.postal_prefixes),
        "languages": [language.value for language in draft.languages],
        "series": list(draft.series),
        "due": [status.value for status in statuses(draft)],
        "edition": draft.edition,
    }
