"""Sets of days as sorted disjoint intervals of integer days (`date.toordinal()`), both ends inside."""

from collections.abc import Iterable
from typing import Final

DaySet = tuple[tuple[int, int], ...]

DAWN: Final = 1
DOOM: Final = 3652059  # 9999-12-31, the last day a date can name
EMPTY: Final[DaySet] = ()
ALWAYS: Final[DaySet] = ((DAWN, DOOM),)


def between(first: int, last: int) -> DaySet:
    """The days from first to last, none where last comes before first."""
    return ((first, last),) if first <= last else EMPTY


def normal(intervals: Iterable[tuple[int, int]]) -> DaySet:
    """Any intervals as sorted, disjoint, non-adjacent ones."""
    out: list[tuple[int, int]] = []
    for first, last in sorted(intervals):
        if first > last:
            continue
        if out and first <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], last))
        else:
            out.append((first, last))
    return tuple(out)


def union(*sets: DaySet) -> DaySet:
    """Days in any of the sets."""
    return normal(interval for days in sets for interval in days)


def intersection(left: DaySet, right: DaySet) -> DaySet:
    """Days in both sets."""
    if len(left) == 1 and len(right) == 1:  # nearly every rule
        return between(max(left[0][0], right[0][0]), min(left[0][1], right[0][1]))
    out = []
    for a, b in left:
        for c, d in right:
            if c > b:
                break
            if d >= a:
                out.append((max(a, c), min(b, d)))
    return tuple(out)


def minus(left: DaySet, right: Iterable[tuple[int, int]]) -> DaySet:
    """Days of left that are not in right, which need not be sorted."""
    for c, d in right:
        cut = []
        for a, b in left:
            if d < a or b < c:
                cut.append((a, b))
                continue
            if a < c:
                cut.append((a, c - 1))
            if d < b:
                cut.append((d + 1, b))
        left = tuple(cut)
    return left


def contains(days: DaySet, day: int) -> bool:
    """Whether the day is one of them."""
    return any(first <= day <= last for first, last in days)


def stretch_from(days: DaySet, day: int) -> tuple[int, int] | None:
    """The interval that contains or follows the day."""
    for interval in days:
        if interval[1] >= day:
            return interval
    return None


def first_from(days: DaySet, day: int) -> int | None:
    """The first of the days that is not before the day."""
    interval = stretch_from(days, day)
    return None if interval is None else max(interval[0], day)


def last(days: DaySet) -> int | None:
    """The last of the days."""
    return days[-1][1] if days else None
