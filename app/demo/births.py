"""Who lives in the ward: births over eighteen years and more, brothers and sisters, and when a family found the service."""

from datetime import date
from typing import NamedTuple

from aggregates.child.facts import Sex
from app.demo.chance import Chance

YEARS_OF_SERVICE = 4
YEARS_OF_BIRTH_BEFORE = 14
"""The oldest children are so old when the service begins."""
DAYS_PER_YEAR = 365.2425
MONTH_WEIGHTS = (0.98, 0.95, 0.96, 0.96, 0.98, 0.99, 1.05, 1.05, 1.06, 1.03, 0.99, 1.00)
"""More children are born in late summer."""
WEEKEND_BIRTHS = 0.78
"""Planned births fall on working days."""
OLDEST_WEIGHT = 0.45
"""Of those who turn eighteen, so many per youngest: parents of older children seldom begin to use such a service."""
BOYS = 0.513
TWINS = 0.011
FURTHER_CHILD = (0.50, 0.22, 0.12, 0.05)
"""How often a first, second, third … child is followed by another."""
GAP_YEARS, GAP_DEVIATION, GAP_YEARS_MIN = 2.8, 1.2, 1.0


class Span(NamedTuple):
    """The days that a demo ward covers, as day numbers: births from, service from, and today."""

    births: int
    service: int
    today: int

    @classmethod
    def until(cls, today: date, years_of_service: int = YEARS_OF_SERVICE) -> "Span":
        """So many years of service, and the births of fourteen years more."""
        last, births_years = today.toordinal(), YEARS_OF_BIRTH_BEFORE + years_of_service
        return cls(last - int(births_years * DAYS_PER_YEAR), last - int(years_of_service * DAYS_PER_YEAR), last)


class Sibling(NamedTuple):
    """A child as it was born."""

    born: int
    sex: Sex


class Family(NamedTuple):
    """The children of a household, oldest first, and the day on which it registered."""

    children: tuple[Sibling, ...]
    registers: int


def family(chance: Chance, span: Span) -> Family:
    """One family of the ward that uses the service today."""
    children = _children(chance, span)
    return Family(children, _registration(chance, children, span))


def _children(chance: Chance, span: Span) -> tuple[Sibling, ...]:
    born = _birth(chance, span)
    children = [_sibling(chance, born)]
    while chance.yes(FURTHER_CHILD[min(len(children), len(FURTHER_CHILD)) - 1]):
        gap_years = max(GAP_YEARS_MIN, chance.around(GAP_YEARS, GAP_DEVIATION))
        born = born if chance.yes(TWINS) else born + int(gap_years * DAYS_PER_YEAR)
        if born > span.today:
            break
        children.append(_sibling(chance, born))
    return tuple(children)


def _sibling(chance: Chance, born: int) -> Sibling:
    return Sibling(born, Sex.MALE if chance.yes(BOYS) else Sex.FEMALE)


def _birth(chance: Chance, span: Span) -> int:
    """The birthday of an oldest child, drawn again until year, month and weekday are as frequent as they should be."""
    days = span.today - span.births
    while True:
        day = span.births + chance.between(0, days)
        youth = OLDEST_WEIGHT + (1 - OLDEST_WEIGHT) * (day - span.births) / days
        when = date.fromordinal(day)
        season = MONTH_WEIGHTS[when.month - 1] / max(MONTH_WEIGHTS)
        if chance.yes(youth * season * (WEEKEND_BIRTHS if when.weekday() >= 5 else 1.0)):  # noqa: PLR2004 - Saturday
            return day


def _registration(chance: Chance, children: tuple[Sibling, ...], span: Span) -> int:
    """Soon after the birth of the first child; or, where it was there before the service, when word reached the family."""
    first = children[0].born
    if first >= span.service:
        return min(span.today, first + chance.days(24, 0.9))
    next_birth = next((child.born for child in children if child.born > span.service), span.today)
    heard = span.service + chance.days(210, 1.1)
    return min(span.today, heard, max(span.service, next_birth + 30)) if children[1:] else min(span.today, heard)
