"""One family, from the terms to the last goodbye, over REST alone."""

from typing import Any
from uuid import uuid4

V1_CHILD = {"handle": "はる", "born_on": "2026-04-10", "sex": "F"}


def test_a_family_uses_the_service_from_registration_to_deletion(stranger: Any, browser: Any) -> None:
    given_terms = stranger.get("/terms")
    assert given_terms["texts"].keys() == {"ja", "en"}

    login = stranger.register(email="haru@example.com", password=None).registered
    assert {"login_id", "recovery_code", "passphrase"} <= login.keys()
    mother = stranger
    assert mother.get("/account")["terms_outdated"] is False

    child = mother.child()
    schedule = mother.get(f"{child}/schedule")
    assert schedule["notice"]["ja"] == "保護者入力・公的記録ではありません"
    assert all(series["due_status"] for series in schedule["forecasts"])

    doses = [{"dose_id": str(uuid4()), "vaccine": vaccine} for vaccine in some_vaccines(mother)]
    mother.do("PUT", f"{child}/visits/{uuid4()}", {"given_on": "2026-06-12", "doses": doses})
    assert sorted(dose["vaccine"] for dose in mother.get(f"{child}/doses")) == sorted(dose["vaccine"] for dose in doses)
    assert mother.get(f"{child}/schedule") != schedule

    first, second = (dose["dose_id"] for dose in doses)
    corrected = {"vaccine": doses[0]["vaccine"], "given_on": "2026-06-13"}
    mother.do("PUT", f"{child}/doses/{first}", corrected, If_Match="*")
    mother.do("DELETE", f"{child}/doses/{second}?reason=mistake")
    (left,) = mother.get(f"{child}/doses")
    assert (left["dose_id"], left["given_on"]) == (first, "2026-06-13")

    series = [mother.get(f"{child}/schedule")["forecasts"][0]["series"]]
    postponement = f"{child}/postponements/{uuid4()}"
    mother.do("PUT", postponement, {"series": series, "reason": "unwell"})
    assert mother.get(f"{child}/postponements")[0]["reason"] == "unwell"
    mother.do("DELETE", postponement)
    assert mother.get(f"{child}/postponements") == []

    invited = mother.do("PUT", f"/household/invitations/{uuid4()}", Idempotency_Key=str(uuid4()))
    father = type(mother)(browser(mother.browser._app, headers=mother.browser.headers))
    father.register(household_id=None, invitation_code=invited["code"], handle="はるパパ")
    assert [found["handle"] for found in father.get("/children")] == ["はる"]
    assert len(mother.get("/household")["guardians"]) == 2

    mother.do("PUT", "/account/mail-wishes", {"vaccinations": True, "checkups": True, "notices": False})
    assert mother.get("/account")["mail_wishes"]["vaccinations"] is True
    mother.do("PUT", "/account/stop")
    assert mother.get("/account")["stopped"] is True

    topics = [entry["topic"] for entry in mother.get("/household/audit-trail?limit=200")["entries"]]
    assert {"child.dose_recorded.v1", "child.dose_corrected.v1", "child.dose_voided.v1"} <= set(topics)

    mother.do("DELETE", "/account")
    assert mother.ask("GET", "/account").status_code == 401
    assert father.get(child)["handle"] == "はる"
    father.do("DELETE", "/account")
    assert father.ask("GET", child).status_code == 401


def some_vaccines(guardian: Any) -> list[str]:
    codes = [vaccine["code"] for vaccine in guardian.get("/edition")["vaccines"]]
    return codes[:2]
