"""The record as HL7 FHIR R4."""

from typing import Any
from uuid import uuid4

from fhir.resources.R4B.bundle import Bundle


def recorded(guardian: Any, **given: str | None) -> str:
    """A child born on 10 April 2026 with these doses, by vaccine."""
    child: str = guardian.child()
    for vaccine, day in given.items():
        dose = {"given_on": day, "doses": [{"dose_id": str(uuid4()), "vaccine": vaccine}]}
        guardian.do("PUT", f"{child}/visits/{uuid4()}", dose)
    return child


def bundle(guardian: Any, child: str) -> dict[str, list[dict[str, Any]]]:
    """The resources of a record by type, checked against the standard's own model."""
    answer = guardian.ask("GET", f"{child}/fhir")
    assert answer.headers["Content-Type"] == "application/fhir+json"
    Bundle.model_validate_json(answer.content)
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in answer.json()["entry"]:
        assert entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}"
        found.setdefault(entry["resource"]["resourceType"], []).append(entry["resource"])
    return found


def test_a_dose_is_an_immunization_that_a_parent_reported(guardian: Any) -> None:
    child = recorded(guardian, BCG="2026-09-12", HEPB=None)
    [patient], immunizations = (bundle(guardian, child)[kind] for kind in ("Patient", "Immunization"))
    assert (patient["gender"], patient["birthDate"]) == ("female", "2026-04-10")
    bcg = next(one for one in immunizations if one["vaccineCode"]["coding"][0]["code"] == "BCG")
    assert (bcg["occurrenceDateTime"], bcg["primarySource"], bcg["status"]) == ("2026-09-12", False, "completed")
    assert bcg["patient"]["reference"] == f"urn:uuid:{patient['id']}"
    assert (bcg["protocolApplied"][0]["series"], bcg["protocolApplied"][0]["doseNumberPositiveInt"]) == ("BCG", 1)
    assert "公的記録ではありません" in bcg["note"][0]["text"]


def test_a_dose_of_a_day_that_nobody_knows_is_still_told(guardian: Any) -> None:
    [dose] = bundle(guardian, recorded(guardian, HEPB=None))["Immunization"]
    assert dose["occurrenceString"] == "unknown"
    assert "occurrenceDateTime" not in dose


def test_the_schedule_is_a_recommendation_with_the_dates_of_the_schedule(guardian: Any) -> None:
    child = recorded(guardian, BCG="2026-09-12")
    [schedule] = bundle(guardian, child)["ImmunizationRecommendation"]
    told = {one["series"]: one for one in schedule["recommendation"]}
    assert told["BCG"]["forecastStatus"]["coding"][0]["code"] == "complete"
    shown = {one["series"]: one for one in guardian.get(f"{child}/schedule")["forecasts"]}
    dates = {one["code"]["coding"][0]["code"]: one["value"] for one in told["MR1"]["dateCriterion"]}
    assert dates["30981-5"] == shown["MR1"]["earliest"]
    assert dates["59777-3"] == shown["MR1"]["latest"]
    assert told["MR1"]["forecastReason"]


def test_check_ups_and_what_is_not_the_childs_are_no_recommendation(guardian: Any) -> None:
    [schedule] = bundle(guardian, recorded(guardian))["ImmunizationRecommendation"]
    assert not {"CHK18M", "CHK3Y", "RSV_MAT", "COVID_INF"} & {one["series"] for one in schedule["recommendation"]}


def test_another_familys_record_is_not_found(guardian: Any, other: Any) -> None:
    assert other.ask("GET", f"{guardian.child()}/fhir").status_code == 404
