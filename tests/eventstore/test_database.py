from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from eventstore import database as database_module
from eventstore.database import DatabaseRole, MigrationChanged, connect, migrate
from eventstore.keys import KeyStore
from eventstore.ward import Ward
from tests.eventstore.samples import day

APPEND_NOTHING = "SELECT events.append('{}','{}','{}','{}','{}','{}','{}','{}','{}','{}',NULL,NULL,NULL,NULL)"


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations that a test may change."""
    copy = tmp_path / "eventstore"
    copytree(database_module.MIGRATIONS.parent, copy)
    monkeypatch.setattr(database_module, "MIGRATIONS", copy / "migrations")
    return copy / "migrations"


def test_migrating_again_changes_nothing(database: str) -> None:
    assert migrate(database) == []


def test_only_new_migrations_are_applied(database: str, migrations: Path) -> None:
    (migrations / "9000_more.sql").write_text("CREATE TABLE projection.more ()")
    assert migrate(database) == ["9000_more"]
    assert migrate(database) == []


@pytest.fixture
def tenant(postgres: str, database: str) -> Iterator[str]:
    """Conninfo of an empty database on a server whose administrator made the roles and gave them to the tenant."""
    name = f"tenant_{uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'secret'".encode())
        connection.execute(f"GRANT {', '.join(DatabaseRole)} TO {name}".encode())
        connection.execute(f"CREATE DATABASE {name} OWNER {name}".encode())
        yield make_conninfo(postgres, dbname=name, user=name, password="secret")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
        connection.execute(f"DROP ROLE {name}".encode())


def test_a_tenant_without_rights_over_the_server_migrates_and_serves(tenant: str, keys: KeyStore) -> None:
    assert migrate(tenant)
    ward = Ward(tenant, keys)
    ward.save(day())
    assert ward.head() == 1
    ward.close()


def test_a_changed_migration_is_refused(database: str, migrations: Path) -> None:
    with (migrations / "0002_events.sql").open("a") as file:
        file.write("-- edited\n")
    with pytest.raises(MigrationChanged, match="0002_events"):
        migrate(database)


def test_a_database_of_a_newer_build_is_refused(database: str, migrations: Path) -> None:
    (migrations / "0004_identity.sql").unlink()
    with pytest.raises(MigrationChanged, match="0004_identity"):
        migrate(database)


def test_a_failing_migration_leaves_nothing_behind(database: str, migrations: Path) -> None:
    (migrations / "9000_fine.sql").write_text("CREATE TABLE projection.fine ()")
    (migrations / "9001_broken.sql").write_text("CREATE TABLE nonsense")
    with pytest.raises(errors.SyntaxError):
        migrate(database)
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT to_regclass('projection.fine')").fetchone() == (None,)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events.event SET topic = 'other'",
        "DELETE FROM events.event",
        "TRUNCATE events.event",
        "DELETE FROM events.erased",
        "TRUNCATE events.erased",
        "SET session_replication_role = replica; DELETE FROM events.event",
    ],
)
def test_not_even_a_superuser_changes_the_log(database: str, ward: Ward, change: str) -> None:
    ward.save(day())
    with psycopg.connect(database) as connection, pytest.raises(psycopg.Error, match="append-only") as refused:
        connection.execute(change.encode())
    assert refused.value.sqlstate == "WD009"


@pytest.mark.parametrize("role", [role for role in DatabaseRole if role is not DatabaseRole.OWNER])
@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO events.event VALUES (1, now(), gen_random_uuid(), 1, 't', NULL, NULL, '', '', sha256(''))",
        "UPDATE events.event SET topic = 'other'",
        "DELETE FROM events.event",
        "TRUNCATE events.event",
        "ALTER TABLE events.event DISABLE TRIGGER append_only",
        "INSERT INTO events.erased VALUES (gen_random_uuid(), 1)",
        "DELETE FROM events.command",
        "DROP SCHEMA events CASCADE",
        "DELETE FROM migration.applied",
    ],
)
def test_no_serving_role_writes_the_log_but_through_append(database: str, role: DatabaseRole, change: str) -> None:
    with connect(database, role) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(change.encode())


@pytest.mark.parametrize("role", [DatabaseRole.APP, DatabaseRole.PROJECTOR, DatabaseRole.MAILER])
def test_writing_roles_may_append(database: str, role: DatabaseRole) -> None:
    with connect(database, role) as connection:
        connection.execute(APPEND_NOTHING)


def test_an_auditor_reads_and_does_not_append(database: str) -> None:
    with connect(database, DatabaseRole.AUDITOR) as connection:
        assert connection.execute("SELECT count(*) FROM events.event").fetchone() == (0,)
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(APPEND_NOTHING)


@pytest.mark.parametrize("role", [DatabaseRole.PROJECTOR, DatabaseRole.MAILER, DatabaseRole.AUDITOR])
def test_only_the_application_sees_credentials(database: str, role: DatabaseRole) -> None:
    with connect(database, role) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM identity.credential")


def test_somebody_without_a_role_gets_nothing(database: str) -> None:
    stranger = f"stranger_{uuid4().hex}"
    with psycopg.connect(database) as connection:
        connection.execute(f"CREATE ROLE {stranger}; SET ROLE {stranger}".encode())
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(APPEND_NOTHING)
        connection.rollback()


def test_the_keys_are_never_in_the_database_of_the_log(database: str, ward: Ward) -> None:
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT table_name FROM information_schema.columns WHERE column_name = 'wrapped'").fetchall()
    assert rows == []


def test_a_login_without_the_role_is_turned_away_and_leaves_no_connection(postgres: str, tenant: str) -> None:
    with psycopg.connect(postgres, autocommit=True) as connection:
        for role in DatabaseRole:
            connection.execute(f"REVOKE {role} FROM {conninfo_to_dict(tenant)['user']}".encode())
    with pytest.raises(errors.InsufficientPrivilege):
        connect(tenant, DatabaseRole.APP)
