"""Selects the best patient series of one antigen (chapter 8)."""

from collections.abc import Callable, Iterable, Sequence

from schedule.cdsi.forecasting import current_age
from schedule.cdsi.model import SeriesType
from schedule.cdsi.patient import Patient
from schedule.cdsi.patient_series import EvaluationStatus, PatientSeries, SeriesStatus
from schedule.days import NEVER, add

Scored = Sequence[PatientSeries]


def best_series(relevant: Scored, patient: Patient) -> list[PatientSeries]:
    """The best patient series, at most one a series group (table 8-14)."""
    groups = dict.fromkeys(one.series.group for one in relevant)
    prioritized = {}
    for group in groups:
        found = prioritized_series([one for one in relevant if one.series.group == group], patient)
        if found is not None:
            prioritized[group] = found
    return [one for one in prioritized.values() if _is_best(one, prioritized)]


def _is_best(one: PatientSeries, prioritized: dict[str, PatientSeries]) -> bool:
    if is_complete(one):
        return True
    equivalents = [prioritized[group] for group in one.series.equivalent_groups if group in prioritized]
    if any(is_complete(other) for other in equivalents) or one.series.type is SeriesType.EVALUATION_ONLY:
        return False
    return one.series.type is SeriesType.RISK or not any(other.series.type is SeriesType.RISK for other in equivalents)


def is_complete(one: PatientSeries) -> bool:
    """SELECTB-6."""
    return bool(one.satisfied) and one.status is SeriesStatus.COMPLETE


def is_in_process(one: PatientSeries) -> bool:
    """SELECTB-16."""
    return bool(one.satisfied) and one.status is SeriesStatus.NOT_COMPLETE


def prioritized_series(group: Scored, patient: Patient) -> PatientSeries | None:
    """The one series that stands for its series group (8.1 to 8.7)."""
    scorable = _scorable(group, patient)
    default = next((one for one in group if one.series.default), None)
    if len(scorable) <= 1:
        return scorable[0] if scorable else default
    complete = [one for one in scorable if is_complete(one)]
    in_process = [one for one in scorable if is_in_process(one)]
    if complete:
        return _best_scored(complete, _score_complete)
    if in_process:
        return _best_scored(in_process, lambda series: _score_in_process(series, patient))
    if default is not None:
        return default
    return _best_scored(scorable, lambda series: _score_no_valid_doses(series, patient))


def _scorable(group: Scored, patient: Patient) -> Scored:
    """The pre-filter (SELECTB-24, SELECTSCORE-2)."""
    highest = min((one.series.priority for one in group if one.series.type is SeriesType.RISK), default="")
    untouched = not any(one.satisfied for one in group) and not any(one.series.default for one in group)
    scorable = [one for one in group if _is_scorable(one, patient, highest, untouched=untouched)]
    candidates = [one for one in scorable if one.status is not SeriesStatus.CONTRAINDICATED]
    if len(candidates) == len(scorable) or all(one.status is SeriesStatus.CONTRAINDICATED for one in group):
        return scorable
    return candidates


def _is_scorable(one: PatientSeries, patient: Patient, highest_priority: str, *, untouched: bool) -> bool:
    if one.series.type is SeriesType.RISK:
        return one.series.priority == highest_priority
    if one.series.type is SeriesType.EVALUATION_ONLY:
        return is_complete(one)
    if one.satisfied:
        return one.first_valid_day() < patient.until_age(one.series.max_age_to_start)
    return untouched


Scores = list[int]


def _best_scored(series: Scored, score: Callable[[Scored], Scores]) -> PatientSeries:
    """The highest score, then the best ranked preference (SELECTBEST-2)."""
    if len(series) == 1:
        return series[0]
    ranked = zip(score(series), series, strict=True)
    return max(ranked, key=lambda scored: (scored[0], -scored[1].series.preference))[1]


def _award(true: Iterable[bool], points: int, *, shared: int | None = None) -> Scores:
    """Points where a condition is true, as many less where not; another number where it is true for several."""
    truths = list(true)
    several = shared is not None and sum(truths) > 1
    return [(shared if several and shared is not None else points) if one else -points for one in truths]


def _leads(values: Sequence[int]) -> list[bool]:
    return [value == max(values) for value in values]


def _sum(*scores: Scores) -> Scores:
    return [sum(column) for column in zip(*scores, strict=True)]


def _score_complete(series: Scored) -> Scores:
    """Table 8-7."""
    return _award(_leads([len(one.satisfied) for one in series]), 1, shared=0)


def _score_in_process(series: Scored, patient: Patient) -> Scores:
    """Table 8-9."""
    finishes, completable = _finishes(series, patient)
    return _sum(
        _award((one.series.product_path and _all_valid(one) for one in series), 2),
        _award(completable, 3),
        _award(_leads([len(one.satisfied) for one in series]), 2, shared=0),
        _award(_leads([-one.unsatisfied for one in series]), 2, shared=0),
        _award(_finishes_earliest(finishes, completable), 1, shared=0),
    )


def _score_no_valid_doses(series: Scored, patient: Patient) -> Scores:
    """Table 8-11."""
    starts = [NEVER if one.dates is None else one.dates.earliest.limit for one in series]
    return _sum(
        _award((start < NEVER and start == min(starts) for start in starts), 1, shared=0),
        _award(_finishes(series, patient)[1], 1),
        _award([not one.series.product_path for one in series], 1),
    )


def _all_valid(one: PatientSeries) -> bool:
    """SELECTB-2: every evaluation counts, not the last one alone."""
    return all(evaluation.status is EvaluationStatus.VALID for evaluation in one.evaluations)


def _finishes(series: Scored, patient: Patient) -> tuple[list[int], list[bool]]:
    finishes = [finish_day(one, patient) for one in series]
    return finishes, [is_completable(one, finish, patient) for one, finish in zip(series, finishes, strict=True)]


def finish_day(one: PatientSeries, patient: Patient) -> int:
    """The forecast finish date (SELECTB-12): after the next dose the others, each after its longest minimum interval."""
    if one.dates is None:
        return NEVER
    day = one.dates.earliest.limit
    for dose in one.series.doses[one.target + 1 :]:
        in_use = (rule for rule in dose.intervals if patient.within(rule.effective, rule.cessation + 1))
        day = max((add(day, rule.minimum) for rule in in_use if rule.minimum is not None), default=day)
    return day


def is_completable(one: PatientSeries, finish: int, patient: Patient) -> bool:
    """SELECTB-3: a series whose last dose has no maximum age can always be completed."""
    maximum = current_age(one.series.doses[-1].ages, patient).maximum
    return one.dates is not None and (maximum is None or finish < patient.ages[maximum])


def _finishes_earliest(finishes: Sequence[int], completable: Sequence[bool]) -> list[bool]:
    """SELECTB-11."""
    first = min((finish for finish, possible in zip(finishes, completable, strict=True) if possible), default=NEVER)
    return [possible and finish == first for finish, possible in zip(finishes, completable, strict=True)]
