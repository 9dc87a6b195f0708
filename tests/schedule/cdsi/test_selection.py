"""Which series counts (chapters 5 and 8) and what the vaccine group says (chapter 9)."""

from datetime import date
from pathlib import Path

import pytest

from tests.schedule.cdsi.builder import (
    BOTH,
    OTHER,
    RASH_SHOT,
    SHOT,
    Clinic,
    Observations,
    age,
    antigen_file,
    dose,
    element,
    interval,
    schedule_file,
    series,
    vaccine,
)

MARCH, TODAY = date(2020, 3, 1), date(2020, 6, 1)
SEEN: list[tuple[str, date | None]] = [("A1", None)]


def chosen(clinic: Clinic, *doses: tuple[date, str], sex: str | None = "F", observations: Observations = ()) -> str:
    return clinic.forecast(TODAY, *doses, sex=sex, observations=observations).series


def test_a_risk_series_needs_an_observation_and_a_gender_must_fit(tmp_path: Path) -> None:
    everyone, risk = (
        series("Everyone", dose(1), equivalent="2"),
        series("Risk", dose(1), type="Risk", group="2", indications=["A1"]),
    )
    clinic = Clinic(tmp_path, everyone, risk)
    assert chosen(clinic) == "Everyone"
    assert chosen(clinic, observations=SEEN) == "Risk"
    for_girls = Clinic(tmp_path, series("Girls", dose(1), genders=("Female", "Unknown")))
    assert [chosen(for_girls, sex=sex) for sex in ("F", None, "M")] == ["Girls", "Girls", "Fever"]


def test_without_valid_doses_the_default_series_stands(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path, series("Other", dose(1)), series("Default", dose(1), default="Yes", preference="2"))
    assert chosen(clinic) == "Default"


def test_without_a_default_the_series_that_can_start_earliest_wins(tmp_path: Path) -> None:
    late, early = series("Late", dose(1, age(minAge="1 year"))), series("Early", dose(1), preference="2")
    assert chosen(Clinic(tmp_path, late, early)) == "Early"
    product = series("Product", dose(1), product="Yes")
    assert chosen(Clinic(tmp_path, product, series("Any", dose(1), preference="2"))) == "Any"


def test_once_one_series_is_complete_those_in_process_drop_out(tmp_path: Path) -> None:
    short = series("Short", dose(1), preference="2")
    long = series("Long", dose(1), dose(2), dose(3), default="Yes")
    forecast = Clinic(tmp_path, long, short).forecast(TODAY, (MARCH, SHOT))
    assert (forecast.series, forecast.status) == ("Short", "complete")


def test_a_product_series_wins_only_while_every_dose_is_valid(tmp_path: Path) -> None:
    early = age(absMinAge="2 months")
    product = series("Product", dose(1, early, vaccine(OTHER)), dose(2, vaccine(OTHER)), product="Yes", preference="2")
    any_make = series("Any", dose(1, early, vaccine(SHOT), vaccine(OTHER)), dose(2, vaccine(SHOT), vaccine(OTHER)), default="Yes")
    clinic = Clinic(tmp_path, product, any_make)
    assert chosen(clinic, (MARCH, OTHER)) == "Product"
    assert chosen(clinic, (date(2020, 2, 1), OTHER), (MARCH, OTHER)) == "Any"


def test_a_series_begun_too_late_or_past_finishing_gives_way(tmp_path: Path) -> None:
    young = series("Young", dose(1), dose(2), max_age_to_start="2 months")
    later = series("Later", dose(1), dose(2), dose(3), preference="2", default="Yes")
    clinic = Clinic(tmp_path, young, later)
    assert chosen(clinic, (date(2020, 2, 28), SHOT)) == "Young"
    assert chosen(clinic, (MARCH, SHOT)) == "Later"
    hopeless = series("Hopeless", dose(1), dose(2), dose(3, age(maxAge="6 months"), interval(minInt="3 months")))
    endless = series("Endless", dose(1), dose(2), dose(3), dose(4), preference="2")
    assert chosen(Clinic(tmp_path, hopeless, endless), (date(2020, 4, 15), SHOT)) == "Endless"


