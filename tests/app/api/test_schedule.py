"""The schedule as it is sent."""

from typing import Any
from uuid import uuid4


def test_every_series_has_dates_reasons_and_a_status(guardian: Any) -> None:
    schedule = guardian.get(f"{guardian.child()}/schedule")
    assert schedule["forecasts"]
    for series in schedule["forecasts"]:
        assert series["due_status"], series["series"]
        assert series["reasons"], series["series"]


def test_a_dose_comes_back_with_its_verdict_in_the_order_of_the_history(guardian: Any) -> None:
    child = guardian.child()
    for day, vaccine in (("2026-07-10", "HEPB"), ("2026-06-12", "BCG")):
        dose = {"given_on": day, "doses": [{"dose_id": str(uuid4()), "vaccine": vaccine}]}
        guardian.do("PUT", f"{child}/visits/{uuid4()}", dose)
    history, verdicts = guardian.get(f"{child}/doses"), guardian.get(f"{child}/schedule")["doses"]
    assert [dose["vaccine"] for dose in history] == ["BCG", "HEPB"]
    assert [dose["counts"] for dose in history] == [verdict["counts"] for verdict in verdicts]


def test_the_tag_changes_with_the_record_and_with_nothing_else(guardian: Any) -> None:
    child = guardian.child()
    before = guardian.ask("GET", f"{child}/schedule").headers["ETag"]
    unchanged = guardian.ask("GET", f"{child}/schedule", If_None_Match=before)
    assert (unchanged.status_code, unchanged.content, unchanged.headers["ETag"]) == (304, b"", before)
    dose = {"given_on": "2026-06-12", "doses": [{"dose_id": str(uuid4()), "vaccine": "HEPB"}]}
    guardian.do("PUT", f"{child}/visits/{uuid4()}", dose)
    changed = guardian.ask("GET", f"{child}/schedule", If_None_Match=before)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != before
