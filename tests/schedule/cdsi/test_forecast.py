"""Need and dates of the next dose (chapter 7)."""

from datetime import date
from pathlib import Path

from tests.schedule.cdsi.builder import (
    LIVE,
    OTHER,
    RASH_SHOT,
    SHOT,
    WRONG,
    Clinic,
    age,
    condition,
    conflict,
    dose,
    element,
    interval,
    schedule_file,
    series,
    skip,
    skip_set,
    vaccine,
)

MARCH, TODAY = date(2020, 3, 1), date(2020, 6, 1)
IMMUNITY = element(
    "immunity",
    element("clinicalHistory", element("guidelineCode", "A1")),
    element("dateOfBirth", element("immunityBirthDate", "01/01/1957"), element("exclusion", element("exclusionCode", "A2"))),
)


def contraindications(*, antigen: str = "", vaccine_codes: tuple[str, ...] = ()) -> str:
    group = [element("contraindication", element("observationCode", antigen), element("endAge", "1 year"))] if antigen else []
    codes = [element("contraindicatedVaccine", element("cvx", code)) for code in vaccine_codes]
    forbidden = [element("contraindication", element("observationCode", "A2"), *codes)] if codes else []
    return element("contraindications", element("vaccineGroup", *group), element("vaccine", *forbidden))


def test_ages_give_the_dates_and_past_due_is_the_day_before(tmp_path: Path) -> None:
    ages = age(minAge="2 months", earliestRecAge="3 months", latestRecAge="5 months", maxAge="1 year")
    forecast = Clinic(tmp_path, series("One", dose(1, ages))).forecast(MARCH)
    assert (forecast.status, forecast.dose_number) == ("not_complete", 1)
    assert (forecast.earliest, forecast.recommended) == (MARCH, date(2020, 4, 1))
    assert (forecast.past_due, forecast.latest) == (date(2020, 5, 31), date(2020, 12, 31))


def test_recommended_and_past_due_never_lie_before_earliest(tmp_path: Path) -> None:
    ages = age(earliestRecAge="1 month", latestRecAge="2 months")
    clinic = Clinic(tmp_path, series("Two", dose(1), dose(2, ages, interval(minInt="4 weeks"))))
    forecast = clinic.forecast(TODAY, (date(2020, 5, 1), SHOT))
    assert [forecast.earliest, forecast.recommended, forecast.past_due] == [date(2020, 5, 29)] * 3


def test_without_ages_the_latest_of_the_intervals_counts(tmp_path: Path) -> None:
    rules = (
        interval(minInt="4 weeks", earliestRecInt="6 weeks", latestRecInt="8 weeks"),
        interval(minInt="5 weeks", earliestRecInt="5 weeks", latestRecInt="6 weeks"),
    )
    forecast = Clinic(tmp_path, series("Two", dose(1), dose(2, *rules))).forecast(TODAY, (MARCH, SHOT))
    assert forecast.earliest == date(2020, 4, 5)
    assert forecast.recommended == date(2020, 4, 12)
    assert forecast.past_due == date(2020, 4, 25)


def test_a_live_vaccine_anyone_gave_holds_the_next_dose_back(tmp_path: Path) -> None:
    schedule = schedule_file(conflict(RASH_SHOT, LIVE))
    clinic = Clinic(tmp_path, series("One", dose(1, vaccine(LIVE))), schedule=schedule)
    assert clinic.forecast(TODAY, (date(2020, 5, 31), RASH_SHOT)).earliest == date(2020, 6, 28)


def test_of_several_conflicts_the_longest_holds_back(tmp_path: Path) -> None:
    schedule = schedule_file(conflict(RASH_SHOT, LIVE, end="28 days"), conflict(RASH_SHOT, OTHER, end="30 days"))
    clinic = Clinic(tmp_path, series("One", dose(1, vaccine(OTHER), vaccine(LIVE))), schedule=schedule)
    assert clinic.forecast(TODAY, (date(2020, 5, 31), RASH_SHOT)).earliest == date(2020, 6, 30)


def test_an_inadvertent_dose_holds_the_next_one_back_to_its_day(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path, series("One", dose(1, vaccine(WRONG, "inadvertentVaccine"))))
    assert clinic.forecast(TODAY, (date(2020, 5, 20), WRONG)).earliest == date(2020, 5, 20)


