"""How often old addresses are asked whether they are still their owner's (宛先の再確認): carriers re-issue them to others."""

from datetime import date, timedelta
from typing import LiteralString

from msgspec import Struct

DAY_ZERO = date(1970, 1, 1)
CYCLE: LiteralString = "coalesce(a.confirmed_on - date '1970-01-01', 0)"
"""`cycle_of` in SQL."""


class Rhythm(Struct, frozen=True):
    """For how many days a confirmation is trusted, and how long an answer is waited for."""

    trusted_days: int = 365
    answer_days: int = 30

    def trusted_until(self, today: date) -> date:
        """Confirmations of this day and earlier are old."""
        return today - timedelta(days=self.trusted_days)

    def is_old(self, confirmed_on: date | None, today: date) -> bool:
        """Whether an address confirmed on a day (None: nobody knows when) is to be asked."""
        return confirmed_on is None or confirmed_on <= self.trusted_until(today)


def cycle_of(confirmed_on: date | None) -> int:
    """Names the confirmation that has grown old: each is followed by one question."""
    return 0 if confirmed_on is None else (confirmed_on - DAY_ZERO).days
