"""Holds two generations against each other, at one moment of both."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor, IsolationLevel, sql

from eventstore.database import DatabaseRole, connect
from projections.generation import Generation
from projections.kinds import TABLES
from projections.table import Table


@contextmanager
def snapshots(conninfo: str) -> Iterator[Connection[Any]]:
    """A connection whose transactions each see one moment."""
    with connect(conninfo, DatabaseRole.PROJECTOR) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        yield connection


def differing_tables(snapshot: Connection[Any], new: Generation, old: Generation) -> tuple[str, ...] | None:
    """The tables that are not equal; None where the generations do not stand at the same right now."""
    with snapshot.transaction(), snapshot.cursor() as cursor:
        if _standing(cursor, new) != _standing(cursor, old):
            return None
        return tuple(t.name for t in TABLES if _checksum(cursor, new, t) != _checksum(cursor, old, t))


def _standing(cursor: Cursor[Any], generation: Generation) -> Any:
    query = "SELECT position, opened_on FROM projection.generation WHERE generation = %s"
    return cursor.execute(query, (generation.generation,)).fetchone(), pending(cursor, generation)


def pending(cursor: Cursor[Any], generation: Generation) -> set[UUID]:
    """Children whose answer has run out and is still to be made anew."""
    query = sql.SQL(
        "SELECT child_id FROM {} JOIN projection.generation ON generation = %s WHERE valid_until <= opened_on"
    ).format(sql.Identifier(generation.schema, "schedule_answer"))
    return {child_id for (child_id,) in cursor.execute(query, (generation.generation,))}


def _checksum(cursor: Cursor[Any], generation: Generation, table: Table) -> Any:
    """Count and sum of the rows' hashes: equal for equal rows in any order."""
    query = sql.SQL("SELECT count(*), sum(hashtextextended(ROW({})::text, 0)::numeric) FROM {}")
    columns = sql.SQL(", ").join(map(sql.Identifier, table.compared))
    return cursor.execute(query.format(columns, sql.Identifier(generation.schema, table.name))).fetchone()
