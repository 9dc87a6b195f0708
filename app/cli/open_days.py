"""`hagukumi open-days`: an operator vouches for a day that the service would not open by itself."""

from contextlib import closing
from datetime import datetime
from typing import Annotated

import typer

from app.database import database
from app.settings import load_settings


def open_days(
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day to open, as the ward's calendar has it.")],
) -> None:
    """Open all days up to one that lies more than three days ahead, after a long standstill; the clock is not asked."""
    from app.keys import open_keys
    from commands.open_day import open_days as opened_days
    from eventstore.ward import Ward

    settings = load_settings()
    with (
        database(settings) as owner,
        closing(open_keys(settings)) as keys,
        closing(Ward(settings.database_url_of("app") or owner, keys)) as ward,
    ):
        days = opened_days(ward, until.date(), operator=True)
    typer.echo(f"Opened {len(days)} days, up to {until.date()}." if days else f"{until.date()} is open already.")
