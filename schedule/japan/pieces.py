"""The lawful days of the next dose, as pieces that each know the rules they come from."""

from collections.abc import Iterator
from typing import NamedTuple

from schedule.dayset import DAWN, DOOM, DaySet, between, minus
from schedule.japan.child import Child, OpenDays, Tally
from schedule.japan.law import Course, Product, Row, Series, Spacing, Window
from schedule.japan.reckoning import Point, first_after


class Piece(NamedTuple):
    """Days on which one row of one window allows the next dose."""

    first: int
    last: int
    row: Row
    window: Window


class Block(NamedTuple):
    """Days shut by a dose of another vaccine."""

    first: int
    last: int
    given: int
    place: int
    rule: Spacing


class Chance(NamedTuple):
    """Everything about the next dose that does not depend on the day of asking.

    Attributes:
        tally: What has been received.
        lawful: Lawful days, sorted.
        of_age: Days that age and eligibility alone allow, as (first, last, product).
        open_days: Windows that are open to this child with the doses given.
        blocks: Days shut by other vaccines.
    """

    tally: Tally
    lawful: list[Piece]
    of_age: list[tuple[int, int, str | None]]
    open_days: list[OpenDays]
    blocks: list[Block]


def chance(child: Child, series: Series, tally: Tally, season: tuple[int, int] | None) -> Chance:
    """The lawful days of the next dose of a series."""
    open_days = [
        (max(first, series.begins), last, window)
        for first, last, window in child.open_days(series)
        if last >= series.begins and _admits(child, window, tally)
    ]
    lawful: list[Piece] = []
    of_age: list[tuple[int, int, str | None]] = []
    taken: list[tuple[int, int]] = []
    blocks = _blocks(child, series)
    shut: DaySet = tuple((block.first, block.last) for block in blocks)
    for first, last, row, window, product in _rows(child, series, tally, open_days):
        if season is not None:
            first, last = max(first, season[0]), min(last, season[1])  # noqa: PLW2901 -- clipped to the season in question
        if first > last:
            continue
        of_age.append((first, last, product))
        for lawful_first, lawful_last in _kept(child, row, tally, first, last):
            days = between(lawful_first, lawful_last)
            if taken:
                days = minus(days, tuple(taken))
            if shut and days:
                days = minus(days, shut)
            lawful += [Piece(a, b, row, window) for a, b in days]
            taken.append((lawful_first, lawful_last))
    if len(lawful) > 1:
        lawful.sort(key=_first)
    return Chance(tally, lawful, of_age, open_days, blocks)


def _first(piece: Piece) -> int:
    return piece.first


def _admits(child: Child, window: Window, tally: Tally) -> bool:
    """Whether a window that asks for certain doses is open with those given."""
    if window.equal_to is not None and len(child.tally(child.law.series[window.equal_to]).days) != len(tally.days):
        return False
    return child.admits(window, tally)


def _rows(
    child: Child, series: Series, tally: Tally, open_days: list[OpenDays]
) -> Iterator[tuple[int, int, Row, Window, str | None]]:
    """Every row that may provide the next dose, with the days that age, eligibility and product leave it."""
    count = len(tally.days)
    choices = _choices(child, series, tally)
    for open_first, open_last, window in open_days:
        for product, product_first, product_last in choices:
            for course in window.courses:
                if count >= len(course.rows) or not _suits(child, course, tally, product):
                    continue
                first, last = max(open_first, product_first), min(open_last, product_last)
                if not count:
                    first, last = _clip(child, course.start_from, course.start_to, first, last)
                for row in course.rows[count]:
                    if not row.accepted_only and child.previous_fits(row, tally):
                        row_first, row_last = _clip(child, row.start, row.stop, max(first, row.first), min(last, row.last))
                        if row_first <= row_last:
                            yield row_first, row_last, row, window, product


def _suits(child: Child, course: Course, tally: Tally, product: str | None) -> bool:
    if tally.days:
        return child.fits(course, tally, 0, product)
    return (not course.started_with or product is None or product in course.started_with) and not course.dose_before


def _clip(child: Child, start: Point | None, stop: Point | None, first: int, last: int) -> tuple[int, int]:
    life = child.life
    if start is not None:
        day = life.day(start)
        first = first if day is None else max(first, day)
    if stop is not None:
        day = life.day(stop)
        last = last if day is None else min(last, day)
    return first, last


def _choices(child: Child, series: Series, tally: Tally) -> list[tuple[str | None, int, int]]:
    """The products the next dose may be given with and their days: as planned, else as begun while it is to be had."""
    offers = series.offers
    if not offers:
        return [(None, DAWN, DOOM)]
    if not series.choice:
        return [(offers[0].code, DAWN, DOOM)]
    planned = [product for product in offers if product.code == child.request.planned_product]
    if planned:
        return [_days_of(planned[0])]
    same = [product for product in offers if tally.products and product.code == tally.products[-1]]
    if not same:
        return [_days_of(product) for product in offers]
    others = [(product.code, max(product.first, same[0].last + 1), product.last) for product in offers if product is not same[0]]
    return [_days_of(same[0]), *others]


def _days_of(product: Product) -> tuple[str, int, int]:
    return (product.code, product.first, product.last)


def _kept(child: Child, row: Row, tally: Tally, first: int, last: int) -> DaySet:
    """The days on which the row's intervals are kept."""
    if not tally.last:
        return between(first, last)
    gap = row.gap_doctor if child.hib_doctor and row.gap_doctor is not None else row.gap
    first = max(first, tally.last + 1 if gap is None else first_after(tally.last, gap))
    if row.gap_from_first is not None and tally.days:
        first = max(first, first_after(tally.days[0], row.gap_from_first))
    if row.limit is None or not tally.days:
        return between(first, last)
    longest = first_after(tally.last, row.limit)
    if longest >= row.lifted:
        return between(first, last)
    return between(first, min(last, longest)) + between(max(first, row.lifted, longest + 1), last)


def _blocks(child: Child, series: Series) -> list[Block]:
    """Days shut for a series by doses of other vaccines."""
    spacing = series.spacing
    if not spacing:
        return []
    found = []
    for given, place, product in child.given:
        for rule in spacing.get(product.code, ()):
            first, last = max(given + 1, rule.first), min(given + rule.gap.days, rule.last)
            if first <= last:
                found.append(Block(first, last, given, place, rule))
    return found
