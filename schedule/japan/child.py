"""One child under one state of the law: the fresh, small context of one forecast."""

from collections.abc import Collection
from datetime import date
from typing import Final

from schedule import days
from schedule.contract import DoseGiven, ForecastRequest
from schedule.dayset import DAWN, DOOM
from schedule.japan.law import LONGEST_SPACING_DAYS, Course, Law, LongIllness, Product, Row, Season, Series, Spacing, Window
from schedule.japan.reckoning import Life, Point

_PREGNANCY_DAYS: Final = 280

OpenDays = tuple[int, int, Window]
"""The first and last day on which a window is open to this child."""


class Block:
    """Days shut by a dose of another vaccine."""

    __slots__ = ("first", "given", "last", "rule")

    def __init__(self, first: int, last: int, given: int, rule: Spacing) -> None:
        self.first = first
        self.last = last
        self.given = given
        self.rule = rule


class Tally:
    """What a child has received in one series.

    Attributes:
        days: Days of the doses that count, in order.
        products: Their products.
        last: Day of the last dose, counted or not.
        antigens: Antigens covered so far.
        complete: Whether the series is finished.
        season: The season it covers, for a seasonal series.
    """

    __slots__ = ("antigens", "complete", "days", "last", "products", "season")

    def __init__(self) -> None:
        self.days: list[int] = []
        self.products: list[str] = []
        self.last = 0
        self.antigens: set[str] = set()
        self.complete = False
        self.season: tuple[int, int] | None = None


class Child:
    """A child's life, doses and circumstances (special) as the rules ask for them."""

    __slots__ = (
        "_open",
        "_tallies",
        "contraindicated",
        "given",
        "had",
        "hib_doctor",
        "illness_over",
        "law",
        "life",
        "overseas",
        "request",
        "sex",
        "special",
    )

    def __init__(self, law: Law, request: ForecastRequest) -> None:
        self.law = law
        self.request = request
        self.life = Life(request.birth_date, request.expected_delivery_date)
        self.sex = request.sex
        self.special = special = request.special
        self.had = _names(special.get("had_disease"))
        self.contraindicated = _names(special.get("contraindication"))
        self.hib_doctor = special.get("hib_doctor_20days") is True
        self.overseas = special.get("overseas_doses_accepted") is True
        self.illness_over = _day(special.get("long_illness_resolved"))
        self.given: list[tuple[int, Product]] = []
        self._tallies: dict[str, Tally] = {}
        self._open: dict[str, list[OpenDays]] = {}

    def tally(self, series: Series) -> Tally:
        """What the child has received in a series so far."""
        tally = self._tallies.get(series.code)
        if tally is None:
            tally = self._tallies[series.code] = self._combined(series) if series.components else Tally()
        return tally

    def _combined(self, series: Series) -> Tally:
        """The doses of a combination are those that every component has received."""
        parts = [self.tally(self.law.series[code]) for code in series.components]
        combined = Tally()
        count = min([len(part.days) for part in parts])
        combined.days = [max([part.days[place] for part in parts]) for place in range(count)]
        combined.products = parts[0].products[:count]
        combined.last = max([part.last for part in parts])
        combined.complete = all(part.complete for part in parts)
        return combined

    def new_season(self, series: Series, season: Season, day: int) -> None:
        """Forget the season before, when a dose is given in another."""
        tally = self.tally(series)
        if tally.season is None or not tally.season[0] <= day <= tally.season[1]:
            tally = self._tallies[series.code] = Tally()
            tally.season = season_of(season, day)

    def combine_anew(self) -> None:
        """Forget the counts of combinations, since a component has advanced."""
        for code in self.law.combinations:
            self._tallies.pop(code, None)

    def open_days(self, series: Series) -> list[OpenDays]:
        """The windows of a series that are ever open to this child, first those named first."""
        found = self._open.get(series.code)
        if found is None:
            found = self._open[series.code] = self._reckon_open(series)
        return found

    def forecast_days(self, series: Series) -> list[OpenDays]:
        """The same windows from the day on which the series began."""
        found = self.open_days(series)
        begins = series.begins
        if begins == DAWN:
            return found
        return [(max(first, begins), last, window) for first, last, window in found if last >= begins]

    def _reckon_open(self, series: Series) -> list[OpenDays]:
        life = self.life
        born = life.born
        found: list[OpenDays] = []
        for window in series.windows:
            if born is not None and not window.born_first <= born <= window.born_last:
                continue
            if window.flag is not None and self.special.get(window.flag) is not True:
                continue
            first = life.day(window.start)
            last = window.last if window.stop is None else life.day(window.stop)
            if first is None or last is None:
                continue
            first = max(first, window.first)
            last = min(last, window.last)
            if first <= last:
                found.append((first, last, window))
        if series.long_illness is not None and self.illness_over is not None:
            found += self._after_illness(series, series.long_illness, self.illness_over, found)
        return found

    def _after_illness(self, series: Series, rule: LongIllness, over: int, ordinary: list[OpenDays]) -> list[OpenDays]:
        """The long-illness window, open to a child whose ordinary window had opened before the illness ended."""
        begins = max(series.begins, 1)
        if not any(first <= over and last >= begins and window.basis == "ordinary" for first, last, window in ordinary):
            return []
        cap = DOOM if rule.cap is None else self.life.day(rule.cap)
        last = min(days.add_months(over, rule.months) - 1, DOOM if cap is None else cap)
        first = max(over, rule.first)
        return [(first, last, _illness_window(series, rule))] if first <= last else []

    def blocks(self, series: Series, since: int, until: int) -> list[Block]:
        """Days between two days that are shut for a series by doses of other vaccines, all doses being judged."""
        table = self.law.spacings[series.spacing]
        found: list[Block] = []
        for given, product in reversed(self.given):
            if given < since - LONGEST_SPACING_DAYS:
                break
            if given < until and product.family != series.family:
                for rule in table.get(product.code, ()):
                    last = given + rule.gap.days
                    if given < rule.last and last >= rule.first and last >= since:
                        found.append(Block(max(given + 1, rule.first), min(last, rule.last), given, rule))
        return found

    def of_cohort(self, window: Window) -> bool:
        """Whether the child was born in the cohort of a window."""
        born = self.life.born
        return born is None or window.born_first <= born <= window.born_last

    def admits(self, window: Window, tally: Tally) -> bool:
        """Whether a window that asks for an earlier dose is open with those given."""
        if window.dose_between is None:
            return True
        first, last = window.dose_between
        return any(first <= day <= last for day in tally.days)

    def counts_for_pregnancy(self, day: int) -> bool:
        """Whether a dose belongs to the pregnancy in question and not to an earlier one."""
        delivery = self.life.delivery
        return delivery is not None and day >= delivery - _PREGNANCY_DAYS

    def fits(self, course: Course, tally: Tally, day: int, product: str | None) -> bool:
        """Whether a course is this child's, the next dose being given on a day with a product."""
        started = tally.products[0] if tally.products else product
        if course.started_with and started not in course.started_with:
            return False
        if course.continue_with and product is not None and product not in course.continue_with:
            return False
        start = tally.days[0] if tally.days else day
        if not within(self.life, start, course.start_from, course.start_to):
            return False
        if course.dose_before:
            return bool(tally.days) and tally.days[0] < course.dose_before
        return not (course.no_dose_before and tally.days and tally.days[0] < course.no_dose_before)

    def previous_fits(self, row: Row, tally: Tally) -> bool:
        """Whether the previous dose was given at the age a row asks for."""
        if row.previous_from is None and row.previous_to is None:
            return True
        return bool(tally.days) and within(self.life, tally.days[-1], row.previous_from, row.previous_to)


