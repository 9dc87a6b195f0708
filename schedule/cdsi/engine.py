"""From a request to an answer: the processing model of the CDSi logic specification (chapter 4)."""

from schedule.cdsi.answer import answer
from schedule.cdsi.evaluation import evaluate_history
from schedule.cdsi.forecasting import circumstances, forecast_series
from schedule.cdsi.groups import group_forecast
from schedule.cdsi.model import Antigen, Indication, Series, SeriesType, SupportingData
from schedule.cdsi.patient import Patient
from schedule.cdsi.patient_series import PatientSeries
from schedule.cdsi.selection import best_series, is_complete
from schedule.cdsi.skip import SkipContext
from schedule.contract import ForecastAnswer, ForecastRequest

_NONE: frozenset[str] = frozenset()


def forecast(data: SupportingData, request: ForecastRequest) -> ForecastAnswer:
    """Evaluate and forecast one patient in all vaccine groups.

    Raises:
        BadLine: The request cannot be used.
    """
    patient = Patient(data, request)
    best = {antigen.name: best_series(patient_series(data, antigen, patient), patient) for antigen in data.antigens.values()}
    forecasts = [
        (group, group_forecast(group, [one for antigen in group.antigens for one in best[antigen]], patient))
        for group in data.vaccine_groups
    ]
    return answer(data, request, patient, forecasts)


def patient_series(data: SupportingData, antigen: Antigen, patient: Patient) -> list[PatientSeries]:
    """All relevant patient series of one antigen, evaluated and forecast (chapters 5 to 7)."""
    relevant = [series for series in antigen.series if is_relevant(series, patient)]
    if not relevant:
        return []
    records = patient.records.get(antigen.name, [])
    shared = circumstances(antigen, patient)
    done: list[PatientSeries] = []
    for series in relevant:
        one = PatientSeries(series, records)
        skip = SkipContext(patient, one, _completed_groups(series, done))
        evaluate_history(one, patient, data.conflicts, skip)
        forecast_series(one, patient, shared, skip)
        done.append(one)
    return done


def _completed_groups(series: Series, done: list[PatientSeries]) -> frozenset[str]:
    if not series.needs_completed_series:
        return _NONE
    return frozenset(one.series.group for one in done if is_complete(one))


def is_relevant(series: Series, patient: Patient) -> bool:
    """Table 5-5."""
    if series.genders and patient.sex not in series.genders:
        return False
    if series.type is not SeriesType.RISK:
        return True
    return bool(patient.observations) and any(_applies(indication, patient) for indication in series.indications)


def _applies(indication: Indication, patient: Patient) -> bool:
    """Table 5-4."""
    if indication.observation not in patient.observations:
        return False
    return patient.from_age(indication.begin) <= patient.assessment < patient.until_age(indication.end)
