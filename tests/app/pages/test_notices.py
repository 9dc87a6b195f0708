"""What the ward has told by mail can be read again by those whom it was meant for."""

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import psycopg
import pytest
from msgspec.structs import replace

from aggregates.fact import Fact, Recorded
from aggregates.notice.facts import NoticeApproved, NoticeCancelled, NoticeDrafted, NoticeReleased, NoticeSent
from app.pages import home
from tests.app.pages.desk import published_article

if TYPE_CHECKING:
    from app.service import Service

EVERYBODY = NoticeDrafted(
    subject_ja="年末年始の窓口",
    body_ja="12月29日から1月3日まで休みます。\n\n■ 休みのあいだ\n急な病気は #8000 へ。\n<b>",
    subject_en="Closed over New Year",
    body_en="Closed from 29 December.",
    operator=UUID(int=1),
)
FAMILIES = replace(EVERYBODY, subject_ja="日程が変わりました", subject_en="Dates have changed", series=("MR2",))


def says(service: "Service", notice_id: UUID, *facts: Fact) -> None:
    version = len(service.ward.history(notice_id))
    saved = service.ward.save(*(Recorded(notice_id, version + n, fact) for n, fact in enumerate(facts, start=1)))
    assert service.queries.wait_for(saved[-1].position)


def sent(service: "Service", draft: NoticeDrafted) -> UUID:
    notice_id, operator = uuid4(), UUID(int=1)
    released = NoticeReleased(on=service.ward.today(), window_minutes=30, operator=operator)
    says(service, notice_id, draft, NoticeApproved(draft="", operator=UUID(int=2)), released, NoticeSent(recipients=0))
    return notice_id


def meant_for(service: "Service", notice_id: UUID, account_id: UUID) -> None:
    household = service.queries.household_of(account_id)
    assert household
    with psycopg.connect(service.conninfo) as connection:
        connection.execute("INSERT INTO mail.campaign (notice_id) VALUES (%s)", (notice_id,))
        row = (notice_id, account_id, household.household_id)
        connection.execute("INSERT INTO mail.addressee VALUES (%s, %s, %s, 'no_address')", row)


def test_everybody_reads_what_is_for_everybody_signed_in_or_not(service: "Service", family: Any, browser: Any) -> None:
    notice_id = sent(service, EVERYBODY)
    assert "年末年始の窓口" in family.open("/notices").text
    page = family.open(f"/notices/{notice_id}")
    assert page.h1 == "年末年始の窓口"
    assert "&lt;b&gt;" in page.html
    assert family.open(f"/en/notices/{notice_id}").h1 == "Closed over New Year"
    anybody = type(family)(browser(service.asgi, "http://127.0.0.1:8000"))
    assert anybody.open(f"/notices/{notice_id}").h1 == "年末年始の窓口"


def test_the_menu_leads_to_the_notices(family: Any) -> None:
    hrefs = [link.get("href") for link in family.open("/menu").root.all("a")]
    assert "/notices" in hrefs


def test_a_notice_for_some_families_is_read_by_them_alone_without_mail_too(
    service: "Service", family: Any, account_id: UUID, browser: Any
) -> None:
    notice_id = sent(service, FAMILIES)
    family.open(f"/notices/{notice_id}", 404)
    family.open(f"/notices/{uuid4()}", 404)
    meant_for(service, notice_id, account_id)
    assert family.open(f"/notices/{notice_id}").h1 == "日程が変わりました"
    assert "日程が変わりました" in family.open("/notices").text
    anybody = type(family)(browser(service.asgi, "http://127.0.0.1:8000"))
    assert "日程が変わりました" not in anybody.open("/notices").text
    assert anybody.open(f"/notices/{notice_id}").h1 == anybody.open(f"/notices/{uuid4()}").h1 == "ログイン"


def test_a_notice_cancelled_in_the_midst_says_so(service: "Service", family: Any) -> None:
    notice_id = sent(service, EVERYBODY)
    says(service, notice_id, NoticeCancelled(operator=UUID(int=3)))
    assert "このお知らせは、区が取り消しました" in family.open(f"/notices/{notice_id}").text


def test_before_its_time_a_notice_is_not_to_be_read(service: "Service", family: Any) -> None:
    notice_id = uuid4()
    released = NoticeReleased(on=service.ward.today(), window_minutes=30, operator=UUID(int=1))
    says(service, notice_id, EVERYBODY, NoticeApproved(draft="", operator=UUID(int=2)), released)
    family.open(f"/notices/{notice_id}", 404)


def told_at_home(family: Any) -> dict[str, str]:
    """The links of the part of home that tells what the ward told."""
    sections = [section for section in family.open("/").main.all("section") if section.get("aria-labelledby") == "news"]
    return {link.get("href"): link.text for section in sections for link in section.all("a")}


def test_home_tells_what_the_ward_told_lately(service: "Service", family: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    article_id, notice_id = published_article(service), sent(service, EVERYBODY)
    assert 0 < len(told_at_home(family)) <= 3
    monkeypatch.setattr(home, "_NEWS_SHOWN", 50)
    links = told_at_home(family)
    assert links[f"/notices/{notice_id}"] == "年末年始の窓口"
    assert links[f"/articles/{article_id}"] == "インフルエンザが増えています"
    assert "Closed over New Year" in family.open("/en/").text
    says(service, notice_id, NoticeCancelled(operator=UUID(int=1)))
    assert f"/notices/{notice_id}" not in told_at_home(family)


def test_home_tells_nothing_of_notices_for_other_families(
    service: "Service", family: Any, account_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "_NEWS_SHOWN", 50)
    notice_id = sent(service, FAMILIES)
    assert f"/notices/{notice_id}" not in told_at_home(family)
    meant_for(service, notice_id, account_id)
    assert told_at_home(family)[f"/notices/{notice_id}"] == "日程が変わりました"
