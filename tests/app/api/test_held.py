"""The export holds everything that is held: every kind of personal fact there is, and how it stands now."""

import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import msgspec
import pytest

from aggregates.catalogue import CATALOGUE, decode
from aggregates.dictionary import PERSONAL, entry
from aggregates.fact import Actor, Recorded, Role
from commands.reveal_subject import reveal

if TYPE_CHECKING:
    from app.service import Service

GOLDEN = Path(__file__).parents[2] / "aggregates" / "golden" / "facts"


def personal_topics() -> list[str]:
    """Every topic with a field that may say something of a person, but for the last fact of a stream."""
    kinds = [(topic, field.name) for topic, kind in CATALOGUE.items() for field in msgspec.structs.fields(kind)]
    found = {topic for topic, name in kinds if entry(topic, name).item in PERSONAL}
    return sorted(topic for topic in found if not topic.endswith(".erased.v1"))


@pytest.fixture
def service(own_service: "Service") -> "Service":
    """Facts are written here that no family could bring about."""
    return own_service


@pytest.fixture
def parent(guardian: Any) -> Any:
    guardian.child()
    guardian.do("PUT", "/account/email", {"address": "haru@example.jp"})
    guardian.do("PUT", f"/inquiries/{uuid4()}", {"text": "記録を印刷できますか"})
    return guardian


def test_every_kind_of_personal_fact_is_in_the_export(service: "Service", parent: Any) -> None:
    """Each golden sample is written on a stream of this family, sealed as its kind is, and must come back word for word."""
    child_id = UUID(parent.get("/children")[0]["child_id"])
    streams = {"account": parent.account_id, "household": parent.household_id, "child": child_id}
    subjects = defaultdict(lambda: parent.account_id, streams) | {"answer": child_id}
    wanted: dict[str, Any] = {}
    for topic in personal_topics():
        [body, *_] = json.loads((GOLDEN / f"{topic}.json").read_text())
        wanted[topic] = body
        subject = subjects[topic.partition(".")[0]]
        fact = decode(topic, json.dumps(body).encode())
        service.ward.save(Recorded(uuid4(), 1, fact, subject=subject))
    exported = parent.get("/account/export")
    told = [fact["body"] for fact in exported["facts"]]
    assert [topic for topic, body in wanted.items() if body not in told] == []


def test_the_list_of_personal_facts_is_not_empty() -> None:
    assert {"account.registered.v1", "child.dose_recorded.v1", "inquiry.opened.v1"} <= set(personal_topics())


def test_the_export_says_how_things_stand(service: "Service", parent: Any) -> None:
    [child] = parent.get("/children")
    reveal(service.ward, [UUID(child["child_id"])], "inquiry", Actor(UUID(int=7), Role.STAFF))
    service.queries.wait_for(service.ward.head())
    held = parent.get("/account/export")
    account = held["account"]
    assert (account["handle"], account["postal_code"], account["email"]) == ("はるママ", "1020074", "haru@example.jp")
    assert account["login_id"] == parent.registered["login_id"]
    [kept] = held["children"]
    assert (kept["profile"]["handle"], kept["profile"]["born_on"], kept["profile"]["sex"]) == ("はる", "2026-04-10", "F")
    assert held["inquiries"][0]["messages"][0]["text"] == "記録を印刷できますか"
    assert [(view["role"], view["purpose"]) for view in held["staff_views"]] == [("staff", "inquiry")]


def test_the_other_guardian_and_other_families_are_not_in_it(parent: Any, other: Any) -> None:
    other.do("PUT", f"/inquiries/{uuid4()}", {"text": "ひみつ"})
    exported = json.dumps(parent.get("/account/export"), ensure_ascii=False)
    assert "ひみつ" not in exported
    assert str(other.account_id) not in exported


def test_nobody_else_gets_it(stranger: Any) -> None:
    assert stranger.ask("GET", "/account/export").status_code == 401
