"""What a family was shown on a day, and what another edition says, over REST."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from aggregates.fact import Meta, Recorded
from aggregates.operation.facts import GenerationSwitched
from app.day_opener import JST
from app.past import BURST
from commands.draft_edition import draft_edition
from commands.edition_life import in_force
from commands.open_day import open_days
from commands.withdraw_edition import withdraw_edition
from schedule.japan.edition import CHIYODA, read_files
from tests.app.editions import APPROVER, DRAFTER, publish_edition

if TYPE_CHECKING:
    from app.service import Service


@pytest.fixture
def service(own_service: "Service") -> "Service":
    """Editions are published here, so nobody shares it."""
    return own_service


@pytest.fixture
def publish(service: "Service") -> Callable[[], str]:
    """Publishes an edition in which hepatitis B may be given up to two years of age; answers its hash."""
    return lambda: publish_edition(service, ('to = "1歳"', 'to = "2歳"'))


def next_day(service: "Service") -> date:
    day = service.ward.today() + timedelta(1)
    open_days(service.ward, day)
    assert service.queries.wait_for(service.ward.head())
    return day


def _unlike_the_shipped() -> dict[str, bytes]:
    return {name: content + b"\n" for name, content in read_files(CHIYODA).items()}


def given(guardian: Any, child: str, vaccine: str, on: date) -> None:
    dose = {"given_on": on.isoformat(), "doses": [{"dose_id": str(uuid4()), "vaccine": vaccine}]}
    guardian.do("PUT", f"{child}/visits/{uuid4()}", dose)


def test_a_past_day_is_answered_byte_for_byte(service: "Service", guardian: Any, publish: Callable[[], str]) -> None:
    day = service.ward.today()
    child = guardian.child(born_on=day - timedelta(300))
    given(guardian, child, "HEPB", day - timedelta(200))
    shown = guardian.ask("GET", f"{child}/schedule")
    later = next_day(service)
    given(guardian, child, "HEPB", later)
    before_publication = guardian.ask("GET", f"{child}/schedule")
    edition = publish()
    next_day(service)
    given(guardian, child, "BCG", later)
    now = guardian.ask("GET", f"{child}/schedule")
    assert now.json()["edition"] == edition != shown.json()["edition"]

    then = guardian.ask("GET", f"{child}/schedule?shown_on={day}")
    assert then.content == shown.content
    assert "Hagukumi-Engine-Changed" not in then.headers
    again = guardian.ask("GET", f"{child}/schedule?shown_on={day}", If_None_Match=then.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert guardian.ask("GET", f"{child}/schedule?shown_on={service.ward.today()}").content == now.content
    assert before_publication.json()["edition"] == shown.json()["edition"]


def test_another_edition_is_asked_with_what_is_known_now(service: "Service", guardian: Any, publish: Callable[[], str]) -> None:
    child = guardian.child(born_on=service.ward.today() - timedelta(400))
    old = guardian.ask("GET", f"{child}/schedule")
    edition = publish()
    assert guardian.ask("GET", f"{child}/schedule?edition={old.json()['edition']}").content == old.content
    assert guardian.ask("GET", f"{child}/schedule?edition={edition}").content == guardian.ask("GET", f"{child}/schedule").content


def test_what_cannot_be_asked_is_told_by_its_code(service: "Service", guardian: Any, other: Any) -> None:
    child, today = guardian.child(), service.ward.today()
    edition = guardian.get(f"{child}/schedule")["edition"]

    def code(query: str, who: Any = guardian) -> tuple[int, str]:
        response = who.ask("GET", f"{child}/schedule?{query}")
        return response.status_code, response.json()["code"]

    assert code(f"shown_on={today + timedelta(1)}") == (422, "day_in_future")
    assert code(f"shown_on={today - timedelta(1)}") == (422, "not_shown_then")
    assert code("shown_on=2026-02-30") == (422, "invalid_request")
    assert code(f"edition={'0' * 64}") == (422, "unknown_edition")
    assert code("edition=chiyoda") == (422, "invalid_request")
    assert code(f"shown_on={today}&edition={edition}") == (422, "as_of_ambiguous")
    assert code(f"shown_on={today}", other) == (404, "not_found")
    assert code(f"edition={edition}", other) == (404, "not_found")


def test_an_edition_that_was_never_shown_is_not_known(service: "Service", guardian: Any) -> None:
    edition = draft_edition(service.ward, _unlike_the_shipped(), DRAFTER)
    refused = guardian.ask("GET", f"{guardian.child()}/schedule?edition={edition}")
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_edition")


def test_a_repaired_engine_is_told(service: "Service", guardian: Any) -> None:
    child, today = guardian.child(), service.ward.today()
    switched = GenerationSwitched(generation=1, edition=service.edition.content_hash, engine="an older engine", head=1)
    service.ward.save(Recorded(uuid4(), 1, switched, Meta()))
    assert guardian.ask("GET", f"{child}/schedule?shown_on={today}").headers["Hagukumi-Engine-Changed"] == "?1"


def test_past_schedules_are_made_only_so_often(service: "Service", guardian: Any, other: Any) -> None:
    child, path = guardian.child(), f"schedule?shown_on={service.ward.today()}"
    asked = [guardian.ask("GET", f"{child}/{path}") for _ in range(BURST + 1)]
    assert [response.status_code for response in asked] == [200] * BURST + [429]
    assert asked[-1].json()["code"] == "too_many_pasts"
    assert int(asked[-1].headers["Retry-After"]) >= 1
    assert guardian.ask("GET", f"{child}/schedule").status_code == 200
    assert other.ask("GET", f"{other.child()}/{path}").status_code == 200


def test_the_editions_that_families_were_shown_are_listed_for_everybody(
    service: "Service", stranger: Any, publish: Callable[[], str]
) -> None:
    first, draft = in_force(service.ward), draft_edition(service.ward, _unlike_the_shipped(), DRAFTER)
    today = datetime.now(JST).date().isoformat()
    (before,) = stranger.get("/editions")
    assert (before["content_hash"], before["standing"], before["published_on"]) == (first, "in_force", [today])
    second = publish()
    both = stranger.get("/editions")
    assert [(one["content_hash"], one["standing"]) for one in both] == [(first, "replaced"), (second, "in_force")]
    withdraw_edition(service.ward, str(first), DRAFTER)
    answer = stranger.ask("GET", "/editions")
    assert [(one["standing"], one["withdrawn_on"]) for one in answer.json()] == [("withdrawn", today), ("in_force", None)]
    assert answer.headers["cache-control"] == "public, max-age=60"
    for hidden in (draft, str(DRAFTER), str(APPROVER)):
        assert hidden not in answer.text
