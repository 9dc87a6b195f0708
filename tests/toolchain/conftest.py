"""A database as compose.yaml makes it: the logins of deploy/postgres/logins.sh on a server of its own."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from app.embedded import scratch_postgres
from app.embedded.install import carried

LOGINS = Path(__file__).parents[2] / "deploy" / "postgres" / "logins.sh"
PARTS = ("app", "projector", "mailer", "auditor")


@pytest.fixture(scope="session")
def with_logins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Conninfo of the owner; each part's login `ward_…` has the password `password of …`."""
    secrets = tmp_path_factory.mktemp("secrets")
    for part in PARTS:
        (secrets / f"{part}_password").write_text(f"password of {part}")
    with scratch_postgres(settings={"fsync": "off"}) as conninfo:
        _run_logins(conninfo, secrets)
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