def test_a_complete_series_needs_nothing(tmp_path: Path) -> None:
    forecast = Clinic(tmp_path, series("One", dose(1))).forecast(TODAY, (MARCH, SHOT))
    assert (forecast.status, forecast.dose_number, forecast.earliest) == ("complete", None, None)


def test_one_who_is_too_old_or_would_be_has_aged_out(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path, series("Two", dose(1), dose(2, age(maxAge="6 months"), interval(minInt="8 weeks"))))
    assert clinic.forecast(TODAY, (MARCH, SHOT)).status == "not_complete"
    late = clinic.forecast(TODAY, (date(2020, 5, 6), SHOT))
    assert (late.status, late.reasons[0].code) == ("aged_out", "age.cannot_finish")
    old = clinic.forecast(date(2020, 7, 1), (MARCH, SHOT))
    assert (old.status, old.reasons[0].code) == ("aged_out", "age.past_maximum")


def test_evidence_of_immunity_is_an_observation_or_an_early_birth(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path, IMMUNITY, series("One", dose(1)))
    assert clinic.forecast(TODAY, observations=[("A1", None)]).status == "immune"
    assert clinic.forecast(TODAY, born=date(1956, 12, 31)).status == "immune"
    assert clinic.forecast(TODAY, born=date(1957, 1, 1)).status == "not_complete"
    assert clinic.forecast(TODAY, born=date(1956, 12, 31), observations=[("A2", None)]).status == "not_complete"


def test_immunity_by_birth_may_ask_for_a_country(tmp_path: Path) -> None:
    rule = element("dateOfBirth", element("immunityBirthDate", "01/01/1980"), element("birthCountry", "Atlantis"))
    clinic = Clinic(tmp_path, element("immunity", rule), series("One", dose(1)))
    born = date(1979, 12, 31)
    assert clinic.forecast(TODAY, born=born).status == "immune"
    assert clinic.forecast(TODAY, born=born, birth_country="Atlantis").status == "immune"
    assert clinic.forecast(TODAY, born=born, birth_country="Lemuria").status == "not_complete"


def test_a_contraindication_of_the_antigen_ends_with_its_age(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path, contraindications(antigen="A1"), series("One", dose(1)))
    assert clinic.forecast(TODAY, observations=[("A1", None)]).status == "contraindicated"
    assert clinic.forecast(date(2021, 1, 1), observations=[("A1", None)]).status == "not_complete"


def test_contraindicated_vaccines_close_a_series_only_when_no_preferable_one_is_left(tmp_path: Path) -> None:
    doses = (dose(1, vaccine(SHOT)), dose(2, vaccine(OTHER)))
    some = Clinic(tmp_path, contraindications(vaccine_codes=(SHOT,)), series("Two", *doses))
    assert some.forecast(TODAY, observations=[("A2", None)]).status == "not_complete"
    nameless = Clinic(tmp_path, contraindications(vaccine_codes=(SHOT,)), series("One", dose(1, element("preferableVaccine"))))
    assert nameless.forecast(TODAY, observations=[("A2", None)]).status == "not_complete"
    every = Clinic(tmp_path, contraindications(vaccine_codes=(SHOT, OTHER)), series("Two", *doses))
    assert every.forecast(TODAY, observations=[("A2", None)]).status == "contraindicated"


def test_a_season_begins_ends_and_was_the_same_in_the_years_before(tmp_path: Path) -> None:
    seasonal = dose(1, season=("20251001", "20260331"), recurring="Yes")
    clinic = Clinic(tmp_path, series("Yearly", seasonal))
    assert clinic.forecast(date(2025, 9, 1)).earliest == date(2025, 10, 1)
    assert clinic.forecast(date(2026, 4, 1)).status == "not_recommended"
    assert clinic.forecast(date(2023, 11, 1)).earliest == date(2023, 10, 1)
    assert clinic.forecast(date(2023, 5, 1)).earliest == date(2023, 10, 1)
    assert clinic.forecast(date(1900, 1, 1), born=date(1899, 1, 1)).earliest == date(1899, 10, 1)


