"""Each step of evaluating a dose (chapter 6), on data of our own."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schedule.cdsi import forecast
from schedule.contract import DoseGiven, ForecastRequest
from tests.schedule.cdsi.builder import (
    LIVE,
    OTHER,
    RASH_SHOT,
    SHOT,
    WRONG,
    Clinic,
    age,
    allowable_interval,
    condition,
    conflict,
    dose,
    interval,
    schedule_file,
    series,
    skip,
    skip_set,
    vaccine,
)

MARCH, APRIL = date(2020, 3, 1), date(2020, 4, 1)
INADVERTENT = vaccine(WRONG, "inadvertentVaccine")


def test_the_age_decides_between_too_young_grace_period_and_too_old(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path, series("One", dose(1, age(absMinAge="2 months - 4 days", minAge="2 months", maxAge="6 months"))))
    assert clinic.verdicts((date(2020, 2, 25), SHOT)) == ["not_valid age.too_young"]
    assert clinic.verdicts((date(2020, 2, 26), SHOT)) == ["valid age.grace_period"]
    assert clinic.verdicts((date(2020, 6, 30), SHOT)) == ["valid"]
    assert clinic.verdicts((date(2020, 7, 1), SHOT)) == ["extraneous age.too_old"]


def test_an_age_rule_counts_only_for_doses_given_while_it_was_in_force(tmp_path: Path) -> None:
    old, new = age(absMinAge="1 month", cessationDate="20200331"), age(absMinAge="6 months", effectiveDate="20200401")
    clinic = Clinic(tmp_path, series("One", dose(1, old, new)))
    assert clinic.verdicts((date(2020, 3, 31), SHOT)) == ["valid"]
    assert clinic.verdicts((APRIL, SHOT)) == ["not_valid age.too_young"]


def test_an_inadvertent_vaccine_is_not_valid_and_starts_no_interval(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path, series("Two", dose(1, INADVERTENT), dose(2, interval(absMinInt="4 weeks"), INADVERTENT)))
    verdicts = clinic.verdicts((MARCH, SHOT), (date(2020, 3, 28), WRONG), (date(2020, 3, 29), SHOT))
    assert verdicts == ["valid", "not_valid vaccine.inadvertent", "valid"]


def test_an_inadvertent_vaccine_is_not_the_most_recent_one_either(tmp_path: Path) -> None:
    from_wrong = interval(fromPrevious="N", fromMostRecent=WRONG, absMinInt="8 weeks")
    clinic = Clinic(tmp_path, series("Two", dose(1, INADVERTENT), dose(2, from_wrong, INADVERTENT)))
    verdicts = clinic.verdicts((MARCH, SHOT), (date(2020, 3, 28), WRONG), (date(2020, 3, 29), SHOT))
    assert verdicts[2] == "valid"


def test_an_extraneous_dose_starts_no_interval(tmp_path: Path) -> None:
    until_six_months = age(maxAge="6 months")
    leave_out = skip("Evaluation", skip_set(condition("Age", beginAge="8 months")))
    doses = (dose(1), dose(2, until_six_months, leave_out), dose(3, interval(absMinInt="8 weeks")))
    clinic = Clinic(tmp_path, series("Three", *doses))
    verdicts = clinic.verdicts((MARCH, SHOT), (date(2020, 8, 15), SHOT), (date(2020, 9, 1), SHOT))
    assert verdicts == ["valid", "extraneous age.too_old", "valid"]


def test_a_dose_that_was_not_valid_does_start_an_interval(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path, series("Two", dose(1), dose(2, interval(absMinInt="4 weeks"))))
    verdicts = clinic.verdicts((MARCH, SHOT), (date(2020, 3, 28), SHOT), (date(2020, 4, 24), SHOT), (date(2020, 5, 22), SHOT))
    assert verdicts == ["valid", "not_valid interval.too_soon", "not_valid interval.too_soon", "valid"]


def test_the_reason_of_an_interval_names_its_anchor_and_the_day_it_ends(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path, series("Two", dose(1), dose(2, interval(absMinInt="4 weeks - 4 days", minInt="4 weeks"))))
    answer = clinic.ask(date(2021, 1, 1), (MARCH, SHOT), (date(2020, 3, 27), SHOT))
    (reason,) = answer.doses[1].evaluations[0].reasons
    assert (reason.code, reason.anchor_date, reason.date) == ("interval.grace_period", MARCH, date(2020, 3, 29))
    assert reason.citation
    assert reason.text != reason.text_en


def test_an_interval_may_run_from_a_target_dose_a_vaccine_or_an_observation(tmp_path: Path) -> None:
    rules = (
        interval(fromPrevious="N", fromTargetDose="1", absMinInt="8 weeks"),
        interval(fromPrevious="N", fromMostRecent=f"{RASH_SHOT}; {OTHER}", absMinInt="2 weeks"),
        interval(observation="A1", absMinInt="1 month"),
    )
    clinic = Clinic(tmp_path, series("Two", dose(1), dose(2, *rules)))
    on_day = date(2020, 4, 26)
    assert clinic.verdicts((MARCH, SHOT), (date(2020, 4, 25), SHOT))[1] == "not_valid interval.too_soon"
    assert clinic.verdicts((MARCH, SHOT), (on_day, SHOT))[1] == "valid"
    seen = [("A1", date(2020, 3, 27))]
    assert clinic.verdicts((MARCH, SHOT), (on_day, SHOT), observations=seen)[1] == "not_valid interval.too_soon"
    answer = clinic.ask(date(2025, 1, 1), (MARCH, SHOT), (date(2020, 4, 13), RASH_SHOT), (on_day, SHOT))
    assert answer.doses[2].evaluations[0].status == "not_valid"


@pytest.mark.parametrize("flaw", [{"flawed": True}, {"lot_expiration": date(2020, 2, 29)}])
def test_a_sub_standard_dose_is_to_be_repeated_and_starts_no_interval(tmp_path: Path, flaw: dict[str, Any]) -> None:
    clinic = Clinic(tmp_path, series("Two", dose(1), dose(2, interval(absMinInt="4 weeks"))))
    doses = (DoseGiven(SHOT, date(2020, 2, 1)), DoseGiven(SHOT, MARCH, **flaw), DoseGiven(SHOT, date(2020, 3, 2)))
    answer = forecast(clinic.data, ForecastRequest("1", APRIL, date(2020, 1, 1), doses=doses))
    assert [verdict.evaluations[0].status for verdict in answer.doses] == ["valid", "sub_standard", "valid"]


def test_an_allowable_interval_saves_a_dose_that_misses_the_preferable_one(tmp_path: Path) -> None:
    second = dose(2, interval(absMinInt="6 months"), allowable_interval(absMinInt="4 months"))
    clinic = Clinic(tmp_path, series("Two", dose(1), second))
    assert clinic.verdicts((MARCH, SHOT), (date(2020, 6, 30), SHOT))[1] == "not_valid interval.too_soon"
    assert clinic.verdicts((MARCH, SHOT), (date(2020, 7, 1), SHOT))[1] == "valid interval.allowable"


def test_a_live_vaccine_of_another_antigen_disturbs_unless_given_on_the_same_day(tmp_path: Path) -> None:
    schedule = schedule_file(conflict(RASH_SHOT, LIVE))
    clinic = Clinic(tmp_path, series("One", dose(1, vaccine(LIVE))), schedule=schedule)

    def verdict(earlier: date) -> str:
        answer = clinic.ask(date(2025, 1, 1), (earlier, RASH_SHOT), (APRIL, LIVE))
        return answer.doses[1].evaluations[0].status

    assert verdict(APRIL) == "valid"
    assert verdict(date(2020, 3, 31)) == "not_valid"
    assert verdict(date(2020, 3, 9)) == "not_valid"
    assert verdict(date(2020, 3, 8)) == "valid"


def test_after_a_live_dose_that_was_not_valid_the_longer_conflict_counts(tmp_path: Path) -> None:
    rule = age(absMinAge="2 months")
    schedule = schedule_file(conflict(LIVE, LIVE))
    clinic = Clinic(tmp_path, series("One", dose(1, rule, vaccine(LIVE)), dose(2, vaccine(LIVE))), schedule=schedule)
    too_young, valid = date(2020, 2, 20), MARCH
    assert clinic.verdicts((too_young, LIVE), (date(2020, 3, 15), LIVE))[1] == "not_valid conflict.vaccine"
    assert clinic.verdicts((valid, LIVE), (date(2020, 3, 25), LIVE))[1] == "valid"


def test_a_vaccine_must_be_preferable_or_allowable_at_that_age_and_of_that_make(tmp_path: Path) -> None:
    vaccines = (vaccine(SHOT, beginAge="6 months"), vaccine(OTHER, "allowableVaccine"), vaccine(LIVE, mvx="MAKER"))
    clinic = Clinic(tmp_path, series("One", dose(1, *vaccines)))
    assert clinic.verdicts((MARCH, OTHER)) == ["valid"]
    assert clinic.verdicts((MARCH, SHOT)) == ["not_valid vaccine.not_at_this_age_or_brand"]
    assert clinic.verdicts((MARCH, LIVE)) == ["not_valid vaccine.not_at_this_age_or_brand"]
    assert clinic.verdicts((MARCH, WRONG)) == ["not_valid vaccine.not_preferable_or_allowable"]


def test_doses_after_the_last_target_dose_are_extraneous_unless_it_recurs(tmp_path: Path) -> None:
    once = Clinic(tmp_path, series("One", dose(1)))
    assert once.verdicts((MARCH, SHOT), (APRIL, SHOT)) == ["valid", "extraneous series.already_complete"]
    ever = Clinic(tmp_path, series("One", dose(1, recurring="Yes")))
    assert ever.verdicts((MARCH, SHOT), (APRIL, SHOT)) == ["valid", "valid"]


def test_the_order_of_recording_does_not_matter(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path, series("Two", dose(1), dose(2, interval(absMinInt="4 weeks"))))
    doses = [(MARCH, SHOT), (APRIL, SHOT), (date(2020, 4, 2), SHOT)]
    assert clinic.verdicts(*reversed(doses)) == clinic.verdicts(*doses)[::-1]
