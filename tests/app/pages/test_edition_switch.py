"""While an edition comes into force every page is of one edition, rows and words alike."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from projections.views import RecordView
from tests.app.editions import publish_edition

if TYPE_CHECKING:
    from app.service import Service

OLD = "2026年10月版", "BCG (tuberculosis) vaccine"
NEW = "2027年4月版", "BCG, freeze-dried"


@pytest.fixture
def service(own_service: "Service") -> "Service":
    """An edition is published here, so nobody shares it."""
    return own_service


@pytest.fixture
def printed(family: Any, today: date) -> str:
    """The address of a page that shows a dose by the name that the edition gives it."""
    page = family.open(family.open("/").link("/record/"))
    on = {"on_y": str(today.year), "on_m": str(today.month), "on_d": str(today.day)}
    family.submit(page, "/record/", other="BCG", **on)
    return str(family.open("/chart").link("/print/"))


def test_what_was_read_before_the_switch_is_shown_in_the_words_of_that_edition(
    service: "Service", family: Any, printed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = service.queries.records

    def read_just_before_the_switch(account_id: UUID) -> list[RecordView]:
        records = read(account_id)
        publish_edition(service, *zip(OLD, NEW, strict=True))
        service.queries.opened_day()  # another request has met the new generation
        return records

    monkeypatch.setattr(service.queries, "records", read_just_before_the_switch)
    page = family.open(printed)
    assert all(word in page.html for word in OLD)
    assert not any(word in page.html for word in NEW)
    monkeypatch.undo()
    page = family.open(printed)
    assert all(word in page.html for word in NEW)
    assert not any(word in page.html for word in OLD)
