"""Dates as parents type them: three fields, era years (令和6年, R6), full-width digits, units typed along."""

import re
import unicodedata
from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

Part: TypeAlias = Literal["y", "m", "d"]

_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}
_YEAR = re.compile(r"(令和|平成|R|H)?\s*(元|\d{1,4})\s*年?", re.IGNORECASE)
_NUMBER = re.compile(r"(\d{1,2})\s*[月日]?")
_SHORT_YEAR_MAX = 99
_MONTHS = 12
_DAYS = 31


class DateProblem(Exception):
    """A date that cannot be read. `part` is the field to mend, None where it is the whole date; `key` names the text."""

    def __init__(self, key: str, part: Part | None = None) -> None:
        super().__init__(key)
        self.key = key
        self.part = part


class TypedDate(Struct, frozen=True):
    """The three fields exactly as typed."""

    year: str = ""
    month: str = ""
    day: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was typed at all."""
        return not (self.year.strip() or self.month.strip() or self.day.strip())

    def read(self, latest_year: int) -> date:
        """The date meant. A bare short year is read as the first of 令和n, 20nn and 平成n not after `latest_year`.

        Raises:
            DateProblem: A part is missing or wrong, or there is no such day.
        """
        if self.empty:
            raise DateProblem("date.e_missing")
        year = read_year(self.year, latest_year)
        month, day = _number(self.month, _MONTHS, "m"), _number(self.day, _DAYS, "d")
        try:
            return date(year, month, day)
        except ValueError:
            raise DateProblem("date.e_no_such_day") from None


def typed(day: date) -> TypedDate:
    """The fields that show a date."""
    return TypedDate(str(day.year), str(day.month), str(day.day))


def read_year(text: str, latest_year: int) -> int:
    """The calendar year meant by what was typed into the year field."""
    match = _YEAR.fullmatch(_half(text))
    if match is None:
        raise DateProblem("date.e_year", "y")
    era, digits = match.groups()
    number = 1 if digits == "元" else int(digits)
    year = number + _ERAS[era.upper()] if era else _bare_year(number, latest_year)
    if not 1900 <= year <= 2200:  # noqa: PLR2004 - beyond these nobody means what was typed
        raise DateProblem("date.e_year", "y")
    return year


def _bare_year(number: int, latest_year: int) -> int:
    if number > _SHORT_YEAR_MAX:
        return number
    readings = (2018 + number, 2000 + number, 1988 + number)
    return next((year for year in readings if year <= latest_year), number)


def _number(text: str, most: int, part: Literal["m", "d"]) -> int:
    match = _NUMBER.fullmatch(_half(text))
    number = int(match[1]) if match else 0
    if not 1 <= number <= most:
        raise DateProblem("date.e_month" if part == "m" else "date.e_day", part)
    return number


def _half(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
