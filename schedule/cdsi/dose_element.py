"""Compiles one `<seriesDose>`: the rules by which a vaccine dose administered is measured."""

from collections.abc import Iterable

from schedule.cdsi.fields import (
    choice,
    code_list,
    cvx,
    cvx_list,
    days_between,
    flag,
    in_force,
    needed_text,
    period,
    text,
    whole_number,
)
from schedule.cdsi.markup import Node
from schedule.cdsi.model import (
    AgeRule,
    ConditionalSkip,
    CountLogic,
    IntervalRule,
    Season,
    SeriesDose,
    SkipCondition,
    SkipKind,
    SkipSet,
    VaccineRule,
)
from schedule.cdsi.schedule_file import ScheduleFile
from schedule.days import Period

_KINDS = {
    "age": SkipKind.AGE,
    "interval": SkipKind.INTERVAL,
    "completed series": SkipKind.COMPLETED_SERIES,
    "vaccine count by age": SkipKind.VACCINE_COUNT,
    "vaccine count by date": SkipKind.VACCINE_COUNT,
    "vaccine count by date and age": SkipKind.VACCINE_COUNT,
    "vaccine count by age and date": SkipKind.VACCINE_COUNT,
}
_LOGICS = {logic.value: logic for logic in CountLogic}
_CONTEXTS = {"evaluation": (True, False), "forecast": (False, True), "both": (True, True)}
_AND_OR = {"and": True, "or": False}

Vaccines = dict[str, tuple[VaccineRule, ...]]


def series_dose(node: Node, schedule: ScheduleFile) -> SeriesDose:
    """Compile one series dose, checked against the codes that the schedule file knows."""
    node.only(
        *("doseNumber", "age", "interval", "allowableInterval", "preferableVaccine", "allowableVaccine", "inadvertentVaccine"),
        *("conditionalSkip", "recurringDose", "seasonalRecommendation"),
    )
    preferable = _vaccines(node, "preferableVaccine", schedule)
    season = Season(*days_between(next(node.filled("seasonalRecommendation"), node), "startDate", "endDate"))
    skips = [_conditional_skip(one, schedule, season) for one in node.filled("conditionalSkip")]
    return SeriesDose(
        number=_dose_number(node),
        ages=tuple(_age(one) for one in node.filled("age")),
        intervals=tuple(_interval(one, schedule) for one in node.filled("interval")),
        allowable_intervals=tuple(_interval(one, schedule) for one in node.filled("allowableInterval")),
        preferable=preferable,
        allowable=_vaccines(node, "allowableVaccine", schedule),
        inadvertent=frozenset(_vaccines(node, "inadvertentVaccine", schedule)),
        skips_in_evaluation=tuple(skip for (evaluation, _), skip in skips if evaluation),
        skips_in_forecast=tuple(skip for (_, forecast), skip in skips if forecast),
        recurring=flag(node, "recurringDose"),
        season=season,
        conflict_ends=_conflict_ends(preferable, schedule),
    )


def _dose_number(node: Node) -> int:
    words = needed_text(node, "doseNumber").split()
    if not words[-1].isdecimal():
        raise node.need("doseNumber").error(f"<doseNumber>: no number in {' '.join(words)!r}")
    return int(words[-1])


def _age(node: Node) -> AgeRule:
    node.only("absMinAge", "minAge", "earliestRecAge", "latestRecAge", "maxAge", "effectiveDate", "cessationDate")
    effective, cessation = in_force(node)
    return AgeRule(
        absolute_minimum=period(node, "absMinAge"),
        minimum=period(node, "minAge"),
        earliest_recommended=period(node, "earliestRecAge"),
        latest_recommended=period(node, "latestRecAge"),
        maximum=period(node, "maxAge"),
        effective=effective,
        cessation=cessation,
    )


def _interval(node: Node, schedule: ScheduleFile) -> IntervalRule:
    node.only(
        *("fromPrevious", "fromTargetDose", "fromMostRecent", "fromRelevantObs", "absMinInt", "minInt", "earliestRecInt"),
        *("latestRecInt", "intervalPriority", "effectiveDate", "cessationDate"),
    )
    effective, cessation = in_force(node)
    observation = next(node.filled("fromRelevantObs"), None)
    rule = IntervalRule(
        from_previous=flag(node, "fromPrevious"),
        from_target_dose=whole_number(node, "fromTargetDose"),
        from_most_recent=_known_codes(node, "fromMostRecent", schedule),
        from_observation="" if observation is None else needed_text(observation, "code"),
        absolute_minimum=period(node, "absMinInt"),
        minimum=period(node, "minInt"),
        earliest_recommended=period(node, "earliestRecInt"),
        latest_recommended=period(node, "latestRecInt"),
        priority=choice(node, "intervalPriority", {"override": True, "y": True, "n": False, "": False}, default=""),
        effective=effective,
        cessation=cessation,
    )
    if not (rule.from_previous or rule.from_target_dose or rule.from_most_recent or rule.from_observation):
        raise node.error(f"<{node.tag}> does not say from what it is measured")
    return rule


