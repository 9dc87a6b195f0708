"""Keeps the files of rule editions: bytes in, the same bytes out, under the hash of their content."""

from collections.abc import Mapping
from typing import Any

from psycopg import Cursor

from eventstore.database import DatabaseRole, connect


def keep_files(cursor: Cursor[Any], content_hash: str, files: Mapping[str, bytes]) -> None:
    """Keep the files of an edition in the caller's transaction; those that are there already stay as they are."""
    for name, content in files.items():
        cursor.execute(
            "INSERT INTO edition.file (content_hash, name, content) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (content_hash, name, content),
        )


def kept_files(conninfo: str, role: DatabaseRole, content_hash: str) -> dict[str, bytes]:
    """The files of an edition by name; none where they are not kept."""
    with connect(conninfo, role) as connection:
        query = "SELECT name, content FROM edition.file WHERE content_hash = %s ORDER BY name"
        return dict(connection.cursor(binary=True).execute(query, (content_hash,)).fetchall())
