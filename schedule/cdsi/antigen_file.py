"""Compiles one `AntigenSupportingData` file."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from schedule.cdsi.dose_element import series_dose
from schedule.cdsi.fields import NOT_APPLICABLE, choice, code_list, cvx, day, flag, needed_text, period, text, whole_number
from schedule.cdsi.markup import Node, read_xml
from schedule.cdsi.model import (
    Antigen,
    AntigenContraindication,
    BirthDateImmunity,
    Indication,
    Series,
    SeriesDose,
    SeriesType,
    VaccineContraindication,
)
from schedule.cdsi.schedule_file import ScheduleFile

_SERIES_TYPES = {kind.value: kind for kind in SeriesType}
_GENDERS = {"female": "F", "male": "M", "unknown": "", "transgender": "T"}
_LAST_PREFERENCE = 99


def read_antigen(path: Path, schedule: ScheduleFile) -> Antigen:
    """Read one antigen file.

    Raises:
        SupportingDataError: Something in the file cannot be used; the message names the line.
    """
    root = read_xml(path, "antigenSupportingData")
    root.only("immunity", "contraindications", "series")
    series = [_series(node, schedule) for node in root.every("series")]
    _check_agreement(root, series, schedule)
    series.sort(key=lambda one: one.needs_completed_series)
    return Antigen(
        name=series[0].antigen,
        vaccine_group=series[0].vaccine_group,
        immunity_observations=_immunity_observations(root),
        birth_date_immunities=_birth_date_immunities(root),
        contraindications=_antigen_contraindications(root),
        vaccine_contraindications=_vaccine_contraindications(root),
        series=tuple(series),
        common_series=tuple(one for one in series if one.type is not SeriesType.RISK),
    )


def _check_agreement(root: Node, series: Sequence[Series], schedule: ScheduleFile) -> None:
    """All series are about one antigen, in the group that the schedule file puts it in, and refer to existing groups."""
    if not series:
        raise root.error("no <series>")
    groups = {one.group for one in series}
    for node, one in zip(root.every("series"), series, strict=True):
        if one.antigen != series[0].antigen:
            raise node.error(f"<series> is about {one.antigen}, the first one is about {series[0].antigen}")
        if one.vaccine_group not in (group.name for group in schedule.vaccine_groups if one.antigen in group.antigens):
            raise node.error(f"the schedule file does not put {one.antigen} into the vaccine group {one.vaccine_group}")
        if unknown := {*one.equivalent_groups, *_completed_groups(one.doses)} - groups:
            raise node.error(f"<series> refers to series groups that do not exist: {', '.join(sorted(unknown))}")


def _immunity_observations(root: Node) -> frozenset[str]:
    found = [history for immunity in root.every("immunity") for history in immunity.filled("clinicalHistory")]
    return frozenset(needed_text(history, "guidelineCode") for history in found)


def _birth_date_immunities(root: Node) -> tuple[BirthDateImmunity, ...]:
    found = [birth for immunity in root.every("immunity") for birth in immunity.filled("dateOfBirth")]
    return tuple(rule for birth in found if (rule := _birth_date_immunity(birth)) is not None)


def _birth_date_immunity(node: Node) -> BirthDateImmunity | None:
    node.only("immunityBirthDate", "birthCountry", "exclusion")
    born_before = day(node, "immunityBirthDate")
    if born_before is None:
        return None
    exclusions = frozenset(needed_text(exclusion, "exclusionCode") for exclusion in node.filled("exclusion"))
    return BirthDateImmunity(born_before, text(node, "birthCountry"), exclusions)


def _antigen_contraindications(root: Node) -> tuple[AntigenContraindication, ...]:
    found = [one for every in root.every("contraindications") for group in every.every("vaccineGroup") for one in group.children]
    return tuple(
        AntigenContraindication(
            observation=needed_text(node, "observationCode"),
            text=text(node, "contraindicationText"),
            guidance=text(node, "contraindicationGuidance"),
            begin=period(node, "beginAge"),
            end=period(node, "endAge"),
        )
        for node in found
    )


def _vaccine_contraindications(root: Node) -> tuple[VaccineContraindication, ...]:
    found = [one for every in root.every("contraindications") for vaccine in every.every("vaccine") for one in vaccine.children]
    return tuple(
        VaccineContraindication(
            observation=needed_text(node, "observationCode"),
            text=text(node, "contraindicationText"),
            guidance=text(node, "contraindicationGuidance"),
            vaccines={
                cvx(needed_text(one, "cvx")): (period(one, "beginAge"), period(one, "endAge"))
                for one in node.filled("contraindicatedVaccine")
            },
        )
        for node in found
    )


def _series(node: Node, schedule: ScheduleFile) -> Series:
    node.only(
        *("seriesName", "targetDisease", "vaccineGroup", "seriesAdminGuidance", "seriesType", "equivalentSeriesGroups"),
        *("requiredGender", "selectSeries", "indication", "seriesDose"),
    )
    select = node.need("selectSeries")
    select.only(
        *("defaultSeries", "productPath", "seriesGroupName", "seriesGroup", "seriesPriority", "seriesPreference"),
        *("minAgeToStart", "maxAgeToStart"),
    )
    doses = _doses(node, schedule)
    preference = whole_number(select, "seriesPreference")
    return Series(
        name=needed_text(node, "seriesName"),
        antigen=needed_text(node, "targetDisease"),
        vaccine_group=needed_text(node, "vaccineGroup"),
        type=choice(node, "seriesType", _SERIES_TYPES),
        genders=_genders(node),
        group=needed_text(select, "seriesGroup"),
        group_name=needed_text(select, "seriesGroupName"),
        equivalent_groups=code_list(node, "equivalentSeriesGroups"),
        default=flag(select, "defaultSeries"),
        product_path=flag(select, "productPath"),
        priority=needed_text(select, "seriesPriority"),
        preference=_LAST_PREFERENCE if preference is None else preference,
        min_age_to_start=period(select, "minAgeToStart"),
        max_age_to_start=period(select, "maxAgeToStart"),
        indications=tuple(_indication(one, schedule) for one in node.filled("indication")),
        doses=doses,
        needs_completed_series=any(_completed_groups(doses)),
        guidance=tuple(one.text for one in node.every("seriesAdminGuidance") if one.text.lower() not in NOT_APPLICABLE),
    )


def _genders(node: Node) -> frozenset[str]:
    return frozenset(_gender(one) for one in node.every("requiredGender") if one.text)


def _gender(node: Node) -> str:
    if node.text.lower() not in _GENDERS:
        raise node.error(f"<requiredGender>: {node.text!r} is none of {', '.join(_GENDERS)}")
    return _GENDERS[node.text.lower()]


def _indication(node: Node, schedule: ScheduleFile) -> Indication:
    node.only("observationCode", "description", "beginAge", "endAge", "guidance")
    observation = needed_text(node.need("observationCode"), "code")
    if observation not in schedule.observations:
        raise node.error(f"<indication> names the unknown observation {observation}")
    return Indication(
        observation=observation,
        begin=period(node, "beginAge"),
        end=period(node, "endAge"),
        text=text(node, "description"),
        guidance=text(node, "guidance"),
    )


def _doses(node: Node, schedule: ScheduleFile) -> tuple[SeriesDose, ...]:
    elements = list(node.every("seriesDose"))
    if not elements:
        raise node.error("<series> has no <seriesDose>")
    doses = tuple(series_dose(element, schedule) for element in elements)
    for place, (element, dose) in enumerate(zip(elements, doses, strict=True), start=1):
        if dose.number != place:
            raise element.error(f"«Dose {dose.number}» stands in place {place}")
    return doses


def _completed_groups(doses: Iterable[SeriesDose]) -> Iterable[str]:
    """The series groups that conditional skips want to see completed."""
    for dose in doses:
        for skip in (*dose.skips_in_evaluation, *dose.skips_in_forecast):
            for one in skip.sets:
                yield from (group for condition in one.conditions for group in condition.series_groups)
