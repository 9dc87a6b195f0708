"""Parents look at what was shown on a day, and at what another edition says."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.pages.text import LANGUAGES
from app.past import BURST
from commands.open_day import open_days
from tests.app.editions import publish_edition

if TYPE_CHECKING:
    from app.service import Service

NEXT_EDITION = "2026年10月版", "2027年4月版"


@pytest.fixture
def service(own_service: "Service") -> "Service":
    """Days are opened and editions published here, so nobody shares it."""
    return own_service


def asked(family: Any, day: date, status: int = 200) -> Any:
    page = family.open(family.open("/chart").link("/past"))
    return family.submit(page, "/past", on_y=str(day.year), on_m=str(day.month), on_d=str(day.day), status=status)


def test_a_past_day_is_shown_as_it_was(service: "Service", family: Any, today: date) -> None:
    was = family.open("/chart")
    open_days(service.ward, today + timedelta(1))
    page = family.open(family.open("/").link("/record/"))
    family.submit(page, "/record/", other="BCG", on_y=str(today.year), on_m=str(today.month), on_d=str(today.day))
    publish_edition(service, NEXT_EDITION)
    now = family.open("/chart")
    page = asked(family, today)
    assert page.h1.endswith("に表示していたはるちゃんの予定")
    assert "これは過去の予定です" in page.text
    assert NEXT_EDITION[0] in page.text
    assert page.links("edition=")
    assert badges(page) == badges(was) != badges(now)


def badges(page: Any) -> dict[str, str]:
    """What stands beside the name of every series."""
    entries = [entry for shown in page.main.all("ul", **{"class": "vlist"}) for entry in shown.all("li")]
    return {(entry.all("h4") or entry.all("h3"))[0].text.strip(): entry.all("p")[0].text for entry in entries}


def test_another_edition_is_applied_to_what_is_known_now(service: "Service", family: Any) -> None:
    publish_edition(service, NEXT_EDITION)
    page = family.open(family.open("/chart").link("/past"))
    page = family.open(page.link("edition="))
    assert "これはいまの予定ではありません" in page.text
    assert NEXT_EDITION[0] in page.text
    assert badges(page) == badges(family.open("/chart"))


def test_what_cannot_be_shown_is_said_at_the_date(service: "Service", family: Any, today: date) -> None:
    assert "か、それより前の日" in asked(family, today + timedelta(1), 422).problems[0]
    assert "まだ予定がありませんでした" in asked(family, today - timedelta(1), 422).problems[0]
    page = family.open(family.open("/chart").link("/past"))
    assert family.submit(page, "/past", status=422).problems
    for _ in range(BURST):
        service.past._throttle.count(str(service.sessions.session_account(family.browser.cookies["session-on-loopback"])))
    assert "秒たってから" in asked(family, today, 422).problems[0]


def test_the_schedule_of_today_is_the_chart(family: Any, today: date) -> None:
    assert asked(family, today).h1 == family.open("/chart").h1


@pytest.mark.parametrize("tree", [language.prefix for language in LANGUAGES])
def test_every_language_tells_it(service: "Service", family: Any, today: date, tree: str) -> None:
    address = family.open("/chart").link("/past")
    family.open(f"{tree}{address}")
    day = f"{tree}{address}?on-y={today.year}&on-m={today.month}&on-d={today.day}"
    open_days(service.ward, today + timedelta(1))
    assert service.queries.wait_for(service.ward.head())
    publish_edition(service, NEXT_EDITION)
    assert f"{tree}{address}?edition=" in family.open(day).html


def test_another_family_sees_nothing(family: Any, service: "Service", browser: Any) -> None:
    address = family.open("/chart").link("/past")
    other = type(family)(browser(service.asgi, "http://127.0.0.1:8000", headers={"Origin": "http://127.0.0.1:8000"}))
    other.register()
    other.open(address, status=404)
