"""National holidays of Japan (国民の祝日), from the Act on National Holidays as amended up to 2022."""

from datetime import date, timedelta
from functools import cache

_FIXED = ((1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (8, 11), (11, 3), (11, 23))
_MONDAYS = ((1, 2), (7, 3), (9, 3), (10, 2))
"""Month and which Monday of it (ハッピーマンデー)."""
_SPRING, _AUTUMN = 20.8431, 23.2488
"""Mean time of the equinoxes in 1980; good for 1980 to 2099."""
_MEAN_TROPICAL_SURPLUS = 0.242194
_FIRST_YEAR = 2020
_SUNDAY = 6
_MOVED_FOR_THE_GAMES = {
    2020: {date(2020, 7, 20): date(2020, 7, 23), date(2020, 10, 12): date(2020, 7, 24), date(2020, 8, 11): date(2020, 8, 10)},
    2021: {date(2021, 7, 19): date(2021, 7, 22), date(2021, 10, 11): date(2021, 7, 23), date(2021, 8, 11): date(2021, 8, 8)},
}


def is_day_off(day: date) -> bool:
    """Whether it is a Sunday or a national holiday, when many clinics are closed."""
    return day.weekday() == _SUNDAY or is_holiday(day)


def is_holiday(day: date) -> bool:
    """Whether a day is a national holiday or a day off in its place (振替休日). Years before 2020 are not told apart."""
    return day.year >= _FIRST_YEAR and day in _holidays(day.year)


@cache
def _holidays(year: int) -> frozenset[date]:
    days = {date(year, month, day) for month, day in _FIXED}
    days |= {_monday(year, month, nth) for month, nth in _MONDAYS}
    days |= {date(year, 3, _equinox(year, _SPRING)), date(year, 9, _equinox(year, _AUTUMN))}
    for old, new in _MOVED_FOR_THE_GAMES.get(year, {}).items():
        days = days - {old} | {new}
    return frozenset(days | _between(days) | _in_place_of_sundays(days))


def _monday(year: int, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(-first.weekday()) % 7 + 7 * (nth - 1))


def _equinox(year: int, in_1980: float) -> int:
    since = year - 1980
    return int(in_1980 + _MEAN_TROPICAL_SURPLUS * since) - since // 4


def _in_place_of_sundays(days: set[date]) -> set[date]:
    return {_next_working_day(day, days) for day in days if day.isoweekday() == 7}  # noqa: PLR2004 - Sunday


def _next_working_day(day: date, days: set[date]) -> date:
    while day in days:
        day += timedelta(days=1)
    return day


def _between(days: set[date]) -> set[date]:
    """A working day between two holidays is one too (国民の休日)."""
    two, one = timedelta(days=2), timedelta(days=1)
    return {day + one for day in days if day + two in days and day + one not in days}
