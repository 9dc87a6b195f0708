"""Articles, inquiries and «my data» without JavaScript. Every page passes the checks of the reader (conftest)."""

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from aggregates.fact import Actor, Role
from app.pages.prose import prose
from commands.answer_inquiry import answer_inquiry, end_inquiry
from commands.reveal_subject import reveal
from tests.app.pages.desk import catch_up, published_article
from tests.articles import APPROVER

if TYPE_CHECKING:
    from app.service import Service

PASSWORD = "correct horse battery staple"
QUESTION = "記録を印刷できますか。\n\n<b>二行目</b>"


@pytest.fixture
def service(shared_service: "Service") -> "Service":
    """A family of one's own is enough here."""
    return shared_service


@pytest.fixture
def article(service: "Service") -> UUID:
    return published_article(service)


def ask(reader: Any, text: str = QUESTION, attach: str = "none") -> Any:
    return reader.submit(reader.open("/inquiries/new"), "/inquiries/new", text=text, attach=attach)


def answered(service: "Service", page: Any, text: str = "メニューにあります。") -> UUID:
    inquiry_id = UUID(page.address.rpartition("/")[2].partition("?")[0])
    answer_inquiry(service.ward, inquiry_id, text, APPROVER, uuid4())
    catch_up(service)
    return inquiry_id


def test_everybody_reads_an_article_with_its_source_in_two_languages(stranger: Any, article: UUID) -> None:
    page = stranger.open(stranger.open("/articles").link(str(article)))
    assert page.h1 == "インフルエンザが増えています"
    assert "<b>せき</b>" in page.text
    assert page.links("https://www.mhlw.go.jp/flu") == ["https://www.mhlw.go.jp/flu"]
    assert "東京都感染症情報センター" in page.text
    assert stranger.open(f"/en/articles/{article}").h1 == "Influenza is on the rise"


def test_an_article_may_be_kept_by_caches_but_not_with_somebodys_menu(stranger: Any, article: UUID) -> None:
    kept = stranger.browser.get(f"/articles/{article}")
    assert (kept.headers["cache-control"], kept.headers["vary"]) == ("public, max-age=60", "Cookie")
    stranger.register()
    assert stranger.browser.get(f"/articles/{article}").headers["cache-control"] == "no-store"


def test_links_to_other_places_stay_plain_text() -> None:
    shown = prose('[a](https://example.com/) [b](javascript:alert(1)) <img src=x> ![c](https://www.mhlw.go.jp/ "t")')
    assert "<a" not in shown.replace('<a href="https://www.mhlw.go.jp/" rel="external noreferrer">', "")
    assert "<img" not in shown


def test_a_question_is_sent_answered_continued_and_closed(service: "Service", family: Any) -> None:
    page = ask(family)
    assert "区に送りました" in page.text
    assert "区の返事を待っています" in page.text
    assert page.main.all("p", **{"class": "typed"})[0].text == QUESTION
    inquiry_id = answered(service, page)
    assert "お問い合わせに返事があります" in family.open("/").text
    page = family.open(family.open("/inquiries").link(str(inquiry_id)))
    page = family.submit(page, f"/inquiries/{inquiry_id}", text="できました。")
    assert [p.text for p in page.main.all("p", **{"class": "typed"})] == [QUESTION, "メニューにあります。", "できました。"]
    page = family.submit(page, "/close")
    assert "このお問い合わせは終わっています" in page.text
    assert "お問い合わせに返事があります" not in family.open("/").text


def test_a_question_can_be_asked_and_read_in_english(service: "Service", family: Any) -> None:
    page = family.submit(family.open("/en/inquiries/new"), "/en/inquiries/new", text="How do I print?")
    assert "Waiting for the ward’s answer" in page.text
    answered(service, page, "See the menu.")
    assert "The ward has answered your question" in family.open("/en/").text
    assert family.open(family.open("/en/inquiries").links("/en/inquiries/")[1]).h1.startswith("Question of")
    assert family.open("/en/menu/data/print").h1 == "What we hold (to print)"


