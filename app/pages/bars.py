"""Where days stand on the time axis of the age chart, in per cent, and the small bar of one series."""

from calendar import monthrange
from datetime import date

import msgspec
from msgspec import Struct

from app.pages.due import Due
from app.pages.records import Folder
from app.pages.text import Words

_STEP_MONTHS = {2: 3, 4: 6, 8: 12, 18: 24}
"""The chart reaches to the first of these ages that leaves at least half a year ahead; its marks stand so many months apart."""
_AHEAD_MONTHS = 6


class Tick(Struct, frozen=True):
    """A mark on the axis."""

    at: float
    label: str
    year: bool


class Axis(Struct, frozen=True):
    """The time that the chart shows, from birth on."""

    begin: date
    end: date
    today: date
    ticks: tuple[Tick, ...]

    def at(self, day: date) -> float:
        """Where a day stands, 0 to 100; days outside stand at the edge."""
        share = (day - self.begin).days / (self.end - self.begin).days
        return round(100 * min(max(share, 0.0), 1.0), 1)


class Span(Struct, frozen=True):
    """From where to where a period reaches, in per cent."""

    left: float
    width: float


class Bar(Struct, frozen=True):
    """One series on the axis."""

    free: Span | None
    recommended: Span | None
    given: tuple[float, ...]
    planned: float | None
    risk: float | None


def axis_for(held: Folder, words: Words) -> Axis:
    """An axis from birth to an age that leaves room ahead."""
    born, today = held.kid.born_on, words.today
    years = next((n for n in _STEP_MONTHS if _months_on(born, n * 12 - _AHEAD_MONTHS) > today), max(_STEP_MONTHS))
    bare = Axis(born, _months_on(born, years * 12), today, ())
    marks = range(0, years * 12, _STEP_MONTHS[years])
    ticks = tuple(Tick(bare.at(_months_on(born, n)), _label(n, words), n % 12 == 0) for n in marks)
    return msgspec.structs.replace(bare, ticks=ticks)


def bar(item: Due, axis: Axis) -> Bar:
    """A series with its periods, doses and plan."""
    f = item.forecast
    risky = item.badge.sign == "▲" and f.latest
    soon = item.badge.sign == "△" and f.past_due
    return Bar(
        free=None if item.finished else _span(f.earliest, f.latest, axis),
        recommended=None if item.finished else _span(f.recommended, f.past_due, axis),
        given=tuple(axis.at(dose.given_on) for dose in item.given if dose.given_on),
        planned=axis.at(item.visit.on) if item.visit else None,
        risk=axis.at(risky or soon or axis.begin) if risky or soon else None,
    )


def _span(begin: date | None, end: date | None, axis: Axis) -> Span | None:
    if begin is None or begin > axis.end:
        return None
    left = axis.at(begin)
    return Span(left, round(axis.at(end or axis.end) - left, 1))


def _months_on(born: date, months: int) -> date:
    """About the day on which a child is so many months old; exact enough for a drawing."""
    year, month = divmod(born.year * 12 + born.month - 1 + months, 12)
    return date(year, month + 1, min(born.day, monthrange(year, month + 1)[1]))


def _label(months: int, words: Words) -> str:
    if months % 12 == 0:
        return str(words("chart.age_y", n=months // 12))
    return str(words("chart.age_m", n=months))