def _vaccines(node: Node, tag: str, schedule: ScheduleFile) -> Vaccines:
    found: Vaccines = {}
    for one in node.filled(tag):
        one.only("vaccineType", "cvx", "beginAge", "endAge", "tradeName", "mvx", "volume", "forecastVaccineType")
        rule = VaccineRule(
            cvx=cvx(needed_text(one, "cvx")),
            name=text(one, "vaccineType"),
            begin=period(one, "beginAge"),
            end=period(one, "endAge"),
            trade_name=text(one, "tradeName"),
            manufacturer=text(one, "mvx"),
            volume=text(one, "volume"),
            recommended=flag(one, "forecastVaccineType"),
        )
        _check_known(one, [rule.cvx], schedule)
        found[rule.cvx] = (*found.get(rule.cvx, ()), rule)
    return found


def _known_codes(node: Node, tag: str, schedule: ScheduleFile) -> frozenset[str]:
    codes = cvx_list(node, tag)
    _check_known(node, codes, schedule)
    return codes


def _check_known(node: Node, codes: Iterable[str], schedule: ScheduleFile) -> None:
    unknown = sorted(code for code in codes if code not in schedule.associations)
    if unknown:
        raise node.error(f"<{node.tag}> names vaccine codes that are mapped to no antigen: {', '.join(unknown)}")


def _conflict_ends(preferable: Vaccines, schedule: ScheduleFile) -> dict[str, Period]:
    """Per earlier vaccine, the longest time (CALCDTCONFLICT-3) until one of the preferable vaccines is undisturbed."""
    ends: dict[str, Period] = {}
    for code in preferable:
        for earlier, conflict in schedule.conflicts.get(code, {}).items():
            ends[earlier] = max(ends.get(earlier, conflict.end), conflict.end)
    return ends


def _conditional_skip(node: Node, schedule: ScheduleFile, season: Season) -> tuple[tuple[bool, bool], ConditionalSkip]:
    node.only("context", "setLogic", "set")
    sets = tuple(_skip_set(one, schedule, season) for one in node.every("set"))
    if not sets:
        raise node.error("<conditionalSkip> has no <set>")
    context = choice(node, "context", _CONTEXTS)
    return context, ConditionalSkip(sets=sets, all_needed=choice(node, "setLogic", _AND_OR, default="and"))


def _skip_set(node: Node, schedule: ScheduleFile, season: Season) -> SkipSet:
    node.only("setID", "setDescription", "effectiveDate", "cessationDate", "conditionLogic", "condition")
    conditions = tuple(_condition(one, schedule, season) for one in node.every("condition"))
    if not conditions:
        raise node.error("<set> has no <condition>")
    effective, cessation = in_force(node)
    return SkipSet(
        conditions=conditions,
        all_needed=choice(node, "conditionLogic", _AND_OR, default="and"),
        description=text(node, "setDescription"),
        effective=effective,
        cessation=cessation,
    )


def _condition(node: Node, schedule: ScheduleFile, season: Season) -> SkipCondition:
    node.only(
        *("conditionID", "conditionType", "startDate", "endDate", "beginAge", "endAge", "interval", "doseCount", "doseType"),
        *("doseCountLogic", "vaccineTypes", "seriesGroups"),
    )
    kind = choice(node, "conditionType", _KINDS)
    start, end = days_between(node, "startDate", "endDate")
    condition = SkipCondition(
        kind=kind,
        begin_age=period(node, "beginAge"),
        end_age=period(node, "endAge"),
        start=start,
        end=end,
        season=season,
        interval=period(node, "interval"),
        count=whole_number(node, "doseCount") or 0,
        logic=choice(node, "doseCountLogic", _LOGICS, default=CountLogic.GREATER.value),
        valid_only=choice(node, "doseType", {"valid": True, "total": False}, default="total"),
        vaccines=_known_codes(node, "vaccineTypes", schedule),
        series_groups=code_list(node, "seriesGroups"),
    )
    _check_complete(node, condition)
    return condition


def _check_complete(node: Node, condition: SkipCondition) -> None:
    """A condition without its own measure would be met by everyone or by no one."""
    needed = {
        SkipKind.INTERVAL: ("interval",),
        SkipKind.COMPLETED_SERIES: ("seriesGroups",),
        SkipKind.VACCINE_COUNT: ("doseCount", "doseType", "doseCountLogic"),
    }
    for tag in needed.get(condition.kind, ()):
        if not text(node, tag):
            raise node.error(f"a condition of type «{condition.kind.value}» lacks <{tag}>")
