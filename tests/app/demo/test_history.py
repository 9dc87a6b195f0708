from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

import msgspec
import pytest
from typer.testing import CliRunner

from aggregates.account import state as account
from aggregates.account.registration import Terms
from aggregates.catalogue import CATALOGUE
from aggregates.child import state as child
from aggregates.child.facts import ChildRegistered, DoseRecorded, Setting, Sex
from aggregates.fact import UNSAVED, Recorded, Redacted, topic_of
from aggregates.household import state as household
from app.cli import cli
from app.demo.births import Span
from app.demo.history import History, Plan
from eventstore.keys import KeyStore
from eventstore.ward import Ward
from schedule.japan import load_edition

TODAY = date(2026, 11, 23)
TERMS = Terms("2026-04", "ab" * 32)
FOLDS: dict[str, tuple[Callable[[], Any], Callable[[Any, Any], Any]]] = {
    "account": (account.Account, account.evolve),
    "household": (household.Household, household.evolve),
    "child": (child.Child, child.evolve),
}


def plan(**changes: Any) -> Plan:
    return msgspec.structs.replace(Plan(300, 1, TODAY, TERMS), **changes)


@pytest.fixture(scope="module")
def ward_of_300() -> list[Recorded]:
    return list(History(plan()).facts())


@pytest.fixture(scope="module")
def children(ward_of_300: list[Recorded]) -> dict[UUID, child.Child]:
    """The children that were not erased, as folded."""
    folded: dict[UUID, child.Child] = defaultdict(child.Child)
    for recorded in ward_of_300:
        if topic_of(recorded.fact).startswith("child."):
            folded[recorded.originator_id] = child.evolve(folded[recorded.originator_id], recorded.fact)
    return {child_id: state for child_id, state in folded.items() if not state.erased}


def test_the_same_plan_tells_the_same_past(ward_of_300: list[Recorded]) -> None:
    assert list(History(plan()).facts()) == ward_of_300
    assert list(History(plan(seed=2)).facts()) != ward_of_300


def test_every_stream_is_numbered_from_one_and_folds(ward_of_300: list[Recorded]) -> None:
    versions: Counter[UUID] = Counter()
    states: dict[UUID, Any] = {}
    for recorded in ward_of_300:
        stream, kind = recorded.originator_id, topic_of(recorded.fact).partition(".")[0]
        versions[stream] += 1
        assert recorded.originator_version == versions[stream]
        if kind in FOLDS:
            initial, evolve = FOLDS[kind]
            states[stream] = evolve(states.get(stream) or initial(), recorded.fact)
            assert recorded.subject == stream
            assert recorded.partition is not None


def test_days_open_one_after_the_other_and_time_never_turns_back(ward_of_300: list[Recorded]) -> None:
    days = [recorded.fact.date for recorded in ward_of_300 if topic_of(recorded.fact) == "calendar.day_opened.v1"]  # type: ignore[union-attr]
    assert days[-1] == TODAY
    assert all((later - earlier).days == 1 for earlier, later in pairwise(days))
    assert all(earlier.recorded_at <= later.recorded_at for earlier, later in pairwise(ward_of_300))


def test_nearly_every_kind_of_fact_of_families_occurs(ward_of_300: list[Recorded]) -> None:
    told = {topic_of(recorded.fact) for recorded in ward_of_300}
    of_families = {topic for topic in CATALOGUE if topic.partition(".")[0] in FOLDS}
    assert len(told & of_families) > len(of_families) - 10


def test_nothing_impossible_is_recorded(ward_of_300: list[Recorded], children: dict[UUID, child.Child]) -> None:
    known = load_edition()
    for state in children.values():
        assert state.born_on is not None
        assert Span.until(TODAY).births <= state.born_on.toordinal() <= TODAY.toordinal()
        for dose in state.doses.values():
            assert dose.vaccine in known.products
            assert dose.given_on is None or state.born_on <= dose.given_on <= TODAY
        assert {code for visit in state.visits.values() for code in visit.series} <= set(known.series)


def of_born(children: dict[UUID, child.Child], first: date, last: date) -> list[child.Child]:
    return [state for state in children.values() if state.born_on is not None and first <= state.born_on <= last]


def share(states: list[child.Child], *vaccines: str) -> float:
    took = [state for state in states if any(dose.vaccine in vaccines for dose in state.doses.values())]
    return len(took) / len(states)


