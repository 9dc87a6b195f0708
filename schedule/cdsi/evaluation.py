"""Evaluates the immunization history against one series, dose by dose (4.4 and chapter 6)."""

from collections.abc import Mapping

from schedule.cdsi.intervals import reference_day
from schedule.cdsi.model import AgeRule, Conflict, IntervalRule, SeriesDose, VaccineRule
from schedule.cdsi.patient import Dose, Patient
from schedule.cdsi.patient_series import DoseEvaluation, EvaluationStatus, Finding, PatientSeries
from schedule.cdsi.skip import SkipContext, can_skip
from schedule.days import add

Conflicts = Mapping[str, Mapping[str, Conflict]]
Verdict = tuple[bool, tuple[Finding, ...]]
"""Whether a step is passed, and what was found on the way."""

_NOTHING: tuple[Finding, ...] = ()
_PASSED: Verdict = (True, _NOTHING)
_LEFT_OVER = DoseEvaluation(EvaluationStatus.EXTRANEOUS, 0, (Finding("series.already_complete"),))


def evaluate_history(patient_series: PatientSeries, patient: Patient, conflicts: Conflicts, skip: SkipContext) -> None:
    """Walk through doses and target doses until either runs out; what is left over is extraneous (figure 4-6)."""
    for dose in patient_series.records:
        if dose.sub_standard and patient_series.target_dose is not None:
            patient_series.evaluations.append(_sub_standard(patient_series.target_dose))
            continue
        skip.at_dose(dose)
        target = _next_target(patient_series, skip)
        if target is None:
            patient_series.evaluations.append(_LEFT_OVER)
            continue
        evaluation = evaluate_dose(dose, target, patient_series, patient, conflicts)
        patient_series.evaluations.append(evaluation)
        _advance(patient_series, dose, target, evaluation)


def _sub_standard(target: SeriesDose) -> DoseEvaluation:
    """Such a dose is not looked at any further (6.1)."""
    return DoseEvaluation(EvaluationStatus.SUB_STANDARD, target.number, (Finding("dose.sub_standard"),))


def _next_target(patient_series: PatientSeries, skip: SkipContext) -> SeriesDose | None:
    target = patient_series.target_dose
    while target is not None and can_skip(target.skips_in_evaluation, skip):
        patient_series.target += 1
        target = patient_series.target_dose
    return target


def _advance(patient_series: PatientSeries, dose: Dose, target: SeriesDose, evaluation: DoseEvaluation) -> None:
    """A satisfied target dose gives way to the next one, unless it recurs."""
    if evaluation.inadvertent:
        patient_series.inadvertent.add(dose.place)
    if evaluation.status is EvaluationStatus.VALID:
        patient_series.satisfied.append((target, dose))
        patient_series.target += not target.recurring


def evaluate_dose(
    dose: Dose, target: SeriesDose, patient_series: PatientSeries, patient: Patient, conflicts: Conflicts
) -> DoseEvaluation:
    """Evaluate one dose against one target dose (6.3 to 6.10)."""
    if dose.cvx in target.inadvertent:
        found = (Finding("vaccine.inadvertent"),)
        return DoseEvaluation(EvaluationStatus.NOT_VALID, target.number, found, inadvertent=True)
    age_status, age_findings = _evaluate_age(dose, target.ages, patient)
    interval_passed, interval_findings = _evaluate_intervals(dose, target, patient_series, patient)
    undisturbed, conflict_findings = _evaluate_conflict(dose, patient_series, patient, conflicts)
    vaccine_passed, vaccine_findings = _evaluate_vaccine(dose, target, patient)
    status = age_status
    if status is EvaluationStatus.VALID and not (interval_passed and undisturbed and vaccine_passed):
        status = EvaluationStatus.NOT_VALID
    findings = age_findings + interval_findings + conflict_findings + vaccine_findings
    return DoseEvaluation(status, target.number, findings)


def relevant_age(ages: tuple[AgeRule, ...], day: int) -> AgeRule | None:
    """The age rule in use on a day (RELEVANT-1, RELEVANT-2)."""
    for rule in ages:
        if rule.effective <= day <= rule.cessation:
            return rule
    return None


