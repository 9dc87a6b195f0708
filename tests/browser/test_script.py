"""What the script adds, and that everything goes without it."""

from datetime import date

import pytest
from playwright.sync_api import expect

from app.pages.furigana import ruby
from app.pages.text import EASY, Words
from tests.browser.conftest import Site
from tests.browser.test_offline import given, register

STRANGE = {
    "a foreign image": "document.body.append(Object.assign(new Image(), { src: 'https://elsewhere.example/pixel.png' }))",
    "a foreign answer": "fetch('https://elsewhere.example/').catch(() => null)",
    "style in the page": "document.body.setAttribute('style', 'color: red')",
    "script in the page": "document.head.append(Object.assign(document.createElement('script'), { textContent: 'let inline' }))",
    "a script that fails": "setTimeout(() => { throw new Error('strange') })",
    "an error on the console": "console.error('strange')",
}


@pytest.mark.parametrize("strange", STRANGE)
def test_what_a_page_must_not_do_is_noticed(site: Site, strange: str) -> None:
    def happens() -> None:
        with site.page() as page:
            page.goto("/try")
            page.evaluate(f"() => {{ {STRANGE[strange]} }}")
            page.wait_for_timeout(100)

    with pytest.raises(AssertionError, match=r"elsewhere|inline|strange"):
        happens()


def test_a_typed_date_is_said_back(site: Site) -> None:
    with site.page() as page:
        page.goto("/try")
        for part, value in zip("ymd", ("令和８", "４月", "10"), strict=True):
            page.fill(f"#born-{part}", value)
        expect(page.locator("output")).to_have_text("2026年4月10日（金） 令和8年")
        page.fill("#born-m", "13")
        expect(page.locator("output")).to_have_text("")


PARSED = """html => Object.assign(document.createElement('output'), { innerHTML: html }).innerHTML"""


def test_a_typed_date_is_said_back_with_the_readings_that_the_service_gives(site: Site) -> None:
    words = Words(EASY, date(2025, 1, 1))
    with site.page() as page:
        page.goto("/easy/try")
        page.fill("#born-y", "2026")
        page.fill("#born-m", "3")
        for day in range(1, 32):
            page.fill("#born-d", str(day))
            as_served = page.evaluate(PARSED, ruby(words.day(date(2026, 3, day))))
            assert page.locator("output").inner_html() == as_served


def test_a_button_with_readings_is_one_line_of_text(site: Site) -> None:
    with site.page() as page:
        page.goto("/easy/")
        buttons = page.locator("main .btn")
        assert buttons.count() > 0
        assert {buttons.nth(n).evaluate("it => getComputedStyle(it).display") for n in range(buttons.count())} == {"block"}


@pytest.mark.parametrize(("typed", "year"), [("7", "2025"), ("H30", "2018"), ("元", "2019"), ("25", "2025"), ("30", "2018")])
def test_years_are_read_as_the_service_reads_them(site: Site, typed: str, year: str) -> None:
    with site.page() as page:
        page.goto("/en/try")
        for part, value in zip("ymd", (typed, "5", "7"), strict=True):
            page.fill(f"#born-{part}", value)
        expect(page.locator("output")).to_contain_text(f"7 May {year}")


def test_the_button_counts_what_is_ticked(site: Site) -> None:
    with site.page() as page:
        page.goto(site.addresses["record"])
        button, ticked = page.locator("main form .go"), page.locator("[name=v]:checked").count()
        page.locator("[name=v]:visible:not(:checked)").first.check()
        expect(button).to_contain_text(f"の{ticked + 1}件を記録する")


def test_the_error_summary_takes_the_focus(site: Site) -> None:
    with site.page() as page:
        page.goto("/child/new")
        page.click("main form .go")
        expect(page.locator(".errsum")).to_be_focused()


@pytest.mark.parametrize("script", [True, False])
def test_two_taps_and_the_way_back_record_once(site: Site, *, script: bool) -> None:
    with site.page(signed_in=False, java_script_enabled=script) as page:
        register(page)
        page.goto("/record")
        page.check("#v-BCG")
        page.dblclick("main form .go", no_wait_after=True)
        expect(page.locator("#done")).to_contain_text("1件を記録しました")
        page.go_back()
        expect(page.locator("[name=v]:checked")).to_have_count(0)
        page.click("main form .go")
        expect(page.locator(".errsum")).to_be_visible()
        assert "受けた予防接種は1回" in given(page)


def test_the_summary_says_the_day_that_will_be_recorded(site: Site) -> None:
    with site.page() as page:
        page.goto(site.addresses["record"])
        page.uncheck("#unknown")
        for part, value in zip("ymd", ("令和８", "６", "12"), strict=True):
            page.fill(f"#on-{part}", value)
        summary = page.locator(".sum")
        expect(summary).to_have_text("りくくんが2026年6月12日（金）に受けたものとして記録します。")
        page.check("#unknown")
        expect(summary).to_have_text("りくくんが受けたものとして記録します。")
        page.uncheck("#unknown")
        page.fill("#on-m", "13")
        expect(summary).to_have_text("りくくんが受けたものとして記録します。")


def test_today_is_called_today(site: Site) -> None:
    mark = "getComputedStyle(document.querySelector('.echo'), '::after').content"
    with site.page() as page:
        page.goto(site.addresses["record"])
        day = page.evaluate("[new Date().getFullYear(), new Date().getMonth() + 1, new Date().getDate()]")
        for part, value in zip("ymd", day, strict=True):
            page.fill(f"#on-{part}", str(value))
        assert page.evaluate(mark) == '" 今日"'
        page.fill("#on-y", str(day[0] - 1))
        assert page.evaluate(mark) == '" "'
