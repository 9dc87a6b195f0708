"""The forecast of one child: judge the doses given, then forecast every series (CDSi chapters 6 and 7)."""

from datetime import date

from schedule.contract import ForecastAnswer, ForecastRequest, SeriesForecast
from schedule.japan.child import Child
from schedule.japan.edition import Edition
from schedule.japan.explaining import reasons_of
from schedule.japan.judging import judge_doses
from schedule.japan.projecting import Outcome, Prospect

_from_day = date.fromordinal


def forecast(edition: Edition, request: ForecastRequest) -> ForecastAnswer:
    """Forecast one child; `due_status` is left out and derived on reading.

    The law known is that of `rule_date`. Where it is None the law moves on with the day of asking, and `valid_until`
    takes the days into account on which a rule comes into force.
    """
    today = request.assessment_date.toordinal()
    known = today if request.rule_date is None else request.rule_date.toordinal()
    child = Child(edition.law(known), request)
    doses = judge_doses(child)
    later = _Later(edition, request, today) if request.rule_date is None else None
    forecasts = tuple([_series_forecast(child, code, today, later) for code in child.law.series])
    return ForecastAnswer(request.id, doses, forecasts)


class _Later:
    """The same child under the laws that come into force after today."""

    def __init__(self, edition: Edition, request: ForecastRequest, today: int) -> None:
        self._edition = edition
        self._request = request
        self._children: dict[int, Child] = {}
        self.days = [day for day in edition.turning_days if day > today]

    def outcome(self, code: str, day: int) -> Outcome:
        """The outcome of a series on the day a law comes into force."""
        child = self._children.get(day)
        if child is None:
            child = self._children[day] = Child(self._edition.law(day), self._request)
            judge_doses(child)
        return Prospect(child, child.law.series[code]).at(day)


def _series_forecast(child: Child, code: str, today: int, later: _Later | None) -> SeriesForecast:
    series = child.law.series[code]
    prospect = Prospect(child, series)
    outcome = prospect.at(today)
    until = _valid_until(prospect, outcome, code, today, later)
    return SeriesForecast(
        code,
        series.group,
        outcome.status,
        outcome.dose_number,
        outcome.doses_remaining,
        _date(outcome.earliest),
        _date(outcome.recommended),
        _date(outcome.past_due),
        _date(outcome.latest),
        _date(until),
        reasons_of(child, series, prospect, outcome, today),
        outcome.basis,
        outcome.closed,
        _date(outcome.overdue_from),
        outcome.products,
    )


def _date(day: int | None) -> date | None:
    return None if day is None else _from_day(day)


def _valid_until(prospect: Prospect, now: Outcome, code: str, today: int, later: _Later | None) -> int | None:
    """The first later day on which anything but the due status changes."""
    until = None
    for day in prospect.turning_days(today):
        if prospect.at(day) != now:
            until = day
            break
    if later is not None:
        for day in later.days:
            if until is not None and day >= until:
                break
            if later.outcome(code, day) != now:
                return day
    return until
