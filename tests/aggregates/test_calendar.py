from datetime import date, timedelta

import pytest

from aggregates.calendar.facts import DayOpened
from aggregates.calendar.opening import open_days
from aggregates.calendar.refusals import DayTooFarAhead

MONDAY = date(2026, 11, 23)


def after(days: int) -> date:
    return MONDAY + timedelta(days=days)


def test_the_first_day_opens_alone() -> None:
    assert open_days(None, MONDAY) == [DayOpened(date=MONDAY)]


def test_missed_days_are_opened_one_by_one() -> None:
    assert open_days(MONDAY, after(3)) == [DayOpened(date=after(n)) for n in (1, 2, 3)]


@pytest.mark.parametrize("days", [0, -1, -400])
def test_a_day_that_is_open_or_past_is_not_opened(days: int) -> None:
    assert open_days(MONDAY, after(days)) == []


def test_a_clock_that_runs_far_ahead_is_not_believed() -> None:
    with pytest.raises(DayTooFarAhead):
        open_days(MONDAY, after(4))


def test_an_operator_may_open_many_days() -> None:
    assert len(open_days(MONDAY, after(40), operator=True)) == 40
