"""The operating-system user Postgres runs as: Postgres refuses root, so root hands it to somebody unprivileged."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

_PREFERRED = ("postgres", "nobody")
# Nothing of the caller's environment: PGDATA, PGOPTIONS and the like would change the server; a given TZ saves initdb a search.
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Account:
    """Who runs the server, and how to act as them."""

    uid: int
    gid: int

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[bytes]:
        """Run a command as this user in a place open to everybody; its output is kept for the error message."""
        root = os.geteuid() == 0
        return subprocess.run(  # noqa: S603 - the commands are this package's own
            command,
            check=False,
            cwd="/",
            env=_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            user=self.uid if root else None,
            group=self.gid if root else None,
            extra_groups=[] if root else None,
        )

    def reaches(self, path: Path) -> bool:
        """Whether this user may pass through to the path; the kernel is asked, since modes alone do not tell."""
        return os.geteuid() != 0 or self.run("test", "-x", path).returncode == 0

    def own(self, path: Path) -> None:
        """Give this user the path, which matters under root alone."""
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid)


def account_for(home: Path) -> Account:
    """The owner of the server's folder once there is one; before that the caller, or under root the first unprivileged user."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if home.exists() and (owner := home.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    chosen = next(known[name] for name in _PREFERRED if name in known)
    return Account(chosen.pw_uid, chosen.pw_gid)
