"""What must hold whatever the history: on data of our own with everything in it, and on the CDC's where they are at hand."""

import os
import random
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.cdsi import forecast, load_supporting_data
from schedule.contract import DoseGiven, DoseVerdict, Evaluation, ForecastAnswer, ForecastRequest
from tests.schedule.cdsi.builder import (
    LIVE,
    OTHER,
    RASH_PLAIN,
    RASH_SHOT,
    SHOT,
    WRONG,
    Clinic,
    age,
    allowable_interval,
    antigen_file,
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

BORN, TODAY = date(2020, 1, 1), date(2023, 1, 1)
histories = st.lists(
    st.tuples(st.dates(BORN, TODAY), st.sampled_from([SHOT, OTHER, LIVE, WRONG, RASH_SHOT])),
    max_size=6,
    unique_by=lambda one: one[0],
)
Histories = list[tuple[date, str]]


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Clinic:
    """Two series of Fever and a live vaccine against Rash that disturbs one of them."""
    vaccines = vaccine(SHOT) + vaccine(LIVE) + vaccine(WRONG, "inadvertentVaccine")
    late = skip("Both", skip_set(condition("Age", beginAge="18 months")))
    long = series(
        "Long",
        dose(1, age(absMinAge="6 weeks - 4 days", minAge="6 weeks", earliestRecAge="2 months"), vaccines),
        dose(2, late, interval(absMinInt="4 weeks - 4 days", minInt="4 weeks", earliestRecInt="8 weeks"), vaccines),
        dose(3, interval(absMinInt="6 months", minInt="6 months"), allowable_interval(absMinInt="4 months"), vaccines),
        default="Yes",
    )
    short = series(
        "Short", dose(1, vaccine(OTHER)), dose(2, interval(minInt="3 months"), vaccine(OTHER)), product="Yes", preference="2"
    )
    rash = antigen_file(
        series("Rash", dose(1, vaccine(RASH_SHOT), vaccine(RASH_PLAIN), recurring="Yes"), antigen="Rash", vaccine_group="Rash")
    )
    conflicts = (conflict(RASH_SHOT, LIVE, end="28 days"), conflict(LIVE, RASH_SHOT, minimum="28 days"), conflict(LIVE, LIVE))
    schedule = schedule_file(*conflicts, groups={"Fever": ["Fever"], "Rash": ["Rash"]})
    return Clinic(tmp_path_factory.mktemp("data"), long, short, rash=rash, schedule=schedule)


@given(histories)
def test_a_dose_given_when_it_is_recommended_is_valid(clinic: Clinic, history: Histories) -> None:
    found = clinic.forecast(TODAY, *history)
    if found.recommended is None:
        return
    when = max(found.recommended, TODAY)
    code = OTHER if found.series == "Short" else SHOT
    verdict = clinic.ask(when, *history, (when, code)).doses[-1]
    assert [one.status for one in verdict.evaluations if one.antigen == "Fever"] == ["valid"]


@given(histories)
def test_dates_of_a_forecast_are_in_order(clinic: Clinic, history: Histories) -> None:
    for found in clinic.ask(TODAY, *history).forecasts:
        if found.status == "not_complete":
            assert found.earliest
            assert found.recommended
            assert found.earliest <= found.recommended


@given(histories, st.randoms())
def test_the_order_of_recording_does_not_matter(clinic: Clinic, history: Histories, shuffler: random.Random) -> None:
    shuffled = list(history)
    shuffler.shuffle(shuffled)
    one, other = clinic.ask(TODAY, *history), clinic.ask(TODAY, *shuffled)
    assert one.forecasts == other.forecasts
    assert dict(zip(history, one.doses, strict=True)) == dict(zip(shuffled, other.doses, strict=True))


@given(histories)
def test_a_dose_for_one_antigen_leaves_verdicts_for_another_alone_without_a_conflict(clinic: Clinic, history: Histories) -> None:
    before, after = clinic.ask(TODAY, *history), clinic.ask(TODAY, *history, (TODAY, RASH_PLAIN))
    assert [in_fever(verdict) for verdict in before.doses] == [in_fever(verdict) for verdict in after.doses[:-1]]


def in_fever(verdict: DoseVerdict) -> list[Evaluation]:
    return [one for one in verdict.evaluations if one.vaccine_group == "Fever"]


def test_on_the_data_of_the_cdc_any_history_is_answered_alike_twice() -> None:
    given_folder = os.environ.get("HAGUKUMI_CONFORMANCE_DIR")
    if not given_folder:
        pytest.skip("HAGUKUMI_CONFORMANCE_DIR is not set: the CDC's supporting data were NOT tried")
    data = load_supporting_data(next((Path(given_folder) / "cdsi").glob("supporting-data-*")))
    choose = random.Random(464)

    def history(born: date, today: date) -> tuple[DoseGiven, ...]:
        days = (born + timedelta(days=choose.randrange((today - born).days + 1)) for _ in range(choose.randrange(9)))
        return tuple(DoseGiven(choose.choice(sorted(data.associations)), day) for day in days)

    def ask(born: date, today: date, doses: tuple[DoseGiven, ...]) -> ForecastAnswer:
        return forecast(data, ForecastRequest("x", today, born, sex=choose.choice(["F", "M"]), doses=doses))

    for _ in range(100):
        today = date(2026, 1, 1) - timedelta(days=choose.randrange(5000))
        born = today - timedelta(days=choose.randrange(30_000))
        doses = history(born, today)
        state = choose.getstate()
        first = msgspec.json.encode(ask(born, today, doses))
        choose.setstate(state)
        assert msgspec.json.encode(ask(born, today, doses)) == first
