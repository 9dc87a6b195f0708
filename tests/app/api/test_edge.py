"""The outermost layer around a small app of its own: no database, no commands."""

import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel
from starlette.middleware import Middleware

from app.edge import Edge
from app.handlers import install_handlers
from app.security import session_token, set_session_cookie
from eventstore.errors import StoreUnavailable


class Body(BaseModel):
    text: str


def make_app() -> FastAPI:
    app = FastAPI(middleware=[Middleware(Edge)])
    install_handlers(app)

    @app.get("/api/things/{name}")
    def read(name: str) -> str:
        return name

    @app.post("/api/things")
    def write(request: Request, body: Body) -> str | None:
        return session_token(request)

    @app.get("/api/broken")
    def broken() -> None:
        raise RuntimeError("family@example.org")

    @app.get("/api/away")
    def away() -> None:
        raise StoreUnavailable

    @app.post("/api/session")
    def sign_in(request: Request, response: Response) -> None:
        set_session_cookie(request, response, "token", 60)

    return app


Client = Callable[..., Any]
STRANGER = "203.0.113.7"


@pytest.fixture
def loopback(browser: Client) -> Any:
    return browser(make_app())


@pytest.fixture
def https(browser: Client) -> Any:
    return browser(make_app(), "https://ward.example", STRANGER)


def code(response: Any) -> str:
    assert response.headers["content-type"] == "application/problem+json"
    return str(response.json()["code"])


def test_plain_http_from_another_machine_is_refused(browser: Client) -> None:
    response = browser(make_app(), address=STRANGER).get("/api/things/x")
    assert (response.status_code, code(response)) == (403, "https_required")


def test_a_forwarded_header_from_nobody_we_trust_changes_nothing(browser: Client) -> None:
    client = browser(make_app(), "http://ward.example", STRANGER)
    assert client.get("/api/things/x", headers={"X-Forwarded-Proto": "https"}).status_code == 403


def test_a_foreign_name_for_loopback_is_refused(loopback: Any) -> None:
    response = loopback.get("/api/things/x", headers={"Host": "rebound.example"})
    assert (response.status_code, code(response)) == (421, "misdirected_host")


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000"])
def test_loopback_answers_under_its_own_names(loopback: Any, host: str) -> None:
    assert loopback.get("/api/things/x", headers={"Host": host}).status_code == 200


def test_every_answer_carries_the_security_headers(loopback: Any, https: Any) -> None:
    for response in (loopback.get("/api/things/x"), loopback.get("/nowhere"), loopback.get("/api/broken")):
        assert "default-src 'self'" in response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in response.headers
    assert "max-age" in https.get("/api/things/x").headers["strict-transport-security"]


def test_what_is_not_there_is_a_problem(loopback: Any) -> None:
    assert code(loopback.get("/api/nowhere")) == "not_found"
    response = loopback.delete("/api/things/x")
    assert (response.status_code, code(response), response.headers["allow"]) == (405, "method_not_allowed", "GET")


def test_a_long_body_is_refused_announced_or_not(loopback: Any) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b" " * 1024

    announced = loopback.post("/api/things", content=b" " * 70_000, headers={"Content-Type": "application/json"})
    streamed = loopback.post("/api/things", content=chunks(), headers={"Content-Type": "application/json"})
    assert [announced.status_code, streamed.status_code] == [413, 413]
    assert [code(announced), code(streamed)] == ["body_too_large", "body_too_large"]


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 60_000])
def test_a_body_that_is_no_json_is_told_so(loopback: Any, body: bytes) -> None:
    response = loopback.post("/api/things", content=body, headers={"Content-Type": "application/json"})
    assert (response.status_code, code(response)) == (400, "malformed_json")


def test_a_database_away_says_when_to_come_again(loopback: Any) -> None:
    response = loopback.get("/api/away")
    assert (response.status_code, code(response)) == (503, "store_unavailable")
    assert int(response.headers["retry-after"]) > 0


def test_a_mistake_of_ours_leaves_no_personal_data_in_answer_or_log(loopback: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "hagukumi")
    response = loopback.get("/api/broken")
    assert (response.status_code, code(response)) == (500, "internal_error")
    assert "RuntimeError" in caplog.text
    assert response.headers["x-request-id"] in caplog.text
    assert "family@example.org" not in caplog.text + response.text


def test_the_access_log_names_the_route_and_never_the_path(loopback: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "hagukumi.access")
    loopback.get("/api/things/taro?token=abc")
    loopback.get("/api/taro/nowhere")
    assert "GET /api/things/{name} 200" in caplog.text
    assert "GET - 404" in caplog.text
    assert "taro" not in caplog.text
    assert "abc" not in caplog.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:8000"}, 403),
        ({"Origin": "http://127.0.0.1:8000"}, 200),
        ({"Origin": "https://127.0.0.1:8000"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Referer": "http://127.0.0.1:8000/record"}, 200),
        ({"Referer": "http://evil.example/127.0.0.1:8000"}, 403),
        ({}, 403),
        ({"Authorization": "Bearer token"}, 200),
    ],
)
def test_the_cookie_counts_only_for_our_own_pages(loopback: Any, headers: dict[str, str], status: int) -> None:
    loopback.cookies.set("session-on-loopback", "token")
    response = loopback.post("/api/things", json={"text": ""}, headers=headers)
    assert response.status_code == status
    assert response.json() == "token" if status == 200 else code(response) == "cross_site"


def test_the_cookie_is_bound_to_the_host_over_https(https: Any, loopback: Any) -> None:
    cookie = https.post("/api/session").headers["set-cookie"]
    assert cookie.startswith("__Host-session=token;")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    on_loopback = loopback.post("/api/session").headers["set-cookie"]
    assert on_loopback.startswith("session-on-loopback=token;")
    assert "Secure" not in on_loopback