def test_of_risk_series_only_the_highest_priority_counts(tmp_path: Path) -> None:
    low = series("Low", dose(1), type="Risk", priority="B", indications=["A1"])
    high = series("High", dose(1), dose(2), type="Risk", priority="A", preference="2", indications=["A2"])
    clinic = Clinic(tmp_path, low, high)
    assert chosen(clinic, observations=SEEN) == "Low"
    assert chosen(clinic, (MARCH, SHOT), observations=[*SEEN, ("A2", None)]) == "High"


def test_an_evaluation_only_series_counts_once_it_is_complete(tmp_path: Path) -> None:
    abroad = series("Abroad", dose(1, vaccine(OTHER)), dose(2, vaccine(OTHER)), type="Evaluation Only")
    clinic = Clinic(tmp_path, abroad, series("Ours", dose(1), dose(2), default="Yes"))
    assert chosen(clinic, (MARCH, OTHER)) == "Ours"
    assert chosen(clinic, (MARCH, OTHER), (date(2020, 4, 1), OTHER)) == "Abroad"


def test_a_complete_series_makes_an_equivalent_one_needless(tmp_path: Path) -> None:
    everyone = series("Everyone", dose(1), equivalent="2")
    risk = series("Risk", dose(1), dose(2), type="Risk", group="2", equivalent="1", indications=["A1"])
    forecast = Clinic(tmp_path, everyone, risk).forecast(TODAY, (MARCH, SHOT), observations=SEEN)
    assert (forecast.series, forecast.status) == ("Everyone", "complete")


def test_a_risk_series_replaces_an_equivalent_standard_one(tmp_path: Path) -> None:
    everyone = series("Everyone", dose(1), dose(2), equivalent="2")
    later = dose(1, age(absMinAge="4 months", minAge="4 months"))
    clinic = Clinic(tmp_path, everyone, series("Risk", later, type="Risk", group="2", equivalent="1", indications=["A1"]))
    forecast = clinic.forecast(TODAY, (MARCH, SHOT), observations=SEEN)
    assert (forecast.series, forecast.dose_number) == ("Risk", 1)
    assert clinic.verdicts((MARCH, SHOT), observations=SEEN) == ["not_valid age.too_young"]


def test_a_contraindicated_series_gives_way_to_one_that_is_not(tmp_path: Path) -> None:
    codes = element("contraindicatedVaccine", element("cvx", SHOT))
    forbidden = element(
        "contraindications", element("vaccine", element("contraindication", element("observationCode", "A1"), codes))
    )
    one_make = series("One", dose(1, vaccine(SHOT)), type="Risk", indications=["A1"], default="Yes")
    other_make = series("Other", dose(1, vaccine(OTHER)), type="Risk", indications=["A1"])
    assert chosen(Clinic(tmp_path, forbidden, one_make, other_make), observations=SEEN) == "Other"


def test_two_best_series_share_verdicts_and_number_and_the_open_one_is_forecast(tmp_path: Path) -> None:
    everyone = series("Everyone", dose(1))
    risk = series("Risk", dose(1, age(absMinAge="4 months", minAge="4 months")), type="Risk", group="2", indications=["A1"])
    clinic = Clinic(tmp_path, everyone, risk)
    forecast = clinic.forecast(TODAY, (MARCH, SHOT), observations=SEEN)
    assert (forecast.series, forecast.dose_number, forecast.earliest) == ("Risk", 2, date(2020, 5, 1))
    assert clinic.verdicts((MARCH, SHOT), observations=SEEN) == ["valid"]


