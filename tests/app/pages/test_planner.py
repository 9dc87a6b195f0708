"""The visit planner: what can be given on a day, what not and why, how days compare, and what moves."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from aggregates.child import visits
from app.pages.holidays import is_day_off
from commands.open_day import open_days

if TYPE_CHECKING:
    from app.service import Service
    from tests.app.pages.conftest import Document


def looked_at(family: Any, day: date) -> Any:
    return family.open(f"/plan?go-y={day.year}&go-m={day.month}&go-d={day.day}")


def box_of(page: "Document") -> str:
    return page.form("/plan", "post").all("input", type="checkbox")[0].get("name")


def barred(page: "Document") -> dict[str, str]:
    return {line.all("h3")[0].text: line.text for line in page.main.all("li") if line.all("h3")}


def test_nothing_is_said_of_later_days_until_something_is_ticked(family: Any, today: date) -> None:
    page = looked_at(family, today + timedelta(days=30))
    page = family.submit(page, "/plan", method="post", button="preview", **{box_of(page): []})
    assert "目安の日は変わりません" not in page.text
    assert "しるしを付けて、下のボタンを押すと" in page.text
    page = family.submit(page, "/plan", method="post", button="preview", **{box_of(page): ["BCG"]})
    assert "目安の日は変わりません" in page.text


def test_what_was_unticked_stays_unticked(family: Any, today: date) -> None:
    page = looked_at(family, today + timedelta(days=30))
    page = family.submit(page, "/plan", method="post", status=422, **{box_of(page): []})
    assert page.problems == ["受けるものを1つ以上えらんでください"]
    assert [e for e in page.main.all("input", type="checkbox") if "checked" in e.attributes] == []


def test_what_cannot_be_given_yet_says_from_when_and_why(family: Any, today: date) -> None:
    line = barred(looked_at(family, today + timedelta(days=30)))["水痘 1回目"]
    assert "から" in line
    assert "対象は生後12か月から生後36か月までです。" in line


def test_what_can_no_longer_be_given_says_until_when(family: Any, today: date) -> None:
    birthday = today - timedelta(days=228)
    page = looked_at(family, birthday.replace(year=birthday.year + 1) + timedelta(days=10))
    assert "無料は" in barred(page)["BCG"]


def test_what_is_put_off_says_so_and_no_day_that_has_passed(family: Any, today: date) -> None:
    page = family.open(family.open("/").link("/postpone"))
    until = today + timedelta(weeks=4)
    family.submit(page, "/postpone", button="save", reason="unwell", to=str(until))
    line = barred(looked_at(family, today + timedelta(days=7)))["BCG"]
    assert f"{until.month}月{until.day}日" in line
    assert "の予定" in line
    assert "から" not in line


def test_days_are_offered_as_links_that_clinics_are_open_on(family: Any, today: date) -> None:
    links = family.open("/plan").links("/plan?go-y=")
    days = [date(*(int(parse_qs(urlsplit(link).query)[f"go-{part}"][0]) for part in "ymd")) for link in links]
    assert len(days) == 3
    assert days == sorted(days)
    assert days[0] > today
    assert not any(is_day_off(day) for day in days)
    assert "に受けられるもの" in family.open(links[0]).text


def test_the_day_looked_at_is_compared_with_later_ones(family: Any, today: date) -> None:
    birthday = today - timedelta(days=228)
    last_free_day = birthday.replace(year=birthday.year + 1) - timedelta(days=1)
    page = looked_at(family, last_free_day)
    rows = page.main.all("table", **{"class": "cmp"})[-1].all("tbody")[0].all("tr")
    assert "いま見ている日" in rows[0].text
    assert "無料で受けられなくなります" not in rows[0].text
    assert "BCG、B型肝炎は、無料で受けられなくなります" in rows[1].text


def test_the_year_stands_there_already(family: Any, today: date) -> None:
    (year,) = family.open("/plan").main.all("input", id="go-y")
    assert year.get("value") == str(today.year)


def test_a_missed_visit_does_not_stand_in_the_way_of_a_new_one(service: "Service", family: Any, today: date) -> None:
    page = looked_at(family, today)
    family.submit(page, "/plan", method="post", **{box_of(page): ["BCG", "HEPB"]})
    open_days(service.ward, today + timedelta(days=1))
    service.queries.wait_for(service.ward.head())
    page = looked_at(family, today + timedelta(days=7))
    page = family.submit(page, "/plan", method="post", **{box_of(page): ["BCG"]})
    assert "に決めました" in page.text


def test_a_refusal_without_words_of_its_own_still_tells_its_figures(
    family: Any, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = looked_at(family, today + timedelta(days=7))
    monkeypatch.setattr(visits, "VISITS_MAX", 0)
    page = family.submit(page, "/plan", method="post", status=422, **{box_of(page): ["BCG"]})
    (problem,) = page.problems
    assert "0件まで" in problem


def test_a_day_to_postpone_to_says_what_is_over_by_then(family: Any) -> None:
    page = family.open(family.open("/").link("/postpone"))
    hints = [label.text for label in page.main.all("label") if "週間あと" in label.text]
    assert "おすすめの時期を過ぎます" not in hints[0]
    assert "BCGは、おすすめの時期を過ぎます" in hints[-1]
