"""One family, from the terms to the last goodbye, over REST alone."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

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


def test_a_fact_names_the_request_that_the_access_log_names(guardian: Any, service: Any) -> None:
    child = f"/children/{uuid4()}"
    answer = guardian.ask("PUT", child, V1_CHILD)
    (fact,) = service.ward.history(UUID(child.rpartition("/")[2]))
    assert str(fact.meta.correlation_id) == answer.headers["X-Request-Id"]
    assert (fact.meta.edition, fact.meta.engine) == (service.engine.edition, service.engine.version)


def test_a_program_that_lost_the_answer_to_its_first_invitation_gets_the_code_again(guardian: Any) -> None:
    path, key = f"/household/invitations/{uuid4()}", str(uuid4())
    first = guardian.do("PUT", path, Idempotency_Key=key)
    assert guardian.do("PUT", path, Idempotency_Key=key) == first | {"replayed": True}
    guardian.do("DELETE", path)
    assert guardian.get("/household")["invitations"] == []


def test_a_lost_password_is_replaced_with_the_recovery_code(guardian: Any) -> None:
    body = {
        "login_id": guardian.registered["login_id"],
        "recovery_code": guardian.registered["recovery_code"],
        "new_password": "another horse battery staple",
    }
    recovered = guardian.do("POST", "/account-recoveries", body, Idempotency_Key=str(uuid4()))
    assert recovered["recovery_code"] != guardian.registered["recovery_code"]
    guardian.sign_in("another horse battery staple")


def test_an_address_is_confirmed_by_the_token_of_its_mail(guardian: Any, service: Any) -> None:
    guardian.do("PUT", "/account/email", {"address": "haru@example.com"})
    assert guardian.get("/account")["email_confirmed"] is False
    token = service.confirmations.token(guardian.account_id, 1)
    guardian.do("POST", "/email-confirmations", {"token": token})
    assert guardian.get("/account")["email_confirmed"] is True
    guardian.do("DELETE", "/account/email")
    assert guardian.get("/account")["email"] is None


def test_a_password_is_changed_and_its_sessions_end(guardian: Any) -> None:
    body = {"current_password": "correct horse battery staple", "new_password": "another horse battery staple"}
    guardian.do("PUT", "/account/password", body)
    assert guardian.ask("GET", "/account").status_code == 401
    guardian.sign_in("another horse battery staple")


def test_a_visit_is_planned_moved_and_cancelled(guardian: Any) -> None:
    child = guardian.child()
    series = guardian.get(f"{child}/schedule")["forecasts"][0]["series"]
    path, today = f"{child}/planned-visits/{uuid4()}", date.fromisoformat(guardian.get(f"{child}/schedule")["as_of"])
    guardian.do("PUT", path, {"on": (today + timedelta(days=7)).isoformat(), "series": [series]})
    guardian.do("PUT", path, {"on": (today + timedelta(days=8)).isoformat(), "series": [series]})
    (planned,) = guardian.get(f"{child}/planned-visits")
    assert planned["on"] == (today + timedelta(days=8)).isoformat()
    guardian.do("DELETE", path)
    assert guardian.get(f"{child}/planned-visits") == []


def test_what_a_doctor_said_and_a_move_change_the_child(guardian: Any) -> None:
    child = guardian.child()
    series = guardian.get(f"{child}/schedule")["forecasts"][0]["series"]
    guardian.do("PUT", f"{child}/closed-series/{series}")
    guardian.do("PUT", f"{child}/extension", {"reason_ended_on": "2026-06-01"})
    guardian.do("PUT", f"{child}/residence", {"in_ward": False})
    told = guardian.get(child)
    assert (told["closed_series"], told["extension_from"], told["moved_out"]) == ([series], "2026-06-01", True)
    guardian.do("DELETE", f"{child}/closed-series/{series}")
    guardian.do("PUT", f"{child}/closed-series/{series}")
    assert guardian.get(child)["closed_series"] == [series]
