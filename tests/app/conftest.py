"""The whole service in this process, and a client for it, both without sockets."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from argon2 import PasswordHasher

if TYPE_CHECKING:
    from app.service import Service

LOOPBACK = "http://127.0.0.1:8000"
ASGIApp = Callable[..., Any]


class Browser:
    """Sends requests to an ASGI app, keeps cookies, and shows itself as a page of the service would."""

    def __init__(
        self, app: ASGIApp, base_url: str = LOOPBACK, address: str = "127.0.0.1", headers: dict[str, str] | None = None
    ) -> None:
        self._app = app
        self._base_url = base_url
        self._address = address
        self.headers = headers or {}
        self.cookies = httpx.Cookies()

    def request(self, method: str, url: str, **arguments: Any) -> httpx.Response:
        """One request and its whole answer."""
        return asyncio.run(self._send(method, url, **arguments))

    def get(self, url: str, **arguments: Any) -> httpx.Response:
        return self.request("GET", url, **arguments)

    def put(self, url: str, **arguments: Any) -> httpx.Response:
        return self.request("PUT", url, **arguments)

    def post(self, url: str, **arguments: Any) -> httpx.Response:
        return self.request("POST", url, **arguments)

    def delete(self, url: str, **arguments: Any) -> httpx.Response:
        return self.request("DELETE", url, **arguments)

    async def _send(self, method: str, url: str, **arguments: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False, client=(self._address, 50_000))
        async with httpx.AsyncClient(
            transport=transport, base_url=self._base_url, headers=self.headers, cookies=self.cookies
        ) as client:
            response = await client.request(method, url, **arguments)
            self.cookies = client.cookies
            return response


@pytest.fixture(scope="session")
def browser() -> type[Browser]:
    """The class of the client: `browser(app)` makes one."""
    return Browser


@pytest.fixture
def own_service(database: str, tmp_path: Path) -> Iterator["Service"]:
    """The whole service but the notifier: no sockets, cheap password hashes, a database and keys of its own."""
    with running_service(database, tmp_path) as service:
        yield service


@pytest.fixture
def service(own_service: "Service") -> "Service":
    """The service that a test works on; folders and modules whose tests are content with a shared one say so."""
    return own_service


@pytest.fixture(scope="session")
def shared_service(shared_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Service"]:
    """One service for all tests that need no more than a family of their own in it."""
    with running_service(shared_database, tmp_path_factory.mktemp("shared")) as service:
        yield service


@contextmanager
def running_service(database: str, folder: Path) -> Iterator["Service"]:
    """The whole service over a database, with its keys in a folder."""
    from app.composition import build_service
    from app.settings import Settings
    from commands.identity.passwords import Passwords
    from tests.app.clock import noon

    settings = Settings(data_dir=folder / "data", demo=False)
    cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    service = build_service(settings, database, passwords=cheap, now=noon)
    service.background["notifier"].clear()
    service.start_background()
    yield service
    service.stop()
