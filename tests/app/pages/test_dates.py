"""Dates as parents type them."""

from datetime import date

import pytest

from app.pages.dates import DateProblem, TypedDate


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        ("2026", "4", "9"),
        ("令和8", "4", "9"),
        ("令和８年", "４月", "９日"),
        ("R8", "04", "09"),
        ("ｒ８", "4", "9"),
        ("8", "4", "9"),
        (" ２０２６年 ", " 4 ", "9日"),
        ("㋿8", "4", "9"),
    ],
)
def test_every_way_to_write_a_date_is_read(year: str, month: str, day: str) -> None:
    assert TypedDate(year, month, day).read(2026) == date(2026, 4, 9)


@pytest.mark.parametrize(
    ("year", "meant"),
    [("元", 2019), ("令和元", 2019), ("平成31", 2019), ("H30", 2018), ("22", 2022), ("31", 2019), ("08", 2026), ("1", 2019)],
)
def test_a_bare_short_year_is_the_first_reading_that_is_not_in_the_future(year: str, meant: int) -> None:
    assert TypedDate(year, "3", "1").read(2026).year == meant


@pytest.mark.parametrize(
    ("typed", "part", "key"),
    [
        (("来年", "4", "9"), "y", "date.e_year"),
        (("", "4", "9"), "y", "date.e_year"),
        (("20226", "4", "9"), "y", "date.e_year"),
        (("令和300", "4", "9"), "y", "date.e_year"),
        (("2026", "１３", "9"), "m", "date.e_month"),
        (("2026", "四", "9"), "m", "date.e_month"),
        (("2026", "4", "32"), "d", "date.e_day"),
        (("2026", "4", ""), "d", "date.e_day"),
        (("2026", "2", "29"), None, "date.e_no_such_day"),
        (("", " ", ""), None, "date.e_missing"),
    ],
)
def test_the_part_that_is_wrong_is_named(typed: tuple[str, str, str], part: str | None, key: str) -> None:
    with pytest.raises(DateProblem) as problem:
        TypedDate(*typed).read(2026)
    assert (problem.value.part, problem.value.key) == (part, key)
