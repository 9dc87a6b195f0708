"""What must hold whatever the history: on data of our own with everything in it, and on the CDC's where they are at hand."""

import os
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.cdsi import forecast, load_supporting_data
from schedule.cdsi.model import SupportingData
from schedule.contract import DoseGiven, DoseVerdict, Evaluation, ForecastRequest, Observation, SeriesForecast
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
        dose(
            3,
            age(maxAge="6 years"),
            interval(absMinInt="6 months", minInt="6 months"),
            allowable_interval(absMinInt="4 months"),
            vaccines,
        ),
        default="Yes",
    )
    short = series(
        "Short", dose(1, vaccine(OTHER)), dose(2, interval(minInt="3 months"), vaccine(OTHER)), product="Yes", preference="2"
    )
    rash = antigen_file(
        series(
            "Rash",
            dose(1, vaccine(RASH_SHOT), vaccine(RASH_PLAIN), recurring="Yes", season=("20221001", "20230331")),
            antigen="Rash",
            vaccine_group="Rash",
        )
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


@given(histories, st.dates(BORN, TODAY))
def test_a_forecast_holds_until_the_day_it_names_and_no_longer(clinic: Clinic, history: Histories, today: date) -> None:
    so_far = [one for one in history if one[0] <= today]
    for place, found in enumerate(clinic.ask(today, *so_far).forecasts):
        end = found.valid_until or date(2027, 1, 1)
        for days in (*range(1, (end - today).days, 30), (end - today).days - 1):
            assert clinic.ask(today + timedelta(days=days), *so_far).forecasts[place] == found
        changed = content(clinic.ask(end, *so_far).forecasts[place]) != content(found)
        assert changed == (found.valid_until is not None)


def content(found: SeriesForecast) -> SeriesForecast:
    """All but the day until which it holds."""
    return msgspec.structs.replace(found, valid_until=None)


@pytest.fixture(scope="module")
def cdc() -> SupportingData:
    folder = os.environ.get("HAGUKUMI_CONFORMANCE_DIR")
    if not folder:
        pytest.skip("HAGUKUMI_CONFORMANCE_DIR is not set: the CDC's supporting data were NOT tried")
    return load_supporting_data(next((Path(folder) / "cdsi").glob("supporting-data-*")))


def some_requests(data: SupportingData, count: int) -> Iterator[ForecastRequest]:
    """The same random histories every run."""
    choose = random.Random(464)
    for _ in range(count):
        today = date(2026, 1, 1) - timedelta(days=choose.randrange(5000))
        born = today - timedelta(days=choose.randrange(30_000))
        days = [born + timedelta(days=choose.randrange((today - born).days + 1)) for _ in range(choose.randrange(9))]
        doses = tuple(DoseGiven(choose.choice(sorted(data.associations)), day) for day in days)
        seen = tuple(map(Observation, choose.sample(sorted(data.observations), choose.choice([0, 0, 2]))))
        yield ForecastRequest("x", today, born, sex=choose.choice(["F", "M"]), doses=doses, observations=seen)


def test_with_the_data_of_the_cdc_the_same_request_gives_the_same_bytes(cdc: SupportingData) -> None:
    for request in some_requests(cdc, 100):
        assert msgspec.json.encode(forecast(cdc, request)) == msgspec.json.encode(forecast(cdc, request))


def test_with_the_data_of_the_cdc_forecasts_hold_until_the_day_they_name(cdc: SupportingData) -> None:
    for request in some_requests(cdc, 30):
        for place, found in enumerate(forecast(cdc, request).forecasts):
            end = found.valid_until or date(2090, 1, 1)
            middle = request.assessment_date + (end - request.assessment_date) // 2
            for day in {middle, end - timedelta(days=1)}:
                assert forecast(cdc, on(request, day)).forecasts[place] == found
            changed = content(forecast(cdc, on(request, end)).forecasts[place]) != content(found)
            assert changed == (found.valid_until is not None)


def on(request: ForecastRequest, day: date) -> ForecastRequest:
    return msgspec.structs.replace(request, assessment_date=day)
