"""What another edition does to the forecasts of one child."""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from schedule.contract import SeriesForecast
from schedule.japan import due_status

APRIL = 4
LAWFUL_NOW = {"eligible_early", "due", "overdue"}


class Effect(StrEnum):
    """One way in which a child is concerned. A child may be concerned in several."""

    CHANGED = "changed"
    """Anything that families are shown reads differently."""
    MOVED = "moved"
    """Doses are wanted before and after, on other days or in another number."""
    GAINED = "gained"
    """Doses are wanted that were not before."""
    LOST = "lost"
    """Doses are no longer wanted, though the series is not complete."""
    COMPLETED = "completed"
    """The doses that were given suffice now."""
    OVERDUE = "overdue"
    """Overdue today, and not before."""
    ELIGIBLE = "eligible"
    """May be vaccinated today, and might not before."""


def dates_changed(found: Iterable[Effect]) -> bool:
    """Whether a dose that is to be given has other dates, or came or went: then the family is to be told.

    A series that is complete or over may read differently too, such as its last day long past. Nobody is written to for that.
    """
    return any(effect is not Effect.CHANGED for effect in found)


class Shown(Struct, frozen=True, gc=False):
    """What families are shown of a series, without reasons: a fifth of the time that reading a whole forecast takes."""

    series: str
    status: str
    dose_number: int | None = None
    doses_remaining: int | None = None
    earliest: date | None = None
    recommended: date | None = None
    past_due: date | None = None
    latest: date | None = None
    closed: str | None = None
    overdue_from: date | None = None
    products: tuple[str, ...] = ()


class ShownAnswer(Struct, frozen=True, gc=False):
    """The same of a whole answer."""

    forecasts: tuple[Shown, ...]


Forecast = SeriesForecast | Shown
Old = TypeVar("Old", bound=Forecast)
New = TypeVar("New", bound=Forecast)

shown_answer = msgspec.json.Decoder(ShownAnswer).decode
"""Reads a packed answer once it is inflated."""


def cohort(born_on: date) -> int:
    """The fiscal year (年度, from 1 April) of a birth."""
    return born_on.year if born_on.month >= APRIL else born_on.year - 1


def pairs(old: Iterable[Old], new: Iterable[New]) -> Iterator[tuple[str, Old | None, New | None]]:
    """The forecasts of each series under both editions; None where an edition does not know the series."""
    left = {forecast.series: forecast for forecast in old}
    for forecast in new:
        yield forecast.series, left.pop(forecast.series, None), forecast
    for series, gone in left.items():
        yield series, gone, None


def effects(old: Forecast | None, new: Forecast | None, on: date) -> set[Effect]:
    """How a child is concerned by the difference between two forecasts of one series."""
    if _shown(old) == _shown(new):
        return set()
    found = {Effect.CHANGED, *_of_doses(old, new)}
    before, after = _due(old, on), _due(new, on)
    if after == "overdue" != before:
        found.add(Effect.OVERDUE)
    if after in LAWFUL_NOW and before not in LAWFUL_NOW:
        found.add(Effect.ELIGIBLE)
    return found


def first_day(forecast: Forecast | None) -> date | None:
    """The day from which the next dose is to be given: recommended, or else lawful; None where none is wanted."""
    return None if forecast is None else forecast.recommended or forecast.earliest


def _of_doses(old: Forecast | None, new: Forecast | None) -> set[Effect]:
    match _wanted(old), _wanted(new):
        case True, True:
            return {Effect.MOVED} if _dates(old) != _dates(new) else set()
        case False, True:
            return {Effect.GAINED}
        case True, False:
            return {Effect.COMPLETED if new is not None and new.status == "complete" else Effect.LOST}
    return set()


def _wanted(forecast: Forecast | None) -> bool:
    return forecast is not None and forecast.status == "not_complete" and forecast.closed is None


def _due(forecast: Forecast | None, on: date) -> str:
    return due_status(forecast, on) if forecast is not None and _wanted(forecast) else ""


def _dates(f: Forecast | None) -> tuple[Any, ...]:
    return () if f is None else (f.dose_number, f.doses_remaining, f.earliest, f.recommended, f.past_due, f.latest)


def _shown(f: Forecast | None) -> tuple[Any, ...]:
    return () if f is None else (f.status, f.closed, f.overdue_from, f.products, *_dates(f))
