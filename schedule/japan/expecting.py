"""The doses still to come of every series, each reckoned from the one before it (このあとの回の目安)."""

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec
from msgspec import Struct

from schedule.contract import DoseGiven, ForecastRequest, SeriesForecast
from schedule.japan.edition import Edition
from schedule.japan.engine import forecast

_MOST_STEPS = 80
_LOST = frozenset({"aged_out", "cannot_complete_in_window"})


class Expected(Struct, frozen=True):
    """A dose with its windows; `on` is the day on which it is taken to be given."""

    on: date
    forecast: SeriesForecast


class Outlook(Struct, frozen=True):
    """What is to come: the doses of each series in order, the next one first, and the series that will not be finished."""

    doses: dict[str, list[Expected]]
    lost: set[str]


def expect(edition: Edition, request: ForecastRequest, appointed: Mapping[str, date | None]) -> Outlook:
    """Take every dose as given on the first recommended day that is left, and see what follows.

    Args:
        edition: The rules.
        request: The child.
        appointed: The series looked at, each with the day of its next dose where one is set. Its later doses follow freely.
    """
    outlook = Outlook({code: [] for code in appointed}, set())
    waiting = dict(appointed)
    for _ in range(_MOST_STEPS):
        starts = list(_starts(edition, request, waiting, outlook))
        if not starts:
            break
        day = min(start for start, _ in starts)
        taken = [entry for start, entry in starts if start == day and _holds(entry, day, request.assessment_date)]
        for entry in taken:
            outlook.doses[entry.series].append(Expected(day, entry))
            waiting[entry.series] = None
        given = tuple(DoseGiven(entry.products[0], day) for entry in taken)
        request = msgspec.structs.replace(request, assessment_date=day, doses=(*request.doses, *given))
    return outlook


def _starts(
    edition: Edition, request: ForecastRequest, waiting: dict[str, date | None], outlook: Outlook
) -> Iterator[tuple[date, SeriesForecast]]:
    """The day of the next dose of each series that goes on; the others wait no longer."""
    for entry in forecast(edition, request).forecasts if waiting else ():
        if entry.series not in waiting:
            continue
        start = _start(entry, waiting[entry.series], request.assessment_date)
        if start is not None and not _begins_anew(entry, outlook.doses[entry.series]):
            yield start, entry
            continue
        del waiting[entry.series]
        if entry.closed in _LOST or (entry.closed is None and start is None):
            outlook.lost.add(entry.series)


def _start(entry: SeriesForecast, appointed: date | None, today: date) -> date | None:
    """The day on which a dose is taken to be given; None where it cannot be."""
    if entry.closed is not None or entry.earliest is None or not entry.products:
        return None
    start = max(entry.earliest, today, appointed or entry.recommended or entry.earliest)
    return None if entry.latest is not None and start > entry.latest else start


def _holds(entry: SeriesForecast, day: date, asked_on: date) -> bool:
    """Whether a forecast still says the same on a later day; else it is asked for again on that day."""
    return day == asked_on or entry.valid_until is None or day < entry.valid_until


def _begins_anew(entry: SeriesForecast, before: list[Expected]) -> bool:
    """Whether this is the first dose of another season."""
    return bool(before) and (entry.dose_number or 0) <= (before[-1].forecast.dose_number or 0)
