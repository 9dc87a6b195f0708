"""Visit plans: together, not that day, at risk, and the visits to come."""

from datetime import date

import msgspec
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from schedule.contract import DoseGiven, ForecastRequest
from schedule.japan import Edition, forecast, plan
from tests.examples import examples


def _child(born: date, on: date, *doses: DoseGiven) -> ForecastRequest:
    return ForecastRequest(id="child", assessment_date=on, birth_date=born, sex="F", doses=doses)


def test_an_infant_is_given_what_is_due_in_one_visit(edition: Edition) -> None:
    found = plan(edition, _child(date(2026, 2, 10), date(2026, 4, 9)), date(2026, 4, 9))
    assert [dose.series for dose in found.together] == ["DPT-IPV-Hib", "PCV", "HEPB", "ROTA", "BCG"]
    assert [dose.series for dose in found.visits[0].doses] == ["DPT-IPV-Hib", "PCV", "HEPB", "ROTA"]
    assert "MR1" in [entry.series for entry in found.not_that_day]


def test_the_plan_says_what_a_delay_puts_at_risk(edition: Edition) -> None:
    found = plan(edition, _child(date(2026, 2, 10), date(2026, 4, 9)), date(2026, 4, 9))
    risks = {(risk.series, risk.code): risk.day for risk in found.at_risk}
    assert risks["ROTA", "dose.last_day"] == date(2026, 9, 22)
    assert risks["HEPB", "course.last_day"] == date(2026, 9, 22)


def test_a_course_that_can_no_longer_be_finished_is_told(edition: Edition) -> None:
    day = date(2027, 1, 10)
    found = plan(edition, _child(date(2026, 2, 10), day), day)
    assert ("HEPB", "course.cannot_finish") in {(risk.series, risk.code) for risk in found.at_risk}


def test_the_product_that_still_fits_is_chosen(edition: Edition) -> None:
    day = date(2026, 2, 1)
    dose = next(dose for dose in plan(edition, _child(date(2025, 9, 1), day), day).together if dose.series == "ROTA")
    assert (dose.product, dose.can_finish) == ("ROTATEQ", True)


def test_two_live_vaccines_share_a_visit_or_keep_their_interval(edition: Edition) -> None:
    day = date(2026, 5, 10)
    found = plan(edition, _child(date(2025, 5, 1), day, DoseGiven("VAR", date(2026, 5, 1))), day)
    blocked = next(entry for entry in found.not_that_day if entry.series == "MR1")
    assert blocked.earliest == date(2026, 5, 29)
    assert "interval.other_vaccine" in [reason.code for reason in blocked.reasons]


def test_a_postponed_series_waits_and_the_others_do_not(edition: Edition) -> None:
    day = date(2026, 4, 9)
    child = _child(date(2026, 2, 10), day)
    found = plan(edition, child, day, {"ROTA": date(2026, 5, 20)})
    days = {dose.series: visit.day for visit in reversed(found.visits) for dose in visit.doses}
    assert days["PCV"] == day
    assert days["ROTA"] >= date(2026, 5, 20)


def test_four_in_one_is_continued_while_it_is_sold_and_then_replaced(edition: Edition) -> None:
    doses = (DoseGiven("DPT-IPV", date(2024, 5, 10)), DoseGiven("HIB", date(2024, 5, 10)))
    before, after = date(2025, 5, 1), date(2025, 9, 1)
    child = _child(date(2024, 3, 1), before, *doses)
    assert {"DPT-IPV", "HIB"} <= {dose.series for dose in plan(edition, child, before).together}
    later = {dose.series for dose in plan(edition, child, after).together}
    assert "DPT-IPV-Hib" in later
    assert not later & {"DPT-IPV", "HIB"}


@examples(15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(born=st.dates(date(2014, 1, 1), date(2026, 8, 1)), age=st.integers(0, 2000))
def test_every_planned_dose_is_valid_when_recorded(edition: Edition, born: date, age: int) -> None:
    on = min(date.fromordinal(born.toordinal() + age), date(2026, 10, 1))
    child = msgspec.structs.replace(_child(born, on), rule_date=date(2026, 10, 1))
    doses: tuple[DoseGiven, ...] = ()
    days = []
    for visit in plan(edition, child, on).visits:
        doses += tuple(DoseGiven(dose.product, visit.day) for dose in visit.doses)
        days.append(visit.day)
    verdicts = forecast(edition, msgspec.structs.replace(child, doses=doses)).doses
    assert [verdict.validity for verdict in verdicts] == ["valid"] * len(doses)
    assert days == sorted(set(days))
