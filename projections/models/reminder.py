"""Reminders: what a family could be told of and when, with the reason where it shall not be told."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from aggregates.child.state import PlannedVisit, Postponement
from projections.record import Record
from projections.table import Row, Table
from schedule.contract import SeriesForecast
from schedule.days import Period, add

TABLE = Table(
    name="reminder",
    owner="child_id",
    columns=(
        ("child_id", "uuid"),
        ("series", "text"),
        ("dose_number", "int4"),
        ("kind", "text"),
        ("cycle", "int4"),
        ("due_on", "date"),
        ("withheld", "text?"),
    ),
    key=("child_id", "series", "dose_number", "kind", "cycle"),
    indexes=(("due_on",),),
)


class Step(Struct, frozen=True):
    """One kind of reminder: on a day that the forecast or the plan names, or so long before (negative) or after it."""

    kind: str
    measured_from: Callable[[Any], date | None]
    offset: Period | None = None


def opening(forecast: SeriesForecast) -> date | None:
    """When it is time: the start of the standard period (標準的な接種期間), or where there is none the first lawful day."""
    return forecast.recommended or forecast.earliest


VACCINATION = (
    Step("window_opens", opening, Period(months=-1)),
    Step("recommended_starts", opening),
    Step("past_due_near", attrgetter("past_due"), Period(days=-14)),
    Step("latest_near", attrgetter("latest"), Period(days=-30)),
)
CHECKUP = (Step("checkup", opening),)
CHECKUP_SERIES = "CHK"
"""Series whose codes begin so are health check-ups (健診), which have their own opt-in."""
VISIT = (
    Step("visit_week", attrgetter("on"), Period(days=-7)),
    Step("visit_eve", attrgetter("on"), Period(days=-1)),
    Step("visit_day", attrgetter("on")),
    Step("visit_after", attrgetter("on"), Period(days=1)),
)
POSTPONEMENT_ENDED = "postponement_ended"
OPEN = "not_complete"


def rows(record: Record) -> list[Row]:
    """Every reminder of a child. What was due long ago is still a row; how late is too late, the sender decides."""
    return [*_schedule_rows(record), *_visit_rows(record)]


def _schedule_rows(record: Record) -> Iterator[Row]:
    plan = _Plan.of(record)
    last_given = _last_given(record)
    for forecast in leading(record.answer.forecasts):
        series, number = forecast.series, forecast.dose_number or 0
        cycle = record.child.times_postponed.get(series, 0)
        given = last_given.get(series, date.min)
        for kind, due_on in _due_days(forecast, plan.postponed_until(series)):
            if due_on > given:
                withheld = plan.withheld(forecast, kind, due_on)
                yield (record.child_id, series, number, kind, cycle, due_on, withheld)


def leading(forecasts: tuple[SeriesForecast, ...]) -> Iterator[SeriesForecast]:
    """Open series, one for each vaccine group: where several would do (単独ワクチンと混合ワクチン), the one begun furthest."""
    best: dict[str, SeriesForecast] = {}
    for forecast in forecasts:
        if forecast.status != OPEN or forecast.earliest is None or _closed(forecast):
            continue
        rival = best.get(forecast.vaccine_group)
        if rival is None or (forecast.dose_number or 0) > (rival.dose_number or 0):
            best[forecast.vaccine_group] = forecast
    yield from best.values()


def _closed(forecast: SeriesForecast) -> bool:
    """The next dose would come after the last lawful day."""
    return forecast.latest is not None and forecast.earliest is not None and forecast.earliest > forecast.latest


def _due_days(forecast: SeriesForecast, postponed_until: date | None) -> list[tuple[str, date]]:
    steps = CHECKUP if forecast.series.startswith(CHECKUP_SERIES) else VACCINATION
    days = [(step.kind, day) for step in steps if (day := _day_of(step, forecast)) is not None]
    if postponed_until is not None:
        days.append((POSTPONEMENT_ENDED, postponed_until))
    return days


def _visit_rows(record: Record) -> Iterator[Row]:
    """The dose number of a second visit planned for a series is one higher, and so on."""
    child, withheld = record.child, "moved_out" if record.child.moved_out else None
    next_dose = {f.series: f.dose_number or 0 for f in record.answer.forecasts}
    for visit in record.open_visits:
        for series in dict.fromkeys(visit.series):
            number = next_dose.get(series, 0)
            next_dose[series] = number + 1
            for step in VISIT:
                cycle, due_on = child.times_planned[series], _day_of(step, visit)
                yield (record.child_id, series, number, step.kind, cycle, due_on, withheld)


def _last_given(record: Record) -> dict[str, date]:
    """The last day on which something was given for each series: doses come by date, so the last one stays."""
    return {
        evaluation.series: dose.given_on
        for dose, verdict in zip(record.doses, record.answer.doses, strict=True)
        if dose.given_on is not None
        for evaluation in verdict.evaluations
    }


class _Plan(Struct, frozen=True):
    """What the family has decided, by series."""

    moved_out: bool
    postponements: Mapping[str, list[Postponement]]
    visits: Mapping[str, PlannedVisit]

    @classmethod
    def of(cls, record: Record) -> "_Plan":
        postponements: dict[str, list[Postponement]] = {}
        for postponement in record.child.postponements.values():
            for series in postponement.series:
                postponements.setdefault(series, []).append(postponement)
        visits = {series: visit for visit in reversed(record.open_visits) for series in visit.series}
        return cls(record.child.moved_out, MappingProxyType(postponements), MappingProxyType(visits))

    def postponed_until(self, series: str) -> date | None:
        """The day on which the last of its postponements ends; None where there is none, or no end is named."""
        days = [p.until for p in self.postponements.get(series, ())]
        named = [day for day in days if day is not None]
        return max(named) if named and len(named) == len(days) else None

    def withheld(self, forecast: SeriesForecast, kind: str, due_on: date) -> str | None:
        """Why the family is not told on that day."""
        if self.moved_out:
            return "moved_out"
        for postponement in self.postponements.get(forecast.series, ()):
            if postponement.until is None or due_on < postponement.until:
                return "postponed"
        if kind != POSTPONEMENT_ENDED and self._visit_suffices(forecast, due_on):
            return "visit_planned"
        return None

    def _visit_suffices(self, forecast: SeriesForecast, due_on: date) -> bool:
        visit = self.visits.get(forecast.series)
        return visit is not None and due_on <= visit.on and (forecast.latest is None or visit.on <= forecast.latest)


def _day_of(step: Step, source: SeriesForecast | PlannedVisit) -> date | None:
    anchor = step.measured_from(source)
    if anchor is None or step.offset is None:
        return anchor
    return date.fromordinal(add(anchor.toordinal(), step.offset))
