"""WCAG 2.2 AA (JIS X 8341-3) beyond axe: keyboard alone, little room, colours of the system, no motion, paper, names, targets."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.keyboard import go_to, lap, press
from tests.browser.test_offline import PASSWORD, register
from tests.screenshots import today_on

MAIN = ("home", "record", "postpone", "chart", "entry")
LANGUAGES = ("", "/en", "/easy")
PAPER_PX = 688
"""The width of A4 without its margins of 14 mm."""
OPEN = "document.querySelectorAll('details').forEach(e => { e.open = true })"
SPACED = """() => { const sheet = new CSSStyleSheet(); document.adoptedStyleSheets = [sheet];
  sheet.replaceSync(`*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}
    p{margin-bottom:2em!important}`) }"""
DOUBLED = "document.adoptedStyleSheets[0].replaceSync('html{font-size:200%}')"
CUT = """() => [...document.querySelectorAll('body *')].filter(e => {
  const style = getComputedStyle(e), wide = e.scrollWidth > e.clientWidth + 1, high = e.scrollHeight > e.clientHeight + 1;
  if (!e.clientWidth || e.matches('.vh, .vh *, svg *')) return false;
  const cuts = style.overflowX === 'hidden' || style.overflowX === 'clip';
  return (cuts && (wide || high)) || (wide && e.matches('.btn, .st, .nav a, .label'));
}).map(e => `${e.tagName} ${e.textContent.trim().slice(0, 20)} is cut`)"""
SMALL = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')].filter(e => {
  const box = e.getBoundingClientRect(), label = e.labels?.[0]?.getBoundingClientRect();
  const inSentence = getComputedStyle(e).display === 'inline' && e.parentElement.textContent.trim() !== e.textContent.trim();
  if (!box.width || !e.checkVisibility() || box.right < 0 || inSentence) return false;
  return Math.max(box.width, label?.width ?? 0) < 24 || Math.max(box.height, label?.height ?? 0) < 24;
}).map(e => `${e.tagName} ${(e.textContent || e.id).trim().slice(0, 20)} is a small target`)"""
MOVING = """() => [...document.querySelectorAll('*')].filter(e => {
  const style = getComputedStyle(e), lasts = style.transitionDuration.split(',').some(time => parseFloat(time) > 0);
  return lasts || style.animationName !== 'none' || style.scrollBehavior === 'smooth';
}).map(e => `${e.tagName} ${e.className} moves`).concat(document.getAnimations().map(one => `${one} runs`))"""
UNSEEN = """() => {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.forcedColorAdjust = 'none';
  const parse = color => (probe.style.color = color, getComputedStyle(probe).color.match(/[\\d.]+/g).map(Number));
  const linear = v => v > 0.04045 ? ((v + 0.055) / 1.055) ** 2.4 : v / 12.92;
  const luminance = color => parse(color).slice(0, 3).map(v => linear(v / 255))
    .reduce((sum, v, place) => sum + v * [0.2126, 0.7152, 0.0722][place], 0.05);
  const contrast = (one, other) => Math.exp(Math.abs(Math.log(luminance(one) / luminance(other))));
  const clear = color => !color.startsWith('rgb') || parse(color)[3] === 0;
  const ground = e => !e ? 'Canvas' : clear(getComputedStyle(e).backgroundColor) ? ground(e.parentElement)
    : getComputedStyle(e).backgroundColor;
  const hasEdge = e => { const style = getComputedStyle(e);
    return parseFloat(style.borderTopWidth) >= 1 && contrast(style.borderTopColor, ground(e.parentElement)) >= 3 };
  const hasWords = e => contrast(getComputedStyle(e)[e.matches('svg *') ? 'fill' : 'color'], ground(e)) >= 4.5;
  const hasShape = e => ['fill', 'stroke'].map(paint => getComputedStyle(e)[paint])
    .some(paint => !clear(paint) && contrast(paint, 'Canvas') >= 3);
  const bottom = e => getComputedStyle(e).borderBottomColor;
  const hasMark = e => contrast(bottom(e), bottom(document.querySelector('.nav a:not([aria-current])'))) >= 3;
  const without = (what, has, selector) => [...document.querySelectorAll(selector)].filter(e => e.checkVisibility() && !has(e))
    .map(e => `${e.tagName} ${e.getAttribute('class')} ${(e.textContent || e.id).trim().slice(0, 20)} has no ${what}`);
  const found = [
    ...without('edge', hasEdge, '.btn, .st, .label, .note, .card, textarea, input:is([type=text], [type=password])'),
    ...without('words', hasWords, 'a, button, label, h1, h2, h3, p, .st, svg text:not(.g-ond, .g-ont)'),
    ...without('shape', hasShape, '.g-win, .g-std, .g-done, .g-plan, .g-risk, .g-today, .g-tag'),
    ...without('mark', hasMark, '.nav [aria-current]'),
  ];
  probe.remove();
  return found;
}"""
NAMED_ROLES = {"button", "link", "textbox", "checkbox", "radio", "combobox", "searchbox", "image", "img", "navigation"}
WRONG = """<style>button, .nav a { border: 0; outline: 0 !important } p { width: 999px; transition: all 1s }
h1 { color: #777; background: #777; forced-color-adjust: none }</style>
<nav class='nav'><a href='/a'>elsewhere</a> <a href='/b' aria-current='page'>here</a></nav>
<h1>words</h1><p>wide</p><button class='btn' style='width: 9px; height: 9px; padding: 0'></button>"""

