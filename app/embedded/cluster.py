"""One database cluster (データベースクラスタ) on disk: made, started and reached here."""

import hashlib
import os
import secrets
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from app.embedded import postmaster
from app.embedded.account import Account
from app.embedded.install import bin_dir

NAME = "hagukumi"
_SOCKET_PATH_BYTES_MAX = 80  # the system allows 107 with Postgres' own file name
_START_TRIES = 10
_PATIENCE = "--timeout=300"  # seconds: recovery after a crash may have much to read
_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "timezone": "UTC",
    # Rows and parameters may hold personal data: neither statements nor the details of an error are logged.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_checkpoints": "off",
}


class EmbeddedPostgresError(RuntimeError):
    """The embedded Postgres could not be brought up; the message says why."""


@dataclass(frozen=True)
class Cluster:
    """The files of one cluster inside its home folder, and who runs it."""

    home: Path
    account: Account

    @property
    def data(self) -> Path:
        """What Postgres itself owns."""
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        """Where Postgres writes its messages."""
        return self.home / "log"

    @property
    def password_file(self) -> Path:
        """The owner's password, for this user's eyes only."""
        return self.home / "password"

    def create(self) -> None:
        """Make the cluster unless there is one; a half-made one is never taken for whole."""
        if self.data.exists():
            return
        self._write_password()
        with tempfile.TemporaryDirectory(dir=self.home) as scratch:
            self.account.own(Path(scratch))
            made = Path(scratch) / "cluster"
            self._run("initdb", *_initdb_options(made, self.password_file))
            made.rename(self.data)

    def start(self, settings: Mapping[str, str]) -> None:
        """Start the postmaster and wait until it accepts connections."""
        sockets = self._socket_dir()
        postmaster.disown(self.data)
        (sockets / f".s.PGSQL.{_SETTINGS['port']}.lock").unlink(missing_ok=True)  # names a dead process id as well
        options = {**_SETTINGS, "unix_socket_directories": str(sockets), **settings}
        given = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        for tries_left in reversed(range(_START_TRIES)):
            try:
                self._run("pg_ctl", "start", "--wait", _PATIENCE, "--silent", "-D", self.data, "-l", self.log, "-o", given)
            except EmbeddedPostgresError:  # the workers of a killed postmaster may need a moment to end
                if not tries_left:
                    raise
                time.sleep(0.3)
            else:
                return

    def conninfo(self, database: str = NAME) -> str:
        """How the owner connects to the running server."""
        host = postmaster.socket_dir(self.data)
        return make_conninfo(host=host, port=_SETTINGS["port"], user=NAME, password=self._password(), dbname=database)

    def create_database(self) -> None:
        """Make the service's database unless it is there, once the server accepts connections."""
        postmaster.wait_until_ready(self.data)
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            if not connection.execute("select 1 from pg_database where datname = %s", (NAME,)).fetchone():
                connection.execute(f"create database {NAME}")

    def _socket_dir(self) -> Path:
        """A short private folder, as the address of a socket is limited; its name follows from the cluster's place."""
        name = f"hagukumi-{hashlib.sha256(os.fsencode(self.data.resolve())).hexdigest()[:12]}"
        folder = Path(tempfile.gettempdir()) / name
        if len(os.fsencode(folder)) > _SOCKET_PATH_BYTES_MAX:
            folder = Path("/tmp") / name  # noqa: S108 - the owner is checked below
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), self.account.uid}:
            raise EmbeddedPostgresError(f"{folder} belongs to somebody else; remove it")
        folder.chmod(0o700)
        self.account.own(folder)
        return folder

    def _password(self) -> str:
        return self.password_file.read_text().strip()

    def _write_password(self) -> None:
        self.password_file.touch(mode=0o600)
        self.password_file.write_text(secrets.token_urlsafe(32))
        self.account.own(self.password_file)  # initdb reads it as the server's user

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = self.account.run(bin_dir(self.account, self.home) / program, *arguments)
        if done.returncode:
            said = (done.stdout + done.stderr).decode(errors="replace").strip()
            raise EmbeddedPostgresError(f"{program} failed: {said}\nMore may be in {self.log}")


def _initdb_options(data: Path, password_file: Path) -> list[str | Path]:
    return [
        *("-D", data, "--username", NAME, "--pwfile", password_file, "--auth", "scram-sha-256", "--data-checksums"),
        *(
            "--encoding",
            "UTF8",
            "--locale-provider",
            "builtin",
            "--builtin-locale",
            "C.UTF-8",
            "--locale",
            "C",
            "--no-instructions",
        ),
    ]
