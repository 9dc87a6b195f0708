"""The supporting data in compiled form: immutable, with integer days and ready look-up tables.

Names are those of the CDSi logic specification. A period of None means «n/a».
"""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from msgspec import Struct

from schedule.days import BEGINNING, NEVER, Period


class SeriesType(Enum):
    """What a series is for."""

    STANDARD = "standard"
    RISK = "risk"
    EVALUATION_ONLY = "evaluation only"


class SkipKind(Enum):
    """What a condition of a conditional skip looks at."""

    AGE = "age"
    INTERVAL = "interval"
    COMPLETED_SERIES = "completed series"
    VACCINE_COUNT = "vaccine count"


class CountLogic(Enum):
    """How a dose count is compared."""

    GREATER = "greater than"
    EQUAL = "equal to"
    LESS = "less than"


class Season(NamedTuple):
    """The first and last day of a season as published, for one year; `ALL_YEAR` where there is none."""

    start: int
    end: int


ALL_YEAR = Season(BEGINNING, NEVER)


class AgeRule(Struct, frozen=True, gc=False):
    """The ages for one dose (6.4), used from the effective to the cessation day."""

    absolute_minimum: Period | None
    minimum: Period | None
    earliest_recommended: Period | None
    latest_recommended: Period | None
    maximum: Period | None
    effective: int
    cessation: int


class IntervalRule(Struct, frozen=True, gc=False):
    """A preferable or allowable interval (6.5, 6.6) and the event it is measured from."""

    from_previous: bool
    from_target_dose: int | None
    from_most_recent: frozenset[str]
    from_observation: str
    absolute_minimum: Period | None
    minimum: Period | None
    earliest_recommended: Period | None
    latest_recommended: Period | None
    priority: bool
    effective: int
    cessation: int


class VaccineRule(Struct, frozen=True, gc=False):
    """A preferable or allowable vaccine of a dose (6.8, 6.9) and the ages at which it is one."""

    cvx: str
    name: str
    begin: Period | None
    end: Period | None
    trade_name: str = ""
    manufacturer: str = ""
    volume: str = ""
    recommended: bool = False


class SkipCondition(Struct, frozen=True, gc=False):
    """One condition of a conditional skip (6.2); its dates move with the season of its dose."""

    kind: SkipKind
    begin_age: Period | None
    end_age: Period | None
    start: int
    end: int
    season: Season
    interval: Period | None
    count: int
    logic: CountLogic
    valid_only: bool
    vaccines: frozenset[str]
    series_groups: frozenset[str]


class SkipSet(Struct, frozen=True, gc=False):
    """Conditions of which all or any must be met."""

    conditions: tuple[SkipCondition, ...]
    all_needed: bool
    description: str
    effective: int
    cessation: int


class ConditionalSkip(Struct, frozen=True, gc=False):
    """Sets of which all or any must be met for the dose to be skipped."""

    sets: tuple[SkipSet, ...]
    all_needed: bool


class SeriesDose(Struct, frozen=True, gc=False):
    """One dose of a series, with everything a vaccine dose administered is measured by."""

    number: int
    ages: tuple[AgeRule, ...]
    intervals: tuple[IntervalRule, ...]
    allowable_intervals: tuple[IntervalRule, ...]
    preferable: Mapping[str, tuple[VaccineRule, ...]]
    allowable: Mapping[str, tuple[VaccineRule, ...]]
    inadvertent: frozenset[str]
    skips_in_evaluation: tuple[ConditionalSkip, ...]
    skips_in_forecast: tuple[ConditionalSkip, ...]
    recurring: bool
    season: Season
    conflict_ends: Mapping[str, Period]


class Indication(Struct, frozen=True, gc=False):
    """An observation that makes a risk series relevant between two ages (5.1)."""

    observation: str
    begin: Period | None
    end: Period | None
    text: str
    guidance: str


class Series(Struct, frozen=True, gc=False):
    """One way to immunity against one antigen."""

    name: str
    antigen: str
    vaccine_group: str
    type: SeriesType
    genders: frozenset[str]
    group: str
    group_name: str
    equivalent_groups: frozenset[str]
    default: bool
    product_path: bool
    priority: str
    preference: int
    min_age_to_start: Period | None
    max_age_to_start: Period | None
    indications: tuple[Indication, ...]
    doses: tuple[SeriesDose, ...]
    needs_completed_series: bool
    guidance: tuple[str, ...]


class BirthDateImmunity(Struct, frozen=True, gc=False):
    """Being born before a day counts as immunity, but for some observations (7.2)."""

    born_before: int
    country: str
    exclusions: frozenset[str]


class AntigenContraindication(Struct, frozen=True, gc=False):
    """An observation that forbids every vaccine for an antigen (7.3)."""

    observation: str
    text: str
    guidance: str
    begin: Period | None
    end: Period | None


class VaccineContraindication(Struct, frozen=True, gc=False):
    """An observation that forbids certain vaccines: code -> the ages between which it does (7.3)."""

    observation: str
    text: str
    guidance: str
    vaccines: Mapping[str, tuple[Period | None, Period | None]]


class Antigen(Struct, frozen=True, gc=False):
    """All that the supporting data say on one antigen; series that look at completed series come last.

    `common_series` are those that need no indication.
    """

    name: str
    vaccine_group: str
    immunity_observations: frozenset[str]
    birth_date_immunities: tuple[BirthDateImmunity, ...]
    contraindications: tuple[AntigenContraindication, ...]
    vaccine_contraindications: tuple[VaccineContraindication, ...]
    series: tuple[Series, ...]
    common_series: tuple[Series, ...]


class Conflict(Struct, frozen=True, gc=False):
    """How long one vaccine disturbs another given after it (6.7)."""

    begin: Period
    minimum_end: Period
    end: Period


class Association(Struct, frozen=True, gc=False):
    """An antigen inside a vaccine, between two ages (4.2)."""

    antigen: str
    begin: Period | None
    end: Period | None


class VaccineGroup(Struct, frozen=True, gc=False):
    """A vaccine family and its antigens (chapter 9)."""

    name: str
    antigens: tuple[str, ...]
    administer_full: bool


class SupportingData(Struct, frozen=True, gc=False):
    """Everything the engine knows; conflicts are looked up by the vaccine given later, then by the earlier one.

    `bearing` names, per vaccine group, the vaccines that its rules look at, whether or not they contain its antigens.
    """

    antigens: Mapping[str, Antigen]
    vaccine_groups: tuple[VaccineGroup, ...]
    associations: Mapping[str, tuple[Association, ...]]
    conflicts: Mapping[str, Mapping[str, Conflict]]
    observations: Mapping[str, str]
    bearing: Mapping[str, frozenset[str]]
