"""Forecasts the next target dose of one patient series (chapter 7)."""

from collections.abc import Iterator
from operator import attrgetter

from msgspec import Struct

from schedule.cdsi.intervals import reference_day
from schedule.cdsi.model import ALL_YEAR, AgeRule, Antigen, IntervalRule, SeriesDose
from schedule.cdsi.need import all_preferable_contraindicated, antigen_contraindicated, contraindicated_vaccines, is_immune
from schedule.cdsi.patient import Patient
from schedule.cdsi.patient_series import Finding, ForecastDates, PatientSeries, PatientSeriesForecast, SeriesStatus
from schedule.cdsi.skip import SkipContext, can_skip
from schedule.days import BEGINNING, NEVER, add

Intervals = list[tuple[int, IntervalRule]]
_ANY_AGE = AgeRule(None, None, None, None, None, BEGINNING, NEVER)
_limit = attrgetter("limit")


class Circumstances(Struct, frozen=True, gc=False):
    """What holds for all series of one antigen alike."""

    immune: bool
    contraindicated: bool
    forbidden_vaccines: frozenset[str]


def circumstances(antigen: Antigen, patient: Patient) -> Circumstances:
    """Work out what all series of an antigen share."""
    return Circumstances(
        immune=is_immune(antigen, patient),
        contraindicated=antigen_contraindicated(antigen, patient),
        forbidden_vaccines=contraindicated_vaccines(antigen, patient),
    )


def forecast_series(
    patient_series: PatientSeries, patient: Patient, shared: Circumstances, skip: SkipContext
) -> PatientSeriesForecast:
    """Forecast the next target dose; a recommendation that its own earliest date would undo is made again (7.6)."""
    while True:
        target = _skipped_to(patient_series, patient, skip)
        if target is None:
            return _ended(patient_series)
        made = _barrier(patient_series, target, patient, shared) or _dated(patient_series, target, patient, skip)
        if made is not None:
            return made
        patient_series.target += 1


def _dated(
    patient_series: PatientSeries, target: SeriesDose, patient: Patient, skip: SkipContext
) -> PatientSeriesForecast | None:
    """Forecast dates for a target dose; None where the dose can be skipped once its earliest date has come."""
    dates, maximum = _dates(patient_series, target, patient)
    earliest = dates.earliest.limit
    if earliest >= maximum:
        return PatientSeriesForecast(SeriesStatus.AGED_OUT, Finding("age.cannot_finish", maximum, patient.birth))
    skip.at_forecast(earliest)
    if can_skip(target.skips_in_forecast, skip):
        return None
    return PatientSeriesForecast(SeriesStatus.NOT_COMPLETE, dates.earliest, dates)


def _skipped_to(patient_series: PatientSeries, patient: Patient, skip: SkipContext) -> SeriesDose | None:
    skip.at_forecast(patient.assessment)
    target = patient_series.target_dose
    while target is not None and can_skip(target.skips_in_forecast, skip):
        patient_series.target += 1
        target = patient_series.target_dose
    return target


def _ended(patient_series: PatientSeries) -> PatientSeriesForecast:
    """No target dose is left (table 7-10)."""
    if patient_series.satisfied:
        return PatientSeriesForecast(SeriesStatus.COMPLETE, Finding("series.complete"))
    return PatientSeriesForecast(SeriesStatus.NOT_RECOMMENDED, Finding("series.past_history"))


def _barrier(
    patient_series: PatientSeries, target: SeriesDose, patient: Patient, shared: Circumstances
) -> PatientSeriesForecast | None:
    """What stands against another dose on the assessment date (table 7-10)."""
    if shared.immune:
        return PatientSeriesForecast(SeriesStatus.IMMUNE, Finding("patient.immune"))
    if shared.contraindicated or all_preferable_contraindicated(patient_series.series, shared.forbidden_vaccines):
        return PatientSeriesForecast(SeriesStatus.CONTRAINDICATED, Finding("patient.contraindicated"))
    if target.season != ALL_YEAR:
        season_end = patient.in_season(target.season.end, target.season)
        if patient.reached(season_end + 1):
            return PatientSeriesForecast(SeriesStatus.NOT_RECOMMENDED, Finding("season.over", season_end))
    maximum = patient.until_age(current_age(target.ages, patient).maximum)
    if patient.reached(maximum):
        return PatientSeriesForecast(SeriesStatus.AGED_OUT, Finding("age.past_maximum", maximum, patient.birth))
    return None


