"""The forecast of one child: judge the doses given, then forecast every series (CDSi chapters 6 and 7)."""

from datetime import date
from typing import Final

from schedule.contract import ForecastAnswer, ForecastRequest, Reason, SeriesForecast
from schedule.dayset import DOOM
from schedule.japan.child import Child
from schedule.japan.edition import Edition
from schedule.japan.explaining import reasons_of
from schedule.japan.judging import judge_doses
from schedule.japan.law import Series
from schedule.japan.outcome import Outcome
from schedule.japan.projecting import Prospect

_from_day: Final = date.fromordinal


def forecast(edition: Edition, request: ForecastRequest) -> ForecastAnswer:
    """Forecast one child; `due_status` is left out and derived on reading.

    The law known is that of `rule_date`. Where it is None the law moves on with the day of asking, and `valid_until`
    takes the days into account on which a rule comes into force.
    """
    child = Child(edition.law(_known(request)), request)
    doses = judge_doses(child)
    return ForecastAnswer(request.id, doses, _forecasts(edition, child, None))


def forecast_some(edition: Edition, request: ForecastRequest, codes: frozenset[str]) -> tuple[SeriesForecast, ...]:
    """The forecasts of some series as `forecast` gives them, at their share of its cost.

    No series may be left out that is tied to one of them (`difference` tells which are): its doses are not judged.
    """
    child = Child(edition.law(_known(request)), request)
    judge_doses(child, codes)
    return _forecasts(edition, child, codes)


def _known(request: ForecastRequest) -> int:
    return (request.rule_date or request.assessment_date).toordinal()


def _forecasts(edition: Edition, child: Child, codes: frozenset[str] | None) -> tuple[SeriesForecast, ...]:
    request = child.request
    today = request.assessment_date.toordinal()
    later = _Later(edition, request, today, codes) if request.rule_date is None else None
    asked = [series for series in child.law.series.values() if codes is None or series.code in codes]
    return tuple([_series_forecast(child, series, today, later) for series in asked])


def forecast_series(edition: Edition, request: ForecastRequest, code: str) -> SeriesForecast:
    """Forecast one series only, under the law known on `rule_date`, for plans that try many days."""
    today = request.assessment_date.toordinal()
    child = Child(edition.law(_known(request)), request)
    judge_doses(child)
    return _series_forecast(child, child.law.series[code], today, None)


class _Later:
    """The same child under the laws that come into force after today."""

    def __init__(self, edition: Edition, request: ForecastRequest, today: int, codes: frozenset[str] | None) -> None:
        self._edition = edition
        self._codes = codes
        self._request = request
        self._children: dict[int, Child] = {}
        self.days = [day for day in edition.turning_days if day > today]

    def prospect(self, code: str, day: int) -> Prospect:
        """The prospect of a series under the law of a later day."""
        child = self._children.get(day)
        if child is None:
            child = self._children[day] = Child(self._edition.law(day), self._request)
            judge_doses(child, self._codes)
        return Prospect(child, child.law.series[code])


def _series_forecast(child: Child, series: Series, today: int, later: _Later | None) -> SeriesForecast:
    prospect = Prospect(child, series)
    if prospect.standing is not None and (later is None or not later.days):
        return _closed(child, series, prospect.standing)
    outcome = prospect.at(today)
    until = _valid_until(prospect, outcome, series.code, today, later)
    if outcome.closed is None or until is not None or outcome.latest is not None:
        return _entry(series, outcome, until, reasons_of(child, series, prospect, outcome, today))
    return _closed(child, series, outcome)


def _closed(child: Child, series: Series, outcome: Outcome) -> SeriesForecast:
    """The forecast of a series that is shut for good, which says nothing about the child."""
    key = (series.code, id(outcome.why))
    entry = child.law.closed.get(key)
    if entry is None:
        reasons = () if outcome.why is None else (outcome.why,)
        entry = child.law.closed[key] = _entry(series, outcome, None, reasons)
    return entry


def _entry(series: Series, outcome: Outcome, until: int | None, reasons: tuple[Reason, ...]) -> SeriesForecast:
    return SeriesForecast(
        series.code,
        series.group,
        outcome.status,
        outcome.dose_number,
        outcome.doses_remaining,
        _date(outcome.earliest),
        _date(outcome.recommended),
        _date(outcome.past_due),
        _date(outcome.latest),
        _date(until),
        reasons,
        outcome.basis,
        outcome.closed,
        _date(outcome.overdue_from),
        outcome.products,
    )


def _date(day: int | None) -> date | None:
    """A day of the calendar; None too where a rule that names no end would last until the end of all days."""
    return None if day is None or day >= DOOM else _from_day(day)


def _valid_until(prospect: Prospect, now: Outcome, code: str, today: int, later: _Later | None) -> int | None:
    """The first later day on which anything but the due status changes, as each law in turn has it."""
    if later is not None:
        for law_day in later.days:
            changed = prospect.first_change(now, today)
            if changed is not None and changed < law_day:
                return changed
            today, prospect = law_day, later.prospect(code, law_day)
            if prospect.at(today) != now:
                return today
    return prospect.first_change(now, today)
