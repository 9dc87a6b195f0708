"""Generations of the read models: schemas beside each other, and the pointer that says which one requests read."""

from datetime import date
from typing import Any

from msgspec import Struct
from psycopg import Cursor, sql
from psycopg.rows import class_row

from eventstore.database import DatabaseRole
from projections.engine import Engine
from projections.kinds import TABLES, VIEWS, layout

READERS = sql.SQL(", ").join(map(sql.Identifier, (DatabaseRole.APP, DatabaseRole.MAILER)))

_COLUMNS = "g.generation, g.edition, g.engine, g.layout, g.state, g.position, g.opened_on"


class Generation(Struct, frozen=True):
    """One set of read models: by which rules it was made, how far it has come, and as of which day it holds."""

    generation: int
    edition: str
    engine: str
    layout: str
    state: str
    position: int
    opened_on: date

    @property
    def schema(self) -> str:
        """The database schema that holds its tables."""
        return f"gen_{self.generation}"

    def made_by(self, engine: Engine) -> bool:
        """Whether this build, with this edition, is the one to keep it up to date."""
        return (self.edition, self.engine, self.layout) == (engine.edition, engine.version, layout())


def current(cursor: Cursor[Any]) -> Generation | None:
    """The generation that requests read; None before the first was built."""
    return _one(cursor, f"SELECT {_COLUMNS} FROM projection.pointer p JOIN projection.generation g USING (generation)")  # noqa: S608


def previous(cursor: Cursor[Any]) -> Generation | None:
    """The generation that requests read before, if it is still there."""
    query = f"SELECT {_COLUMNS} FROM projection.pointer p JOIN projection.generation g ON g.generation = p.previous"  # noqa: S608
    return _one(cursor, query)


def locked(cursor: Cursor[Any], generation: int) -> Generation:
    """A generation, which nobody else advances until this transaction ends."""
    found = _one(cursor, f"SELECT {_COLUMNS} FROM projection.generation g WHERE generation = %s FOR UPDATE", generation)  # noqa: S608
    if found is None:
        raise LookupError(f"generation {generation} is gone")
    return found


def unfinished(cursor: Cursor[Any]) -> list[Generation]:
    """Generations that a build has begun and that were never read, the newest first."""
    query = f"""
        SELECT {_COLUMNS} FROM projection.generation g
        WHERE NOT EXISTS (SELECT FROM projection.pointer p WHERE g.generation IN (p.generation, p.previous))
        ORDER BY g.generation DESC"""  # noqa: S608
    return cursor.connection.cursor(row_factory=class_row(Generation)).execute(query.encode()).fetchall()


def create(cursor: Cursor[Any], engine: Engine, position: int, opened_on: date) -> Generation:
    """An empty generation with its tables and views, to be loaded up to a position as of a day."""
    values = (engine.edition, engine.version, layout(), position, opened_on)
    ((number,),) = cursor.execute(
        """INSERT INTO projection.generation (generation, edition, engine, layout, position, opened_on)
           SELECT coalesce(max(generation), 0) + 1, %s, %s, %s, %s, %s FROM projection.generation RETURNING generation""",
        values,
    ).fetchall()
    made = locked(cursor, number)
    schema = sql.Identifier(made.schema)
    cursor.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
    cursor.execute(sql.SQL("SET LOCAL search_path TO {}").format(schema))
    for statement in (*(table.ddl() for table in TABLES), *(view.ddl(number) for view in VIEWS)):
        cursor.execute(statement.encode())
    cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, READERS))
    cursor.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(schema, READERS))
    return made


def drop(cursor: Cursor[Any], generation: Generation) -> None:
    """Throw a generation away."""
    cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(generation.schema)))
    cursor.execute("DELETE FROM projection.generation WHERE generation = %s", (generation.generation,))


def set_state(cursor: Cursor[Any], generation: Generation, state: str) -> None:
    """Note how far the build has come."""
    cursor.execute("UPDATE projection.generation SET state = %s WHERE generation = %s", (state, generation.generation))


def read_from(cursor: Cursor[Any], generation: Generation) -> None:
    """Move the pointer: requests that begin after the commit read this generation."""
    cursor.execute(
        """INSERT INTO projection.pointer (generation) VALUES (%s)
           ON CONFLICT (one) DO UPDATE SET previous = pointer.generation, generation = excluded.generation""",
        (generation.generation,),
    )


def schemas(cursor: Cursor[Any]) -> list[str]:
    """The schemas of all generations, whatever their state."""
    return [f"gen_{number}" for (number,) in cursor.execute("SELECT generation FROM projection.generation ORDER BY 1")]


def has_parked(cursor: Cursor[Any], generation: Generation) -> bool:
    """Whether streams are set aside, so that the rows are known not to follow the log."""
    query = "SELECT FROM projection.parked WHERE generation = %s LIMIT 1"
    return cursor.execute(query, (generation.generation,)).fetchone() is not None


def _one(cursor: Cursor[Any], query: str, *values: Any) -> Generation | None:
    return cursor.connection.cursor(row_factory=class_row(Generation)).execute(query.encode(), values).fetchone()
