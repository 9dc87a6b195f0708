"""The public cases of the Japanese suite, from the folder that HAGUKUMI_CONFORMANCE_DIR names."""

import csv
import json
import os
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schedule.contract import SeriesForecast, decode_line
from schedule.japan import Edition, due_status, forecast
from schedule.japan.reckoning import Life, parse_point

_VARIABLE = "HAGUKUMI_CONFORMANCE_DIR"
_FIELDS = {
    "next_dose_number": "dose_number",
    "earliest_date": "earliest",
    "recommended_start": "recommended",
    "recommended_end": "past_due",
    "last_date": "latest",
    "doses_remaining": "doses_remaining",
}
_LEAST = 0.98
_WORDS = {"至るまで": "", "以上": "", "から": "", "ロタ ": "", "0日後": ""}


@pytest.fixture(scope="session")
def suite() -> Path:
    folder = os.environ.get(_VARIABLE)
    if not folder:
        message = f"The conformance cases are NOT checked: set {_VARIABLE} to the folder that holds japan/cases.jsonl."
        pytest.skip(message)
    return Path(folder) / "japan"


def _ruled() -> set[str]:
    text = (Path(__file__).parent / "ruled_exceptions.toml").read_text(encoding="utf-8")
    return {entry["case"] for entry in tomllib.loads(text)["exception"]}


def _differences(edition: Edition, case: dict[str, Any]) -> Iterator[str]:
    request = decode_line(json.dumps(case["input"]).encode())
    answer = forecast(edition, request)
    series = {entry.series: entry for entry in answer.forecasts}
    soft = case["uncertain_fields"]
    for code, fields in case["expected"]["series"].items():
        for field, wanted in fields.items():
            if field not in soft and f"{code}.{field}" not in soft:
                yield from _differing(series[code], field, wanted, request.assessment_date)
    for dose in case["expected"]["doses"]:
        if dose.get("validity", answer.doses[dose["index"]].validity) != answer.doses[dose["index"]].validity:
            yield f"dose {dose['index']}: {dose['validity']}, not {answer.doses[dose['index']].validity}"


def _differing(entry: SeriesForecast, field: str, wanted: object, on: date) -> Iterator[str]:
    if field == "status":
        found: object = due_status(entry, on)
    elif field in _FIELDS:
        found = getattr(entry, _FIELDS[field])
    else:
        return
    found = found.isoformat() if isinstance(found, date) else found
    if found != wanted:
        yield f"{entry.series}.{field}: {wanted}, not {found}"


def test_the_public_cases_come_out_as_their_suite_says_but_for_ruled_exceptions(edition: Edition, suite: Path) -> None:
    cases = [json.loads(line) for line in (suite / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
    wrong = {case["id"]: list(_differences(edition, case)) for case in cases}
    wrong = {name: found for name, found in wrong.items() if found}
    assert set(wrong) == _ruled() & {case["id"] for case in cases}, wrong
    assert 1 - len(wrong) / len(cases) >= _LEAST


def test_the_golden_dates_of_cities_and_the_ministry(suite: Path) -> None:
    with (suite / "golden-dates.csv").open(encoding="utf-8") as lines:
        golden = [row for row in csv.DictReader(lines) if re.fullmatch(r"\d{4}-\d\d-\d\d", row["expect"]) and row["id"] != "V13"]
    assert golden
    for row in golden:
        found = Life(date.fromisoformat(row["birth"]), None).day(parse_point(_point_of(row["rule"])))
        assert found == date.fromisoformat(row["expect"]).toordinal(), row


def _point_of(rule: str) -> str:
    words = re.sub(r"\(.*", "", rule).strip()
    for word, instead in _WORDS.items():
        words = words.replace(word, instead)
    return words.removesuffix("に")


def test_rotavirus_begins_with_its_programme(edition: Edition) -> None:
    line = b'{"id": "V13", "birth_date": "2020-08-01", "assessment_date": "2020-10-01", "doses": []}'
    entry = next(e for e in forecast(edition, decode_line(line)).forecasts if e.series == "ROTA")
    assert entry.earliest == date(2020, 10, 1)
