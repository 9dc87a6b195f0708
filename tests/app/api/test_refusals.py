"""Whatever is sent wrongly is answered with a problem of a stable code, and nothing is stored."""

from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest

from tests.app.clock import NOON

VACCINE = "BCG"


def problem(response: Any) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert told["status"] == response.status_code
    assert told["type"].endswith(told["code"])
    return response.status_code, told["code"]


def visit(given_on: date = date(2026, 6, 1), vaccine: str = VACCINE, **more: Any) -> dict[str, Any]:
    return {"given_on": given_on.isoformat(), "doses": [{"dose_id": str(uuid4()), "vaccine": vaccine}], **more}


def test_an_unknown_vaccine(guardian: Any) -> None:
    child = guardian.child()
    refused = guardian.ask("PUT", f"{child}/visits/{uuid4()}", visit(vaccine="PANACEA"))
    assert problem(refused) == (422, "unknown_vaccine")
    assert guardian.get(f"{child}/doses") == []


def test_a_dose_before_birth(guardian: Any) -> None:
    child = guardian.child(born_on=date(2026, 6, 2))
    assert problem(guardian.ask("PUT", f"{child}/visits/{uuid4()}", visit())) == (422, "dose_before_birth")


def test_a_dose_in_the_future(guardian: Any) -> None:
    tomorrow = NOON.date() + timedelta(days=1)
    refused = guardian.ask("PUT", f"{guardian.child()}/visits/{uuid4()}", visit(tomorrow))
    assert problem(refused) == (422, "dose_in_future")


def test_a_birthday_in_the_future(guardian: Any) -> None:
    tomorrow = NOON.date() + timedelta(days=1)
    body = {"handle": "はる", "born_on": tomorrow.isoformat(), "sex": "F"}
    refused = guardian.ask("PUT", f"/children/{uuid4()}", body)
    assert problem(refused) == (422, "birthday_in_future")
    assert refused.json()["errors"][0]["pointer"] == "#/born_on"


def test_days_that_no_childhood_reaches(guardian: Any) -> None:
    ancient = guardian.ask("PUT", f"/children/{uuid4()}", {"handle": "はる", "born_on": "1018-06-01", "sex": "F"})
    assert problem(ancient) == (422, "birthday_too_early")
    child = guardian.child()
    visit_on_the_last_day = guardian.ask("PUT", f"{child}/planned-visits/{uuid4()}", {"on": "9999-12-31", "series": ["BCG"]})
    assert problem(visit_on_the_last_day) == (422, "day_too_far")
    assert problem(guardian.ask("PUT", f"{child}/extension", {"reason_ended_on": "0001-01-01"})) == (422, "day_before_birth")


def test_an_unknown_series(guardian: Any) -> None:
    body = {"series": ["PANACEA"], "reason": "unwell"}
    refused = guardian.ask("PUT", f"{guardian.child()}/postponements/{uuid4()}", body)
    assert problem(refused) == (422, "unknown_series")


def test_another_family_s_child_reads_like_one_that_never_was(guardian: Any, other: Any) -> None:
    child, never = guardian.child(), f"/children/{uuid4()}"
    calls = [
        ("GET", "", None),
        ("GET", "/schedule", None),
        ("GET", "/doses", None),
        ("GET", "/planned-visits", None),
        ("GET", "/postponements", None),
        ("PUT", f"/visits/{uuid4()}", visit()),
        ("DELETE", f"/doses/{uuid4()}", None),
        ("PUT", "/residence", {"in_ward": False}),
        ("PUT", "/closed-series/BCG", None),
        ("PUT", "/extension", {"reason_ended_on": "2026-06-01"}),
    ]
    for method, path, body in calls:
        foreign, unknown = other.ask(method, child + path, body), other.ask(method, never + path, body)
        assert problem(foreign) == problem(unknown) == (404, "not_found"), (method, path)
        assert foreign.content == unknown.content
    taken = other.ask("PUT", child, {"handle": "x", "born_on": "2026-04-10", "sex": "F"})
    assert problem(taken) == (404, "not_found")
    assert other.get("/children") == []


def test_an_id_that_is_no_uuid_names_nothing(guardian: Any) -> None:
    assert problem(guardian.ask("GET", "/children/haru")) == (404, "not_found")


def test_a_stale_version(guardian: Any) -> None:
    child = guardian.child()
    tag = guardian.ask("GET", child).headers["ETag"]
    corrected = {"handle": "はるか", "born_on": "2026-04-10", "sex": "F"}
    assert guardian.ask("PUT", child, corrected, If_Match=tag).status_code == 200
    assert problem(guardian.ask("PUT", child, corrected | {"handle": "x"}, If_Match=tag)) == (412, "stale_version")
    assert guardian.get(child)["handle"] == "はるか"


