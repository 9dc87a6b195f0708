"""The invented ward of the tests of editions, and a notice in a file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from psycopg import sql

from eventstore.database import DatabaseRole, connect
from tests.app.rules.conftest import revised, run, ward_of_60

__all__ = ["revised", "run", "ward_of_60"]

NOTICE = """
[ja]
subject = "麻しんが出ています"
body = '''
区内で麻しん（はしか）が出ています。

まだの方は、受けてください。
'''
[en]
subject = "Measles in the ward"
body = "There are cases of measles.\\n\\nPlease have the vaccination if it is due."
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A notice for everybody."""
    path = tmp_path / "notice.toml"
    path.write_text(NOTICE, encoding="utf-8")
    return path


@pytest.fixture
def read_all() -> Callable[[str], str]:
    """Everything that a database holds, as text."""

    def read(database: str) -> str:
        with connect(database, DatabaseRole.OWNER) as connection:
            query = """
                SELECT table_schema, table_name FROM information_schema.tables
                WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"""
            tables = [sql.Identifier(*row) for row in connection.execute(query)]
            rows = (connection.execute(sql.SQL("SELECT t::text FROM {} t").format(table)).fetchall() for table in tables)
            return "".join(str(row) for found in rows for row in found)

    return read