def _evaluate_age(dose: Dose, ages: tuple[AgeRule, ...], patient: Patient) -> tuple[EvaluationStatus, tuple[Finding, ...]]:
    """Table 6-15."""
    rule = relevant_age(ages, dose.day)
    if rule is None:
        return EvaluationStatus.VALID, ()
    if dose.day >= (maximum := patient.until_age(rule.maximum)):
        return EvaluationStatus.EXTRANEOUS, (Finding("age.too_old", maximum),)
    absolute, minimum = patient.from_age(rule.absolute_minimum), patient.from_age(rule.minimum)
    if dose.day < absolute:
        return EvaluationStatus.NOT_VALID, (Finding("age.too_young", absolute),)
    return EvaluationStatus.VALID, () if dose.day >= minimum else (Finding("age.grace_period", minimum),)


def _evaluate_intervals(dose: Dose, target: SeriesDose, patient_series: PatientSeries, patient: Patient) -> Verdict:
    """All preferable intervals must be kept, or else all allowable ones (6.5, 6.6)."""
    if not target.intervals:
        return _PASSED
    passed, findings = _keeps_all(target.intervals, dose, patient_series, patient)
    if passed or not target.allowable_intervals:
        return passed, findings
    if _keeps_all(target.allowable_intervals, dose, patient_series, patient)[0]:
        return True, (Finding("interval.allowable"),)
    return False, findings


def _keeps_all(rules: tuple[IntervalRule, ...], dose: Dose, patient_series: PatientSeries, patient: Patient) -> Verdict:
    """Table 6-18."""
    passed, findings = True, _NOTHING
    for rule in rules:
        if not rule.effective <= dose.day <= rule.cessation:
            continue
        start = reference_day(rule, patient_series, patient, dose)
        if start is None:
            continue
        if rule.absolute_minimum is not None and dose.day < (limit := add(start, rule.absolute_minimum)):
            passed = False
            findings += (Finding("interval.too_soon", limit, start),)
        elif rule.minimum is not None and dose.day < (limit := add(start, rule.minimum)):
            findings += (Finding("interval.grace_period", limit, start),)
    return passed, findings


def _evaluate_conflict(dose: Dose, patient_series: PatientSeries, patient: Patient, conflicts: Conflicts) -> Verdict:
    """Whether an earlier vaccine of any antigen disturbs this one (CONFLICT-3)."""
    disturbing = conflicts.get(dose.cvx)
    if disturbing is None:
        return _PASSED
    for earlier in patient.doses:
        if earlier.day >= dose.day:
            break
        conflict = disturbing.get(earlier.cvx)
        if conflict is None:
            continue
        end = add(earlier.day, conflict.minimum_end if _counts_as_valid(earlier, patient_series) else conflict.end)
        if add(earlier.day, conflict.begin) <= dose.day < end:
            return False, (Finding("conflict.vaccine", end, earlier.day),)
    return _PASSED


def _counts_as_valid(earlier: Dose, patient_series: PatientSeries) -> bool:
    """A dose without an evaluation in this series is treated like a valid one (CALCDTCONFLICT-2)."""
    for dose, evaluation in zip(patient_series.records, patient_series.evaluations, strict=False):
        if dose is earlier:
            return evaluation.status is EvaluationStatus.VALID
    return True


def _evaluate_vaccine(dose: Dose, target: SeriesDose, patient: Patient) -> Verdict:
    """Preferable or else allowable (6.8, 6.9)."""
    if _among(dose, target.preferable, patient) or _among(dose, target.allowable, patient):
        return _PASSED
    if dose.cvx in target.preferable or dose.cvx in target.allowable:
        return False, (Finding("vaccine.not_at_this_age_or_brand"),)
    return False, (Finding("vaccine.not_preferable_or_allowable"),)


def _among(dose: Dose, rules: Mapping[str, tuple[VaccineRule, ...]], patient: Patient) -> bool:
    for rule in rules.get(dose.cvx, ()):
        right_brand = not rule.manufacturer or rule.manufacturer == dose.manufacturer
        if right_brand and patient.from_age(rule.begin) <= dose.day < patient.until_age(rule.end):
            return True
    return False
