"""Visits that the family means to make, and those it puts off."""

from collections.abc import Container
from datetime import date
from uuid import UUID

from aggregates.child.facts import PostponementLifted, PostponementReason, VisitCancelled, VisitPlanned, VisitPostponed
from aggregates.child.refusals import DayInPast, DayTooFar, UnknownSeries
from aggregates.child.state import Child, PlannedVisit, Postponement
from aggregates.fact import Fact
from aggregates.refusal import IdTaken, NotFound, TooManyEntries

VISITS_MAX = 50
POSTPONEMENTS_MAX = 50
AHEAD_MAX_YEARS = 20
"""A childhood: the programme arranges nothing for later days."""


def plan(child: Child, visit: PlannedVisit, *, known: Container[str], today: date) -> list[Fact]:
    """A visit (受診予定) is planned, or moved to another day."""
    if child.visits.get(visit.visit_id) == visit:
        return []
    _require_within_childhood(visit.on, today)
    require_series(visit.series, known)
    if visit.visit_id not in child.visits and len(child.visits) >= VISITS_MAX:
        raise TooManyEntries(limit=VISITS_MAX)
    return [VisitPlanned(visit_id=visit.visit_id, on=visit.on, series=visit.series)]


def cancel(child: Child, visit_id: UUID) -> list[Fact]:
    """The planned visit will not take place."""
    if visit_id not in child.visits:
        raise NotFound
    return [VisitCancelled(visit_id=visit_id)]


def postpone(
    child: Child,
    postponement_id: UUID,
    *,
    series: tuple[str, ...],
    reason: PostponementReason,
    until: date | None,
    known: Container[str],
    today: date,
) -> list[Fact]:
    """Vaccinations are put off (延期), until a day or until further notice."""
    standing = child.postponements.get(postponement_id)
    if standing == Postponement(postponement_id, series, reason, until):
        return []
    if standing or postponement_id in child.lifted:
        raise IdTaken
    if until is not None:
        _require_within_childhood(until, today)
    require_series(series, known)
    if len(child.postponements) >= POSTPONEMENTS_MAX:
        raise TooManyEntries(limit=POSTPONEMENTS_MAX)
    return [VisitPostponed(postponement_id=postponement_id, series=series, reason=reason, until=until)]


def lift(child: Child, postponement_id: UUID) -> list[Fact]:
    """The postponement no longer holds; lifting it twice changes nothing."""
    if postponement_id in child.lifted:
        return []
    if postponement_id not in child.postponements:
        raise NotFound
    return [PostponementLifted(postponement_id=postponement_id)]


def require_series(series: tuple[str, ...], known: Container[str]) -> None:
    """Only series that an edition names."""
    for code in series:
        if code not in known:
            raise UnknownSeries(series=code)


def _require_within_childhood(on: date, today: date) -> None:
    if on < today:
        raise DayInPast(on=on, today=today)
    latest = date(today.year + AHEAD_MAX_YEARS, 12, 31)
    if on > latest:
        raise DayTooFar(on=on, latest=latest)
