"""Dates and verdicts worked out by hand from the rules, vaccine by vaccine."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

Ask = Callable[..., Any]

_FIVE_IN_ONE = "DPT-IPV-Hib 2025-01-31, DPT-IPV-Hib 2025-02-28, DPT-IPV-Hib 2025-03-31"
_FOUR_IN_ONE = "DPT-IPV 2024-05-10, HIB 2024-05-10, DPT-IPV 2024-06-10, HIB 2024-06-10, DPT-IPV 2024-07-10"


_NEXT = """\
2024-11-20 | 2025-01-19 |              | DPT-IPV-Hib 1 4 | 2025-01-19 2025-01-19 2025-06-19 2032-05-19 | due
2024-11-20 | 2025-09-29 | five-in-one  | DPT-IPV-Hib 4 1 | 2025-10-01 2025-10-01 2026-10-01 2032-05-19 | not_due
2024-11-20 | 2025-01-19 |              | HIB 1 4         | 2025-01-19 2025-01-19 2025-06-19 2029-11-19 | due
2024-11-20 | 2025-06-20 |              | HIB 1 3         | 2025-01-19 2025-01-19 2025-06-19 2029-11-19 | overdue
2024-11-20 | 2025-11-20 |              | HIB 1 1         | 2025-01-19 2025-01-19 2025-06-19 2029-11-19 | overdue
2024-11-20 | 2025-11-20 | HIB 2025-04-01 | HIB 2 1       | 2025-11-20 -          -          2029-11-19 | due
2024-11-20 | 2025-03-01 | PCV20 2025-02-10 | PCV 2 3     | 2025-03-10 2025-03-10 2025-11-19 2026-11-19 | not_due
2024-11-20 | 2025-12-01 | PCV20 2025-02-10 | PCV 2 2     | 2025-03-10 2025-03-10 2025-11-19 2026-11-19 | overdue
2024-11-20 | 2026-01-01 | PCV20 2025-02-10, PCV20 2025-11-25 | PCV 3 1 | 2026-01-25 2026-01-25 2026-02-19 2029-11-19 | not_due
2024-11-20 | 2025-03-01 | HEPB 2025-01-20 | HEPB 2 2     | 2025-02-17 2025-02-17 2025-08-19 2025-11-19 | due
2024-11-20 | 2025-08-01 | BCG 2025-07-01 | MR1 1 1       | 2025-11-19 -          -          2026-11-19 | not_due
2024-11-20 | 2025-12-01 | VAR 2025-11-25 | MR1 1 1       | 2025-12-23 -          -          2026-11-19 | not_due
2018-10-05 | 2024-06-01 | MR 2019-11-01 | MR2 1 1        | 2024-04-01 -          -          2025-03-31 | due
2022-07-07 | 2025-06-01 | VAR 2023-07-31 | VAR 2 1       | 2023-10-31 2024-01-31 2024-07-31 2025-07-06 | overdue
2021-03-31 | 2021-09-30 |              | JE1 1 3         | 2021-09-30 2024-03-30 2025-03-30 2028-09-30 | eligible_early
2008-03-03 | 2018-03-02 | JE 2009-09-09, JE 2009-09-30 | JE1 3 1 | 2017-03-02 - - 2021-03-02 | overdue
2011-05-05 | 2024-05-04 |              | DT2 1 1         | 2022-05-04 2022-05-04 2023-05-04 2024-05-04 | overdue
2012-08-08 | 2025-06-01 | HPV9 2025-04-30 | HPV 2 1      | 2025-09-30 2025-10-30 -          2029-03-31 | not_due
2009-08-08 | 2025-06-01 | HPV9 2025-04-30 | HPV 2 2      | 2025-05-30 2025-06-30 -          2026-03-31 | eligible_early
2021-02-02 | 2025-02-01 |              | MUMPS 1 2       | 2022-02-01 -          -          2027-03-31 | due
"""


@pytest.mark.parametrize("row", _NEXT.splitlines())
def test_the_next_dose(ask: Ask, row: str) -> None:
    born, on, doses, dose, days, status = (cell.strip() for cell in row.split("|"))
    series, number, left = dose.split()
    found = ask(born, on, doses.replace("five-in-one", _FIVE_IN_ONE))
    entry = found[series]
    dates = [str(day or "-") for day in (entry.earliest, entry.recommended, entry.past_due, entry.latest)]
    assert [str(entry.dose_number), str(entry.doses_remaining), *dates] == [number, left, *days.split()]
    assert found.status(series) == status


@pytest.mark.parametrize(
    ("born", "on", "doses", "series", "status"),
    [
        ("2016-03-31", "2016-12-01", "", "HEPB", "not_in_program"),
        ("2020-07-31", "2020-11-01", "", "ROTA", "not_in_program"),
        ("2024-01-01", "2024-03-31", "", "DPT-IPV-Hib", "not_in_program"),
        ("2024-11-20", "2025-06-01", "ROTARIX 2025-01-20, ROTARIX 2025-02-20", "ROTA", "complete"),
        ("2024-11-20", "2025-11-20", "", "BCG", "aged_out"),
        ("2009-09-30", "2014-10-01", "", "VAR", "aged_out"),
        ("2000-01-10", "2012-10-01", "", "MR3", "due"),
        ("2000-01-10", "2013-04-01", "", "MR3", "not_in_program"),
        ("2009-10-02", "2019-01-01", "", "JE1", "aged_out"),
        ("2012-01-10", "2012-12-01", "OPV 2012-04-20, OPV 2012-06-10", "IPV", "complete"),
        ("2020-01-10", "2024-04-01", "", "COVID_INF", "not_in_program"),
        ("2020-01-10", "2025-02-01", "", "FLU", "out_of_season"),
        ("2020-01-10", "2025-01-31", "", "FLU", "due"),
        ("2011-01-10", "2025-01-31", "FLU 2024-11-01", "FLU", "complete"),
        ("2024-01-10", "2025-07-10", "", "CHK18M", "due"),
        ("2024-01-10", "2026-01-09", "", "CHK18M", "aged_out"),
        ("2022-04-01", "2025-06-01", "", "RSV_MAT", "not_applicable"),
    ],
)
def test_a_series_is_shut_or_open(ask: Ask, born: str, on: str, doses: str, series: str, status: str) -> None:
    assert ask(born, on, doses).status(series) == status


@pytest.mark.parametrize(
    ("born", "doses", "validities"),
    [
        ("2024-11-20", "HEPB 2025-01-20, HEPB 2025-02-16", ["valid", "too_soon_interval"]),
        ("2024-11-20", "MR 2025-11-18", ["too_early"]),
        ("2024-11-20", "MR 2025-11-19", ["valid"]),
        ("2024-11-20", "BCG 2025-11-20", ["out_of_window"]),
        ("2024-11-20", "VAR 2025-11-25, MR 2025-12-22", ["valid", "too_soon_interval"]),
        ("2016-05-01", "HEPB 2016-07-01, HEPB 2016-08-01, HEPB 2016-12-01", ["voluntary_counted", "voluntary_counted", "valid"]),
        ("2013-01-15", "DPT-IPV 2013-05-01, DPT-IPV 2013-06-27", ["valid", "valid"]),
        ("2013-01-15", "DPT-IPV 2013-05-01, DPT-IPV 2013-06-28", ["valid", "interval_exceeded"]),
        ("2014-01-15", "DPT-IPV 2014-05-01, DPT-IPV 2014-06-28", ["valid", "valid"]),
        ("2024-02-10", "PCV13 2024-09-30, PCV13 2024-11-01", ["valid", "not_routine_product"]),
        ("2010-08-08", "HPV9 2023-03-31, HPV9 2023-04-01", ["not_routine_product", "too_soon_interval"]),
        ("2015-06-06", "JE 2018-06-06, JE 2018-06-20, JE 2019-06-20, JE 2024-06-04", ["valid", "valid", "valid", "too_early"]),
        ("2015-06-06", "JE 2018-06-06, JE 2018-06-20, JE 2019-06-20, JE 2024-06-05", ["valid"] * 4),
        ("2020-01-10", "BCG 2020-06-15, DPT-IPV 2020-07-12", ["valid", "too_soon_interval"]),
        ("2020-05-10", "BCG 2020-09-25, DPT-IPV 2020-10-01", ["valid", "valid"]),
    ],
)
def test_a_dose_is_judged_by_the_law_of_its_day(ask: Ask, born: str, doses: str, validities: list[str]) -> None:
    assert ask(born, "2026-10-01", doses).validities == validities


def test_an_interval_between_vaccines_voids_no_dose(ask: Ask) -> None:
    found = ask("2024-11-20", "2026-02-01", "VAR 2025-11-25, MR 2025-12-22")
    assert [(verdict.counts, verdict.programme) for verdict in found.answer.doses] == [(True, "routine"), (True, "needs_review")]
    assert found.status("MR1") == "complete"


def test_measles_and_rubella_apart_make_one_period(ask: Ask) -> None:
    assert ask("2024-01-10", "2025-04-01", "M 2025-02-01")["MR1"].dose_number == 2
    assert ask("2024-01-10", "2025-04-01", "M 2025-02-01, R 2025-03-01").status("MR1") == "complete"


def test_five_in_one_continues_four_in_one_when_counts_are_equal_or_the_notice_is_out(ask: Ask) -> None:
    unequal = ask("2024-03-01", "2025-07-24", _FOUR_IN_ONE)
    assert unequal.status("DPT-IPV-Hib") == "excluded"
    assert ask("2024-03-01", "2025-07-24", _FOUR_IN_ONE + ", HIB 2024-07-10")["DPT-IPV-Hib"].dose_number == 4
    after = ask("2024-03-01", "2025-07-25", _FOUR_IN_ONE)["DPT-IPV-Hib"]
    assert (after.dose_number, str(after.earliest)) == (4, "2025-07-25")


@pytest.mark.parametrize("on", ["2024-02-09", "2024-04-01", "2024-06-24"])
def test_unequal_counts_shut_five_in_one_from_before_it_begins_until_the_child_is_too_old(ask: Ask, on: str) -> None:
    known = {"known": "2024-06-30", "doses": "DPT-IPV 2018-03-14"}
    entry = ask("2016-12-25", on, **known)["DPT-IPV-Hib"]
    assert (entry.closed, str(entry.valid_until)) == ("excluded", "2024-06-25")
    assert ask("2016-12-25", "2024-06-25", **known)["DPT-IPV-Hib"].closed == "aged_out"


def test_a_rotavirus_series_that_runs_out_of_time_says_so(ask: Ask) -> None:
    found = ask("2024-11-20", "2025-05-01", "ROTARIX 2025-04-20")
    assert found.status("ROTA") == "cannot_complete_in_window"
    assert (found["ROTA"].dose_number, str(found["ROTA"].latest), str(found["ROTA"].valid_until)) == (
        2,
        "2025-05-07",
        "2025-05-08",
    )


def test_the_planned_product_decides_the_last_day(ask: Ask) -> None:
    assert str(ask("2024-11-20", "2025-02-01", planned_product="ROTARIX")["ROTA"].latest) == "2025-05-07"
    assert str(ask("2024-11-20", "2025-02-01", planned_product="ROTATEQ")["ROTA"].latest) == "2025-07-02"


def test_a_long_illness_opens_two_years_up_to_the_cap(ask: Ask) -> None:
    healed = {"special": {"long_illness_resolved": "2024-04-10"}}
    hib = ask("2018-05-10", "2025-01-10", **healed)["HIB"]
    assert (hib.basis, str(hib.latest), hib.doses_remaining) == ("long_illness", "2026-04-09", 1)
    assert ask("2018-05-10", "2026-04-10", **healed).status("HIB") == "aged_out"
    assert str(ask("2020-06-01", "2024-05-20", **healed)["BCG"].latest) == "2024-05-31"
    assert ask("2023-09-01", "2024-06-20", **healed).status("ROTA") == "aged_out"


def test_a_shortage_extends_measles_and_rubella_only_for_its_cohort_and_only_where_it_struck(ask: Ask) -> None:
    struck = {"special": {"mr_shortage_2024": True}}
    assert ask("2022-04-02", "2025-06-01", **struck)["MR1"].basis == "extension"
    assert ask("2022-04-02", "2025-06-01").status("MR1") == "aged_out"
    assert ask("2022-04-01", "2025-06-01", **struck).status("MR1") == "aged_out"


def test_what_shuts_a_child_out(ask: Ask) -> None:
    assert ask("2012-08-08", "2025-06-01", sex="M").status("HPV") == "not_applicable"
    assert (
        ask("2024-11-20", "2025-02-01", special={"contraindication": {"ROTA": "intussusception"}}).status("ROTA")
        == "contraindicated"
    )
    assert ask("2024-01-10", "2025-02-01", special={"had_disease": ["varicella"]}).status("VAR") == "excluded_had_disease"
    assert ask("2024-01-10", "2025-02-01", special={"had_disease": ["measles"]}).status("MR1") == "due"
    assert ask("2024-11-20", "2025-02-01", special={"hbsag_positive_mother": True}).status("HEPB") == "excluded"


def test_the_known_edition_and_the_law_of_the_day_are_two_inputs(ask: Ask) -> None:
    assert str(ask("2023-01-20", "2023-03-25")["DPT-IPV"].earliest) == "2023-04-19"
    assert str(ask("2023-01-20", "2023-03-25", known="2023-04-01")["DPT-IPV"].earliest) == "2023-04-01"


def test_a_mother_is_vaccinated_by_the_expected_day(ask: Ask) -> None:
    due = {"expected_delivery_date": date(2026, 9, 1)}
    entry = ask(None, "2026-06-10", **due)["RSV_MAT"]
    assert (str(entry.earliest), str(entry.latest)) == ("2026-06-09", "2026-08-10")
    assert ask(None, "2026-06-10", "RSV_MAT 2026-06-10", **due).status("RSV_MAT") == "complete"
    assert ask(None, "2027-06-10", "RSV_MAT 2026-06-10", expected_delivery_date=date(2027, 8, 1)).status("RSV_MAT") == "due"


def test_doses_from_abroad_count_on_the_doctors_word(ask: Ask) -> None:
    found = ask("2024-11-20", "2025-03-01", "HEPB 2024-11-21, HEPB 2024-12-10", special={"overseas_doses_accepted": True})
    assert found.validities == ["voluntary_counted", "voluntary_counted"]
    assert found["HEPB"].dose_number == 3


def test_every_date_says_where_it_comes_from(ask: Ask) -> None:
    reasons = ask("2024-11-20", "2025-03-01", "HEPB 2025-01-20")["HEPB"].reasons
    assert [reason.code for reason in reasons] == ["window.ordinary", "dose", "interval.previous", "standard"]
    assert all(reason.text and reason.text_en and reason.citation for reason in reasons)
    interval = reasons[2]
    assert (interval.anchor, str(interval.anchor_date), str(interval.date)) == ("dose", "2025-01-20", "2025-02-17")


def test_a_second_dose_became_subsidised_and_the_law_of_the_day_of_asking_decides(ask: Ask) -> None:
    assert ask("2018-06-10", "2021-09-10", "MUMPS 2020-07-10").status("MUMPS") == "complete"
    assert str(ask("2018-06-10", "2024-09-10", "MUMPS 2020-07-10")["MUMPS"].earliest) == "2024-04-01"


def test_an_early_second_dose_of_nine_valent_vaccine_asks_for_a_third(ask: Ask) -> None:
    routine = ask("2010-06-15", "2025-10-20", "HPV9 2025-05-20, HPV9 2025-08-20")
    assert (routine.validities, routine["HPV"].dose_number, str(routine["HPV"].earliest)) == (["valid", "valid"], 3, "2025-11-20")
    before = ask("2008-06-15", "2023-05-10", "HPV9 2022-10-10, HPV9 2022-12-10")
    assert (before.validities, before["HPV"].dose_number) == (["not_routine_product", "not_routine_product"], 3)


def test_a_product_that_has_left_the_programme_is_replaced_whatever_was_planned(ask: Ask) -> None:
    assert ask("2012-06-15", "2026-05-10", planned_product="HPV2")["HPV"].products == ("HPV9",)


def test_one_oral_polio_dose_counts_as_the_first_of_four(ask: Ask) -> None:
    entry = ask("2012-02-10", "2012-12-01", "OPV 2012-05-20, IPV 2012-09-10")["IPV"]
    assert (entry.dose_number, entry.doses_remaining, str(entry.earliest), entry.recommended) == (3, 2, "2012-10-01", None)


def test_the_catch_up_of_hpv_ends_with_its_years(ask: Ask) -> None:
    assert ask("1997-04-02", "2022-05-20")["HPV"].basis == "catch_up"
    assert ask("1997-04-01", "2022-05-20").status("HPV") == "aged_out"
    begun = ask("2008-01-15", "2025-10-20", "HPV9 2025-03-20")
    assert (begun["HPV"].basis, str(begun["HPV"].latest)) == ("transitional", "2026-03-31")
    assert ask("2008-01-15", "2025-10-20").status("HPV") == "aged_out"


def test_beyond_an_upper_limit_that_was_law_only_an_exception_keeps_the_series_open(ask: Ask) -> None:
    late = ask("2013-01-15", "2013-07-20", "DPT-IPV 2013-05-01")
    assert (late.status("DPT-IPV"), late["DPT-IPV"].basis, str(late["DPT-IPV"].earliest)) == (
        "overdue",
        "extension",
        "2013-06-28",
    )
    in_time = ask("2013-01-15", "2013-06-01", "DPT-IPV 2013-05-01")["DPT-IPV"]
    assert (str(in_time.earliest), str(in_time.latest), str(in_time.valid_until)) == ("2013-05-22", "2013-06-27", "2013-06-28")


def test_the_doctor_may_shorten_the_interval_of_hib(ask: Ask) -> None:
    found = ask("2022-03-10", "2022-05-30", "HIB 2022-05-09", special={"hib_doctor_20days": True})
    assert (found.status("HIB"), str(found["HIB"].earliest)) == ("due", "2022-05-30")
    assert ask("2022-03-10", "2022-05-30", "HIB 2022-05-09").status("HIB") == "not_due"


def test_the_second_period_keeps_its_interval_from_the_first(ask: Ask) -> None:
    found = ask("2005-08-20", "2015-02-01", "JE 2008-09-01, JE 2008-09-15, JE 2015-01-29")
    assert found.status("JE1") == "complete"
    assert str(found["JE2"].earliest) == "2015-02-05"
