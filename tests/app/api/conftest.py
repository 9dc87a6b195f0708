"""Families that use the service over REST."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import httpx
import pytest

if TYPE_CHECKING:
    from app.service import Service

V1 = "/api/v1"
ORIGIN = "http://127.0.0.1:8000"
PASSWORD = "correct horse battery staple"


@dataclass
class Guardian:
    """Somebody who uses the service over REST, with a browser of their own. Reads wait for the last write."""

    browser: Any
    account_id: UUID = field(default_factory=uuid4)
    household_id: UUID = field(default_factory=uuid4)
    position: str | None = None
    registered: dict[str, Any] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One request to the API; `If_Match="*"` is the header If-Match."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.position:
            sent.setdefault("Hagukumi-Position", self.position)
        arguments = {} if body is None else {"json": body}
        response: httpx.Response = self.browser.request(method, V1 + path, headers=sent, **arguments)
        self.position = response.headers.get("Hagukumi-Position", self.position)
        return response

    def get(self, path: str) -> Any:
        response = self.ask("GET", path)
        assert response.status_code == 200, response.text
        return response.json()

    def do(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        response = self.ask(method, path, body, **headers)
        assert response.status_code in {200, 201, 204}, response.text
        return response.json() if response.content else None

    def registration(self, **changes: Any) -> dict[str, Any]:
        terms = self.get("/terms")
        return {
            "terms": {"version": terms["version"], "hash": terms["hash"]},
            "household_id": str(self.household_id),
            "handle": "はるママ",
            "postal_code": "102-0074",
            "password": PASSWORD,
        } | changes

    def register(self, **changes: Any) -> "Guardian":
        """Register and sign in."""
        key, body = str(uuid4()), self.registration(**changes)
        self.registered = self.do("PUT", f"/accounts/{self.account_id}", body, Idempotency_Key=key)
        self.sign_in(self.registered.get("passphrase") or body["password"])
        return self

    def sign_in(self, password: str = PASSWORD) -> None:
        self.do("POST", "/session", {"login_id": self.registered["login_id"], "password": password})

    def child(self, born_on: date = date(2026, 4, 10), **changes: Any) -> str:
        """The path of a new child."""
        path = f"/children/{uuid4()}"
        self.do("PUT", path, {"handle": "はる", "born_on": born_on.isoformat(), "sex": "F"} | changes)
        return path


@pytest.fixture
def service(shared_service: "Service") -> "Service":
    """The service that these tests share; a module whose tests break things takes one of its own."""
    return shared_service


@pytest.fixture
def stranger(service: "Service", browser: Any) -> Guardian:
    """Somebody who has not registered."""
    return Guardian(browser(service.asgi, ORIGIN, headers={"Origin": ORIGIN}))


@pytest.fixture
def guardian(stranger: Guardian) -> Guardian:
    """A guardian with a household, signed in."""
    return stranger.register()


@pytest.fixture
def other(service: "Service", browser: Any) -> Guardian:
    """A guardian of another household."""
    return Guardian(browser(service.asgi, ORIGIN, headers={"Origin": ORIGIN})).register()
