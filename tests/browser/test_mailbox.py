"""Pages about mail as time passes: an address unconfirmed, mails of every end, an address asked about, mail paused and ended."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from playwright.sync_api import Page

from aggregates.account.facts import AddressUnanswered
from tests.app.pages.mailbox import grown_old, mail_of_every_end, says
from tests.browser.conftest import Site
from tests.browser.test_offline import register
from tests.browser.test_pages import Find, faults, look_at_everything, squeezed

if TYPE_CHECKING:
    from app.service import Service

SETTINGS = "/menu/mail"


def _account(page: Page, service: "Service") -> UUID:
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"].startswith("session"))
    account = service.sessions.session_account(token)
    assert account
    return account


def _stages(page: Page, service: "Service") -> Iterator[dict[str, str]]:
    """The pages to look at, stage by stage; each stage is reached when it is asked for."""
    account, tokens = _account(page, service), service.mail_tokens
    page.goto(SETTINGS)
    page.fill("#address", "haha..22@docomo.ne.jp")
    page.check("#wish-vaccinations")
    page.click("main form:not(.note) .go")
    yield {"unconfirmed": SETTINGS, "confirm": f"/mail/confirm/{service.confirmations.token(account, 1)}"}
    mail_of_every_end(service, account)
    yield {"confirmed": SETTINGS, "sent": f"{SETTINGS}/sent"}
    grown_old(service, account)
    yield {"asked at home": "/", "asked": SETTINGS, "keep": f"/mail/keep/{tokens.keep(account, 1)}"}
    says(service, account, AddressUnanswered(address_version=1))
    yield {"paused at home": "/", "paused": SETTINGS, "unsubscribe": f"/mail/unsubscribe/{tokens.unsubscribe(account, 1)}"}
    yield {"ended": SETTINGS}


def _look(page: Page, service: "Service", language: str, finds: dict[int, Find]) -> dict[str, list[str]]:
    """What is wrong, by stage and width."""
    register(page)
    wrong: dict[str, list[str]] = {}
    for addresses in _stages(page, service):
        wrong |= look_at_everything(page, {name: language + address for name, address in addresses.items()}, finds)
    return wrong


def test_no_page_about_mail_has_a_fault(site: Site, service: "Service") -> None:
    with site.page(signed_in=False, color_scheme="dark") as page:
        assert _look(page, service, "", {240: squeezed, 360: faults, 1280: squeezed}) == {}


def test_each_stage_shows_what_it_is_looked_at_for(site: Site, service: "Service") -> None:
    told = {
        "unconfirmed": "確認のメールをもう一度送る",
        "sent": "送りましたが、届きませんでした",
        "asked at home": "このアドレスは、今もお使いですか",
        "asked": "このアドレスは、今もお使いですか",
        "paused at home": "メールをいったん止めています",
        "paused": "メールをいったん止めています",
    }
    with site.page(signed_in=False) as page:
        register(page)
        for addresses in _stages(page, service):
            for name in addresses.keys() & told.keys():
                page.goto(addresses[name])
                assert told[name] in page.locator("main").inner_text()
            for name in addresses.keys() & {"confirm"}:
                page.goto(addresses[name])
                page.click("main .go")


@pytest.mark.soak
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "/en", "/easy"])
def test_no_page_about_mail_has_a_fault_at_any_width_in_any_language(
    site: Site, service: "Service", language: str, scheme: str
) -> None:
    with site.page(signed_in=False, color_scheme=scheme) as page:
        assert _look(page, service, language, dict.fromkeys((240, 360, 768, 1280), faults)) == {}
