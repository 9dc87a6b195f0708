"""The doses still to come, each reckoned from the one before it."""

from datetime import date, timedelta

from schedule.contract import DoseGiven, ForecastRequest
from schedule.japan import load_edition
from schedule.japan.expecting import Outlook, expect

TODAY = date(2026, 11, 23)


def _expect(born_on: date, *doses: DoseGiven, **appointed: date | None) -> Outlook:
    request = ForecastRequest(id="x", assessment_date=TODAY, birth_date=born_on, sex="F", doses=doses)
    return expect(load_edition(), request, appointed)


def _days(outlook: Outlook, series: str) -> list[tuple[int | None, date]]:
    return [(dose.forecast.dose_number, dose.on) for dose in outlook.doses[series]]


def test_each_dose_is_reckoned_from_the_one_before_it() -> None:
    outlook = _expect(date(2026, 11, 1), HEPB=None)
    assert _days(outlook, "HEPB") == [(1, date(2026, 12, 31)), (2, date(2027, 1, 28)), (3, date(2027, 5, 20))]
    assert outlook.lost == set()


def test_an_appointed_day_moves_the_doses_after_it() -> None:
    late = date(2027, 1, 14)
    freely, appointed = _expect(date(2026, 11, 1), HEPB=None), _expect(date(2026, 11, 1), HEPB=late)
    assert _days(appointed, "HEPB")[0] == (1, late)
    assert _days(appointed, "HEPB")[1] == (2, _days(freely, "HEPB")[1][1] + timedelta(days=14))


def test_a_live_vaccine_makes_another_live_vaccine_wait() -> None:
    both = _expect(date(2025, 11, 30), MR1=TODAY, VAR=TODAY + timedelta(days=9))
    assert _days(both, "VAR")[0][1] >= TODAY + timedelta(days=28)


def test_a_course_that_cannot_be_finished_in_time_is_lost() -> None:
    assert _expect(date(2026, 4, 10), HEPB=None).lost == {"HEPB"}
    assert _expect(date(2026, 4, 10), BCG=date(2027, 4, 10)) == Outlook({"BCG": []}, {"BCG"})


def test_what_was_given_is_not_expected_again_and_a_season_ends_with_its_course() -> None:
    given = DoseGiven("FLU", date(2026, 10, 20))
    assert [number for number, _ in _days(_expect(date(2024, 4, 10), given, FLU=None), "FLU")] == [2]
