"""The database from outside: roles, migrations, how connections are set up."""

from collections.abc import Iterator
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 4819471
CONNECT_SECONDS_MAX = 2

CONNECTION_DEFAULTS: dict[str, str | int] = {
    "application_name": "hagukumi",
    "connect_timeout": CONNECT_SECONDS_MAX,
    "tcp_user_timeout": CONNECT_SECONDS_MAX * 1000,
    "keepalives_idle": 5,
    "keepalives_interval": 1,
    "keepalives_count": 2,
}
"""A peer that has vanished is noticed in seconds; whatever the URL says comes first."""


class DatabaseRole(StrEnum):
    """Whose rights a connection has. A lone DATABASE_URL reaches all of them by SET ROLE, which is no security boundary."""

    OWNER = "hagukumi_owner"
    APP = "hagukumi_app"
    PROJECTOR = "hagukumi_projector"
    MAILER = "hagukumi_mailer"
    AUDITOR = "hagukumi_auditor"


class MigrationChanged(RuntimeError):
    """A migration that this database has applied reads differently now, or is gone."""


def with_defaults(conninfo: str) -> str:
    """The same connection string, completed with our timeouts."""
    given: dict[str, Any] = conninfo_to_dict(conninfo)
    return make_conninfo("", **(CONNECTION_DEFAULTS | given))


def connect(conninfo: str, role: DatabaseRole) -> Connection:
    """One autocommit connection outside any pool, for long reads and operators' work."""
    connection = psycopg.connect(with_defaults(conninfo), autocommit=True)
    try:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
    except psycopg.Error:
        connection.close()
        raise
    return connection


def migrate(conninfo: str) -> list[str]:
    """Brings the schemas up to date, all or nothing, and answers the names of the migrations applied now.

    Raises:
        MigrationChanged: the files do not match what was applied before.
    """
    with psycopg.connect(with_defaults(conninfo)) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
        connection.execute(_script(MIGRATIONS.parent / "roles.sql"))
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(DatabaseRole.OWNER)))
        return [path.stem for path in _pending(connection) if _apply(connection, path)]


def _pending(connection: Connection) -> Iterator[Path]:
    connection.execute("CREATE SCHEMA IF NOT EXISTS migration")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS migration.applied"
        " (name text PRIMARY KEY, sha256 bytea NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
    )
    applied: dict[str, bytes] = dict(connection.execute("SELECT name, sha256 FROM migration.applied").fetchall())
    files = sorted(MIGRATIONS.glob("[0-9]*.sql"))
    if missing := applied.keys() - {path.stem for path in files}:
        raise MigrationChanged(f"applied, but not in this build: {', '.join(sorted(missing))}")
    for path in files:
        if path.stem not in applied:
            yield path
        elif applied[path.stem] != _digest(path):
            raise MigrationChanged(f"{path.stem} was changed after it had been applied")


def _apply(connection: Connection, path: Path) -> bool:
    connection.execute(_script(path))
    connection.execute("INSERT INTO migration.applied (name, sha256) VALUES (%s, %s)", (path.stem, _digest(path)))
    return True


def _script(path: Path) -> bytes:
    return path.read_bytes()


def _digest(path: Path) -> bytes:
    return sha256(path.read_bytes()).digest()
