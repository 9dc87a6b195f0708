"""What is offered to a child of the ward: vaccines by the years in which they were to be had, and how many take them."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from aggregates.child.facts import Setting, Sex
from app.demo.births import Sibling
from app.demo.chance import Chance
from schedule.days import add_months, day_number

Product = Callable[[int, str], str]
"""The product of a dose given on a day, when the course began with a product (empty for the first dose)."""


OPV_ENDS, FOUR_IN_ONE = day_number("2012-09-01"), day_number("2012-11-01")
FIVE_IN_ONE, FOUR_IN_ONE_SOLD_OUT = day_number("2024-04-01"), day_number("2025-08-01")
HIB_PCV_SOLD, HIB_PCV_FREE = day_number("2010-03-01"), day_number("2013-04-01")
PCV13, PCV15, PCV20 = day_number("2013-11-01"), day_number("2024-04-01"), day_number("2024-10-01")
HEPB_FREE, HEPB_BIRTHS = day_number("2016-10-01"), day_number("2016-04-01")
ROTA_SOLD, ROTA_FREE, ROTA_BIRTHS = day_number("2011-11-21"), day_number("2020-10-01"), day_number("2020-08-01")
BCG_UNTIL_ONE = day_number("2013-04-01")
VARICELLA_FREE = day_number("2014-10-01")
TWO_MONTHS = day_number("2023-02-01")
"""Born from here on, children begin DPT at two months instead of three."""
HPV_RESUMED, HPV9 = day_number("2022-04-01"), day_number("2023-04-01")
FLU_FROM_MONTH, FLU_ONE_DOSE_YEARS = 10, 13
LONG = 10**6


class Step(NamedTuple):
    """One dose: from this day, so long after the one before, usually `wait` days later, and not after `until`."""

    earliest: int
    gap: int = 0
    wait: float = 10
    until: int = LONG


class Course(NamedTuple):
    """The doses of one series that a child will take if nothing comes between."""

    series: str
    steps: tuple[Step, ...]
    product: Product
    free_from: int = 0
    live: bool = False

    def setting(self, day: int) -> Setting:
        """Paid by the ward, or by the family."""
        return Setting.ROUTINE if day >= self.free_from else Setting.SELF_PAID


def courses(child: Sibling, chance: Chance, diligence: float) -> list[Course]:
    """The courses that this child takes. `diligence` is 1 in most families, less where vaccination is put off or refused."""
    age = _Age(child.born)
    offered = [*_infancy(age, chance), *_second_year(age), *_childhood(age), *_adolescence(age, child.sex)]
    return [course for course, uptake in offered if chance.yes(uptake * diligence)]


def winters(child: Sibling, chance: Chance, first: int, last: int) -> list[Course]:
    """Influenza, every autumn anew between two days; free in the ward, though not a routine vaccination."""
    faithful = chance.one_of((0.0, 0.35, 0.85), (0.35, 0.25, 0.40))
    begins = (
        date(year, FLU_FROM_MONTH, 1).toordinal() for year in range(date.fromordinal(first).year, date.fromordinal(last).year + 1)
    )
    return [
        Course("FLU", _flu(child, begin), _always("FLU"), LONG)
        for begin in begins
        if begin >= max(first, child.born + 184) and chance.yes(faithful)
    ]


def _flu(child: Sibling, begin: int) -> tuple[Step, ...]:
    first = Step(begin, 0, 35, begin + 110)
    older = begin - child.born >= FLU_ONE_DOSE_YEARS * 365
    return (first,) if older else (first, Step(begin, 14, 10, begin + 120))


Offer = tuple[Course, float]


class _Age:
    """Legal ages of one child: reached on the eve of the day of the month."""

    def __init__(self, born: int) -> None:
        self.born = born

    def __call__(self, months: int) -> int:
        return add_months(self.born, months) - 1


def _always(code: str) -> Product:
    return lambda _day, _first: code


def _infancy(age: _Age, chance: Chance) -> list[Offer]:
    born = age.born
    rotarix = chance.yes(0.55)
    return [
        *_dpt(age),
        (Course("PCV", _conjugate(age, age(12), 60), _pcv, HIB_PCV_FREE), 0.985 if born >= HIB_PCV_SOLD else 0.35),
        (Course("HEPB", _hepb(age), _always("HEPB"), HEPB_FREE), 0.98 if born >= HEPB_BIRTHS else 0.22),
        (_rota(age, rotarix=rotarix), 0.97 if born >= ROTA_BIRTHS else 0.55 if born >= ROTA_SOLD else 0.0),
        (_bcg(age), 0.985),
    ]


def _dpt(age: _Age) -> list[Offer]:
    start = age(2) if age.born >= TWO_MONTHS else age(3)
    basic = (Step(start, 0, 8), Step(start, 21, 7), Step(start, 21, 7))
    if start >= FIVE_IN_ONE - 30:
        combined = (Step(max(start, FIVE_IN_ONE), 0, 8), *basic[1:], Step(start, 200, 40))
        return [(Course("DPT-IPV-Hib", combined, _always("DPT-IPV-Hib")), 0.99)]
    with_booster = (*basic, Step(start, 366, 40))
    hib = (Course("HIB", _conjugate(age, age(9), 215), _hib, HIB_PCV_FREE), 0.985 if age.born >= HIB_PCV_SOLD else 0.35)
    if start >= FOUR_IN_ONE:
        return [(Course("DPT-IPV", with_booster, _four_in_one), 0.99), hib]
    polio = (Step(age(4), 0, 20), Step(age(4), 45, 20))
    return [(Course("DPT", with_booster, _always("DPT")), 0.98), (Course("IPV", polio, _polio), 0.97), hib]


def _conjugate(age: _Age, booster_from: int, booster_gap: int) -> tuple[Step, ...]:
    start = max(age(2), HIB_PCV_SOLD)
    if start > age(7):
        return (Step(start, 0, 60, age(60)),)
    return (Step(start, 0, 8), Step(start, 28, 4), Step(start, 28, 4), Step(booster_from, booster_gap, 25, age(60)))


def _hepb(age: _Age) -> tuple[Step, ...]:
    return (Step(age(2), 0, 8), Step(age(2), 28, 4), Step(age(7), 112, 14, age(12)))


def _bcg(age: _Age) -> Course:
    step = Step(age(5), 0, 18, age(12)) if age(6) >= BCG_UNTIL_ONE else Step(age(3), 0, 30, age(6))
    return Course("BCG", (step,), _always("BCG"), live=True)


def _rota(age: _Age, *, rotarix: bool) -> Course:
    code, doses, last_week = ("ROTARIX", 2, 24) if rotarix else ("ROTATEQ", 3, 32)
    first = Step(max(age(2), age.born + 42), 0, 6, age.born + 104)
    others = (Step(first.earliest, 28, 3, age.born + 7 * last_week),) * (doses - 1)
    return Course("ROTA", (first, *others), _always(code), ROTA_FREE)


def _second_year(age: _Age) -> list[Offer]:
    routine = age(12) >= VARICELLA_FREE
    before_school = _school_year(age.born, 5) + 364
    mumps = (Step(age(12) + 1, 0, 30, before_school), Step(age(60), 30, 90, before_school))
    return [
        (Course("MR1", (Step(age(12), 0, 16, age(24)),), _always("MR"), live=True), 0.965),
        (
            Course(
                "VAR", (Step(age(12), 0, 20, age(36)), Step(age(18), 92, 35, age(36))), _always("VAR"), VARICELLA_FREE, live=True
            ),
            0.955 if routine else 0.42,
        ),
        (Course("MUMPS", mumps, _always("MUMPS"), LONG, live=True), 0.66),
    ]


def _childhood(age: _Age) -> list[Offer]:
    begins = _school_year(age.born, 5)
    return [
        (
            Course(
                "JE1",
                (Step(age(36), 0, 60, age(90)), Step(age(36), 7, 9, age(90)), Step(age(48), 183, 60, age(90))),
                _always("JE"),
            ),
            0.90,
        ),
        (Course("MR2", (Step(begins, 0, 80, begins + 364),), _always("MR"), live=True), 0.935),
        (Course("JE2", (Step(age(108), 0, 110, age(156)),), _always("JE")), 0.68),
    ]


def _adolescence(age: _Age, sex: Sex) -> list[Offer]:
    offers = [(Course("DT2", (Step(age(132), 0, 100, age(156)),), _always("DT")), 0.74)]
    return [*offers, _hpv_course(age)] if sex is Sex.FEMALE else offers


def _hpv_course(age: _Age) -> Offer:
    """Girls whose year came while the recommendation was suspended began late and seldom; since it is back, every second."""
    window = _school_year(age.born, 11)
    if window >= HPV_RESUMED:
        return _hpv(age, window + 200, two_doses=True), 0.52
    begin = max(window + 300, HPV_RESUMED + 60)
    return _hpv(age, begin, two_doses=max(begin, HPV9) < age(180)), 0.34


def _hpv(age: _Age, begin: int, *, two_doses: bool) -> Course:
    until = _school_year(age.born, 16) - 1
    steps = [Step(begin, 0, 120, until), Step(begin, 61, 12, until), Step(begin, 122, 20, until)]
    two = [Step(max(begin, HPV9), 0, 120, min(until, age(180))), Step(begin, 183, 14, until)]
    return Course("HPV", tuple(two if two_doses else steps), _hpv_product)


def _school_year(born: int, years: int) -> int:
    """The first 1 April on or after the day on which the child reaches an age: a school year begins."""
    reached = date.fromordinal(add_months(born, 12 * years) - 1)
    april = date(reached.year, 4, 1)
    return (april if reached < april else date(reached.year + 1, 4, 1)).toordinal()


def _pcv(day: int, first: str) -> str:
    if day < PCV13:
        return "PCV7"
    if day < PCV15:
        return "PCV13"
    return "PCV15" if first == "PCV15" or day < PCV20 else "PCV20"


def _hib(day: int, _first: str) -> str:
    return "HIB" if day < FOUR_IN_ONE_SOLD_OUT else "DPT-IPV-Hib"


def _four_in_one(day: int, _first: str) -> str:
    return "DPT-IPV" if day < FOUR_IN_ONE_SOLD_OUT else "DPT-IPV-Hib"


def _polio(day: int, _first: str) -> str:
    return "OPV" if day < OPV_ENDS else "IPV"


def _hpv_product(day: int, first: str) -> str:
    return "HPV9" if day >= HPV9 else first or "HPV4"
