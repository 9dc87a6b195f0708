"""The logins of production: each part can take its own role and no other."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from app.embedded import scratch_postgres
from app.embedded.install import carried
from eventstore.database import DatabaseRole, connect, migrate

LOGINS = Path(__file__).parents[2] / "deploy" / "postgres" / "logins.sh"
ROLES = {
    "app": DatabaseRole.APP,
    "projector": DatabaseRole.PROJECTOR,
    "mailer": DatabaseRole.MAILER,
    "auditor": DatabaseRole.AUDITOR,
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on which compose's script and the migrations have run, in that order."""
    secrets = tmp_path_factory.mktemp("secrets")
    for part in ROLES:
        (secrets / f"{part}_password").write_text(f"password of {part}")
    with scratch_postgres() as conninfo:
        _run_logins(conninfo, secrets)
        migrate(conninfo)
        yield conninfo


def _run_logins(conninfo: str, secrets: Path) -> None:
    owner = conninfo_to_dict(conninfo)
    environment = {
        "PATH": f"{carried() / 'bin'}:{os.environ['PATH']}",
        "SECRETS_DIR": str(secrets),
        "POSTGRES_USER": str(owner["user"]),
        "POSTGRES_DB": str(owner["dbname"]),
        "PGHOST": str(owner["host"]),
        "PGPASSWORD": str(owner["password"]),
    }
    subprocess.run(["sh", LOGINS], check=True, env=environment)


@pytest.mark.parametrize("part", ROLES)
def test_a_part_takes_its_own_role_and_no_other(prepared: str, part: str) -> None:
    own = make_conninfo(prepared, user=f"ward_{part}", password=f"password of {part}")
    with connect(own, ROLES[part]) as connection:
        assert connection.execute("select current_user").fetchone() == (ROLES[part].value,)
        for other in set(DatabaseRole) - {ROLES[part]}:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(sql.SQL("set role {}").format(sql.Identifier(other)))
