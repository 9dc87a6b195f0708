"""Conditional skip (6.2, 7.1, 7.6): may a target dose be left out?"""

from schedule.cdsi.model import ConditionalSkip, CountLogic, SkipCondition, SkipKind, SkipSet
from schedule.cdsi.patient import Dose, Patient
from schedule.cdsi.patient_series import EvaluationStatus, PatientSeries
from schedule.days import NEVER, add


class SkipContext:
    """The moment at which skipping is asked: the doses before it, and the reference date (CONDSKIP-2).

    While a dose is evaluated, `dose` is that dose: it is not counted itself. In a forecast it is None.
    """

    __slots__ = ("completed_groups", "dose", "patient", "patient_series", "reference")

    def __init__(self, patient: Patient, patient_series: PatientSeries, completed_groups: frozenset[str]) -> None:
        self.patient = patient
        self.patient_series = patient_series
        self.completed_groups = completed_groups
        self.dose: Dose | None = None
        self.reference = patient.assessment

    def at_dose(self, dose: Dose) -> None:
        """Ask while a dose is evaluated."""
        self.dose = dose
        self.reference = dose.day

    def at_forecast(self, reference: int) -> None:
        """Ask for a forecast, as of the assessment date or of the earliest date found."""
        self.dose = None
        self.reference = reference

    def within(self, first: int, end: int) -> bool:
        """Whether the reference date is on or after a first day and before an end."""
        if self.dose is None and self.reference == self.patient.assessment:
            return self.patient.within(first, end)
        return first <= self.reference < end

    def in_force(self, effective: int, cessation: int) -> bool:
        """Whether a set is to be used: for a dose on its day, for a forecast on the assessment date."""
        if self.dose is None:
            return self.patient.within(effective, cessation + 1)
        return effective <= self.dose.day <= cessation


def can_skip(skips: tuple[ConditionalSkip, ...], context: SkipContext) -> bool:
    """Whether any conditional skip applies (tables 6-6 to 6-11)."""
    return bool(skips) and any(_skip_applies(skip, context) for skip in skips)


def _skip_applies(skip: ConditionalSkip, context: SkipContext) -> bool:
    relevant = False
    for one in skip.sets:
        if context.in_force(one.effective, one.cessation):
            relevant = True
            if _set_is_met(one, context) != skip.all_needed:
                return not skip.all_needed
    return relevant and skip.all_needed


def _set_is_met(one: SkipSet, context: SkipContext) -> bool:
    for condition in one.conditions:
        if _is_met(condition, context) != one.all_needed:
            return not one.all_needed
    return one.all_needed


def _is_met(condition: SkipCondition, context: SkipContext) -> bool:
    kind = condition.kind
    if kind is SkipKind.AGE:
        patient = context.patient
        return context.within(patient.from_age(condition.begin_age), patient.until_age(condition.end_age))
    if kind is SkipKind.VACCINE_COUNT:
        return _count_is_met(condition, _count(condition, context))
    if kind is SkipKind.COMPLETED_SERIES:
        return not context.completed_groups.isdisjoint(condition.series_groups)
    return _interval_is_met(condition, context)


def _count_is_met(condition: SkipCondition, count: int) -> bool:
    if condition.logic is CountLogic.GREATER:
        return count > condition.count
    return count == condition.count if condition.logic is CountLogic.EQUAL else count < condition.count


def _count(condition: SkipCondition, context: SkipContext) -> int:
    """The number of conditional doses administered before the moment asked for (CONDSKIP-1)."""
    patient = context.patient
    first = max(patient.from_age(condition.begin_age), patient.in_season(condition.start, condition.season))
    end = min(patient.until_age(condition.end_age), patient.in_season(condition.end, condition.season))
    if condition.valid_only:
        return _valid_doses(condition, context.patient_series, first, end)
    return _all_doses(condition, context, first, end)


def _valid_doses(condition: SkipCondition, patient_series: PatientSeries, first: int, end: int) -> int:
    count = 0
    for dose, evaluation in zip(patient_series.records, patient_series.evaluations, strict=False):
        if evaluation.status is EvaluationStatus.VALID and first <= dose.day < end:
            count += not condition.vaccines or dose.cvx in condition.vaccines
    return count


def _all_doses(condition: SkipCondition, context: SkipContext, first: int, end: int) -> int:
    """Doses of any status; a list of vaccines may name some that do not contain the antigen."""
    count = 0
    for dose in context.patient.doses if condition.vaccines else context.patient_series.records:
        if dose is context.dose:
            break
        if first <= dose.day < end:
            count += not condition.vaccines or dose.cvx in condition.vaccines
    return count


def _interval_is_met(condition: SkipCondition, context: SkipContext) -> bool:
    """From the immediate previous dose, where there is one (CALCDTSKIP-5)."""
    records, done = context.patient_series.records, len(context.patient_series.evaluations)
    if not done or condition.interval is None:
        return False
    return context.within(add(records[done - 1].day, condition.interval), NEVER)
