"""How Japanese law counts ages (年齢計算) and intervals (接種間隔), as words an edition may use and as day numbers.

A *point* is a day in a child's life in the words of the law: 生後2月, 生後7月の翌日, 15歳, 出生6週, 12歳の年度初日,
16歳の年度末日, 就学1年前, 就学前日, 出生, 予定日84日前. An *interval* is what must lie between two doses: 27日, 6月, 2月半.
"""

import re
from calendar import monthrange
from datetime import date
from functools import cache
from typing import Final, NamedTuple

from schedule import days

_MONTHS: Final = 12
_APRIL: Final = 4
_SCHOOL_AGE: Final = 72
_HALF_MONTH: Final = {28: 14, 29: 15, 30: 15, 31: 16}


class Point(NamedTuple):
    """A day in a life: a unit of reckoning, an amount of it, and a shift in days."""

    unit: str
    amount: int
    shift: int = 0


class Interval(NamedTuple):
    """Time between two doses: whole months, half a month, or full days in between (以上)."""

    months: int
    days: int
    half: bool = False


_POINTS: tuple[tuple[re.Pattern[str], str, int], ...] = (
    (re.compile(r"(?:生後)?(\d+)月"), "month", 1),
    (re.compile(r"(\d+)歳"), "month", _MONTHS),
    (re.compile(r"出生(\d+)週"), "day", 7),
    (re.compile(r"出生(\d+)日"), "day", 1),
    (re.compile(r"(\d+)歳の年度初日"), "fiscal_first", _MONTHS),
    (re.compile(r"(\d+)歳の年度末日"), "fiscal_last", _MONTHS),
    (re.compile(r"予定日(\d+)日前"), "delivery", -1),
)
_NAMED = {"出生": Point("day", 0), "就学1年前": Point("school_year", 0), "就学前日": Point("school_eve", 0)}
_SHIFTS = {"の翌日": 1, "の前日": -1, "": 0}
_SHIFTED = re.compile(r"(.+?)(の翌日|の前日|)")
_INTERVAL = re.compile(r"(\d+)(日|月半|月)")


@cache
def parse_point(text: str) -> Point:
    """Read a point in a child's life. The same words give the same object, which a dictionary of points finds the soonest.

    Raises:
        ValueError: The words name no such point.
    """
    split = _SHIFTED.fullmatch(text)
    if split is not None:
        words, shift = split[1], _SHIFTS[split[2]]
        if words in _NAMED:
            return _NAMED[words]._replace(shift=shift)
        for pattern, unit, factor in _POINTS:
            match = pattern.fullmatch(words)
            if match is not None:
                return Point(unit, int(match[1]) * factor, shift)
    raise ValueError(f"«{text}» is no age or day such as 生後2月, 3歳, 出生6週, 12歳の年度初日, 就学前日")


def parse_interval(text: str) -> Interval:
    """Read an interval between doses.

    Raises:
        ValueError: The words name no interval.
    """
    match = _INTERVAL.fullmatch(text)
    if match is None:
        raise ValueError(f"«{text}» is no interval such as 27日, 6月, 2月半")
    amount = int(match[1])
    return Interval(0, amount) if match[2] == "日" else Interval(amount, 0, match[2] == "月半")


_UNKNOWN: Final = -1
"""No day has this number."""


def attained(birth: date, months: int) -> int:
    """The day on which an age is attained (達した日): the eve of the birthday, month ends falling back."""
    return days.months_after(birth, months) - 1


def first_after(dose: int, interval: Interval) -> int:
    """The first day on which an interval since a dose has been kept (以上の間隔をおいて)."""
    if not interval.months:
        return dose + interval.days + 1
    reached = days.add_months(dose, interval.months)
    if not interval.half:
        return reached
    there = date.fromordinal(reached)
    return reached + _HALF_MONTH[monthrange(there.year, there.month)[1]]


def fiscal_first(day: int) -> int:
    """The 1 April that begins the fiscal year (年度) of a day."""
    there = date.fromordinal(day)
    return days.first_of(there.year - (there.month < _APRIL), _APRIL)


def fiscal_last(day: int) -> int:
    """The 31 March that ends the fiscal year (年度) of a day."""
    there = date.fromordinal(day)
    return days.first_of(there.year + (there.month >= _APRIL), _APRIL) - 1


def school_entry(birth: date) -> int:
    """The start of primary school (就学の始期): the first 1 April on or after the day following the day age 6 is attained."""
    return fiscal_last(attained(birth, _SCHOOL_AGE)) + 1


class Life:
    """The points of one child's life, each reckoned once.

    Args:
        birth: The birthday, or None where only a delivery is expected.
        delivery: The expected date of delivery (出産予定日), for vaccines given to the mother.
    """

    __slots__ = ("_known", "birth", "born", "delivery")

    def __init__(self, birth: date | None, delivery: date | None) -> None:
        self.birth = birth
        self.born = birth.toordinal() if birth is not None else None
        self.delivery = delivery.toordinal() if delivery is not None else None
        self._known: dict[Point, int | None] = {}

    def day(self, point: Point) -> int | None:
        """The day number of a point, or None where the date it is measured from is unknown."""
        found = self._known.get(point, _UNKNOWN)
        if found == _UNKNOWN:
            self._known[point] = found = self._reckon(point)
        return found

    def _reckon(self, point: Point) -> int | None:
        unit, amount, shift = point
        if unit == "delivery":
            return None if self.delivery is None else self.delivery + amount + shift
        if self.birth is None:
            return None
        return _since_birth(self.birth, unit, amount) + shift


def _since_birth(birth: date, unit: str, amount: int) -> int:
    if unit == "month":
        return attained(birth, amount)
    if unit == "day":
        return birth.toordinal() + amount
    if unit == "fiscal_first":
        return fiscal_first(attained(birth, amount))
    if unit == "fiscal_last":
        return fiscal_last(attained(birth, amount))
    entry = school_entry(birth)
    return days.add_months(entry, -_MONTHS) if unit == "school_year" else entry - 1