@pytest.mark.parametrize("header", ["If_Match", "Idempotency_Key", "Hagukumi_Position"])
def test_a_header_that_cannot_be_read(guardian: Any, header: str) -> None:
    method, name = ("GET", "Hagukumi-Position") if header == "Hagukumi_Position" else ("PUT", header.replace("_", "-").lower())
    body = None if method == "GET" else {"handle": "はる", "born_on": "2026-04-10", "sex": "F"}
    path = "/children" if method == "GET" else f"/children/{uuid4()}"
    refused = guardian.ask(method, path, body, **{header: "seven"})
    assert problem(refused) == (422, "invalid_request")
    assert [error["pointer"] for error in refused.json()["errors"]] == [f"header:{name}"]


def test_a_position_that_nobody_sealed(guardian: Any) -> None:
    refused = guardian.ask("GET", "/children", Hagukumi_Position="A" * 48)
    assert problem(refused) == (400, "malformed_header")


def test_a_replayed_id_with_another_body(guardian: Any) -> None:
    child, first = f"/children/{uuid4()}", {"handle": "はる", "born_on": "2026-04-10", "sex": "F"}
    assert guardian.do("PUT", child, first)["replayed"] is False
    assert guardian.do("PUT", child, first)["replayed"] is True
    assert problem(guardian.ask("PUT", child, first | {"handle": "なつ"})) == (409, "command_reused")
    key = str(uuid4())
    guardian.do("PUT", "/account/profile", {"handle": "a", "postal_code": "1020074"}, Idempotency_Key=key)
    reused = guardian.ask("PUT", "/account/profile", {"handle": "b", "postal_code": "1020074"}, Idempotency_Key=key)
    assert problem(reused) == (409, "command_reused")


def test_the_same_vaccine_on_the_same_day_asks_and_can_be_confirmed(guardian: Any) -> None:
    child = guardian.child()
    guardian.do("PUT", f"{child}/visits/{uuid4()}", visit())
    assert problem(guardian.ask("PUT", f"{child}/visits/{uuid4()}", visit())) == (409, "dose_already_recorded")
    guardian.do("PUT", f"{child}/visits/{uuid4()}", visit(confirm_duplicate=True))
    assert len(guardian.get(f"{child}/doses")) == 2


def test_json_that_is_malformed_oversized_or_something_else(guardian: Any) -> None:
    def send(content: bytes, kind: str | None = "application/json") -> Any:
        headers = {"Content-Type": kind} if kind else {}
        return guardian.browser.put("/api/v1/account/profile", content=content, headers=headers)

    assert problem(send(b'{"handle": ')) == (400, "malformed_json")
    assert problem(send(b"\xff")) == (400, "malformed_json")
    assert problem(send(b'"' + b"x" * 70_000 + b'"')) == (413, "body_too_large")
    assert problem(send(b"handle=x", "application/x-www-form-urlencoded")) == (415, "unsupported_media_type")
    assert problem(send(b'{"handle":"x","postal_code":"1020074"}', "text/plain")) == (415, "unsupported_media_type")
    assert problem(send(b'{"handle":"x","postal_code":"1020074"}', None)) == (415, "unsupported_media_type")
    assert problem(send(b"[]")) == (422, "invalid_request")
    assert send(b"[]").json()["errors"][0]["pointer"] == "#"


def test_wrong_fields_are_named_in_the_reader_s_language(guardian: Any) -> None:
    body = {"handle": "", "born_on": "10/04/2026", "sex": "F", "nickname": "x"}
    refused = guardian.ask("PUT", f"/children/{uuid4()}", body, Accept_Language="en")
    assert problem(refused) == (422, "invalid_request")
    assert refused.headers["Content-Language"] == "en"
    named = {error["pointer"]: error["code"] for error in refused.json()["errors"]}
    assert named == {"#/handle": "too_short", "#/born_on": "not_date", "#/nickname": "unknown_field"}
    assert "10/04/2026" not in refused.text
    japanese = guardian.ask("PUT", f"/children/{uuid4()}", body)
    assert japanese.headers["Content-Language"] == "ja"
    assert japanese.json()["title"] != refused.json()["title"]


def test_nobody_signed_in(stranger: Any) -> None:
    refused = stranger.ask("GET", "/children")
    assert problem(refused) == (401, "unauthenticated")
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert problem(stranger.ask("PUT", "/account/stop", Authorization="Bearer nonsense")) == (401, "unauthenticated")


def test_wrong_passwords_do_not_tell_which_login_ids_exist(guardian: Any, stranger: Any) -> None:
    login_id = guardian.registered["login_id"]
    wrong = stranger.ask("POST", "/session", {"login_id": login_id, "password": "not the password"})
    unknown = stranger.ask("POST", "/session", {"login_id": "2222-2222-22", "password": "not the password"})
    assert problem(wrong) == problem(unknown) == (401, "wrong_credentials")
    assert wrong.content == unknown.content


def test_guessing_is_slowed_down(other: Any, stranger: Any) -> None:
    body = {"login_id": other.registered["login_id"], "password": "not the password"}
    answers = [stranger.ask("POST", "/session", body) for _ in range(11)]
    assert problem(answers[-1]) == (429, "too_many_attempts")
    assert int(answers[-1].headers["Retry-After"]) > 0
    other.sign_in()


