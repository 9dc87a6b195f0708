"""The logins of production: each can take its own role and no other, and each part gets by with those compose.yaml hands it."""

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
import pytest
import yaml  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from psycopg import sql
from psycopg.conninfo import make_conninfo

from eventstore.database import DatabaseRole, connect, migrate
from tests.notifier.test_returns import free_port

CHECKOUT = Path(__file__).parents[2]
HAGUKUMI = Path(sys.executable).with_name("hagukumi")
PORT = free_port()
DKIM_KEY = "hagukumi_dkim_key.pem"
ROLES = {
    "app": DatabaseRole.APP,
    "projector": DatabaseRole.PROJECTOR,
    "mailer": DatabaseRole.MAILER,
    "auditor": DatabaseRole.AUDITOR,
}
UP_SECONDS_MAX = 30


@pytest.mark.parametrize("part", ROLES)
def test_a_login_takes_its_own_role_and_no_other(with_logins: str, part: str) -> None:
    migrate(with_logins)
    own = make_conninfo(with_logins, user=f"ward_{part}", password=f"password of {part}")
    with connect(own, ROLES[part]) as connection:
        assert connection.execute("select current_user").fetchone() == (ROLES[part].value,)
        for other in set(DatabaseRole) - {ROLES[part]}:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(sql.SQL("set role {}").format(sql.Identifier(other)))


@pytest.fixture
def secrets(with_logins: str) -> dict[str, str]:
    """What deploy/secrets.sh would write, for this server."""
    with psycopg.connect(with_logins, autocommit=True) as connection:
        connection.execute("create database hagukumi_keys")
    logins = {
        f"hagukumi_{part}_database_url": make_conninfo(with_logins, user=f"ward_{part}", password=f"password of {part}")
        for part in ROLES
    }
    keys = make_conninfo(with_logins, dbname="hagukumi_keys")
    others = {"database_url": with_logins, "hagukumi_keys_url": keys, "kek": "00" * 32, DKIM_KEY: dkim_key()}
    return logins | others


def dkim_key() -> str:
    """A key that letters can be signed with."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def command(name: str, secrets: dict[str, str], folder: Path) -> tuple[list[str], dict[str, str]]:
    """Command line and environment of one of compose's containers; its secrets lie in a folder of their own."""
    service = yaml.safe_load((CHECKOUT / "compose.yaml").read_text())["services"][name]
    place = folder / name
    place.mkdir()
    for secret in set(service["secrets"]) - {"redis_url"}:
        (place / secret).write_text(secrets[secret])
    own = {
        "HAGUKUMI_SECRETS_DIR": str(place),
        "HAGUKUMI_KEK_FILE": str(place / "kek"),
        "HAGUKUMI_DATA_DIR": str(place / "data"),
        "HAGUKUMI_PORT": str(PORT),
    }
    if DKIM_KEY in service["secrets"]:
        own["HAGUKUMI_DKIM_KEY_FILE"] = str(place / DKIM_KEY)
    return [str(HAGUKUMI), *service["command"]], {"PATH": os.environ["PATH"]} | own


def is_ready() -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{PORT}/api/v1/health/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except URLError:
        return False


def test_each_part_runs_on_the_secrets_that_compose_hands_it(secrets: dict[str, str], tmp_path: Path) -> None:
    prepare, environment = command("migrate", secrets, tmp_path)
    subprocess.run(prepare, env=environment, check=True)
    with ExitStack() as stack:
        parts = {}
        for name in ("api", "projector", "notifier"):
            line, environment = command(name, secrets, tmp_path)
            parts[name] = stack.enter_context(
                subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            )
            stack.callback(parts[name].kill)  # otherwise leaving would wait for it for ever
        deadline = time.monotonic() + UP_SECONDS_MAX
        signs = [tmp_path / name / "data" / "alive" for name in ("projector", "notifier")]
        while not (is_ready() and all(sign.exists() for sign in signs)) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert is_ready()
        time.sleep(1)  # long enough to stumble over a missing right
        for part in parts.values():
            part.terminate()
        ends = {name: (part.communicate()[1], part.returncode) for name, part in parts.items()}
    assert ends == dict.fromkeys(parts, ("", 0))
