"""Calendar arithmetic by the rules CALCDT-1 to CALCDT-6."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.days import BEGINNING, NEVER, Period, add, day_number, iso, parse_period


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("6 weeks", Period(0, 42)),
        (" 13 years", Period(156, 0)),
        ("4 months - 4 days", Period(4, -4)),
        ("8 months + 1 day", Period(8, 1)),
        ("16 years - 4 months", Period(188, 0)),
    ],
)
def test_a_period_is_read(text: str, period: Period) -> None:
    assert parse_period(text) == period


@pytest.mark.parametrize("text", ["", "6", "weeks", "6 fortnights", "6 weeks 4 days", "6 weeks - "])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        parse_period(text)


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        ("2000-01-01", "3 years", "2003-01-01"),
        ("2000-11-01", "6 months", "2001-05-01"),
        ("2000-02-01", "5 weeks", "2000-03-07"),
        ("2000-03-31", "6 months", "2000-10-01"),
        ("2024-02-29", "1 year", "2025-03-01"),
        ("2000-01-31", "6 months - 4 days", "2000-07-27"),
        ("2000-12-31", "2 months", "2001-03-01"),
    ],
)
def test_periods_are_added_by_the_calendar(start: str, period: str, end: str) -> None:
    assert iso(add(day_number(start), parse_period(period))) == end


def test_days_never_leave_the_calendar() -> None:
    assert add(day_number("9990-01-01"), Period(12 * 50, 0)) == NEVER
    assert add(day_number("0001-01-05"), Period(0, -30)) == BEGINNING
    assert add(day_number("0001-01-05"), Period(-30, 0)) == BEGINNING


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 1500))
def test_the_day_of_the_month_is_kept_or_becomes_the_first(start: date, months: int) -> None:
    reached = date.fromordinal(add(start.toordinal(), Period(months, 0)))
    assert reached.day in (start.day, 1)
    assert (reached.day == 1) == (start.day == 1 or reached.day != start.day)