def within(life: Life, day: int, start: Point | None, stop: Point | None) -> bool:
    """Whether a day lies between two points of a life, where they are set."""
    if start is not None:
        first = life.day(start)
        if first is not None and day < first:
            return False
    if stop is not None:
        last = life.day(stop)
        return last is None or day <= last
    return True


def season_of(season: Season, day: int) -> tuple[int, int]:
    """The season that contains or follows a day."""
    there = date.fromordinal(day)
    crosses = season.last < season.first
    year = there.year + ((there.month, there.day) > season.last) - crosses
    return _numbered(year, season.first), _numbered(year + crosses, season.last)


def _numbered(year: int, month_and_day: tuple[int, int]) -> int:
    month, day = month_and_day
    return days.first_of(year, month) + day - 1


def _illness_window(series: Series, rule: LongIllness) -> Window:
    ordinary = series.windows[0]
    return Window(
        uid=rule.uid,
        first=rule.first,
        last=DOOM,
        born_first=0,
        born_last=DOOM,
        start=ordinary.start,
        stop=rule.cap,
        basis="long_illness",
        late=True,
        flag=None,
        dose_between=None,
        equal_to=None,
        equal_until=None,
        courses=ordinary.courses,
        said=rule.said,
    )


def _names(value: object) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset((value,))
    return frozenset(str(name) for name in value) if isinstance(value, Collection) else frozenset()


def _day(value: object) -> int | None:
    try:
        return date.fromisoformat(value).toordinal() if isinstance(value, str) else None
    except ValueError:
        return None


def chronological(doses: tuple[DoseGiven, ...]) -> list[tuple[int, str, int]]:
    """Doses whose day is known as (day, product, place in the request), in the order in which they were given.

    The product decides between doses of one day, so the order of recording does not matter.
    """
    return sorted([(dose.date.toordinal(), dose.vaccine, place) for place, dose in enumerate(doses) if dose.date is not None])
