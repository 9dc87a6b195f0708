"""Where days stand on the time axis of the age chart, in per cent, and the small bar of one series."""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Sequence
from datetime import date

import msgspec
from msgspec import Struct

from app.pages.due import Due
from app.pages.records import Folder
from app.pages.text import Words
from schedule.japan.expecting import Expected

_SPANS = {2: (73.0, 100.0), 4: (45.0, 65.0), 8: (40.0, 55.0), 18: (30.0, 42.0)}
"""The chart reaches to the first of these ages that leaves half a year ahead. The first two years, with most doses, get
more room than the others: where they end, in per cent."""
_AHEAD_MONTHS = 6
_FEW_MONTHS = 2
_MONTHS_MARKED = {2: (*range(13), 15, 18, 21), 4: (0, 3, 6, 9, 12, 18), 8: (0, 3, 6, 9, 12), 18: (0, 6, 12)}


class Tick(Struct, frozen=True):
    """A mark on the axis."""

    at: float
    label: str
    year: bool


class Axis(Struct, frozen=True):
    """The time that the chart shows, from birth on. `knots` are days with their place in per cent, straight in between."""

    knots: tuple[tuple[date, float], ...]
    today: date
    ticks: tuple[Tick, ...] = ()

    @property
    def begin(self) -> date:
        """The birthday."""
        return self.knots[0][0]

    @property
    def end(self) -> date:
        """The last day shown."""
        return self.knots[-1][0]

    def at(self, day: date) -> float:
        """Where a day stands, 0 to 100; days outside stand at the edge."""
        within = min(max(day, self.begin), self.end)
        place = min(bisect_right(self.knots, within, key=lambda knot: knot[0]), len(self.knots) - 1)
        (since, left), (until, right) = self.knots[place - 1], self.knots[place]
        return round(left + (right - left) * (within - since).days / (until - since).days, 1)


class Span(Struct, frozen=True):
    """From where to where a period reaches, in per cent."""

    left: float
    width: float


class LaterDose(Struct, frozen=True):
    """A dose after the next one: where its recommended time stands, and the day on which it is to be expected."""

    number: int | None
    at: float
    recommended: Span | None


class Bar(Struct, frozen=True):
    """One series on the axis."""

    free: Span | None
    recommended: Span | None
    given: tuple[float, ...]
    planned: float | None
    risk: float | None
    voluntary: bool
    later: tuple[LaterDose, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing of it lies in the time shown."""
        return self.free is None and not self.given and self.planned is None


def axis_for(held: Folder, words: Words) -> Axis:
    """An axis from birth to an age that leaves room ahead."""
    born, today = held.kid.born_on, words.today
    years = next((n for n in _SPANS if _months_on(born, n * 12 - _AHEAD_MONTHS) > today), max(_SPANS))
    places = zip((0, 12, 24, years * 12), (0.0, *_SPANS[years], 100.0), strict=True)
    knots = {_months_on(born, months): place for months, place in places}
    bare = Axis(tuple(knots.items()), today)
    marks = (*_MONTHS_MARKED[years], *range(24, years * 12, 12 if years < max(_SPANS) else 24))
    ticks = tuple(Tick(bare.at(_months_on(born, n)), _label(n, words), n % 12 == 0) for n in marks)
    return msgspec.structs.replace(bare, ticks=ticks)


def bar(item: Due, axis: Axis, later: Sequence[Expected] = ()) -> Bar:
    """A series with its periods, doses, plan, and what is to be expected after the next dose."""
    f = item.forecast
    ends = f.latest if item.free_soon_over else f.past_due if item.recommended_soon_over or item.overdue else None
    return Bar(
        free=None if item.finished else _span(f.earliest, _free_until(item, later), axis),
        recommended=None if item.finished else _span(f.recommended, f.past_due, axis),
        given=tuple(axis.at(dose.given_on) for dose in item.given if dose.given_on),
        planned=axis.at(item.visit.on) if item.visit else None,
        risk=axis.at(ends) if ends else None,
        voluntary=item.voluntary,
        later=tuple(_later(dose, axis) for dose in later if dose.on <= axis.end),
    )


def _free_until(item: Due, later: Sequence[Expected]) -> date | None:
    """The last lawful day of all doses to come; None where one has no end."""
    ends = [item.forecast.latest, *(dose.forecast.latest for dose in later)]
    return max((day for day in ends if day), default=None) if None not in ends else None


def _later(dose: Expected, axis: Axis) -> LaterDose:
    f = dose.forecast
    recommended = _span(f.recommended, f.past_due, axis) if f.past_due else None
    return LaterDose(f.dose_number, axis.at(dose.on), recommended)


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
    return str(words("chart.age_m", n=months)) if months % 6 == 0 or months < _FEW_MONTHS else str(months)
