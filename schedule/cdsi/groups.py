"""Combines best patient series into one forecast a vaccine group (chapter 9)."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from schedule.cdsi.model import SeriesType, VaccineGroup
from schedule.cdsi.patient import Dose, Patient
from schedule.cdsi.patient_series import DoseEvaluation, EvaluationStatus, PatientSeries, SeriesStatus
from schedule.days import BEGINNING

_WORST_FIRST = (
    SeriesStatus.CONTRAINDICATED,
    SeriesStatus.AGED_OUT,
    SeriesStatus.NOT_RECOMMENDED,
    SeriesStatus.NOT_COMPLETE,
)
_MOST_TELLING_FIRST = (
    SeriesStatus.NOT_COMPLETE,
    SeriesStatus.CONTRAINDICATED,
    SeriesStatus.IMMUNE,
    SeriesStatus.COMPLETE,
    SeriesStatus.NOT_RECOMMENDED,
    SeriesStatus.AGED_OUT,
)


class GroupForecast(Struct, frozen=True, gc=False):
    """A vaccine group forecast.

    `contained` are the patient series it is made from; `best` are all best patient series of the group, those first.
    """

    status: SeriesStatus
    contained: tuple[PatientSeries, ...]
    best: tuple[PatientSeries, ...]
    dose_number: int | None = None
    earliest: int | None = None
    recommended: int | None = None
    past_due: int | None = None
    latest: int | None = None

    def evaluations(self) -> Iterable[tuple[PatientSeries, Dose, DoseEvaluation]]:
        """Per antigen and dose the one evaluation that counts: a valid one, else that of the series shown."""
        chosen: dict[tuple[str, int], tuple[PatientSeries, Dose, DoseEvaluation]] = {}
        for one in self.best:
            for dose, evaluation in zip(one.records, one.evaluations, strict=True):
                key = (one.series.antigen, dose.place)
                if key not in chosen or _improves(evaluation, chosen[key][2]):
                    chosen[key] = (one, dose, evaluation)
        return chosen.values()


def _improves(evaluation: DoseEvaluation, other: DoseEvaluation) -> bool:
    return evaluation.status is EvaluationStatus.VALID and other.status is not EvaluationStatus.VALID


def group_forecast(group: VaccineGroup, best: Sequence[PatientSeries], patient: Patient) -> GroupForecast:
    """The vaccine group forecast (9.1 to 9.3) from the best series of its antigens.

    Where several series groups are in play only series of one type are blended, and the more telling forecast is given.
    """
    begun = [one for one in best if patient.reached(patient.from_age(one.series.min_age_to_start))] or best
    if not begun:
        return GroupForecast(SeriesStatus.NOT_RECOMMENDED, (), ())
    risk = [one for one in begun if one.series.type is SeriesType.RISK]
    standard = [one for one in begun if one.series.type is not SeriesType.RISK]
    contained = min((_one_an_antigen(group, part) for part in (risk, standard) if part), key=_telling)
    ordered = (*contained, *(one for one in begun if one not in contained))
    contained = _without_contraindicated(group, contained)
    status = _status(contained)
    if status is not SeriesStatus.NOT_COMPLETE:
        return GroupForecast(status, contained, ordered)
    return _dated(group, contained, ordered, patient)


def _one_an_antigen(group: VaccineGroup, part: Sequence[PatientSeries]) -> tuple[PatientSeries, ...]:
    """Of several series groups of one antigen, the one that says most."""
    mine = ([one for one in part if one.series.antigen == antigen] for antigen in group.antigens)
    return tuple(min(of_antigen, key=lambda one: _MOST_TELLING_FIRST.index(one.status)) for of_antigen in mine if of_antigen)


def _without_contraindicated(group: VaccineGroup, contained: tuple[PatientSeries, ...]) -> tuple[PatientSeries, ...]:
    """Where antigens need not be given together, a contraindicated one does not withhold the others.

    Table 9-4 alone would: a child who must not have pertussis vaccine would then get no diphtheria-tetanus vaccine.
    """
    if group.administer_full:
        return contained
    others = tuple(one for one in contained if one.status is not SeriesStatus.CONTRAINDICATED)
    return others if any(one.status is SeriesStatus.NOT_COMPLETE for one in others) else contained


def _telling(contained: Sequence[PatientSeries]) -> int:
    return _MOST_TELLING_FIRST.index(_status(contained))


def _status(contained: Sequence[PatientSeries]) -> SeriesStatus:
    """Table 9-4; for a single antigen the only status there is."""
    statuses = {one.status for one in contained}
    for status in _WORST_FIRST:
        if status in statuses:
            return status
    return SeriesStatus.IMMUNE if statuses == {SeriesStatus.IMMUNE} else SeriesStatus.COMPLETE


def _dated(
    group: VaccineGroup, contained: tuple[PatientSeries, ...], best: tuple[PatientSeries, ...], patient: Patient
) -> GroupForecast:
    forecasts = [one for one in contained if one.dates is not None]
    dates = [one.dates for one in forecasts if one.dates is not None]
    earliest = _earliest(group, forecasts, patient)
    past_dues = [one.past_due for one in dates if one.past_due is not None]
    numbers = [_forecast_dose_number(antigen, best, patient) for antigen in {one.series.antigen for one in forecasts}]
    return GroupForecast(
        status=SeriesStatus.NOT_COMPLETE,
        contained=contained,
        best=best,
        dose_number=min(numbers) if group.administer_full else max(numbers),
        earliest=earliest,
        recommended=max(min(one.recommended for one in dates), earliest),
        past_due=max(min(past_dues), earliest) if past_dues else None,
        latest=min((one.latest.limit for one in dates if one.latest is not None), default=None),
    )


def _earliest(group: VaccineGroup, forecasts: Sequence[PatientSeries], patient: Patient) -> int:
    """MULTIANTVG-1: the latest earliest date, unless an interval is given priority."""
    days = [one.dates.earliest.limit for one in forecasts if one.dates is not None]
    if not any(_is_priority(one) for one in forecasts):
        return max(days)
    last_dose = max(
        (records[-1].day for antigen in group.antigens if (records := patient.records.get(antigen))), default=BEGINNING
    )
    return max(min(days), last_dose)


def _is_priority(one: PatientSeries) -> bool:
    """FORECASTPRIORITY-1."""
    target = one.target_dose
    return target is not None and bool(target.intervals) and all(rule.priority for rule in target.intervals)


def _forecast_dose_number(antigen: str, best: Sequence[PatientSeries], patient: Patient) -> int:
    """One more than the doses that satisfied a target dose; seasonal ones count in their season only (FORECASTDN-1)."""
    counted = {
        dose.place
        for one in best
        if one.series.antigen == antigen
        for target, dose in one.satisfied
        if dose.day >= patient.in_season(target.season.start, target.season)
    }
    return 1 + len(counted)
