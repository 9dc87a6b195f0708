"""What Chromium asks of pages before it offers to install them, and of the manifest."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Page

from tests.browser.conftest import CHROMIUM, QUIET, Site

SIZE = "async address => { const image = new Image(); image.src = address; await image.decode();\
 return `${image.naturalWidth}x${image.naturalHeight}` }"


@pytest.fixture
def profile(site: Site, tmp_path: Path) -> Iterator[Page]:
    """A page in a profile that is kept; nothing is installed from the others, which Chromium takes for private windows."""
    context = site.browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=CHROMIUM, args=[*QUIET, "--no-first-run"], base_url=site.base
    )
    yield context.new_page()
    context.close()


def obstacles(session: CDPSession) -> list[str]:
    """Why the page in front cannot be installed."""
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    return [error["errorId"] for error in errors]


@pytest.mark.parametrize("language", ["", "/en", "/easy"])
def test_nothing_keeps_a_browser_from_installing_the_pages(profile: Page, language: str) -> None:
    session = profile.context.new_cdp_session(profile)
    profile.goto(f"{language}/signin")
    told = session.send("Page.getAppManifest")
    assert told["url"].endswith(f"{language}/manifest.webmanifest")
    assert told["errors"] == []
    assert obstacles(session) == []
    manifest = profile.evaluate("address => fetch(address).then(answer => answer.json())", told["url"])
    pictures = manifest["icons"] + manifest["screenshots"]
    assert [profile.evaluate(SIZE, picture["src"]) for picture in pictures] == [picture["sizes"] for picture in pictures]


def test_what_keeps_a_browser_from_installing_is_found(profile: Page) -> None:
    session = profile.context.new_cdp_session(profile)
    profile.goto("/sw.js")
    assert obstacles(session) == ["no-manifest"]
