"""Conditional skip in its contexts and conditions (6.2, 7.1, 7.6)."""

from datetime import date
from pathlib import Path

import pytest

from tests.schedule.cdsi.builder import (
    OTHER,
    RASH_SHOT,
    SHOT,
    Clinic,
    age,
    condition,
    dose,
    interval,
    series,
    skip,
    skip_set,
    vaccine,
)

MARCH, APRIL, MAY = date(2020, 3, 1), date(2020, 4, 1), date(2020, 5, 1)
TODAY = date(2020, 6, 1)
FROM_THREE_MONTHS = skip_set(condition("Age", beginAge="3 months"))


def number_of_next(clinic: Clinic, *doses: tuple[date, str], on: date = TODAY) -> str:
    """Which target dose comes next, told by the minimum age that the test gives it."""
    forecast = clinic.forecast(on, *doses)
    return str(forecast.earliest.year) if forecast.earliest else forecast.status


def counting(logic: str, count: int, kind: str = "Total", **more: str) -> str:
    return condition("Vaccine Count by Age", doseCount=str(count), doseType=kind, doseCountLogic=logic, **more)


def skippable(*skips: str) -> str:
    """A series whose first dose may be skipped; the second one, not before age 10, shows that it was."""
    return series("Two", dose(1, *skips), dose(2, age(minAge="10 years", absMinAge="1 month")))


@pytest.mark.parametrize(
    ("context", "evaluated", "forecast"), [("Evaluation", 2, "2020"), ("Forecast", 1, "2030"), ("Both", 2, "2030")]
)
def test_the_context_says_where_a_skip_holds(tmp_path: Path, context: str, evaluated: int, forecast: str) -> None:
    clinic = Clinic(tmp_path, skippable(skip(context, FROM_THREE_MONTHS)))
    answer = clinic.ask(TODAY, (APRIL, SHOT))
    assert answer.doses[0].evaluations[0].target_dose == evaluated
    assert number_of_next(clinic) == forecast


def test_an_age_condition_has_an_end(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path, skippable(skip("Forecast", skip_set(condition("Age", beginAge="3 months", endAge="5 months")))))
    assert [number_of_next(clinic, on=day) for day in (MARCH, APRIL, date(2020, 5, 31), TODAY)] == [
        "2020",
        "2030",
        "2030",
        "2020",
    ]


def test_sets_and_conditions_are_joined_by_and_and_or(tmp_path: Path) -> None:
    young, old = condition("Age", endAge="3 months"), condition("Age", beginAge="3 months")

    def skipped(*sets: str, logic: str) -> bool:
        return number_of_next(Clinic(tmp_path, skippable(skip("Forecast", *sets, logic=logic)))) == "2030"

    assert not skipped(skip_set(young, old), logic="OR")
    assert skipped(skip_set(young, old, logic="OR"), logic="AND")
    assert skipped(skip_set(young), skip_set(old), logic="OR")
    assert not skipped(skip_set(young), skip_set(old), logic="AND")


def test_a_set_not_yet_in_force_does_not_skip(tmp_path: Path) -> None:
    later = skip_set(condition("Age", beginAge="3 months"), effective="20200601")
    for logic in ("AND", "OR"):
        clinic = Clinic(tmp_path, skippable(skip("Both", later, logic=logic)))
        assert [number_of_next(clinic, on=day) for day in (date(2020, 5, 31), TODAY)] == ["2020", "2030"]


def test_the_dose_under_evaluation_is_not_counted(tmp_path: Path) -> None:
    after_one = skip("Both", skip_set(counting("greater than", 0)))
    clinic = Clinic(tmp_path, series("Two", dose(1, after_one), dose(2, recurring="Yes")))
    targets = [verdict.evaluations[0].target_dose for verdict in clinic.ask(TODAY, (MARCH, SHOT), (APRIL, SHOT)).doses]
    assert targets == [1, 2]


def test_total_counts_doses_that_were_not_valid_and_valid_does_not(tmp_path: Path) -> None:
    first = age(absMinAge="1 year", minAge="1 year")
    for kind, expected in (("Total", "2030"), ("Valid", "2021")):
        rule = skip("Forecast", skip_set(counting("equal to", 1, kind)))
        clinic = Clinic(tmp_path, series("Two", dose(1, first, rule), dose(2, age(minAge="10 years"))))
        assert number_of_next(clinic, (MARCH, SHOT)) == expected


def test_total_counts_listed_vaccines_of_other_antigens_too(tmp_path: Path) -> None:
    rule = skip("Forecast", skip_set(counting("less than", 2, vaccineTypes=f"{SHOT};{RASH_SHOT}")))
    clinic = Clinic(tmp_path, skippable(rule))
    assert number_of_next(clinic, (MARCH, RASH_SHOT)) == "2030"
    assert number_of_next(clinic, (MARCH, RASH_SHOT), (APRIL, RASH_SHOT)) == "2020"


def test_a_count_looks_at_ages_dates_and_vaccines(tmp_path: Path) -> None:
    def skipped(**more: str) -> bool:
        rule = skip("Forecast", skip_set(counting("equal to", 1, **more)))
        never = age(absMinAge="5 years", minAge="5 years")
        clinic = Clinic(tmp_path, series("Two", dose(1, never, rule), dose(2, age(minAge="10 years"))))
        return number_of_next(clinic, (APRIL, SHOT)) == "2030"

    assert skipped(beginAge="3 months", endAge="4 months")
    assert not skipped(endAge="3 months")
    assert skipped(startDate="20200401", endDate="20200402")
    assert not skipped(endDate="20200401")
    assert not skipped(vaccineTypes=OTHER)


def test_an_interval_condition_runs_from_the_previous_dose_and_needs_one(tmp_path: Path) -> None:
    rule = skip("Forecast", skip_set(condition("Interval", interval="2 months")))
    clinic = Clinic(tmp_path, series("Three", dose(1), dose(2, rule), dose(3, age(minAge="10 years"))))
    assert [number_of_next(clinic, (APRIL, SHOT), on=day) for day in (date(2020, 5, 31), TODAY)] == ["2020", "2030"]
    assert number_of_next(clinic, on=date(2029, 1, 1)) == "2020"


def test_a_series_may_wait_for_another_group_to_be_complete(tmp_path: Path) -> None:
    rule = skip("Both", skip_set(condition("Completed Series", seriesGroups="1")))
    booster = series("Booster", dose(1, rule), dose(2, age(minAge="10 years")), type="Risk", group="2", indications=["A1"])
    clinic = Clinic(tmp_path, booster, series("Basic", dose(1, vaccine(OTHER))))
    seen = [("A1", None)]
    assert clinic.forecast(TODAY, observations=seen).earliest == date(2020, 1, 1)
    assert clinic.forecast(TODAY, (MARCH, OTHER), observations=seen).earliest == date(2030, 1, 1)


def test_a_recommendation_that_its_own_earliest_date_would_undo_is_made_again(tmp_path: Path) -> None:
    second = dose(2, interval(minInt="4 weeks"), skip("Forecast", skip_set(condition("Age", beginAge="5 months"))))
    third = dose(3, interval(minInt="8 weeks"))
    clinic = Clinic(tmp_path, series("Three", dose(1), second, third))
    assert clinic.forecast(MAY, (APRIL, SHOT)).earliest == date(2020, 4, 29)
    assert clinic.forecast(date(2020, 5, 10), (date(2020, 5, 10), SHOT)).earliest == date(2020, 7, 5)
