"""Every page and state in a browser: axe, nothing sideways, targets for thumbs, nothing from elsewhere."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

from tests.browser.conftest import Site

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
HEIGHT = 740
TARGET_PX, KEYPAD_TARGET_PX = 44, 40
SMALL_TARGETS = """least => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), summary')].filter(e => {
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  if (!box.width || style.visibility === 'hidden' || box.left < 0 || e.matches('.skip')) return false;
  if (e.matches('.pick input')) return e.nextElementSibling.getBoundingClientRect().height < least;
  return style.display !== 'inline' && (box.height < least || box.width < 24);
}).map(e => `${e.tagName} ${(e.textContent || e.id).trim().slice(0, 20)}`)"""

State = Callable[[Page], None]
Find = Callable[[Page, int], list[str]]


def _stay(page: Page) -> None:
    """The page as it was opened."""


def _send(page: Page, button: str) -> None:
    """Press a button and wait for the page that answers."""
    with page.expect_navigation():
        page.locator(button).first.click()


def _press(page: Page) -> None:
    _send(page, "main form .acts .btn")


def _preview(page: Page) -> None:
    page.locator("[name=to]").first.check()
    _send(page, "[value=preview]")


def _look(page: Page) -> None:
    for part, value in zip("ymd", ("2027", "5", "3"), strict=True):
        page.fill(f"#go-{part}", value)
    _send(page, "main form[method=get] .btn")


def _record_meanwhile(page: Page) -> None:
    """A dose of the planned series was recorded since the form was opened, as far as the form knows."""
    page.evaluate("document.querySelector('[name=known]').value = 'JE1:0'")
    _press(page)
    assert page.locator(".sides section").count() == len(("theirs", "ours"))


def _postpone_meanwhile(page: Page) -> None:
    """What the form is about was postponed by another device since the form was opened, as far as the form knows."""
    page.evaluate("(known => { known.value = known.value.replace(/:\\S+/g, ':0//') })(document.querySelector('[name=known]'))")
    page.locator("[name=reason]").first.check()
    page.locator("[name=to]").first.check()
    _press(page)
    assert page.locator(".sides section").count() == len(("theirs", "ours"))


def _numbers_of(day: str) -> list[str]:
    """Year, month and day of a date in whichever language."""
    if day.isascii():
        return datetime.strptime(day, "%d %b %Y").strftime("%Y %m %d").split()  # noqa: DTZ007 - a date has no zone
    return re.findall("[0-9]+", day)


def _enter_too_early(page: Page) -> None:
    """The third dose against hepatitis B, on the day of the second."""
    second = page.locator(".hb:has(#e-HEPB-3-y) p .nb").last.inner_text()
    for part, value in zip("ymd", _numbers_of(second), strict=True):
        page.fill(f"#e-HEPB-3-{part}", value)
    _press(page)
    assert page.locator(".hb .note").count()


def _try(page: Page) -> None:
    for part, value in zip("ymd", ("令和8", "４", "10"), strict=True):
        page.fill(f"#born-{part}", value)
    page.check("#sex-F")
    _press(page)


STATES: dict[str, list[tuple[str, State]]] = {
    "record": [("recorded meanwhile", _record_meanwhile)],
    "postpone": [("preview", _preview), ("no reason", _press), ("postponed meanwhile", _postpone_meanwhile)],
    "plan": [("a holiday", _look)],
    "child": [("nothing typed", _press)],
    "entry": [("nothing typed", _press), ("a dose too early", _enter_too_early)],
    "signin": [("nothing typed", _press)],
    "join": [("nothing typed", _press)],
    "try": [("answered", _try)],
    "menu-password": [("nothing typed", _press)],
    "menu-delete": [("not agreed", _press)],
    "inquiry-new": [("nothing typed", _press)],
    "inquiry": [("nothing typed", _press)],
    "confirm": [("pressed", _press)],
    "keep": [("pressed", _press)],
    "unsubscribe": [("pressed", _press)],
}


def faults(page: Page, width: int) -> list[str]:
    """What is wrong with a page as it stands."""
    return squeezed(page, width) + [
        f"{rule['id']}: {rule['nodes'][0]['target']} {rule['nodes'][0].get('failureSummary')}" for rule in _violations(page)
    ]


def squeezed(page: Page, width: int) -> list[str]:
    """What has too little room."""
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    found = []
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("moves sideways")
    found += page.evaluate(SMALL_TARGETS, KEYPAD_TARGET_PX if width < 320 else TARGET_PX)
    return found


def _violations(page: Page) -> list[dict[str, Any]]:
    response = Axe().run(page, options=RULES).response
    return response["violations"]  # type: ignore[no-any-return]


def look_at_everything(page: Page, addresses: dict[str, str], finds: dict[int, Find]) -> dict[str, list[str]]:
    """What is wrong, by page, state and width; pages are opened once and looked at in each width."""
    wrong: dict[str, list[str]] = {}
    for name, address in addresses.items():
        for state, reach in [("", _stay), *STATES.get(name, [])]:
            page.goto(address)
            reach(page)
            for width, find in finds.items():
                page.set_viewport_size({"width": width, "height": HEIGHT})
                wrong[f"{name} {state} {width}"] = find(page, width)
    return {where: found for where, found in wrong.items() if found}


def test_faults_are_found(site: Site) -> None:
    with site.page() as page:
        page.set_content("<a href='/' style='display:block;width:9px'>x</a><p style='width:999px'>x</p><img src='data:,'>")
        found = faults(page, 360)
    assert {"moves sideways", "A x"} < set(found)
    assert any(fault.startswith("image-alt") for fault in found)


def test_no_page_has_a_fault(site: Site) -> None:
    with site.page(color_scheme="dark") as page:
        assert look_at_everything(page, site.addresses, {240: squeezed, 360: faults, 1280: squeezed}) == {}


BROKEN_LABELS = """() => [...document.querySelectorAll('.date label')].filter(label => {
  const range = document.createRange();
  range.selectNodeContents(label);
  return range.getClientRects().length > 1;
}).map(label => label.textContent)"""


@pytest.mark.parametrize("width", [240, 360, 1280])
def test_the_units_of_a_date_are_never_broken_in_two(site: Site, width: int) -> None:
    with site.page() as page:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for tree in ("", "/en"):
            page.goto(tree + site.addresses["entry"])
            page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
            assert page.locator(".date label").count()
            assert page.evaluate(BROKEN_LABELS) == []


@pytest.mark.soak
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "/en", "/easy"])
def test_no_page_has_a_fault_at_any_width_in_any_language(site: Site, language: str, scheme: str) -> None:
    with site.page(color_scheme=scheme) as page:
        assert look_at_everything(page, site.addresses_in(language), dict.fromkeys((240, 360, 768, 1280), faults)) == {}