def _dates(patient_series: PatientSeries, target: SeriesDose, patient: Patient) -> tuple[ForecastDates, int]:
    """FORECASTDT-1 to FORECASTDT-4, and the day of the maximum age."""
    rule = current_age(target.ages, patient)
    intervals = _relevant_intervals(patient_series, target, patient)
    earliest = max(_floors(patient_series, target, patient, rule, intervals), key=_limit)
    maximum = patient.until_age(rule.maximum)
    dates = ForecastDates(
        earliest=earliest,
        unadjusted_recommended=_recommended(rule, intervals, patient) or earliest,
        unadjusted_past_due=_past_due(rule, intervals, patient),
        latest=None if rule.maximum is None else Finding("latest.maximum_age", maximum - 1, patient.birth),
    )
    return dates, maximum


def current_age(ages: tuple[AgeRule, ...], patient: Patient) -> AgeRule:
    """The age rule in use on the assessment date (RELEVANT-2)."""
    for rule in ages:
        if patient.within(rule.effective, rule.cessation + 1):
            return rule
    return _ANY_AGE


def _relevant_intervals(patient_series: PatientSeries, target: SeriesDose, patient: Patient) -> Intervals:
    """The preferable intervals in use on the assessment date, each with the day it is measured from."""
    rules = (rule for rule in target.intervals if patient.within(rule.effective, rule.cessation + 1))
    started = ((reference_day(rule, patient_series, patient, None), rule) for rule in rules)
    return [(start, rule) for start, rule in started if start is not None]


def _floors(
    patient_series: PatientSeries, target: SeriesDose, patient: Patient, age: AgeRule, intervals: Intervals
) -> Iterator[Finding]:
    """All that holds the dose back (FORECASTDTCAN-1)."""
    yield Finding("earliest.minimum_age", max(patient.from_age(age.minimum), patient.birth), patient.birth)
    for start, interval in intervals:
        if interval.minimum is not None:
            yield Finding("earliest.minimum_interval", add(start, interval.minimum), start)
    for dose in patient.doses if target.conflict_ends else ():
        end = target.conflict_ends.get(dose.cvx)
        if end is not None:
            yield Finding("earliest.conflict", add(dose.day, end), dose.day)
    if target.season.start > BEGINNING:
        yield Finding("earliest.season", patient.in_season(target.season.start, target.season))
    last = _last_evaluated_day(patient_series)
    if last is not None:
        yield Finding("earliest.last_dose", last, last)


def _last_evaluated_day(patient_series: PatientSeries) -> int | None:
    """The last dose evaluated against a target dose, inadvertent ones among them."""
    for place in range(len(patient_series.evaluations) - 1, -1, -1):
        if patient_series.evaluations[place].target:
            return patient_series.records[place].day
    return None


def _recommended(age: AgeRule, intervals: Intervals, patient: Patient) -> Finding | None:
    """FORECASTDT-2 but for its last resort."""
    if age.earliest_recommended is not None:
        return Finding("recommended.age", patient.ages[age.earliest_recommended], patient.birth)
    begins = [
        Finding("recommended.interval", add(start, rule.earliest_recommended), start)
        for start, rule in intervals
        if rule.earliest_recommended is not None
    ]
    return max(begins, key=_limit, default=None)


def _past_due(age: AgeRule, intervals: Intervals, patient: Patient) -> Finding | None:
    """FORECASTDT-3."""
    if age.latest_recommended is not None:
        return Finding("past_due.age", patient.ages[age.latest_recommended] - 1, patient.birth)
    ends = [
        Finding("past_due.interval", add(start, rule.latest_recommended) - 1, start)
        for start, rule in intervals
        if rule.latest_recommended is not None
    ]
    return max(ends, key=_limit, default=None)
