"""When a child went to the clinic and what it was given there."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from aggregates.child.facts import Setting
from app.demo.chance import Chance
from app.demo.courses import Course
from schedule.days import day_number

ANY_VACCINE_ANY_DAY = day_number("2020-10-01")
TOGETHER_DAYS = 21
"""What falls due so soon is given on the same visit."""
AT_ONCE_MAX = 6
LIVE_GAP, OLD_GAP = 28, 7
PUT_OFF = 0.10
SHORT_OF_TIME = 0.85
"""How often a family that notices the last day coming still makes it."""


class Given(NamedTuple):
    """One dose."""

    series: str
    vaccine: str
    setting: Setting


class Visit(NamedTuple):
    """One visit; `put_off_from` is the day on which it should have been."""

    day: int
    doses: tuple[Given, ...]
    put_off_from: int | None


class _Taking:
    """A course that is being taken."""

    def __init__(self, course: Course, chance: Chance, slowness: float) -> None:
        self.course = course
        self._chance = chance
        self._slowness = slowness
        self._steps = iter(course.steps)
        self._product = ""
        self.step = course.steps[0]
        self.possible = self.wanted = 0
        self.open = self._await(0)

    def give(self, day: int) -> Given:
        vaccine = self.course.product(day, self._product)
        self._product = self._product or vaccine
        self.open = self._await(day)
        return Given(self.course.series, vaccine, self.course.setting(day))

    def wait_until(self, day: int) -> None:
        """Not before a day; when that is too late, never."""
        self.possible = max(self.possible, day)
        self.wanted = max(self.wanted, day)
        self.open = self.open and self.wanted <= self.step.until

    def _await(self, before: int) -> bool:
        step = next(self._steps, None)
        if step is None:
            return False
        self.step = step
        self.possible = max(step.earliest, before + step.gap)
        self.wanted = self.possible + self._chance.days(step.wait * self._slowness)
        if self.wanted > step.until and self.possible <= step.until and self._chance.yes(SHORT_OF_TIME):
            self.wanted = self._chance.between(max(self.possible, step.until - 40), step.until)
        return self.wanted <= step.until


def visits(courses: Sequence[Course], chance: Chance, slowness: float, today: int) -> list[Visit]:
    """All visits up to today, in order."""
    taking = [_Taking(course, chance, slowness) for course in courses]
    made: list[Visit] = []
    last_live, free_from = 0, 0
    while open_ones := [one for one in taking if one.open]:
        wanted = max(free_from, min(one.wanted for one in open_ones))
        put_off = chance.yes(PUT_OFF)
        day = _clinic_day(wanted + chance.between(5, 25) if put_off else wanted)
        if day > today:
            break
        due = _due(open_ones, day, last_live)
        if not due:
            continue
        made.append(Visit(day, tuple(one.give(day) for one in due), wanted if put_off else None))
        live = any(one.course.live for one in due)
        last_live = day if live else last_live
        free_from = day + _gap(day, live=live or any(one.course.series == "ROTA" for one in due))
    return made


def _due(open_ones: list[_Taking], day: int, last_live: int) -> list[_Taking]:
    due = []
    for one in open_ones:
        if one.course.live and day - last_live < LIVE_GAP:
            one.wait_until(last_live + LIVE_GAP)
        elif day > one.step.until:
            one.open = False
        elif one.wanted <= day + TOGETHER_DAYS and one.possible <= day:
            due.append(one)
    return due[:AT_ONCE_MAX]


def _gap(day: int, *, live: bool) -> int:
    """Until 2020-09-30 different vaccines had to be a week apart, and four weeks after a live one."""
    if day >= ANY_VACCINE_ANY_DAY:
        return 1
    return LIVE_GAP if live else OLD_GAP


@lru_cache(maxsize=20_000)
def _clinic_day(day: int) -> int:
    """The first day from this one on which clinics are open: no Sunday, no turn of the year."""
    when = date.fromordinal(day)
    closed = when.weekday() == 6 or (when.month, when.day) >= (12, 29) or (when.month, when.day) <= (1, 3)  # noqa: PLR2004
    return _clinic_day(day + 1) if closed else day
