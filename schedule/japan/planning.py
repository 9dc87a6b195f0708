"""Plans visits (接種の計画): what may be given together on a day (同時接種), what may not and why, and what a delay risks."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import msgspec
from msgspec import Struct

from schedule.contract import DoseGiven, ForecastRequest, Reason, SeriesForecast
from schedule.japan.edition import Edition
from schedule.japan.engine import forecast, forecast_series
from schedule.japan.status import due_status

WAIT_DAYS = 28
"""A visit waits so long for another dose, where no recommended period ends meanwhile."""
HORIZON_DAYS = 730
MOST_VISITS = 24
_NARROW_DAYS = 400
_MOST_DOSES = 8
_COMBINED, _FOUR = "DPT-IPV-Hib", "DPT-IPV"
_PARTS = {_COMBINED: ("DPT-IPV", "DPT", "IPV", "HIB"), _FOUR: ("DPT", "IPV")}


class PlannedDose(Struct, frozen=True):
    """A dose that may be given on the day; `finish_by` is the last day that leaves time for the rest, where time is short."""

    series: str
    vaccine_group: str
    product: str
    dose_number: int | None
    due_status: str
    latest: date | None
    can_finish: bool
    finish_by: date | None
    reasons: tuple[Reason, ...]


class NotThatDay(Struct, frozen=True):
    """A dose that may not be given on the day, the day on which it may, and why."""

    series: str
    vaccine_group: str
    due_status: str
    earliest: date | None
    reasons: tuple[Reason, ...]


class Risk(Struct, frozen=True):
    """What a delay past a day would cost."""

    series: str
    code: str
    day: date
    text: str
    text_en: str


class ProposedVisit(Struct, frozen=True):
    """A visit and the doses to be given at it."""

    day: date
    doses: tuple[PlannedDose, ...]


class VisitPlan(Struct, frozen=True):
    """The plan for one day and the visits that follow from it."""

    on: date
    together: tuple[PlannedDose, ...]
    not_that_day: tuple[NotThatDay, ...]
    at_risk: tuple[Risk, ...]
    visits: tuple[ProposedVisit, ...]


def plan(edition: Edition, request: ForecastRequest, on: date, postponed: Mapping[str, date] | None = None) -> VisitPlan:
    """What to do on a day, and in which visits to go on.

    Args:
        edition: The rules.
        request: The child.
        on: The day of the visit.
        postponed: The day before which a series shall not be proposed.
    """
    request = msgspec.structs.replace(request, assessment_date=on)
    wanted = _wanted(edition, request)
    together = tuple(_planned(edition, request, entry, on) for entry in wanted if _lawful(entry, on))
    return VisitPlan(
        on,
        together,
        tuple(_not_that_day(entry, on) for entry in wanted if not _lawful(entry, on)),
        tuple(risk for dose in together for risk in _risks(dose)),
        tuple(_visits(edition, request, on, postponed or {})),
    )


def _wanted(edition: Edition, request: ForecastRequest) -> list[SeriesForecast]:
    """The series that still ask for a dose, one way for each need."""
    entries = {
        entry.series: entry
        for entry in forecast(edition, request).forecasts
        if entry.closed is None and edition.series[entry.series].programme != "check_up"
    }
    for chosen in _chosen_combinations(edition, request, entries):
        for part in _PARTS[chosen]:
            entries.pop(part, None)
    return list(entries.values())


def _chosen_combinations(edition: Edition, request: ForecastRequest, entries: dict[str, SeriesForecast]) -> Iterator[str]:
    """Go on with what was begun while it is sold; else five in one, else four in one."""
    day = request.assessment_date
    begun = any(dose.vaccine == _FOUR for dose in request.doses)
    sold_until = edition.products[_FOUR].sold_until
    four = _FOUR in entries and (sold_until is None or day <= sold_until)
    if _COMBINED in entries and not (begun and four):
        yield _COMBINED
        return
    entries.pop(_COMBINED, None)
    if four:
        yield _FOUR
    else:
        entries.pop(_FOUR, None)


def _lawful(entry: SeriesForecast, on: date) -> bool:
    return entry.earliest is not None and entry.latest is not None and entry.earliest <= on <= entry.latest


def _planned(edition: Edition, request: ForecastRequest, entry: SeriesForecast, on: date) -> PlannedDose:
    product = _finishing_product(edition, request, entry, on)
    return PlannedDose(
        entry.series,
        entry.vaccine_group,
        product or entry.products[0],
        entry.dose_number,
        due_status(entry, on),
        entry.latest,
        product is not None,
        None if product is None else _finish_by(edition, request, entry, product),
        entry.reasons,
    )


def _finishing_product(edition: Edition, request: ForecastRequest, entry: SeriesForecast, on: date) -> str | None:
    """The first product with which the course can still be finished when the next dose is given on a day."""
    if not _short_of_time(entry, on):
        return entry.products[0]
    return next((product for product in entry.products if _finishes(edition, request, entry, product, on)), None)


def _short_of_time(entry: SeriesForecast, on: date) -> bool:
    """Whether more than one dose is left and the last lawful day is near."""
    left = entry.doses_remaining or 0
    return left > 1 and entry.latest is not None and (entry.latest - on).days <= _NARROW_DAYS


def _not_that_day(entry: SeriesForecast, on: date) -> NotThatDay:
    return NotThatDay(entry.series, entry.vaccine_group, due_status(entry, on), entry.earliest, entry.reasons)


def _risks(dose: PlannedDose) -> Iterator[Risk]:
    if dose.latest is not None:
        ja = "この日を過ぎると、この回は定期接種として受けられません。"
        yield Risk(
            dose.series, "dose.last_day", dose.latest, ja, "After this day the dose can no longer be given in the programme."
        )
    if not dose.can_finish:
        ja = "残りの回数を期間内に終えることは、もうできません。"
        yield Risk(
            dose.series, "course.cannot_finish", dose.latest or date.max, ja, "The course can no longer be finished in time."
        )
    if dose.finish_by is not None:
        ja = "この日を過ぎると、必要な回数を期間内に終えられません。"
        yield Risk(
            dose.series, "course.last_day", dose.finish_by, ja, "After this day the course can no longer be finished in time."
        )


def _finish_by(edition: Edition, request: ForecastRequest, entry: SeriesForecast, product: str) -> date | None:
    """The last day for this dose that leaves time for the rest; None where time is not short."""
    early = request.assessment_date
    if entry.latest is None or not _short_of_time(entry, early):
        return None
    late = entry.latest
    while early < late:
        middle = early + timedelta(days=((late - early).days + 1) // 2)
        if _finishes(edition, request, entry, product, middle):
            early = middle
        else:
            late = middle - timedelta(days=1)
    return early


def _finishes(edition: Edition, request: ForecastRequest, entry: SeriesForecast, product: str, day: date) -> bool:
    """Whether the course can be finished when the next dose is given on a day and each other as early as may be."""
    for _ in range(_MOST_DOSES):
        request = msgspec.structs.replace(request, assessment_date=day, doses=(*request.doses, DoseGiven(product, day)))
        following = forecast_series(edition, request, entry.series)
        if following.closed is not None or following.earliest is None:
            return following.closed == "complete"
        day = max(day, following.earliest)
    return False


def _visits(edition: Edition, request: ForecastRequest, on: date, postponed: Mapping[str, date]) -> Iterator[ProposedVisit]:
    end = on + timedelta(days=HORIZON_DAYS)
    for _ in range(MOST_VISITS):
        ready = sorted(_ready(edition, request, postponed), key=lambda pair: (pair[0], pair[1].series))
        if not ready or ready[0][0] > end:
            return
        day = _shared_day(ready)
        request = msgspec.structs.replace(request, assessment_date=day)
        given = [entry for start, entry in _ready(edition, request, postponed) if start <= day and _lawful(entry, day)]
        doses = tuple(_planned(edition, request, entry, day) for entry in given)
        yield ProposedVisit(day, doses)
        taken = (DoseGiven(dose.product, day) for dose in doses)
        request = msgspec.structs.replace(request, doses=(*request.doses, *taken))


def _ready(edition: Edition, request: ForecastRequest, postponed: Mapping[str, date]) -> Iterator[tuple[date, SeriesForecast]]:
    """The day from which each dose should be given."""
    for entry in _wanted(edition, request):
        if entry.earliest is None or entry.latest is None or not entry.products:
            continue
        start = max(entry.earliest, entry.recommended or entry.earliest, request.assessment_date)
        if entry.series in postponed:
            start = max(start, postponed[entry.series])
        if start <= entry.latest:
            yield start, entry


def _shared_day(ready: list[tuple[date, SeriesForecast]]) -> date:
    """The day of the next visit: as early as the first dose asks, or a little later where another can share it."""
    day = ready[0][0]
    limit = day + timedelta(days=WAIT_DAYS)
    for start, entry in ready:
        if start > limit:
            break
        day = start
        last = entry.past_due if entry.past_due is not None and entry.past_due >= start else entry.latest
        limit = limit if last is None else min(limit, last)
    return day
