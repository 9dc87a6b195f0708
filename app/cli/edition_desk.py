"""What the commands about editions share: which edition is meant, who acts, and how a refusal is told."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn
from uuid import UUID

import typer

from app.cli.operators import own

if TYPE_CHECKING:
    from schedule.japan import Edition

REFUSED, UNKNOWN, BUSY, STOPPED = 1, 3, 4, 130
Operator = Annotated[
    UUID, typer.Option("--as", envvar="HAGUKUMI_OPERATOR", callback=own, help="Who acts: the operator's id on the ward's roster.")
]
Approver = Annotated[
    UUID | None, typer.Option(metavar="ID", callback=own, help="Show small numbers too, to the operator who is to approve.")
]
Hash = Annotated[str, typer.Argument(help="SHA-256 of the edition, or its first digits.")]
_HASH = re.compile(r"[0-9a-f]{6,64}")


def is_hash(given: str) -> bool:
    """Whether these may be the first digits of a hash."""
    return _HASH.fullmatch(given) is not None


def which(conninfo: str, given: str) -> str:
    """The full hash of a kept edition whose first digits are given.

    Raises:
        typer.Exit: no edition begins so, or several do.
    """
    from eventstore.database import DatabaseRole, connect

    if not is_hash(given):
        fail(f"{given} is no hash of an edition: six or more of its first digits, 0-9 and a-f.", UNKNOWN)
    with connect(conninfo, DatabaseRole.PROJECTOR) as connection:
        query = "SELECT DISTINCT content_hash FROM edition.file WHERE starts_with(content_hash, %s)"
        found = [row[0] for row in connection.execute(query, (given,)).fetchall()]
    if len(found) != 1:
        fail(f"{len(found)} editions are kept whose hash begins with {given}.", UNKNOWN)
    return str(found[0])


def read_folder(folder: Path | None) -> "tuple[Edition, dict[str, bytes]]":
    """The edition of a folder with its files; of the one that ships where none is named.

    Raises:
        typer.Exit: the edition has faults, which are told.
    """
    from schedule.japan import EditionFaultError
    from schedule.japan.edition import CHIYODA, edition_from_files, read_files

    try:
        files = read_files(folder or CHIYODA)
        return edition_from_files(files), files
    except EditionFaultError as error:
        for fault in error.faults:
            typer.echo(str(fault), err=True)
        raise typer.Exit(REFUSED) from None


def told_families(count: int | None) -> str:
    """A number of families in words; None stands for a small one."""
    return "fewer than ten families" if count is None else f"{count:,} {'family' if count == 1 else 'families'}"


@contextmanager
def told() -> Iterator[None]:
    """Says in a sentence what a rule refuses, with its stable code."""
    from aggregates.refusal import Refusal
    from eventstore.errors import StaleVersion

    try:
        yield
    except Refusal as refusal:
        said = (type(refusal).__doc__ or "").splitlines()[0]
        fail(f"{refusal.code}: {said}", REFUSED)
    except StaleVersion:
        fail("Somebody else has just changed it. Look again.", BUSY)


def fail(message: str, status: int) -> NoReturn:
    """End with a sentence and an exit status."""
    typer.echo(message, err=True)
    raise typer.Exit(status) from None
