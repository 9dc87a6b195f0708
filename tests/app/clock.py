"""The clock on the wall of the ward in tests. It stands still: nothing may depend on the day on which tests run."""

from datetime import datetime

from app.day_opener import JST

NOON = datetime(2026, 11, 24, 12, tzinfo=JST)
"""A Tuesday between days on which clinics are open; at noon no letter waits for the morning."""


def noon() -> datetime:
    """Always noon of the same day."""
    return NOON
