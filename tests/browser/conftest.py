"""Pages in Debian's Chromium, before a service of this process. Where there is no Chromium, these tests are skipped aloud."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, StorageState, sync_playwright

from tests.app.clock import NOON
from tests.app.conftest import running_service
from tests.app.pages.desk import published_article
from tests.conftest import fresh_database
from tests.screenshots import family, pages

if TYPE_CHECKING:
    from app.service import Service

CHROMIUM = "/usr/bin/chromium"
UNANSWERED = "Failed to load resource"
"""How the console tells of a refused form, a missing page or a lost network, which the tests look at themselves."""
TELL_OF_POLICY = "addEventListener('securitypolicyviolation', e => console.error(e.violatedDirective, e.blockedURI))"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync")
START_SECONDS = 10

Household = tuple[StorageState, dict[str, str]]


@dataclass
class Site:
    """A service that answers on loopback, and a browser. Nothing that a page asks for may lie elsewhere."""

    base: str
    browser: Browser
    state: StorageState | None = None
    addresses: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def context(self, *, signed_in: bool = True, width: int = 360, **options: Any) -> Iterator[BrowserContext]:
        """A browser profile. What leaves the origin, breaks the content security policy or errs fails the test."""
        state = self.state if signed_in else None
        context = self.browser.new_context(
            base_url=self.base,
            viewport={"width": width, "height": 740},
            storage_state=state,
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            **options,
        )
        context.set_default_timeout(10_000)
        context.clock.set_fixed_time(NOON)  # the device and the ward live on the same day
        strays: list[str] = []
        context.on("request", lambda r: strays.append(r.url) if not r.url.startswith((f"{self.base}/", "blob:")) else None)
        context.on("weberror", lambda error: strays.append(str(error.error)))
        context.on("console", lambda told: strays.append(told.text) if _is_error(told) else None)
        context.add_init_script(TELL_OF_POLICY)
        yield context
        context.close()
        assert strays == []

    def addresses_in(self, language: str) -> dict[str, str]:
        """Every page in the language whose addresses begin so; plain Japanese begins with nothing."""
        plain = {name: address for name, address in self.addresses.items() if not address.startswith(("/en/", "/easy/"))}
        return {name: language + address for name, address in plain.items()}

    @contextmanager
    def page(self, **options: Any) -> Iterator[Page]:
        """One page in a profile of its own."""
        with self.context(**options) as context:
            yield context.new_page()


def _is_error(told: ConsoleMessage) -> bool:
    return told.type == "error" and not told.text.startswith(UNANSWERED)


@pytest.fixture(scope="session")
def service(postgres: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Service"]:
    """The service behind the pages."""
    folder = tmp_path_factory.mktemp("browser")
    with fresh_database(postgres, migrated_template) as database, running_service(database, folder) as service:
        published_article(service)
        yield service


@pytest.fixture(scope="session")
def base(service: "Service") -> Iterator[str]:
    """Where the service answers."""
    with _served(service.asgi) as address:
        yield address


@contextmanager
def _served(asgi: Any) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(asgi, port=0, log_config=None, access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        assert time.monotonic() < deadline, "the server does not start"
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@contextmanager
def _chromium() -> Iterator[Browser]:
    if shutil.which(CHROMIUM) is None:
        pytest.skip(f"NO BROWSER TESTS: {CHROMIUM} is missing (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, "--no-first-run"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def household(base: str) -> Household:
    """A family of two children signed in, and the addresses of its pages."""
    with _chromium() as browser, Site(base, browser).context(signed_in=False, java_script_enabled=False) as context:
        page = context.new_page()
        family(page, base)
        return context.storage_state(), pages(page, base)


@pytest.fixture(scope="module")
def site(base: str, household: Household) -> Iterator[Site]:
    """The service in a browser; per module, because Playwright's loop would disturb others."""
    with _chromium() as browser:
        yield Site(base, browser, *household)
