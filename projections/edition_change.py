"""Whose dates a published edition changed (改正の影響を受けた世帯), kept so that these families can be told."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from isal.isal_zlib import decompress
from msgspec import Struct
from psycopg import Connection, Cursor, sql
from psycopg.rows import tuple_row

from eventstore.database import DatabaseRole, connect
from projections.generation import Generation
from projections.impact_effect import Effect, effects, first_day, pairs, shown_answer
from projections.table import Row, Table, fill
from projections.workers import bounds, each_bucket

ROUNDS_MAX = 10
FEW = 200
"""So few children may be left to be held against each other under the append lock."""
CHANGED = Table(
    name="changed",
    owner="child_id",
    columns=(
        ("publication", "int8"),
        ("household_id", "uuid"),
        ("child_id", "uuid"),
        ("series", "text"),
        ("effects", "text[]"),
        ("before", "date?"),
        ("after", "date?"),
    ),
    key=("publication", "child_id", "series"),
)


class EditionChanges(Struct, frozen=True):
    """How many families and children an edition concerned, and how many children in which way."""

    households: int
    children: int
    effects: dict[Effect, int]


class DayTurned(Exception):
    """A day was opened while two generations were compared: what is overdue or due today has to be looked at again."""


class Comparison(Struct, frozen=True):
    """The generation that an edition replaces and its own, held against each other as of a day, up to a position."""

    publication: int
    old: Generation
    new: Generation
    since: int

    @property
    def day(self) -> date:
        """The day as of which the two are compared."""
        return self.new.opened_on


def compare(
    connection: Connection[Any], conninfo: str, begun: Comparison, workers: int, catch_up: Callable[[], object]
) -> Comparison:
    """Find all changes while families still read the old edition; then those by facts that came meanwhile, until they are few.

    Raises:
        DayTurned: begin anew.
    """
    for _ in each_bucket(_comparing, (conninfo, begun), workers):
        pass
    comparison = begun
    for _ in range(ROUNDS_MAX):
        catch_up()
        with connection.transaction(), connection.cursor() as cursor:
            comparison, children = again(cursor, comparison)
        if children <= FEW:
            break
    return comparison


def begin(cursor: Cursor[Any], old: Generation, new: Generation) -> Comparison:
    """A publication that has not happened yet; what another one left behind when it was cut off is thrown away."""
    cursor.execute("DELETE FROM projection.publication WHERE position IS NULL")
    ((publication,),) = cursor.execute(
        "INSERT INTO projection.publication (edition, instead_of) VALUES (%s, %s) RETURNING publication",
        (new.edition, old.edition),
    ).fetchall()
    since, today = _standing(cursor, old, new)
    return Comparison(publication, old, msgspec.structs.replace(new, opened_on=today), since)


def again(cursor: Cursor[Any], comparison: Comparison) -> tuple[Comparison, int]:
    """Compare the children anew of whom there are facts since; how many these were.

    Raises:
        DayTurned: begin anew.
    """
    since, today = _standing(cursor, comparison.old, comparison.new)
    if today != comparison.day:
        raise DayTurned
    children = _touched(cursor, comparison.since, since)
    cursor.execute(
        "DELETE FROM projection.changed WHERE publication = %s AND child_id = ANY (%s)", (comparison.publication, children)
    )
    _note(cursor, comparison, "c.child_id = ANY (%s)", children)
    return msgspec.structs.replace(comparison, since=since), len(children)


def finish(cursor: Cursor[Any], comparison: Comparison) -> None:
    """In the transaction of the switch: the last children, and from which position on this holds."""
    again(cursor, comparison)
    cursor.execute(
        """UPDATE projection.publication SET position = 1 + (SELECT coalesce(max(position), 0) FROM events.event)
           WHERE publication = %s""",
        (comparison.publication,),
    )


@contextmanager
def _comparing(of: tuple[str, Comparison]) -> Iterator[Callable[[int], None]]:
    conninfo, comparison = of
    with connect(conninfo, DatabaseRole.PROJECTOR) as connection:
        yield partial(_compare_range, connection, comparison)


def _compare_range(connection: Connection[Any], comparison: Comparison, bucket: int) -> None:
    """The children of one range, in one transaction."""
    with connection.transaction(), connection.cursor() as cursor:
        _note(cursor, comparison, "c.child_id BETWEEN %s AND %s", *bounds(bucket))


def _standing(cursor: Cursor[Any], old: Generation, new: Generation) -> tuple[int, date]:
    """Up to which position both generations hold every fact, and as of which day the new one does."""
    query = """
        SELECT (SELECT min(position) FROM projection.generation WHERE generation IN (%(old)s, %(new)s)), opened_on
        FROM projection.generation WHERE generation = %(new)s"""
    ((since, today),) = cursor.execute(query, {"old": old.generation, "new": new.generation}).fetchall()
    return since, today


def _touched(cursor: Cursor[Any], since: int, until: int) -> list[UUID]:
    query = "SELECT DISTINCT originator_id FROM events.event WHERE position > %s AND position <= %s AND topic LIKE 'child.%%'"
    return [stream for (stream,) in cursor.execute(query, (since, until))]


def _note(cursor: Cursor[Any], comparison: Comparison, which: str, *values: Any) -> None:
    query = sql.SQL(
        """SELECT c.household_id, c.child_id, o.answer_deflated, n.answer_deflated FROM {new_child} c
           JOIN {new} n USING (child_id) JOIN {old} o USING (child_id)
           WHERE NOT c.moved_out AND n.digest <> o.digest AND {which}"""
    ).format(
        new_child=sql.Identifier(comparison.new.schema, "child"),
        new=sql.Identifier(comparison.new.schema, "schedule_answer"),
        old=sql.Identifier(comparison.old.schema, "schedule_answer"),
        which=sql.SQL(which),
    )
    reading = cursor.connection.cursor(binary=True, row_factory=tuple_row)  # the log's own connection makes rows by name
    pairs_of_answers = reading.execute(query, values).fetchall()
    fill(cursor, "projection", CHANGED, list(_rows(comparison, pairs_of_answers)))


def _rows(comparison: Comparison, found: Iterable[tuple[UUID, UUID, bytes, bytes]]) -> Iterator[Row]:
    for household_id, child_id, old, new in found:
        before, after = shown_answer(decompress(old)).forecasts, shown_answer(decompress(new)).forecasts
        for series, was, becomes in pairs(before, after):
            if concerned := effects(was, becomes, comparison.day):
                told = [effect.value for effect in Effect if effect in concerned]
                yield comparison.publication, household_id, child_id, series, told, first_day(was), first_day(becomes)
