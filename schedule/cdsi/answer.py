"""Puts what the engine found into the words of the forecast contract."""

from collections.abc import Sequence
from datetime import date

from schedule.cdsi.advice import guidance, recommended_vaccines
from schedule.cdsi.groups import GroupForecast
from schedule.cdsi.model import SupportingData, VaccineGroup
from schedule.cdsi.patient import Patient
from schedule.cdsi.patient_series import DoseEvaluation, PatientSeries
from schedule.cdsi.reasons import evaluation_reasons, forecast_reasons, no_series_reasons
from schedule.contract import DoseVerdict, Evaluation, ForecastRequest, SeriesForecast

Forecasts = Sequence[tuple[VaccineGroup, GroupForecast]]

_NO_SERIES = no_series_reasons()


def verdicts(data: SupportingData, request: ForecastRequest, patient: Patient, forecasts: Forecasts) -> tuple[DoseVerdict, ...]:
    """Per dose, in the order of the request, how the best series of each antigen evaluated it."""
    own: list[list[Evaluation]] = [[] for _ in request.doses]
    for group, forecast in forecasts:
        for one, dose, evaluation in forecast.evaluations():
            own[dose.place].append(_evaluation(one, group, evaluation))
    groups = {evaluation.vaccine_group for evaluations in own for evaluation in evaluations}
    for dose in patient.doses:
        own[dose.place] += _repeated(own[dose.place], [group for group in groups if dose.cvx in data.bearing[group]])
    return tuple(DoseVerdict(evaluations=tuple(evaluations)) for evaluations in own)


def _evaluation(one: PatientSeries, group: VaccineGroup, evaluation: DoseEvaluation) -> Evaluation:
    return Evaluation(
        series=one.series.name,
        antigen=one.series.antigen,
        vaccine_group=group.name,
        target_dose=evaluation.target or None,
        status=evaluation.status.value,
        reasons=evaluation_reasons(evaluation),
    )


def _repeated(own: Sequence[Evaluation], groups: Sequence[str]) -> list[Evaluation]:
    """The same verdicts under every other group of this patient whose rules look at the vaccine.

    Whoever reads one group sees there each dose that its dates and verdicts were measured from.
    """
    there = {evaluation.vaccine_group for evaluation in own}
    return [
        Evaluation(one.series, one.antigen, group, one.target_dose, one.status, one.reasons)
        for group in sorted(groups)
        if group not in there
        for one in own
    ]


def series_forecast(data: SupportingData, group: VaccineGroup, forecast: GroupForecast, patient: Patient) -> SeriesForecast:
    """The forecast of one vaccine group."""
    if not forecast.contained:
        return SeriesForecast(group.name, group.name, forecast.status.value, reasons=_NO_SERIES)
    return SeriesForecast(
        series="; ".join(one.series.name for one in forecast.contained),
        vaccine_group=group.name,
        status=forecast.status.value,
        dose_number=forecast.dose_number,
        earliest=_date(forecast.earliest),
        recommended=_date(forecast.recommended),
        past_due=_date(forecast.past_due),
        latest=_date(forecast.latest),
        reasons=forecast_reasons(forecast, guidance(data, forecast, patient)),
        products=recommended_vaccines(data, forecast, patient),
    )


def _date(day: int | None) -> date | None:
    return None if day is None else date.fromordinal(day)
