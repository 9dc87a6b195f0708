"""Ages and intervals as Japanese law counts them."""

from datetime import date

import pytest

from schedule.japan.reckoning import Life, first_after, parse_interval, parse_point


@pytest.mark.parametrize(
    ("born", "point", "day"),
    [
        ("2020-05-20", "1歳", "2021-05-19"),
        ("2024-02-29", "1歳", "2025-02-28"),
        ("2023-12-30", "生後2月", "2024-02-29"),
        ("2022-12-30", "生後2月", "2023-02-28"),
        ("2023-08-31", "生後6月", "2024-02-29"),
        ("2023-10-31", "生後1月", "2023-11-30"),
        ("2024-01-15", "生後7月の翌日", "2024-08-15"),
        ("2024-01-15", "5歳の前日", "2029-01-13"),
        ("2024-01-15", "出生6週", "2024-02-26"),
        ("2024-01-15", "出生", "2024-01-15"),
        ("2014-04-01", "12歳の年度初日", "2025-04-01"),
        ("2014-04-02", "12歳の年度初日", "2026-04-01"),
        ("2014-04-02", "16歳の年度末日", "2031-03-31"),
        ("2019-04-01", "就学1年前", "2024-04-01"),
        ("2019-04-02", "就学1年前", "2025-04-01"),
        ("2019-04-02", "就学前日", "2026-03-31"),
    ],
)
def test_a_point_in_a_life_falls_on_its_lawful_day(born: str, point: str, day: str) -> None:
    found = Life(date.fromisoformat(born), None).day(parse_point(point))
    assert found is not None
    assert date.fromordinal(found).isoformat() == day


@pytest.mark.parametrize(
    ("dose", "interval", "day"),
    [
        ("2025-03-03", "6日", "2025-03-10"),
        ("2025-03-03", "27日", "2025-03-31"),
        ("2025-03-03", "139日", "2025-07-21"),
        ("2025-03-03", "6月", "2025-09-03"),
        ("2025-10-31", "1月", "2025-12-01"),
        ("2025-11-30", "3月", "2026-03-01"),
        ("2025-04-01", "2月半", "2025-06-16"),
        ("2025-12-15", "2月半", "2026-03-01"),
    ],
)
def test_an_interval_ends_on_the_first_day_after_the_full_days_or_months(dose: str, interval: str, day: str) -> None:
    found = first_after(date.fromisoformat(dose).toordinal(), parse_interval(interval))
    assert date.fromordinal(found).isoformat() == day


def test_a_point_before_delivery_needs_the_expected_day() -> None:
    point = parse_point("予定日84日前")
    assert Life(None, date(2026, 9, 1)).day(point) == date(2026, 6, 9).toordinal()
    assert Life(date(2026, 9, 1), None).day(point) is None


@pytest.mark.parametrize("words", ["生後", "三歳", "15", "生後2月から", "出生週"])
def test_other_words_are_no_points(words: str) -> None:
    with pytest.raises(ValueError, match="is no age or day"):
        parse_point(words)


@pytest.mark.parametrize("words", ["27", "1年", "日", "2.5月"])
def test_other_words_are_no_intervals(words: str) -> None:
    with pytest.raises(ValueError, match="is no interval"):
        parse_interval(words)
