"""What an illness did to the programme of a child; the illness itself is never asked for."""

from collections.abc import Container
from datetime import date

from aggregates.child.facts import ExtensionGranted, SeriesClosed, SeriesReopened
from aggregates.child.refusals import DayBeforeBirth, DayInFuture
from aggregates.child.state import Child
from aggregates.child.visits import require_series
from aggregates.fact import Fact


def close_series(child: Child, series: str, known: Container[str]) -> list[Fact]:
    """A doctor said that this series is not needed or must not be given."""
    require_series((series,), known)
    return [] if series in child.closed_series else [SeriesClosed(series=series)]


def reopen_series(child: Child, series: str, known: Container[str]) -> list[Fact]:
    """The series applies after all."""
    require_series((series,), known)
    return [SeriesReopened(series=series)] if series in child.closed_series else []


def grant_extension(child: Child, reason_ended_on: date, today: date) -> list[Fact]:
    """Long-illness extension (長期療養特例): the reason that kept the child from vaccination has ended."""
    if reason_ended_on > today:
        raise DayInFuture(on=reason_ended_on, today=today)
    if child.born_on is not None and reason_ended_on < child.born_on:
        raise DayBeforeBirth(on=reason_ended_on, born_on=child.born_on)
    return [] if reason_ended_on == child.extension_from else [ExtensionGranted(reason_ended_on=reason_ended_on)]
