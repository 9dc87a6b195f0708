"""The engine behind the forecast contract: bad lines, order, and the same bytes for the same input."""

import io
import json
from datetime import date
from pathlib import Path

import msgspec
import pytest

from app.cli.forecast import answer_lines
from schedule.cdsi import forecast
from schedule.contract import BadLine, DoseGiven, ForecastRequest, Observation
from tests.schedule.cdsi.builder import (
    LIVE,
    RASH_SHOT,
    SHOT,
    Clinic,
    antigen_file,
    conflict,
    dose,
    schedule_file,
    series,
    vaccine,
)

TODAY = date(2020, 6, 1)


@pytest.fixture
def clinic(tmp_path: Path) -> Clinic:
    return Clinic(tmp_path, series("One", dose(1)))


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (ForecastRequest("x", TODAY), "birth_date.missing"),
        (ForecastRequest("x", TODAY, date(2020, 6, 2)), "assessment_date.before_birth"),
        (ForecastRequest("x", TODAY, date(2020, 1, 1), sex="f"), "sex.unknown"),
        (ForecastRequest("x", TODAY, date(2020, 1, 1), doses=(DoseGiven(SHOT, None),)), "dose.date_missing"),
        (ForecastRequest("x", TODAY, date(2020, 1, 1), doses=(DoseGiven(SHOT, date(2019, 1, 1)),)), "dose.before_birth"),
        (ForecastRequest("x", TODAY, date(2020, 1, 1), doses=(DoseGiven(SHOT, date(2020, 6, 2)),)), "dose.after_assessment_date"),
        (ForecastRequest("x", TODAY, date(2020, 1, 1), doses=(DoseGiven("1", TODAY),)), "dose.vaccine_unknown"),
        (ForecastRequest("x", TODAY, date(2020, 1, 1), observations=(Observation("A9"),)), "observation.unknown"),
    ],
)
def test_what_cannot_be_is_refused(clinic: Clinic, request_: ForecastRequest, code: str) -> None:
    with pytest.raises(BadLine) as bad:
        forecast(clinic.data, request_)
    assert (bad.value.id, bad.value.code) == ("x", code)


def test_every_line_is_answered_in_order_and_the_run_goes_on(clinic: Clinic) -> None:
    good = json.dumps({"id": "good", "birth_date": "2020-01-01", "sex": None, "assessment_date": "2020-06-01", "doses": []})
    out = io.BytesIO()
    lines = [b"nonsense\n", b"\n", b'{"id": "half"}\n', good.encode()]
    assert not answer_lines(lambda request: forecast(clinic.data, request), lines, out)
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [answer["id"] for answer in answers] == [None, None, "half", "good"]
    assert [set(answer) - {"id"} for answer in answers[:3]] == [{"error"}] * 3
    assert answers[3]["forecasts"][0]["status"] == "not_complete"


def test_the_same_input_gives_the_same_bytes(clinic: Clinic) -> None:
    def ask() -> bytes:
        return msgspec.json.encode(clinic.ask(TODAY, (date(2020, 3, 1), SHOT), (date(2020, 4, 1), SHOT)))

    assert ask() == ask()


def test_verdicts_come_in_the_order_of_the_request(clinic: Clinic) -> None:
    assert clinic.verdicts((TODAY, SHOT), (date(2020, 3, 1), SHOT))[1] == "valid"


def test_a_dose_has_one_verdict_an_antigen_in_its_group(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path, series("Fever", dose(1, vaccine(LIVE))), schedule=schedule_file(conflict(LIVE, LIVE)))
    (verdict,) = clinic.ask(TODAY, (date(2020, 3, 1), LIVE)).doses
    assert [one.antigen for one in verdict.evaluations] == ["Fever"]


def test_a_dose_that_the_rules_of_another_group_look_at_is_told_there_too(tmp_path: Path) -> None:
    rash = antigen_file(series("Rash", dose(1, vaccine(RASH_SHOT)), antigen="Rash", vaccine_group="Rash"))
    schedule = schedule_file(conflict(RASH_SHOT, LIVE), groups={"Fever": ["Fever"], "Rash": ["Rash"]})
    clinic = Clinic(tmp_path, series("Fever", dose(1, vaccine(LIVE))), rash=rash, schedule=schedule)
    answer = clinic.ask(TODAY, (date(2020, 3, 1), RASH_SHOT), (date(2020, 5, 1), LIVE))
    seen = [[(one.antigen, one.vaccine_group) for one in verdict.evaluations] for verdict in answer.doses]
    assert seen == [[("Rash", "Rash"), ("Rash", "Fever")], [("Fever", "Fever")]]
