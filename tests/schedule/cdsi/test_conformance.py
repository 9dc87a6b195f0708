"""The CDC's own cases, where HAGUKUMI_CONFORMANCE_DIR names the folder that holds them."""

import json
import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from schedule.cdsi import forecast, load_supporting_data
from schedule.cdsi.model import SupportingData
from schedule.contract import SeriesForecast, decode_line

FIELDS = ("earliest", "recommended", "past_due")
RULED = {one["case"] for one in tomllib.loads(Path(__file__).with_name("ruled_exceptions.toml").read_text("utf-8"))["exception"]}


@pytest.fixture(scope="module")
def folder() -> Path:
    given = os.environ.get("HAGUKUMI_CONFORMANCE_DIR")
    if not given:
        pytest.skip("HAGUKUMI_CONFORMANCE_DIR is not set: the CDC's cases were NOT run")
    return Path(given) / "cdsi"


@pytest.fixture(scope="module")
def data(folder: Path) -> SupportingData:
    return load_supporting_data(next(folder.glob("supporting-data-*")))


def differences(data: SupportingData, case: dict[str, Any]) -> list[str]:
    expected = case["expected"]
    answer = forecast(data, decode_line(json.dumps(case["input"]).encode()))
    group = expected["vaccine_group"]
    found = next(one for one in answer.forecasts if one.vaccine_group == group)
    wrong = [name for name in _asked(expected) if _told(found, name) != (expected[name] or None)]
    for place, dose in enumerate(expected["doses"]):
        statuses = {one.status for one in answer.doses[place].evaluations if one.vaccine_group == group}
        wrong += [] if dose["status"] in statuses else [f"dose {place + 1}"]
    return wrong


def _asked(expected: dict[str, Any]) -> tuple[str, ...]:
    if expected["status"] != "not_complete":
        return ("status",)
    return ("status", *FIELDS, *(("dose_number",) if expected["dose_number"] else ()))


def _told(found: SeriesForecast, name: str) -> str | None:
    value = getattr(found, name)
    return None if value is None else str(value)


@pytest.mark.parametrize(("pattern", "needed"), [("healthy-*.jsonl", 0.99), ("underlying-*.jsonl", 0.92)])
def test_the_cases_of_the_cdc_come_out_right(folder: Path, data: SupportingData, pattern: str, needed: float) -> None:
    lines = next(folder.glob(pattern)).read_text("utf-8").splitlines()
    cases = {case["id"]: case for case in map(json.loads, lines)}
    wrong = {name: found for name, case in cases.items() if (found := differences(data, case))}
    assert len(wrong) <= (1 - needed) * len(cases), wrong
    assert set(wrong) == RULED & set(cases), "the ruled exceptions are no longer those that differ"


def test_ruled_exceptions_are_explained() -> None:
    text = Path(__file__).with_name("ruled_exceptions.toml").read_text("utf-8")
    assert all(one["reason"].strip() for one in tomllib.loads(text)["exception"])
