"""The law as known on one day: an edition flattened into tables of integer days, with nothing left to look up.

Dates that a later amendment set are unknown before that amendment: a rule not yet in force is left out, and a rule that
will be replaced goes on for ever. What remains says on which calendar days each rule holds.
"""

from dataclasses import dataclass, field
from typing import Final

from schedule.contract import DoseVerdict, Reason, SeriesForecast
from schedule.dayset import DAWN, DOOM
from schedule.japan.reckoning import Interval, Point

LONGEST_SPACING_DAYS: Final = 40
"""No interval between different vaccines is longer; so doses further back need not be looked at."""


@dataclass(frozen=True, slots=True)
class Product:
    """One product (製品) and the days on which it is in the programme."""

    code: str
    ja: str
    en: str
    kind: str
    family: str
    first: int
    last: int
    series: tuple[str, ...]
    advances: tuple[str, ...]
    antigens: frozenset[str]
    counts_from: Point | None
    said: Reason


@dataclass(frozen=True, slots=True)
class Row:
    """One dose of a course (接種回): CDSi's target dose."""

    uid: int
    booster: bool
    label: str
    en: str
    then: int
    finishes: bool
    first: int
    last: int
    start: Point | None
    stop: Point | None
    gap: Interval | None
    gap_doctor: Interval | None
    gap_from_first: Interval | None
    limit: Interval | None
    lifted: int
    previous_from: Point | None
    previous_to: Point | None
    standard_from: Point | None
    standard_to: Point | None
    standard_gap: tuple[Interval, ...]
    standard_gap_from_first: tuple[Interval, ...]
    accepted_only: bool
    has_standard: bool
    dose_said: Reason
    gap_said: Reason | None
    doctor_said: Reason | None
    gap_from_first_said: Reason | None
    standard_said: Reason | None


@dataclass(frozen=True, slots=True)
class Course:
    """One way of giving the vaccine (接種方法): rows by the number of doses counted so far."""

    name: str
    start_from: Point | None
    start_to: Point | None
    dose_before: int
    no_dose_before: int
    started_with: frozenset[str]
    continue_with: frozenset[str]
    rows: tuple[tuple[Row, ...], ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Who may have the vaccine and when (対象者)."""

    uid: int
    first: int
    last: int
    born_first: int
    born_last: int
    start: Point
    stop: Point | None
    basis: str
    late: bool
    flag: str | None
    dose_between: tuple[int, int] | None
    equal_to: str | None
    equal_until: Point | None
    courses: tuple[Course, ...]
    said: Reason


@dataclass(frozen=True, slots=True)
class Season:
    """A yearly season, as (month, day) of its first and last day."""

    first: tuple[int, int]
    last: tuple[int, int]
    said: Reason


@dataclass(frozen=True, slots=True)
class LongIllness:
    """The exception after a long illness (長期療養特例) as it applies to one series."""

    uid: int
    first: int
    months: int
    cap: Point | None
    said: Reason


@dataclass(frozen=True, slots=True)
class Spacing:
    """After a dose of another vaccine, days that are shut for this one."""

    first: int
    last: int
    gap: Interval
    said: Reason


@dataclass(frozen=True, slots=True)
class Series:
    """One series (各期) under one state of the law."""

    code: str
    group: str
    programme: str
    begins: int
    ends: int
    offers: tuple[Product, ...]
    offer_codes: tuple[str, ...]
    choice: bool
    any_product: tuple[tuple[str | None, int, int], ...]
    conditional: bool
    components: tuple[str, ...]
    needs: frozenset[str]
    diseases: frozenset[str]
    excluded_by: str | None
    excluded_said: Reason
    sex: str | None
    per_pregnancy: bool
    season: Season | None
    long_illness: LongIllness | None
    windows: tuple[Window, ...]
    courses: tuple[Course, ...]
    family: str
    spacing: int
    said: Reason


@dataclass(frozen=True, slots=True)
class Law:
    """All series under one state of the law, in the order of the edition.

    `spacings` are the distinct tables of intervals after other vaccines, by product; each series names its own by number.

    `verdicts` and `closed` keep the verdicts on doses, and the forecasts of shut series, that say nothing about the child: they
    are the same for every child, and each is made when first needed.
    """

    products: dict[str, Product]
    series: dict[str, Series]
    combinations: tuple[str, ...]
    spacings: tuple[dict[str, tuple[Spacing, ...]], ...]
    closed: dict[tuple[str, int], SeriesForecast] = field(default_factory=dict)
    verdicts: dict[tuple[str, int, str, bool | None, bool, int], DoseVerdict] = field(default_factory=dict)


def days_known(in_force: int, replaced: int, until: int, known: int) -> tuple[int, int] | None:
    """The days on which a rule holds as far as the law known on a day tells, or None where it is not known yet."""
    if in_force > known:
        return None
    last = min(until, replaced - 1 if replaced <= known else DOOM)
    return (max(in_force, DAWN), last) if in_force <= last else None