def test_uptake_is_as_in_life(children: dict[UUID, child.Child]) -> None:
    toddlers = of_born(children, date(2019, 1, 1), date(2024, 11, 1))
    assert 0.80 < share(toddlers, "MR") < 1.0
    assert 0.85 < share(toddlers, "PCV13", "PCV15", "PCV20") < 1.0
    assert 0.80 < share(toddlers, "HEPB") < 1.0
    teenagers = of_born(children, date(2010, 4, 2), date(2012, 4, 1))
    girls = [state for state in teenagers if state.sex is Sex.FEMALE]
    assert share([state for state in teenagers if state.sex is Sex.MALE], "HPV9") == 0
    assert 0.1 < share(girls, "HPV2", "HPV4", "HPV9") < 0.7
    assert share(teenagers, "HEPB") < 0.5


def test_products_are_those_that_were_to_be_had(children: dict[UUID, child.Child]) -> None:
    sold = {
        "PCV7": (date(2010, 2, 1), date(2013, 10, 31)),
        "PCV13": (date(2013, 11, 1), date(2024, 3, 31)),
        "PCV15": (date(2024, 4, 1), TODAY),
        "PCV20": (date(2024, 10, 1), TODAY),
        "DPT-IPV": (date(2012, 11, 1), date(2025, 7, 31)),
        "DPT-IPV-Hib": (date(2024, 4, 1), TODAY),
        "OPV": (date(2000, 1, 1), date(2012, 8, 31)),
        "HPV9": (date(2023, 4, 1), TODAY),
    }
    outside = []
    for state in children.values():
        for dose in state.doses.values():
            first, last = sold.get(dose.vaccine, (date.min, date.max))
            if dose.given_on and not first <= dose.given_on <= last:
                outside.append(dose)
    assert len(outside) <= 5, "only slips of the pen lie outside"


def test_what_was_not_free_then_was_paid_by_the_family(ward_of_300: list[Recorded]) -> None:
    doses = [recorded.fact for recorded in ward_of_300 if isinstance(recorded.fact, DoseRecorded)]
    early = [dose for dose in doses if dose.vaccine.startswith("ROTA") and dose.given_on and dose.given_on < date(2020, 9, 1)]
    assert early
    assert {dose.setting for dose in early} <= {Setting.SELF_PAID, Setting.ABROAD}


def test_a_log_that_is_not_empty_gets_no_days_of_the_past() -> None:
    facts = list(History(plan(families=5, opens_days=False)).facts())
    assert not any(topic_of(recorded.fact).startswith("calendar.") for recorded in facts)
    assert {recorded.recorded_at for recorded in facts} == {UNSAVED}


def test_the_command_fills_an_empty_ward_once(
    database: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, keys: KeyStore
) -> None:
    monkeypatch.setattr("app.day_opener.now_in_ward", lambda: datetime(2026, 11, 23, 12, tzinfo=UTC))
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("HAGUKUMI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("HAGUKUMI_KEK_FILE", str(tmp_path / "kek"))
    (tmp_path / "kek").write_text(bytes(range(32)).hex())
    fill = ["demo", "--families", "60", "--json"]
    made = CliRunner().invoke(cli, [*fill, "--until", "2026-11-22"])
    assert made.exit_code == 0
    tally = msgspec.json.decode(made.stdout)
    ward = Ward(database, keys)
    stored = ward.since(0, 100_000)
    assert (tally["families"], tally["facts"]) == (60, len(stored))
    assert ward.today() == date(2026, 11, 22)
    assert tally["children"] == sum(topic_of(recorded.fact) == "child.registered.v1" for recorded in stored)
    for subject in ward.erased_subjects():
        assert all(isinstance(recorded.fact, Redacted) for recorded in ward.history(subject))
    readable = [recorded.fact for recorded in stored if isinstance(recorded.fact, ChildRegistered)]
    assert len(readable) > 50
    refused = CliRunner().invoke(cli, fill)
    assert (refused.exit_code, "--add" in refused.stderr) == (1, True)
    assert CliRunner().invoke(cli, [*fill, "--add"]).exit_code == 2
    assert CliRunner().invoke(cli, [*fill, "--add", "--seed", "2"]).exit_code == 0
    assert ward.today() == date(2026, 11, 22)
    assert CliRunner().invoke(cli, [*fill, "--add", "--until", "2026-11-22"]).exit_code == 2
    ward.close()