def test_terms_that_are_not_in_force(stranger: Any) -> None:
    body = stranger.registration(terms={"version": "2015-01", "hash": "0" * 64})
    refused = stranger.ask("PUT", f"/accounts/{uuid4()}", body, Idempotency_Key=str(uuid4()))
    assert problem(refused) == (409, "terms_outdated")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"postal_code": "12345"}, "invalid_postal_code"),
        ({"email": "haru"}, "invalid_email"),
        ({"password": "short"}, "weak_password"),
        ({"household_id": None}, "invalid_request"),
        ({"household_id": None, "invitation_code": "k7mq-3xhp-wd"}, "invitation_lapsed"),
    ],
)
def test_a_registration_that_cannot_be(stranger: Any, changes: dict[str, Any], code: str) -> None:
    refused = stranger.ask("PUT", f"/accounts/{uuid4()}", stranger.registration(**changes), Idempotency_Key=str(uuid4()))
    assert problem(refused)[1] == code


def test_secrets_are_told_again_only_to_who_knows_the_key(stranger: Any) -> None:
    path, body, key = f"/accounts/{uuid4()}", stranger.registration(), str(uuid4())
    assert problem(stranger.ask("PUT", path, body)) == (400, "idempotency_key_required")
    first = stranger.do("PUT", path, body, Idempotency_Key=key)
    again = stranger.do("PUT", path, body, Idempotency_Key=key)
    assert again == first | {"replayed": True}
    assert problem(stranger.ask("PUT", path, body, Idempotency_Key=str(uuid4()))) == (409, "id_taken")


def test_what_another_site_sends_is_refused(guardian: Any) -> None:
    guardian.browser.headers["Origin"] = "https://evil.example"
    assert problem(guardian.ask("PUT", "/account/stop")) == (403, "cross_site")
    del guardian.browser.headers["Origin"]
    assert guardian.get("/account")["stopped"] is False


def test_a_program_signs_in_for_a_token_and_needs_no_origin(guardian: Any, browser: Any) -> None:
    body = {"login_id": guardian.registered["login_id"], "password": "correct horse battery staple", "delivery": "token"}
    program = browser(guardian.browser._app)
    signed = program.post("/api/v1/session", json=body)
    assert not signed.cookies
    bearer = {"Authorization": f"Bearer {signed.json()['token']}"}
    assert program.put("/api/v1/account/stop", headers=bearer).status_code == 200
    assert program.delete("/api/v1/session", headers=bearer).status_code == 204
    assert program.get("/api/v1/account", headers=bearer).status_code == 401


def test_a_method_or_path_that_is_not_there(guardian: Any) -> None:
    refused = guardian.ask("PATCH", "/account")
    assert problem(refused) == (405, "method_not_allowed")
    assert refused.headers["Allow"] == "DELETE, GET"
    assert problem(guardian.ask("GET", "/neighbours")) == (404, "not_found")


def test_the_last_guardian_cannot_be_removed(guardian: Any) -> None:
    assert problem(guardian.ask("DELETE", f"/household/guardians/{guardian.account_id}")) == (409, "last_guardian")


def test_the_audit_trail_comes_in_pages(guardian: Any) -> None:
    guardian.child()
    everything = guardian.get("/household/audit-trail?limit=200")["entries"]
    page = guardian.get("/household/audit-trail?limit=2")
    paged = page["entries"]
    while page["next"]:
        page = guardian.get(f"/household/audit-trail?limit=2&before={page['next']}")
        paged += page["entries"]
    assert paged == everything
    assert problem(guardian.ask("GET", "/household/audit-trail?before=4711")) == (422, "invalid_request")
    assert problem(guardian.ask("GET", f"/household/audit-trail?before={guardian.position}")) == (400, "malformed_cursor")
    assert problem(guardian.ask("GET", "/household/audit-trail?limit=0")) == (422, "invalid_request")


def test_one_command_sent_many_times_at_once_is_carried_out_once(guardian: Any, browser: Any) -> None:
    child, path, body = guardian.child(), f"/visits/{uuid4()}", visit()
    start, answers = Barrier(6), []

    def send() -> None:
        mine = browser(guardian.browser._app, headers=guardian.browser.headers)
        mine.cookies = guardian.browser.cookies
        start.wait()
        answers.append(mine.put(f"/api/v1{child}{path}", json=body))

    threads = [Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 6
    assert sorted(answer.json()["replayed"] for answer in answers) == [False] + [True] * 5
    guardian.position = answers[0].headers["Hagukumi-Position"]
    assert len(guardian.get(f"{child}/doses")) == 1


def test_a_problem_s_type_leads_to_what_it_means(guardian: Any) -> None:
    told = guardian.ask("GET", "/neighbours").json()
    assert guardian.browser.get(told["type"]).json()["code"] == told["code"]
    assert problem(guardian.ask("GET", "/problems/validation")) == (404, "not_found")
