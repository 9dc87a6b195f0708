"""Databases for tests: one throw-away server a session, one fresh database a test."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

import tests.examples  # noqa: F401 - makes the profiles known before one is chosen
from app.embedded import scratch_postgres

if TYPE_CHECKING:
    from eventstore.keys import KeyStore
    from eventstore.ward import Ward

_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "200"}


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Conninfo of a superuser on a throw-away server (or on the server that HAGUKUMI_TEST_DATABASE_URL names)."""
    if given := os.environ.get("HAGUKUMI_TEST_DATABASE_URL"):
        yield given
        return
    with scratch_postgres(settings=_FAST) as conninfo:
        yield conninfo


@pytest.fixture(scope="session")
def migrated_template(postgres: str) -> Iterator[str]:
    """Name of a database that holds the migrations and no rows, to be copied."""
    from eventstore.database import migrate

    name = f"template_{uuid4().hex}"  # of this process alone: a server that was named is shared by all
    _execute(postgres, f"create database {name}")
    migrate(make_conninfo(postgres, dbname=name))
    yield name
    _drop(postgres, name)


@pytest.fixture
def database(postgres: str, migrated_template: str) -> Iterator[str]:
    """Conninfo of a fresh migrated database, dropped after the test."""
    with fresh_database(postgres, migrated_template) as conninfo:
        yield conninfo


@pytest.fixture(scope="session")
def shared_database(postgres: str, migrated_template: str) -> Iterator[str]:
    """Conninfo of one migrated database for tests that keep out of each other's way."""
    with fresh_database(postgres, migrated_template) as conninfo:
        yield conninfo


@contextmanager
def fresh_database(postgres: str, template: str) -> Iterator[str]:
    """A copy of the template under a name of its own."""
    from eventstore.database import migrate

    name = f"test_{uuid4().hex}"
    _execute(postgres, f"create database {name} template {template}")
    migrate(make_conninfo(postgres, dbname=name))  # rights on the database itself are not copied with it
    yield make_conninfo(postgres, dbname=name)
    _drop(postgres, name)


def _drop(postgres: str, name: str) -> None:
    _execute(postgres, f"drop database if exists {name} with (force)")


def _execute(postgres: str, statement: str) -> None:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture
def keys(tmp_path: Path) -> Iterator["KeyStore"]:
    """A key store of its own for every test."""
    from eventstore.keys import KeyStore

    store = KeyStore.at(tmp_path / "keys.sqlite", bytes(range(32)))
    yield store
    store.close()


@pytest.fixture
def ward(database: str, keys: "KeyStore") -> Iterator["Ward"]:
    """A ward over a fresh database, with the rights of the application."""
    from eventstore.ward import Ward

    ward = Ward(database, keys)
    yield ward
    ward.close()
