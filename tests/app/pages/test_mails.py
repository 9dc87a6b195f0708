"""Why a mail came, and why not: told to the parent."""

import re
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import psycopg
import pytest

from commands.answer_inquiry import answer_inquiry
from notifier.assembly import current_schema, edition_of, ledger_pool
from notifier.ledger import Ledger
from notifier.planner import Planner
from notifier.rhythm import Rhythm
from tests.app.clock import NOON
from tests.app.pages.desk import catch_up
from tests.app.pages.mailbox import ENDS, mail_of_every_end

if TYPE_CHECKING:
    from app.service import Service


@pytest.fixture
def mailed(service: "Service", account_id: UUID) -> UUID:
    """One message for every end."""
    mail_of_every_end(service, account_id)
    return account_id


def test_every_end_of_a_mail_is_told_with_its_reason(family: Any, mailed: UUID) -> None:
    settings = family.open("/menu/mail")
    page = family.open(settings.link("/menu/mail/sent"))
    for _, _, _, words in ENDS.values():
        assert words in page.text


def test_it_is_told_in_english_too(family: Any, mailed: UUID) -> None:
    assert "Sent, but it came back" in family.open("/en/menu/mail/sent").text


def test_nobody_sees_the_mails_of_another(family: Any, mailed: UUID, service: "Service") -> None:
    with psycopg.connect(service.conninfo, autocommit=True) as connection:
        connection.execute("UPDATE mail.occasion SET account_id = gen_random_uuid() WHERE kind = 'visit_eve'")
    assert "届きませんでした" not in family.open("/menu/mail/sent").text


def sent_lines(page: Any) -> Any:
    (rows,) = page.main.all("ul", **{"class": "rows"})
    return rows.all("li")


def test_a_mail_that_was_sent_names_the_wish_it_follows_from(family: Any, mailed: UUID) -> None:
    (line,) = [line for line in sent_lines(family.open("/menu/mail/sent")) if "予定の当日" in line.text]
    assert "● 送りました" in line.text
    assert "「予防接種のお知らせ」を選んでいるためです" in line.text


def test_what_is_still_to_come_was_neither_sent_nor_left_out(family: Any, mailed: UUID, service: "Service", today: date) -> None:
    """The list of reminders reaches years ahead, and says of a check-up nobody wished for that it will not be told."""
    assert [row for row in service.queries.reminders(mailed, today) if row.withheld_reason and row.due_on > today]
    days = [time.get("datetime") for line in sent_lines(family.open("/menu/mail/sent")) for time in line.all("time")]
    assert days
    assert {day for day in days if day > today.isoformat()} == set()


def test_the_settings_say_when_mail_last_arrived(family: Any, account_id: UUID, mailed: UUID, today: date) -> None:
    page = family.open("/menu/mail")
    assert re.search(f"届いています。最後のメール：{today.month}月{today.day}日.*予定の当日のお知らせ", page.text)


def test_a_family_without_mail_reads_that_it_needs_none(family: Any) -> None:
    assert "メールがなくても、育みは使えます" in family.open("/menu/mail/sent").text


def test_customers_of_each_carrier_read_how_our_mail_comes_through(family: Any, service: "Service") -> None:
    domain = service.settings.mail_sender.rpartition("@")[2]
    carriers = {details.all("summary")[0].text: details for details in family.open("/menu/mail").main.all("details")}
    for name in ("docomo", "au", "SoftBank"):
        (details,) = [details for summary, details in carriers.items() if name in summary]
        assert domain in details.text


def test_a_confirmation_that_was_lost_is_sent_again(family: Any, service: "Service") -> None:
    family.submit(family.open("/menu/mail"), "/menu/mail", address="haha..22@docomo.ne.jp", wish=["vaccinations"])
    account = service.sessions.session_account(family.browser.cookies["session-on-loopback"])
    assert account
    page = family.submit(family.open("/menu/mail"), "/menu/mail/again")
    assert "確認のメールを送りました" in page.text
    family.submit(family.open(f"/mail/confirm/{service.confirmations.token(account, 2)}"), "/mail/confirm/")
    assert "/menu/mail/again" not in [form.get("action") for form in family.open("/menu/mail").forms()]


def test_that_the_ward_has_answered_is_told_by_mail_too(family: Any, account_id: UUID, service: "Service", today: date) -> None:
    page = family.submit(family.open("/inquiries/new"), "/inquiries/new", text="印刷できますか", attach="none")
    inquiry_id = UUID(page.address.rpartition("/")[2].partition("?")[0])
    answer_inquiry(service.ward, inquiry_id, "メニューにあります。", UUID(int=2), uuid4())
    catch_up(service)
    with ledger_pool(service.conninfo) as pool:
        Planner(Ledger(pool), current_schema, edition_of, Rhythm()).plan(today, NOON)
    (line,) = [line for line in sent_lines(family.open("/menu/mail/sent")) if "お問い合わせに返事がある" in line.text]
    assert "これから送ります" in line.text
    assert "「区からのお知らせ」を選んでいるためです" in line.text
