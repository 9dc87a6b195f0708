"""Tables of read models: how they are described, made and filled."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct
from psycopg import Cursor, sql

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]
"""Rows by the name of their table."""


class Table(Struct, frozen=True):
    """One read model. Every row belongs to exactly one stream, named by the column `owner`.

    Columns are never null, but for those whose type ends in a question mark.
    Those of `not_compared` may be written in several ways; another column stands for what they say.
    `erased_with` is the column that names whose rows these are, where streams are sealed with another's key.
    """

    name: str
    owner: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    not_compared: tuple[str, ...] = ()
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
        return [name for name in self.names if name not in self.not_compared]

    def ddl(self) -> str:
        """The statement that makes the table, without key and indexes: those come after the load."""
        columns = (f"{name} {kind[:-1]}" if kind.endswith("?") else f"{name} {kind} NOT NULL" for name, kind in self.columns)
        return f"CREATE TABLE {self.name} ({', '.join(columns)})"

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


def fill(cursor: Cursor[Any], schema: str, table: Table, rows: Sequence[Row]) -> None:
    """Add rows by COPY."""
    if not rows:
        return
    with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(schema, table.name))) as copy:
        copy.set_types(table.types)
        for row in rows:
            copy.write_row(row)


def clear(cursor: Cursor[Any], schema: str, table: Table, streams: Iterable[Any]) -> None:
    """Remove the rows of some streams."""
    cursor.execute(
        sql.SQL("DELETE FROM {} WHERE {} = ANY(%s)").format(sql.Identifier(schema, table.name), sql.Identifier(table.owner)),
        (list(streams),),
    )