def test_of_two_open_forecasts_the_one_for_the_risk_is_given(tmp_path: Path) -> None:
    everyone, risk = series("Everyone", dose(1)), series("Risk", dose(1), type="Risk", group="2", indications=["A1"])
    assert chosen(Clinic(tmp_path, everyone, risk), observations=SEEN) == "Risk"


def test_a_series_group_for_a_later_age_waits_for_that_age(tmp_path: Path) -> None:
    child = series("Child", dose(1, age(maxAge="5 years")))
    adult = series("Adult", dose(1, age(minAge="50 years")), group="2", min_age_to_start="50 years")
    clinic = Clinic(tmp_path, child, adult)
    assert clinic.forecast(TODAY).series == "Child"
    assert clinic.forecast(date(2030, 1, 1)).status == "aged_out"
    assert clinic.forecast(date(2071, 1, 1)).series == "Adult"


def rash(*doses: str) -> str:
    return antigen_file(series("Rash", *doses, antigen="Rash"))


def test_a_group_of_two_antigens_starts_with_the_later_one_and_is_due_with_the_earlier(tmp_path: Path) -> None:
    fever = age(minAge="1 month", earliestRecAge="4 months", latestRecAge="6 months")
    other = age(minAge="3 months", earliestRecAge="6 months", latestRecAge="9 months", maxAge="1 year")
    clinic = Clinic(tmp_path, series("Fever", dose(1, fever, vaccine(BOTH))), rash=rash(dose(1, other, vaccine(BOTH))))
    forecast = clinic.forecast(TODAY)
    assert (forecast.earliest, forecast.recommended) == (date(2020, 4, 1), date(2020, 5, 1))
    assert (forecast.past_due, forecast.latest) == (date(2020, 6, 30), date(2020, 12, 31))


def test_a_priority_interval_advances_the_group_but_not_before_its_last_dose(tmp_path: Path) -> None:
    second = dose(2, interval(minInt="4 weeks", intervalPriority="override"), vaccine(BOTH))
    other = rash(dose(1, age(minAge="5 months"), vaccine(RASH_SHOT), vaccine(BOTH)))
    clinic = Clinic(tmp_path, series("Fever", dose(1, vaccine(BOTH)), second), rash=other)
    assert clinic.forecast(TODAY, (MARCH, BOTH)).earliest == date(2020, 3, 29)
    assert clinic.forecast(TODAY, (MARCH, BOTH), (date(2020, 5, 30), RASH_SHOT)).earliest == date(2020, 5, 30)


@pytest.mark.parametrize(("full_group", "number"), [("Yes", 1), ("No", 2)])
def test_the_dose_number_of_a_group_follows_the_full_group_flag(tmp_path: Path, full_group: str, number: int) -> None:
    fever = series("Fever", dose(1), dose(2))
    clinic = Clinic(tmp_path, fever, rash=rash(dose(1)), schedule=schedule_file(full_group=full_group))
    assert clinic.forecast(TODAY, (MARCH, SHOT)).dose_number == number


@pytest.mark.parametrize(("full_group", "status"), [("Yes", "contraindicated"), ("No", "not_complete")])
def test_a_contraindicated_antigen_withholds_the_others_only_where_all_are_given_together(
    tmp_path: Path, full_group: str, status: str
) -> None:
    contraindication = element("contraindication", element("observationCode", "A1"))
    forbidden = element("contraindications", element("vaccineGroup", contraindication))
    rash_file = antigen_file(forbidden, series("Rash", dose(1), antigen="Rash"))
    clinic = Clinic(tmp_path, series("Fever", dose(1)), rash=rash_file, schedule=schedule_file(full_group=full_group))
    assert clinic.forecast(TODAY, observations=SEEN).status == status


def test_a_group_without_a_relevant_series_says_so(tmp_path: Path) -> None:
    forecast = Clinic(tmp_path, series("Risk", dose(1), type="Risk", indications=["A1"])).forecast(TODAY)
    assert (forecast.status, forecast.reasons[0].code) == ("not_recommended", "series.none_relevant")