Find = Callable[[Page], list[str]]


def _look(page: Page, addresses: dict[str, str], find: Find) -> dict[str, list[str]]:
    """What is wrong, by page."""
    wrong = {}
    for name, address in addresses.items():
        page.goto(address)
        page.evaluate(OPEN)
        wrong[name] = find(page)
    return {name: found for name, found in wrong.items() if found}


def _some(site: Site, names: tuple[str, ...], language: str = "") -> dict[str, str]:
    return {name: language + site.addresses[name] for name in names}


def _squeezed(page: Page) -> list[str]:
    """What is lost with little room: at 320 pixels, with wider spacing, at 200 % of a small window, with text twice as large."""
    found = []
    for width, change in ((320, None), (320, SPACED), (640, None), (640, DOUBLED)):
        page.set_viewport_size({"width": width, "height": 480})
        if change:
            page.evaluate(change)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"moves sideways at {width}{' ' + change[:20] if change else ''}")
        found += page.evaluate(CUT)
    return found


def _unnamed(page: Page) -> list[str]:
    """What a screen reader has no name for."""
    session = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        f"{node['role']['value']} without a name"
        for node in nodes
        if not node["ignored"] and node["role"]["value"] in NAMED_ROLES and not node["name"]["value"].strip()
    ]


def _small(page: Page) -> list[str]:
    return page.evaluate(SMALL)  # type: ignore[no-any-return]


def _moving(page: Page) -> list[str]:
    return page.evaluate(MOVING)  # type: ignore[no-any-return]


def _unfit(page: Page) -> list[str]:
    return _unnamed(page) + _small(page) + _moving(page)


def _unseen(page: Page) -> list[str]:
    return page.evaluate(UNSEEN)  # type: ignore[no-any-return]


def _on_paper(page: Page) -> list[str]:
    """What a printed page should not have, or not have in that place."""
    page.emulate_media(media="print")
    left = page.locator(".nav, .lang, .skip, .back, .foot ul, button").filter(visible=True)
    found = [f"{text.strip()[:20]} is printed" for text in left.all_inner_texts()]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("is wider than the paper")
    return found


def _type_day(page: Page, name: str, days_ahead: int) -> None:
    day = today_on(page) + timedelta(days_ahead)
    for part, value in zip("ymd", (day.year, day.month, day.day), strict=True):
        go_to(page, f"#{name}-{part}")
        page.keyboard.type(str(value))


def _sign_in(page: Page, login_id: str) -> None:
    page.goto("/signin")
    go_to(page, "#login_id")
    page.keyboard.type(login_id)
    go_to(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#login_id")).to_be_focused()
    press(page, "main form .go")


def _record(page: Page) -> None:
    press(page, "main a[href^='/record/']:not([href$='/entry'])")
    go_to(page, "#v-BCG")
    page.keyboard.press("Space")
    press(page, "main form .go")
    expect(page.locator("#done")).to_contain_text("1件を記録しました")


def _undo(page: Page) -> None:
    press(page, "form[action*='/undo/'] button", "Space")
    expect(page.locator("#done")).to_contain_text("取り消しました")


def _void(page: Page) -> None:
    press(page, "nav a[accesskey='2']")
    press(page, "a[href$='/doses']")
    press(page, "a[href*='/dose/']")
    go_to(page, "[name=reason]")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=reason]").nth(1)).to_be_checked()
    press(page, "main .stop")
    expect(page.locator("#done")).to_contain_text("取り消しました")


