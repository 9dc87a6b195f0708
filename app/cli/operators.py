"""Who acts at the command line (操作者): an id on the ward's roster, which a register binds to an account of the machine."""

import os
import pwd
from pathlib import Path
from uuid import UUID

import msgspec
import typer

from app.settings import load_settings

SIGNED_IN_AS = Path("/proc/self/loginuid")
"""The account that signed in to the machine; it stays the same through sudo and su (pam_loginuid)."""
NOBODY = 2**32 - 1
"""What stands there for a process that nobody signed in for, as in a container."""


def own(operator: UUID | None) -> UUID | None:
    """The id, unless the register binds it to another account, or to none. Without a register nobody is asked to prove it.

    Raises:
        typer.BadParameter: it is somebody else's, or the register cannot be read.
    """
    register = load_settings().operators_file
    if operator is not None and register is not None and _register(register).get(operator) != account():
        raise typer.BadParameter(f"The ward's register does not give this id to the account {account()}.")
    return operator


def account() -> str:
    """The account that signed in, or else the one that this process runs as; its number where it has no name."""
    signed_in = int(SIGNED_IN_AS.read_text(encoding="ascii")) if SIGNED_IN_AS.exists() else NOBODY
    number = os.getuid() if signed_in == NOBODY else signed_in
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _register(path: Path) -> dict[UUID, str]:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=dict[UUID, str])
    except (OSError, ValueError, msgspec.DecodeError) as error:
        raise typer.BadParameter(f"The ward's register of operators cannot be read: {error}") from None
