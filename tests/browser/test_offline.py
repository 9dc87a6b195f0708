"""Without a network: what was seen is read, what is recorded waits, and all of it reaches the service once and in order."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from app.pages import worker
from tests.browser.conftest import Site
from tests.browser.test_pages import faults
from tests.screenshots import today_on

READY_SECONDS = 10
KEPT = "caches.open('seen').then(cache => cache.keys()).then(requests => requests.map(request => request.url))"
KEPT_CHART = f"{KEPT}.then(addresses => addresses.find(address => /chart.[0-9a-f-]+$/.test(address)))"
ENTRIES = """new Promise(done => { indexedDB.open('hagukumi').onsuccess = ({ target: { result } }) => {
  result.transaction('entry').objectStore('entry').count().onsuccess = ({ target }) => done(target.result) } })"""
FORMS = re.compile("/(record|plan)/")
PASSWORD = "korewanagaiaikotoba"


@dataclass
class Network:
    """Loses what is sent on the way there, or the answer on the way back."""

    reaches_service: bool
    losing: bool = True
    commands: list[str] = field(default_factory=list)

    def __call__(self, route: Route) -> None:
        if route.request.method == "POST":
            self.commands += parse_qs(route.request.post_data)["command"]
        if not self.losing or route.request.method != "POST":
            route.fallback()
            return
        if self.reaches_service:
            route.fetch(max_redirects=0)
        route.abort()


@dataclass
class Phone:
    """The device of a parent, and the id that they sign in with."""

    page: Page
    login_id: str


@pytest.fixture
def phone(site: Site) -> Iterator[Phone]:
    """The phone of a parent who has just registered a baby of seven months, and has looked at home."""
    with site.context(signed_in=False) as context:
        page = context.new_page()
        login_id = register(page)
        ready(page)
        yield Phone(page, login_id)


@pytest.fixture
def device(phone: Phone) -> Page:
    return phone.page


def register(page: Page) -> str:
    """A family with a baby of seven months. Returns the id to sign in with."""
    page.goto("/terms")
    page.check("#agreed")
    page.click("main form .go")
    page.fill("#handle", "はるのママ")
    page.fill("#postal_code", "1020000")
    page.check("#kind-own")
    page.fill("#password", PASSWORD)
    page.click("main form .go")
    login_id = page.locator(".big-code").first.inner_text()
    page.goto("/child/new")
    born = today_on(page) - timedelta(days=228)
    page.fill("#handle", "はるちゃん")
    for part, value in zip("ymd", (born.year, born.month, born.day), strict=True):
        page.fill(f"#born-{part}", str(value))
    page.check("#sex-F")
    page.click("main form .go")
    return login_id


def until(page: Page, done: Callable[[], bool], otherwise: str) -> None:
    """Wait until the device has got there by itself."""
    deadline = time.monotonic() + READY_SECONDS
    while not done():
        assert time.monotonic() < deadline, otherwise
        page.wait_for_timeout(50)


def ready(page: Page) -> None:
    """Wait until the device keeps what it needs."""
    page.goto("/")
    until(page, lambda: any("/postpone" in address for address in page.evaluate(KEPT)), "the device keeps nothing")


def record(page: Page, *series: str) -> None:
    """Fill in the form of the child and press the button."""
    page.goto(record_address(page))
    for code in series:
        page.check(f"#v-{code}")
    page.click("main form .go")


def record_address(page: Page) -> str:
    page.goto("/")
    return (page.locator("main a[href^='/record/']").first.get_attribute("href") or "").removesuffix("/entry")


def all_sent(page: Page) -> None:
    """Wait until nothing waits."""
    until(page, lambda: not page.evaluate(ENTRIES), "something still waits")
    expect(page.locator("#waiting")).to_be_hidden()


def given(page: Page) -> str:
    page.goto("/chart")
    return page.locator("h1+p").inner_text()


def test_home_and_chart_are_read_offline_with_their_age(device: Page) -> None:
    device.context.set_offline(True)
    device.goto("/")
    expect(device.locator("h1")).to_have_text("次の予防接種")
    expect(device.locator("#offline")).to_contain_text("いま通信できません。最後に見た予定（20")
    device.click("nav a[accesskey='2']")
    expect(device.locator("h1")).to_have_text("はるちゃんの年齢表")
    device.goto("/menu/mail")
    expect(device.locator("#unseen")).to_be_visible()


def test_the_english_pages_work_offline_as_well(device: Page) -> None:
    device.goto("/en/")
    until(
        device, lambda: any("/en/record/" in address for address in device.evaluate(KEPT)), "the device keeps nothing in English"
    )
    device.context.set_offline(True)
    device.goto("/en/")
    expect(device.locator("#offline")).to_contain_text("You are offline")
    device.goto(f"/en{record_address(device)}")
    device.check("#v-BCG")
    device.click("main form .go")
    expect(device).to_have_url(re.compile(r"/en/waiting\?saved$"))
    expect(device.locator("#entries h2")).to_contain_text("Record a visit for")
    device.context.set_offline(False)
    device.goto("/en/")
    all_sent(device)
    assert "受けた予防接種は1回" in given(device)


def test_where_the_network_stalls_the_copy_is_shown_and_says_so(device: Page) -> None:
    stalled: list[Route] = []
    device.context.route("**/chart/**", lambda route: stalled.append(route))  # noqa: PLW0108 - a bound method of a list takes no mark
    device.goto(device.evaluate(KEPT_CHART))
    expect(device.locator("h1")).to_have_text("はるちゃんの年齢表")
    expect(device.locator("#offline")).to_contain_text("最後に見た予定")
    assert stalled
    for route in stalled:
        route.abort()


def test_a_flaky_network_loses_nothing_doubles_nothing_and_keeps_the_order(device: Page) -> None:
    chance = Random(20261123)
    sent: list[str] = []

    def flaky(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        fate = chance.choice(["lost", "answer lost", "fine"])
        if fate != "lost":
            sent.append(next(code for code in ("BCG", "HEPB", "PCV") if f"v={code}" in (route.request.post_data or "")))
        if fate == "fine":
            route.fallback()
            return
        if fate == "answer lost":
            route.fetch(max_redirects=0)
        route.abort()

    device.context.set_offline(True)
    for code in ("BCG", "HEPB", "PCV"):
        record(device, code)
        expect(device.locator("#saved")).to_be_visible()
    device.context.route("**/record/**", flaky)  # not earlier: it would see, and let through, what is offered while offline
    device.context.set_offline(False)
    for _ in range(20):
        device.goto("/")
        if not device.evaluate(ENTRIES):
            break
    all_sent(device)
    assert list(dict.fromkeys(sent)) == ["BCG", "HEPB", "PCV"]
    assert "受けた予防接種は3回" in given(device)


def test_a_session_that_ran_out_loses_nothing_that_waits(device: Page) -> None:
    device.context.set_offline(True)
    record(device, "BCG")
    expect(device.locator("#saved")).to_be_visible()
    cookies = device.context.cookies()
    device.context.clear_cookies()
    device.context.set_offline(False)  # not earlier: what waits is sent at once
    device.goto("/waiting")
    expect(device.locator("#entries li.note")).to_have_count(1)
    device.click("#send")
    expect(device.locator("#entries li.note")).to_have_count(1)
    device.context.add_cookies([dict(cookie) for cookie in cookies])  # type: ignore[misc]
    device.goto("/")
    all_sent(device)
    assert "受けた予防接種は1回" in given(device)


def test_doses_recorded_offline_wait_and_are_sent_once(device: Page) -> None:
    device.context.set_offline(True)
    record(device, "BCG")
    expect(device.locator("#saved")).to_be_visible()
    record(device, "HEPB")
    expect(device.locator("#entries li.note")).to_have_count(2)
    expect(device.locator("#entries h2").first).to_contain_text("はるちゃんの接種を記録する")
    expect(device.locator("#entries h2").first).to_contain_text("BCG")
    device.goto("/")
    expect(device.locator("#waiting b")).to_have_text("2")
    device.context.set_offline(False)
    device.goto("/")
    all_sent(device)
    assert "受けた予防接種は2回" in given(device)


def a_visit(page: Page) -> None:
    page.goto(record_address(page))
    page.check("#v-BCG")


def a_page_of_the_handbook(page: Page) -> None:
    page.goto(f"{record_address(page)}/entry")
    for part, value in zip("ymd", ("2026", "11", "1"), strict=True):
        page.fill(f"#e-BCG-1-{part}", value)


def a_postponement(page: Page) -> None:
    page.goto("/")
    page.locator("main a[href*='/postpone']").first.click()
    page.check("#reason-unwell")
    page.locator("[name=to]").first.check()


@pytest.mark.parametrize(
    ("fill", "told"),
    [(a_visit, "受けた予防接種は1回"), (a_page_of_the_handbook, "受けた予防接種は1回"), (a_postponement, "予定は1回")],
)
def test_an_answer_that_got_lost_is_asked_for_again_under_the_same_command(
    device: Page, fill: Callable[[Page], None], told: str
) -> None:
    network = Network(reaches_service=True)
    device.context.route(FORMS, network)
    fill(device)
    device.click("main form .go")
    expect(device.locator("#saved")).to_be_visible()
    network.losing = False
    device.goto("/")
    all_sent(device)
    assert len(network.commands) > 1
    assert len(set(network.commands)) == 1
    assert told in given(device)


def test_a_postponement_waits_as_well(device: Page) -> None:
    device.context.set_offline(True)
    a_postponement(device)
    device.click("main form .go")
    expect(device.locator("#entries h2")).to_contain_text("熱・かぜなど")
    device.context.set_offline(False)
    device.goto("/")
    all_sent(device)
    assert "予定は1回" in given(device)


@pytest.mark.parametrize(("choice", "doses"), [("yield", 1), ("take", 2)])
def test_two_devices_in_conflict_are_shown_as_equals_and_nothing_is_dropped(device: Page, choice: str, doses: int) -> None:
    other = other_device(device.context)
    device.context.set_offline(True)
    record(device, "BCG")
    record(other, "BCG")
    expect(other.locator("main")).to_contain_text("1件を記録しました")
    device.context.set_offline(False)
    device.goto("/waiting")
    expect(device.locator(".problem p")).to_contain_text("BCGは、この画面を開いたあとに")
    expect(device.locator(".sides section")).to_have_count(2)
    expect(device.locator(".sides li")).to_have_text([re.compile("BCG 20")] * 2)
    assert faults(device, 360) == []
    device.goto("/waiting")
    expect(device.locator("#entries li.note")).to_have_count(1)
    device.click(f"[data-do={choice}]")
    expect(device.locator("#entries li.note")).to_have_count(0)
    assert f"受けた予防接種は{doses}回" in given(device)


def other_device(context: BrowserContext) -> Page:
    """A second device of the same parent."""
    browser = context.browser
    assert browser
    base = context.pages[0].url.split("/", 3)
    return browser.new_context(base_url="/".join(base[:3]), storage_state=context.storage_state()).new_page()


def test_a_new_version_waits_until_it_is_wanted_and_takes_nothing_away(device: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = re.sub(r'VERSION = "', 'VERSION = "newer', worker.script())
    monkeypatch.setattr(worker, "script", lambda: newer)
    monkeypatch.setattr(worker, "tag", lambda: '"newer"')
    device.goto("/child/new")
    device.fill("#handle", "りくくん")
    device.evaluate("navigator.serviceWorker.ready.then(registration => registration.update())")
    expect(device.locator("#renew")).to_be_visible()
    assert faults(device, 360) == []
    device.click("#renew button")
    expect(device.locator("#renew")).to_be_hidden()
    expect(device.locator("#handle")).to_have_value("りくくん")
    device.goto("/")
    expect(device.locator("#renew")).to_be_hidden()
    until(
        device,
        lambda: len(device.evaluate("caches.keys()")) <= len(("seen", "assets of the newer version")),
        "files of the older version stay",
    )
    device.context.set_offline(True)
    device.goto("/")
    expect(device.locator("#offline")).to_be_visible()


@pytest.mark.parametrize(("choice", "left", "doses"), [("send", 0, 1), ("keep", 1, 1), ("discard", 0, 0)])
def test_signing_out_asks_about_records_and_wipes_the_pages(phone: Phone, choice: str, left: int, doses: int) -> None:
    device, network = phone.page, with_one_waiting(phone.page)
    device.click("#signout .btn >> nth=0")
    expect(device.locator("#leave")).to_contain_text("1件")
    assert faults(device, 360) == []
    network.losing = False
    device.click(f"[name=waiting][value={choice}]")
    expect(device.locator("h1")).to_have_text("ログイン")
    assert device.evaluate("caches.has('seen')") is False
    assert device.evaluate(ENTRIES) == left
    sign_in(phone)
    all_sent(device)
    assert f"受けた予防接種は{doses}回" in given(device)


def test_nobody_is_signed_out_while_what_should_be_sent_first_still_waits(device: Page) -> None:
    with_one_waiting(device)
    device.click("#signout .btn >> nth=0")
    device.click("[name=waiting][value=send]")
    expect(device.locator("#signout:not([data-sending])")).to_be_visible()
    expect(device.locator("#leave")).to_be_visible()
    assert device.evaluate(ENTRIES) == 1
    device.goto("/")
    expect(device.locator("#waiting b")).to_have_text("1")


def sign_in(phone: Phone) -> None:
    """Sign in again on the same device, and open home."""
    phone.page.fill("#login_id", phone.login_id)
    phone.page.fill("#password", PASSWORD)
    phone.page.click("main form .go")
    expect(phone.page.locator("h1")).to_have_text("次の予防接種")


def with_one_waiting(page: Page) -> Network:
    """The menu, with one record waiting because the network loses every one."""
    network = Network(reaches_service=False)
    page.context.route(FORMS, network)
    a_visit(page)
    page.click("main form .go")
    page.goto("/menu")
    expect(page.locator("#waiting b")).to_have_text("1")
    return network


def test_records_wait_for_the_account_that_made_them(device: Page) -> None:
    network = with_one_waiting(device)
    chart = device.evaluate(KEPT_CHART)
    device.click("#signout .btn >> nth=0")
    device.click("[name=waiting][value=keep]")
    network.losing = False
    register(device)
    device.goto("/waiting")
    expect(device.locator("h1")).to_have_text("送信待ちの記録")
    expect(device.locator("#none")).to_be_visible()
    assert device.evaluate(ENTRIES) == 1
    device.context.set_offline(True)
    device.goto(chart)
    expect(device.locator("#unseen")).to_be_visible()
