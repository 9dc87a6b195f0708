"""From which day an interval is measured (CALCDTINT-1, -2, -8 and -9)."""

from schedule.cdsi.model import IntervalRule
from schedule.cdsi.patient import Dose, Patient
from schedule.cdsi.patient_series import EvaluationStatus, PatientSeries

_COUNTED = (EvaluationStatus.VALID, EvaluationStatus.NOT_VALID)


def reference_day(rule: IntervalRule, patient_series: PatientSeries, patient: Patient, dose: Dose | None) -> int | None:
    """The day an interval starts, None where there is nothing to measure from.

    Args:
        rule: The interval.
        patient_series: The series so far.
        patient: The patient.
        dose: The dose under evaluation; None in a forecast.
    """
    if rule.from_previous:
        return _previous_dose(patient_series)
    if rule.from_target_dose is not None:
        return patient_series.day_satisfied(rule.from_target_dose)
    if rule.from_most_recent:
        return _most_recent(rule.from_most_recent, patient_series, patient, dose)
    return patient.observations.get(rule.from_observation)


def _previous_dose(patient_series: PatientSeries) -> int | None:
    evaluations = patient_series.evaluations
    for place in range(len(evaluations) - 1, -1, -1):
        evaluation = evaluations[place]
        if evaluation.status in _COUNTED and not evaluation.inadvertent:
            return patient_series.records[place].day
    return None


def _most_recent(vaccines: frozenset[str], patient_series: PatientSeries, patient: Patient, dose: Dose | None) -> int | None:
    """The last dose of certain vaccines in the whole history, whatever antigen they are for."""
    found = None
    for earlier in patient.doses:
        if earlier is dose:
            break
        if earlier.cvx in vaccines and earlier.place not in patient_series.inadvertent:
            found = earlier.day
    return found
