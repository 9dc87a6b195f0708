"""`hagukumi migrate`: all that has to be in the databases before any part of the service starts."""

import typer

from app.database import database
from app.settings import Settings, load_settings


def migrate() -> None:
    """Bring the schemas up to date as their owner (DATABASE_URL); make what a first start lacks: edition, days, read models."""
    settings = load_settings()
    with database(settings) as conninfo:
        _migrate(settings, conninfo)


def _migrate(settings: Settings, conninfo: str) -> None:
    from app.composition import build_service
    from eventstore.database import migrate as apply_missing

    applied = apply_missing(conninfo)
    service = build_service(settings, conninfo)
    try:
        told = service.complete(service, service.day_opener.today())
    finally:
        service.stop()
    typer.echo("\n".join([*(f"Applied {name}" for name in applied), *told, "The database is up to date."]))