def test_an_empty_and_a_long_question_are_named_and_kept(family: Any) -> None:
    page = family.submit(family.open("/inquiries/new"), "/inquiries/new", text="  ", status=422)
    assert page.problems == ["ききたいことを入れてください"]
    page = family.submit(page, "/inquiries/new", text="あ" * 2001, status=422)
    assert page.problems == ["2000文字までにしてください。いまは2001文字です"]
    assert page.main.all("textarea")[0].text.removeprefix("\n") == "あ" * 2001
    page = family.submit(page, "/inquiries/new", text="a\x07", status=422)
    assert page.problems == ["長すぎるか、使えない文字があります"]


def test_sending_the_form_twice_asks_once(family: Any) -> None:
    form = family.open("/inquiries/new")
    for _ in range(2):
        family.submit(form, "/inquiries/new", text="印刷")
    assert len(set(family.open("/inquiries").links("/inquiries/"))) == 2  # the one, and the way to a new one


def test_a_question_survives_the_end_of_the_session(family: Any) -> None:
    form = family.open("/inquiries/new")
    family.browser.cookies.clear()
    page = family.submit(form, "/inquiries/new", text=QUESTION, status=401)
    page = family.submit(page, "/signin", login_id=family.login_id, password=PASSWORD)
    page = family.submit(page, "/inquiries/new")
    assert page.main.all("p", **{"class": "typed"})[0].text == QUESTION


def test_a_child_is_attached_only_where_the_guardian_says_so(family: Any) -> None:
    page = family.open("/inquiries/new")
    [nobody, child] = page.main.all("input", name="attach")
    assert ("checked" in nobody.attributes, "checked" in child.attributes) == (True, False)
    page = family.submit(page, "/inquiries/new", text="日付", attach=child.get("value"))
    assert "はるちゃんの記録を職員に見せています" in page.text


def test_a_guardian_without_children_can_ask(mother: Any) -> None:
    page = mother.submit(mother.open("/inquiries/new"), "/inquiries/new", text="登録のしかた")
    assert "区に送りました" in page.text


def test_another_familys_question_reads_like_one_that_never_was(service: "Service", family: Any, browser: Any) -> None:
    address = ask(family).address.partition("?")[0]
    other = type(family)(browser(service.asgi, family.browser._base_url, headers=family.browser.headers))
    other.register()
    other.open(address, status=404)
    other.open(f"/inquiries/{uuid4()}", status=404)


def test_a_closed_question_refuses_more_and_keeps_what_was_typed(service: "Service", family: Any) -> None:
    page = ask(family)
    end_inquiry(service.ward, answered(service, page), APPROVER)
    page = family.submit(page, page.address.partition("?")[0].rpartition("/")[2], text="まだあります", status=422)
    assert page.problems[0].startswith("このお問い合わせは終わっています")


def test_my_data_says_who_looked_and_what_for(service: "Service", family: Any) -> None:
    page = family.open("/menu/data")
    assert "まだだれも見ていません" in page.text
    assert family.open(page.link("/menu/mail/sent")).h1
    child_id = UUID(family.open("/inquiries/new").main.all("input", name="attach")[1].get("value"))
    reveal(service.ward, [child_id], "inquiry", Actor(APPROVER, Role.STAFF))
    catch_up(service)
    page = family.open("/menu/data")
    assert "区の職員 00000000" in page.text
    assert "はるちゃんのデータを見ました。理由：お問い合わせに答えるため" in page.text


def test_everything_can_be_taken_along_as_a_file_and_on_paper(service: "Service", family: Any) -> None:
    answered(service, ask(family))
    page = family.open("/menu/data")
    file = family.browser.get(page.link("/menu/data/export"))
    assert file.headers["content-disposition"].startswith('attachment; filename="hagukumi-')
    held = json.loads(file.text)
    paper = family.open(page.link("/menu/data/print"))
    for said in (held["account"]["login_id"], "はるのママ", "1020074", "はるちゃん", QUESTION, "メニューにあります。"):
        assert said in paper.text


def test_with_the_account_the_question_is_gone(service: "Service", family: Any) -> None:
    inquiry_id = answered(service, ask(family))
    page = family.submit(family.open("/menu/delete"), "/menu/delete", checked="1")
    assert page.h1
    catch_up(service)
    with service.queries._pool.connection() as connection:
        left = connection.execute(f"SELECT count(*) FROM {service.queries.schema()}.inquiry WHERE inquiry_id = %s", (inquiry_id,))
        assert left.fetchone() == (0,)
