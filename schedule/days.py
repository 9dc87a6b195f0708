"""Calendar arithmetic on day numbers.

A day number is `date.toordinal()`. Periods of years, months, weeks and days are added as the CDSi
logic specification lays down (CALCDT-1 to CALCDT-5): years first, then months, then weeks, then days,
and a date that does not exist becomes the first day of the next month.
"""

import re
from datetime import date
from typing import Final, NamedTuple

NEVER: Final = date.max.toordinal()
"""The day number that stands for «no end»."""

BEGINNING: Final = date.min.toordinal()
"""The day number that stands for «no beginning»."""

_MONTHS_PER_YEAR: Final = 12
_DAYS_PER_WEEK = 7
_FIRSTS: Final = [date(year, month, 1).toordinal() for year in range(1, date.max.year + 1) for month in range(1, 13)]
"""The day number of the 1st of every month, from January of the year 1."""
_LAST_MONTH: Final = len(_FIRSTS) - 1 - _MONTHS_PER_YEAR
_TERM = re.compile(r"\s*([+-]?)\s*(\d+)\s*(day|week|month|year)s?\s*", re.IGNORECASE)


class Period(NamedTuple):
    """A length of calendar time, such as «4 months - 4 days»: months are added before days."""

    months: int = 0
    days: int = 0


def parse_period(text: str) -> Period:
    """Read a period such as `6 weeks`, `4 months - 4 days` or `8 months + 1 day`.

    Raises:
        ValueError: The text is no period.
    """
    months = days = position = 0
    while position < len(text) or position == 0:
        term = _TERM.match(text, position)
        if term is None or (position > 0 and not term[1]):
            raise ValueError(f"not a period of time: {text!r}")
        amount = -int(term[2]) if term[1] == "-" else int(term[2])
        unit = term[3].lower()
        months += amount * {"year": _MONTHS_PER_YEAR, "month": 1}.get(unit, 0)
        days += amount * {"week": _DAYS_PER_WEEK, "day": 1}.get(unit, 0)
        position = term.end()
    return Period(months, days)


def add(day: int, period: Period) -> int:
    """The day number that lies one period after a day number; never past `NEVER`, never before `BEGINNING`."""
    months, days = period
    if months:
        day = add_months(day, months)
    return min(max(day + days, BEGINNING), NEVER)


def add_months(day: int, months: int) -> int:
    """The same day of the month so many months on, or the first of the month after it where there is none."""
    return months_after(date.fromordinal(day), months)


def months_after(start: date, months: int) -> int:
    """The day number of the same day of the month so many months after a date, reckoned as `add_months` does."""
    month = (start.year - 1) * _MONTHS_PER_YEAR + start.month - 1 + months
    if month > _LAST_MONTH:
        return NEVER
    if month < 0:
        return BEGINNING
    return min(_FIRSTS[month] + start.day - 1, _FIRSTS[month + 1])


def first_of(year: int, month: int) -> int:
    """The day number of the 1st of a month."""
    return _FIRSTS[(year - 1) * _MONTHS_PER_YEAR + month - 1]


def day_number(iso_date: str) -> int:
    """The day number of an ISO date.

    Raises:
        ValueError: The text is no date of the form `YYYY-MM-DD`.
    """
    return date.fromisoformat(iso_date).toordinal()


def iso(day: int) -> str:
    """The ISO date of a day number."""
    return date.fromordinal(day).isoformat()
