"""Tables of read models: how they are described, made and filled."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct
from psycopg import Connection, Copy, Cursor, sql
from psycopg.abc import Buffer
from psycopg.copy import Writer

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]
"""Rows by the name of their table."""


class Table(Struct, frozen=True):
    """One read model. Every row belongs to exactly one stream, named by the column `owner`.

    Columns are never null, but for those whose type ends in a question mark.
    Those of `packed` hold bytes that we have packed: the database does not try again, and as there are several ways to
    pack the same, another column stands for what they say.
    `erased_with` is the column that names whose rows these are, where streams are sealed with another's key.
    """

    name: str
    owner: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    packed: tuple[str, ...] = ()
    erased_with: str = ""

    @property
    def subject(self) -> str:
        """The column that names the subject with whom the rows go."""
        return self.erased_with or self.owner

    @property
    def types(self) -> list[str]:
        """The database types of the columns, in order."""
        return [kind.rstrip("?") for _, kind in self.columns]

    @property
    def names(self) -> list[str]:
        """The names of the columns, in order."""
        return [name for name, _ in self.columns]

    @property
    def compared(self) -> list[str]:
        """The columns in which equal generations are equal."""
        return [name for name in self.names if name not in self.packed]

    def ddl(self) -> str:
        """The statements that make the table, without key and indexes: those come after the load."""
        columns = (f"{name} {kind[:-1]}" if kind.endswith("?") else f"{name} {kind} NOT NULL" for name, kind in self.columns)
        packed = (f"; ALTER TABLE {self.name} ALTER COLUMN {name} SET STORAGE EXTERNAL" for name in self.packed)
        return f"CREATE TABLE {self.name} ({', '.join(columns)})" + "".join(packed)

    def index_ddl(self) -> list[str]:
        """The statements that make key and indexes."""
        key = f"ALTER TABLE {self.name} ADD PRIMARY KEY ({', '.join(self.key)})"
        return [key, *(f"CREATE INDEX ON {self.name} ({', '.join(index)})" for index in self.indexes)]


class View(Struct, frozen=True):
    """A read model that needs several streams: a query over the tables of its own generation, whose number is `{generation}`."""

    name: str
    query: str

    def ddl(self, generation: int) -> str:
        """The statement that makes the view."""
        return f"CREATE VIEW {self.name} AS {self.query.format(generation=generation)}"


class Batch:
    """Rows of one table, encoded for COPY as they come: once made, they are soon pushed out of the processor's caches."""

    def __init__(self, connection: Connection[Any], table: Table) -> None:
        self._table = table
        self._blocks = _Blocks()
        self._rows = Copy(connection.cursor(), binary=True, writer=self._blocks)
        self._rows.set_types(table.types)

    def add(self, rows: Sequence[Row]) -> None:
        """Encode some rows."""
        for row in rows:
            self._rows.write_row(row)

    def send(self, cursor: Cursor[Any], schema: str) -> None:
        """Add the rows to the table; no more can be added to the batch."""
        self._rows.finish(None)
        name = sql.Identifier(schema, self._table.name)
        with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(name)) as copy:
            for block in self._blocks.written:
                copy.write(block)


class _Blocks(Writer):
    """Keeps what is written. A batch that were its own writer would be garbage that a collection must find, with all its rows."""

    def __init__(self) -> None:
        self.written: list[Buffer] = []

    def write(self, data: Buffer) -> None:
        self.written.append(data)


def fill(cursor: Cursor[Any], schema: str, table: Table, rows: Sequence[Row]) -> None:
    """Add rows by COPY."""
    if rows:
        batch = Batch(cursor.connection, table)
        batch.add(rows)
        batch.send(cursor, schema)


def clear(cursor: Cursor[Any], schema: str, table: Table, streams: Iterable[Any]) -> None:
    """Remove the rows of some streams."""
    cursor.execute(
        sql.SQL("DELETE FROM {} WHERE {} = ANY(%s)").format(sql.Identifier(schema, table.name), sql.Identifier(table.owner)),
        (list(streams),),
    )