def _postpone(page: Page) -> None:
    press(page, "main a[href*='/postpone']")
    for name in ("series", "reason", "to"):
        go_to(page, f"[name={name}]")
        page.keyboard.press("Space")
    press(page, "[value=preview]")
    expect(page.locator("#changes")).to_be_visible()
    press(page, "[value=save]")
    expect(page.locator("#done")).to_be_visible()


def _plan(page: Page) -> None:
    press(page, "main a[href='/plan']")
    _type_day(page, "go", 5)
    press(page, "main form[method=get] .btn")
    press(page, "main form[method=post] .go")
    expect(page.locator("#done")).to_be_visible()


def _mail(page: Page) -> None:
    press(page, "nav a[href='/menu']")
    press(page, "a[href='/menu/mail']")
    go_to(page, "[name=wish]")
    page.keyboard.press("Space")
    press(page, "main form .go")
    expect(page.locator("#done")).to_be_visible()


def test_everything_goes_by_keyboard(site: Site) -> None:
    with site.page(signed_in=False) as page:
        login_id = register(page)
        expect(page.locator("#done")).to_be_visible()
        page.context.clear_cookies()
        _sign_in(page, login_id)
        for steps in ((_record, _undo), (_record, _void), (_postpone,), (_plan,), (_mail,)):
            page.goto("/")
            for step in steps:
                step(page)


def test_the_way_past_the_menu_leads_into_the_page(site: Site) -> None:
    with site.page() as page:
        page.goto("/")
        go_to(page, ".skip")
        expect(page.locator(".skip")).to_be_in_viewport(ratio=1)
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_focus_goes_through_the_page_and_back(site: Site) -> None:
    with site.page() as page:
        assert _look(page, _some(site, ("home", "postpone")), lap) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_lost_with_little_room(site: Site, language: str) -> None:
    with site.page(device_scale_factor=2) as page:
        assert _look(page, _some(site, MAIN, language), _squeezed) == {}


def test_all_is_named_and_large_enough_and_stands_still(site: Site) -> None:
    with site.page(width=1280, reduced_motion="reduce") as page:
        assert _look(page, _some(site, MAIN), _unfit) == {}


def test_the_age_chart_is_an_image_with_words_and_a_list(site: Site) -> None:
    with site.page(width=1280) as page:
        page.goto(site.addresses["chart"])
        image = page.get_by_role("img")
        expect(image).to_have_accessible_name(re.compile(f"{page.locator('h1').inner_text()}.*一覧に文字であります"))
        drawn = set(image.locator("text.b[x='6']").all_text_contents())
        listed = {heading.split("\n")[0] for heading in page.locator(".vlist h4").all_inner_texts()}
        assert drawn
        assert {name for name in drawn if not any(one.startswith(name) for one in listed)} == set()


def test_all_is_seen_in_the_colours_of_the_system(site: Site) -> None:
    with site.page(width=1280, forced_colors="active", color_scheme="dark") as page:
        assert _look(page, _some(site, MAIN), _unseen) == {}


def test_the_record_fits_its_paper(site: Site) -> None:
    with site.page(width=PAPER_PX) as page:
        assert _look(page, _some(site, ("print", "held")), _on_paper) == {}


def test_what_is_wrong_is_found(site: Site) -> None:
    with site.page(forced_colors="active") as page:
        page.set_content(WRONG)
        assert _squeezed(page)
        assert set(_unnamed(page)) == {"button without a name", "navigation without a name"}
        assert _small(page) == ["BUTTON  is a small target"]
        assert "P  moves" in _moving(page)
        assert {fault.rsplit(" ", 1)[1] for fault in _unseen(page)} == {"edge", "mark", "words"}
        assert lap(page)
        assert _on_paper(page)


@pytest.mark.soak
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_room_and_names_and_a_way_through(site: Site, language: str) -> None:
    with site.page(reduced_motion="reduce") as page:
        assert _look(page, site.addresses_in(language), lambda shown: lap(shown) + _unfit(shown) + _squeezed(shown)) == {}


@pytest.mark.soak
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_seen_in_the_colours_of_the_system(site: Site, scheme: str) -> None:
    with site.page(forced_colors="active", color_scheme=scheme) as page:
        assert _look(page, site.addresses_in(""), _unseen) == {}
