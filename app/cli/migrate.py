"""`hagukumi migrate`: bring the schemas of the log, the sign-in data and the mail ledger up to date."""

import typer

from app.database import database
from app.settings import load_settings


def migrate() -> None:
    """Apply the migrations that the database lacks, as its owner (DATABASE_URL)."""
    from eventstore.database import migrate as apply

    with database(load_settings()) as conninfo:
        applied = apply(conninfo)
    typer.echo("\n".join(applied) or "Nothing to do: the database is up to date.")