def test_the_dates_of_a_skip_move_with_the_season_of_its_dose(tmp_path: Path) -> None:
    counted = {"doseCount": "0", "doseType": "Valid", "doseCountLogic": "greater than"}
    before = skip("Both", skip_set(condition("Vaccine Count by Date", endDate="20251001", **counted)))
    seasonal = dose(1, before, season=("20251001", "20260331"), recurring="Yes")
    clinic = Clinic(tmp_path, series("Once before", seasonal))
    today, last_season, this_season = date(2023, 11, 1), date(2023, 9, 30), date(2023, 10, 1)
    assert clinic.forecast(today, (last_season, SHOT)).status == "complete"
    assert clinic.forecast(today, (this_season, SHOT)).status == "not_complete"


def test_seasonal_doses_are_numbered_within_their_season(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path, series("Yearly", dose(1, season=("20251001", "20260331"), recurring="Yes")))
    assert clinic.forecast(date(2025, 11, 1), (date(2024, 11, 1), SHOT)).dose_number == 1
    assert clinic.forecast(date(2025, 11, 1), (date(2025, 10, 1), SHOT)).dose_number == 2


def test_a_forecast_tells_the_day_on_which_it_will_be_another(tmp_path: Path) -> None:
    def holds_until(*given: str, on: date = TODAY) -> date | None:
        return Clinic(tmp_path, *given).forecast(on, observations=[("A1", None)]).valid_until

    plain = dose(1)
    assert holds_until(series("One", plain)) is None
    assert holds_until(series("One", dose(1, age(maxAge="2 years")))) == date(2022, 1, 1)
    old, new = age(minAge="1 month", cessationDate="20201231"), age(minAge="2 months", effectiveDate="20210101")
    assert holds_until(series("One", dose(1, old, new))) == date(2021, 1, 1)
    later = skip("Forecast", skip_set(condition("Age", beginAge="1 month"), effective="20210315"))
    assert holds_until(series("One", dose(1, later))) == date(2021, 3, 15)
    moving = series("Yearly", dose(1, season=("20251001", "20260331")))
    assert holds_until(moving, on=date(2023, 5, 1)) == date(2024, 4, 1)
    adult = series("Adult", plain, group="2", min_age_to_start="50 years")
    child = series("Child", dose(1, age(maxAge="5 years")))
    assert holds_until(child, adult, on=date(2030, 1, 1)) == date(2070, 1, 1)
    assert holds_until(series("Risk", plain, type="Risk", indications=["A1 from 3 years"])) == date(2023, 1, 1)


def test_vaccines_recommended_by_name_fit_the_age_and_are_not_contraindicated(tmp_path: Path) -> None:
    named = (vaccine(SHOT, forecastVaccineType="Y"), vaccine(OTHER, forecastVaccineType="Y", endAge="1 month"), vaccine(WRONG))
    late = vaccine(LIVE, forecastVaccineType="Y", beginAge="2 months")
    ages = age(minAge="1 month", earliestRecAge="2 months")
    clinic = Clinic(tmp_path, contraindications(vaccine_codes=(SHOT,)), series("One", dose(1, ages, *named, late)))
    assert clinic.forecast(TODAY).products == (SHOT, LIVE)
    assert clinic.forecast(TODAY, observations=[("A2", None)]).products == (LIVE,)


def test_guidance_on_the_series_and_on_what_the_patient_has_is_passed_on(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path, series("One", dose(1), type="Risk", indications=["A1", "A2"], guidance="Take care."))
    told = [reason.text for reason in clinic.forecast(TODAY, observations=[("A1", None)]).reasons if reason.code == "guidance"]
    assert told == ["Take care.", "Guidance on A1"]


def test_every_date_says_which_rule_and_anchor_it_comes_from(tmp_path: Path) -> None:
    second = dose(2, age(latestRecAge="1 year"), interval(minInt="4 weeks", earliestRecInt="8 weeks"))
    forecast = Clinic(tmp_path, series("Two", dose(1), second)).forecast(TODAY, (MARCH, SHOT))
    reasons = {reason.code: reason for reason in forecast.reasons}
    assert set(reasons) == {"earliest.minimum_interval", "recommended.interval", "past_due.age"}
    assert reasons["earliest.minimum_interval"].anchor_date == MARCH
    assert reasons["recommended.interval"].date == forecast.recommended
    assert reasons["past_due.age"].anchor_date == date(2020, 1, 1)
