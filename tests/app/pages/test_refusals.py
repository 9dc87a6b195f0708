"""What goes wrong, as a reader meets it."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec
import psycopg
import pytest

from app.terms import TermsText

if TYPE_CHECKING:
    from app.service import Service

ORIGIN = "http://127.0.0.1:8000"
PASSWORD = "correct horse battery staple"
PICTURE_MAX_BYTES = 50_000


def test_an_unknown_page_says_where_to_go(stranger: Any) -> None:
    assert stranger.open("/nowhere", status=404).h1 == "このページはありません"
    assert stranger.open("/en/nowhere", status=404).h1 == "This page does not exist"
    assert stranger.browser.get("/en").headers["location"] == "/en/"


@pytest.mark.parametrize(
    "path", ["/chart/{}", "/record/{}", "/why/{}/BCG", "/plan/{}/postpone", "/record/{}/entry", "/print/{}", "/child/{}"]
)
def test_another_familys_child_is_as_unknown_as_one_that_never_was(
    service: "Service", browser: Any, family: Any, path: str
) -> None:
    child_id = family.open("/").link("/why/").split("/")[2]
    other = type(family)(browser(service.asgi, ORIGIN, headers={"Origin": ORIGIN}))
    other.register()
    theirs, nobodys = other.open(path.format(child_id), status=404), other.open(path.format(uuid4()), status=404)
    assert theirs.text == nobodys.text


def test_a_page_for_guardians_leads_to_sign_in_and_back(family: Any) -> None:
    chart = family.open("/chart").address
    family.submit(family.open("/menu"), "/signout")
    page = family.open(chart)
    assert page.h1 == "ログイン"
    page = family.submit(page, "/signin", login_id=family.login_id, password=PASSWORD)
    assert page.h1 == "はるちゃんの年齢表"


def test_what_was_typed_outlives_the_session(family: Any) -> None:
    form = family.open(family.open("/").link("/record/"))
    family.submit(family.open("/menu"), "/signout")
    page = family.submit(form, "/record/", status=401, v=["BCG", "HEPB"])
    assert "入れた内容は残っています" in page.text
    page = family.submit(page, "/signin", status=422, login_id=family.login_id, password="wrong password")
    page = family.submit(page, "/signin", login_id=family.login_id, password=PASSWORD)
    assert page.h1 == "入れた内容が残っています"
    page = family.submit(page, "/record/")
    assert "はるちゃんの2件を記録しました" in page.text


@pytest.mark.parametrize("then", ["https://example.org/", "//example.org/", "/\\example.org"])
def test_nobody_is_sent_elsewhere_after_signing_in(mother: Any, then: str) -> None:
    mother.submit(mother.open("/menu"), "/signout")
    response = mother.browser.post("/signin", data={"login_id": mother.login_id, "password": PASSWORD, "then": then})
    assert response.headers["location"] == "/"


def test_a_record_that_waited_is_saved_for_nobody_but_the_account_that_made_it(service: "Service", family: Any) -> None:
    form = family.open(family.open("/").link("/record/").removesuffix("/entry"))
    family.browser.headers["Hagukumi-Account"] = str(uuid4())
    assert family.submit(form, "/record/", v=["BCG"], status=401).h1 == "ログイン"
    del family.browser.headers["Hagukumi-Account"]
    assert "受けた予防接種は0回" in family.open("/chart").text
    family.browser.headers["Hagukumi-Account"] = form.root.all("html")[0].get("data-account")
    assert "1件を記録しました" in family.submit(form, "/record/", v=["BCG"]).text


def test_a_form_from_another_site_is_refused(family: Any) -> None:
    response = family.browser.post("/menu/stop", data={"command": str(uuid4())}, headers={"Origin": "https://example.org"})
    assert response.status_code == 403
    assert "メールを止めています" not in family.open("/").text


def test_reading_changes_nothing(service: "Service", family: Any) -> None:
    head = service.ward.head()
    start = ["/", "/chart", "/plan", "/menu", "/menu/mail", "/menu/family", "/menu/data", "/menu/stop", "/menu/delete"]
    for address in start:
        for link in family.open(address).links("/"):
            read = family.browser.get if link.endswith("/export") else family.open  # a file, not a page
            read(link)
    assert service.ward.head() == head


def test_a_handle_is_shown_as_typed_and_never_as_markup(mother: Any, today: date) -> None:
    mother.add_child("<b>は&る</b>", born_on=today - timedelta(days=100))
    page = mother.open("/")
    assert "&lt;b&gt;は&amp;る&lt;/b&gt;" in page.html
    assert "<b>は&る" in page.text


def test_a_handle_that_is_too_long_is_named(mother: Any) -> None:
    form = mother.open("/child/new")
    typed = {"handle": "は" * 60, "born_y": "8", "born_m": "4", "born_d": "1", "sex": "F"}
    page = mother.submit(form, "/child/new", status=422, **typed)
    assert page.problems == ["長すぎるか、使えない文字があります"]
    assert mother.filled(page.form(), {})["handle"] == ["は" * 60]


def test_a_child_needs_a_handle_a_birthday_and_a_sex(mother: Any) -> None:
    page = mother.submit(mother.open("/child/new"), "/child/new", status=422, born_y="令和８", born_m="１３", born_d="10")
    assert page.problems == [
        "お子さんの呼び名を入れてください",
        "生まれた月は、1から12の数字で入れてください",
        "どちらかをえらんでください",
    ]
    invalid = [field.get("id") for field in page.root.all("input") if field.get("aria-invalid")]
    assert invalid == ["handle", "born-m"]
    assert mother.filled(page.form(), {})["born-y"] == ["令和８"]


def test_the_database_away_keeps_what_was_typed(service: "Service", family: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    form = family.open(family.open("/").link("/record/"))

    def away(*_: object, **__: object) -> None:
        raise psycopg.OperationalError

    monkeypatch.setattr(service.queries, "reader", away)
    page = family.submit(form, "/record/", status=503, v=["BCG"])
    assert page.h1 == "いま記録を受け付けられません"
    monkeypatch.undo()
    page = family.submit(page, "/record/")
    assert "はるちゃんの1件を記録しました" in page.text


def test_new_terms_are_asked_for_before_the_next_write(service: "Service", family: Any) -> None:
    new = TermsText("2027-04", "0" * 64, service.terms.texts)
    service.terms = new
    service.commands.context = msgspec.structs.replace(service.commands.context, terms=lambda: new.terms)
    page = family.submit(family.open("/menu/profile"), "/menu/profile", status=422, handle="はるママ")
    assert page.problems == ["利用規約が新しくなりました。新しい規約をたしかめて、同意してください。"]
    assert "利用規約が新しくなりました" in family.open("/").text
    page = family.submit(family.open(page.link("/terms")), "/terms/accept")
    assert "新しい利用規約に同意しました" in page.text
    assert "利用規約が新しくなりました" not in page.text
    assert (
        "呼び名と郵便番号を保存しました" in family.submit(family.open("/menu/profile"), "/menu/profile", handle="はるママ").text
    )


def test_the_style_sheet_is_small_and_kept_for_ever(stranger: Any) -> None:
    address = stranger.open("/signin").root.all("link", rel="stylesheet")[0].get("href")
    response = stranger.browser.get(address)
    assert len(response.content) <= 25_000
    assert "immutable" in response.headers["cache-control"]
    assert stranger.browser.get("/static/style.000000000000.css").status_code == 404


@pytest.mark.parametrize(("prefix", "name"), [("", "育み"), ("/en", "Hagukumi")])
def test_a_phone_can_install_the_pages(stranger: Any, prefix: str, name: str) -> None:
    page = stranger.open(f"{prefix}/signin")
    response = stranger.browser.get(page.root.all("link", rel="manifest")[0].get("href"))
    manifest = response.json()
    assert response.headers["content-type"] == "application/manifest+json"
    assert (manifest["short_name"], manifest["start_url"], manifest["display"]) == (name, f"{prefix}/", "standalone")
    for shortcut in manifest["shortcuts"]:
        assert stranger.browser.get(shortcut["url"]).status_code in {200, 303}
    assert (manifest["id"], manifest["categories"]) == (manifest["start_url"], ["government", "health", "medical"])
    for icon in manifest["icons"]:
        assert stranger.browser.get(icon["src"]).content.startswith(b"\x89PNG")
    assert {picture["form_factor"] for picture in manifest["screenshots"]} == {"narrow", "wide"}
    for picture in manifest["screenshots"]:
        content = stranger.browser.get(picture["src"]).content
        assert (content[:4], content[8:12], picture["type"]) == (b"RIFF", b"WEBP", "image/webp")
        assert len(content) <= PICTURE_MAX_BYTES


def test_a_birthday_of_another_generation_is_no_schedule_to_try(stranger: Any) -> None:
    typed = {"born_y": "1970", "born_m": "6", "born_d": "1", "sex": "F"}
    page = stranger.submit(stranger.open("/try"), "/try", status=422, **typed)
    assert "生まれた年をたしかめてください" in page.text
