"""What was stored once can be read for ever, and nothing is stored that the ward did not allow."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin
from uuid import UUID, uuid4

import msgspec
import pytest

from aggregates import catalogue
from aggregates.account import state as account
from aggregates.article import state as article
from aggregates.catalogue import CATALOGUE, UPCASTERS, UnknownTopic, decode, encode
from aggregates.child import state as child
from aggregates.child.facts import DoseRecorded
from aggregates.dictionary import FIELDS, PERSONAL, Item, entry
from aggregates.edition import state as edition
from aggregates.events_page import page
from aggregates.fact import Fact, topic_of
from aggregates.household import state as household
from aggregates.inquiry import state as inquiry
from aggregates.notice import state as notice

GOLDEN = Path(__file__).parent / "golden"
SAMPLES = sorted((GOLDEN / "facts").glob("*.json"))
STREAMS: dict[str, tuple[Any, Callable[[Any, Any], Any]]] = {
    "account": (account.Account, account.evolve),
    "household": (household.Household, household.evolve),
    "child": (child.Child, child.evolve),
    "edition": (edition.Edition, edition.evolve),
    "article": (article.Article, article.evolve),
    "inquiry": (inquiry.Inquiry, inquiry.evolve),
    "notice": (notice.Notice, notice.evolve),
}

ALLOWED: dict[Item, set[str]] = {
    Item.HANDLE: {"handle"},
    Item.BIRTHDAY: {"born_on"},
    Item.SEX: {"sex"},
    Item.POSTAL_CODE: {"postal_code"},
    Item.EMAIL: {"address"},
    Item.INQUIRY: {"text"},
    Item.VACCINATION: {"given_on", "on", "reason", "reason_ended_on", "series", "setting", "until", "vaccine"},
    Item.CONSENT: {
        "address_version",
        "change",
        "checkups",
        "code_hash",
        "expires_on",
        "language",
        "notices",
        "on",
        "text_hash",
        "vaccinations",
        "version",
    },
}
"""The ward's closed list (document, section 6), field by field. Another name here is another permission of the ward."""
SCALARS = {str, int, bool, date, UUID, type(None)}


def sample_bodies(path: Path) -> list[bytes]:
    return [json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode() for body in json.loads(path.read_bytes())]


def fields() -> Iterator[tuple[str, msgspec.structs.FieldInfo]]:
    for topic, kind in CATALOGUE.items():
        for field in msgspec.structs.fields(kind):
            yield topic, field


def plain_types(kind: Any) -> Iterator[Any]:
    """The types that a field is made of, containers opened."""
    if get_origin(kind) in (UnionType, tuple):
        for inner in get_args(kind):
            yield from plain_types(inner)
    elif kind is not Ellipsis:
        yield kind


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_stored_version_is_still_read_and_means_the_same(path: Path) -> None:
    topic = path.stem
    for body in sample_bodies(path):
        fact = decode(topic, body)
        if topic in CATALOGUE:
            assert encode(fact) == body
        assert topic_of(fact) in CATALOGUE


def test_every_topic_ever_stored_has_a_sample() -> None:
    assert {path.stem for path in SAMPLES} == set(CATALOGUE) | set(UPCASTERS)


@pytest.mark.parametrize("name", STREAMS)
def test_a_stored_life_folds_to_the_same_state_for_ever(name: str) -> None:
    golden = json.loads((GOLDEN / "streams" / f"{name}.json").read_bytes())
    initial, evolve = STREAMS[name]
    state = initial()
    for body in golden["facts"]:
        state = evolve(state, decode(body["type"], json.dumps(body).encode()))
    folded = json.loads(msgspec.json.encode(msgspec.to_builtins(state, order="sorted", str_keys=True)))
    assert {name: folded.get(name) for name in golden["state"]} == golden["state"]


@pytest.mark.parametrize("name", STREAMS)
def test_every_fact_of_a_stream_occurs_in_its_golden_life(name: str) -> None:
    golden = json.loads((GOLDEN / "streams" / f"{name}.json").read_bytes())
    ends = {f"{name}.erased.v1"}
    topics = {topic for topic in {*CATALOGUE, *UPCASTERS} if topic.startswith(f"{name}.")}
    assert {body["type"] for body in golden["facts"]} == topics - ends


def test_topics_are_stable_names_with_a_version() -> None:
    for topic in CATALOGUE:
        stream, name, version = topic.split(".")
        assert stream.isidentifier()
        assert name.isidentifier()
        assert version.removeprefix("v").isdigit()


def test_an_old_topic_is_read_through_its_upcasters(monkeypatch: pytest.MonkeyPatch) -> None:
    def to_v0(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "type": "child.dose_recorded.v0", "visit_id": str(visit_id)}

    def to_v1(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "type": "child.dose_recorded.v1", "setting": "unknown"}

    dose_id, visit_id = uuid4(), uuid4()
    monkeypatch.setitem(catalogue.UPCASTERS, "child.dose_given", to_v0)
    monkeypatch.setitem(catalogue.UPCASTERS, "child.dose_recorded.v0", to_v1)
    old = json.dumps({"type": "child.dose_given", "dose_id": str(dose_id), "vaccine": "BCG", "given_on": "2015-06-12"})
    read = decode("child.dose_given", old.encode())
    assert isinstance(read, DoseRecorded)
    assert (read.dose_id, read.visit_id, read.given_on) == (dose_id, visit_id, date(2015, 6, 12))


def test_a_topic_of_a_newer_build_is_never_skipped() -> None:
    with pytest.raises(UnknownTopic):
        decode("child.dose_recorded.v99", b'{"type":"child.dose_recorded.v99"}')


def test_a_body_of_another_shape_is_never_read() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode("child.dose_recorded.v1", b'{"type":"child.dose_recorded.v1","dose_id":1}')


def test_every_field_falls_under_the_wards_closed_list_or_says_nothing_of_a_person() -> None:
    for topic, field in fields():
        item = entry(topic, field.name).item
        if item in PERSONAL:
            assert field.name in ALLOWED[item], f"{topic} {field.name}"


def test_the_list_allows_nothing_that_is_not_used() -> None:
    used = {(entry(topic, field.name).item, field.name) for topic, field in fields()}
    assert {(item, name) for item, names in ALLOWED.items() for name in names} <= used
    assert set(ALLOWED) == PERSONAL
    spoken_of = {field.name for _, field in fields()} | {f"{topic} {field.name}" for topic, field in fields()}
    assert set(FIELDS) <= spoken_of


def test_facts_hold_plain_values_and_codes_only() -> None:
    for topic, field in fields():
        for kind in plain_types(field.type):
            assert kind in SCALARS or issubclass(kind, Enum), f"{topic} {field.name}"


def test_facts_on_streams_that_are_not_encrypted_hold_nothing_personal() -> None:
    for topic, field in fields():
        if topic.partition(".")[0] in {"article", "calendar", "edition", "notice", "operation"}:
            assert entry(topic, field.name).item not in PERSONAL


def test_every_fact_says_what_it_means() -> None:
    for topic, kind in CATALOGUE.items():
        assert kind.__doc__, topic
        assert issubclass(kind, Fact)


def test_the_page_on_events_is_current() -> None:
    shown = Path(__file__).parents[2] / "docs" / "events.md"
    assert shown.read_text() == page(), "run: python -m aggregates.events_page > docs/events.md"
