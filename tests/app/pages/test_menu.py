"""The menu, and the help that stands in the same place on every page."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.app.pages.mailbox import mail_of_every_end

if TYPE_CHECKING:
    from uuid import UUID

    from app.service import Service


def footer(page: Any) -> Any:
    (found,) = page.root.all("footer")
    return found


def test_the_calendar_file_is_offered_where_there_is_something_in_it(family: Any, today: date) -> None:
    assert family.open("/menu").links("/calendar/") == []
    day = today + timedelta(days=5)
    page = family.submit(family.open("/plan"), "/plan", go_y=str(day.year), go_m=str(day.month), go_d=str(day.day))
    family.submit(page, "/plan", method="post")
    file = family.browser.get(family.open("/menu").link("/calendar/"))
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}" in file.text


@pytest.mark.parametrize("path", ["/", "/menu/mail", "/articles"])
def test_help_stands_at_the_foot_of_every_page(family: Any, stranger: Any, path: str) -> None:
    help_ = footer(family.open(path))
    assert "#8000" in help_.text
    assert "/inquiries" in [link.get("href") for link in help_.all("a")]


def test_the_paper_with_everything_says_why_each_mail_came(service: "Service", family: Any, account_id: "UUID") -> None:
    mail_of_every_end(service, account_id)
    paper = family.open("/menu/data/print")
    assert "送りました: 予定の当日のお知らせ はるちゃん" in paper.text
    assert "いらなくなったためです" in paper.text
