"""Pages in Debian's Chromium, before a service of this process. Where there is no Chromium, these tests are skipped aloud."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from tests.app.conftest import running_service
from tests.app.pages.desk import published_article
from tests.conftest import fresh_database
from tests.screenshots import family, pages

CHROMIUM = "/usr/bin/chromium"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync")
START_SECONDS = 10


@dataclass
class Site:
    """A service that answers on loopback, and a browser. Nothing that a page asks for may lie elsewhere."""

    base: str
    browser: Browser
    state: StorageState | None = None
    addresses: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def context(self, *, signed_in: bool = True, width: int = 360, **options: Any) -> Iterator[BrowserContext]:
        """A browser profile; requests that leave the origin and messages on the console fail the test."""
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
        strays: list[str] = []
        context.on("request", lambda r: strays.append(r.url) if not r.url.startswith((f"{self.base}/", "blob:")) else None)
        context.on("weberror", lambda error: strays.append(str(error.error)))
        yield context
        context.close()
        assert strays == []

    @contextmanager
    def page(self, **options: Any) -> Iterator[Page]:
        """One page in a profile of its own."""
        with self.context(**options) as context:
            yield context.new_page()


@pytest.fixture(scope="session")
def base(postgres: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the service answers."""
    folder = tmp_path_factory.mktemp("browser")
    with (
        fresh_database(postgres, migrated_template) as database,
        running_service(database, folder) as service,
        _served(service.asgi) as address,
    ):
        published_article(service)
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


@pytest.fixture(scope="module")
def empty_site(base: str) -> Iterator[Site]:
    """The service with a browser nobody has signed in with; per module, because Playwright's loop would disturb others."""
    if shutil.which(CHROMIUM) is None:
        pytest.skip(f"NO BROWSER TESTS: {CHROMIUM} is missing (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, "--no-first-run"])
        yield Site(base, browser)
        browser.close()


@pytest.fixture(scope="module")
def site(empty_site: Site) -> Site:
    """The same with a family of two children signed in, and the addresses of its pages."""
    with empty_site.context(signed_in=False, java_script_enabled=False) as context:
        page = context.new_page()
        family(page, empty_site.base)
        addresses = pages(page, empty_site.base)
        return Site(empty_site.base, empty_site.browser, context.storage_state(), addresses)
