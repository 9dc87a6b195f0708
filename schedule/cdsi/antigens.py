"""All patient series of one antigen: which are relevant, and what becomes of each (chapters 5 to 7)."""

from functools import partial

from schedule.cdsi.evaluation import evaluate_history
from schedule.cdsi.forecasting import circumstances, forecast_series
from schedule.cdsi.model import Antigen, Indication, Series, SeriesType, SupportingData
from schedule.cdsi.patient import Patient
from schedule.cdsi.patient_series import PatientSeries
from schedule.cdsi.selection import is_complete
from schedule.cdsi.skip import SkipContext

_NONE: frozenset[str] = frozenset()


def patient_series(data: SupportingData, antigen: Antigen, patient: Patient) -> list[PatientSeries]:
    """All relevant patient series of one antigen, evaluated and forecast (chapters 5 to 7)."""
    candidates = antigen.series if patient.observations else antigen.common_series
    relevant = [series for series in candidates if is_relevant(series, patient)]
    if not relevant:
        return []
    records = patient.records.get(antigen.name, [])
    shared = circumstances(antigen, patient)
    done: list[PatientSeries] = []
    for series in relevant:
        one = PatientSeries(series, records)
        skip = SkipContext(patient, one, _completed_groups(series, done))
        evaluate_history(one, patient, data.conflicts, skip)
        one.forecast_by(partial(forecast_series, one, patient, shared, skip))
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
    return any(_applies(indication, patient) for indication in series.indications)


def _applies(indication: Indication, patient: Patient) -> bool:
    """Table 5-4."""
    if indication.observation not in patient.observations:
        return False
    return patient.within(patient.from_age(indication.begin), patient.until_age(indication.end))
