"""What comes of asking about one series on one day. A module of its own, since msgspec has compiled this class already."""

from msgspec import Struct

from schedule.contract import Reason


class Outcome(Struct, frozen=True, gc=False):
    """The forecast of one series for one day of asking, in day numbers."""

    status: str
    closed: str | None = None
    dose_number: int | None = None
    doses_remaining: int | None = None
    earliest: int | None = None
    recommended: int | None = None
    past_due: int | None = None
    latest: int | None = None
    basis: str | None = None
    overdue_from: int | None = None
    products: tuple[str, ...] = ()
    row: int = 0
    window: int = 0
    why: Reason | None = None
